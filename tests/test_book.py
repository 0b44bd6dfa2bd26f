"""The repository's own book: whole, and true to its source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from hakawati.model import Book, Term, plain
from hakawati.publishing.trial import doubtful_in
from hakawati.source.folder import read_book
from hakawati.source.glossary import term_finder

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "tests" / "data" / "liberation-of-paris.ar.txt"


@pytest.fixture(scope="module")
def book() -> Book:
    return read_book(ROOT)


def test_reads_without_a_notice(book: Book) -> None:
    assert book.notices == ()


def test_says_every_word_as_its_author_knows_it_is_said(book: Book) -> None:
    assert [doubt.written for doubt in doubtful_in(book)] == []


def test_holds_every_paragraph_of_its_source_verbatim_and_in_order() -> None:
    paragraphs = []
    for number in range(1, 6):
        (file,) = (ROOT / "book" / "ar").glob(f"{number:02}-*.md")
        blocks = file.read_text(encoding="utf-8").split("\n\n")
        text = [b.strip() for b in blocks if not b.startswith(("#", "[^"))]
        paragraphs += [re.sub(r"\[\^[^\]]+\]", "", block) for block in text]
    source = REFERENCE.read_text(encoding="utf-8").splitlines()
    assert paragraphs == [line.strip() for line in source if line.strip()]


def test_prints_what_its_source_says() -> None:
    """Not only the Markdown: what is read out of it, too."""
    chapters = read_book(ROOT).chapters[:5]
    printed = [
        plain(text)
        for chapter in chapters
        for block in chapter.blocks
        if block.kind == "paragraph"
        for text in block.texts
        if text.lang == "ar"
    ]
    source = REFERENCE.read_text(encoding="utf-8").splitlines()
    assert printed == [" ".join(line.split()) for line in source if line.strip()]


def test_ends_with_an_afterword(book: Book) -> None:
    assert [chapter.role for chapter in book.chapters] == ["chapter"] * 5 + ["afterword"]


def test_is_translated_throughout(book: Book) -> None:
    texts = [b.texts for c in book.chapters for top in c.blocks for b in top.leaves()]
    assert {tuple(text.lang for text in pair) for pair in texts} == {("ar", "en")}


def test_has_a_glossary_for_learners_of_either_language(book: Book) -> None:
    assert len(book.edition.glossary) >= 30
    assert {tuple(term.translation) for term in book.edition.glossary} == {("en",)}
    assert {tuple(term.definition) for term in book.edition.glossary} == {("ar", "en")}


def test_finds_every_term_of_the_glossary_in_the_text(book: Book) -> None:
    originals = [text for chapter in book.chapters for text in chapter.texts() if text.lang == "ar"]
    sentences = [sentence for text in originals for sentence in text.sentences]

    def occurs(term: Term) -> bool:
        finder = term_finder([term])
        return any(finder.find(sentence.text, sentence.words) for sentence in sentences)

    assert [term.term for term in book.edition.glossary if not occurs(term)] == []


def test_has_notes_in_both_languages_that_name_their_sources(book: Book) -> None:
    notes = [note for chapter in book.chapters[:5] for note in chapter.notes]
    assert len(notes) >= 15
    for note in notes:
        texts = [text for block in note.blocks for text in block.texts]
        said = {lang: " ".join(plain(t) for t in texts if t.lang == lang) for lang in ("ar", "en")}
        assert re.search(r"(المصدر|المصادر|المصدران): \S", said["ar"]), said["ar"]
        assert re.search(r"Sources?: \S", said["en"]), said["en"]


def test_has_a_cover_that_fills_a_large_screen(book: Book) -> None:
    with Image.open(ROOT / "book" / book.edition.cover) as cover:
        assert cover.width >= 1600
        assert cover.height >= 2560
