"""From a place in a finished EPUB back to the author's file and line.

The ids of a page are born when the text is read, so a book knows what each of them stands for. What has no
id of its own is led back by what contains it, or by what it links to.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.parsers import expat

from hakawati.check.publication import resolve
from hakawati.model import Block, Book, Chapter, Place

_LINKS = ("src", "href", "epub:textref", "textref", "full-path")
_PART = re.compile(r"^(.+?)(?:-(?:w|p)?\d+|-[a-z]{2,8}|[pw]\d+|-(?:t|ref|pair))$")
"""An id that is another's with something behind it: a word's, a phrase's, a translation's."""
SOURCE = "book/book.yaml"


@dataclass(frozen=True, slots=True)
class EntryNames:
    """How an edition names its files: a chapter's page, an image's copy (by their names in `book/`)."""

    page: Callable[[str], str]
    image: Callable[[str], str]
    glossary: str
    answers: str
    general: tuple[str, ...]
    """What is made of `book.yaml`: the package document, the title page."""


@dataclass(frozen=True, slots=True)
class SourceMap:
    """Where an EPUB's parts come from."""

    ids: Mapping[str, Mapping[str, Place]]
    """By entry and id."""
    files: Mapping[str, Place]
    """By entry: what has no ids; a document's own beginning."""
    chapters: Mapping[str, str]
    """Entry → the chapter that it was made of."""

    def place(self, entry: str, data: bytes, line: int, column: int = 0) -> Place | None:
        """The place of what is at a line of a document; None where nothing tells it.

        `data`: the document, if it is XML. `column`: right behind the tag that is meant, or 0 where it is
        not known.
        """
        tags = _read_tags(data) if line and entry.endswith((".xhtml", ".smil", ".opf", ".ncx")) else []
        for tag in _nearest(tags, line, column):
            keys = [key for key in tag.keys(entry) if self._may_tell(entry, key[0])]
            # Ids first, since one that leads nowhere is inside others that do not.
            places = [
                *(self._known(*key) for key in keys),
                *(self.files.get(e) for e, _ in keys if e != entry),
            ]
            if found := next(filter(None, places), None):
                return found
        return self.files.get(entry)

    def _may_tell(self, entry: str, other: str) -> bool:
        """Of a page's own text, other pages that it links to are not where it comes from."""
        return other == entry or entry not in self.ids or not other.endswith(".xhtml")

    def _known(self, entry: str, id_: str) -> Place | None:
        while id_:
            if found := self.ids.get(entry, {}).get(id_):
                return found
            shorter = _PART.match(id_)
            id_ = shorter[1] if shorter else ""
        return None


def map_sources(book: Book, names: EntryNames) -> SourceMap:
    """The origins of everything in an edition's EPUB."""
    ids: dict[str, dict[str, Place]] = {}
    files = {entry: Place(SOURCE, 0) for entry in names.general}
    chapters = {}
    for chapter in book.chapters:
        page = names.page(chapter.name)
        chapters[page] = chapter.name
        for block in _blocks(chapter):
            if block.image:
                files.setdefault(names.image(block.image), block.place)
            for id_, place in _ids(block):
                ids.setdefault(page, {}).setdefault(id_, place)
                ids.setdefault(names.answers, {}).setdefault(f"{_stem(page)}-{id_}", place)
        for note in chapter.notes:
            ids.setdefault(page, {})[note.id] = note.blocks[0].place
        if chapter.blocks:
            files[page] = Place(chapter.blocks[0].place.path, 0)
    for term in book.edition.glossary:
        ids.setdefault(names.glossary, {})[term.id] = term.place
    if book.edition.glossary:
        files[names.glossary] = Place(book.edition.glossary[0].place.path, 0)
    return SourceMap(ids, files, chapters)


def _stem(entry: str) -> str:
    return entry.rpartition("/")[2].removesuffix(".xhtml")


def _blocks(chapter: Chapter) -> Iterator[Block]:
    """All blocks, and those inside them."""
    waiting = [*chapter.blocks, *(block for note in chapter.notes for block in note.blocks)]
    while waiting:
        block = waiting.pop()
        yield block
        waiting += block.children


def _ids(block: Block) -> Iterator[tuple[str, Place]]:
    yield block.id, block.place
    for text in block.texts:
        if text.sentences:
            yield text.id, Place(text.path, text.sentences[0].line)
        yield from ((sentence.id, Place(text.path, sentence.line)) for sentence in text.sentences)


@dataclass(frozen=True, slots=True)
class _StartTag:
    """A start tag: where it begins, its id and links, and those of what contains it, innermost first."""

    line: int
    column: int
    own: tuple[str, Sequence[str]]
    outer: _StartTag | None = None

    def keys(self, entry: str) -> Iterator[tuple[str, str]]:
        tag: _StartTag | None = self
        while tag is not None:
            id_, links = tag.own
            if id_:
                yield entry, id_
            yield from (place for link in links if (place := resolve(link, entry)) and place[0] != entry)
            tag = tag.outer


def _read_tags(data: bytes) -> list[_StartTag]:
    """The start tags in order; none where it is no XML."""
    found: list[_StartTag] = []
    open_: list[_StartTag] = []
    parser = expat.ParserCreate()

    def begin(_: str, attributes: dict[str, str]) -> None:
        links = [attributes[name] for name in _LINKS if name in attributes]
        own = (attributes.get("id", ""), links)
        tag = _StartTag(
            parser.CurrentLineNumber, parser.CurrentColumnNumber + 1, own, open_[-1] if open_ else None
        )
        found.append(tag)
        open_.append(tag)

    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda _: open_.pop()
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return []
    return found


def _nearest(tags: Sequence[_StartTag], line: int, column: int) -> Iterator[_StartTag]:
    """The tag that is meant, if one is; then those on its line, and the last ones before it."""
    places = [(tag.line, tag.column) for tag in tags]
    if column:
        at = bisect_left(places, (line, column))
        yield from tags[at - 1 : at] if at else ()
    begin, end = bisect_left(places, (line, 0)), bisect_left(places, (line + 1, 0))
    yield from tags[begin:end]
    yield from reversed(tags[max(0, begin - 20) : begin])
