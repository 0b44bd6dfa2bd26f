from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.arabic.connected_speech import spoken_words
from tests.arabic.test_pronunciation import ALPHABET, said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a long vowel before the joining alif is shortened
        ("فِي الْبَيْتِ", "fi lbˈajti"),
        ("إِلَى الشَّمْسِ", "ʔˈila ʃːˈamsi"),
        ("ذَهَبُوا الْيَوْمَ", "ðˈahabu ljˈawma"),
        ("كِلَا الرَّجُلَيْنِ", "kˈila rːadʒulˈajni"),
        ("هَذَا الِاسْمُ", "hˈaːða lˈismu"),
        # a consonant before it gets a vowel
        ("مِنْ الْبَيْتِ", "mˈina lbˈajti"),
        ("عَنْ الْبَيْتِ", "ʕˈani lbˈajti"),
        ("لَهُمْ الْكِتَابُ", "lˈahumu lkitˈaːbu"),
        ("اشْتَرَوْا الْكِتَابَ", "ʔiʃtˈarawu lkitˈaːba"),
        ("رَجُلٌ اسْمُهُ", "radʒˈuluni smˈuhu"),
        ("هَلْ اسْتَطَاعَ", "hˈali statˤˈaːʕa"),
        # where one is written, it is that
        ("مِنَ الْبَيْتِ مِنِ ابْنِهِ", "mˈina lbˈajti mˈini bnˈihi"),
        ("رَأَوُا الرَّجُلَ", "rˈaʔawu rːˈadʒula"),
        ("عَلِيُّ بْنُ أَبِي", "ʕalˈijːu bnu ʔˈabiː"),
        # after a pause it is heard
        ("قَالَ: الْبَيْت", "qˈaːla ʔalbˈajt"),
        ("قَالَ، اكْتُبْ", "qˈaːla ʔˈuktub"),
        ("نَعَمْ - الْبَيْت", "nˈaʕam ʔalbˈajt"),
        ("1944 الْبَيْت Paris الْبَيْت", "ʔalbˈajt ʔalbˈajt"),
        ("م الْبَيْت", " ʔalbˈajt"),
        # these are no pauses
        ("فِي «الْبَيْتِ»", "fi lbˈajti"),
        ("فِي (الْبَيْتِ)", "fi lbˈajti"),
    ],
)
def test_words_give_way_to_each_other(text: str, expected: str) -> None:
    assert said(text) == expected


@given(st.text(ALPHABET + " ،.-1a\u200f\u06d6", max_size=40))
def test_words_keep_their_ranges_in_any_text(text: str) -> None:
    at = 0
    for word in spoken_words(text):
        assert at <= word.begin < word.end <= len(text)
        assert not any(c.isspace() for c in text[word.begin : word.end])
        at = word.end
