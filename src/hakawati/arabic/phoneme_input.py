"""A text with its Arabic words as phonemes between double brackets, and all else as it is written."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence

from hakawati.arabic.connected_speech import spoken_words
from hakawati.arabic.phones import Phone

_LOOSE_HYPHEN = re.compile(r"(?<=\s)-(?=\s)")
_CLAUSE_END = re.compile(r"[^\s\w]*[.,:;!?،؛؟]\s+$")
_LONGEST_WORD = 100
"""Phones; eSpeak has room for 200 in a word."""
_LONGEST_CLAUSE = 700
"""Bytes; eSpeak ends a clause at the first sign behind 725, even in a word: its rest becomes English."""


class PhonemeInput:
    """What eSpeak NG takes with its flag `espeakPHONEMES`, piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._starts: list[int] = []
        self._origins: list[tuple[int, bool]] = []
        """For each piece, where it is in the original text, and whether it is a word of it."""
        self._length = 0
        self._clause = 0
        """Bytes of the clause, or more."""

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def origin(self, offset: int) -> int:
        """The offset in the original text that one in this belongs to: of the same word, or the same sign."""
        i = max(0, bisect_right(self._starts, offset) - 1)
        if not self._origins:
            return 0
        origin, word = self._origins[i]
        return origin if word else origin + offset - self._starts[i]

    def add_gap(self, gap: str, origin: int) -> None:
        """Add what is between two words."""
        # The onset of a word behind a hyphen has the hyphen's place; the text's brackets are none of ours.
        self._add(_LOOSE_HYPHEN.sub("–", gap).replace("-", " ").replace("[[", "[ "), origin, word=False)
        if self._starts and _CLAUSE_END.match(gap):
            self._clause = 0

    def add_word(self, mnemonics: str, origin: int) -> None:
        """Add a word, in eSpeak's mnemonics."""
        if self._clause + len(mnemonics) > _LONGEST_CLAUSE:  # it takes a breath, and its clause ends
            self._add(", ", origin, word=True)
            self._clause = 0
        elif self._pieces and not self._pieces[-1][-1].isspace():
            # A word whose brackets are right behind another sign would be left out.
            self._add(" ", origin, word=True)
        self._add(f"[[{mnemonics}]]", origin, word=True)

    def _add(self, piece: str, origin: int, *, word: bool) -> None:
        if piece:
            self._pieces.append(piece)
            self._starts.append(self._length)
            self._origins.append((origin, word))
            self._length += len(piece)
            self._clause += len(piece.encode(errors="replace"))


def phoneme_input(text: str, mnemonics: Callable[[Sequence[Phone]], str]) -> PhonemeInput:
    """The text, its Arabic words in the given alphabet."""
    made = PhonemeInput()
    at = 0
    for word in spoken_words(text):
        if 0 < len(word.phones) <= _LONGEST_WORD:
            made.add_gap(text[at : word.begin], at)
            made.add_word(mnemonics(word.phones), word.begin)
            at = word.end
            if text[at : at + 1].isalnum():
                made.add_gap(" ", at)
    made.add_gap(text[at:], at)
    return made
