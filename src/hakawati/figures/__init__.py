"""Figures and signs of a sentence → words, in Arabic and English.

`spell` gives what is said for ranges of the printed text, which itself is never changed: a pure function of
the sentence. Arabic words are given without vowels, which their context gives them; gender, case and
construct are in their letters.
"""

from __future__ import annotations

from collections.abc import Sequence

from hakawati.figures import arabic, english
from hakawati.figures.line import Line, Replacement
from hakawati.model import Word

__all__ = ["Replacement", "is_spelt", "spell"]

_READERS = {"ar": arabic.read, "en": english.read}


def is_spelt(lang: str) -> bool:
    """Whether figures are put in words in a language; otherwise its engine reads them."""
    return lang.split("-", maxsplit=1)[0] in _READERS


def spell(text: str, words: Sequence[Word], lang: str) -> list[Replacement]:
    """What is said for the figures, signs and abbreviations of a sentence, in order, never overlapping."""
    read = _READERS.get(lang.split("-", maxsplit=1)[0])
    if read is None:
        return []
    line = Line(text, words)
    return [one for i, reading in read(line) for one in line.replacements(i, reading)]
