"""The direction of a text in whatever language, for readers that know neither `dir="auto"` nor `bdi`."""

from __future__ import annotations

import unicodedata

from hakawati.model import direction

_MARKS = {"ltr": "\u200e", "rtl": "\u200f"}
_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}


def text_direction(text: str, lang: str) -> str:
    """`ltr` or `rtl` by the first letter (UAX #9, P2 and P3), else that of `lang`."""
    found = (_STRONG.get(unicodedata.bidirectional(c)) for c in text)
    return next(filter(None, found), direction(lang))


def closing_mark(text: str, lang: str) -> str:
    """What keeps a bracket or stop at the end of a text on its side, where `lang` has the other direction.

    MuPDF knows no isolation. Elsewhere the mark (LRM, RLM) does nothing.
    """
    found = text_direction(text, lang)
    needed = found != direction(lang) and unicodedata.bidirectional(text[-1]) not in _STRONG
    return _MARKS[found] if needed else ""
