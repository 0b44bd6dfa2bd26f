"""A glossary term is spoken in the text as the glossary says it."""

from __future__ import annotations

from pathlib import Path

import pytest

import hakawati
from hakawati.model import Place, Term
from hakawati.source.spoken_terms import spoken_term

KAHIL = "كَاحِل"


def term(written: str, say: str) -> Term:
    return Term("t", written, (), {}, {}, say, Place("book/glossary.yaml", 1))


@pytest.mark.parametrize(
    ("written", "say", "prefix", "printed", "expected"),
    [
        ("كاحل", KAHIL, "", "كاحل", KAHIL),
        ("كاحل", KAHIL, "و", "وكاحل", f"وَ{KAHIL}"),
        ("كاحل", KAHIL, "", "الكاحل", f"ال{KAHIL}"),
        ("كاحل", KAHIL, "ل", "للكاحل", f"لِل{KAHIL}"),
        ("ديجول", "دِيغُول", "", "ديجول", "دِيغُول"),
        ("كاحل", KAHIL, "", "كواحل", ""),  # another form
        ("كاحل", "", "", "كاحل", ""),
    ],
)
def test_the_term_that_is_printed_is_spoken(
    written: str, say: str, prefix: str, printed: str, expected: str
) -> None:
    assert spoken_term(term(written, say), prefix, printed) == expected


def spoken(folder: Path, pronunciation: str) -> list[str]:
    """What is said for words of a text whose glossary has ديجول, in their order."""
    book = folder / "book"
    (book / "ar").mkdir(parents=True)
    (book / "book.yaml").write_text("title: {ar: كتاب}\nlanguages: [ar]\n", encoding="utf-8")
    (book / "ar" / "01.md").write_text("# فصل\n\nزار ديجول باريس، وعاد ديجول.\n", encoding="utf-8")
    (book / "glossary.yaml").write_text(
        "- term: ديجول\n  translation: {ar: قائد}\n  say: دِيغُول\n", encoding="utf-8"
    )
    (book / "pronunciation.yaml").write_text(pronunciation, encoding="utf-8")
    (chapter,) = hakawati.load(folder).chapters
    marks = [mark for text in chapter.texts() for one in text.sentences for mark in one.marks]
    return [mark.target for mark in marks if mark.kind == "say"]


def test_the_text_is_spoken_as_the_glossary_and_not_in_two_ways(tmp_path: Path) -> None:
    assert spoken(tmp_path, "ديجول: دِيجُول\nباريس: بَارِيس\n") == ["دِيغُول", "بَارِيس", "دِيغُول"]


def test_a_longer_pronunciation_is_spoken_in_the_place_of_a_term_in_it(tmp_path: Path) -> None:
    assert spoken(tmp_path, "زار ديجول: زَارَ دِيغُولُ\n") == ["زَارَ دِيغُولُ", "دِيغُول"]
