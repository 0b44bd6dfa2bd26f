"""A chapter or glossary that is finished, as the store has it: the next build need not read it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hakawati.common.codec import JsonCodec
from hakawati.errors import Problem
from hakawati.model import Levels, Occurrence, Page, VowelCounts


@dataclass(frozen=True)
class FinishedPart:
    """A chapter's page, or the glossary's, and what a build has to know that does not read it."""

    page: Page
    entries: tuple[str, ...]
    """Keys of what the store holds of it: its clips, its sentences with their vowels, its web pages."""
    sentences: int
    """How many are read aloud."""
    credits: tuple[str, ...]
    """Who reads."""
    pronunciations: Mapping[str, Mapping[str, str]]
    """Of its sentences, by digest, as `narration.reasons` tells them apart."""
    notices: tuple[Problem, ...]
    occurrences: tuple[Occurrence, ...] = ()
    """Where it uses terms."""
    spoken_terms: tuple[Occurrence, ...] = ()
    """Where terms are read aloud by themselves."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Its MP3 and what belongs to it: paths in the project, with the digests of their contents."""
    web_pages: tuple[str, ...] = ()
    """Keys of what the store holds of it for the web edition, if there is one."""
    sound: str = ""
    """A digest of what is heard, for the web edition."""
    levels: Levels | None = None
    """How loud its MP3 is, where it has one."""
    vowels: VowelCounts = field(default_factory=VowelCounts)
    """Of how many of its words they are known."""


FINISHED_PART = JsonCodec(FinishedPart)
