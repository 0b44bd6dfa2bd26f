"""Vowelled Arabic in Latin letters, by two standards: a table of forms, and what holds for any text."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.epub.transliteration import Standard, transliterate
from tests.goldens import ROOT

STANDARDS: tuple[Standard, ...] = ("ala-lc", "din-31635")
LINES = (ROOT / "tests" / "data" / "transliteration.tsv").read_text(encoding="utf-8").splitlines()
FORMS = [tuple(line.split("\t")) for line in LINES if not line.startswith("#")]

LETTERS = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيٱ"
MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0653\u0654\u0655\u0670\u0640"
ARABIC = st.text(st.sampled_from(LETTERS + MARKS + " ،٣-"), max_size=30)


@pytest.mark.parametrize(("written", "ala_lc", "din"), FORMS, ids=[form[0] for form in FORMS])
def test_a_form_is_written_as_the_standards_have_it(written: str, ala_lc: str, din: str) -> None:
    assert (transliterate(written, "ala-lc"), transliterate(written, "din-31635")) == (ala_lc, din)


def test_the_table_is_large_and_has_no_form_twice() -> None:
    assert len(FORMS) >= 150
    assert len({form[0] for form in FORMS}) == len(FORMS)


@pytest.mark.parametrize("standard", STANDARDS)
@given(text=ARABIC)
def test_arabic_becomes_latin_altogether(text: str, standard: Standard) -> None:
    made = transliterate(text, standard)
    assert not re.search("[\u0600-\u06ff\u0750-\u077f]", made)
    assert unicodedata.is_normalized("NFC", made)
    assert not re.search("[NA~o]", made.replace("Allāh", ""))


@pytest.mark.parametrize("standard", STANDARDS)
@given(text=st.text(max_size=40))
def test_any_text_can_be_asked_for(text: str, standard: Standard) -> None:
    made = transliterate(text, standard)
    assert unicodedata.is_normalized("NFC", made)
    left = [c for c in made if unicodedata.name(c, "").startswith("ARABIC LETTER")]
    assert left == []


@pytest.mark.parametrize("standard", STANDARDS)
@given(text=st.text(st.characters(max_codepoint=0x24F, exclude_categories=["Cc", "Cf", "Cs"]), max_size=40))
def test_latin_text_stays(text: str, standard: Standard) -> None:
    assert transliterate(text, standard) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("standard", STANDARDS)
@given(word=st.text(st.sampled_from(LETTERS + MARKS), min_size=1, max_size=12))
def test_the_order_of_shadda_and_vowel_makes_no_difference(word: str, standard: Standard) -> None:
    other = re.sub("([\u064b-\u0650])\u0651", "\u0651\\1", word)
    assert transliterate(other, standard) == transliterate(word, standard)


def test_letters_that_no_table_has_give_nothing_rather_than_a_gap() -> None:
    assert transliterate("كِتَاب ٻ", "ala-lc") == ""
