"""The inputs of an alignment, recording and reference, as features that can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from hakawati.alignment.features import (
    CEPSTRA,
    HOP,
    STRIDE,
    CepstralTransform,
    Floats,
    Spectra,
    cepstral_transforms,
    coarse_features,
    fine_features,
    spectra,
)
from hakawati.alignment.results import Reference
from hakawati.alignment.time_map import FramePositions, pause_frames
from hakawati.alignment.warping import Indices, SentenceFrames

_HIGHEST = 10_000.0
"""Hz. What the two sides are compared up to, where both reach so far."""


@dataclass(frozen=True, slots=True)
class ReferenceText:
    """The reference, sentence after sentence, each of a whole number of coarse frames."""

    spectra: Spectra
    begins: Indices
    """(sentences + 1,): the fine frame where each sentence begins, and the number of frames."""
    ends: Indices
    """(sentences,): the fine frame where its sound ends; the rest fills a coarse one."""
    words: tuple[FramePositions, ...]
    """For each sentence the onsets of its words, in fine frames."""
    top: float
    """Hz. The highest frequency that both sides have."""

    @property
    def layout(self) -> SentenceFrames:
        """In coarse frames."""
        return SentenceFrames(self.begins // STRIDE, pause_frames(self.begins, self.words))


@dataclass(frozen=True, slots=True)
class SpeechFeatures:
    """The recording or the reference: its spectra, and how they become features."""

    spectra: Spectra
    transform: CepstralTransform
    coarse: Floats
    """(frames // STRIDE, dimensions)"""

    @property
    def frames(self) -> int:
        return len(self.spectra)

    def mapped(self, turn: Floats, shift: Floats) -> SpeechFeatures:
        """The same with every cepstrum mapped to `cepstra @ turn + shift`."""
        halves = self.coarse.reshape(-1, CEPSTRA) @ turn + shift
        transform = self.transform.mapped(turn, shift)
        return SpeechFeatures(self.spectra, transform, halves.reshape(self.coarse.shape))

    def fine(self, at: Indices) -> Floats:
        """The features of chosen frames: (len(at), dimensions)."""
        return fine_features(self.transform, self.spectra, at)


def read_references(references: Iterable[Reference], rate: int) -> ReferenceText:
    """The reference of a recording at `rate` Hz. Raises `ValueError` where a sentence has no word."""
    made: list[Spectra] = []
    words: list[FramePositions] = []
    begins, ends = [0], []
    top = 0.48 * rate
    for reference in references:
        speech = reference.speech
        if not reference.words:
            raise ValueError(f"sentence {len(words) + 1} of the reference has no word")
        if not made:
            top = min(top, 0.48 * speech.rate, _HIGHEST)
        heard = spectra([speech.pcm], speech.rate, top)
        made.append(_filled(heard))
        ends.append(begins[-1] + max(1, len(heard) - 1))
        words.append(begins[-1] + np.array(reference.words) / (speech.rate * HOP))
        begins.append(begins[-1] + len(made[-1]))
    whole = np.concatenate(made) if made else spectra([], 24_000, top)
    return ReferenceText(whole, np.array(begins), np.array(ends), tuple(words), top)


def comparable(sound: Spectra, text: ReferenceText) -> tuple[SpeechFeatures, SpeechFeatures]:
    """The recording's and the reference's."""
    sound = _filled(sound)
    ours, theirs = cepstral_transforms(sound, text.spectra)
    return (
        SpeechFeatures(sound, ours, coarse_features(ours, sound)),
        SpeechFeatures(text.spectra, theirs, coarse_features(theirs, text.spectra)),
    )


def _filled(spectra: Spectra) -> Spectra:
    """To a whole number of coarse frames, at least one."""
    missing = -len(spectra) % STRIDE if len(spectra) else STRIDE
    return np.pad(spectra, ((0, missing), (0, 0)), mode="edge" if len(spectra) else "constant")
