"""The values an alignment takes and gives: reference sentences, and the times of sentences and words."""

from __future__ import annotations

from dataclasses import dataclass

from hakawati.model import Speech


@dataclass(frozen=True, slots=True)
class Reference:
    """A sentence as another voice speaks it, with the onset of each of its words in samples of the speech."""

    speech: Speech
    words: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AlignedSentence:
    """Where a sentence is read, in samples of the recording.

    Of one that is not found, `begin` and `end` are those of the stretch where it is missing, from the end of
    the sentence found before it to the beginning of the one found after it; its words are all at `begin`.
    """

    begin: int
    end: int
    words: tuple[int, ...]
    """The onset of each word, non-decreasing."""
    confidence: float
    """0 to 1: 1 is as like the reference as most of the recording, 0 not like it at all, or nowhere."""
    found: bool
    evidence: float = 0.0
    """By how many nepers, in a frame and dimension, its text is likelier than none: 0 for any text, 0.13 to
    0.18 for most that people read, 0.36 and more for a voice like the reference's."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Every sentence in order, and the stretches of sound that are none of them, in samples."""

    sentences: tuple[AlignedSentence, ...]
    extras: tuple[tuple[int, int], ...]
    """(begin, end) of remarks, repetitions and whatever else is heard and does not stand in the text."""
