"""A text without a chapter, read as it would be in a project's book."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hakawati.model import Text, VoiceChoice
from hakawati.source.folder import Source
from hakawati.source.glossary import term_finder
from hakawati.source.matching import pronunciations
from hakawati.source.pairing import pair
from hakawati.source.raw import Inline, RawBlock, RawChapter


def spoken_text(text: str, lang: str, project: Path) -> tuple[Mapping[str, VoiceChoice], float, Text]:
    """A text as it would be in the project's book: the book's voices and speed, and the text's sentences.

    Where there is no book, there are no voices. Raises `BookError` where the book has problems.
    """
    voices: Mapping[str, VoiceChoice] = {}
    speed = 1.0
    say: Mapping[str, str] = {}
    if (project / "book" / "book.yaml").exists():
        source = Source(project)
        edition, say = source.edition().settings(), source.pronunciations
        voices, speed = edition.voices, edition.narration.speed
    block = RawBlock("paragraph", 1, Inline(" ".join(text.split())))
    paired = pair("say", {lang: RawChapter("say", (block,))}, term_finder(()), pronunciations(say))
    return voices, speed, (paired.chapter.blocks[0].texts or (Text("b1", lang, "say", ()),))[0]
