"""The feed of a podcast whose episodes are the chapters, its image, and the marks in each episode."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from hakawati.errors import Problem
from hakawati.model import NO_COVER, Edition
from hakawati.publishing.formats.base import BookContent, ChapterContent, Format, Output
from hakawati.publishing.paths import EditionPaths

_MARKS = "chapters.json"


class PodcastFormat(Format):
    """`build/feed.xml` and `build/feed.jpg`; `audio/CHAPTER.chapters.json`."""

    in_audio = ("json",)
    in_build = ("xml", "jpg")

    def is_wanted(self, edition: Edition) -> bool:
        """Where `feed` is among `listening`."""
        return "feed" in edition.listening

    def chapter_paths(self, paths: EditionPaths, name: str) -> Sequence[str]:
        """The marks of a chapter's parts."""
        return [paths.beside_audio(name, _MARKS)]

    def chapter_outputs(self, content: ChapterContent) -> Iterator[Output]:
        """The marks of a chapter's parts."""
        from hakawati.epub.labels import label
        from hakawati.listening.json_chapters import chapters
        from hakawati.listening.outline import chapter_markers

        meta, chapter = content.edition.metadata, content.chapter
        notes = {lang: label("note", lang) for lang in meta.languages}
        outline = chapter_markers(chapter, content.timeline, notes)
        data = chapters(outline, title=chapter.title(), podcast=meta.title_in(meta.original))
        (path,) = self.chapter_paths(content.paths, chapter.name)
        yield path, data

    def book_paths(self, paths: EditionPaths, edition: Edition) -> Sequence[str]:
        """The feed, and the image, unless the author does without a cover."""
        has_image = edition.cover != NO_COVER
        return [paths.shared_book("feed", ending) for ending in ("xml", *(["jpg"] if has_image else []))]

    def book_outputs(self, content: BookContent) -> Iterator[Output]:
        """The image, if there is one, and the feed."""
        from hakawati.listening import artwork
        from hakawati.listening.feed import feed

        edition, paths = content.edition, content.paths
        name, image = (paths.shared_book("feed", ending) for ending in ("xml", "jpg"))
        if content.cover:
            yield image, artwork.square(content.cover)
        data = feed(
            edition.metadata,
            content.tracks,
            site=edition.site,
            name=PurePosixPath(name).name,
            folder=paths.audio_folder,
            image=PurePosixPath(image).name if content.cover else "",
            lang=edition.narration.languages[0],
            transcripts=[kind for kind in ("vtt", "srt") if kind in edition.listening],
            narrators=content.narrators,
            modified=content.modified,
        )
        yield name, data

    def notices(self, content: BookContent) -> Iterator[Problem]:
        """That there is no image."""
        if not content.cover:
            hint = "directories of podcasts want one: leave “cover” out, and it is drawn"
            yield Problem("book/book.yaml", 0, "the feed has no image, since the book has no cover", hint)
