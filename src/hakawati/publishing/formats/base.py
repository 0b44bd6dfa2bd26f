"""What a format of files is: which files there are of a chapter and of a book, and how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hakawati.errors import Problem
from hakawati.model import Chapter, Edition, Timeline, Track
from hakawati.publishing.finished import FinishedPart
from hakawati.publishing.paths import EditionPaths

if TYPE_CHECKING:
    from ebooklib.epub import EpubBook

Output = tuple[str, bytes | Callable[[Path], str | None]]
"""A file's path in the project; and its content, or what writes that into a file."""


@dataclass(frozen=True, slots=True)
class ChapterContent:
    """A chapter that is read aloud, or the glossary, whose MP3 is finished."""

    edition: Edition
    paths: EditionPaths
    chapter: Chapter
    """As it is printed."""
    timeline: Timeline
    credits: Sequence[str]
    """Who reads."""


@dataclass(frozen=True, slots=True)
class BookContent:
    """An edition whose chapters are finished."""

    edition: Edition
    paths: EditionPaths
    parts: Sequence[FinishedPart]
    """Its chapters, and its glossary."""
    tracks: Sequence[Track]
    """The MP3s that there are, in their order."""
    package: EpubBook
    """What is in its EPUB."""
    cover: bytes
    """An image file's content; empty without a cover."""
    narrators: Sequence[str]
    modified: int
    """Seconds since the epoch."""
    audio: Callable[[str], Path]
    """Where the MP3 of a chapter is."""
    digests: Mapping[Path, str]
    """Of the MP3s as they were made: SHA-256 in hexadecimal digits."""


class Format:
    """A kind of files that a build leaves. This one leaves none."""

    needs_sound = True
    """Whether there is nothing of it where nothing is read aloud."""
    in_audio: Sequence[str] = ()
    """The endings of its files in `audio/`."""
    in_build: Sequence[str] = ()
    """The endings of its files in `build/`."""

    def is_wanted(self, edition: Edition) -> bool:
        """Whether the author wants it."""
        raise NotImplementedError

    def problem(self) -> Problem | None:
        """Why it cannot be made here, if so."""
        return None

    def chapter_paths(self, paths: EditionPaths, name: str) -> Sequence[str]:
        """Its files of a chapter of that name: paths in the project."""
        del paths, name
        return ()

    def chapter_outputs(self, content: ChapterContent) -> Iterator[Output]:
        """The same, and how they are written. Writing raises `OSError`."""
        del content
        yield from ()

    def book_paths(self, paths: EditionPaths, edition: Edition) -> Sequence[str]:
        """Its files of a whole edition: paths in the project."""
        del paths, edition
        return ()

    def book_outputs(self, content: BookContent) -> Iterator[Output]:
        """The same, and how they are written. Writing raises `OSError`."""
        del content
        yield from ()

    def notices(self, content: BookContent) -> Iterator[Problem]:
        """What the author should know of it."""
        del content
        yield from ()
