"""The EPUB."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hakawati.model import Edition
from hakawati.publishing.formats.base import BookContent, Format, Output
from hakawati.publishing.paths import EditionPaths


class EpubFormat(Format):
    """`build/SLUG.epub`."""

    needs_sound = False
    in_build = ("epub",)

    def is_wanted(self, edition: Edition) -> bool:
        """Always."""
        del edition
        return True

    def book_paths(self, paths: EditionPaths, edition: Edition) -> Sequence[str]:
        """One file."""
        return [paths.book(edition.metadata.slug, "epub")]

    def book_outputs(self, content: BookContent) -> Iterator[Output]:
        """One file."""
        from hakawati.epub.container import write

        package, modified, digests = content.package, content.modified, content.digests
        (name,) = self.book_paths(content.paths, content.edition)
        yield name, lambda path: write(package, path, modified, digests)


def epub_path(edition: Edition) -> str:
    """Where an edition's EPUB is: a path in the project."""
    (name,) = EpubFormat().book_paths(EditionPaths(edition.name), edition)
    return name
