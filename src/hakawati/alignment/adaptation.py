"""Another voice made comparable: what its sounds are like when this reader makes them, and whether he did.

A person's cepstra are not those of the voice that speaks the reference, however level and spread are evened
out. But along a path that is about right, the ones can be told from the others by a linear map, which
least squares find. How well they can be told, where the map was not fitted, says whether a text was read:
raw distances do not, they are alike for any text.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hakawati.alignment.features import CEPSTRA, Floats
from hakawati.alignment.inputs import SpeechFeatures
from hakawati.alignment.warping import Indices

_HELD = 100.0
"""Frames of 40 ms by which the map is held to leaving things as they are: little sound changes little."""
_LEAST = 0.1
"""Variance that remains at least: voices that are very alike should not make one odd sound count for much."""
_PARTS = 16
"""Parts of a recording, each judged by a map that was fitted to the others."""

Doubles = NDArray[np.float64]


class FramePairs(NamedTuple):
    """Frames of 40 ms that belong together, each (frames, CEPSTRA)."""

    ours: Floats
    theirs: Floats

    def only(self, chosen: NDArray[np.bool_]) -> FramePairs:
        return FramePairs(self.ours[chosen], self.theirs[chosen])


def paired(ours: Floats, theirs: Floats, path: Indices) -> FramePairs:
    """The frames along a path, of features that are two halves each; those in gaps (< 0) left out."""
    inside = np.flatnonzero(path >= 0)
    return FramePairs(ours[inside].reshape(-1, CEPSTRA), theirs[path[inside]].reshape(-1, CEPSTRA))


def adapted(reference: SpeechFeatures, pairs: FramePairs) -> SpeechFeatures:
    """The reference as it would sound in the recording; the pairs are of the reference as it was."""
    return reference.mapped(*_fitted(pairs))


def evidence(pairs: FramePairs) -> Doubles:
    """(frames,): by how many nepers a frame is likelier for what it is paired with, in each dimension.

    Likelier than among the recording's frames at large; and in the eyes of maps that were fitted elsewhere.
    """
    made = np.zeros(len(pairs.ours))
    part = np.arange(len(made)) // 2 * _PARTS // max(1, len(made) // 2)
    for n in np.unique(part):
        known, asked = pairs.only(part != n), pairs.only(part == n)
        turn, shift = _fitted(known)
        mean = known.ours.mean(axis=0) if len(known.ours) else np.zeros(CEPSTRA, np.float32)
        told = _unlikely(known.ours - known.theirs @ turn - shift, asked.ours - asked.theirs @ turn - shift)
        made[part == n] = _unlikely(known.ours - mean, asked.ours - mean) - told
    return made


def _fitted(pairs: FramePairs) -> tuple[Floats, Floats]:
    """The map from the reference's cepstra to the recording's: (CEPSTRA, CEPSTRA) and (CEPSTRA,)."""
    x = np.pad(pairs.theirs.astype(np.float64), ((0, 0), (0, 1)), constant_values=1)
    held = _HELD * np.eye(CEPSTRA + 1)
    found = np.linalg.solve(x.T @ x + held, x.T @ pairs.ours + held[:, :-1]).astype(np.float32)
    return found[:-1], found[-1]


def _unlikely(known: Floats, asked: Floats) -> Doubles:
    """(frames,): how unlikely deviations are, in nepers and dimension, when they spread as known ones do."""
    spread = known.astype(np.float64).T @ known + _HELD * np.eye(CEPSTRA)
    spread = spread / (len(known) + _HELD) + _LEAST * np.eye(CEPSTRA)
    far: Doubles = (asked @ np.linalg.inv(spread) * asked).sum(axis=1)
    return (far + float(np.linalg.slogdet(spread)[1])) / (2 * CEPSTRA)
