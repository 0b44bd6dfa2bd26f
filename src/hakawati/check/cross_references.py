"""What leads nowhere in an EPUB, or is there twice: for where EPUBCheck, which sees more, is not."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from hakawati.check.archive import Archive
from hakawati.check.content_documents import ContentDocument, DocumentIssue
from hakawati.check.printable_text import printable
from hakawati.check.publication import Publication, resolve
from hakawati.check.safe_xml import line_of, local_name
from hakawati.model import Finding

_LINKS = {"a": "href", "area": "href", "link": "href"}
_PARTS = dict.fromkeys(("img", "audio", "video", "source", "track", "iframe", "embed", "script"), "src")


class CrossReferences:
    """What documents have and name. They are added one after the other; `findings` is asked last."""

    def __init__(self, archive: Archive, book: Publication) -> None:
        self.archive, self.book = archive, book
        self._ids: dict[str, set[str]] = {}
        self._links: list[tuple[str, int, str, str, str]] = []
        """(entry, line, href, target entry, fragment)"""
        self._found: list[Finding] = []

    def add(self, document: ContentDocument) -> None:
        """Look at a document, and remember what has to be known of it."""
        ids = self._ids.setdefault(document.entry, set())
        for element in document.elements():
            line = line_of(element)
            if (id_ := element.get("id")) is not None:
                if id_ in ids:
                    message = f"the id “{printable(id_)}” is in the document twice"
                    self._wrong(document.entry, line, message, "give one of them another")
                ids.add(id_)
            name = local_name(element)
            written = element.get(_LINKS.get(name) or _PARTS.get(name) or "-")
            if written is not None:
                self._reference(document.entry, line, written, link=name in _LINKS)

    def _reference(self, entry: str, line: int, written: str, *, link: bool) -> None:
        try:
            scheme = urlsplit(written.strip()).scheme.lower()
        except ValueError:
            scheme = "?"
        if scheme in ("http", "https", "mailto", "tel") and link:
            return
        if scheme == "data" and not link:
            return
        place = None if scheme else resolve(written, entry)
        if place is None:
            what = "link" if link else "file"
            hint = (
                "link to a web address or into the book" if link else "a book is complete offline: put it in"
            )
            self._wrong(entry, line, f"the {what} “{printable(written)}” leads out of the EPUB", hint)
        else:
            self._links.append((entry, line, written, *place))

    def _wrong(self, entry: str, line: int, message: str, hint: str) -> None:
        self._found.append(DocumentIssue(line, message, hint).to_finding(self.archive, entry, "epub"))

    def findings(self) -> Iterator[Finding]:
        """What is wrong, when all documents have been added."""
        for entry, line, written, target, fragment in self._links:
            if target not in self.archive:
                message = f"“{printable(written)}” leads to a file that is not in the EPUB"
                self._wrong(entry, line, message, "name one that is there")
            elif fragment and target in self._ids and fragment not in self._ids[target]:
                message = f"“{printable(written)}” leads to an id that is not in its document"
                self._wrong(entry, line, message, "name one that is there")
        return iter(self._found)
