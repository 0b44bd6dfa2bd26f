"""A book as its author wrote it, parsed and checked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from hakawati.errors import Problem
from hakawati.model.settings import (
    Audio,
    Font,
    Layout,
    Listening,
    Localized,
    Metadata,
    Narration,
    Order,
    Place,
    Sync,
    Transliteration,
    VoiceChoice,
    Vowels,
)
from hakawati.model.text import Passage, Text

BlockKind = Literal[
    "heading",
    "paragraph",
    "quote",
    "list",
    "item",
    "figure",
    "rule",
    "code",
    "table",
    "row",
    "cell",
    "poem",
    "stanza",
    "verse",
    "dialogue",
    "turn",
    "questions",
    "answer",
    "term",
]
ColumnAlignment = Literal["", "left", "center", "right"]
"""Of a table's column, as written: the sides of the page, whatever the language's direction."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the page in all its languages, the original first.

    A leaf has `texts`: heading, paragraph, figure (its caption), cell, verse, turn, the
    glossary's term. A container has
    `children`: a list its items, a quote or an item any blocks, a table its rows, a row its cells, a poem its
    stanzas, a stanza its verses, a dialogue its turns and, for stage directions, paragraphs; questions have
    one list, whose items may end with an answer. A translation that is missing is missing from `texts`; so is
    an empty cell.

    No sentence runs over the middle of a verse: what ends its first half has a line feed in `after`.
    """

    id: str
    kind: BlockKind
    place: Place
    """Where the original's block begins."""
    texts: tuple[Text, ...] = ()
    children: tuple[Block, ...] = ()
    pairs: tuple[tuple[tuple[int, int], ...], ...] = ()
    """Which sentences say the same: for each group, and in it for each of `texts`, a range of them. Empty
    where that is not known of less than the whole block."""
    level: int = 0
    """Of a heading: 1 to 6."""
    start: int | None = None
    """Of an ordered list: its first number; a bullet list has none."""
    image: str = ""
    """Of a figure: the image's path in `book/`."""
    alt: str = ""
    """Of a figure: its alternative text, in the original's language."""
    header: bool = False
    """Of a cell: whether it is its column's header."""
    align: ColumnAlignment = ""
    """Of a cell: its column's alignment."""

    def leaves(self) -> Iterator[Block]:
        """This block, or those inside it, that carry text or an image, in reading order.

        But not of the answers inside it, which are neither read aloud nor on the chapter's page; only of one
        that is asked itself.
        """
        if not self.children:
            yield self
        for child in self.children:
            if child.kind != "answer":
                yield from child.leaves()

    def answers(self) -> Iterator[Block]:
        """The answers to the questions inside it, in order."""
        for child in self.children:
            if child.kind == "answer":
                yield child
            else:
                yield from child.answers()

    def passages(self, order: Order, languages: Collection[str]) -> Iterator[tuple[Passage, ...]]:
        """The texts in these languages, in groups that say the same: sentence by sentence, or all at once."""
        whole = tuple((0, len(text.sentences)) for text in self.texts)
        groups = self.pairs if order == "sentence" and len(self.pairs) > 1 else (whole,)
        for n, ranges in enumerate(groups, start=1):
            id_ = self.id if len(groups) == 1 else f"{self.id}p{n}"
            pair = f"{id_}-pair" if len(self.texts) > 1 else ""
            group = tuple(
                Passage(id_ + text.id.removeprefix(self.id), text, text.sentences[begin:end], pair)
                for text, (begin, end) in zip(self.texts, ranges, strict=True)
                if text.lang in languages
            )
            if group:
                yield group


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote, numbered by its first reference in the chapter."""

    id: str
    number: int
    anchor: str
    """Id of the top-level block that refers to it first."""
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Recording:
    """A person's narration: of a whole chapter in one language, or of a single sentence."""

    lang: str
    path: str
    """Relative to the project folder, with forward slashes."""
    digest: str
    """Of its content."""
    sentence: str = ""
    """The sentence's id, or empty for the whole chapter."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One Markdown file of the original, with its translations."""

    name: str
    """The file's stem, `01-uprising`: the name of everything that is made from it."""
    role: str
    """The chapter's EPUB structural semantic: `chapter`, `afterword`, `preface` …"""
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()
    recordings: tuple[Recording, ...] = ()

    def texts(self) -> Iterator[Text]:
        """Every text of the chapter's page, notes included, in page order; answers stand elsewhere."""
        for block in self.blocks + tuple(b for note in self.notes for b in note.blocks):
            for leaf in block.leaves():
                yield from leaf.texts

    def answers(self) -> Iterator[Block]:
        """The answers to the chapter's questions, in order."""
        for block in self.blocks:
            yield from block.answers()

    def title(self, lang: str | None = None) -> str:
        """The first heading, in `lang` or in the original's language; the name where there is none."""
        for block in self.blocks:
            if block.kind == "heading" and block.texts:
                chosen = next((t for t in block.texts if t.lang == lang), block.texts[0])
                return plain(chosen)
        return self.name


def plain(text: Text) -> str:
    """The text without marks, in one line."""
    return " ".join(" ".join(s.text for s in text.sentences).split())


@dataclass(frozen=True, slots=True)
class Term:
    """An entry of the glossary."""

    id: str
    """Made from the term itself, so that other entries' coming and going leaves it alone."""
    term: str
    forms: tuple[str, ...]
    translation: Localized
    definition: Localized
    say: str
    place: Place
    root: str = ""
    """Arabic letters with spaces between them."""
    transliteration: str = ""
    """The author's own."""
    vowelled: str = ""
    """Of an Arabic term, the form that can be transliterated, since its vowels are written."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What a book is made into: everything the author wrote and chose, but the chapters."""

    metadata: Metadata
    glossary: tuple[Term, ...]
    voices: Mapping[str, VoiceChoice]
    narration: Narration
    audio: Audio
    sync: Sync = "phrase"
    layout: Layout = "interleaved"
    vowels: Vowels = "glossary"
    transliteration: Transliteration = "none"
    chapter_words: bool = False
    """Whether a chapter ends with the terms that are new in it."""
    cards: bool = True
    """Whether the glossary is made into flash cards, too."""
    listening: tuple[Listening, ...] = ()
    """What is made for players besides the MP3s, each once."""
    site: str = ""
    """The address on the web under which the author puts what is made, without a slash at its end."""
    cover: str = ""
    """The cover image's path in `book/`; empty where one is to be drawn; or `NO_COVER`."""
    fonts: tuple[Font, ...] = ()
    name: str = ""
    """Empty for the book's main edition."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that the layout shows, the original first."""
        return self.metadata.languages[:1] if self.layout == "original" else self.metadata.languages

    @property
    def beside(self) -> tuple[str, ...]:
        """Those that the layout shows in the text itself, and not in notes to it."""
        return self.languages[:1] if self.layout == "popup" else self.languages


@dataclass(frozen=True, slots=True)
class Book:
    """Everything the author wrote, read and checked."""

    edition: Edition
    chapters: tuple[Chapter, ...]
    notices: tuple[Problem, ...] = ()
    """What is worth a look but stops nothing."""
