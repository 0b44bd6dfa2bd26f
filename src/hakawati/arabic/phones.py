"""The sounds of Modern Standard Arabic, and those that loanwords bring along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

VERSION = 1
"""Of how Arabic becomes phones, and phones what an engine is given. Raise it when the same text begins to be
given otherwise: voices have it in their keys, so that clips of another version are not reused."""

VOWELS = frozenset("aiu")
EMPHATICS = frozenset({"sˤ", "dˤ", "tˤ", "ðˤ"})
CONSONANTS = (
    "ʔ", "b", "t", "θ", "dʒ", "ħ", "x", "d", "ð", "r", "z", "s", "ʃ", "sˤ", "dˤ", "tˤ", "ðˤ",
    "ʕ", "ɣ", "f", "q", "k", "l", "m", "n", "h", "w", "j", "p", "tʃ", "ʒ", "v", "ɡ",
)  # fmt: skip
"""In the International Phonetic Alphabet; the last five are foreign."""


class Phone(NamedTuple):
    """A vowel or a consonant."""

    symbol: str
    """In the International Phonetic Alphabet, without length."""
    long: bool = False
    """A long vowel, or a doubled (geminate) consonant."""
    stressed: bool = False
    """A vowel that bears the word's stress."""

    @property
    def vowel(self) -> bool:
        return self.symbol in VOWELS

    @property
    def emphatic(self) -> bool:
        return self.symbol in EMPHATICS

    def __str__(self) -> str:
        return ("ˈ" if self.stressed else "") + self.symbol + ("ː" if self.long else "")


@dataclass(frozen=True, slots=True)
class Pronunciation:
    """A word as it is said by itself, before its neighbours and its stress are considered."""

    phones: tuple[Phone, ...]
    """None for a single letter, which is said by its name."""
    wasla: str = ""
    """The vowel that it begins with after a pause, and loses after another word (hamzat al-waṣl)."""
    clitics: int = 0
    """How many vowels are those of the article and of what is before it: they are never stressed."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A run of Arabic letters in a text, as it is said there."""

    begin: int
    end: int
    phones: tuple[Phone, ...]
    """None for a single letter, which is said by its name."""
