"""The book folder → `Book`.

Every problem of every file is collected before anything is raised.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from hakawati.common.atomic import write_atomically
from hakawati.common.stamps import Digests
from hakawati.errors import BookError, Problem
from hakawati.model import NO_COVER, Book, Chapter, Edition, Font, Term, Text, VoiceChoice
from hakawati.source import starter
from hakawati.source.characters import composed
from hakawati.source.checks import check_figures, check_links, check_voices
from hakawati.source.config import Config, read_config, read_languages
from hakawati.source.files import Files, read_plain_text
from hakawati.source.fonts import FontChoice, read_font
from hakawati.source.glossary import (
    read_glossary,
    read_pronunciation,
    term_finder,
    unused,
    without_vowels,
)
from hakawati.source.markdown import read_chapter
from hakawati.source.matching import pronunciations
from hakawati.source.names import chapter_names
from hakawati.source.pairing import pair
from hakawati.source.raw import Inline, RawBlock, RawChapter
from hakawati.source.recordings import FOLDER, Recordings
from hakawati.source.spoken_glossary import GLOSSARY, spoken_glossary

T = TypeVar("T")

MAX_CHAPTERS = 1_000
"""Of a book that is made out of a text."""
MAX_SENTENCES = 200_000
"""In all chapters that are read at once: two hundred hours of speech, and what fits into a small memory."""


def read_book(project: Path) -> Book:
    """Read the `book/` of a project folder.

    Raises `BookError` with everything that is wrong, in every file.
    """
    folder = BookFolder(project)
    folder.check_cover()
    chapters = [chapter for name in folder.names if (chapter := folder.read(name)) is not None]
    edition = folder.finished()
    linked = {
        mark.target
        for chapter in chapters
        for text in chapter.texts()
        for sentence in text.sentences
        for mark in sentence.marks
        if mark.kind == "term"
    }
    notices = sorted([*folder.notices, *unused(edition.glossary, linked)])
    return Book(edition, tuple(chapters), tuple(notices), folder.files.modified)


def spoken_text(text: str, lang: str, project: Path) -> tuple[Mapping[str, VoiceChoice], float, Text]:
    """A text as it would stand in the project's book: the book's voices and speed, and the text's sentences.

    Where there is no book, there are no voices. Raises `BookError` where the book has problems.
    """
    voices: Mapping[str, VoiceChoice] = {}
    speed = 1.0
    say: Mapping[str, str] = {}
    if (project / "book" / "book.yaml").exists():
        folder = BookFolder(project)
        edition, say = folder.finished(), folder.pronunciations
        voices, speed = edition.voices, edition.narration.speed
    block = RawBlock("paragraph", 1, Inline(" ".join(text.split())))
    chapter, _, _ = pair("say", {lang: RawChapter("say", (block,))}, term_finder(()), pronunciations(say))
    return voices, speed, (chapter.blocks[0].texts or (Text("b1", lang, "say", ()),))[0]


def new_project(
    project: Path, text: Path | None, title: str | None, lang: str | None, translations: Sequence[str]
) -> list[str]:
    """Make a project, out of the plain text file `text` or with a sample; returns the files' names.

    Nothing is overwritten: a `.gitignore` that is there already is left as it is. Raises `BookError` where
    there is a book already, or the text cannot be read.
    """
    if os.path.lexists(project / "book"):
        hint = "name a new folder, or edit the book that is there"
        raise BookError([Problem(str(project), 0, "there is a book in it already", hint)])
    if os.path.lexists(project) and not project.is_dir():
        raise BookError([Problem(str(project), 0, "this is no folder", "name a new one")])
    if text is None:
        made = starter.sample(title or "")
    else:
        written = read_plain_text(text)
        lang = lang or starter.guess_language(written)
        made = starter.from_text(written, title or text.stem, lang, translations)
        if len(made) > MAX_CHAPTERS:
            message = (
                f"{len(made):,} chapters would be made of it, one of each short line without punctuation"
            )
            hint = "end the lines with a full stop, or join them, and put empty lines between paragraphs"
            raise BookError([Problem(str(text), 0, message, hint)])
    new = {name: content for name, content in made.items() if not os.path.lexists(project / name)}
    for name, content in new.items():
        write_atomically(project / name, content.encode())
    return list(new)


class BookFolder:
    """A book folder whose chapters are read when they are asked for.

    What is wrong gathers in `files.problems`, what is worth a look in `notices`.
    """

    def __init__(self, project: Path, edition: str = "", digests: Digests | None = None) -> None:
        """Read all but the chapters. Raises `BookError` only where there is no book at all.

        `edition`: the name of one that `book.yaml` has, or empty for the main one; `digests`: of recordings.
        """
        self.files = Files(project, digests)
        if not self.files.root.is_dir():
            hint = "name a folder that has a book/ in it, or begin one: hakawati new my-book"
            raise BookError([Problem("book", 0, f"no book/ in {project}", hint)])
        self.notices: list[Problem] = []
        self.sentences = 0
        """How many there are in the chapters that were read."""
        self.config, self.languages = self._config(edition)
        languages = self.languages

        def parse_glossary(text: str, path: str) -> tuple[Term, ...]:
            return read_glossary(text, path, languages)

        empty: Mapping[str, str] = {}
        self.glossary: tuple[Term, ...] = ()
        self.pronunciations = self._optional("pronunciation.yaml", read_pronunciation, empty)
        if languages:
            self.glossary = self._optional("glossary.yaml", parse_glossary, ())
        if self.config:
            self.notices += self.config.notices()
            if self.config.edition.transliteration != "none":
                self.notices += without_vowels(self.glossary)
        reserved = (GLOSSARY,) if self.glossary else ()
        self.names = chapter_names(self.files, languages, reserved) if languages else []
        self._recordings = Recordings(self.files, languages, self.names) if self.names else None
        chosen = self.config.fonts if self.config else ()
        self._fonts = tuple(font for choice in chosen if (font := self._font(choice)))
        self._terms, self._spoken = term_finder(self.glossary), pronunciations(self.pronunciations)

    def finished(self) -> Edition:
        """The edition; raises `BookError` where anything was wrong with what has been read."""
        if self.config is None or self.files.problems:
            raise BookError(self.files.problems)
        return replace(self.config.edition, glossary=self.glossary, fonts=self._fonts)

    @property
    def editions(self) -> tuple[str, ...]:
        """The names of the book's other editions."""
        return tuple(self.config.editions) if self.config else ()

    def check_cover(self, *, known: bool = False) -> None:
        """Check the cover image, if the book has one; one that is `known` is sound if it is there."""
        if self.config and self.config.edition.cover not in ("", NO_COVER):
            line = self.config.lines["cover",]
            self.files.image(self.config.edition.cover, "book/book.yaml", line, known=known)

    def shared_key(self) -> str:
        """A digest of what every chapter depends on: all files but the chapters, and the chapters' names."""
        chapters = {f"{lang}/{name}.md" for lang in self.languages for name in self.files.stems(lang)}
        others = [name for name in self.files.every() if composed(name) not in chapters]
        return self.files.digest(others, *self.names)

    def chapter_key(self, name: str) -> str:
        """A digest of the chapter's files and of its recordings."""
        recorded = self.files.contents(*(f"{FOLDER}/{lang}/{name}" for lang in self.languages))
        return self.files.digest([f"{lang}/{name}.md" for lang in self.languages], name, *recorded)

    def read(self, name: str) -> Chapter | None:
        """A chapter, or None, reported, where its original cannot be read at all."""
        original = self.languages[0]
        if self.sentences > MAX_SENTENCES:
            return None
        versions = {
            lang: version
            for lang in self.languages
            if (version := self._version(name, lang, original)) is not None
        }
        for version in versions.values():
            self.files.problems += version.problems
            if self.config:
                check_voices(version, self.files, self.config.edition.voices)
        if original not in versions or not all(v.blocks and v.divided for v in versions.values()):
            return None  # that nothing pairs would only repeat what was said
        edition = self.config.edition if self.config else None
        by_sentence = edition and (edition.narration.order == "sentence" or edition.layout == "popup")
        chapter, problems, notices = pair(
            name, versions, self._terms, self._spoken, by_sentence=bool(by_sentence)
        )
        self.files.problems += problems
        self.notices += notices
        self.sentences += sum(len(text.sentences) for text in chapter.texts())
        if self.sentences > MAX_SENTENCES:
            message = f"with this chapter, the book has more than {MAX_SENTENCES:,} sentences"
            self.files.wrong(f"book/{original}/{name}.md", 0, message, "divide the book into volumes")
        check_figures(chapter, self.files)
        check_links(chapter, self.files, [f"{name}.md" for name in self.names])
        return self._with_recordings(chapter)

    def spoken_glossary(
        self, terms: Sequence[Term], shown: Callable[[Term], str], title: tuple[str, str]
    ) -> Chapter:
        """The glossary as it is read aloud, its terms in the order of the page."""
        return spoken_glossary(terms, shown, title, self.languages[0], self._spoken)

    def _with_recordings(self, chapter: Chapter) -> Chapter:
        if self._recordings is None or self.config is None:
            return chapter
        read_aloud = self.config.edition.narration.languages
        found = tuple(self._recordings.of(chapter, self.languages))
        for recording in found:
            if recording.lang not in read_aloud:
                message = f"{recording.lang} is not read aloud, and this recording is not heard"
                hint = f"book.yaml: narration: {{languages: [{', '.join([*read_aloud, recording.lang])}]}}"
                self.notices.append(Problem(recording.path, 0, message, hint))
        return replace(chapter, recordings=tuple(r for r in found if r.lang in read_aloud))

    def _config(self, edition: str) -> tuple[Config | None, Sequence[str]]:
        """None where it has problems; and the languages, none where they cannot be told."""
        text = self.files.text("book.yaml", required="write at least the book's title and languages")
        if text is None:
            return None, ()
        path = "book/book.yaml"
        try:
            config = read_config(text, path, self.files.project.resolve().name)
        except BookError as error:
            self.files.problems += error.problems
            return None, read_languages(text, path)
        if edition:
            config = replace(config.editions[edition], editions=config.editions)
        return config, config.edition.metadata.languages

    def _font(self, choice: FontChoice) -> Font | None:
        def wrong(message: str, hint: str) -> None:
            self.files.wrong(choice.place.path, choice.place.line, f"the font {choice.file} {message}", hint)

        data = self.files.font(choice.file, choice.place.path, choice.place.line)
        return read_font(choice, data, self.languages, wrong) if data is not None else None

    def _optional(self, name: str, parse: Callable[[str, str], T], empty: T) -> T:
        text = self.files.text(name)
        if text is None:
            return empty
        try:
            return parse(text, f"book/{name}")
        except BookError as error:
            self.files.problems += error.problems
            return empty

    def _version(self, name: str, lang: str, original: str) -> RawChapter | None:
        file = f"{lang}/{name}.md"
        lost = "it was there a moment ago, or is a link that leads nowhere" if lang == original else ""
        text = self.files.text(file, required=lost)
        if text is not None:
            return read_chapter(text, f"book/{file}")
        if lang != original and not self.files.found(file).exists():
            message = f"no {lang} translation of this chapter"
            hint = f"write it as book/{file}"
            self.notices.append(Problem(f"book/{original}/{name}.md", 0, message, hint))
        return None
