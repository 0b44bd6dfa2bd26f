"""The content documents of an EPUB, one at a time: all of them at once may be too much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hakawati.check.archive import Archive
from hakawati.check.publication import Publication
from hakawati.check.safe_xml import XHTML, XML, parse_xml
from hakawati.errors import BookError, Problem
from hakawati.model import Finding

if TYPE_CHECKING:
    from lxml import etree

KIND = "application/xhtml+xml"


@dataclass(frozen=True, slots=True)
class DocumentIssue:
    """What is wrong at a line of a document, before it is known where the document is."""

    line: int
    message: str
    hint: str
    severe: bool = True

    def to_finding(self, archive: Archive, entry: str, check: str = "accessibility") -> Finding:
        """As a finding of the EPUB, or of its accessibility."""
        problem = archive.wrong(entry, self.message, self.hint, self.line)
        kind = "epub" if check == "epub" else "accessibility"
        return Finding("epub" if kind == "epub" else "accessibility", problem, self.severe)


@dataclass(frozen=True, slots=True)
class ContentDocument:
    """An XHTML document of the manifest."""

    entry: str
    root: etree._Element
    spine: bool
    """Whether it is read, or only looked up, as the navigation may be."""

    def elements(self, *names: str) -> Iterator[etree._Element]:
        """The elements of these names, in order; all where none is given."""
        if names:
            yield from self.root.iter(*(XHTML + name for name in names))
        else:
            yield from (element for element in self.root.iter() if isinstance(element.tag, str))


def read_documents(archive: Archive, book: Publication) -> Iterator[ContentDocument | Problem]:
    """Each document, or what keeps it from being read."""
    read = {book.items[id_].entry for id_ in book.spine}
    for entry in dict.fromkeys(item.entry for item in book.items.values() if item.media_type == KIND):
        try:
            root = parse_xml(archive, entry)
        except BookError as error:
            yield from error.problems
            continue
        yield ContentDocument(entry, root, entry in read)


def language_of(element: etree._Element) -> str:
    """The language that an element declares itself, or nothing."""
    return element.get("lang") or element.get(f"{XML}lang") or ""


def text_of(element: etree._Element) -> str:
    """The text of an element and all in it, in one line."""
    return " ".join("".join(map(str, element.itertext())).split())
