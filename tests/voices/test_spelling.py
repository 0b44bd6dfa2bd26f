"""What eSpeak NG says of one word, however its letters are printed."""

from __future__ import annotations

import pytest

from hakawati.arabic.letters import clean
from tests.voices.phonemes import phonemes


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("ﻛﹷﺎﻥﹶ", "كَانَ"),
        ("ٱلۡكِتَٰبُ", "الْكِتَابُ"),
        ("صَدِیقُهُ", "صَدِيقُهُ"),
        ("پَارِیس", "بَارِيس"),
        ("مَدِی\u200cنَۃ", "مَدِينَة"),
        ("سَا\u064e\u0654لَ", "سَأَلَ"),
        ("كِتَـــا\u200fب", "كِتَاب"),
    ],
)
def test_a_word_sounds_as_its_plain_spelling(printed: str, plain: str) -> None:
    assert phonemes(clean(printed)) == phonemes(plain)
    assert phonemes(printed) != phonemes(plain)
