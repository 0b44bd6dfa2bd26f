"""Who listens: text and sound are compared by whoever can, since this room knows no voice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SentenceRange:
    """A sentence of a text. Ranges are of characters, half-open; the words' are of the sentence."""

    begin: int
    end: int
    words: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ExpectedSentence:
    """A sentence that should be heard."""

    lang: str
    text: str
    words: tuple[tuple[int, int], ...]
    voice: str = ""
    """The language of the voice that is imagined to read it, where that is not its own."""


@dataclass(frozen=True, slots=True)
class SentenceMatch:
    """What was heard of a sentence, in samples of the sound, at `SAMPLE_RATE`."""

    begin: int
    end: int
    words: tuple[int, ...]
    """The onset of each word."""
    confidence: float
    """0 to 1: how like the text it sounds, compared with the rest."""
    found: bool
    reference_seconds: float
    """How long another voice takes for it."""
    evidence: float = 0.0
    """Nepers by which it is likelier the text than none: 0.13 to 0.18 for people, 0.36 and more for a voice
    that is known."""


class ForcedAligner(Protocol):
    """Hears where sentences are read."""

    def split(self, text: str, lang: str) -> Sequence[SentenceRange]:
        """The sentences of a text, those with a word in them, in order."""
        ...

    def supports(self, lang: str) -> bool:
        """Whether it can tell what is read in a language."""
        ...

    def align(
        self, sound: Iterable[bytes], expected: Sequence[ExpectedSentence]
    ) -> tuple[list[SentenceMatch | None], list[tuple[int, int]]]:
        """What is heard of each sentence, in order, and the stretches that are none of them.

        `sound`: signed 16-bit little-endian mono PCM at `SAMPLE_RATE`. None: it cannot tell.
        """
        ...
