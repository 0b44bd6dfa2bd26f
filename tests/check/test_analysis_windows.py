"""How long audio is divided: every sentence is judged once, and its sound is there."""

from __future__ import annotations

import random
from itertools import pairwise
from math import inf

from hypothesis import given
from hypothesis import strategies as st

from hakawati.check.analysis_windows import LONGEST, plan_windows
from hakawati.check.forced_alignment import ExpectedSentence
from hakawati.check.overlay_sentences import OverlayClip, OverlaySentence
from hakawati.check.overlays import MediaOverlay, ParElement
from hakawati.model import SAMPLE_RATE

OVERLAY = MediaOverlay("o", "o.smil", "chapter", ())


def line(audio: str, begin: float, end: float, *, starts: bool = True) -> OverlaySentence:
    clip = OverlayClip(OVERLAY, ParElement("t.xhtml", "x", audio, begin, end, (), 1), None, (0, 0))
    return OverlaySentence(ExpectedSentence("ar", "x", ((0, 1),)), ((0, clip),) if starts else (), clip, clip)


@st.composite
def files(draw: st.DrawFn) -> list[tuple[str, list[OverlaySentence]]]:
    made = []
    for n in range(draw(st.integers(1, 4))):
        at = draw(st.floats(0, 100))
        of_file: list[OverlaySentence] = []
        for _ in range(draw(st.integers(0, 60))):
            end = at + draw(st.floats(0.1, 60))
            starts = not of_file or draw(st.booleans())
            of_file.append(line(f"{n}.mp3", at, end, starts=starts))
            at = end + draw(st.sampled_from([0, 0, 0, 0.5, 100]))
        made.append((f"{n}.mp3", of_file))
    return made


@given(files())
def test_every_sentence_is_judged_once_and_its_sound_is_there(
    made: list[tuple[str, list[OverlaySentence]]],
) -> None:
    windows = plan_windows(made)
    judged = [one for window in windows for part in window.excerpts for one, here in part.sentences if here]
    assert judged == [one for _, of_file in made for one in of_file]
    for part in (part for window in windows for part in window.excerpts):
        for one, _ in part.sentences:
            assert any(begin <= one.begin and one.last_clip.end <= end for begin, end in part.stretches)
        assert all(a[1] < b[0] for a, b in pairwise(part.stretches))


@given(files())
def test_what_is_judged_tiles_each_file(made: list[tuple[str, list[OverlaySentence]]]) -> None:
    windows = plan_windows(made)
    for audio, of_file in made:
        spans = [p.span for window in windows for p in window.excerpts if p.audio == audio]
        assert bool(spans) == bool(of_file)
        if spans:
            assert (spans[0][0], spans[-1][1]) == (0, inf)
            assert all(a[1] == b[0] for a, b in pairwise(spans))


def test_an_hour_is_heard_in_pieces_of_minutes() -> None:
    windows = plan_windows([("a.mp3", [line("a.mp3", n * 5, n * 5 + 5) for n in range(720)])])
    assert len(windows) == 12
    assert all(part.end - part.stretches[0][0] < LONGEST + 40 for w in windows[:-1] for part in w.excerpts)


def test_samples_of_a_window_are_places_in_its_files() -> None:
    (window,) = plan_windows([("a.mp3", [line("a.mp3", 20, 25)]), ("b.mp3", [line("b.mp3", 1, 9)])])
    chance = random.Random(1)
    for part in window.excerpts:
        at = 0
        while at < 30 * SAMPLE_RATE:
            size = chance.randrange(1, 100_000)
            part.take(at, bytes(2 * size))
            at += size
    clock = window.sample_map()
    assert clock.locate(0) == ("a.mp3", 5)
    assert clock.locate(SAMPLE_RATE) == ("a.mp3", 6)
    first = round((30 - 5) * SAMPLE_RATE)
    assert sum(map(len, window.sound())) > 2 * first
    first = sum(len(pcm) for _, pcm in window.excerpts[0].pcm) // 2
    assert clock.locate(first + 2 * SAMPLE_RATE) == ("b.mp3", 2)
    ((at_, pcm),) = window.excerpts[1].between(1.0, 1.001)
    assert (at_, len(pcm)) == (1, 48)
