from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.arabic.alphabets import espeak_mnemonics
from hakawati.arabic.connected_speech import spoken_words
from hakawati.arabic.phoneme_input import PhonemeInput, phoneme_input
from tests.arabic.test_pronunciation import ALPHABET


def given_to_espeak(text: str) -> PhonemeInput:
    return phoneme_input(text, espeak_mnemonics)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("Paris, 1944!", "Paris, 1944!"),
        ("قَالَ نَعَمْ.", "[[q'a:la]] [[n'aAam]]."),
        # a word right behind a sign would be left out
        ('«نَعَمْ» (نَعَمْ) "نَعَمْ"', "« [[n'aAam]]» ( [[n'aAam]]) \" [[n'aAam]]\""),
        ("قَالَ/نَعَمْ", "[[q'a:la]]/ [[n'aAam]]"),
        # and one behind a hyphen would have the hyphen's onset
        ("قَالَ-نَعَمْ - لَا", "[[q'a:la]] [[n'aAam]] – [[l'a:]]"),
        ("وَ1944 كَParis", "[[wa]] 1944 [[ka]] Paris"),
        ("Parisقَالَ", "Paris [[q'a:la]]"),
        # the text's own brackets are no phonemes
        ("[[h@l]] [[نَعَمْ]]", "[ h@l]] [ [[n'aAam]]]]"),
        ("حَرْف م", "[[H'aRf]] م"),
    ],
)
def test_arabic_words_become_phonemes_and_nothing_else_does(text: str, expected: str) -> None:
    assert given_to_espeak(text).text == expected


def test_a_word_longer_than_espeak_can_hold_is_left_as_it_is() -> None:
    assert given_to_espeak("بَ" * 60).text == "بَ" * 60


def test_a_clause_longer_than_espeak_can_hold_is_ended_between_words() -> None:
    text = given_to_espeak("كِتَابٌ كَبِيرٌ، " + "كِتَابٌ كَبِيرٌ " * 200).text
    clauses = re.split("[,،] ", text)
    assert all(len(clause.encode()) <= 725 for clause in clauses)
    assert len(clauses) == 9
    assert all(clause.count("[[") == clause.count("]]") for clause in clauses)


@given(st.text(ALPHABET + " ،.-[]«1a\n", max_size=60))
def test_every_offset_leads_to_the_same_word(text: str) -> None:
    made = given_to_espeak(text)
    ranges = [(word.begin, word.end) for word in spoken_words(text) if word.phones]
    found = [made.origin(offset) for offset in range(len(made.text))]
    assert found == sorted(found)
    assert all(0 <= origin < len(text) for origin in found)
    at = 0
    for begin, _ in ranges:
        at = made.text.index("[[", at) + 2
        assert made.origin(at) == begin
