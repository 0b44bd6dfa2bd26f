"""Words as they are said one after another: the joining alif falls silent, and what is before it gives way.

A long vowel before it is shortened, and two consonants get a vowel between them: Wright, *A Grammar of the
Arabic Language*, I, §19–20; Ryding, *A Reference Grammar of Modern Standard Arabic*, 2005, ch. 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hakawati.arabic.phones import Phone, SpokenWord
from hakawati.arabic.pronunciation import LETTERS, pronunciation
from hakawati.arabic.stress import stressed

_LETTERS = "".join(sorted(LETTERS))
_SIGNS = "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff"
"""Vowels and other marks, and tatweel."""
_WORD = re.compile(f"[{_LETTERS}][{_LETTERS}{_SIGNS}]*")
_PAUSE = re.compile(r"[،؛:.!?؟,;—–…\n]|(?<=\s)-(?=\s)|\w")
_PRONOUNS = (("h", "u"), ("h", "i"), ("k", "u"), ("t", "u"))
"""What the m of a plural pronoun is behind: it is joined by u."""


def spoken_words(text: str) -> tuple[SpokenWord, ...]:
    """Each run of Arabic letters in a text, as its neighbours make it, with its stress.

    Vowels must be written, and pausal forms before a pause; without vowels, a word is said as well as it can
    be. Punctuation, digits and other letters before a word count as a pause.
    """
    return tuple(_spoken(text))


def _spoken(text: str) -> Iterator[SpokenWord]:
    end = begin = clitics = 0
    phones: list[Phone] = []
    for found in _WORD.finditer(text):
        said = pronunciation(found[0])
        after_pause = not phones or bool(_PAUSE.search(text, end, found.start()))
        begins, own = list(said.phones), said.clitics
        if said.wasla and after_pause:
            begins[:0] = [Phone("ʔ"), Phone(said.wasla)]
            own += said.wasla == "a"
        elif said.wasla:
            _join(phones)
        if end:
            yield SpokenWord(begin, end, stressed(phones, clitics))
        begin, end = found.span()
        phones, clitics = begins, own
    if end:
        yield SpokenWord(begin, end, stressed(phones, clitics))


def _join(phones: list[Phone]) -> None:
    """Change the end of a word so that two consonants can follow it."""
    last = phones[-1]
    if last.vowel:
        phones[-1] = last._replace(long=False)
        return
    symbols = tuple(phone.symbol for phone in phones)
    pronoun = last.symbol == "m" and symbols[-3:-1] in _PRONOUNS
    if pronoun or symbols[-2:] == ("a", "w"):
        phones.append(Phone("u"))
    elif symbols == ("m", "i", "n"):
        phones.append(Phone("a"))
    else:
        phones.append(Phone("i"))
