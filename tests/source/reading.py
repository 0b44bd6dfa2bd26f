"""Chapters and blocks as `source.markdown` reads them."""

from __future__ import annotations

from hakawati.source.markdown import read_chapter
from hakawati.source.raw import Inline, RawBlock, RawChapter


def chapter(text: str) -> RawChapter:
    """A chapter whose text begins in line 3."""
    return read_chapter(f"# T\n\n{text}", "book/ar/a.md")


def block(text: str) -> RawBlock:
    """The only block of a text without a problem."""
    read = chapter(text)
    assert read.problems == []
    (_, only) = read.blocks
    return only


def complaints(text: str) -> list[str]:
    return [f"{problem.line}: {problem.message}" for problem in chapter(text).problems]


def paragraph(line: int, text: str) -> RawBlock:
    return RawBlock("paragraph", line, Inline(text))


def item(line: int, *children: RawBlock) -> RawBlock:
    return RawBlock("item", line, children=children)
