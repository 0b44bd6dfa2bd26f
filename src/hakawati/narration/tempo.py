"""Speech made faster or slower at the same pitch, and when each of its samples is heard then.

Where too little has come out so far, a period of the sound is said twice; where too much, two periods are
faded into one; what is between is copied as it is (N. Morita and F. Itakura, “Time-scale modification
algorithm for speech by use of pointer interval control overlap and add (PICOLA)”, 1986). Of the places near
the one where that is due it is done at the one where the sound repeats itself best: in a vowel or a silence,
so that the burst of a stop is hardly ever heard twice, or lost. `benchmarks/tempo.md` has what it was
measured against.

All decisions follow from sums of whole numbers, which every machine gets alike: the same sound gives the
same bytes everywhere, whatever blocks it comes in.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from operator import attrgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hakawati.model import SAMPLE_RATE

Floats = NDArray[np.float64]

_BLOCK = 1 << 15
"""Samples that are looked at in one go."""
_GRID = SAMPLE_RATE // 250
"""From one place that is looked at to the next."""
_SHORTEST = SAMPLE_RATE // 400
_LONGEST = SAMPLE_RATE * 16 // 1000
"""The period of a voice at 400 Hz, and at 62.5. So much is compared, too, with the sound a period before."""
_COARSE = 4
"""So many samples are added up into one while a period is looked for."""
_FADE = SAMPLE_RATE // 200
"""How long one period fades into the next but one, at most: at twice the tempo, no more is left of them."""
_HISS = 30
"""The size of samples, of 32,768, in which a difference is no matter."""
_SLACK = SAMPLE_RATE * 12 // 1000
"""How much too early or too late the sound may be for a better place."""
_AHEAD = 25
"""Places among which one is chosen."""


class _SplicePoint(NamedTuple):
    sample: int
    period: int
    """From it back to where the sound is most alike."""
    likeness: float
    """How much: the correlation of the two, to 1."""


class Tempo:
    """Changes the tempo of one sound. It keeps some numbers for each change, and of the sound a block."""

    def __init__(self, speed: float) -> None:
        """`speed`: times as fast, 0.5 to 2."""
        self.speed = speed
        self.samples = 0
        """How many have come out."""
        self._slower = speed < 1
        self._sound: Floats = np.zeros(0)
        self._begin = 0
        """Where in all that came in `_sound` begins; a multiple of `_COARSE`."""
        self._done = 0
        """How much of what came in has come out."""
        self._places: deque[_SplicePoint] = deque()
        self._next = -(-_LONGEST // _GRID) * _GRID
        """The first place that is not among them yet."""
        self._times = array("q", [0]), array("q", [0])
        """Samples that came in, and at which one that came out they are heard; in between, linearly."""

    def passing(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The sound in its new tempo, in blocks: signed 16-bit little-endian mono PCM at `SAMPLE_RATE`."""
        if self.speed == 1:
            yield from self._unchanged(blocks)
            return
        held: list[bytes] = []
        size = 0
        for block in blocks:
            held.append(block)
            size += len(block) // 2
            if size >= _BLOCK:
                yield from self._take(held, last=False)
                held, size = [], 0
        yield from self._take(held, last=True)

    def _unchanged(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        for block in blocks:
            self.samples += len(block) // 2
            yield block
        self._mark(self.samples, self.samples)

    def positions(self, samples: Iterable[int]) -> list[int]:
        """At which sample of what came out each sample of what came in is heard; in the same order."""
        came_in, came_out = (np.array(times, np.int64) for times in self._times)
        asked = np.fromiter(samples, np.int64)
        i = np.minimum(np.searchsorted(came_in, asked, side="right"), len(came_in) - 1)
        length, heard = came_in[i] - came_in[i - 1], came_out[i] - came_out[i - 1]
        found = came_out[i - 1] + (asked - came_in[i - 1]) * heard // np.maximum(length, 1)
        return [int(at) for at in found]

    def _take(self, blocks: list[bytes], last: bool) -> Iterator[bytes]:
        self._sound = np.concatenate([self._sound, np.frombuffer(b"".join(blocks), "<i2")])
        end = self._begin + len(self._sound)
        self._look(end)
        while place := self._best(last):
            yield from self._spliced(place)
        if last:
            yield self._copied(end)
            self._mark(end, self.samples)
        else:  # no place that is still to come can change what is before it by more than a period
            yield self._copied((self._places[0].sample if self._places else self._next) - _LONGEST)
        kept = max(self._begin, min(self._done, self._next) - _LONGEST) // _COARSE * _COARSE
        self._sound = self._sound[kept - self._begin :]
        self._begin = kept

    def _look(self, end: int) -> None:
        """Find the period at each new place with enough sound around it."""
        samples = np.arange(self._next, end - _LONGEST + 1, _GRID)
        if not len(samples):
            return
        self._next = int(samples[-1]) + _GRID
        most, least = _LONGEST // _COARSE, _SHORTEST // _COARSE
        coarse = self._sound[: len(self._sound) // _COARSE * _COARSE].reshape(-1, _COARSE).sum(axis=1)
        windows = np.lib.stride_tricks.sliding_window_view
        around = windows(coarse, 2 * most)[(samples - self._begin) // _COARSE - most]
        # (places, periods, samples): the windows that begin a period earlier, the longest period first.
        earlier = windows(around, most, axis=1)[:, : most - least + 1]
        here = around[:, most:]
        sums = np.pad(np.cumsum(around * around, axis=1), ((0, 0), (1, 0)))
        sizes = sums[:, most:] - sums[:, :-most]
        likeness = _likeness(
            np.einsum("ptw,pw->pt", earlier, here),
            sizes[:, : most - least + 1],
            sizes[:, most:],
            float(most * (_COARSE * _HISS) ** 2),
        )
        best = likeness.argmax(axis=1)
        periods = (most - best) * _COARSE
        most_alike = likeness[np.arange(len(best)), best].round(2)  # what is about as good is as good
        self._places.extend(map(_SplicePoint, samples.tolist(), periods.tolist(), most_alike.tolist()))

    def _best(self, last: bool) -> _SplicePoint | None:
        """The next place to change; None where there is none among those known by now."""
        while self._places and self._due(self._places[0]) < -_SLACK:
            self._places.popleft()
        good = []
        for place in islice(self._places, _AHEAD):
            due = self._due(place)
            if due > _SLACK:
                break
            if due >= -_SLACK:
                good.append(place)
        else:
            if len(self._places) < _AHEAD and not last:
                return None
        found = max(good or islice(self._places, 1), key=attrgetter("likeness"), default=None)
        while found and self._places[0] is not found:
            self._places.popleft()
        return found

    def _due(self, place: _SplicePoint) -> float:
        """How far off, in samples, the sound is at that place, less half of what would be changed."""
        # At twice the tempo there is no room between changes: a place that is just passed will do.
        if self._done - place.sample > (0 if self._slower else _GRID - place.period):
            return -np.inf
        begin = self._where(place.sample, place.period)
        off = begin / self.speed - (self.samples + begin - self._done)
        return (off if self._slower else -off) - place.period / 2

    def _where(self, place: int, period: int) -> int:
        """Where the sound begins to fade: into what was before, or what comes after."""
        return place if self._slower else max(self._done, place - period)

    def _spliced(self, place: _SplicePoint) -> Iterator[bytes]:
        """The sound to the place, and the period that is changed."""
        period = self._exactly(place)
        begin = self._where(place.sample, period)
        other = begin + (-period if self._slower else period)
        yield self._copied(begin)
        fade = period if self._slower else min(period, _FADE)
        rising = (np.arange(fade) + 0.5) / fade
        yield _pcm(self._part(begin, fade) * (1 - rising) + self._part(other, fade) * rising)
        # Up to the middle, what is there is louder than what it fades into.
        half, begun = fade // 2, self.samples
        self._mark(begin + half, begun + half)
        self._mark(max(begin, other) + half, begun + half + max(0, begin - other))
        self._done = other + fade
        self.samples += fade

    def _exactly(self, place: _SplicePoint) -> int:
        """The period to the sample."""
        longest = min(_LONGEST, place.period + _COARSE)
        shortest = max(_SHORTEST, place.period - _COARSE)
        here = self._part(place.sample, _LONGEST)
        earlier = np.lib.stride_tricks.sliding_window_view(
            self._part(place.sample - longest, longest - shortest + _LONGEST), _LONGEST
        )
        sizes = np.einsum("tw,tw->t", earlier, earlier)
        likeness = _likeness(earlier @ here, sizes, here @ here, float(_LONGEST * _HISS**2))
        return longest - int(likeness.argmax())

    def _copied(self, end: int) -> bytes:
        """The sound as it came in, from where that was left."""
        part = self._part(self._done, max(0, end - self._done))
        self._done += len(part)
        self.samples += len(part)
        return _pcm(part)

    def _part(self, begin: int, length: int) -> Floats:
        return self._sound[begin - self._begin :][:length]

    def _mark(self, came_in: int, came_out: int) -> None:
        for times, time in zip(self._times, (came_in, came_out), strict=True):
            times.append(max(time, times[-1]))


def _likeness(products: Floats, sizes: Floats, size: Floats, hiss: float) -> Floats:
    """Correlations, of what is louder than hiss; silence is like silence."""
    alike: Floats = (products + hiss) / np.sqrt((sizes + hiss) * (size + hiss))
    return alike


def _pcm(sound: Floats) -> bytes:
    return np.rint(sound).astype("<i2").tobytes()
