"""What holds for whatever text figures are sought in."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.figures import is_spelt, spell
from hakawati.figures.word_lists import names
from hakawati.model import Phrase, Sentence, Text, Word
from hakawati.narration.spoken_form import prepare, vocalise
from hakawati.source.sentences import words

PIECES = names(
    "1 2 12 007 1944 2,000 1,500.75 ١٩٤٤ ٣٫٥ 2٬000 99999999999999999999 $ € £ ₹ ¢ ₩5 % ٪ ‱ ° °م °C م هـ "
    "كم كغ ر.س. ق.م د. ص. في عام بين الـ و ب - – — / : . , ، ( ) & @ # + = × ÷ ± √ ½ 1½ ² Ⅳ ① ﷺ XIV Henry "
    "Louis p. pp. No. Lt. St. a.m. August the 1940s 3rd 10:30 25:99 31/12/1999 1944-08-19 1/2 5-7 2+2=4 "
    "www.a.com https://x.org/a?b=1 info@x.org C++ F-16 MP3 © ™ 🙂 • → § ~ * _ ' ’ كتب مدينة مليون الساعة "
    "هاتف +962 \u200f \u064b \u0640"
)
TEXTS = st.lists(st.sampled_from([*sorted(PIECES), " ", " ", " "]), max_size=12).map("".join)
ANY = st.text(max_size=40) | TEXTS
SIGNS = "%٪‰‱؉؊&@#*/\\_§†‡"


def spoken(printed: str, lang: str) -> tuple[str, tuple[Word, ...]]:
    found = words(printed)
    sentence = Sentence("s", printed, 1, found, (Phrase(0, len(found)),))
    form = vocalise(prepare(sentence, Text("t", lang, "book/01.md", (sentence,)), "v"), str)
    return form.text, form.words


@given(ANY, st.sampled_from(["ar", "ar-EG", "en", "en-GB"]))
def test_neither_a_digit_nor_a_sign_is_left_in_what_is_said(printed: str, lang: str) -> None:
    if words(printed):
        said, _ = spoken(printed, lang)
        assert [c for c in said if unicodedata.category(c)[0] in "NS" or c in SIGNS] == []


@given(ANY, st.sampled_from(["ar", "en"]))
def test_every_printed_word_keeps_a_range_and_ranges_are_in_order(printed: str, lang: str) -> None:
    if found := words(printed):
        said, ranges = spoken(printed, lang)
        assert len(ranges) == len(found)
        assert all(0 <= w.begin <= w.end <= len(said) for w in ranges)
        assert all(a.end <= b.begin for a, b in pairwise(ranges))


@given(ANY, st.sampled_from(["ar", "en"]))
def test_replacements_cover_whole_words_in_order_and_never_overlap(printed: str, lang: str) -> None:
    found = words(printed)
    replacements = spell(printed, found, lang)
    assert all(a.end <= b.begin for a, b in pairwise(replacements))
    for one in replacements:
        assert 0 <= one.begin <= one.end <= len(printed)
        inside = [w for w in found if w.begin < one.end and one.begin < w.end]
        assert inside
        assert all(one.begin <= w.begin and w.end <= one.end for w in inside)


@given(ANY, st.sampled_from(["ar", "en"]))
def test_what_is_in_words_stays_as_it_is(printed: str, lang: str) -> None:
    if words(printed):
        said, _ = spoken(printed, lang)
        again = words(said)
        digits = [
            one for one in spell(said, again, lang) if any(c.isdigit() for c in said[one.begin : one.end])
        ]
        assert digits == []


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_plain_words_are_left_alone(lang: str) -> None:
    text = {
        "ar": "خرج الرجل من البيت القديم، ثم مشى.",
        "en": "He left the old house, then walked. I saw it.",
    }[lang]
    assert spell(text, words(text), lang) == []


@pytest.mark.parametrize(
    ("lang", "printed", "said"),
    [
        (
            "en",
            "At 5 a.m., Dr. Smith (b. 1850) paid -5.",
            "At five A M, Doctor Smith (born eighteen fifty) paid minus five.",
        ),
        ("en", "1940–1944", "nineteen forty to nineteen forty-four"),
        ("ar", "قال د. أحمد: «5 × 3»، ثم 10.", "قال الدكتور أحمد: «خمسة في ثلاثةْ»، ثم عشرةْ."),
    ],
)
def test_a_sign_that_is_said_leaves_no_pause_and_punctuation_stays(
    lang: str, printed: str, said: str
) -> None:
    assert spoken(printed, lang)[0] == said


def test_other_languages_are_left_to_their_engines() -> None:
    assert spell("En 1944, 5 %.", words("En 1944, 5 %."), "fr") == []
    assert [is_spelt(lang) for lang in ("ar", "ar-EG", "en-GB", "fr", "fa")] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("lang", "printed", "forms"),
    [
        ("en", "In 1940–1944, no.", ["In", "nineteen forty", "to nineteen forty-four", "no"]),
        ("en", "$2.5 million now", ["two point five", "million dollars", "now"]),
        ("en", "Dr. Smith", ["Doctor", "Smith"]),
        ("ar", "دفع ٢٠ ر.س. ومشى", ["دفع", "عشرين", "ريالا سعوديا", "ومشى"]),
        ("ar", "مع 2 مليون لاجئ", ["مع", "مليوني", "", "لاجئ"]),
        (
            "ar",
            "في ١٩\u200f/٨\u200f/١٩٤٤",
            ["في", "التاسع عشر من أغسطس عام ألف وتسعمئة وأربعة وأربعين"],
        ),
        ("ar", "السيد & السيدة ثم", ["السيد", "", "والسيدة", "ثم"]),
    ],
)
def test_spoken_words_are_tied_to_their_printed_word(lang: str, printed: str, forms: list[str]) -> None:
    said, ranges = spoken(printed, lang)
    assert [said[w.begin : w.end] for w in ranges] == forms
