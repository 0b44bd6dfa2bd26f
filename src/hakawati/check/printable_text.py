"""Text from a book that anyone may have made, as it is safe to print."""

from __future__ import annotations

import unicodedata

_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Control characters, which a terminal would obey, and directional ones, which would turn the rest."""
_JOINERS = "\u200c\u200d"


def printable(text: str, most: int = 60) -> str:
    """A text in one line, cut at `most` characters, without what could not be seen in it."""
    line = " ".join(text[: 4 * most].split())
    kept = "".join(c if c in _JOINERS or unicodedata.category(c) not in _HIDDEN else "\ufffd" for c in line)
    return kept if len(kept) <= most and len(text) <= 4 * most else f"{kept[:most].rstrip()}…"
