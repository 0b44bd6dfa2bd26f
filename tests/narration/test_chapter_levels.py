"""How loud a chapter is said to be, and how loud it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.model import SAMPLE_RATE, SILENCE, STEP, STILL, STRETCH, Audio, Clip, Levels, Loudness
from hakawati.narration.chapter_levels import ChapterLevels
from hakawati.narration.recording_task import clips_of
from hakawati.narration.synthesis import synthesise
from hakawati.narration.timeline import Joiner
from hakawati.voices.espeak import Espeak
from tests.narration.hearing import Samples, decibels, decode, loudness, peak
from tests.narration.making import utterance
from tests.narration.test_recording_task import reader, task

HALF = 12 * SAMPLE_RATE // 25  # 480 ms


def floor(heard: Samples) -> float:
    """The quietest half second, looked for every millisecond."""
    sums = np.cumsum(np.concatenate([[0], heard**2]))
    length = min(HALF, len(heard))
    begins = np.arange(0, len(heard) - length + 1, SAMPLE_RATE // 1000)
    lowest = float((sums[begins + length] - sums[begins]).min()) / length
    return max(SILENCE, decibels(max(lowest, 0) ** 0.5))


def joined(clips: list[Clip], pause: int, bitrate: int = 64, repeat: float = 0) -> tuple[Levels, Samples]:
    joiner = Joiner(bitrate)
    stream = b"".join(joiner.place(clip, pause, repeat).stream for clip in clips)
    levels = joiner.levels()
    assert levels
    return levels, decode(stream, bitrate)


def close(levels: Levels, heard: Samples) -> None:
    assert levels.rms == pytest.approx(loudness(heard), abs=0.1)
    assert levels.peak == pytest.approx(peak(heard), abs=0.5)
    assert levels.floor == pytest.approx(floor(heard), abs=0.5)
    whole = heard.reshape(-1, STRETCH)
    rms = 20 * np.log10(np.maximum(np.sqrt((whole**2).mean(axis=1)), 1e-5))
    shown = -STEP * np.frombuffer(levels.envelope, np.uint8)
    assert len(shown) == len(rms)
    # At 32 kbit/s, the MP3 itself is that far from the sound.
    assert np.abs(shown - rms)[rms > -50].max() < 2.5


def spoken(bitrate: int = 64) -> list[Clip]:
    texts = [("ar", "في صيف عام 1944 انتفض أهل باريس."), ("en-us", "In the summer of 1944, Paris rose.")]
    audio = Audio(bitrate=bitrate)
    return [synthesise(utterance(text, lang=v[:2]), Espeak(v), audio, 0) for v, text in texts]


@pytest.mark.parametrize("pause", [0, 350, 5000])
@pytest.mark.parametrize("bitrate", [32, 64, 128])
def test_a_chapter_is_as_loud_as_is_said(pause: int, bitrate: int) -> None:
    close(*joined(spoken(bitrate) * 2, pause, bitrate))


def test_silence_to_repeat_a_sentence_in_counts_as_it_does_for_acx_which_measures_whole_files() -> None:
    plain, _ = joined(spoken(), 100)
    levels, heard = joined(spoken(), 100, repeat=3)
    close(levels, heard)
    assert levels.rms == pytest.approx(plain.rms - 6, abs=0.5)
    assert levels.floor == SILENCE
    assert levels.peak == plain.peak


def test_the_floor_of_a_recording_is_the_room_it_was_made_in() -> None:
    recorded, sound = reader(lead=2, scale=0.2)
    hiss = np.random.default_rng(1).normal(0, 0.0004, len(sound))
    noisy = ((sound + hiss) * 32767).round().astype("<i2").tobytes()
    levels, heard = joined(clips_of(task(type(recorded)(noisy, recorded.begins, recorded.ends))), 0)
    close(levels, heard)
    assert -60 < levels.floor < -40


def test_what_has_no_pause_has_no_floor_but_its_sound() -> None:
    hum = Clip(b"\xff" * 192 * 30, 16_000, (), (), Loudness(bytes([40]) * 30, 30 * 576 * 10**6, 3000))
    joiner = Joiner(64)
    joiner.place(hum, 0)
    levels = joiner.levels()
    assert levels
    assert levels.floor == pytest.approx(-40 * STEP, abs=0.1)


def test_nothing_has_no_levels_and_silence_has_numbers_all_the_same() -> None:
    levelling = ChapterLevels()
    assert levelling.levels() is None
    levelling.add(Loudness(), 0, 3)
    assert levelling.levels() == Levels(bytes([STILL] * 3), SILENCE, SILENCE, SILENCE)


@given(st.lists(st.integers(0, STILL), min_size=1, max_size=90))
def test_the_floor_is_the_quietest_stretch_of_twenty_frames(envelope: list[int]) -> None:
    levelling = ChapterLevels()
    levelling.add(Loudness(bytes(envelope), 1, 1), len(envelope), 0)
    levels = levelling.levels()
    assert levels
    powers = [10 ** (-STEP * byte / 10) if byte < STILL else 0 for byte in envelope]
    length = min(20, len(powers))
    lowest = min(sum(powers[n : n + length]) / length for n in range(len(powers) - length + 1))
    assert levels.floor == pytest.approx(max(SILENCE, 10 * np.log10(max(lowest, 1e-12))), abs=0.02)


@given(st.integers(0, 5), st.integers(0, 5))
def test_a_clip_whose_envelope_does_not_fit_leaves_the_chapter_as_long_as_it_is(
    has: int, frames: int
) -> None:
    levelling = ChapterLevels()
    levelling.add(Loudness(bytes(has), 0, 0), frames, 1)
    levels = levelling.levels()
    assert levels
    assert len(levels.envelope) == frames + 1
