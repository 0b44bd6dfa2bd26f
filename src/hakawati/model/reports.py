"""The progress of a build, and its outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from hakawati.errors import Problem


class Progress(Protocol):
    """Told what the pipeline is doing; the command line chooses how it looks."""

    def stage(self, name: str, total: int) -> None:
        """A stage of `total` steps begins."""
        ...

    def advance(self, steps: int = 1) -> None:
        """Steps of the present stage are done."""
        ...


class NoProgress:
    """A `Progress` that says nothing."""

    def stage(self, name: str, total: int) -> None:
        """Nothing to say."""

    def advance(self, steps: int = 1) -> None:
        """Nothing to say."""


@dataclass(frozen=True, slots=True)
class AcxLevels:
    """A chapter's MP3 as ACX measures it, in dB, to a tenth; `model.Levels` says how."""

    rms: float
    peak: float
    floor: float


@dataclass(frozen=True, slots=True)
class VowelCounts:
    """Of how many Arabic words the vowels are known; each place of a word counts."""

    words: int = 0
    """Words that are read aloud."""
    guesses: int = 0
    """Those whose vowels a model found, and neither the author gave nor is there no doubt."""
    doubtful: int = 0
    """Those of them that deserve a look, by their probability."""

    def __add__(self, other: VowelCounts) -> VowelCounts:
        return VowelCounts(
            self.words + other.words, self.guesses + other.guesses, self.doubtful + other.doubtful
        )


@dataclass(frozen=True, slots=True)
class ChapterReport:
    """What was done for one chapter."""

    name: str
    duration: float
    """Seconds."""
    clips_made: int
    clips_reused: int
    why: str
    loudness: AcxLevels | None = None
    """None where nothing is read aloud, or before it is."""
    vowels: VowelCounts = field(default_factory=VowelCounts)


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did."""

    chapters: tuple[ChapterReport, ...]
    notices: tuple[Problem, ...]
    epub: str
    """Its path in the project, with forward slashes."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Wall time by stage."""
    name: str = ""
    """The edition's, empty for the main one."""
    editions: tuple[Report, ...] = ()
    """What was made of the book's other editions."""
