"""The pages of an EPUB."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unread = Literal["translation", "glossary", "notes", "code", "text"]
"""What a page may show without its being read aloud: text in a language that is not read; and, in one that
is, the glossary, footnotes, code, and whatever else."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading inside a chapter, for the table of contents."""

    id: str
    title: str
    children: tuple[Section, ...] = ()
    translations: tuple[tuple[str, str], ...] = ()
    """The title in the other languages that the edition shows: language and text."""


@dataclass(frozen=True, slots=True)
class Page:
    """A chapter's documents, and what the rest of the book has to know of it.

    An edit in one chapter leaves the pages of the others as they are.
    """

    name: str
    path: str
    """Of its content document, in the EPUB."""
    title: str
    sections: tuple[Section, ...]
    terms: tuple[str, ...]
    """Ids of the glossary's terms that the chapter links to, in the order of their first occurrence."""
    images: tuple[str, ...]
    """Of the figures: paths in `book/`, as the author wrote them."""
    unread: tuple[Unread, ...]
    """What it shows that is not read aloud."""
    answers: str
    """To the chapter's questions: its section of the page that has all of them, or empty."""
    duration: int
    """Of the narration, in samples; 0 where nothing is read aloud."""
    xhtml: str
    """With gaps where it speaks of other chapters."""
    smil: str
    """The overlay; empty where nothing is read aloud."""
    translations: tuple[tuple[str, str], ...] = ()
    """Of the title, as in `Section`."""
