from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("مصطفى", "مصطفي"),
        ("المدينة", "المدينة"),
        ("للمدينة", "المدينة"),
        ("Paris", "paris"),
        ("ﻣﺪﻳﻨﺔ", "مدينة"),
        ("ٱلۡمَدِينَةِ", "مدينة"),
        ("المدینة", "مدينة"),
        ("مدينة", "مدینة"),
        ("مد\u2060ي\u00adنة", "مدينة"),
        ("ٱلۡكِتَٰبُ", "كتاب"),
        ("مصطفی", "مصطفى"),
        ("ڤيينا", "فيينا"),
        ("ﷲ", "الله"),
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


def test_takes_no_longer_term_where_the_text_ends_before_it_does() -> None:
    assert found("عند نهر", "نهر", "نهر السين") == [("نهر", "", "نهر")]


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
    ("text", "entry", "prefix"),
    [
        ("بباريس", "باريس", "ب"),
        ("وَبِبَارِيس", "باريس", "وب"),
        ("للمدينة", "المدينة", "ل"),
        ("لِلَّيْل", "الليل", "ل"),
        ("à l’Élysée", "Élysée", "l'"),
        ("O’Brien", "O'Brien", ""),
        ("وقد", "قد", "و"),
    ],
)
def test_pronunciation_is_found_behind_proclitics(text: str, entry: str, prefix: str) -> None:
    (match,) = pronunciations({entry: "…"}).find(text, words(text))
    assert match.prefix == prefix


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("وُجُود", "جود"),  # damma: no proclitic
        ("المدينة", "مدينة"),  # the article is said otherwise
        ("على", "علي"),
        ("مصطفى", "مصطفي"),
        ("١٩٤٤", "1944"),
        ("Hitler’s", "Hitler"),
        ("نهر، السين", "نهر السين"),
    ],
)
def test_pronunciation_is_not_found_in_other_words(text: str, entry: str) -> None:
    assert pronunciations({entry: "…"}).find(text, words(text)) == []


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
        ("ل", "اللَّيْل", "لِلَّيْل"),
        ("ول", "اللّٰه", "وَلِلّٰه"),
        ("l'", "Élysée", "l'Élysée"),
    ],
)
def test_speaks_a_word_behind_its_proclitics(prefix: str, spoken: str, expected: str) -> None:
    assert with_prefix(prefix, spoken) == expected


def test_letters_that_another_language_tells_apart_stay_apart_in_its_texts() -> None:
    finder = pronunciations({"پر": "par"})
    assert finder.find("بر", words("بر"), arabic=False) == []
    assert len(finder.find("پر", words("پر"), arabic=False)) == 1
    assert len(finder.find("پر", words("پر"))) == 1


def test_strips_all_that_is_not_a_letter() -> None:
    assert strip_marks("كِـتَابٌ\u200f\u200d") == "كتاب"


PIECES = [
    *("و", "ف", "ب", "ك", "ل", "ال", "لل", "أ", "إ", "ى", "ي", "ة", "كتاب", "نهر", "السين", "ﻻ", "ﷲ"),
    *("ß", "İ", "l’", "Élysée", "'s", "1944", "١٨"),
    *"\u064b\u064e\u0650\u0651\u0640\u200d",
]
TEXTS = st.lists(st.sampled_from([*PIECES, " ", "، "]), max_size=12).map("".join)


FEW = st.lists(st.sampled_from(["نهر", "والنهر", "السين"]), min_size=1, max_size=3).map(" ".join)
"""So alike that one often begins like another, or ends where that goes on."""


@given(TEXTS | FEW | st.text(max_size=20), st.lists(TEXTS | FEW | st.text(max_size=6), max_size=4))
def test_any_text_can_be_searched_for_anything(text: str, entries: list[str]) -> None:
    there = words(text)
    for finder in (
        pronunciations(dict.fromkeys(entries, "ال")),
        Finder([(e, e) for e in entries], fold, article=True),
    ):
        ends = [0]
        for match in finder.find(text, there):
            assert ends[-1] <= match.begin < match.end <= len(there)
            assert strip_marks(with_prefix(match.prefix, "كتاب")) == match.prefix + "كتاب"
            assert with_prefix(match.prefix, match.value)
            ends.append(match.end)


@given(TEXTS)
def test_a_word_is_found_as_it_is_written(text: str) -> None:
    there = words(text)
    if there:
        (match,) = Finder([(text, "")], fold).find(text, there)
        assert (match.begin, match.end, match.prefix) == (0, len(there), "")
