from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.model import SAMPLE_RATE, Clip, SpokenSentence, seconds
from hakawati.narration.mp3 import FRAME_SAMPLES, LEAD_IN, frame_bytes, silence
from hakawati.narration.reading_order import Cue
from hakawati.narration.timeline import Joiner, timeline
from tests.narration.making import in_text, sentence


def clip(count: int, samples: int, *onsets: int) -> Clip:
    return Clip(b"\xff" * (192 * count), samples, (SpokenSentence("said", onsets or (0,)),))


def cue(*words: str, pause: int = 0) -> Cue:
    one = sentence(" ".join(words), *words)
    return Cue(one, in_text(one), pause, within="t1")


def test_the_first_clips_sound_begins_behind_its_lead_in() -> None:
    placed = Joiner(64).place(clip(10, 4000, 0, 1000), 0)
    assert placed.sentences[0].onsets == (LEAD_IN, LEAD_IN + 1000)
    assert placed.stream == b"\xff" * 1920


def test_the_next_clip_begins_where_the_one_before_and_its_pause_end() -> None:
    joiner = Joiner(64)
    first = joiner.place(clip(10, 4000), 500)
    assert joiner.frames == len(first.stream) // frame_bytes(64)
    silent = joiner.frames - 10
    assert first.stream[1920:] == silence(64) * silent
    second = joiner.place(clip(5, 1000, 7), 0)
    assert second.sentences[0].onsets == (joiner.frames * FRAME_SAMPLES - 5 * FRAME_SAMPLES + LEAD_IN + 7,)


@pytest.mark.parametrize("pause", [0, 10, 69, 70, 100, 350, 700, 1000, 5000])
def test_a_pause_is_as_long_as_was_asked_for_to_half_a_frame_but_not_shorter_than_the_encoders(
    pause: int,
) -> None:
    joiner = Joiner(64)
    joiner.place(clip(10, 4000), pause)
    gap = joiner.frames * FRAME_SAMPLES + LEAD_IN - (LEAD_IN + 4000)
    least = 10 * FRAME_SAMPLES - 4000
    assert gap == least or abs(gap - pause * SAMPLE_RATE // 1000) <= FRAME_SAMPLES // 2
    assert gap >= least


@pytest.mark.parametrize(("repeat", "expected"), [(0.0, 12000), (0.5, 12000), (1.5, 36000), (3.0, 72000)])
def test_a_pause_to_repeat_is_as_long_as_the_sentence_times_its_factor(repeat: float, expected: int) -> None:
    joiner = Joiner(64)
    joiner.place(clip(45, 24000), 500, repeat)
    gap = joiner.frames * FRAME_SAMPLES - 24000
    assert abs(gap - expected) <= FRAME_SAMPLES // 2


def test_sentences_begin_with_their_first_word_and_end_where_the_next_begins() -> None:
    cues = [cue("a", "b"), cue("c"), cue("d", "e")]
    told = timeline(
        cues,
        [
            SpokenSentence("A", (1105, 2000)),
            SpokenSentence("B", (9000,)),
            SpokenSentence("C", (12000, 13000)),
        ],
        40,
    )
    assert told.duration == 40 * FRAME_SAMPLES
    assert [(s.begin, s.end) for s in told.sentences] == [(0, 9000), (9000, 12000), (12000, told.duration)]
    assert [s.words for s in told.sentences] == [(0, 2000), (9000,), (12000, 13000)]
    assert [s.spoken for s in told.sentences] == ["A", "B", "C"]
    assert [s.sentence for s in told.sentences] == [c.sentence for c in cues]
    assert {(s.within, s.lang) for s in told.sentences} == {("t1", "ar")}


def test_a_chapter_without_a_sentence_is_an_empty_timeline() -> None:
    assert timeline([], [], 3).sentences == ()


def test_a_sentence_that_was_not_read_has_no_time() -> None:
    cues = [cue("a"), cue("b", "c"), cue("d")]
    told = timeline(
        cues, [SpokenSentence("A", (1105,)), SpokenSentence("B", (), 0.1), SpokenSentence("D", (5000,))], 20
    )
    assert [(s.spoken, s.begin, s.end) for s in told.sentences] == [("A", 0, 5000), ("D", 5000, 20 * 576)]


def test_what_does_not_belong_together_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        timeline([cue("a")], [], 10)


@given(st.lists(st.tuples(st.integers(3, 200), st.integers(0, 5000)), min_size=1, max_size=30))
def test_joined_clips_tile_their_chapter(sizes: list[tuple[int, int]]) -> None:
    joiner = Joiner(64)
    placed, cues = [], []
    for count, pause in sizes:
        samples = count * FRAME_SAMPLES - 2 * FRAME_SAMPLES
        placed.append(joiner.place(clip(count, samples, 0, samples // 2), pause))
        cues.append(cue("a", "b", pause=pause))
    assert sum(len(p.stream) for p in placed) == joiner.frames * frame_bytes(64)
    told = timeline(cues, [p.sentences[0] for p in placed], joiner.frames)
    assert told.sentences[0].begin == 0
    assert told.sentences[-1].end == told.duration == joiner.frames * FRAME_SAMPLES
    assert all(a.end == b.begin for a, b in pairwise(told.sentences))
    assert all(a.begin < a.words[1] < a.end for a in told.sentences)


@pytest.mark.parametrize(
    ("samples", "expected"), [(0, 0.0), (24_000, 1.0), (11, 0.0), (12, 0.001), (36, 0.002), (1105, 0.046)]
)
def test_seconds_are_rounded_to_the_millisecond_half_up(samples: int, expected: float) -> None:
    assert seconds(samples) == expected
