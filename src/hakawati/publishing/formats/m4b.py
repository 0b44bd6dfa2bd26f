"""One audiobook file with chapters, for Apple's players."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec

from hakawati.errors import Problem
from hakawati.model import Edition
from hakawati.publishing.formats.base import BookContent, Format, Output
from hakawati.publishing.paths import EditionPaths


class M4bFormat(Format):
    """`build/SLUG.m4b`."""

    in_build = ("m4b",)

    def is_wanted(self, edition: Edition) -> bool:
        """Where it is among `listening`."""
        return "m4b" in edition.listening

    def problem(self) -> Problem | None:
        """It needs FFmpeg's libraries."""
        if find_spec("av"):
            return None
        hint = "pip install 'hakawati[m4b]'; or leave m4b out"
        return Problem("book/book.yaml", 0, "m4b needs FFmpeg's libraries", hint)

    def book_paths(self, paths: EditionPaths, edition: Edition) -> Sequence[str]:
        """One file."""
        return [paths.book(edition.metadata.slug, "m4b")]

    def book_outputs(self, content: BookContent) -> Iterator[Output]:
        """One file."""
        from hakawati.listening import m4b
        from hakawati.listening.id3 import small_cover

        (path,) = self.book_paths(content.paths, content.edition)
        yield (
            path,
            lambda file: m4b.write(
                file,
                content.edition.metadata,
                content.tracks,
                narrators=content.narrators,
                cover=small_cover(content.cover) if content.cover else b"",
                audio=content.audio,
                bitrate=content.edition.audio.bitrate,
            ),
        )
