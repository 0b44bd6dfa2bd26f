"""Finding written words in a text, whatever vowel marks and proclitics they carry.

Used for glossary terms and for pronunciations, which differ in what counts as the same letter. No dictionary
is asked: a word that begins like a proclitic is taken for one if what follows is sought, كمال for ك + مال.
Vowel marks and hamza tell them apart where they are written; and of a glossary, which has no particles, a
rest of two letters does not count, for it would mostly be found in other words: وقت, بعد, كان.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from hakawati.arabic.letters import WRITTEN_MARKS, clean, clean_text
from hakawati.arabic.marks import FATHA, KASRA, SHADDA, SUKUN
from hakawati.model import Word
from hakawati.source.sentences import words

Value = TypeVar("Value")

_MARKS = re.compile(f"[{WRITTEN_MARKS}]")
_TANWIN_ALEF = re.compile("\u064bا$|ا\u064b$")
_LETTERS = str.maketrans("أإآٱؤئیک٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "اااا" + "وييك" + 2 * "0123456789")
_SIGNS = str.maketrans("’ʼ‑", "''-")
_ARABIC = re.compile("[\u0621-\u064a]")
_SPELT = re.compile(f"(.)([{WRITTEN_MARKS}]*)", re.DOTALL)
_POSSESSIVE = re.compile(r"(?<=[^\W\d_])'s$")
_ELIDED = re.compile(r"(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu|(?:a|co|da|de|ne|su)ll|un)'(?=[^\W\d_])")
"""French and Italian words that lose their vowel before another: l'Élysée, dell'arte."""
_PARTED = re.compile(r"[،؛:,;—–…!?؟()\[\]{}/|]")
"""Between words that do not belong together."""

PROCLITICS = {"و": "وَ", "ف": "فَ", "ب": "بِ", "ك": "كَ", "ل": "لِ"}
"""The one-letter words that Arabic writes onto the next, and how they are vowelled."""
_VOWELS = {"و": FATHA, "ف": FATHA, "ب": KASRA, "ك": FATHA, "ل": KASRA + FATHA}
_TELLING = {chr(code) for code in range(0x64B, 0x653)}
_Letter = tuple[str, set[str]]
"""A letter, and the marks on it that tell its vowel."""


def strip_marks(text: str) -> str:
    """The letters alone: no vowel marks, no tatweel, no invisible controls, no presentation forms."""
    return _MARKS.sub("", clean_text(text, arabic=False))


def fold(word: str) -> str:
    """A word as a reader looks for it.

    Besides its marks, the ways to spell hamza and digits do not count, nor does the case ending that is
    written with an alef (ميلًا), nor the English ’s. A final ى stays, for على is not علي.
    """
    bare = _TANWIN_ALEF.sub("", word) if len(word) > 3 else word
    return _POSSESSIVE.sub("", _letters(bare).translate(_LETTERS))


def _letters(word: str) -> str:
    return strip_marks(word).translate(_SIGNS).casefold()


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
    parted: tuple[bool, ...]
    """Whether punctuation may stand before the second word, the third …, since the entry has some there."""
    value: Value


@dataclass(frozen=True)
class _Index(Generic[Value]):
    entries: Mapping[tuple[str, ...], Sequence[_Entry[Value]]]
    """By their words, as alike as these may be."""
    lengths: Mapping[str, Sequence[int]]
    """By their first words: how many words there are, the most first."""


def _indexed(
    spelt: Iterable[tuple[str, Sequence[Word], Value]], normalise: Callable[[str], str], *, arabic: bool
) -> _Index[Value]:
    entries: dict[tuple[str, ...], list[_Entry[Value]]] = {}
    lengths: dict[str, set[int]] = {}
    for written, there, value in spelt:
        key = tuple(normalise(clean(written[w.begin : w.end], arabic=arabic)) for w in there)
        if key:
            entries.setdefault(_alike_key(key), []).append(_Entry(key, _parted(written, there), value))
            lengths.setdefault(_with_ya(key[0]), set()).add(len(key))
    return _Index(entries, {first: sorted(found, reverse=True) for first, found in lengths.items()})


class Finder(Generic[Value]):
    """Finds entries in texts: the longest at every place, from left to right, never overlapping."""

    def __init__(
        self,
        entries: Iterable[tuple[str, Value]],
        normalise: Callable[[str], str],
        *,
        article: bool = False,
    ) -> None:
        """`article`: an entry is a noun, also found with the article ال on any of its words, and ى for ي."""
        self.normalise = normalise
        self.article = article
        spelt = [(written, words(written), value) for written, value in entries]
        # Which language an entry is of is not said, and others tell letters apart that Arabic does not.
        self._indexes = {arabic: _indexed(spelt, normalise, arabic=arabic) for arabic in (True, False)}

    def find(self, text: str, found: Sequence[Word], *, arabic: bool = True) -> list[Match[Value]]:
        """The matches among the words of `text`; `arabic`: it is in that language."""
        index = self._indexes[arabic]
        if not index.entries:
            return []
        spelt = [clean(text[w.begin : w.end], arabic=arabic) for w in found]
        folded = [self.normalise(word) for word in spelt]
        parted = _parted(text, found)
        matches = []
        at = 0
        while at < len(folded):
            match = self._at(index, spelt[at], folded, parted, at)
            if match:
                matches.append(match)
            at = match.end if match else at + 1
        return matches

    def _at(
        self, index: _Index[Value], spelt: str, folded: Sequence[str], parted: Sequence[bool], at: int
    ) -> Match[Value] | None:
        best: Match[Value] | None = None
        for prefix, rest in _readings(spelt, folded[at], article=self.article):
            for length in index.lengths.get(_with_ya(rest), ()):
                end = at + length
                if best and end <= best.end:
                    break
                if end > len(folded):
                    continue
                there = (rest, *folded[at + 1 : end])
                for entry in index.entries.get(_alike_key(there), ()):
                    if self._same(entry, there, parted[at : end - 1]):
                        best = Match(at, end, prefix, entry.value)
                        break
        return best

    def _same(self, entry: _Entry[Value], there: Sequence[str], parted: Sequence[bool]) -> bool:
        if len(there) != len(entry.words) or any(
            now and not allowed for now, allowed in zip(parted, entry.parted, strict=True)
        ):
            return False
        if not self.article:
            return tuple(there) == entry.words
        (first, *others), (begin, *rest) = entry.words, there
        return _alike(first, begin) and all(
            _alike(a, b) or (b.startswith("ال") and _alike(a, b[2:]))
            for a, b in zip(others, rest, strict=True)
        )


def _parted(text: str, found: Sequence[Word]) -> tuple[bool, ...]:
    return tuple(_PARTED.search(text, a.end, b.begin) is not None for a, b in pairwise(found))


def _with_ya(word: str) -> str:
    return word[:-1] + "ي" if word.endswith("ى") else word


def _alike_key(there: Sequence[str]) -> tuple[str, ...]:
    """The same for all words that an entry may be found in: without the article, with ي for ى."""
    first, *others = there
    return (_with_ya(first), *(_with_ya(word.removeprefix("ال")) for word in others))


def _alike(wanted: str, there: str) -> bool:
    """The same, or spelt with ى for ي as in Egypt; in short words it is another: على, علي."""
    return wanted == there or (len(wanted) > 3 and _with_ya(wanted) == _with_ya(there))


def _readings(spelt: str, word: str, *, article: bool) -> Iterator[tuple[str, str]]:
    """(proclitics, rest) for every way to read a word as one that carries some; the whole word first.

    `spelt`: the word with its marks; `word`: the same normalised.
    """
    yield "", word
    if elided := _ELIDED.match(word):
        yield elided[0], word[elided.end() :]
    if not _ARABIC.match(word):
        return
    letters = _spelling(spelt)
    heads = [""]
    if word[0] in "وف":
        heads.append(word[0])
    heads += [h + word[len(h)] for h in list(heads) if word[len(h) : len(h) + 1] in tuple("بكل")]
    for head in heads:
        if all(marks <= set(_VOWELS[c]) for c, (_, marks) in zip(head, letters, strict=False)):
            rest, behind = word[len(head) :], letters[len(head) :]
            yield from ((head, one) for one in _rests(head, rest, behind, article=article))


def _rests(head: str, rest: str, letters: Sequence[_Letter], *, article: bool) -> Iterator[str]:
    """What a word can be without the proclitics `head`; `letters`: those of the rest."""
    marks = letters[0][1] if letters else set()
    to_the = head.endswith("ل") and rest.startswith("ل")
    long_enough = len(rest) > (2 if article else 1) or not _ARABIC.match(rest)
    if head and rest and long_enough and (to_the or SHADDA not in marks):
        yield rest
    if to_the and len(rest) > 1 and (not marks or SHADDA in marks):
        yield "ال" + rest  # لليل is لـ + الليل, لله is لـ + الله
    if to_the and len(rest) > 2 and _is_articles_lam(letters):
        yield "ال" + rest[1:]  # للمدينة is لـ + المدينة
        if article:
            yield rest[1:]
    if article and rest.startswith("ال") and len(rest) > 3 and _is_article(letters):
        yield rest[2:]


def _spelling(word: str) -> list[_Letter]:
    return [(letter, _TELLING.intersection(marks)) for letter, marks in _SPELT.findall(word)]


def _is_article(letters: Sequence[_Letter]) -> bool:
    """Not أل or إل, which begin a word, nor اِل."""
    alef, marks = letters[0]
    return alef in "اٱ" and marks <= {FATHA} and _is_articles_lam(letters[1:])


def _is_articles_lam(letters: Sequence[_Letter]) -> bool:
    """Without a vowel, but before a silent alef: الِاسم."""
    (_, marks), (following, _) = letters[:2]
    return marks <= {SUKUN} or (marks == {KASRA} and following in "اٱ")


def with_prefix(prefix: str, spoken: str) -> str:
    """The spoken form of an entry behind proclitics: و + ب + بَارِيس → وَبِبَارِيس."""
    cleaned = clean_text(spoken)
    bare = strip_marks(cleaned)
    if prefix.endswith("ل") and bare.startswith("ال"):
        spoken = unicodedata.normalize("NFC", cleaned)
        lam = spoken.index("ل")
        spoken = spoken[spoken.index("ل", lam + 1) if bare.startswith("الل") else lam :]
    return "".join(PROCLITICS.get(letter, letter) for letter in prefix) + spoken


def pronunciations(entries: Mapping[str, str]) -> Finder[str]:
    """A finder for `pronunciation.yaml`: letters must be the same, for hamza is heard."""
    return Finder(entries.items(), _letters)
