"""Lists of words, written as a text."""

from __future__ import annotations

CODES = ("ISBN", "ISBN-13", "ISBN-10", "ISSN")
"""What stands before a number that is said digit by digit."""


def names(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


def in_order(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())
