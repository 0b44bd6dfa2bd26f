from __future__ import annotations

import os
from itertools import product

import pytest

from hakawati.arabic.alphabets import espeak_mnemonics, piper_phonemes
from hakawati.arabic.connected_speech import spoken_words
from hakawati.arabic.phones import CONSONANTS, Phone
from tests.arabic.words import JUDGED, rows
from tests.voices.phonemes import phonemes

forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="the phonemes are asked for in a fork")
SIGNS = {"x": "χ", "sˤ": "s̪", "tˤ": "t̪", "ðˤ": "ð", "ʒ": "dʒ"}
"""What eSpeak NG calls its phones, where it is not the usual sign."""
LENGTHENED = {"b", "t", "d", "k", "q", "ʔ", "dʒ", "sˤ", "tˤ", "p", "tʃ", "ɡ"}


def as_espeak_writes(phones: tuple[Phone, ...]) -> str:
    found, dark = "", False
    for phone in phones:
        sign = SIGNS.get(phone.symbol, phone.symbol)
        long = "ː" if phone.vowel or phone.symbol in LENGTHENED or phone.symbol == "ʒ" else sign
        found += "ˈ" * phone.stressed + sign + "." * (phone.vowel and dark) + long * phone.long
        dark = phone.emphatic
    return found


@forks
@pytest.mark.parametrize("length", [False, True])
def test_espeak_says_every_two_consonants_as_they_are(length: bool) -> None:
    """None of its mnemonics are run together: in مَدْح is no ḍād."""
    words = [
        (Phone("a", stressed=True), Phone(first), Phone(second, length), Phone("i"))
        for first, second in product(CONSONANTS, CONSONANTS)
        if first != second
    ]
    said = []
    for begin in range(0, len(words), 40):
        text = " ".join(f"[[{espeak_mnemonics(word)}]]" for word in words[begin : begin + 40])
        said += phonemes(text, mnemonics=True).split()
    assert said == [as_espeak_writes(word) for word in words]


@forks
def test_espeak_says_words_as_they_are_written_and_stressed() -> None:
    for word, _ in rows(JUDGED):
        (spoken,) = spoken_words(word)
        assert phonemes(f"[[{espeak_mnemonics(spoken.phones)}]]", mnemonics=True) == as_espeak_writes(
            spoken.phones
        )


@pytest.mark.parametrize(
    ("word", "mnemonics", "piper"),
    [
        ("الطَّالِب", "?at[:'a.:lib", "ʔat̪ːˈa.ːlib"),
        ("مَدْح", "m'ad|H", "mˈadħ"),
        ("بَيْت", "b'ajt", "bˈait"),
        ("يَوْم", "j'awm", "jˈaum"),
        ("قُوَّة", "q'uw:ah", "qˈuwwah"),
        ("شَيْخٌ", "S'ajXun", "ʃˈaiχun"),
        ("الشَّمْس", "?aS:'ams", "ʔaʃʃˈams"),
        ("ڤيينا", "v'i:jna:", "vˈiːjnaː"),
        ("گاز", "g'a:z", "ɡˈaːz"),
        ("ظِلّ", "Z'i.l:", "ðˈi.ll"),
        ("وَ", "wa", "wa"),
    ],
)
def test_words_in_each_alphabet(word: str, mnemonics: str, piper: str) -> None:
    (spoken,) = spoken_words(word)
    assert espeak_mnemonics(spoken.phones) == mnemonics
    assert piper_phonemes(spoken.phones) == piper
