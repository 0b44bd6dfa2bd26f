"""Words that the book spells in two ways, one often and the other once or twice: slips, mostly.

No dictionary is asked; the book is its own. `arabic` and `latin` know which differences are slips and not
other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hakawati.check.language_tags import primary_subtag
from hakawati.check.sources import arabic_spellings, latin_spellings
from hakawati.check.sources.book_texts import iterate_texts, make_notice
from hakawati.model import Book, Finding, Place, Sentence

_MARKS = re.compile(
    "[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
)
_ARABIC_SCRIPT = frozenset(["ar", "fa", "ur", "ps", "ckb", "sd", "ug"])


@dataclass
class _WordUses:
    """Where a form stands."""

    places: list[tuple[str, Place]] = field(default_factory=list)
    """(chapter, place)"""
    before: set[str] = field(default_factory=set)
    """Words in small letters right before it."""


def check(book: Book) -> Iterator[Finding]:
    """Notices of the rare forms, at every place where they stand."""
    forms: dict[str, dict[str, _WordUses]] = {lang: {} for lang in book.edition.metadata.languages}
    for chapter, leaf, text in iterate_texts(book):
        capitals = leaf.kind in ("heading", "figure", "cell")  # where a capital says nothing
        for sentence in text.sentences:
            place = Place(text.path, sentence.line)
            for form, before in _forms(sentence, capitals=capitals):
                uses = forms[text.lang].setdefault(form, _WordUses())
                uses.places.append((chapter, place))
                uses.before |= {before} if before.islower() else set()
    for lang, found in forms.items():
        yield from _slips(lang, found)


def _forms(sentence: Sentence, *, capitals: bool) -> Iterator[tuple[str, str]]:
    """The words as they are spelt, without vowel marks, and the word before each.

    One whose capital may come from its place only (at the beginning of a sentence or behind a colon or a
    quotation mark) is left out.
    """
    code = [mark for mark in sentence.marks if mark.kind in ("code", "link")]
    for n, word in enumerate(sentence.words):
        spelt = sentence.text[word.begin : word.end]
        if any(mark.begin < word.end and word.begin < mark.end for mark in code):
            continue
        placed = capitals or n == 0 or re.search(r"[:؛.!?؟…“”\"«»„‘(\[—–-]\s*$", sentence.text[: word.begin])
        if not (placed and spelt[:1].isupper()):
            last = sentence.words[n - 1] if n else word
            yield _MARKS.sub("", spelt), sentence.text[last.begin : last.end] if n else ""


def _slips(lang: str, found: Mapping[str, _WordUses]) -> Iterator[Finding]:
    counts = {form: len(uses.places) for form, uses in found.items()}
    if primary_subtag(lang) in _ARABIC_SCRIPT:
        pairs = arabic_spellings.find_slips(counts)
    else:
        pairs = latin_spellings.find_slips(
            counts, {form: uses.before for form, uses in found.items()}, primary_subtag(lang)
        )
    for rare, frequent in pairs:
        yield from _describe(rare, frequent, counts[frequent], found[rare].places)


def _describe(rare: str, frequent: str, often: int, places: Sequence[tuple[str, Place]]) -> Iterator[Finding]:
    for chapter, place in dict.fromkeys(places):
        message = f"“{rare}”, which the text spells “{frequent}” elsewhere ({often}×)"
        hint = "spell it the same way, if it is the same word"
        yield make_notice(place.path, place.line, message, hint, chapter)
