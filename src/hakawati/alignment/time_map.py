"""From a path to times: the reference laid along a recording, and the time of each position in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hakawati.alignment.features import STRIDE
from hakawati.alignment.warping import Flags, Indices

FramePositions = NDArray[np.float64]
"""Positions in the reference or the recording, in frames and parts of them."""
_EDGE = 4
"""Frames at either end of a segment that are left to the gap, so that there always is one."""
_SMOOTH = 7
"""Coarse frames over which the pace is evened out."""
_ANCHOR = 12
"""Frames of clear sound by which a beginning after silence, or an end before it, is placed."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a sentence between pauses, in frames."""

    sentence: int
    first: int
    last: int
    """Rows of the recording, the last one excluded."""
    begin: float
    end: float
    """Of the reference."""


@dataclass(frozen=True, slots=True)
class CoarseAlignment:
    """The reference laid along the recording."""

    at: FramePositions
    """(frames of the recording,): a place in the reference; non-decreasing."""
    silent: Flags
    """(frames of the recording,): whether nothing of the reference is there."""
    segments: tuple[Segment, ...]


def lay(
    path: Indices, paused: Flags, begins: Indices, ends: Indices, words: Sequence[FramePositions]
) -> CoarseAlignment:
    """Lay the reference along a coarse path, evenly paced between gaps and pauses.

    `path` and `paused` are (coarse frames,); `begins` (sentences + 1,), `ends` and each sentence's
    `words` are in fine frames of the reference.
    """
    frames = len(path) * STRIDE
    at, silent = np.zeros(frames), np.ones(frames, np.bool_)
    sentence = np.where(path < 0, -1, np.searchsorted(begins, path * STRIDE, side="right") - 1)
    segments: list[Segment] = []
    for k in np.unique(sentence[sentence >= 0]):
        rows = np.flatnonzero(sentence == k)
        cuts = _cuts(rows, path, paused, words[k])
        edges = [(rows[0], float(begins[k]))]
        for first, last, place in cuts:
            edges += [(first, place), (last, place)]
        edges.append((rows[-1] + 1, float(ends[k])))
        for (top, begin), (stop, end) in zip(edges[::2], edges[1::2], strict=True):
            if stop <= top or end <= begin:
                continue
            inner = np.arange(top, stop)
            steady = _smoothed((path[inner] * STRIDE + STRIDE / 2).astype(np.float64))
            segment = Segment(int(k), int(top) * STRIDE + _EDGE, int(stop) * STRIDE - _EDGE, begin, end)
            mine = np.arange(segment.first, segment.last)
            known = np.concatenate([[segment.first], inner * STRIDE + STRIDE / 2, [segment.last]])
            places = np.concatenate([[begin], np.clip(steady, begin, end), [end]])
            paced = np.interp(mine, known, np.maximum.accumulate(places))
            at[mine] = paced + np.linspace(0, 1e-3, len(mine))  # strictly increasing, to be inverted
            silent[mine] = False
            segments.append(segment)
    heard = np.flatnonzero(~silent)
    if len(heard):
        at[silent] = np.interp(np.flatnonzero(silent), heard, at[heard])
    return CoarseAlignment(at, silent, tuple(segments))


def _cuts(rows: Indices, path: Indices, paused: Flags, words: FramePositions) -> list[tuple[int, int, float]]:
    """(first row, last row excluded, place in the reference) of each pause within a sentence."""
    still = rows[paused[rows]]
    cuts: list[tuple[int, int, float]] = []
    for run in np.split(still, np.flatnonzero((np.diff(still) > 1) | (np.diff(path[still]) > 0)) + 1):
        if len(run) < 2:
            continue
        place = float(words[np.argmin(np.abs(words - (path[run[0]] + 1) * STRIDE))])
        cuts.append((int(run[0]), int(run[-1]) + 1, place))
    return cuts


def _smoothed(places: FramePositions) -> FramePositions:
    if len(places) <= _SMOOTH // 2:
        return places
    wide = np.pad(places, _SMOOTH // 2, mode="reflect", reflect_type="odd")
    made: FramePositions = np.convolve(wide, np.full(_SMOOTH, 1 / _SMOOTH), "valid")
    return made


def pause_frames(begins: Indices, words: Sequence[FramePositions]) -> Indices:
    """The coarse frames after which a word, but not a sentence, begins."""
    inner = [np.rint(w[1:] / STRIDE).astype(np.intp) - 1 for w in words]
    every = np.unique(np.concatenate(inner)) if inner else np.zeros(0, np.intp)
    ends = begins // STRIDE
    return every[(every >= 0) & ~np.isin(every, ends - 1)]


class TimeMap:
    """When a place in the reference is heard, once the recording was warped against what is laid along it."""

    def __init__(self, laid: CoarseAlignment, heard: Indices, loud: Flags) -> None:
        """`heard`: for each frame of the recording the row of `laid`; `loud`: for each of the reference."""
        self._laid, self._loud = laid, loud
        self._rows, inverse = np.unique(heard, return_inverse=True)
        self._when = np.bincount(inverse, np.arange(len(heard))) / np.bincount(inverse)
        steps = np.diff(laid.at[~laid.silent])
        self._pace = 1 / max(0.2, float(np.median(steps[steps > 1e-3]))) if len(steps) else 1.0

    def sentence(self, segments: Sequence[Segment], words: FramePositions) -> tuple[FramePositions, float]:
        """When the words of a sentence are heard, in order, and when it ends, in the recording's frames.

        `segments` are the sentence's, in order.
        """
        owner = np.searchsorted([segment.begin for segment in segments[1:]], words, side="right")
        times, end = np.zeros(len(words)), 0.0
        for n, segment in enumerate(segments):
            times[owner == n], end = self._segment(segment, words[owner == n])
        return np.maximum.accumulate(np.maximum(times, 0)), end

    def _segment(self, segment: Segment, places: FramePositions) -> tuple[FramePositions, float]:
        """When places in a segment are heard, its beginning too, and when it ends; in the recording's frames.

        A beginning after silence and an end before it are told by the sound next to them: where in the
        silence one lies cannot be heard.
        """
        times = self._at(segment, places)
        first = int(segment.begin)
        sound = first + np.flatnonzero(self._loud[first : int(segment.end)])
        if len(sound) == 0:
            return times, float(self._at(segment, np.array([segment.end]))[0])
        span = sound[-1] - sound[0]
        ends = self._at(segment, sound[[0, -1]].astype(np.float64))
        pace = (ends[1] - ends[0]) / span if span > 4 * _ANCHOR else self._pace
        pace = float(np.clip(pace, 0.3, 3))
        near = np.arange(sound[0], min(sound[0] + _ANCHOR, int(segment.end)))
        begin = float(np.median(self._at(segment, near.astype(np.float64)) - (near - segment.begin) * pace))
        far = np.arange(max(first, sound[-1] - _ANCHOR), sound[-1] + 1)
        end = float(np.median(self._at(segment, far.astype(np.float64)) + (segment.end - far) * pace))
        return np.where(places <= segment.begin + 1, begin, np.maximum(times, begin)), end

    def _at(self, segment: Segment, places: FramePositions) -> FramePositions:
        rows = np.arange(segment.first, segment.last)
        row = np.interp(places, self._laid.at[segment.first : segment.last], rows)
        times: FramePositions = np.interp(row, self._rows, self._when)
        return times
