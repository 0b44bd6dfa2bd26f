"""Speech made faster and slower: as long as it should be, at its own pitch, and where each sample went."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.arabic.vowels import diacritize
from hakawati.model import SAMPLE_RATE
from hakawati.narration.tempo import Tempo
from hakawati.voices.espeak import Espeak
from tests.narration.hearing import Samples, begins, from_pcm, loudness, noise, pitches, resample, to_pcm

SPEEDS = (0.5, 0.65, 0.8, 0.9, 1.1, 1.25, 1.6, 2.0)
speeds = st.floats(0.5, 2)
TEXT = "تجمع رجال الشرطة أمام الكاتدرائية يوم السبت. ثم دقت الأجراس في كل أنحاء المدينة."


def changed(sound: Samples, speed: float, block: int = 5000) -> tuple[Samples, Tempo]:
    tempo = Tempo(speed)
    pcm = to_pcm(sound)
    blocks = (pcm[at : at + 2 * block] for at in range(0, len(pcm), 2 * block))
    made = from_pcm(b"".join(tempo.passing(blocks)))
    assert len(made) == tempo.samples
    return made, tempo


@cache
def speech(voice: str = "ar", rate: int = 160) -> Samples:
    said = Espeak(voice, rate).speak(diacritize(TEXT))
    return resample(from_pcm(said.pcm), said.rate)


def vowel(low: float, high: float, seconds: float) -> Samples:
    """A voice that glides from one pitch to another: a pulse for each period, through two formants."""
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    phase = np.cumsum(np.linspace(low, high, len(t))) / SAMPLE_RATE
    tones = [
        (np.exp(-(((k * (low + high) / 2 - 600) / 400) ** 2)) + 0.05) * np.sin(2 * np.pi * k * phase)
        for k in range(1, 20)
    ]
    summed = np.sum(tones, axis=0)
    made: Samples = summed / np.abs(summed).max() / 2
    return made


def beeps(count: int = 24, seed: int = 1) -> tuple[Samples, list[int]]:
    """Voiced words that begin at once, with pauses of all lengths between, and when they begin."""
    random = np.random.default_rng(seed)
    pieces, at = [], []
    for _ in range(count):
        pieces.append(np.zeros(random.integers(2000, 9000)))
        at.append(sum(map(len, pieces)))
        low = random.uniform(80, 300)
        word = vowel(low, low * random.uniform(0.8, 1.2), random.uniform(0.08, 0.6))
        pieces.append(np.roll(word, -np.argmax(np.abs(word) > 0.1)) * np.linspace(1, 0.1, len(word)))
    return np.concatenate([*pieces, np.zeros(4000)]), at


# How long


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize("voice", ["ar", "ar+f2", "ar+croak", "ar+whisper"])
def test_speech_takes_the_time_that_its_speed_says(voice: str, speed: float) -> None:
    made, _ = changed(speech(voice), speed)
    assert len(made) * speed / len(speech(voice)) == pytest.approx(1, abs=0.01)


sounds = st.one_of(
    st.builds(np.zeros, st.integers(0, 30_000)),
    st.builds(noise, st.integers(0, 9), st.floats(0.001, 3)),
    st.builds(vowel, st.floats(50, 500), st.floats(50, 500), st.floats(0.001, 3)),
    st.builds(np.full, st.integers(1, 40_000), st.sampled_from([-1.0, 1.0])),
    st.builds(lambda s, n: np.sign(np.sin(np.arange(s) * n)), st.integers(1, 40_000), st.floats(0.001, 3)),
)


@given(sounds, speeds)
def test_any_sound_is_off_by_little_at_its_end_and_no_louder(sound: Samples, speed: float) -> None:
    made, tempo = changed(sound, speed)
    assert abs(len(made) - len(sound) / speed) <= 0.05 * SAMPLE_RATE
    assert np.abs(made).max(initial=0) <= np.abs(from_pcm(to_pcm(sound))).max(initial=0)
    heard = tempo.positions(range(len(sound) + 1))
    assert (heard[0], heard[-1]) == (0, len(made))
    assert (np.diff(heard) >= 0).all()
    assert np.abs(np.array(heard) - np.arange(len(sound) + 1) / speed).max() <= 0.05 * SAMPLE_RATE


@given(sounds, speeds, st.integers(1, 70_000))
def test_the_blocks_that_a_sound_comes_in_change_nothing(sound: Samples, speed: float, block: int) -> None:
    made, tempo = changed(sound, speed, block)
    whole, other = changed(sound, speed, max(1, len(sound)))
    assert np.array_equal(made, whole)
    asked = range(0, len(sound), 97)
    assert tempo.positions(asked) == other.positions(asked)


@pytest.mark.parametrize("speed", SPEEDS)
def test_nor_do_they_in_a_long_recording(speed: float) -> None:
    sound = np.concatenate([speech(), np.zeros(9000), speech("ar+f2")])
    made = [changed(sound, speed, block)[0] for block in (1_000_000, 32_768, 20_001)]
    assert np.array_equal(made[0], made[1])
    assert np.array_equal(made[0], made[2])


def test_its_own_speed_leaves_a_sound_as_it_is() -> None:
    made, tempo = changed(speech(), 1)
    assert np.array_equal(made, from_pcm(to_pcm(speech())))
    assert tempo.positions([0, 5, 77_777]) == [0, 5, 77_777]


# When


@pytest.mark.parametrize("speed", SPEEDS)
def test_each_word_begins_when_it_is_said_to(speed: float) -> None:
    sound, at = beeps()
    made, tempo = changed(sound, speed)
    told = tempo.positions(at)
    found = begins(made, 0.03)
    assert len(found) == len(at)
    errors = np.abs(np.array(found) - told) / SAMPLE_RATE * 1000
    assert np.median(errors) < 1
    assert errors.max() < 5
    assert np.abs(np.array(told) - np.array(at) / speed).max() < 0.03 * SAMPLE_RATE


@pytest.mark.parametrize("speed", [0.65, 0.8, 0.9, 1.25])
def test_a_stop_is_heard_once(speed: float) -> None:
    random = np.random.default_rng(4)
    pieces = []
    for n in range(40):
        burst = random.normal(0, 0.25, 120) * np.linspace(1, 0, 120)
        closure = np.zeros(random.integers(900, 2200))
        pieces += [vowel(110, 130, 0.15 + 0.003 * n) * 0.4, closure, burst, np.zeros(500)]
    sound = np.clip(np.concatenate(pieces), -1, 1)
    made, _ = changed(sound, speed)
    closed = 500 / SAMPLE_RATE / max(1, speed) * 0.9
    assert len(begins(made, closed, quiet=0.02)) == pytest.approx(
        len(begins(sound, 0.019, quiet=0.02)), abs=2
    )


# How it sounds


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_voice_keeps_its_pitch(speed: float) -> None:
    sound = np.concatenate([vowel(90, 140, 1), np.zeros(3000), vowel(220, 180, 1), vowel(300, 330, 1)])
    made, tempo = changed(sound, speed)
    at = np.arange(2000, len(sound) - 2000, 240)
    before, after = pitches(sound, at), pitches(made, tempo.positions(at.tolist()))
    both = (before > 0) & (after > 0)
    assert both.sum() > 0.9 * (before > 0).sum() > 200
    off = after[both] / before[both] - 1
    assert abs(np.median(off)) < 0.002
    assert np.quantile(np.abs(off), 0.9) < 0.02


@pytest.mark.parametrize("speed", [0.8, 0.9, 1.25])
@pytest.mark.parametrize("voice", ["ar", "ar+f2"])
def test_spoken_arabic_keeps_its_pitch(voice: str, speed: float) -> None:
    sound = speech(voice)
    made, tempo = changed(sound, speed)
    at = np.arange(0, len(sound), 240)
    before, after = pitches(sound, at), pitches(made, tempo.positions(at.tolist()))
    both = (before > 0) & (after > 0)
    assert both.sum() > 0.9 * (before > 0).sum() > 100
    off = after[both] / before[both] - 1
    assert abs(np.median(off)) < 0.01
    assert (np.abs(off) < 0.03).mean() > 0.9


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_steady_voice_stays_steady_and_speech_as_loud_as_it_was(speed: float) -> None:
    made, _ = changed(vowel(120, 120, 3), speed)
    windows = made[2400 : len(made) // 2400 * 2400 - 2400].reshape(-1, 2400)
    power = 10 * np.log10((windows**2).mean(axis=1))
    assert np.ptp(power) < 0.5
    assert loudness(changed(speech(), speed)[0]) == pytest.approx(loudness(speech()), abs=0.5)


# What it costs, and that it can be relied on


def test_the_same_sound_gives_the_same_bytes_on_every_machine() -> None:
    """Of whole numbers alone, as all decisions are: a digest that was taken once."""
    n = np.arange(120_000)
    saw = (n * (90 + n // 4000) % 24_000) // 2 - 6000
    hiss = (n * 1_103_515_245 + 12_345) // 65_536 % 2_001 - 1_000
    pcm = (np.where(n // 6000 % 4 == 3, 0, saw) + hiss).astype("<i2").tobytes()
    found = {}
    for speed in (0.8, 1.25):
        tempo = Tempo(speed)
        found[speed] = hashlib.sha256(b"".join(tempo.passing([pcm]))).hexdigest()[:16]
        assert tempo.positions(range(0, 120_000, 40_000)) == HEARD[speed]
    assert found == DIGESTS


DIGESTS = {0.8: "bb81422aeacca366", 1.25: "b25f32762f85b437"}
HEARD = {0.8: [0, 49_781, 100_162], 1.25: [0, 32_159, 63_785]}


def test_memory_does_not_grow_with_the_length_of_a_recording() -> None:
    pcm = to_pcm(speech())

    def hours(count: int) -> Iterator[bytes]:
        for _ in range(count):
            yield pcm

    most = []
    for count in (3, 30):
        tempo = Tempo(0.8)
        tracemalloc.start()
        for block in tempo.passing(hours(count)):
            assert len(block) < 2_000_000
        most.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert most[1] < 1.2 * most[0]
