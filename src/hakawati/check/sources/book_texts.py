"""The texts of a book as checks go through them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from hakawati.errors import Problem, listed
from hakawati.model import Block, Book, Chapter, Finding, Text

RARE = 2
"""How often a slip occurs at most."""
_LINES = 5
"""So many are named of those that have the same."""
FREQUENT = 4
"""How often the right form occurs at least, and how many times as often as the slip."""


@dataclass(frozen=True, slots=True)
class TextFlow:
    """Leaves that follow each other on the page: a chapter's own, or those of one note or answer."""

    chapter: str
    leaves: tuple[Block, ...]

    def texts(self) -> Iterator[tuple[Block, Text]]:
        """What is read, that is, all but code."""
        for leaf in self.leaves:
            if leaf.kind != "code":
                yield from ((leaf, text) for text in leaf.texts)


def iterate_flows(book: Book) -> Iterator[TextFlow]:
    """All of the book's text, glossary apart."""
    for chapter in book.chapters:
        for blocks in _parts(chapter):
            yield TextFlow(chapter.name, tuple(leaf for block in blocks for leaf in block.leaves()))


def _parts(chapter: Chapter) -> Iterator[tuple[Block, ...]]:
    yield chapter.blocks
    yield from (note.blocks for note in chapter.notes)
    yield from (answer.children for answer in chapter.answers())


def iterate_texts(book: Book) -> Iterator[tuple[str, Block, Text]]:
    """(chapter, leaf, text) of all that is read, in every language."""
    return chain.from_iterable(
        ((run.chapter, *found) for found in run.texts()) for run in iterate_flows(book)
    )


def join_text(text: Text) -> str:
    """All of a text, its code left blank."""
    pieces = []
    for sentence in text.sentences:
        shown = list(sentence.text)
        for mark in sentence.marks:
            if mark.kind == "code":
                shown[mark.begin : mark.end] = " " * (mark.end - mark.begin)
        pieces.append("".join(shown) + sentence.after)
    return "".join(pieces)


def line_at(text: Text, offset: int) -> int:
    """The line of the sentence that an offset of `written` falls into."""
    line, end = 0, 0
    for sentence in text.sentences:
        if end > offset:
            break
        line, end = sentence.line, end + len(sentence.text) + len(sentence.after)
    return line


def make_notice(path: str, line: int, message: str, hint: str, chapter: str = "") -> Finding:
    """What is worth a look, and stops nothing."""
    return Finding("sources", Problem(path, line, message, hint), severe=False, chapter=chapter)


def shorten(text: str, most: int = 40) -> str:
    """A text in one line, cut at a word where it is long: for messages."""
    whole = " ".join(text.split())
    if len(whole) <= most:
        return whole
    return whole[:most].rsplit(" ", 1)[0].rstrip("،,;:.-–— ") + " …"


def list_lines(lines: Sequence[int]) -> str:
    """“, and in lines 5 and 7”, where the same is found in others than the first; else nothing."""
    others = sorted(set(lines) - {lines[0]})
    if not others:
        return ""
    more = len(others) - _LINES
    named = [*map(str, others[:_LINES]), *([f"{more} more"] if more > 0 else [])]
    return f", and in line{'s' if len(others) > 1 else ''} {listed(named)}"


def first_per_line(findings: Iterator[Finding]) -> Iterator[Finding]:
    """The first finding of every line; the others would say the same of it."""
    seen = set[tuple[str, int]]()
    for finding in findings:
        place = (finding.problem.path, finding.problem.line)
        if place not in seen:
            seen.add(place)
            yield finding
