from __future__ import annotations

import pytest

from hakawati.source.matching import Finder, fold, pronunciations, strip_marks, with_prefix
from hakawati.source.sentences import words


def found(text: str, *entries: str, article: bool = True) -> list[tuple[str, str, str]]:
    """(what the text says, its proclitics, the entry) of every match."""
    finder = Finder([(entry, entry) for entry in entries], fold, article=article)
    there = words(text)
    return [
        (text[there[m.begin].begin : there[m.end - 1].end], m.prefix, m.value)
        for m in finder.find(text, there)
    ]


@pytest.mark.parametrize(
    ("written", "prefix"),
    [
        ("مدينة", ""),
        ("ومدينة", "و"),
        ("فمدينة", "ف"),
        ("بمدينة", "ب"),
        ("كمدينة", "ك"),
        ("لمدينة", "ل"),
        ("وبمدينة", "وب"),
        ("فلمدينة", "فل"),
        ("المدينة", ""),
        ("والمدينة", "و"),
        ("بالمدينة", "ب"),
        ("وكالمدينة", "وك"),
        ("للمدينة", "ل"),
        ("وللمدينة", "ول"),
        ("مَدِينَةٌ", ""),
        ("وَالْمَدِينَةِ", "و"),
        ("مـديـنة", ""),
    ],
)
def test_finds_a_term_behind_what_arabic_writes_onto_it(written: str, prefix: str) -> None:
    assert found(f"هذه {written}.", "مدينة") == [(written, prefix, "مدينة")]


@pytest.mark.parametrize(
    ("written", "entry"),
    [
        ("أيزنهاور", "ايزنهاور"),
        ("إيزنهاور", "أيزنهاور"),
        ("ا\u0654يزنهاور", "أيزنهاور"),
        ("ميلاً", "ميل"),
        ("ميلًا", "ميل"),
        ("مسؤول", "مسوول"),
        ("على", "علي"),
        ("المدينة", "المدينة"),
        ("للمدينة", "المدينة"),
        ("Paris", "paris"),
    ],
)
def test_finds_a_term_however_it_is_spelt(written: str, entry: str) -> None:
    assert [(there, value) for there, _, value in found(written, entry)] == [(written, entry)]


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("المدينتان", "مدينة"),
        ("تمدينة", "مدينة"),
        ("بوم", "م"),
        ("ووو", "نهر"),
        ("كاتب", "تب"),
        ("comparison", "paris"),
        ("نهر كبير", "نهر السين"),
        ("نهر", "نهر السين"),
        ("سين نهر", "نهر السين"),
    ],
)
def test_finds_no_term_in_what_only_resembles_it(text: str, entry: str) -> None:
    assert found(text, entry) == []


def test_finds_no_term_behind_the_article_unless_asked_to() -> None:
    assert found("المدينة مدينة", "مدينة", article=False) == [("مدينة", "", "مدينة")]


def test_finds_a_term_of_several_words_with_the_article_on_any_of_them() -> None:
    text = "بقنابل المولوتوف والقنابل المولوتوف"
    assert found(text, "قنابل مولوتوف") == [
        ("بقنابل المولوتوف", "ب", "قنابل مولوتوف"),
        ("والقنابل المولوتوف", "و", "قنابل مولوتوف"),
    ]


def test_prefers_the_longest_term_at_every_place() -> None:
    text = "نهر السين ثم نهر آخر والسين"
    assert found(text, "نهر", "نهر السين", "السين") == [
        ("نهر السين", "", "نهر السين"),
        ("نهر", "", "نهر"),
        ("والسين", "و", "السين"),
    ]


def test_prefers_a_word_that_stands_as_it_is_to_one_behind_a_proclitic() -> None:
    assert found("ولد", "لد", "ولد") == [("ولد", "", "ولد")]


def test_finds_nothing_where_nothing_is_sought() -> None:
    assert found("مدينة", "…") == []


def test_pronunciation_minds_hamza_but_not_vowel_marks() -> None:
    text = "الأخر الآخر وَالأَخَر"
    there = words(text)
    matches = pronunciations({"الأخر": "الْآخَر"}).find(text, there)
    assert [(m.begin, m.end, m.prefix, m.value) for m in matches] == [
        (0, 1, "", "الْآخَر"),
        (2, 3, "و", "الْآخَر"),
    ]


@pytest.mark.parametrize(
    ("prefix", "spoken", "expected"),
    [
        ("", "بَارِيس", "بَارِيس"),
        ("و", "بَارِيس", "وَبَارِيس"),
        ("وب", "بَارِيس", "وَبِبَارِيس"),
        ("فك", "بَارِيس", "فَكَبَارِيس"),
        ("ل", "الْمَدِينَة", "لِلْمَدِينَة"),
        ("ل", "بَارِيس", "لِبَارِيس"),
        ("ب", "الْمَدِينَة", "بِالْمَدِينَة"),
    ],
)
def test_speaks_a_word_behind_its_proclitics(prefix: str, spoken: str, expected: str) -> None:
    assert with_prefix(prefix, spoken) == expected


def test_strips_all_that_is_not_a_letter() -> None:
    assert strip_marks("كِـتَابٌ\u200f\u200d") == "كتاب"
