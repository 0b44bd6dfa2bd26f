"""The web edition of a book, `build/web/`: the pages of the EPUB as a reader in a browser has them.

A chapter's pages, one for each layout, are made when it is, and wait in the store; `WebEdition` puts them
into their frames. What did not change is not written again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hakawati.common.keys import digest
from hakawati.common.store import Store
from hakawati.epub import resource_paths
from hakawati.model import Edition, Page
from hakawati.publishing.finished import FinishedPart
from hakawati.publishing.outputs import OutputFolder, Outputs
from hakawati.publishing.parts import BookPart
from hakawati.publishing.paths import WEB, EditionPaths
from hakawati.publishing.state import State
from hakawati.publishing.web_pages import html_path, web_key
from hakawati.web.layouts import layouts

if TYPE_CHECKING:
    from ebooklib.epub import EpubBook

    from hakawati.web.html_pages import EditionPage, EditionTree, PageFrame


@dataclass(frozen=True, slots=True)
class _Sound:
    """A chapter's MP3, which the web edition has, too."""

    name: str
    """Its path in the project."""


@dataclass(frozen=True, slots=True)
class _Spread:
    """A chapter's page in a layout, to be made."""

    layout: str
    number: int
    """The chapter's place among the parts of the book."""
    key: str
    """Of its page in the store."""


def trees_of(editions: Iterable[Edition]) -> list[EditionTree]:
    """The editions, the main one first, as each other's pages lead to them."""
    from hakawati.web.html_pages import EditionTree

    return [
        EditionTree(edition.name, tuple(layouts(edition)), edition.metadata.identifier)
        for edition in editions
    ]


class WebEdition:
    """One edition's part of the folder."""

    def __init__(
        self,
        outputs: Outputs,
        store: Store,
        edition: Edition,
        every: Sequence[EditionTree],
        parts: Mapping[str, tuple[BookPart, FinishedPart]],
        book: EpubBook,
    ) -> None:
        """`every`: all editions; `parts`: of this one, by their keys in the store; `book`: its EPUB."""
        from hakawati.epub.package import documents
        from hakawati.web.edition_folder import EditionFolder

        self.outputs = outputs
        self.store = store
        self.edition = edition
        self.tree = next(tree for tree in every if tree.edition == edition.name)
        self.finished = parts
        self.pages = {key: part.page for key, (_, part) in parts.items()}
        self.book = book
        self.documents = {path: data.decode() for path, data in documents(book)}
        self.folder = EditionFolder(OutputFolder(outputs, WEB))
        self.frame = self._frame(every)
        self.parts = dict(self._all())

    @property
    def files(self) -> list[str]:
        """All that there is when `write` has been: paths in the project."""
        return [f"{WEB}/{name}" for name in self.parts]

    def write(self, last: State) -> Mapping[str, str]:
        """Write what changed; the pages' paths in the project, with a key of all that is in them.

        Raises `OSError`.
        """
        keys = {}
        for name, part in self.parts.items():
            # The author's files are copied: who mends an image in the folder would change the book's.
            if isinstance(part, Path):
                self.folder.copy(name, part)
            elif isinstance(part, _Sound):
                self.folder.share(name, self.outputs.path(part.name), self.outputs.digest(part.name))
            elif isinstance(part, _Spread):
                keys[f"{WEB}/{name}"] = self._write_page(name, part, last)
            else:
                self.folder.write(name, part)
        return keys

    def _all(self) -> Iterator[tuple[str, bytes | Path | _Sound | _Spread]]:
        """Every file, by its path in the folder: its content, or whose copy it is, or the page to be made."""
        from hakawati.web.edition_folder import program_paths
        from hakawati.web.html_pages import index
        from hakawati.web.offline import manifest, worker

        yield from self._all_pages()
        root, inside = self.tree.root, EditionPaths(self.edition.name)
        for key, page in self.pages.items():
            if page.smil:
                yield root + resource_paths.audio_path(page.name), _Sound(inside.audio(page.name))
            if strip := self._stored(key, "strip"):
                yield f"{root}strips/{page.name}.svg", strip.encode()
        cover = ""
        for name, content, is_cover in self._resources():
            cover = f"book/{name}" if is_cover else cover
            yield f"{root}book/{name}", content
        title = self._converted(resource_paths.TITLE_PAGE, "index.html")
        yield f"{root}index.html", index(self.frame, title, cover)
        if not self.edition.name:
            yield from program_paths().items()
            yield "manifest.webmanifest", manifest(self.frame)
            yield "sw.js", worker(self.frame, program_paths())

    def _frame(self, every: Sequence[EditionTree]) -> PageFrame:
        from hakawati.web.edition_folder import program_files, program_version
        from hakawati.web.html_pages import PageFrame
        from hakawati.web.interface_labels import language

        meta = self.edition.metadata
        names = list(program_files())
        return PageFrame(
            tree=self.tree,
            trees=tuple(every),
            parts=tuple(self._parts()),
            title=meta.title_in(meta.original),
            lang=meta.original,
            speaks=language(meta.original),
            description=meta.description,
            program=program_version(),
            scripts=tuple(name for name in names if name.endswith(".js")),
            styles=tuple(name for name in names if name.endswith(".css")),
        )

    def _parts(self) -> Iterator[EditionPage]:
        from hakawati.epub.labels import label
        from hakawati.web.html_pages import EditionPage

        for one, finished in self.finished.values():
            page = finished.page
            audio = resource_paths.audio_path(page.name) if page.smil else ""
            path = html_path(page.path)
            yield EditionPage(page.name, page.title, path, page.duration, one.title_key, audio)
        if resource_paths.ANSWERS in self.documents:
            title = label("answers", self.edition.metadata.original)
            yield EditionPage("", title, html_path(resource_paths.ANSWERS), key="answers")

    def _all_pages(self) -> Iterator[tuple[str, bytes | _Spread]]:
        from hakawati.web.html_pages import page

        keys = {html_path(found.path): key for key, found in self.pages.items()}
        for number, part in enumerate(self.frame.parts):
            for layout in self.tree.layouts:
                name = f"{self.tree.root}{layout}/{part.path}"
                if key := keys.get(part.path):
                    yield name, _Spread(layout, number, key)
                else:
                    yield name, page(self.frame, layout, number, self._answers)

    def _write_page(self, name: str, spread: _Spread, last: State) -> str:
        """Write a chapter's page, unless it is there; returns a key of all that is in it, and its digest."""
        from hakawati.epub.xhtml import fill_gaps
        from hakawati.web.html import convert_fragment
        from hakawati.web.html_pages import page

        layout, key, places = spread.layout, spread.key, self._places
        part, finished = self.finished[key]
        found, sound = finished.page, finished.sound
        terms = [(term, self._entries[term]) for term in found.terms if term in self._entries]
        used = found.terms or places  # the glossary's page tells of all
        told = [[other.path, other.title] for term in used for other in places.get(term, ())]
        whole = digest(key, name, self._frame_key, sound, json.dumps([terms, told]))
        path = f"{WEB}/{name}"
        # By its digest, too: a build that failed may have put another page there since.
        digest_there = self.outputs.digest(path)
        if last.web.get(path) == f"{whole} {digest_there}" and self.outputs.intact(path):
            self.outputs.keep(path, digest_there)
        else:
            document = self._stored(key, part.web_layout(self.edition, layout))
            body = fill_gaps(self.edition, found, places, document, convert_fragment)
            cues = self._stored(key, "cues")
            self.folder.write(
                name, page(self.frame, layout, spread.number, body, cues=cues, sound=sound, terms=terms)
            )
        return f"{whole} {self.outputs.digest(path)}"

    @cached_property
    def _places(self) -> Mapping[str, Sequence[Page]]:
        """Where the terms occur."""
        from hakawati.epub.xhtml import pages_by_term

        return pages_by_term(list(self.pages.values()))

    @cached_property
    def _frame_key(self) -> str:
        parts = [replace(part, duration=0) for part in self.frame.parts]
        return json.dumps(astuple(replace(self.frame, parts=tuple(parts))), ensure_ascii=False)

    @cached_property
    def _entries(self) -> Mapping[str, str]:
        """The glossary's entries, by the terms' ids."""
        from hakawati.web.html import entries

        return dict(entries(self._glossary)) if self._glossary else {}

    @cached_property
    def _glossary(self) -> str:
        """The glossary's page, which is the same in every layout; empty where there is none."""
        key = next((key for key, (part, _) in self.finished.items() if not part.is_chapter), "")
        return self._stored(key, self.edition.layout) if key else ""

    @cached_property
    def _answers(self) -> str:
        """The page of all answers, the same in every layout too."""
        return self._converted(
            resource_paths.ANSWERS, f"{self.edition.layout}/{html_path(resource_paths.ANSWERS)}"
        )

    def _stored(self, key: str, what: str) -> str:
        data = self.store.get(web_key(key, what))
        if data is None:
            raise OSError(f"the store {self.store.root} does not keep what is put into it")
        return data.decode()

    def _converted(self, document: str, page: str) -> str:
        from hakawati.web.html import convert

        return convert(self.documents[document], document, page)

    def _resources(self) -> Iterator[tuple[str, bytes | Path, bool]]:
        """What the pages show: path in the EPUB, content or where that is, whether it is the cover."""
        from hakawati.epub.package import FileItem

        for item in self.book.get_items():
            if item.media_type.startswith(("image/", "font/", "text/css")):
                is_cover = "cover-image" in getattr(item, "properties", ())
                content = item.path if isinstance(item, FileItem) else item.content
                yield item.file_name, content, is_cover
