"""Whether an Arabic text is vowelled fully enough to be read in one way only."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\u0640\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_WORD = re.compile("[\u0621-\u065f\u0670\u0671]+")
_LETTER = re.compile("([\u0621-\u064a\u0671])([\u064b-\u065f\u0670]*)")
_ALEF = "اأإآٱ"
_UNMARKED = "الله"
"""A word that every reader knows without its marks."""


def is_vowelled(text: str) -> bool:
    """Whether every Arabic word has the vowel marks that its reading needs; there must be one.

    The last letter, the article's l, alif, and waw and ya behind a vowel mark need none. A sukun may be left
    out where a mark follows.
    """
    found = _WORD.findall(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    return bool(found) and all(_is_read(word) for word in found)


def _is_read(word: str) -> bool:
    letters = [(m[1], bool(m[2])) for m in _LETTER.finditer(word)]
    if "".join(letter for letter, _ in letters) == _UNMARKED:
        return True
    begin = _after_article(letters)
    for i, (letter, marked) in enumerate(letters):
        if marked or letter in _ALEF or i < begin:
            continue
        if i + 1 == len(letters):
            return i > begin
        after, after_marked = letters[i + 1]
        if after in "اةى":
            continue
        long = letter in "وي" and i > begin and letters[i - 1][1]
        if not long and (i == begin or not after_marked):
            return False
    return True


def _after_article(letters: list[tuple[str, bool]]) -> int:
    """The index of the letter behind the article and the proclitics before it; 0 without article."""
    for i, (letter, marked) in enumerate(letters[:4]):
        if letter == "ل" and not marked and i and letters[i - 1][0] in "الٱ":
            return i + 1
        if not (marked or letter in "اٱ"):
            break
    return 0
