"""A chapter's MP3 in Chromium's `<audio>`: how long it is, and what is heard after a seek.

What is played is caught and found again in the decoded file, to the sample.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from hakawati.listening.id3 import tag
from hakawati.model import SAMPLE_RATE, Audio, Clip, milliseconds
from hakawati.narration.synthesis import synthesise
from hakawati.narration.timeline import Joiner
from hakawati.voices.espeak import Espeak
from tests.chromium import chromium
from tests.listening.test_id3 import ALBUM, CHAPTER, TIMELINE
from tests.narration.hearing import Samples, decode, locate
from tests.narration.making import utterance
from tests.web.served import served

MS = SAMPLE_RATE / 1000
FRAME = 24
"""Milliseconds."""
MINUTES = (5, 15)
TEXT = """The sun rose over the river, and the bakers of the old town carried their bread to the market.
Nobody had slept. A boy ran from house to house, knocking at every door, and shouted that the bridge
was open again! How long had they waited for this morning? Three summers, two winters, and a spring
without rain; the oldest among them could not remember a worse time. Yet there it stood, black and
wet, as if it had never been away. Then the first cart rolled over its stones, slowly, with a noise
like thunder, while the women on the other bank waved their scarves and sang. What they sang was an
old song, older than the bridge itself, which told of a ferryman who would take no money from the
poor. His boat, it said, was made of a single tree."""


@dataclass(frozen=True)
class Sound:
    """A chapter's MP3, decoded."""

    file: Path
    samples: Samples
    moments: Sequence[int]
    """When ten words begin, all over it, in milliseconds: inside of sentences, so that much is heard then."""


@cache
def clips() -> Sequence[Clip]:
    voice = Espeak("en-us")
    return [synthesise(utterance(one), voice, Audio(), 0) for one in re.split(r"(?<=[.!?])\s+", TEXT)]


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Mapping[int, Sound]:
    """The text over and over, for so many minutes, with a tag as every chapter has one."""
    folder = tmp_path_factory.mktemp("sounds")
    script = Path(__file__).with_name("tap.js").read_text()
    (folder / "index.html").write_text(f"<!doctype html><audio></audio><script>{script}</script>")
    found = {}
    for minutes in MINUTES:
        joiner, stream = Joiner(64), bytearray()
        onsets: list[int] = []
        while joiner.seconds < minutes * 60:
            for clip in clips():
                placed = joiner.place(clip, 350)
                stream += placed.stream
                onsets.append(milliseconds(placed.sentences[0].onsets[1]))
        file = folder / f"{minutes}.mp3"
        file.write_bytes(tag(replace(ALBUM, cover=bytes(50_000)), CHAPTER, TIMELINE, 1, ()) + stream)
        moments = [onsets[n * len(onsets) // 10] for n in range(10)]
        found[minutes] = Sound(file, decode(bytes(stream)), moments)
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module", params=MINUTES)
def playing(
    request: pytest.FixtureRequest, browser: Browser, sounds: Mapping[int, Sound]
) -> Iterator[tuple[Sound, Page, float]]:
    """A chapter, a page that plays it, and how long it takes it to be."""
    sound = sounds[request.param]
    with served(sound.file.parent) as address:
        page = browser.new_page()
        page.goto(f"{address}/index.html")
        yield sound, page, page.evaluate("load", sound.file.name)
        page.close()


@dataclass(frozen=True)
class Heard:
    """After a seek to a moment, in milliseconds."""

    late: float
    """How much later in the file what is heard is than the element's clock says it is."""
    lost: float
    """From the moment on, how long what is heard is not yet what stands there."""


def hear(sound: Sound, page: Page, at: float, moment: int) -> Heard:
    """Seek to `at`, and listen from `moment` on; again where a busy machine let the sound stall."""
    for _ in range(5):
        told = page.evaluate("([second, ms]) => hear(second, ms)", [at / 1000, 750])
        caught = np.array(told["samples"])
        begin = int(np.flatnonzero(np.abs(caught) > 1e-4)[0]) + SAMPLE_RATE // 8
        known = caught[begin : begin + SAMPLE_RATE * 2 // 5]
        lowest = max(0, round((at - 200) * MS))
        found, likeness = locate(sound.samples[lowest : round((at + 1200) * MS)], known)
        if told["whole"] and likeness > 0.999:
            break
    else:
        raise AssertionError(f"what is heard after a seek to {at} ms is nowhere near in the file: {likeness}")
    shift = lowest + found - begin
    late = median((frame + shift) / MS - second * 1000 for frame, second in told["clock"][5:])
    first = round(moment * MS)
    wrong = np.abs(caught[first - shift : begin] - sound.samples[first : begin + shift]) > 1e-3
    return Heard(late, float(np.flatnonzero(wrong)[-1] + 1) / MS if wrong.any() else 0.0)


def test_it_is_as_long_as_it_is(playing: tuple[Sound, Page, float]) -> None:
    sound, _, duration = playing
    assert duration == pytest.approx(len(sound.samples) / SAMPLE_RATE, abs=0.0005)


def test_a_seek_leads_to_the_frame_of_its_moment_wherever_that_is(playing: tuple[Sound, Page, float]) -> None:
    """The clock says the moment, but what is heard begins with its frame, up to 24 ms earlier; no drift.

    Of that frame and the next ones the decoder lacks what earlier frames hold for them, and is silent.
    """
    sound, page, _ = playing
    for moment in sound.moments:
        heard = hear(sound, page, moment, moment)
        assert heard.late == pytest.approx(-(moment % FRAME), abs=3), moment
        assert heard.lost < 4 * FRAME, moment


def test_one_to_the_beginning_of_a_frame_three_earlier_loses_nothing_and_the_clock_is_right(
    playing: tuple[Sound, Page, float],
) -> None:
    sound, page, _ = playing
    for moment in sound.moments[::2]:
        heard = hear(sound, page, (moment // FRAME - 3) * FRAME + 0.5, moment)
        assert abs(heard.late) < 3, moment
        assert heard.lost == 0, moment
