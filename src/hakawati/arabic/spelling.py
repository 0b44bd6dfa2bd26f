"""Vowelled words, letter by letter, with each letter's marks told apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

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

VOWEL_MARKS: Mapping[str, str] = {
    FATHA: "a", KASRA: "i", DAMMA: "u", FATHATAN: "an", KASRATAN: "in", DAMMATAN: "un",
}  # fmt: skip
CARRIERS = frozenset("اوي")
"""The letters that also write long vowels."""
_ALIKE = str.maketrans("ٱکیہھەۃ", "اكيهههة")
_LONG_VOWEL = re.compile(f"((?<={DAMMA})و|(?<={KASRA})ي|ا){SUKUN}")
"""Some write a sukun on the letter of a long vowel."""
_ORDER = {SHADDA: 0, DAGGER: 2, SUKUN: 3}


class Letter(NamedTuple):
    """A letter and its marks."""

    char: str
    vowel: str = ""
    """a, i, u; an, in, un for tanwin."""
    double: bool = False
    """It has a shadda."""
    quiet: bool = False
    """It has a sukun."""
    dagger: bool = False
    """It has a dagger alif: a long a that has no letter of its own."""

    @property
    def unmarked(self) -> bool:
        return not (self.vowel or self.double or self.quiet or self.dagger)

    @property
    def closed(self) -> bool:
        """No vowel comes between it and what is before it: it has a sukun, or is doubled."""
        return (self.quiet and not self.vowel) or self.double


def normal(word: str) -> str:
    """The word with its marks in one order, shadda first, and without what has no sound."""
    found: list[str] = []
    marks: set[str] = set()
    for c in unicodedata.normalize("NFC", word).translate(_ALIKE):
        if c in MARKS:
            marks.add(c)
        elif c.isalpha() and c != "\u0640":
            found += sorted(marks, key=_order)
            marks = set()
            found.append(c)
    spelt = "".join([*found, *sorted(marks, key=_order)]).lstrip("".join(MARKS))
    return _LONG_VOWEL.sub(r"\1", spelt)


def _order(mark: str) -> tuple[int, str]:
    return _ORDER.get(mark, 1), mark


def letters(word: str) -> list[Letter]:
    """The letters of a word in its normal form."""
    found: list[Letter] = []
    for c in word:
        if c not in MARKS:
            found.append(Letter(c))
        elif found:
            found[-1] = _with(found[-1], c)
    return found


def _with(letter: Letter, mark: str) -> Letter:
    if mark == SHADDA:
        return letter._replace(double=True)
    if mark == SUKUN:
        return letter._replace(quiet=True)
    if mark == DAGGER:
        return letter._replace(dagger=True)
    return letter._replace(vowel=letter.vowel or VOWEL_MARKS[mark])


def bare(word: Sequence[Letter]) -> bool:
    """Whether no letter has a mark other than a shadda."""
    return not any(letter.vowel or letter.quiet or letter.dagger for letter in word)
