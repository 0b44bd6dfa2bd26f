"""A sentence as the rules of figures look at it: its words in one spelling, and what is between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hakawati.model import Word

_WIDE = str.maketrans("＄￡￥￠￦﹩％﹪＋＝＃＆＠", "$£¥¢₩$%%+=#&@")
_DIGIT = re.compile(r"[^\D0-9]")
_UNSEEN = re.compile(
    "[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0640"
    "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
SIGNS = frozenset("-−‐‑–—+×÷±=≈≠≤≥<>√~№/*·:∞∼→←$€£¥°%‰§#@_\\")
"""What may stand between words and be said with the word after it."""
_LEADING = "'’‘."
"""What may belong to a number before which it stands: ’20s, .5."""


def plain(text: str) -> str:
    """A text with European digits and signs, and without vowel marks, tatweel and invisible characters."""
    if text.isascii():
        return text
    return _DIGIT.sub(lambda digit: str(int(digit[0])), _UNSEEN.sub("", text).translate(_WIDE))


@dataclass(frozen=True, slots=True)
class Replacement:
    """A range of the printed text, the signs that belong to it included, and what is said for it.

    It covers whole words. Nothing is said for one that another one's words contain.
    """

    begin: int
    end: int
    said: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What is said for some words: one form for each, from the first on."""

    forms: tuple[str, ...]
    sign: bool = False
    """Whether the signs before the first word are said in it. Those between its words always are."""
    stop: bool = False
    """Whether the full stop after the last word belongs to it, as to an abbreviation."""
    merged: bool = False
    """Whether the first form is said for all the words, and signs and punctuation between them are not."""
    closing: bool = False
    """Whether brackets around the words are left out, too."""


class Line:
    """The words of a sentence, and the gaps before, between and after them."""

    def __init__(self, text: str, words: Sequence[Word]) -> None:
        self.text = text
        self.words = words
        self.printed = [text[word.begin : word.end] for word in words]
        self.tokens = [plain(printed) for printed in self.printed]
        edges = [0, *(edge for word in words for edge in (word.begin, word.end)), len(text)]
        self._edges = edges
        self.gaps = [_UNSEEN.sub("", text[a:b]) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        """The one before each word, and the one after the last."""

    def __len__(self) -> int:
        return len(self.words)

    def token(self, i: int) -> str:
        """A word in plain spelling; empty outside of the sentence."""
        return self.tokens[i] if 0 <= i < len(self.tokens) else ""

    def near(self, i: int) -> str:
        """The word, if nothing but white space is between it and the one before."""
        return self.token(i) if 0 < i < len(self) and not self.gaps[i].strip() else ""

    def prior(self, i: int) -> str:
        """The word before a word, if nothing but white space is between them."""
        return self.token(i - 1) if 0 < i < len(self) and not self.gaps[i].strip() else ""

    def sign(self, i: int) -> str:
        """The signs before a word, without white space."""
        return "".join(c for c in self.gaps[i] if c in SIGNS) if 0 <= i < len(self.gaps) else ""

    def stopped(self, i: int) -> bool:
        """Whether a full stop follows the word at once."""
        return self.gaps[i + 1].startswith(".")

    def replacements(self, i: int, reading: Reading) -> list[Replacement]:
        """The reading of the words from `i` on, as ranges of the text."""
        if reading.merged:
            last = i + len(reading.forms) - 1
            return [Replacement(self._begin(i, reading), self._end(last, reading), reading.forms[0])]
        found = []
        for n, form in enumerate(reading.forms):
            begin = self._begin(i + n, reading) if n == 0 else self._first_sign(i + n)
            last_one = n == len(reading.forms) - 1
            end = self._end(i + n, reading) if last_one else self._stop_end(i + n)
            found.append(Replacement(begin, end, form))
        return found

    def _begin(self, i: int, reading: Reading) -> int:
        if reading.closing:
            at = self.text.rfind("(", self._edges[2 * i], self.words[i].begin)
            return at if at >= 0 else self.words[i].begin
        begin = self._first_sign(i) if reading.sign else self.words[i].begin
        inside = self.text[begin : self.words[i + len(reading.forms) - 1].end]
        return begin - 1 if ")" in inside and self.text[begin - 1 : begin] == "(" else begin

    def _stop_end(self, i: int) -> int:
        """The end of a word, with the full stop after it."""
        end = self.words[i].end
        return end + (self.text[end : end + 1] == ".")

    def _first_sign(self, i: int) -> int:
        begin = self.words[i].begin
        at = begin
        for k in range(begin - 1, self._edges[2 * i] - 1, -1):
            if self.text[k] in SIGNS or (k == begin - 1 and self.text[k] in _LEADING):
                at = k
            elif not self.text[k].isspace() and self.text[k] not in "\u200e\u200f\u061c":
                break
        return at

    def _end(self, i: int, reading: Reading) -> int:
        end = self.words[i].end
        if reading.closing:
            at = self.text.find(")", end, self._edges[2 * i + 3])
            return at + 1 if at >= 0 else end
        return self._stop_end(i) if reading.stop and i + 1 < len(self) else end
