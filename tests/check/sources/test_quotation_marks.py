from __future__ import annotations

from pathlib import Path

import pytest

from tests.check.sources.looked import arabic, english, noticed

SOUND_ENGLISH = {
    "straight": ['He said "yes" and "no".'],
    "curled": ["He said “yes” (and “no” [sic])."],
    "nested": ["“He said ‘yes’ and she didn’t,” they told."],
    "a quotation over paragraphs": ["He said: “One.", "“Two.", "“Three.” Then he went."],
    "a straight one over paragraphs": ['He said: "One.', '"Two.', '"Three." Then he went.'],
    "a quotation that is not begun anew": ["He said: “One.", "Two.", "Three.” Then “he” went."],
    "apostrophes": ["‘Tis the dogs’ and the cats’ own. Rock ‘n’ roll of the ’90s, don’t."],
    "numbered": ["First a) the one, then b) the other, and 12) the last."],
    "faces": ["This is good :) and this is not :( at all ;-)."],
    "intervals": ["It is in [0, 1) and in (0, 1]."],
    "inches": ["He is 5'10\" tall. “He” is."],
    "code": ['Write `if (x` and `"`.'],
    "brackets that hold marks": ["He came (he said: “yes”) and (“no”) went."],
    "verses": ["::: verse\n“The first line goes\nand the second ends.”\n:::"],
    "a colon before a bracket": ["He said:(yes) and went."],
}
SOUND_ARABIC = {
    "guillemets": ["قال: «نعم» (ثم ذهب)."],
    "the other way round": ["قال: »نعم«. وقالت: »لا«.", "ثم قال: »لا«."],
    "curled, the other way round": ["قال: ”نعم“. وقالت: ”لا“.", "ثم قال: ”لا“."],
    "on a proclitic": ['قال "نعم" و"لا" و«كلا».'],
    "of the Quran": ["قال: ﴿بسم الله﴾ وقرأ."],
}


@pytest.mark.parametrize("paragraphs", SOUND_ENGLISH.values(), ids=SOUND_ENGLISH)
def test_says_nothing_of_what_closes_in_english(paragraphs: list[str], tmp_path: Path) -> None:
    assert english(tmp_path, *paragraphs) == []


@pytest.mark.parametrize("paragraphs", SOUND_ARABIC.values(), ids=SOUND_ARABIC)
def test_says_nothing_of_what_closes_in_arabic(paragraphs: list[str], tmp_path: Path) -> None:
    assert arabic(tmp_path, *paragraphs) == []


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        (["He said “yes and went.", "She said “no” and “yes”."], "3: “ before “yes and went.” is not closed"),
        (["One line.\nHe said yes” and went."], "4: ” after “line. He said yes” closes nothing"),
        (["He came (late."], "3: ( before “late.” is not closed"),
        (["He came late)."], "3: ) after “He came late” closes nothing"),
        (["He came [late.", "All] of them."], "3: [ before “late.” is not closed"),
        (['He said "yes and went. He came.', "Then."], '3: " before “yes and went. He came.” is not closed'),
        (["It ends so: “", "Or not."], "3: “ at the end is not closed"),
        (["”Yes, he said.", "He “went” away. “Good.”"], "3: ” at the beginning closes nothing"),
        (["## A “title", "And ” text."], "3: “ before “title” is not closed"),
        (["‘Yes, he said."], "3: ‘ before “Yes, he said.” is not closed"),
    ],
)
def test_names_a_mark_that_is_alone_in_english(paragraphs: list[str], expected: str, tmp_path: Path) -> None:
    found = english(tmp_path, *paragraphs)
    assert found[0].splitlines()[0] == f"book/en/01-one.md:{expected}"


def test_says_what_to_do(tmp_path: Path) -> None:
    assert english(tmp_path, "First.", "He came late. He (she, too came early.") == [
        "book/en/01-one.md:5: ( before “she, too came early.” is not closed\n"
        "    hint: add ) where it ends, or delete ("
    ]


def test_a_quotation_that_is_followed_by_another_was_not_closed(tmp_path: Path) -> None:
    found = arabic(tmp_path, "قال: «نعم وذهب.", "ثم جاءت وقالت: «لا». وذهبت.")
    assert [told.splitlines()[0] for told in found] == [
        "book/ar/01-one.md:3: « before “نعم وذهب.” is not closed"
    ]


def test_a_straight_mark_in_a_word_of_hebrew_is_none(tmp_path: Path) -> None:
    yaml = "title: ספר\nlanguages: [he]\n"
    (tmp_path / "book" / "he").mkdir(parents=True)
    (tmp_path / "book" / "book.yaml").write_text(yaml)
    (tmp_path / "book" / "he" / "01-one.md").write_text('# אחת\n\nצה"ל בא.\n')
    assert noticed(tmp_path) == []


def test_german_closes_with_the_mark_that_opens_in_english(tmp_path: Path) -> None:
    (tmp_path / "book" / "de").mkdir(parents=True)
    (tmp_path / "book" / "book.yaml").write_text("title: Buch\nlanguages: [de]\n")
    chapter = tmp_path / "book" / "de" / "01-eins.md"
    chapter.write_text("# Eins\n\nEr sagte „ja“ und »nein«, sie »ja«.\n\nUnd »so«.\n")
    assert noticed(tmp_path) == []
    chapter.write_text("# Eins\n\nEr sagte „ja“ und „nein, sie nicht.\n")
    (told,) = noticed(tmp_path)
    assert told.startswith("book/de/01-eins.md:3: „ before “nein, sie nicht.” is not closed")
