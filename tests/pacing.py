"""Chapters made of numbers: an envelope, and when its sentences are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hakawati.model import STILL, Levels
from hakawati.waveform.speech_rate import MS, SentenceInterval

VOICE = (40, 60, 44, 80, 50, 120, 42, 48, 70, 46)
"""Bytes as of speech, -15 to -45 dB, over and over."""
FADE, LOUD = (90, 130, 170), (45, 50, 45)
"""How a sentence ends, or does not."""
TEXT = "The police of Paris refused to work"
"""29 letters."""
UNIT = 2 * MS
"""In milliseconds: of what chapters are made of here."""


@dataclass(frozen=True)
class Line:
    """A sentence: how long it sounds and how long it is silent then, in units."""

    sounds: int = 44
    silent: int = 8
    text: str = TEXT
    lang: str = "en"
    faded: bool = True
    hole: int = 0
    """Silence in its middle, instead of sound."""


def chapter(
    *lines: Line, lead: int = 0, silence: int = STILL, floor: float = -96
) -> tuple[Levels, tuple[SentenceInterval, ...]]:
    """`lead`: silence before the first; `silence`: the byte that it is."""
    units: list[int] = [silence] * lead
    reads: list[SentenceInterval] = []
    begin = 0
    for n, line in enumerate(lines, start=1):
        voice = [VOICE[i % len(VOICE)] for i in range(line.sounds)]
        if line.sounds >= len(FADE):
            voice[-len(FADE) :] = FADE if line.faded else LOUD
        middle = (line.sounds - line.hole) // 2
        voice[middle : middle + line.hole] = [silence] * line.hole
        units += voice + [silence] * line.silent
        end = len(units) * UNIT
        reads.append(SentenceInterval(f"b{n}s1", line.lang, line.text, begin, end))
        begin = end
    return Levels(bytes(byte for byte in units for _ in range(2)), -20, -6, floor), tuple(reads)


def good(count: int, lang: str = "en") -> Sequence[Line]:
    return [Line(lang=lang)] * count
