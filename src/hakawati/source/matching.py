"""Finding written words in a text, whatever vowel marks and proclitics they carry.

Used for glossary terms and for pronunciations, which differ in what counts as the same letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from hakawati.model import Word
from hakawati.source.sentences import words

Value = TypeVar("Value")

# Harakat, tanwin, shadda, sukun, superscript alef, Quranic marks; tatweel; bidi marks and zero-width joiners.
_UNWRITTEN = re.compile(
    "[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u061c\u200b-\u200f\u2066-\u2069]"
)
_TANWIN_ALEF = re.compile("\u064b[اى]$|[اى]\u064b$")
_LETTERS = str.maketrans("أإآٱؤئى", "اااا" + "ويي")
_ARABIC = re.compile("[\u0621-\u064a]")

PROCLITICS = {"و": "وَ", "ف": "فَ", "ب": "بِ", "ك": "كَ", "ل": "لِ"}
"""The one-letter words that Arabic writes onto the next, and how they are vowelled."""


def strip_marks(text: str) -> str:
    """The letters alone: no vowel marks, no tatweel, no invisible controls."""
    return _UNWRITTEN.sub("", unicodedata.normalize("NFC", text))


def fold(word: str) -> str:
    """A word as a reader looks for it.

    Besides its marks, the ways to spell hamza and final ya do not count, nor does the case ending that is
    written with an alef (ميلًا).
    """
    bare = _TANWIN_ALEF.sub("", word) if len(word) > 3 else word
    return strip_marks(bare).translate(_LETTERS).casefold()


@dataclass(frozen=True)
class Match(Generic[Value]):
    """Words `begin` to `end` (indices) of a text are an entry's, after `prefix`, the proclitics."""

    begin: int
    end: int
    prefix: str
    value: Value


@dataclass(frozen=True)
class _Entry(Generic[Value]):
    words: tuple[str, ...]
    value: Value


class Finder(Generic[Value]):
    """Finds entries in texts: the longest at every place, from left to right, never overlapping."""

    def __init__(
        self,
        entries: Iterable[tuple[str, Value]],
        normalise: Callable[[str], str],
        *,
        article: bool = False,
    ) -> None:
        """`article`: an entry is also found with the article ال, on any of its words."""
        self.normalise = normalise
        self.article = article
        self._by_first: dict[str, list[_Entry[Value]]] = {}
        for written, value in entries:
            key = tuple(normalise(written[w.begin : w.end]) for w in words(written))
            if key:
                self._by_first.setdefault(key[0], []).append(_Entry(key, value))
        for found in self._by_first.values():
            found.sort(key=lambda e: -len(e.words))

    def find(self, text: str, found: Sequence[Word]) -> list[Match[Value]]:
        """The matches among the words of `text`."""
        if not self._by_first:
            return []
        folded = [self.normalise(text[w.begin : w.end]) for w in found]
        matches = []
        at = 0
        while at < len(folded):
            match = self._at(folded, at)
            if match:
                matches.append(match)
            at = match.end if match else at + 1
        return matches

    def _at(self, folded: list[str], at: int) -> Match[Value] | None:
        best: Match[Value] | None = None
        for prefix, rest in _readings(folded[at], article=self.article):
            for entry in self._by_first.get(rest, ()):
                end = at + len(entry.words)
                longer = best is None or end > best.end
                if longer and self._same(entry.words[1:], folded[at + 1 : end]):
                    best = Match(at, end, prefix, entry.value)
        return best

    def _same(self, wanted: tuple[str, ...], there: list[str]) -> bool:
        return len(wanted) == len(there) and all(
            a == b or (self.article and b == "ال" + a) for a, b in zip(wanted, there, strict=True)
        )


def _readings(word: str, *, article: bool) -> Iterable[tuple[str, str]]:
    """(proclitics, rest) for every way to read a word as one that carries some; the whole word first."""
    yield "", word
    if not _ARABIC.match(word):
        return
    heads = [""]
    if word[0] in "وف":
        heads.append(word[0])
    heads += [h + word[len(h)] for h in list(heads) if word[len(h) : len(h) + 1] in tuple("بكل")]
    for head in heads:
        rest = word[len(head) :]
        if head and len(rest) > 1:
            yield head, rest
        if head.endswith("ل") and rest.startswith("ل") and len(rest) > 2:
            yield head, "ال" + rest[1:]  # للمدينة is لـ + المدينة
            if article:
                yield head, rest[1:]
        if article and rest.startswith("ال") and len(rest) > 3:
            yield head, rest[2:]


def with_prefix(prefix: str, spoken: str) -> str:
    """The spoken form of an entry behind proclitics: و + ب + بَارِيس → وَبِبَارِيس."""
    if prefix.endswith("ل") and strip_marks(spoken).startswith("ال"):
        spoken = spoken[spoken.index("ل") :]
    return "".join(PROCLITICS[letter] for letter in prefix) + spoken


def pronunciations(entries: Mapping[str, str]) -> Finder[str]:
    """A finder for `pronunciation.yaml`: letters must be the same, for hamza is heard."""
    return Finder(entries.items(), lambda word: strip_marks(word).casefold())
