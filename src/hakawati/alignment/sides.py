"""The two sides of an alignment, made ready to be compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from hakawati.alignment.features import (
    CEPSTRA,
    HOP,
    STRIDE,
    Floats,
    Hearing,
    Spectra,
    coarse_features,
    fine_features,
    hearings,
    spectra,
)
from hakawati.alignment.paths import Indices, Layout
from hakawati.alignment.sentences import Reference
from hakawati.alignment.time_map import Places, pause_frames

_HIGHEST = 10_000.0
"""Hz. What the two sides are compared up to, where both reach so far."""


@dataclass(frozen=True, slots=True)
class Text:
    """The reference, sentence after sentence, each of a whole number of coarse frames."""

    spectra: Spectra
    begins: Indices
    """(sentences + 1,): the fine frame where each sentence begins, and the number of frames."""
    ends: Indices
    """(sentences,): the fine frame where its sound ends; the rest fills a coarse one."""
    words: tuple[Places, ...]
    """For each sentence the onsets of its words, in fine frames."""
    top: float
    """Hz. The highest frequency that both sides have."""

    @property
    def layout(self) -> Layout:
        """In coarse frames."""
        return Layout(self.begins // STRIDE, pause_frames(self.begins, self.words))


@dataclass(frozen=True, slots=True)
class View:
    """One side as it is compared to the other: its spectra, and the ear that hears them."""

    spectra: Spectra
    ear: Hearing
    coarse: Floats
    """(frames // STRIDE, dimensions)"""

    @property
    def frames(self) -> int:
        return len(self.spectra)

    def turned(self, turn: Floats, shift: Floats) -> View:
        """As another ear hears it, to which cepstra are `cepstra @ turn + shift`."""
        halves = self.coarse.reshape(-1, CEPSTRA) @ turn + shift
        return View(self.spectra, self.ear.turned(turn, shift), halves.reshape(self.coarse.shape))

    def fine(self, at: Indices) -> Floats:
        """What is heard in chosen frames: (len(at), dimensions)."""
        return fine_features(self.ear, self.spectra, at)


def read(references: Iterable[Reference], rate: int) -> Text:
    """Hear the reference of a recording at `rate` Hz. Raises `ValueError` where a sentence has no word."""
    made: list[Spectra] = []
    words: list[Places] = []
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
    return Text(whole, np.array(begins), np.array(ends), tuple(words), top)


def views(sound: Spectra, text: Text) -> tuple[View, View]:
    """The recording's and the reference's."""
    sound = _filled(sound)
    ear, eye = hearings(sound, text.spectra)
    return (
        View(sound, ear, coarse_features(ear, sound)),
        View(text.spectra, eye, coarse_features(eye, text.spectra)),
    )


def _filled(spectra: Spectra) -> Spectra:
    """To a whole number of coarse frames, at least one."""
    missing = -len(spectra) % STRIDE if len(spectra) else STRIDE
    return np.pad(spectra, ((0, missing), (0, 0)), mode="edge" if len(spectra) else "constant")
