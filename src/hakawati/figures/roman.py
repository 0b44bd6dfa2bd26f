"""Roman numerals."""

from __future__ import annotations

import re

_FORM = re.compile("M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def roman(text: str) -> int | None:
    """The number, 1 to 3999, that is written in capital letters in the standard form; else None."""
    if not text or not _FORM.fullmatch(text):
        return None
    values = [_VALUES[letter] for letter in text]
    return sum(a if a >= b else -a for a, b in zip(values, [*values[1:], 0], strict=True))
