"""calibre reads our metadata, and converts our books for other e-readers with every text in its place."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path

import langcodes
import pytest
from lxml import etree

from hakawati.model import direction
from tests.goldens import SEED, Built, Shelf, Variant, text_of, xpath
from tests.readers import programs
from tests.readers.printed import one_line, printed

BOOKS = (Variant(SEED), Variant("three-languages"), Variant("lists").but("sync=word"))
H = "{http://www.w3.org/1999/xhtml}"
INLINE = {"a", "b", "bdi", "br", "code", "dfn", "em", "span", "strong", "sup"}
COMPLAINT = re.compile(
    r"warn|error|fail|invalid|missing|not found|could not|cannot|unable|traceback", re.IGNORECASE
)


def calibre(folder: Path, name: str, *arguments: Path | str) -> str:
    """What one of its commands tells; it may not complain."""
    command = [str(part) for part in (programs.calibre(name), *arguments)]
    env = programs.environment(folder / "home")
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line for line in done.stdout.splitlines() if COMPLAINT.search(line)] == []
    return done.stdout


@pytest.mark.parametrize("variant", [*BOOKS, Variant("own-words")], ids=str)
def test_it_knows_the_book_by_its_metadata(variant: Variant, shelf: Shelf, tmp_path: Path) -> None:
    built = shelf[variant]
    meta = built.book.edition.metadata
    read = tmp_path / "read.opf"
    calibre(tmp_path, "ebook-meta", built.epub, f"--to-opf={read}")
    opf = etree.fromstring(read.read_bytes())
    assert xpath(opf, "//dc:title/text()") == [meta.title_in(meta.original)]
    authors = xpath(opf, "//dc:creator/text()")
    assert authors == (list(meta.authors) or ["Unknown"])
    languages = [langcodes.Language.get(lang).to_alpha3() for lang in built.book.edition.languages]
    assert xpath(opf, "//dc:language/text()") == languages
    assert xpath(opf, "//dc:publisher/text()") == ([meta.publisher] if meta.publisher else [])
    # It keeps identifiers that it knows a place for; a book's own UUID is none.
    isbn = [meta.identifier.removeprefix("urn:isbn:")] if meta.identifier.startswith("urn:isbn:") else []
    assert xpath(opf, "//dc:identifier[@*[local-name()='scheme']='ISBN']/text()") == isbn


@pytest.mark.parametrize("variant", BOOKS, ids=str)
def test_it_converts_a_book_to_plain_text_in_the_books_order(
    variant: Variant, shelf: Shelf, tmp_path: Path
) -> None:
    built = shelf[variant]
    text = tmp_path / "book.txt"
    calibre(tmp_path, "ebook-convert", built.epub, text)
    follows(built, one_line(text.read_text("utf-8")))


def test_a_kindle_gets_every_text_too_in_its_direction(shelf: Shelf, tmp_path: Path) -> None:
    built = shelf["three-languages"]
    kindle, back = tmp_path / "book.azw3", tmp_path / "back.epub"
    calibre(tmp_path, "ebook-convert", built.epub, kindle)
    calibre(tmp_path, "ebook-convert", kindle, back)
    pages = spine(back)
    follows(built, one_line(" ".join(map(shown, pages))))
    blocks = [node for page in pages for node in page.iter(f"{H}p", f"{H}h1")]
    for chapter in built.book.chapters:
        for text in (text for block in chapter.blocks for leaf in block.leaves() for text in leaf.texts):
            found = [node for node in blocks if one_line(text_of(node)) == printed(chapter, text)]
            directions = {xpath(node, "ancestor-or-self::*[@dir][1]/@dir")[0] for node in found}
            assert directions == {direction(text.lang)}


def spine(epub: Path) -> list[etree._Element]:
    """The bodies of its pages, in their order."""
    with zipfile.ZipFile(epub) as archive:
        package = etree.fromstring(archive.read("content.opf"))
        items = {item.get("id"): item.get("href") for item in xpath(package, "//opf:manifest/opf:item")}
        pages = [items[ref] for ref in xpath(package, "//opf:spine/opf:itemref/@idref")]
        return [body for page in pages for body in xpath(etree.fromstring(archive.read(page)), "h:body")]


def shown(page: etree._Element) -> str:
    """The text of a page, with white space between its blocks."""
    pieces: list[str] = []
    for event, node in etree.iterwalk(page, events=("start", "end")):
        pieces += [] if etree.QName(node).localname in INLINE else ["\n"]
        pieces.append((node.text if event == "start" else node.tail) or "")
    return "".join(pieces)


def follows(built: Built, converted: str) -> None:
    """Whether the title page, every chapter and the glossary are there, in this order."""
    edition = built.book.edition
    at = converted.index(edition.metadata.title_in(edition.metadata.original))
    wanted = [chapter.title() for chapter in built.book.chapters]  # the contents
    wanted += [printed(chapter, text) for chapter in built.book.chapters for text in chapter.texts()]
    for line in wanted:
        at = converted.index(line, at) + len(line)
    for term in edition.glossary:
        assert (term.say or term.term) in converted[at:]
