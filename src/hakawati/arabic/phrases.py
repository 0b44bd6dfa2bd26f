"""A text → phrases, each ended by a pause. For voices that have no sounds but Arabic ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from hakawati.arabic.connected_speech import spoken_words
from hakawati.arabic.foreign_words import in_arabic_sounds
from hakawati.arabic.phones import SpokenWord

SIGNS: Mapping[str, str] = {
    ".": ".", "!": "!", "?": "?", "؟": "?", ",": ",", "،": ",", "…": ",", ";": ";", "؛": ";",
    "–": ";", "—": ";", ":": ":", "-": ";",
}  # fmt: skip
"""Punctuation that is heard, as the Latin sign of the same pause."""
TOKEN = re.compile(r"[^\W_]+(?:['’.,٫٬:%-]?[^\W_]+)*%?|[.!?؟,،…;؛–—:](?=\W|$)|(?<=\s)-(?=\s)")
"""What is between Arabic words, and is heard: a foreign word, a figure, or one of `SIGNS`."""
Read = Callable[[str], str]
"""Has a word read that is not in Arabic letters: what is said, in the International Phonetic Alphabet."""


@dataclass(frozen=True, slots=True)
class IntonationPhrase:
    """What is said in one go."""

    words: tuple[SpokenWord, ...]
    """Each has phones; not empty."""
    end: str
    """Which pause is behind it: a value of `SIGNS`; a full stop where a text ends without a sign."""


def phrases(text: str, read: Read) -> tuple[IntonationPhrase, ...]:
    """The phrases of an Arabic text; its foreign words and figures are in the nearest Arabic sounds."""
    found: list[IntonationPhrase] = []
    words: list[SpokenWord] = []
    for item in _items(text, read):
        if isinstance(item, SpokenWord):
            words.append(item)
        elif words:
            found.append(IntonationPhrase(tuple(words), item))
            words = []
        elif found and item == "?":  # “!?”
            found[-1] = IntonationPhrase(found[-1].words, item)
    if words:
        found.append(IntonationPhrase(tuple(words), "."))
    return tuple(found)


def _items(text: str, read: Read) -> Iterator[SpokenWord | str]:
    """Words that have a sound, and signs."""
    at = 0
    for word in spoken_words(text):
        yield from _between(text, at, word.begin, read)
        if word.phones:
            yield word
        else:
            yield from _word(text, word.begin, word.end, read)
        at = word.end
    yield from _between(text, at, len(text), read)


def _between(text: str, begin: int, end: int, read: Read) -> Iterator[SpokenWord | str]:
    for token in TOKEN.finditer(text, begin, end):
        if token[0] in SIGNS:
            yield SIGNS[token[0]]
        else:
            yield from _word(text, *token.span(), read)


def _word(text: str, begin: int, end: int, read: Read) -> Iterator[SpokenWord]:
    if phones := in_arabic_sounds(read(text[begin:end])):
        yield SpokenWord(begin, end, phones)
