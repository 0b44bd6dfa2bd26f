"""The passes of an alignment, each from what the one before has found."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from hakawati.alignment.adaptation import adapted, paired
from hakawati.alignment.features import CEPSTRA, Floats
from hakawati.alignment.inputs import ReferenceText, SpeechFeatures
from hakawati.alignment.time_map import CoarseAlignment, lay
from hakawati.alignment.warping import Flags, Indices, PathCosts, SentenceFrames, coarse, distances, fine

# Costs, as parts of the mean distance between any frame of the one side and any of the other.
_STEPS = (0.3, 0.0, 0.3, 0.9)
_FINE_STEPS = (0.1, 0.0, 0.1, 0.3)
_SKIP = 0.2
_OPENING = 2.0
_UNKNOWN_GAP = 0.75
"""For a frame that is not in the text, before it is known how like the two voices are.

At less, much of a slow person's reading is lost in gaps: a third at 0.6. From 0.75 to 0.9 none is.
"""
_KNOWN_GAP = 0.7
"""The same afterwards: from like to unlike."""
_FINE_GAP = 1.0
_NEVER = 9.0

_ROUNDS = 2
"""How often the first pass is repeated with the reference adapted; a third time changes nothing."""
_SPEECH = -1.0
"""The first of a frame's cepstra, its loudness, in speech; the speech's own has mean 0 and spread 1."""
_PACES = (0.6, 1.5)
"""Frames of the reference for each of the recording that a first guess may amount to."""
_ROUGH_BAND, _ROUGH_SHARE = 600, 12
"""Frames of 160 ms, and part of the recording, that the first pass may be away from an even pace."""
_BAND = 750
"""Frames of 80 ms that the second pass may be away from the first: a minute."""
_REACH = 48
"""Frames of 5 ms that the third pass may be away from the second."""
_SAMPLE = 750
"""Frames of 160 ms, by which it is found how far apart unlike sounds lie."""
_BLOCK, _LAP = 20_000, 300
"""Fine frames worked on at once, and those before and after that are worked on for their sake."""


@dataclass(frozen=True, slots=True)
class FirstPass:
    """What the first pass found."""

    centre: Indices
    """(coarse frames of the recording,): about where in the reference; non-decreasing."""
    far: float
    """The mean distance between any two coarse frames: the unit of the rest."""
    like: float
    """The distance of sentences from their reference."""
    unlike: float
    """The distance of sentences from a reference that is not theirs."""
    pace: float
    """Frames of the reference for each of the recording."""


class ThirdPass(NamedTuple):
    """What the third pass found, for each fine frame of the recording."""

    rows: Indices
    """The row of what is laid that a frame is heard in, non-decreasing."""
    from_silence: Floats
    """The distance from silence, as part of that of any two frames."""


def first_pass(
    recording: SpeechFeatures, reference: SpeechFeatures, text: ReferenceText, whole: bool
) -> tuple[FirstPass, SpeechFeatures]:
    """The first pass, and the reference adapted to the recording.

    `whole`: nothing is left out, and nothing put in.
    """
    begins = text.layout.begins
    firsts = np.concatenate([np.arange(a, b, 2) for a, b in pairwise(begins)])
    layout = SentenceFrames(np.searchsorted(firsts, begins), np.zeros(0, np.intp))
    lasts = np.repeat(begins[1:], np.diff(layout.begins)) - 1
    frames = len(recording.coarse)
    ours = _doubled(recording.coarse, np.arange(0, frames, 2), np.array(frames - 1))
    theirs = first = _doubled(reference.coarse, firsts, lasts)
    silence = _silence(recording, reference)
    line = (np.arange(len(ours)) * (len(theirs) / len(ours))).astype(np.intp)
    band = max(_ROUGH_BAND, len(ours) // _ROUGH_SHARE)
    pace = _speech(reference) / max(1, _speech(recording))
    pace = min(max(pace, _PACES[0]), _PACES[1])
    known = reference
    rounds = 0
    while True:
        far = max(1e-6, float(distances(_some(ours), _some(theirs)).mean()))
        costs = _certain(far, pace) if whole else _costs(far, _UNKNOWN_GAP, _OPENING / 2, pace)
        path = coarse(ours, theirs, layout, silence, line, band, costs)
        at = _reached(path, layout.begins)
        if band < len(theirs) and np.abs(at - line).max() >= 0.9 * band:
            band *= 2
            continue
        inside = path >= 0
        if not inside.any():
            break
        read = np.unique(np.searchsorted(layout.begins, path[inside], side="right") - 1)
        pace = float(np.diff(layout.begins)[read].sum() / np.count_nonzero(inside))
        if rounds == _ROUNDS:
            break
        rounds += 1
        known = adapted(reference, paired(ours, first, path))
        theirs = _doubled(known.coarse, firsts, lasts)
    like = _median_apart(ours, theirs, path, layout.begins, far)
    unlike = _unlike(ours, theirs, path, layout, silence, far) if like < _NEVER else like
    centre = np.repeat(np.append(firsts, begins[-1])[at], 2)[:frames]
    return FirstPass(centre, far, min(like, unlike), unlike, pace), known


def second_pass(
    recording: SpeechFeatures,
    reference: SpeechFeatures,
    text: ReferenceText,
    found: FirstPass,
    unread: Flags,
    whole: bool,
) -> tuple[CoarseAlignment, Indices]:
    """The reference without its `unread` (sentences,), laid along the recording; and the path itself.

    The path is (coarse frames of the recording,), negative in gaps and pauses.
    """
    layout = text.layout
    theirs = reference.coarse
    if unread.any():
        theirs = theirs.copy()
        theirs[np.repeat(unread, np.diff(layout.begins))] = 1e3  # nothing is like it
    gap = found.like + _KNOWN_GAP * (found.unlike - found.like)
    silence = _silence(recording, reference)
    costs = _certain(found.far, found.pace) if whole else _costs(found.far, gap, _OPENING, found.pace)
    alien = _alien(recording.coarse, costs.gap)
    path = coarse(recording.coarse, theirs, layout, silence, found.centre, _BAND, costs, alien)
    paused = np.zeros(len(path), np.bool_)
    paused[1:] = (path[1:] == path[:-1]) & np.isin(path[1:], layout.pauses)
    paused &= _apart(recording.coarse, silence[None]) < _apart(recording.coarse, theirs[np.maximum(path, 0)])
    laid = lay(path, paused, text.begins, text.ends, text.words)
    return laid, np.where(paused, -1, path)


def third_pass(recording: SpeechFeatures, reference: SpeechFeatures, laid: CoarseAlignment) -> ThirdPass:
    """The third pass."""
    frames = recording.frames
    rows = np.empty(frames, np.intp)
    from_silence = np.empty(frames, np.float32)
    silence = _silence(recording, reference)
    silence[CEPSTRA:] = 0  # here the second half is change
    far = 0.0
    for begin in range(0, frames, _BLOCK):
        end = min(frames, begin + _BLOCK)
        low, high = max(0, begin - _LAP), min(frames, end + _LAP)
        ours = recording.fine(np.arange(low, high))
        theirs = reference.fine(np.rint(laid.at[low:high]).astype(np.intp))
        silent = laid.silent[low:high]
        theirs[silent] = silence
        if far == 0.0 and not silent.all():
            far = max(1e-6, float(distances(ours[::31], theirs[~silent][::37]).mean()))
        unit = far or 1.0
        stay, on, skip, leap = (unit * step for step in _FINE_STEPS)
        costs = PathCosts(_FINE_GAP * unit, 0, 0, (stay, on, skip, leap))
        path = fine(ours, theirs, silent, _REACH, costs)
        inner = slice(begin - low, end - low)
        rows[begin:end] = path[inner] + low
        from_silence[begin:end] = _apart(ours[inner], silence[None]) / unit
    return ThirdPass(np.maximum.accumulate(rows), from_silence)


def _costs(far: float, gap: float, opening: float, pace: float = 1.0) -> PathCosts:
    """A slow reader stays, a fast one skips, as often as the pace says; that costs less, then."""
    slow = max(0.0, 1 - 2 * max(0.0, 1 - pace))
    fast = max(0.0, 1 - 2 * max(0.0, pace - 1))
    stay, on, skip, leap = (far * step for step in _STEPS)
    steps = (stay * slow, on, skip * fast, leap * (1 + fast) / 2)
    return PathCosts(gap * far, opening * far, _SKIP * far, steps)


def _certain(far: float, pace: float = 1.0) -> PathCosts:
    """Costs at which nothing is left out and nothing put in but silence."""
    costs = _costs(far, _NEVER, _NEVER, pace)
    return PathCosts(costs.gap, costs.opening, _NEVER * far, costs.steps)


def _alien(frames: Floats, gap: float) -> Floats:
    """(frames,): what each pays if it is not in the text; `gap` on the average of speech.

    An odd sound is far from everything, from the text's sound too, if it is there: if others paid as much for
    not being in the text, then an emphatic reading of it would often be taken for something else.
    """
    speech = frames[frames[:, 0] > _SPEECH]
    if len(speech) == 0:
        return np.full(len(frames), gap, np.float32)
    middle = speech.mean(axis=0)[None]
    odd: Floats = _apart(frames, middle) / max(1e-6, float(_apart(speech, middle).mean()))
    return (odd + 1) * np.float32(gap / 2)


def _doubled(coarse: Floats, firsts: Indices, lasts: Indices) -> Floats:
    """Two coarse frames as one; the second one not beyond `lasts`."""
    halves = (
        coarse[at].reshape(-1, 2, CEPSTRA).mean(axis=1) for at in (firsts, np.minimum(firsts + 1, lasts))
    )
    return np.hstack(list(halves))


def _silence(recording: SpeechFeatures, reference: SpeechFeatures) -> Floats:
    """(2 * CEPSTRA,): a coarse frame of the recording's silence, to which as much noise is added again."""
    return np.tile(recording.transform.silence(reference.transform.floor), 2)


def _speech(view: SpeechFeatures) -> int:
    """How many coarse frames are speech."""
    return int(np.count_nonzero(view.coarse[:, 0] > _SPEECH))


def _some(frames: Floats) -> Floats:
    """At most 1,500 of them, evenly spread."""
    return frames[:: -(-len(frames) // 1_500)]


def _reached(path: Indices, begins: Indices) -> Indices:
    """For each frame of a coarse path how far in the reference it is, in gaps too."""
    gaps = begins[np.where(path < 0, -1 - path, 0)]
    return np.maximum.accumulate(np.where(path < 0, gaps, path))


def _unlike(
    ours: Floats, theirs: Floats, path: Indices, layout: SentenceFrames, silence: Floats, far: float
) -> float:
    """How far a part of the recording is from its own sentences when they are turned back to front."""
    begins = layout.begins
    first = min(int(np.searchsorted(begins, begins[-1] // 3)), len(begins) - 2)
    last = int(np.searchsorted(begins, begins[first] + _SAMPLE))
    last = min(max(first + 1, last), len(begins) - 1)
    rows = np.flatnonzero((path >= begins[first]) & (path < begins[last]))
    if len(rows) == 0:
        rows, first, last = np.flatnonzero(path >= 0), 0, len(begins) - 1
    at = begins[first : last + 1] - begins[first]
    back = np.concatenate([theirs[a:b][::-1] for a, b in pairwise(begins[first : last + 1])])
    part = ours[rows[0] : rows[-1] + 1]
    line = (np.arange(len(part)) * (len(back) / len(part))).astype(np.intp)
    layout = SentenceFrames(at, np.zeros(0, np.intp))
    wrong = coarse(part, back, layout, silence, line, 2 * _SAMPLE, _certain(far))
    return _median_apart(part, back, wrong, at, far)


def _median_apart(ours: Floats, theirs: Floats, path: Indices, begins: Indices, far: float) -> float:
    """The median of the sentences' distances along a path; `_NEVER` where there are none."""
    inside = np.flatnonzero(path >= 0)
    if len(inside) == 0:
        return _NEVER
    sentence = np.searchsorted(begins, path[inside], side="right") - 1
    frames = np.bincount(sentence)
    total = np.bincount(sentence, _apart(ours[inside], theirs[path[inside]]))
    return float(np.median(total[frames > 0] / frames[frames > 0])) / far


def _apart(ours: Floats, theirs: Floats) -> Floats:
    """(rows,): the distance of each row from its fellow."""
    apart: Floats = ((ours - theirs) ** 2).mean(axis=1)
    return apart
