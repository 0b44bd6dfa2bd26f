"""Characters that are numbers by themselves: fractions, superscripts, numbers in circles."""

from __future__ import annotations

import unicodedata

VULGAR = {
    sign: (int(above), int(below))
    for sign in "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
    for above, _, below in [unicodedata.normalize("NFKC", sign).partition("\u2044")]
}
"""Numerator and denominator of a sign that is a fraction."""
FRACTIONS = "".join(VULGAR)
"""For a class in a regular expression: the same signs."""
SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
"""The same: powers, and marks of notes."""


def value(sign: str) -> str:
    """The number, in European digits, that a sign is; empty if it is none."""
    number = unicodedata.numeric(sign, -1.0)
    if number < 0:
        return ""
    return str(int(number)) if number == int(number) else f"{number:.4f}".rstrip("0")


def is_number(sign: str) -> bool:
    """Whether a character is a number, and neither a digit nor a letter."""
    return unicodedata.category(sign) in ("No", "Nl")
