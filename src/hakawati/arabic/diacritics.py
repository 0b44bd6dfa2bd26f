"""A text as letters with their marks, and all that may be written on a letter."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from hakawati.arabic.marks import (
    DAGGER,
    DAMMA,
    DAMMATAN,
    FATHA,
    FATHATAN,
    KASRA,
    KASRATAN,
    MARKS,
    SHADDA,
    SUKUN,
)

HAMZAS = ("", "\u0654", "\u0655", "\u0653")
"""Unicode's marks for what is written on or below a letter: nothing, hamza, hamza below, madda."""
_TATWEEL = "\u0640"
_SHORT = (FATHATAN, DAMMATAN, KASRATAN, FATHA, DAMMA, KASRA)

DIACRITICS = ("", *_SHORT, SHADDA, SUKUN, *(SHADDA + mark for mark in _SHORT))
"""All that can be written on a letter: of the marks but the dagger alif, which is spelling and no vowel."""
NONE, NO_VOWEL = DIACRITICS.index(""), DIACRITICS.index(SUKUN)


@dataclass(frozen=True, slots=True)
class MarkedCharacter:
    """A character of a text with the marks that follow it, as its author wrote them."""

    character: str
    marks: str = ""

    @property
    def takes_vowels(self) -> bool:
        """Whether it is an Arabic letter; tatweel is none."""
        c = self.character
        return "\u0620" <= c <= "\u06d3" and c != _TATWEEL and c.isalpha()

    @property
    def is_silent(self) -> bool:
        """Whether it has no part in the reading: tatweel, a control character, another mark."""
        return self.character == _TATWEEL or unicodedata.category(self.character) in ("Mn", "Cf")

    @property
    def base(self) -> str:
        """The letter without hamza or madda: ا of أ, و of ؤ."""
        return unicodedata.normalize("NFD", self.character)[0]

    @property
    def hamza(self) -> str:
        """The one of `HAMZAS` that is written with it."""
        return next((c for c in unicodedata.normalize("NFD", self.character)[1:] if c in HAMZAS), "")


def letters(text: str) -> list[MarkedCharacter]:
    """Every character of a text that is no mark, with the marks behind it.

    Marks that nothing precedes are characters by themselves, so that no text loses any.
    """
    found: list[tuple[str, list[str]]] = []
    for c in text:
        if c in MARKS and found:
            found[-1][1].append(c)
        else:
            found.append((c, []))
    return [MarkedCharacter(c, "".join(marks)) for c, marks in found]


def diacritic(marks: str) -> str:
    """Marks in one order, shadda first, each once, and without the dagger alif."""
    return "".join(sorted(set(marks) - {DAGGER}, key=lambda mark: (mark != SHADDA, mark)))
