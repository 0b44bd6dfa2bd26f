"""The level of a recording: one gain for all of it, so that its dynamics stay.

The sound comes in blocks, twice: to be measured, and to be raised. Its few peaks that would be too high then
are held by a limiter that lowers what is around them, smoothly, and never cuts them off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from hakawati.model import SAMPLE_RATE

Floats = NDArray[np.float32]

_REACH = SAMPLE_RATE // 200
"""Samples to either side of a peak that are lowered with it; and over which peaks are measured."""
_SYLLABLE = 10
"""So many of these are taken together to tell speech from silence."""
_QUIET = 25.0
"""dB below the loudest syllables: what is quieter is no speech, and does not count."""
_BELL = np.hanning(2 * (_REACH // 2) + 3)[1:-1]
"""How lowering begins and ends."""
_ROUNDS = 8
"""In which gain and what the limiter takes of it come to agree."""


class Meter:
    """Measures a sound that passes."""

    def __init__(self) -> None:
        self._powers: list[Floats] = []
        self._peaks: list[Floats] = []
        self._rest = np.zeros(0, np.float32)
        self.samples = 0
        """How many have passed."""

    def passing(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The same blocks; they are measured as they are taken."""
        for block in blocks:
            sound = np.concatenate([self._rest, _samples(block)])
            whole = len(sound) // (_REACH * _SYLLABLE) * _REACH * _SYLLABLE
            windows = sound[:whole].reshape(-1, _REACH)
            self._powers.append((windows * windows).mean(axis=1))
            self._peaks.append(np.abs(windows).max(axis=1, initial=0))
            self._rest = sound[whole:]
            self.samples += len(block) // 2
            yield block

    def gain(self, loudness: float, ceiling: float) -> float:
        """The factor that brings the speech to `loudness`, dB RMS, with peaks held at `ceiling`, dBFS.

        What the limiter will take is made up for; 0 for silence.
        """
        powers = np.concatenate([*self._powers, np.zeros(0, np.float32)])
        peaks = np.concatenate([*self._peaks, np.zeros(0, np.float32)])
        speech = _is_speech(powers)
        if not speech.any():
            return 0.0
        wanted, highest = 10 ** (loudness / 20), 10 ** (ceiling / 20)
        gain = wanted / float(np.sqrt(powers[speech].mean()))
        for _ in range(_ROUNDS):
            held = np.minimum(1, highest / np.maximum(peaks * gain, 1e-9))
            around = np.pad(held, 1, constant_values=1)
            lowest = np.minimum(np.minimum(around[:-2], around[2:]), held)
            # A peak lowers its window and half of each that is next to it.
            reached = float(np.sqrt((powers * (gain * (lowest + held) / 2) ** 2)[speech].mean()))
            gain *= wanted / reached
        return gain


def _is_speech(powers: Floats) -> NDArray[np.bool_]:
    """(windows,): whether the syllable that a window is part of is not much weaker than the loudest."""
    syllables = powers.reshape(-1, _SYLLABLE).mean(axis=1)
    heard = syllables[syllables > syllables.max(initial=0) / 1000]
    if not len(heard):
        return np.zeros(len(powers), np.bool_)
    loud = syllables > np.quantile(heard, 0.9) * 10 ** (-_QUIET / 10)
    return np.repeat(loud, _SYLLABLE)


def levelled(blocks: Iterable[bytes], gain: float, ceiling: float) -> Iterator[bytes]:
    """The sound multiplied by `gain`, no sample of it above `ceiling`, dBFS; as long as it was."""
    highest = np.float32(10 ** (ceiling / 20))
    pad = 2 * _REACH
    held = np.zeros(pad, np.float32)  # what came before, so that a peak lowers it too
    for block in chain(blocks, [bytes(2 * pad)]):
        held = np.concatenate([held, _samples(block) * np.float32(gain)])
        if len(held) <= 2 * pad:
            continue
        yield _pcm(_limited(held, highest)[pad:-pad])
        held = held[-2 * pad :]


def _limited(sound: Floats, highest: np.float32) -> Floats:
    """Right but for the outermost 2 * `_REACH` samples."""
    size = np.abs(sound)
    if size.max() <= highest:
        return sound
    needed = np.minimum(1, highest / np.maximum(size, highest))
    window = 2 * _REACH + 1
    lowest = np.lib.stride_tricks.sliding_window_view(np.pad(needed, _REACH, mode="edge"), window).min(axis=1)
    # The mean over a peak's surroundings is no higher than what the peak needs, for all of them are that low.
    smooth = np.convolve(np.pad(lowest, _REACH // 2, mode="edge"), _BELL / _BELL.sum(), mode="valid")
    made: Floats = np.clip(sound * smooth, -highest, highest).astype(np.float32)
    return made


def _samples(pcm: bytes) -> Floats:
    return np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)


def _pcm(sound: Floats) -> bytes:
    return np.clip(np.rint(sound * 32768), -32768, 32767).astype("<i2").tobytes()
