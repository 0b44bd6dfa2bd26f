from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.model import SAMPLE_RATE
from hakawati.narration.gain import Meter, levelled
from tests.narration.hearing import Samples, from_pcm, loudness, noise, peak, to_pcm


def blocks(pcm: bytes, samples: int = 5000) -> list[bytes]:
    return [pcm[at : at + 2 * samples] for at in range(0, len(pcm), 2 * samples)]


def measured(sound: Samples) -> Meter:
    meter = Meter()
    assert b"".join(meter.passing(blocks(to_pcm(sound)))) == to_pcm(sound)
    return meter


def speech(seed: int, seconds: float = 8.0) -> Samples:
    """Bursts that grow and fade as syllables do, with pauses between."""
    sound = noise(seed, seconds)
    t = np.arange(len(sound)) / SAMPLE_RATE
    made: Samples = sound * np.abs(np.sin(2 * np.pi * 2 * t)) ** 3 * (np.sin(2 * np.pi * 0.2 * t) > -0.7)
    return made


def raised(sound: Samples, loudness_: float, ceiling: float) -> Samples:
    gain = measured(sound).gain(loudness_, ceiling)
    return from_pcm(b"".join(levelled(blocks(to_pcm(sound), 777), gain, ceiling)))


def loud_windows(sound: Samples) -> Samples:
    """What is speech in it: nothing that is 25 dB weaker than the loudest."""
    windows = sound[: len(sound) // 1200 * 1200].reshape(-1, 1200)
    power = (windows**2).mean(axis=1)
    loud: Samples = windows[power > np.quantile(power, 0.95) * 10**-2.5].ravel()
    return loud


@pytest.mark.parametrize("wanted", [-30.0, -23.0, -20.0, -18.0])
@pytest.mark.parametrize("scale", [0.003, 0.05, 0.9])
def test_a_recording_gets_the_loudness_asked_for_and_no_peak_above_the_ceiling(
    wanted: float, scale: float
) -> None:
    made = raised(speech(1) * scale, wanted, -6)
    assert loudness(loud_windows(made)) == pytest.approx(wanted, abs=1)
    assert peak(made) <= -5.99


def test_silence_around_the_speech_does_not_count() -> None:
    quiet = np.concatenate([np.zeros(5 * SAMPLE_RATE), speech(2) * 0.1, np.zeros(20 * SAMPLE_RATE)])
    assert measured(quiet).gain(-20, -6) == pytest.approx(measured(speech(2) * 0.1).gain(-20, -6), rel=0.02)


def test_silence_has_no_gain() -> None:
    assert measured(np.zeros(SAMPLE_RATE)).gain(-20, -6) == 0
    assert measured(np.zeros(0)).gain(-20, -6) == 0


def test_a_single_click_lowers_only_what_is_around_it() -> None:
    sound = speech(3) * 0.05
    clicked = sound.copy()
    clicked[90_000] = 0.9
    made, plain = (from_pcm(b"".join(levelled(blocks(to_pcm(s)), 2.0, -6))) for s in (clicked, sound))
    near = slice(90_000 - 300, 90_000 + 300)
    assert peak(made) <= -5.99
    made[near] = plain[near] = 0
    assert np.abs(made - plain).max() < 1e-4


def test_what_needs_no_holding_is_multiplied_and_nothing_else() -> None:
    sound = from_pcm(to_pcm(speech(4) * 0.1))
    made = from_pcm(b"".join(levelled(blocks(to_pcm(sound)), 1.5, -1)))
    assert np.abs(made - 1.5 * sound).max() <= 1.01 / 32768


@given(st.lists(st.integers(0, 3000), max_size=8), st.floats(0.1, 20))
def test_the_sound_is_as_long_as_it_was_however_it_comes(sizes: list[int], gain: float) -> None:
    whole = to_pcm(speech(5, 1.0))[: 2 * sum(sizes)]
    cuts = np.cumsum([0, *sizes])
    parts = [whole[2 * a : 2 * b] for a, b in pairwise(cuts)]
    assert len(b"".join(levelled(parts, gain, -6))) == len(whole)
    assert b"".join(levelled(parts, gain, -6)) == b"".join(levelled([whole], gain, -6))
