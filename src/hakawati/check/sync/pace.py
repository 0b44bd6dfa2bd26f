"""Speech that is much too fast or too slow for its text, by the book's own measure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from hakawati.check.archive import Archive
from hakawati.check.loudness import Loudness
from hakawati.check.shown import shown
from hakawati.check.spans import Clip
from hakawati.check.sync.messages import between, of_clip
from hakawati.model import Finding

_MOST = 2.2
"""Times as fast, or as slow, as the book's median."""
_LEAST_WORDS = 4
_LEAST = 1.5
"""Seconds that a text must take to be judged: of a word or two little can be said."""
_KNOWN = 5
"""Passages by which a book's pace in a language is known."""
_LETTERS = 14.0
"""A second, roughly, in any language; that it is rough does not count, since the median is taken."""
_SETTLING = 0.3
"""Seconds added on both sides: what is short varies more."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences whose time is known: from the beginning of a clip to the next."""

    clip: Clip
    lang: str
    text: str
    words: int
    begin: float
    end: float
    usual: float
    """Seconds that another voice takes, or that so many letters take."""
    judged: bool
    """Whether its pace is told of; else it counts for the median alone."""


def usual(text: str) -> float:
    """Seconds that a text takes, by its letters."""
    return sum(c.isalnum() for c in text) / _LETTERS


def unusual(archive: Archive, passages: Sequence[tuple[Passage, Loudness]]) -> Iterator[Finding]:
    """The passages of a book that are read at another pace than the rest in their language."""
    rates: dict[str, list[tuple[Passage, float]]] = {}
    for passage, sound in passages:
        if passage.usual < _LEAST or passage.words < _LEAST_WORDS:
            continue
        heard = sound.spoken(passage.begin, min(passage.end, sound.seconds))
        rates.setdefault(passage.lang, []).append(
            (passage, (heard + _SETTLING) / (passage.usual + _SETTLING))
        )
    for of_language in rates.values():
        if len(of_language) < _KNOWN:
            continue
        middle = median(rate for _, rate in of_language)
        for passage, rate in of_language:
            times = rate / middle
            if not passage.judged or 1 / _MOST < times < _MOST:
                continue
            how = f"{times:.1f} times as long as" if times > 1 else f"{times:.0%} of the time that"
            than = (
                "texts of its length do in this book"
                if times > 1
                else "texts of its length take in this book"
            )
            message = f"“{shown(passage.text)}” takes {how} {than}: {between(passage.begin, passage.end)}"
            yield of_clip(archive, passage.clip, message, span=(passage.begin, passage.end))
