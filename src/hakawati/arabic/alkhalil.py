"""The forms that an Arabic word can have, and how frequent they are, by AlKhalil's lexicon (farahidi)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from hakawati.arabic.diacritics import DIACRITICS, diacritic, letters

if TYPE_CHECKING:
    from farahidi import Analyzer

PACKAGE = "farahidi"
_MOST = 40
"""Letters of the longest word that is looked up."""
_RARE = 1e-9
"""The frequency of a lemma that the lexicon's corpus lacks."""


@dataclass(frozen=True, slots=True)
class WordForms:
    """The forms of a word; none where the lexicon lacks it."""

    marks: bytes
    """Form by form, and letter by letter in each, which of `DIACRITICS` it has."""
    frequencies: tuple[float, ...]
    """For each form the logarithm of how frequent its lemma is in a corpus of modern Arabic."""


Lexicon = Callable[[str], WordForms]
"""Gives the forms of a word without marks, with all case endings that it can have."""


@lru_cache(maxsize=4_000)
def word_forms(word: str) -> WordForms:
    """The forms of a word; a `Lexicon`. The first takes 0.7 s and 130 MB, any other some milliseconds."""
    if len(word) > _MOST:
        return WordForms(b"", ())
    found: dict[bytes, float] = {}
    coded: dict[str, bytes] = {}
    analyzer, frequencies = _lexicon()
    for analysis in analyzer.analyze(word):
        frequency = round(math.log(frequencies.get(analysis.lemma or "", 0.0) + _RARE), 4)
        for form in {inflection.diacritized for inflection in analysis.inflections}:
            if form not in coded:
                coded[form] = _coded(form, word)
            if marks := coded[form]:
                found[marks] = max(found.get(marks, frequency), frequency)
    return WordForms(b"".join(sorted(found)), tuple(found[marks] for marks in sorted(found)))


def _coded(form: str, word: str) -> bytes:
    """Which of `DIACRITICS` its letters have; nothing where it is not the word letter for letter."""
    vowelled = letters(form)
    marks = [diacritic(letter.marks) for letter in vowelled]
    if "".join(letter.character for letter in vowelled) != word or not set(marks) <= set(DIACRITICS):
        return b""
    return bytes(map(DIACRITICS.index, marks))


@cache
def _lexicon() -> tuple[Analyzer, Mapping[str, float]]:
    """Read when the first word is looked up, and kept for the process."""
    from farahidi import Analyzer
    from farahidi.lm import LanguageModel

    return Analyzer(), LanguageModel().map_lemma
