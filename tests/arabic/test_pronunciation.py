"""Words, each said between two pauses."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.arabic.connected_speech import spoken_words
from hakawati.arabic.pronunciation import pronunciation
from hakawati.narration.spoken_form import shadda_first
from tests.arabic.words import IRREGULAR, JUDGED, UNVOWELLED, rows

MARKS = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"
ALPHABET = "ءآأؤإئابةتثجحخدذرزسشصضطظعغـفقكلمنهوىيٱپچڤگکی" + MARKS


def said(text: str) -> str:
    return " ".join("".join(map(str, word.phones)) for word in spoken_words(text))


@pytest.mark.parametrize(("word", "phones"), rows(JUDGED))
def test_words_that_espeak_misreads(word: str, phones: str) -> None:
    assert said(word) == phones


@pytest.mark.parametrize(("word", "phones"), rows(IRREGULAR))
def test_words_that_are_said_otherwise_than_they_are_spelt(word: str, phones: str) -> None:
    assert said(word) == phones


@pytest.mark.parametrize(("word", "phones"), rows(UNVOWELLED))
def test_a_word_without_vowels_can_be_said(word: str, phones: str) -> None:
    assert said(word) == phones


@pytest.mark.parametrize("table", [JUDGED, IRREGULAR])
def test_the_order_of_marks_and_a_tatweel_change_nothing(table: str) -> None:
    for word, phones in rows(table):
        assert said(shadda_first(word)) == phones
        assert said(word[0] + "ـ" + word[1:]) == phones


def test_a_single_letter_has_no_phones() -> None:
    (letter,) = spoken_words("م")
    assert letter.phones == ()


@given(st.text(ALPHABET, max_size=12))
def test_any_letters_are_said_and_no_two_vowels_meet(word: str) -> None:
    phones = pronunciation(word).phones
    assert not any(a.vowel and b.vowel for a, b in pairwise(phones))
    assert pronunciation(word) == pronunciation(word)


@given(st.text(ALPHABET, min_size=1, max_size=12))
def test_what_is_said_by_itself_can_be_said_again_in_any_order_of_marks(word: str) -> None:
    marks = [c for c in word if c in MARKS]
    if len(marks) == len(set(marks)):
        assert pronunciation(shadda_first(word)) == pronunciation(word)
