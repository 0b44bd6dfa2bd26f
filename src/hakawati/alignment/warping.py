"""Dynamic time warping, twice: of a whole book against a whole recording, and close up along a known path.

Coarse: every frame of the recording is heard in a frame of the text's reference, which goes on by none to
three frames at a time, or in the gap before a sentence, which is silence or something that is not in the
text; a sentence may be left out. Fine: recording and reference, laid along the coarse path, are warped in a
band around the diagonal, in many stretches at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hakawati.alignment.features import Floats

Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]
_SLOTS = 3
"""Places before each sentence: two that nothing comes from, so that no step leads over them, and the gap."""
_INFINITE = np.float32(1e30)
_ROWS = 128
_STRETCH, _MARGIN, _TILE = 1200, 100, 64


@dataclass(frozen=True, slots=True)
class PathCosts:
    """What a path pays, in the unit of the distance between frames."""

    gap: float
    """For each frame of something that is not in the text."""
    opening: float
    """For anything that is not in the text to begin."""
    skip: float
    """For each frame of a sentence that is left out."""
    steps: tuple[float, float, float, float]
    """For going on by 0, 1, 2, 3 frames of the reference."""


@dataclass(frozen=True, slots=True)
class SentenceFrames:
    """How a reference is made up."""

    begins: Indices
    """(sentences + 1,): the frame where each sentence begins, and the number of frames."""
    pauses: Indices
    """Frames after which the reader may pause: the last one of each word."""


def distances(x: Floats, y: Floats) -> Floats:
    """(len(x), len(y)): squared Euclidean distance between rows, for each dimension."""
    squares: Floats = (x * x).sum(axis=1)[:, None] + (y * y).sum(axis=1)
    squares -= 2 * (x @ y.T)
    np.maximum(squares, 0, out=squares)
    squares /= np.float32(x.shape[1])
    return squares


def coarse(
    recording: Floats,
    reference: Floats,
    text: SentenceFrames,
    silence: Floats,
    centre: Indices,
    band: int,
    costs: PathCosts,
    alien: Floats | None = None,
) -> Indices:
    """For each frame of the recording a frame of the reference, or -1 - k in the gap before sentence k.

    `recording` and `reference` are (frames, dimensions), `silence` is (dimensions,). The path is at most
    `band` frames of the reference away from `centre` (frames of the recording,), which is non-decreasing.
    `alien` is (frames of the recording,): what each pays if it is not in the text, if not all `costs.gap`.
    """
    begins, rows, sentences = text.begins, len(recording), len(text.begins) - 1
    gaps = begins + _SLOTS * np.arange(1, sentences + 2) - 1  # the place of each gap
    width = int(gaps[-1]) + 1
    place = np.arange(len(reference)) + _SLOTS * np.repeat(np.arange(1, sentences + 1), np.diff(begins))
    laid = np.zeros((width, reference.shape[1]), np.float32)
    laid[place] = reference
    pausing = np.full(width, _INFINITE, np.float32)
    pausing[place[text.pauses]] = costs.steps[0]
    stillness = distances(recording, silence[None])[:, 0]
    alien = np.full(rows, costs.gap, np.float32) if alien is None else alien

    now = np.full(width + _SLOTS, _INFINITE, np.float32)  # shifted by three, so that a slice may begin before
    after = now.copy()
    between = _GapStates(gaps, begins, rows, costs)
    between.begin(now)
    span = min(2 * band + 1, width)
    lows = np.clip(place[np.clip(centre, 0, len(place) - 1)] - band, 0, width - span)
    quarter = -(-span // 4)
    codes = np.zeros((rows, quarter), np.uint8)
    best, other = np.empty((2, span), np.float32)
    worse = np.empty(span, np.bool_)
    step = np.zeros(4 * quarter, np.uint8)
    chosen, parts = step[:span], step.reshape(4, quarter)
    price = [np.float32(p) for p in costs.steps]
    for top in range(0, rows, _ROWS):
        stop = min(rows, top + _ROWS)
        left, right = int(lows[top]), int(lows[stop - 1]) + span
        block = distances(recording[top:stop], laid[left:right])
        for i in range(top, stop):
            low = int(lows[i])
            high = low + span
            np.add(now[low + 3 : high + 3], price[0], out=best)
            chosen.fill(0)
            for n in (1, 2, 3):
                np.add(now[low + 3 - n : high + 3 - n], price[n], out=other)
                np.less(other, best, out=worse)
                np.minimum(best, other, out=best)
                np.copyto(chosen, n, where=worse)
            best += block[i - top, low - left : high - left]
            if stillness[i] < costs.gap / 2:
                np.add(now[low + 3 : high + 3], pausing[low:high], out=other)
                other += stillness[i]
                np.less(other, best, out=worse)
                np.minimum(best, other, out=best)
                np.copyto(chosen, 0, where=worse)
            after[int(lows[max(0, i - 2)]) + 3 : low + 3] = _INFINITE
            after[low + 3 : high + 3] = best
            between.pass_row(i, after, stillness[i], alien[i])
            codes[i] = parts[0] | parts[1] << 2 | parts[2] << 4 | parts[3] << 6
            now, after = after, now
        least = now.min()
        now[now < _INFINITE / 2] -= least
        between.lower(least)
    return _traced(codes, between, lows)


class _GapStates:
    """Between the sentences: silence, or something that is not in the text, which costs its opening."""

    def __init__(self, gaps: Indices, begins: Indices, rows: int, costs: PathCosts) -> None:
        self.places = gaps
        # Not in float32: to skip an hour costs so much that the rounding would decide what is skipped.
        self._skip = np.concatenate([[0], np.cumsum(costs.skip * (np.diff(begins) + 4))])
        self._dead = np.concatenate([gaps - 1, gaps - 2]) + _SLOTS
        self._own, self._ends = gaps + _SLOTS, gaps[1:]  # a sentence's last frame is _SLOTS before a gap
        self._other = np.full(len(gaps), float(_INFINITE))
        self._opening = costs.opening
        self.codes = np.zeros((rows, len(gaps)), np.uint8)
        self.opened = np.zeros((rows, len(gaps)), np.bool_)

    def begin(self, now: Floats) -> None:
        self._price = self._skip
        now[self._own] = self._price

    def pass_row(self, row: int, after: Floats, stillness: np.float32, alien: np.float32) -> None:
        """The new price of each gap, where a frame pays `stillness`, or `alien` if it is something else.

        Codes: stayed in silence (0), come from the sentence before (1), skipped that one (2), heard something
        else (3).
        """
        codes, before = self.codes[row], self._price
        opening = before + (alien + self._opening)
        self._other += alien
        np.less(opening, self._other, out=self.opened[row])
        np.minimum(self._other, opening, out=self._other)
        price = before + stillness
        read = after[self._ends]
        fresh = read < price[1:]
        codes[1:] = fresh
        price[1:][fresh] = read[fresh]
        heard = self._other < price
        codes[heard] = 3
        price[heard] = self._other[heard]
        skipped = np.minimum.accumulate(price - self._skip) + self._skip
        shorter = skipped < price - 1e-3
        codes[shorter] = 2
        after[self._dead] = _INFINITE
        self._price = np.where(shorter, skipped, price)
        after[self._own] = self._price

    def lower(self, price: np.float32) -> None:
        self._other -= price
        self._price = self._price - price


def _traced(codes: NDArray[np.uint8], gaps: _GapStates, lows: Indices) -> Indices:
    quarter = codes.shape[1]
    places = gaps.places
    gap_at = {int(g): k for k, g in enumerate(places)}
    path = np.empty(len(codes), np.intp)
    at, other = int(places[-1]), False
    for i in range(len(codes) - 1, -1, -1):
        while not other and at in gap_at:
            code = gaps.codes[i, gap_at[at]]
            if code == 0:
                break
            if code == 1:
                at -= _SLOTS
            elif code == 2:
                at = int(places[gap_at[at] - 1])
            else:
                other = True
        if at in gap_at:
            path[i] = -1 - gap_at[at]
            other = other and not gaps.opened[i, gap_at[at]]
            continue
        k = at - int(lows[i])
        path[i] = at - _SLOTS * int(np.searchsorted(places, at))
        at -= int(codes[i, k % quarter] >> 2 * (k // quarter) & 3)
    return path


def fine(recording: Floats, laid: Floats, silent: Flags, reach: int, costs: PathCosts) -> Indices:
    """Warp the recording against as many rows of the reference that are laid along it, in a band.

    `recording` and `laid` are (frames, dimensions); where `silent` (frames,), the reference is a gap, and
    steps are free. Returns (frames,): the row of `laid` that each frame is heard in, at most `reach` rows
    away.
    """
    frames = len(recording)
    stretch = min(_STRETCH, -(-frames // 8) * 8)
    margin = min(_MARGIN, stretch // 2)
    rows = -(-(stretch + 2 * margin) // _TILE) * _TILE
    begins = np.arange(0, frames, stretch)
    tiles = begins[:, None] + np.arange(-margin, rows - margin, _TILE)
    ours = recording[np.clip(tiles[..., None] + np.arange(_TILE), 0, frames - 1)]
    wide = tiles[..., None] + np.arange(-reach, _TILE + reach)
    outside = (wide < 0) | (wide >= frames)
    np.clip(wide, 0, frames - 1, out=wide)
    theirs, gaps = laid[wide], silent[wide] | outside
    cost = ours @ theirs.swapaxes(2, 3)
    cost *= -2
    cost += (ours * ours).sum(axis=3)[..., None]
    cost += (theirs * theirs).sum(axis=3)[:, :, None]
    cost /= np.float32(recording.shape[1])
    np.minimum(cost, np.where(gaps, np.float32(costs.gap), _INFINITE)[:, :, None], out=cost)
    charged = _diagonals(np.broadcast_to(~gaps[:, :, None], cost.shape), reach)
    away = _banded(_diagonals(cost, reach), charged, costs)
    path = away[:, margin : margin + stretch].ravel()[:frames] + np.arange(frames)
    return np.clip(np.maximum.accumulate(path), 0, frames - 1)


def _diagonals(tiles: NDArray[Any], reach: int) -> NDArray[Any]:
    """(stretches, rows, 2 * reach + 1): of each tile's rows, the part around the diagonal."""
    n, k, height, _ = tiles.shape
    a, b, c, d = tiles.strides
    view = np.lib.stride_tricks.as_strided(tiles, (n, k, height, 2 * reach + 1), (a, b, c + d, d))
    return view.reshape(n, k * height, 2 * reach + 1)


def _banded(cost: Floats, charged: Flags, costs: PathCosts) -> Indices:
    """(stretches, rows): how far from the diagonal the best path lies.

    It begins and ends anywhere; steps cost only where `charged`.
    """
    count, rows, width = cost.shape
    codes = np.zeros((rows, count, width), np.uint8)
    now = np.full((count, width + 3), _INFINITE, np.float32)  # two places to the left, one to the right
    now[:, 2:-1] = cost[:, 0]
    best, other = np.empty((2, count, width), np.float32)
    worse = np.empty((count, width), np.bool_)
    stay, on, skip, leap = (np.float32(p) for p in costs.steps)
    for i in range(1, rows):
        code, charge = codes[i], charged[:, i]
        np.add(now[:, 2:-1], on, out=best)
        code.fill(1)
        for n, source, price in ((0, now[:, 3:], stay), (2, now[:, 1:-2], skip), (3, now[:, :-3], leap)):
            np.multiply(charge, price, out=other)
            other += source
            np.less(other, best, out=worse)
            np.minimum(best, other, out=best)
            np.copyto(code, n, where=worse)
        best += cost[:, i]
        now[:, 2:-1] = best
    at = np.argmin(now[:, 2:-1], axis=1)
    path = np.empty((rows, count), np.intp)
    every = np.arange(count)
    for i in range(rows - 1, -1, -1):
        path[i] = at
        at = np.clip(at + 1 - codes[i, every, at].astype(np.intp), 0, width - 1)
    path -= (width - 1) // 2
    return path.T
