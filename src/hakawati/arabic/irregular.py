"""Words that are written otherwise than they are said: long vowels without a letter, letters without a sound.

The list that grammars give: Wright, *A Grammar of the Arabic Language*, I, §6–7.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from hakawati.arabic.marks import MARKS
from hakawati.arabic.spelling import normal

_MARK = f"[{''.join(sorted(MARKS))}]"
_BEFORE = f"((?:أَ?)?(?:[وف]َ?)?(?:[بلك][َِ]?)?(?:ا?ل{_MARK}*)?)"
"""Proclitics and article, in group 1."""
_PROCLITICS = "((?:أَ?)?(?:[وف]َ?)?(?:[بلك][َِ]?)?)"
"""The same without article."""
_PRONOUNS = f"(?:[ايكهمن]{_MARK}*){{0,4}}"
_HUNDREDS = ("", "ثَلَاث~", "أَرْبَع~", "خَمْس~", "سِتّ~", "سَبْع~", "ثَمَان~", "ثَمَانِي~", "تِسْع~")

# Written, said, and what may follow. A mark may be missing from what is written, but no other may be in its
# place; ~ is whatever marks the letter has.
_ROWS: tuple[tuple[str, str, str], ...] = (
    ("هَٰذَا", "هَٰذَا", ""),
    ("هَٰذِه~", "هَٰذِه~", ""),
    ("هَٰذِي", "هَٰذِي", ""),
    ("هَٰذَان~", "هَٰذَان~", ""),
    ("هَٰذَيْن~", "هَٰذَيْن~", ""),
    ("هَٰؤُلَاء~", "هَٰؤُلَاء~", ""),
    ("هَٰكَذَا", "هَٰكَذَا", ""),
    ("هَٰهُنَا", "هَٰهُنَا", ""),
    ("هَٰأَنَذَا", "هَٰأَنَذَا", ""),
    ("هَٰأَنَا", "هَٰأَنَا", ""),
    ("ذَٰلِك~", "ذَٰلِك~", _PRONOUNS),
    ("لَٰكِن~", "لَٰكِن~", _PRONOUNS),
    ("أُولَٰئِك~", "أُلَٰئِك~", _PRONOUNS),
    ("أُولَاء~", "أُلَاء~", ""),
    ("أُولُو", "أُلُو", "ا?"),
    ("أُولِي", "أُلِي", ""),
    ("أُولَات~", "أُلَات~", ""),
    ("إِلَٰه~", "إِلَٰه~", f"(?!ا{_MARK}*م)(?:[ايكهمنةت]{_MARK}*){{0,5}}"),
    ("رَحْمَٰن~", "رَحْمَٰن~", ""),
    ("رَّحْمَٰن~", "رَّحْمَٰن~", ""),
    ("سَمَٰوَات~", "سَمَٰوَات~", ""),
    ("سَّمَٰوَات~", "سَّمَٰوَات~", ""),
    ("دَاوُد~", "دَاوُود~", ""),
    ("طَاوُس~", "طَاوُوس~", ""),
    ("طَّاوُس~", "طَّاوُوس~", ""),
    ("طَٰهَ", "طَٰهَا", ""),
    ("يس", "يَاسِين", ""),
    ("عَمْر~و~", "عَمْر~~", ""),
    ("بن", "بِن", ""),
    *((f"{n}مِائَ", f"{n}مِئَ", "[ةت].*") for n in _HUNDREDS),
)
# Of these, the article is a part.
_WHOLE: tuple[tuple[str, str, str], ...] = (
    ("اللَّٰه~", "اللَّٰه~", ""),
    ("اللَّٰهُمَّ", "اللَّٰهُمَّ", ""),
    ("لِلَّٰه~", "لِلَّٰه~", ""),
    ("تَاللَّٰه~", "تَللَّٰه~", ""),
    ("الَى", "إِلَى", ""),
)


def as_said(word: str) -> str:
    """The word, in its normal form, as it would be written if all of it were written as it is said.

    Its dagger alifs and vowels are supplied where they are missing.
    """
    for pattern, said in _compiled():
        found = pattern.fullmatch(word)
        if found:
            return "".join((found[1], *_filled(said, found.groups()[1:-1]), found.groups()[-1]))
    return word


def _filled(said: str, marks: tuple[str | None, ...]) -> Iterator[str]:
    parts = said.split("~")
    yield parts[0]
    for part, mark in zip(parts[1:], marks, strict=True):
        yield (mark or "") + part


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], str], ...]:
    rows = [(_BEFORE, *row) for row in _ROWS] + [(_PROCLITICS, *row) for row in _WHOLE]
    return tuple(
        (re.compile(f"{before}{''.join(map(_piece, _ordered(written)))}({after})"), _ordered(said))
        for before, written, said, after in rows
    )


def _ordered(row: str) -> str:
    return "~".join(map(normal, row.split("~")))


def _piece(char: str) -> str:
    if char == "~":
        return f"({_MARK}*)"
    return f"{char}?" if char in MARKS else char
