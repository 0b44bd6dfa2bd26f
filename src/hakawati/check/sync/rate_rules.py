"""Speech that is much too fast or too slow for its text, by the book's own measure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from hakawati.check.archive import Archive
from hakawati.check.overlay_sentences import OverlayClip
from hakawati.check.printable_text import printable
from hakawati.check.sound_envelope import SoundEnvelope
from hakawati.check.sync.clip_findings import clip_finding, format_span
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
class SpeechSegment:
    """Sentences whose time is known: from the beginning of a clip to the next."""

    clip: OverlayClip
    lang: str
    text: str
    words: int
    begin: float
    end: float
    expected_seconds: float
    """Seconds that another voice takes, or that so many letters take."""
    is_judged: bool
    """Whether its pace is reported; else it counts for the median alone."""


def expected_seconds(text: str) -> float:
    """Seconds that a text takes, by its letters."""
    return sum(c.isalnum() for c in text) / _LETTERS


def check_rates(
    archive: Archive, segments: Sequence[tuple[SpeechSegment, SoundEnvelope]]
) -> Iterator[Finding]:
    """The passages of a book that are read at another pace than the rest in their language."""
    rates: dict[str, list[tuple[SpeechSegment, float]]] = {}
    for segment, sound in segments:
        if segment.expected_seconds < _LEAST or segment.words < _LEAST_WORDS:
            continue
        heard = sound.speech_seconds(segment.begin, min(segment.end, sound.seconds))
        rates.setdefault(segment.lang, []).append(
            (segment, (heard + _SETTLING) / (segment.expected_seconds + _SETTLING))
        )
    for of_language in rates.values():
        if len(of_language) < _KNOWN:
            continue
        middle = median(rate for _, rate in of_language)
        for segment, rate in of_language:
            times = rate / middle
            if not segment.is_judged or 1 / _MOST < times < _MOST:
                continue
            how = f"{times:.1f} times as long as" if times > 1 else f"{times:.0%} of the time that"
            than = (
                "texts of its length do in this book"
                if times > 1
                else "texts of its length take in this book"
            )
            message = (
                f"“{printable(segment.text)}” takes {how} {than}: {format_span(segment.begin, segment.end)}"
            )
            yield clip_finding(archive, segment.clip, message, span=(segment.begin, segment.end))
