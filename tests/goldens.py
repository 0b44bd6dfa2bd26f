"""The golden books of `tests/books/`: whole small book folders, built once for all tests of a run.

A variant is a golden book with some keys of its `book.yaml` changed. All share one store of clips.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest import mock

import yaml
from lxml import etree

import hakawati
from hakawati.model import Book, Report
from hakawati.publishing import shelf as pipeline
from tests.pairwise import pairwise_rows

ROOT = Path(__file__).parent.parent
BOOKS = Path(__file__).parent / "books"
CASES = sorted(path.name for path in BOOKS.iterdir() if (path / "book").is_dir())
SYNCS = ("word", "phrase", "sentence", "paragraph")
SEED = "the-seed"
"""The repository's own book."""
TIME = 1_700_000_000

NAMESPACES = {
    "h": "http://www.w3.org/1999/xhtml",
    "smil": "http://www.w3.org/ns/SMIL",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "ncx": "http://www.daisy.org/z3986/2005/ncx/",
    "epub": "http://www.idpf.org/2007/ops",
    "ocf": "urn:oasis:names:tc:opendocument:xmlns:container",
}
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
TEXTREF = "{http://www.idpf.org/2007/ops}textref"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def xpath(node: etree._Element, path: str) -> list[Any]:
    """What the path leads to, with the prefixes of `NAMESPACES`."""
    found = node.xpath(path, namespaces=NAMESPACES)
    assert isinstance(found, list)
    return found


def text_of(node: etree._Element) -> str:
    return "".join(str(text) for text in node.itertext())


@dataclass(frozen=True)
class Built:
    """A finished project."""

    project: Path

    @cached_property
    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads((self.project / "build" / "report.json").read_bytes())
        return report

    @cached_property
    def epub(self) -> Path:
        return self.project / str(self.report["epub"])

    @cached_property
    def book(self) -> Book:
        return hakawati.load(self.project)

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """The EPUB's files by name, in their order."""
        with zipfile.ZipFile(self.epub) as archive:
            return {info.filename: archive.read(info) for info in archive.infolist()}

    def xml(self, name: str) -> etree._Element:
        """A document of the EPUB, by its name in `EPUB/`."""
        return etree.fromstring(self.files[f"EPUB/{name}"])

    @property
    def package(self) -> etree._Element:
        return self.xml("content.opf")

    def pages(self) -> Iterator[tuple[str, etree._Element]]:
        """Every content document with its name."""
        for name in self.files:
            if name.endswith(".xhtml"):
                yield name.removeprefix("EPUB/"), self.xml(name.removeprefix("EPUB/"))

    def timings(self) -> Iterator[dict[str, Any]]:
        for file in sorted((self.project / "build" / "timings").glob("*.json")):
            yield json.loads(file.read_bytes())


@dataclass(frozen=True)
class Variant:
    """A golden book, and what is changed in its `book.yaml`: `sync=word`, `narration.languages=[en]`."""

    case: str
    changes: tuple[str, ...] = ()
    name: str = ""
    """Where the changes are too many to be one."""

    def __str__(self) -> str:
        return self.name or ",".join([self.case, *self.changes])

    def but(self, *changes: str) -> Variant:
        return Variant(self.case, (*self.changes, *changes))

    @property
    def folder(self) -> Path:
        return ROOT if self.case == SEED else BOOKS / self.case

    @property
    def unlit(self) -> tuple[str, tuple[str, ...], str]:
        """What it is but for what lights up: the web edition, which lights up words, is the same for it."""
        return (
            self.case,
            tuple(change for change in self.changes if not change.startswith("sync=")),
            self.name,
        )

    def apply(self, keys: dict[str, Any]) -> None:
        for change in self.changes:
            name, _, value = change.partition("=")
            *parents, last = name.split(".")
            inner = keys
            for parent in parents:
                inner = inner.setdefault(parent, {})
            inner[last] = yaml.safe_load(value)


def other_syncs(case: str) -> list[str]:
    """The syncs that make another book of it: where something can light up, all but its own."""
    keys = yaml.safe_load((Variant(case).folder / "book" / "book.yaml").read_bytes())
    return [sync for sync in SYNCS if sync != keys.get("sync", "phrase") and case != "silent-book"]


def each_with_another_sync(cases: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each book with one of its other syncs, taken in turn, so that each of these has as many books.

    `PAIRS` has every sync beside every other choice.
    """
    used = dict.fromkeys(SYNCS, 0)
    for case in cases:
        if others := other_syncs(case):
            sync = min(others, key=used.__getitem__)
            used[sync] += 1
            yield case, sync


CHOICES: Mapping[str, Sequence[str]] = {
    "layout": ("interleaved", "sentences", "popup", "facing", "original"),
    "narration.languages": ("[ar]", "[ar, en]"),
    "narration.order": ("block", "sentence", "chapter"),
    "sync": SYNCS,
    "narration.pair": ("false", "true"),
    "narration.notes": ("none", "end", "inline"),
    "narration.repeat": ("0", "1.5"),
    "narration.speed": ("1.0", "0.8"),
    "narration.glossary": ("true", "false"),
    "vowels": ("spoken", "glossary", "print"),
    "transliteration": ("none", "ala-lc", "din-31635"),
    "chapter_words": ("false", "true"),
    "cards": ("true", "false"),
    "cover": ("images/map.png", "none"),
    "fonts": ("[]", "[fonts/Tiny.ttf]"),
}
"""What an author can choose, beside each other; a key that can be left out has its default first."""


def can_be(row: Mapping[str, str]) -> bool:
    """Whether choices do not contradict each other."""
    layout, order, pair = (row.get(key) for key in ("layout", "narration.order", "narration.pair"))
    both = row.get("narration.languages") == "[ar, en]"
    if layout in ("popup", "original") and (both or pair == "true"):
        return False
    by_sentence = layout == "sentences" or pair == "true"
    return not (both and by_sentence and order in ("block", "chapter"))


PAIRS = tuple(
    Variant("workbook", tuple(f"{key}={value}" for key, value in row.items()), name=f"workbook-{n}")
    for n, row in enumerate(pairwise_rows(CHOICES, can_be), start=1)
)
"""The workbook in so many variants that every two choices that go together do so in one of them."""
VARIANTS = (
    *(Variant(case) for case in [*CASES, SEED]),
    *(Variant(case).but(f"sync={sync}") for case, sync in each_with_another_sync([*CASES, SEED])),
    *(
        Variant("notes").but(f"narration.notes={notes}", *sync)
        for notes in ("end", "inline")
        for sync in (["sync=word"], [])
    ),
    *(Variant(case).but("layout=original") for case in ("images", "terms", "links")),
    Variant("three-languages").but("layout=original", "narration.languages=[ar]"),
    Variant("terms").but("narration.languages=[en]"),
    Variant("one-word").but("cover=none"),
    Variant("silent-chapter").but("narration.languages=[en]", "sync=word"),
    *(
        Variant(case).but(f"layout={layout}")
        for case in ("three-languages", "left-to-right")
        for layout in ("sentences", "facing")
    ),
    *(
        Variant(case).but("layout=popup", f"narration.languages=[{original}]")
        for case, original in (("three-languages", "ar"), ("left-to-right", "en"))
    ),
    Variant("code-and-rules").but("layout=popup"),
    Variant("three-languages").but("narration.languages=[ar, en, fr]", "narration.order=chapter"),
    Variant("three-languages").but("narration.languages=[ar, en, fr]", "narration.pair=true"),
    Variant("headings").but("narration.languages=[ar, en]", "narration.order=chapter"),
    *PAIRS,
)
ON_THE_WEB = tuple({variant.unlit: variant for variant in reversed(VARIANTS)}.values())
"""Those that differ in their web editions, which are built for them alone."""


class Shelf:
    """Builds variants in a folder that several test processes share; none is built twice."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "store"
        self._built: dict[str, Built] = {}

    def __getitem__(self, variant: Variant | str) -> Built:
        variant = Variant(variant) if isinstance(variant, str) else variant
        name = str(variant)
        if name not in self._built:
            project = self.folder / name
            with locked(self.folder / f"{variant.case}.lock"):
                if not (project / "build" / "report.json").exists():
                    self._build(variant, project)
            self._built[name] = Built(project)
        return self._built[name]

    def _build(self, variant: Variant, project: Path) -> None:
        shutil.copytree(variant.folder / "book", project / "book", dirs_exist_ok=True)
        file = project / "book" / "book.yaml"
        keys = yaml.safe_load(file.read_bytes())
        editions = keys.pop("editions", None)  # `test_editions` builds such
        if variant.changes or editions:
            variant.apply(keys)
            file.write_text(yaml.safe_dump(keys, allow_unicode=True, sort_keys=False))
        build_here(project, store=self.store, modified=TIME, web=variant in ON_THE_WEB)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


class Inline(Executor):
    """Does what is submitted at once, in this process."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def build_here(project: Path, **options: Any) -> Report:
    """Build without worker processes, which take a second to start: enough for a small book."""
    with mock.patch("hakawati.narration.dispatcher.local_executor", return_value=Inline()):
        return pipeline.build(project, pipeline.BuildOptions(workers=1, **options))
