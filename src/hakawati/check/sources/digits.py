"""Digits of two kinds in one language: 1944 here, ١٩٤٤ there, or both in one number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from hakawati.check.sources.book_texts import iterate_texts, join_text, line_at, make_notice
from hakawati.model import Book, Finding

_KINDS = {"European": "0-9", "Arabic-Indic": "\u0660-\u0669", "Persian": "\u06f0-\u06f9"}
_EVERY = "".join(_KINDS.values())
_NUMBER = re.compile(rf"[{_EVERY}](?:[.,:/٫٬\-–]?[{_EVERY}])*")
_BESIDE = re.compile(r"[A-Za-z]")
"""A number that sticks to Latin letters (MP3, F-16) is part of a name."""


@dataclass(frozen=True, slots=True)
class _NumberUse:
    chapter: str
    path: str
    line: int
    text: str
    kinds: tuple[str, ...]


def check(book: Book) -> Iterator[Finding]:
    """Notices of numbers with digits of two kinds, and of those that differ from the language's others."""
    numbers: dict[str, list[_NumberUse]] = {}
    for chapter, _, text in iterate_texts(book):
        whole = join_text(text)
        for match in _NUMBER.finditer(whole):
            around = whole[max(0, match.start() - 2) : match.start()] + whole[match.end() : match.end() + 2]
            if not _BESIDE.search(around):
                line = line_at(text, match.start())
                number = _NumberUse(chapter, text.path, line, match[0], _kinds(match[0]))
                numbers.setdefault(text.lang, []).append(number)
    for found in numbers.values():
        yield from _mixed(found)


def _kinds(number: str) -> tuple[str, ...]:
    return tuple(name for name, digits in _KINDS.items() if re.search(f"[{digits}]", number))


def _mixed(numbers: list[_NumberUse]) -> Iterator[Finding]:
    """Of two numbers that differ, in a book that has no others, the second is the odd one."""
    usual = Counter(number.kinds[0] for number in numbers if len(number.kinds) == 1)
    kind = max(usual, key=lambda name: usual[name], default="")
    for number in numbers:
        if len(number.kinds) > 1:
            message = f"the number {number.text} has {' and '.join(number.kinds)} digits"
            yield make_notice(number.path, number.line, message, "write it with one kind", number.chapter)
        elif number.kinds[0] != kind:
            message = (
                f"the number {number.text} has {number.kinds[0]} digits, "
                f"though the text's numbers are {kind} elsewhere ({usual[kind]}×)"
            )
            yield make_notice(
                number.path, number.line, message, "choose one kind for a language", number.chapter
            )
