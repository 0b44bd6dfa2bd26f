"""Every sign that Unicode has for money, numbers and mathematics is said, or named by `hakawati check`."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from hakawati.check.sources.unspoken_signs import unspoken
from hakawati.figures.money_signs import SIGNS
from hakawati.model import Phrase, Sentence
from hakawati.source.sentences import words
from tests.figures.test_tables import letters, spoken

ALL = [chr(code) for code in range(sys.maxunicode + 1)]
MEANINGFUL = [c for c in ALL if unicodedata.category(c) in ("Sc", "Sm", "No", "Nl", "Nd")]
OTHERS = "→⇒➔⬅✓✗♀♭⌘℃℗‰‱؉؊٪′″"
NOT_SAID_ALONE = "<>|~\u0f33"
"""ASCII that is markup or ornament beside words, and a half zero."""


def named(text: str) -> list[str]:
    found = words(text)
    return unspoken(Sentence("s", text, 1, found, (Phrase(0, len(found)),)), "en")


@pytest.mark.parametrize(("lang", "word"), [("ar", "كتاب"), ("en", "word")])
def test_every_sign_is_said_or_named(lang: str, word: str) -> None:
    bare = letters(spoken(f"{word} {word}", lang))
    silent = [
        c
        for c in [*MEANINGFUL, *OTHERS]
        if letters(spoken(text := f"{word} {c} {word}", lang)) == bare and not named(text)
    ]
    assert set(silent) - set(NOT_SAID_ALONE) == set()


@pytest.mark.parametrize(("lang", "word"), [("ar", "كتاب"), ("en", "word")])
@pytest.mark.parametrize("shape", ["{} 5 {c} 5", "{}{c}", "{c}{}", "{} 5{c}5"])
def test_no_sign_and_no_digit_is_left_for_an_engine(lang: str, word: str, shape: str) -> None:
    for c in [*MEANINGFUL, *OTHERS]:
        said = spoken(shape.format(word, c=c), lang)
        assert not [s for s in said if unicodedata.category(s)[0] in "NS" or s in OTHERS], (c, said)


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_every_sign_of_money_is_said_before_or_after_its_number(lang: str) -> None:
    for sign in SIGNS:
        text = f"5 {sign}"
        assert len(letters(spoken(text, lang)).split()) >= 2, sign
        assert named(text) == []
