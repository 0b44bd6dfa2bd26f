"""Characters that no page can hold, and invisible ones that would turn what follows them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# What XML 1.0 §2.2 forbids (white space is allowed), and C1 controls, which no one writes on purpose.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
# Directional embeddings, overrides and isolates, and what closes each (UAX #9).
_CLOSING = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c") | dict.fromkeys("\u2066\u2067\u2068", "\u2069")
DIRECTIONAL = frozenset([*_CLOSING, *_CLOSING.values()])
_MOST = 20
"""A file in the wrong format has thousands; some are enough to see it."""


def composed(name: str) -> str:
    """A name in the one of Unicode's forms that keyboards make; some disks keep names in the other."""
    return unicodedata.normalize("NFC", name)


def faults(text: str) -> Iterator[tuple[int, str, str]]:
    """What is wrong with the characters of a text: (0-based line in it, message, hint)."""
    for match, _ in zip(_FORBIDDEN.finditer(text), range(_MOST), strict=False):
        message = f"the control character U+{ord(match[0]):04X}"
        yield text.count("\n", 0, match.start()), message, "delete it; it may be invisible in your editor"
    if not any(c in text for c in _CLOSING):
        return
    for number, line in enumerate(text.split("\n")):
        if _open_at_end(line):
            message = "a directional control that is not closed in its line"
            yield (
                number,
                message,
                "delete the invisible character, or close it; Arabic and English mix without",
            )


def _open_at_end(line: str) -> bool:
    waiting: list[str] = []
    for c in line:
        if c in _CLOSING:
            waiting.append(_CLOSING[c])
        elif waiting and c == waiting[-1]:
            waiting.pop()
    return bool(waiting)
