"""A chapter's text in time, for players: LRC, WebVTT, SubRip."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from hakawati.model import Edition
from hakawati.publishing.formats.base import ChapterContent, Format, Output
from hakawati.publishing.paths import EditionPaths


class SubtitlesFormat(Format):
    """`audio/CHAPTER.lrc`, and its like."""

    def __init__(self, kind: Literal["lrc", "vtt", "srt"]) -> None:
        """`kind`: its name under `listening`, and its files' ending."""
        self.kind: Literal["lrc", "vtt", "srt"] = kind
        self.in_audio = (kind,)

    def is_wanted(self, edition: Edition) -> bool:
        """Where it is among `listening`."""
        return self.kind in edition.listening

    def chapter_paths(self, paths: EditionPaths, name: str) -> Sequence[str]:
        """One file."""
        return [paths.beside_audio(name, self.kind)]

    def chapter_outputs(self, content: ChapterContent) -> Iterator[Output]:
        """One file."""
        text = self._text(content)
        (path,) = self.chapter_paths(content.paths, content.chapter.name)
        yield path, text.encode()

    def _text(self, content: ChapterContent) -> str:
        from hakawati.listening import subtitles

        if self.kind == "vtt":
            return subtitles.vtt(content.timeline)
        if self.kind == "srt":
            return subtitles.srt(content.timeline)
        meta = content.edition.metadata
        return subtitles.lrc(
            content.timeline,
            title=content.chapter.title(),
            artists=content.credits,
            album=meta.title_in(meta.original),
            lang=meta.original,
        )
