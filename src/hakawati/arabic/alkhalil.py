"""The forms that an Arabic word can have, and how frequent they are, by AlKhalil's lexicon (farahidi)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from hakawati.arabic.diacritics import DIACRITICS, diacritic, letters

if TYPE_CHECKING:
    from farahidi import Analyzer

Form = tuple[int, ...]
"""For each letter of a word, which of `DIACRITICS` it has."""
PACKAGE = "farahidi"
_MOST = 40
"""Letters of the longest word that is looked up."""
_RARE = 1e-9
"""The frequency of a lemma that the lexicon's corpus lacks."""


@lru_cache(maxsize=20_000)
def forms(word: str) -> Mapping[Form, float]:
    """All forms of a word, given without marks, with all its case endings; none where the lexicon lacks it.

    Each with the logarithm of how frequent its lemma is in a corpus of modern Arabic.
    """
    if len(word) > _MOST:
        return {}
    found: dict[Form, float] = {}
    analyzer, frequencies = _lexicon()
    for analysis in analyzer.analyze(word):
        frequency = math.log(frequencies.get(analysis.lemma or "", 0.0) + _RARE)
        for inflection in analysis.inflections:
            vowelled = letters(inflection.diacritized)
            marks = [diacritic(letter.marks) for letter in vowelled]
            if "".join(letter.character for letter in vowelled) == word and set(marks) <= set(DIACRITICS):
                form = tuple(map(DIACRITICS.index, marks))
                found[form] = max(found.get(form, frequency), frequency)
    return found


@cache
def _lexicon() -> tuple[Analyzer, Mapping[str, float]]:
    """Read when the first word is looked up, and kept for the process."""
    from farahidi import Analyzer
    from farahidi.lm import LanguageModel

    return Analyzer(), LanguageModel().map_lemma
