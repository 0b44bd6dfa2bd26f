"""All formats of what a build leaves besides the MP3s, their timings and the web edition.

A format is a module of its own and a line in `FORMATS`; an author chooses it by its name, under `listening`
in `book.yaml` (`model.Listening`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from hakawati.errors import BookError
from hakawati.model import Edition
from hakawati.publishing.formats.audiobook import AudiobookFormat
from hakawati.publishing.formats.base import Format
from hakawati.publishing.formats.epub import EpubFormat
from hakawati.publishing.formats.flash_cards import FlashCardsFormat
from hakawati.publishing.formats.m4b import M4bFormat
from hakawati.publishing.formats.playlist import PlaylistFormat
from hakawati.publishing.formats.podcast import PodcastFormat
from hakawati.publishing.formats.subtitles import SubtitlesFormat
from hakawati.publishing.paths import AUDIO, BUILD, EditionPaths, in_web

FORMATS: Sequence[Format] = (
    EpubFormat(),
    FlashCardsFormat(),
    SubtitlesFormat("lrc"),
    SubtitlesFormat("vtt"),
    SubtitlesFormat("srt"),
    PlaylistFormat(),
    AudiobookFormat(),
    M4bFormat(),
    PodcastFormat(),
)


def wanted(edition: Edition) -> list[Format]:
    """Those that the author wants."""
    return [one for one in FORMATS if one.is_wanted(edition)]


def check(edition: Edition) -> None:
    """Raises `BookError` with those that are wanted and cannot be made here."""
    if found := [problem for one in wanted(edition) if (problem := one.problem())]:
        raise BookError(found)


def chapter_paths(edition: Edition, paths: EditionPaths, name: str) -> list[str]:
    """All files of a chapter that is read aloud, and of nothing else: paths in the project."""
    others = (path for one in wanted(edition) for path in one.chapter_paths(paths, name))
    return [paths.audio(name), paths.timings(name), *others]


def book_paths(edition: Edition, paths: EditionPaths, *, with_sound: bool) -> list[str]:
    """All files of a whole edition; `with_sound`: whether anything in it is read aloud."""
    possible = (one for one in wanted(edition) if with_sound or not one.needs_sound)
    return [path for one in possible for path in one.book_paths(paths, edition)]


def is_output(file: str) -> bool:
    """Whether a path in the project is one that a build may have made of the book, in any edition."""
    path = PurePosixPath(file)
    folders, ending = path.parts[:-1], path.suffix.removeprefix(".")
    if path.name.startswith("."):
        return False
    if folders[:1] == (AUDIO,):
        return len(folders) <= 2 and (ending == "mp3" or any(ending in one.in_audio for one in FORMATS))
    if folders[:2] == (BUILD, "timings"):
        return len(folders) <= 3 and ending == "json"
    return in_web(file) or (folders == (BUILD,) and any(ending in one.in_build for one in FORMATS))
