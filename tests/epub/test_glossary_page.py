"""The glossary's page, for a learner."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

import hakawati
from hakawati.epub import resource_paths
from hakawati.epub.labels import latin
from hakawati.errors import Problem
from tests.goldens import SEED, XML_LANG, Shelf, build_here, text_of, xpath
from tests.support import write_book


def entries(page: etree._Element) -> dict[str, etree._Element]:
    """A term's definition, by the term as it is shown."""
    return {text_of(dt): dt.getnext() for dt in xpath(page, "//h:dt") if dt.getnext() is not None}


def of(node: etree._Element, name: str) -> list[str]:
    return [text_of(found) for found in xpath(node, f".//h:*[@class='{name}']")]


def test_every_letter_has_a_section_that_its_heading_names(shelf: Shelf) -> None:
    page = shelf[SEED].xml(resource_paths.GLOSSARY)
    sections = xpath(page, "//h:section/h:section")
    assert len(sections) >= 15
    for section in sections:
        (heading,), (terms,) = xpath(section, "h:h2"), xpath(section, "h:dl")
        assert section.get("aria-labelledby") == heading.get("id")
        assert len(terms) > 0
        for entry in terms:
            assert [etree.QName(child).localname for child in entry] == ["dt", "dd"]


def test_a_learner_sees_the_root_and_the_transliteration_in_their_own_languages(shelf: Shelf) -> None:
    page = shelf[SEED].xml(resource_paths.GLOSSARY)
    entry = entries(page)["اِنْتِفَاضَة"]
    ((shown,), (root,)) = (xpath(entry, f".//h:bdi[@class='{name}']") for name in ("latin", "root"))
    assert (text_of(shown), shown.get("lang"), shown.get(XML_LANG), shown.get("dir")) == (
        *("intifāḍah", "ar-Latn", "ar-Latn", "ltr"),
    )
    assert (text_of(root), root.get("lang")) == ("ن ف ض", None)


def test_the_book_chooses_the_standard_and_the_author_has_the_last_word(shelf: Shelf) -> None:
    found = entries(shelf["vowelled"].xml(resource_paths.GLOSSARY))
    assert {term: (of(e, "latin"), of(e, "root")) for term, e in found.items()} == {
        "مَقَامَة": (["maqāma"], ["ق و م"]),
        "أتراب": (["atrāb & <so on>"], ["ت ر ب"]),
    }


def test_without_the_key_nothing_is_transliterated(shelf: Shelf) -> None:
    assert of(shelf["glossary-only"].xml(resource_paths.GLOSSARY), "latin") == []


def test_a_term_without_vowels_is_told_in_every_build_and_shown_without(tmp_path: Path) -> None:
    project = write_book(
        tmp_path,
        {
            "book.yaml": "title: كتاب\nlanguages: [ar]\ntransliteration: ala-lc\n",
            "glossary.yaml": "- term: نص\n  definition: {ar: كلام}\n"
            "- term: قصير\n  say: قَصِير\n  definition: {ar: غير طويل}\n",
        },
    )
    notice = Problem(
        "book/glossary.yaml",
        1,
        "no transliteration of “نص”, whose vowels are not written",
        "add “say: …”, the term with all its vowel marks, or “transliteration: …”",
    )
    assert build_here(project).notices == (notice,)
    assert build_here(project).notices == (notice,)
    chapter = project / "book" / "ar" / "01-one.md"
    chapter.write_text(chapter.read_text() + "\n---\n")
    assert build_here(project).notices == (notice,)
    assert hakawati.load(project).notices == (notice,)


@pytest.mark.parametrize(
    ("lang", "expected"),
    [("ar", "ar-Latn"), ("ar-EG", "ar-Latn-EG"), ("ar-Arab-EG", "ar-Latn-EG"), ("ar-001", "ar-Latn-001")],
)
def test_the_tag_of_latin_letters_stands_where_a_script_does(lang: str, expected: str) -> None:
    assert latin(lang) == expected
