"""Clips one after another → how loud their chapter is.

Without arrays, since a chapter whose clips are there is joined where none are loaded.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import accumulate

from hakawati.model import SILENCE, STEP, STILL, Levels, Loudness
from hakawati.narration.mp3 import FRAME_SAMPLES

_FULL = 32768
_ROOM = 20
"""Frames in which the noise floor is measured: 480 ms, about as much as ACX's own examiners and the plug-in
“ACX Check” for Audacity do."""


class ChapterLevels:
    """Adds up the loudness of clips and pauses."""

    def __init__(self) -> None:
        self._envelope = bytearray()
        self._energy = 0
        self._peak = 0

    def add(self, loudness: Loudness, frames: int, silent: int) -> None:
        """A clip of so many frames, and the silent ones after it."""
        self._envelope += loudness.envelope[:frames].ljust(frames + silent, bytes([STILL]))
        self._energy += loudness.energy
        self._peak = max(self._peak, loudness.peak)

    def levels(self) -> Levels | None:
        """Of all together; None for no frame at all."""
        if not self._envelope:
            return None
        rms = _decibels(self._energy, len(self._envelope) * FRAME_SAMPLES)
        peak = _decibels(self._peak**2, 1)
        return Levels(bytes(self._envelope), rms, peak, _floor(self._envelope))


def _decibels(energy: float, samples: int) -> float:
    if energy <= 0:
        return SILENCE
    return round(max(SILENCE, 10 * math.log10(energy / samples / _FULL**2)), 2)


def _floor(envelope: bytearray) -> float:
    """The lowest RMS of any half second, or of all there is where that is less."""
    powers = _powers()
    sums = list(accumulate((powers[byte] for byte in envelope), initial=0))
    length = min(_ROOM, len(envelope))
    lowest = min(map(int.__sub__, sums[length:], sums))
    return _decibels(lowest / _FINE, length)


_FINE = 1 << 16
"""Powers are whole numbers of so many parts, so that silence is what is left when a sound is over."""


@cache
def _powers() -> tuple[int, ...]:
    """The mean power of a sample by the byte of an envelope; none for silence."""
    return (*(round(_FINE * _FULL**2 * 10 ** (-STEP * byte / 10)) for byte in range(STILL)), 0)
