"""How loud a sound is, moment by moment: where there is speech in it, and where silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hakawati.model import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    MomentLevels = NDArray[np.uint8]
    """(moments,): dB above `_LOWEST`."""

MOMENT = 0.01
"""Seconds."""
_SAMPLES = SAMPLE_RATE // 100
_LOWEST = -100
"""dBFS; digital silence."""
_BELOW = 35
"""dB below the loud syllables: what is quieter is no speech."""
_ROOM = 10
"""dB above the quietest twentieth: what is quieter is the room."""
_FLOOR = -60
"""dBFS. Nobody hears what is quieter."""


@dataclass(frozen=True, slots=True)
class SoundEnvelope:
    """A sound's level over its whole length."""

    levels: MomentLevels
    samples: int

    @property
    def seconds(self) -> float:
        return self.samples / SAMPLE_RATE

    @property
    def threshold(self) -> int:
        """Above this level there is sound worth hearing."""
        import numpy as np

        if not len(self.levels):
            return -_LOWEST
        loud, quiet = np.quantile(self.levels, [0.95, 0.05])
        room = int(quiet) + _ROOM if quiet > _FLOOR - _LOWEST else 0
        # In a recording that is all noise, or all speech, the room tells nothing.
        return max(_FLOOR - _LOWEST, min(max(int(loud) - _BELOW, room), int(loud) - 12))

    def rms(self) -> float:
        """DBFS of the speech in it; `_LOWEST` where there is none."""
        import numpy as np

        speech = self.levels[self.levels > self.threshold]
        if not len(speech):
            return float(_LOWEST)
        return float(10 * np.log10(np.mean(10 ** ((speech.astype(np.float64) + _LOWEST) / 10))))

    def sounding_seconds(self, begin: float, end: float) -> float:
        """Seconds of sound in a stretch."""
        import numpy as np

        part = self.levels[_to_moment(begin) : _to_moment(end)]
        return float(np.count_nonzero(part > self.threshold)) * MOMENT

    def speech_seconds(self, begin: float, end: float, pause: float = 0.2) -> float:
        """Seconds of a stretch without the silences that are longer than `pause`."""
        total = 0.0
        for a, b in self.stretches(begin, end, pause):
            total += b - a
        return total

    def stretches(self, begin: float, end: float, pause: float = 0.2) -> Iterator[tuple[float, float]]:
        """(begin, end) of each stretch of sound, with no silence in it that is longer than `pause`."""
        import numpy as np

        first = _to_moment(begin)
        at = np.flatnonzero(self.levels[first : _to_moment(end)] > self.threshold) + first
        if not len(at):
            return
        for part in np.split(at, np.flatnonzero(np.diff(at) > pause / MOMENT) + 1):
            yield float(part[0]) * MOMENT, float(part[-1] + 1) * MOMENT


def _to_moment(seconds: float) -> int:
    return max(0, round(seconds / MOMENT))


class LoudnessMeter:
    """Measures a sound that passes."""

    def __init__(self) -> None:
        self._levels: list[MomentLevels] = []
        self.samples = 0

    def passing(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The same blocks of 16-bit PCM; they are measured as they are taken."""
        import numpy as np

        rest = np.zeros(0, np.int16)
        for block in blocks:
            self.samples += len(block) // 2
            sound = np.concatenate([rest, np.frombuffer(block, "<i2")])
            whole = len(sound) // _SAMPLES * _SAMPLES
            self._measure(sound[:whole])
            rest = sound[whole:]
            yield block
        if len(rest):
            self._measure(np.pad(rest, (0, _SAMPLES - len(rest))))

    def _measure(self, sound: NDArray[np.int16]) -> None:
        import numpy as np

        moments = sound.astype(np.float32).reshape(-1, _SAMPLES) / 32768
        decibels = 10 * np.log10(np.maximum((moments * moments).mean(axis=1), 1e-10))
        self._levels.append(np.rint(decibels - _LOWEST).clip(0, 100).astype(np.uint8))

    def envelope(self) -> SoundEnvelope:
        """What was measured."""
        import numpy as np

        return SoundEnvelope(np.concatenate([*self._levels, np.zeros(0, np.uint8)]), self.samples)
