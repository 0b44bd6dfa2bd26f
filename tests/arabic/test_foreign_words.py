from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.arabic.foreign_words import in_arabic_sounds
from hakawati.arabic.phones import CONSONANTS, VOWELS


@pytest.mark.parametrize(
    ("ipa", "phones"),
    [
        ("pˈæɹɪs", "bˈaris"),
        ("lˈʌndən", "lˈandan"),
        ("ˈaɪzənhˌaʊɚ", "ʔˈajzanhaw"),
        ("fˈeɪsbʊk", "fˈiːsbuk"),
        ("ɡˈuːɡəl", "ɣˈuːɣal"),
        ("vˈɪʃi", "fˈiʃi"),
        ("ɹˈiːɐ", "rˈiːja"),  # a glide between vowels
        ("", ""),
        ("?!", ""),
    ],
)
def test_english_sounds_become_their_nearest(ipa: str, phones: str) -> None:
    assert "".join(map(str, in_arabic_sounds(ipa))) == phones


@given(st.text())
def test_whatever_comes_the_phones_are_arabic(ipa: str) -> None:
    phones = in_arabic_sounds(ipa)
    assert {phone.symbol for phone in phones} <= {*CONSONANTS, *VOWELS}
    assert not any(a.vowel and b.vowel for a, b in pairwise(phones))
