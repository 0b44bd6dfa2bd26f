"""Recorded chapters: what is cut, levelled and encoded, and where its sentences are said to be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pytest

from hakawati.model import SAMPLE_RATE, Audio, SentenceSpan, Utterance, VoiceError
from hakawati.narration.clip import CLIP
from hakawati.narration.mp3 import LEAD_IN
from hakawati.narration.recording_task import RecordingTask, clips_of
from hakawati.narration.synthesis import Failure
from tests.narration.hearing import (
    Samples,
    begins,
    decode,
    from_pcm,
    locate,
    loudness,
    noise,
    peak,
    to_pcm,
)
from tests.narration.making import utterance


@dataclass(frozen=True)
class Reader:
    """Reads each sentence as a burst of its own, and knows when; a sentence of `skipped` not at all."""

    sound_: bytes
    begins: tuple[int | None, ...]
    ends: tuple[int, ...]
    extras: tuple[tuple[int, int], ...] = ()
    key: str = "reader"
    path: str = "book/recordings/en/01.wav"
    credit: str = "Scheherazade"

    def sound(self) -> Iterator[bytes]:
        for at in range(0, len(self.sound_), 20_002):
            yield self.sound_[at : at + 20_002]

    def align(
        self, sound: Iterable[bytes], texts: Iterable[str]
    ) -> tuple[list[SentenceSpan], list[tuple[int, int]]]:
        assert b"".join(sound) == self.sound_
        found = []
        for text, begin, end in zip(texts, self.begins, self.ends, strict=True):
            words = [i for i, c in enumerate(" " + text) if c == " "]
            if begin is None:
                found.append(SentenceSpan(0, end, (), 0.2, False))
                continue
            step = (end - begin) // len(words)
            marks = tuple((offset, begin + n * step) for n, offset in enumerate(words))
            found.append(SentenceSpan(begin, end, marks, 0.9, True))
        return found, list(self.extras)


SENTENCES = ("one two three", "four five", "six", "seven eight nine ten")


def reader(skipped: Sequence[int] = (), *, lead: float = 0.5, scale: float = 0.1) -> tuple[Reader, Samples]:
    """The reader, and her sound."""
    pieces = [np.zeros(round(lead * SAMPLE_RATE))]
    begins: list[int | None] = []
    ends = []
    for n, text in enumerate(SENTENCES):
        at = sum(map(len, pieces))
        if n not in skipped:
            pieces += [noise(n, 0.3 * len(text.split())) * scale, np.zeros(SAMPLE_RATE // 4)]
        begins.append(None if n in skipped else at)
        ends.append(sum(map(len, pieces)))
    sound = from_pcm(to_pcm(np.concatenate(pieces)))
    return Reader(to_pcm(sound), tuple(begins), tuple(ends)), sound


def utterances() -> tuple[Utterance, ...]:
    return tuple(utterance(text, line=n) for n, text in enumerate(SENTENCES, start=1))


def task(recording: Reader, begins: Sequence[int] = (0,), loudness_: float = -20) -> RecordingTask:
    return RecordingTask(recording, utterances(), tuple(begins), Audio(loudness=loudness_))


def test_a_recording_is_one_clip_as_long_as_it_is() -> None:
    recording, sound = reader()
    (clip,) = clips_of(task(recording))
    assert clip.samples == len(sound)
    assert [said.spoken for said in clip.sentences] == list(SENTENCES)
    heard = decode(clip.frames)[LEAD_IN : LEAD_IN + len(sound)]
    for said, text in zip(clip.sentences, SENTENCES, strict=True):
        begin = said.onsets[0]
        burst = sound[begin : begin + 4000]
        at, likeness = locate(heard[begin - 500 : begin + 4500], burst)
        assert (at, likeness > 0.97) == (500, True), text


def test_every_word_of_a_sentence_that_is_read_has_its_onset() -> None:
    recording, _ = reader()
    (clip,) = clips_of(task(recording))
    assert [len(said.onsets) for said in clip.sentences] == [len(text.split()) for text in SENTENCES]
    assert [said.onsets[0] for said in clip.sentences] == list(recording.begins)
    flat = [onset for said in clip.sentences for onset in said.onsets]
    assert all(b - a >= SAMPLE_RATE // 1000 for a, b in pairwise(flat))


def test_a_sentence_that_is_not_read_has_none_and_says_how_sure_that_is() -> None:
    recording, _ = reader(skipped=[1])
    (clip,) = clips_of(task(recording))
    assert [bool(said.onsets) for said in clip.sentences] == [True, False, True, True]
    assert [said.sure for said in clip.sentences] == [0.9, 0.2, 0.9, 0.9]


@pytest.mark.parametrize("wanted", [-26, -20])
def test_the_whole_recording_gets_one_gain_and_keeps_its_ups_and_downs(wanted: float) -> None:
    recording, sound = reader(lead=3)
    (clip,) = clips_of(task(recording, loudness_=wanted))
    heard = decode(clip.frames)[LEAD_IN : LEAD_IN + len(sound)]
    loud = np.abs(sound) > 0
    assert loudness(heard[loud]) == pytest.approx(wanted, abs=1)
    ratio = heard[np.abs(sound) > 0.02] / sound[np.abs(sound) > 0.02]
    assert np.quantile(ratio, 0.9) / np.quantile(ratio, 0.1) < 1.3


def test_a_recording_that_another_language_interrupts_is_cut_where_its_sentences_begin() -> None:
    recording, sound = reader()
    first, second, third = clips_of(task(recording, (0, 1, 3)))
    cuts = [0, recording.begins[1] or 0, recording.begins[3] or 0, len(sound)]
    assert [clip.samples for clip in (first, second, third)] == [b - a for a, b in pairwise(cuts)]
    assert [said.spoken for said in second.sentences] == ["four five", "six"]
    assert second.sentences[0].onsets[0] == 0
    assert third.sentences[0].onsets[0] == 0


def test_a_part_of_which_nothing_is_read_has_no_sound() -> None:
    recording, sound = reader(skipped=[1])
    first, second, third = clips_of(task(recording, (0, 1, 2)))
    assert (second.samples, second.sentences[0].onsets) == (0, ())
    assert first.samples + third.samples == len(sound)


def test_what_is_heard_besides_is_told_in_the_clip_it_is_heard_in() -> None:
    recording, _ = reader()
    cut = recording.begins[2] or 0
    spoilt = Reader(recording.sound_, recording.begins, recording.ends, ((100, 200), (cut - 50, cut + 70)))
    first, second = clips_of(task(spoilt, (0, 2)))
    assert first.extras == ((100, 200), (cut - 50, cut))
    assert second.extras == ((0, 70),)


def test_silence_is_no_recording() -> None:
    recording, sound = reader()
    silent = Reader(bytes(2 * len(sound)), recording.begins, recording.ends)
    with pytest.raises(VoiceError, match="it is silent"):
        clips_of(task(silent))
    assert task(silent, (0, 2)).run() == [Failure("it is silent")] * 2


def test_a_session_gives_a_packed_clip_for_each_part() -> None:
    recording, _ = reader()
    results = task(recording, (0, 2)).run()
    assert [CLIP.loads(r) for r in results if isinstance(r, bytes)] == clips_of(task(recording, (0, 2)))


# Another speed


def talker(scale: float = 0.2) -> tuple[Reader, Samples]:
    """Reads each sentence as one loud vowel that begins at once."""
    t = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    pieces = [np.zeros(12_000)]
    begins, ends = [], []
    for n, text in enumerate(SENTENCES):
        begins.append(sum(map(len, pieces)))
        tones = [np.cos(2 * np.pi * k * (110 + 25 * n) * t) / k for k in range(1, 9)]
        pieces += [scale * np.sum(tones, axis=0)[: 7000 * len(text.split())], np.zeros(9_000 + 999 * n)]
        ends.append(sum(map(len, pieces)))
    sound = from_pcm(to_pcm(np.concatenate(pieces)))
    return Reader(
        to_pcm(sound), tuple(begins), tuple(ends), ((100, 200), (begins[2] - 50, begins[2] + 70))
    ), sound


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.25, 2])
@pytest.mark.parametrize("cuts", [(0,), (0, 1, 3)])
def test_a_recording_at_another_speed_is_aligned_as_it_was_read_and_told_as_it_is_heard(
    speed: float, cuts: tuple[int, ...]
) -> None:
    recording, sound = talker()
    usual = clips_of(task(recording, cuts))
    changed = clips_of(replace(task(recording, cuts), speed=speed))
    assert sum(clip.samples for clip in changed) * speed == pytest.approx(len(sound), rel=0.02)
    for before, clip in zip(usual, changed, strict=True):
        heard = decode(clip.frames)[LEAD_IN : LEAD_IN + clip.samples]
        told = [said.onsets[0] for said in clip.sentences]
        found = begins(np.concatenate([np.zeros(9000), heard]), 0.1, quiet=0.05)
        assert [at - 9000 for at in found] == pytest.approx(told, abs=0.01 * SAMPLE_RATE)
        onsets = [onset / speed for said in before.sentences for onset in said.onsets]
        assert [o for said in clip.sentences for o in said.onsets] == pytest.approx(
            onsets, abs=0.03 * SAMPLE_RATE
        )
        assert len(clip.extras) == len(before.extras)
        for extra, was in zip(clip.extras, before.extras, strict=True):
            assert extra == pytest.approx([at / speed for at in was], abs=0.03 * SAMPLE_RATE)
        assert peak(heard) < -3
    loud = np.concatenate([decode(clip.frames) for clip in changed])
    assert loudness(loud[np.abs(loud) > 0.01]) == pytest.approx(-20, abs=1)


def test_a_recording_at_its_own_speed_is_as_it_was() -> None:
    recording, _ = reader()
    assert clips_of(replace(task(recording, (0, 2)), speed=1.0)) == clips_of(task(recording, (0, 2)))
