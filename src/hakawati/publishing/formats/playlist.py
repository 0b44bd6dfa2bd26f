"""A playlist beside the MP3s."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hakawati.model import Edition
from hakawati.publishing.formats.base import BookContent, Format, Output
from hakawati.publishing.paths import EditionPaths


class PlaylistFormat(Format):
    """`audio/SLUG.m3u8`."""

    in_audio = ("m3u8",)

    def is_wanted(self, edition: Edition) -> bool:
        """Where it is among `listening`."""
        return "playlist" in edition.listening

    def book_paths(self, paths: EditionPaths, edition: Edition) -> Sequence[str]:
        """One file."""
        return [paths.beside_audio(edition.metadata.slug, "m3u8")]

    def book_outputs(self, content: BookContent) -> Iterator[Output]:
        """One file."""
        from hakawati.listening.playlist import playlist

        meta = content.edition.metadata
        text = playlist(meta.title_in(meta.original), content.tracks)
        (path,) = self.book_paths(content.paths, content.edition)
        yield path, text.encode()
