from __future__ import annotations

import pytest

from hakawati.epub.alphabet import group_by_letter
from hakawati.model import Place, Term


def term(written: str, say: str = "") -> Term:
    return Term(f"term-{written}", written, (), {}, {}, say, Place("book/glossary.yaml", 1))


def order(lang: str, *written: str) -> list[tuple[str, list[str]]]:
    return [(g.heading, [t.term for t in g.terms]) for g in group_by_letter(map(term, written), lang)]


def test_arabic_terms_stand_in_the_order_of_the_alphabet() -> None:
    letters = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
    found = order("ar", *(letter + "ب" for letter in reversed(letters)))
    assert [heading for heading, _ in found] == [*letters.replace("هوي", ""), "هـ", "و", "ي"]


def test_the_article_hamza_and_vowels_do_not_count() -> None:
    assert order("ar-EG", "الجسور", "إدارة", "ثَوْرة", "آثار", "أيام", "الأنقاض", "جِدار", "ٱسم", "جبل") == [
        ("ا", ["آثار", "إدارة", "ٱسم", "الأنقاض", "أيام"]),
        ("ث", ["ثَوْرة"]),
        ("ج", ["جبل", "جِدار", "الجسور"]),
    ]


def test_a_word_that_only_looks_as_if_it_had_the_article_stands_under_alef() -> None:
    (group,) = group_by_letter([term("التزام", "الْتِزَام")], "ar")
    assert group.heading == "ا"
    assert [g.heading for g in group_by_letter([term("التاج", "التَّاج")], "ar")] == ["ت"]


def test_a_short_term_stands_before_those_that_begin_with_it() -> None:
    assert order("ar", "قوات الداخلية", "قواتهم", "القوات") == [("ق", ["القوات", "قوات الداخلية", "قواتهم"])]


def test_numbers_come_first_and_latin_letters_before_arabic_ones() -> None:
    assert order("ar", "باب", "UNESCO", "١٩٤٤", "1944") == [
        ("0–9", ["1944", "١٩٤٤"]),
        ("U", ["UNESCO"]),
        ("ب", ["باب"]),
    ]


def test_other_languages_are_sorted_without_case_and_accents() -> None:
    assert order("fr", "Zoo", "été", "Eau", "arc", "École", "«est»") == [
        ("A", ["arc"]),
        ("E", ["Eau", "École", "«est»", "été"]),
        ("Z", ["Zoo"]),
    ]


def test_persian_letters_have_their_places_and_the_article_counts() -> None:
    assert [heading for heading, _ in order("fa", "گل", "پدر", "ژاله", "البته", "چای", "بام", "لب")] == [
        *("ا", "ب", "پ", "چ", "ژ", "گ", "ل")
    ]


@pytest.mark.parametrize("reverse", [False, True])
def test_a_headings_id_is_its_letters_whatever_else_there_is(reverse: bool) -> None:
    terms = sorted([term("باب"), term("1944"), term("البيت")], key=lambda t: t.term, reverse=reverse)
    assert [(g.id, g.heading) for g in group_by_letter(terms, "ar")] == [
        ("letter-0", "0–9"),
        ("letter-628", "ب"),
    ]
