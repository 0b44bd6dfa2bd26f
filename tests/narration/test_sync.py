"""Sync as a listener hears it: found in the decoded MP3, not in our own arithmetic."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from hakawati.arabic.vowels import diacritize
from hakawati.common.store import Store
from hakawati.model import (
    SAMPLE_RATE,
    Audio,
    Book,
    NoProgress,
    Pauses,
    Sentence,
    Speech,
    SpokenSentence,
    Text,
    Timeline,
    Utterance,
)
from hakawati.narration.clip_library import ClipLibrary
from hakawati.narration.dispatcher import Dispatcher
from hakawati.narration.mp3 import FRAME_SAMPLES
from hakawati.narration.reading_order import Cue, reading_order
from hakawati.narration.spoken_form import SpokenForm, prepare, vocalise
from hakawati.narration.timeline import Joiner, timeline
from hakawati.source.folder import read_book
from hakawati.voices.espeak import Espeak
from tests.narration.hearing import Samples, decode, from_pcm, locate, resample

ROOT = Path(__file__).parents[2]
VOICES = {"ar": Espeak("ar"), "en": Espeak("en-us")}
HOUR = 3600 * SAMPLE_RATE
MS = SAMPLE_RATE / 1000


@dataclass(frozen=True)
class Told:
    """A chapter as it is heard, and when its sentences are said to be."""

    cues: Sequence[Cue]
    timeline: Timeline
    sound: Samples


def tell(cues: Sequence[Cue], folder: Path) -> Told:
    """The chapter as a build makes it, the clips in worker processes."""
    place = ClipLibrary(Store(folder), VOICES, Audio(), Pauses())
    requests = [place.request(prepare(cue.sentence, cue.text, cue.text.lang)) for cue in cues]
    Dispatcher(2).run(place, list(place.missing(requests).values()), NoProgress())
    joiner, stream = Joiner(64), bytearray()
    said: list[SpokenSentence] = []
    for cue, request in zip(cues, requests, strict=True):
        clip = place.clip(request)
        assert clip is not None
        placed = joiner.place(clip, cue.pause)
        stream += placed.stream
        said += placed.sentences
    return Told(cues, timeline(cues, said, joiner.frames), decode(bytes(stream)).astype(np.float32))


@dataclass(frozen=True)
class Alone:
    """A sentence synthesised by itself: its sound at 24 kHz, and the engine's onset of each of its words."""

    sound: Samples
    onsets: dict[int, float]


def alone(cue: Cue) -> Alone:
    said: Utterance = prepare(cue.sentence, cue.text, cue.text.lang)
    spoken = vocalise(said, diacritize)
    speech = VOICES[cue.text.lang].speak(spoken.text)
    sound = resample(from_pcm(speech.pcm), speech.rate)
    return Alone(sound[: 6 * SAMPLE_RATE], engine_onsets(spoken, speech))


def engine_onsets(spoken: SpokenForm, speech: Speech) -> dict[int, float]:
    """In samples at 24 kHz, for the words that have one."""
    onsets: dict[int, float] = {}
    for offset, sample in speech.onsets:
        for i, word in enumerate(spoken.words):
            if word.begin <= offset < word.end:
                onsets.setdefault(i, sample * SAMPLE_RATE / speech.rate)
    return onsets


def heard(told: Told, index: int, single: Alone, window: float) -> float:
    """Where the sentence's sound begins, looked for within so many seconds of the place where it should."""
    timed = told.timeline.sentences[index]
    # The first sentence's time begins with the chapter, and its sound somewhat later.
    expected = timed.begin - (single.onsets.get(0, 0.0) if index else 0.0)
    begin = max(0, round(expected - window * SAMPLE_RATE))
    end = round(expected + window * SAMPLE_RATE) + len(single.sound)
    at, likeness = locate(told.sound[begin:end].astype(np.float64), single.sound)
    assert likeness > 0.9, timed.spoken
    return float(begin + at)


def check_tiling(told: Told) -> None:
    sentences = told.timeline.sentences
    assert told.timeline.duration == len(told.sound)
    assert told.timeline.duration % FRAME_SAMPLES == 0
    assert sentences[0].begin == 0
    assert sentences[-1].end == told.timeline.duration
    assert all(a.end == b.begin for a, b in pairwise(sentences))
    for cue, timed in zip(told.cues, sentences, strict=True):
        assert len(timed.words) == len(cue.sentence.words)
        assert timed.words[0] == timed.begin
        edges = [*timed.words, timed.end]
        assert all(b - a >= SAMPLE_RATE // 1000 for a, b in pairwise(edges))


def errors(told: Told, singles: Sequence[Alone], wide: int) -> list[float]:
    """For every sentence, in milliseconds: what the timeline says, less what is heard.

    Every word of it is checked on the way. Every `wide`-th is looked for in ten seconds to either side.
    """
    found = []
    for i, (timed, single) in enumerate(zip(told.timeline.sentences, singles, strict=True)):
        begin = heard(told, i, single, 10 if i % wide == 0 else 0.5)
        for j, onset in single.onsets.items():
            if i or j:
                assert abs(timed.words[j] - begin - onset) <= MS, (timed.spoken, j)
        first = min(single.onsets)
        if i or first:
            found.append((timed.words[first] - begin - single.onsets[first]) / MS)
    return found


@pytest.fixture(scope="module")
def book() -> Book:
    return read_book(ROOT)


@pytest.mark.parametrize("languages", [("ar",), ("ar", "en")])
def test_every_sentence_and_word_of_the_first_chapter_is_heard_when_the_timeline_says(
    book: Book, tmp_path: Path, languages: tuple[str, ...]
) -> None:
    cues = reading_order(book.chapters[0], replace(book.edition.narration, languages=languages))
    told = tell(cues, tmp_path)
    check_tiling(told)
    singles = [alone(cue) for cue in cues]
    found = errors(told, singles, wide=2)
    assert len(found) >= len(cues) - 1
    assert max(map(abs, found)) <= 15


def varied(book: Book, count: int) -> list[tuple[Sentence, Text]]:
    """Sentences of the book in both its languages, spread over all of it."""
    every = [
        (s, t)
        for chapter in book.chapters
        for t in chapter.texts()
        for s in t.sentences
        if 4 <= len(s.words) <= 60
    ]
    return every[:: len(every) // count][:count]


def test_an_hour_is_in_sync_from_its_beginning_to_its_end(book: Book, tmp_path: Path) -> None:
    sentences = varied(book, 60)
    random_ = random.Random(1944)
    singles = [alone(Cue(s, t, 0)) for s, t in sentences]
    order: list[int] = []
    cues: list[Cue] = []
    length = 0.0
    place = {i: vocalised_length(s, t) for i, (s, t) in enumerate(sentences)}
    while length < 3600:
        for i in random_.sample(range(len(sentences)), len(sentences)):
            cues.append(Cue(*sentences[i], random_.randrange(0, 1500)))
            order.append(i)
            length += place[i] + cues[-1].pause / 1000
    told = tell(cues, tmp_path)
    assert len(told.sound) > HOUR
    check_tiling(told)
    found = errors(told, [singles[i] for i in order], wide=50)
    assert len(found) >= len(cues) - 1
    assert max(map(abs, found)) <= 15
    tenth = len(found) // 10
    assert abs(np.mean(found[:tenth]) - np.mean(found[-tenth:])) <= 2


def vocalised_length(sentence: Sentence, text: Text) -> float:
    """Seconds."""
    speech = VOICES[text.lang].speak(vocalise(prepare(sentence, text, text.lang), diacritize).text)
    return len(speech.pcm) / 2 / speech.rate
