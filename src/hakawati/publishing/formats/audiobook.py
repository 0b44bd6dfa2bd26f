"""A W3C audiobook in one file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hakawati.model import Edition
from hakawati.publishing.formats.base import BookContent, Format, Output
from hakawati.publishing.paths import EditionPaths


class AudiobookFormat(Format):
    """`build/SLUG.audiobook`."""

    in_build = ("audiobook",)

    def is_wanted(self, edition: Edition) -> bool:
        """Where it is among `listening`."""
        return "audiobook" in edition.listening

    def book_paths(self, paths: EditionPaths, edition: Edition) -> Sequence[str]:
        """One file."""
        return [paths.book(edition.metadata.slug, "audiobook")]

    def book_outputs(self, content: BookContent) -> Iterator[Output]:
        """One file."""
        from hakawati.listening import audiobook

        (path,) = self.book_paths(content.paths, content.edition)
        yield (
            path,
            lambda file: audiobook.write(
                file,
                content.edition.metadata,
                content.tracks,
                languages=content.edition.narration.languages,
                narrators=content.narrators,
                cover=content.cover,
                audio=content.audio,
                modified=content.modified,
            ),
        )
