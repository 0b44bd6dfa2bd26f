"""The book folder: everything in it is read once, and each of the book's editions is a view of that.

Every problem of every file is collected before anything is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from hakawati.common.stamps import Digests
from hakawati.errors import BookError, Problem
from hakawati.model import NO_COVER, Book, Chapter, Edition, Font, Place, Term
from hakawati.source.characters import composed
from hakawati.source.checks import check_figures, check_links, check_voices
from hakawati.source.config import Config, read_config, read_languages
from hakawati.source.files import Files
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
from hakawati.source.raw import RawChapter
from hakawati.source.recordings import FOLDER, Recordings
from hakawati.source.spoken_glossary import GLOSSARY, spoken_glossary

T = TypeVar("T")

MAX_SENTENCES = 200_000
"""In all chapters that are read at once: two hundred hours of speech, and what fits into a small memory."""


def read_book(project: Path) -> Book:
    """Read the `book/` of a project folder.

    Raises `BookError` with everything that is wrong, in every file.
    """
    return Source(project).book()


@dataclass(frozen=True)
class ChapterSource:
    """A chapter as its files are, for every edition."""

    chapter: Chapter | None
    """With all its recordings; None, reported, where its original cannot be read at all."""
    voices: tuple[tuple[Place, str], ...] = ()
    """Those that blocks choose, by name, and where."""
    notices: tuple[Problem, ...] = ()
    unpaired: tuple[Problem, ...] = ()
    """Notices for editions whose pages go sentence by sentence."""


class Source:
    """The `book/` of a project. Its chapters are read when they are asked for, each of them once.

    What is wrong gathers in `files.problems`. An edition cannot change languages or texts, so there is one
    source for all of them: `edition` gives a view of it.
    """

    def __init__(self, project: Path, digests: Digests | None = None) -> None:
        """Read all but the chapters. Raises `BookError` only where there is no book at all.

        `digests`: of recordings, known from before.
        """
        self.files = Files(project, digests)
        if not self.files.root.is_dir():
            hint = "name a folder that has a book/ in it, or begin one: hakawati new my-book"
            raise BookError([Problem("book", 0, f"no book/ in {project}", hint)])
        self.config, self.languages = self._config()
        languages = self.languages

        def parse_glossary(text: str, path: str) -> tuple[Term, ...]:
            return read_glossary(text, path, languages)

        empty: Mapping[str, str] = {}
        self.glossary: tuple[Term, ...] = ()
        self.pronunciations = self._optional("pronunciation.yaml", read_pronunciation, empty)
        if languages:
            self.glossary = self._optional("glossary.yaml", parse_glossary, ())
        reserved = (GLOSSARY,) if self.glossary else ()
        self.names = chapter_names(self.files, languages, reserved) if languages else []
        self._recordings = Recordings(self.files, languages, self.names) if self.names else None
        self._terms, self._spoken = term_finder(self.glossary), pronunciations(self.pronunciations)
        self._chapters: dict[str, ChapterSource] = {}
        self._fonts: dict[FontChoice, Font | None] = {}
        self._shared_key = ""
        self._sentences = 0

    @property
    def editions(self) -> tuple[str, ...]:
        """The names of all editions; the main one's is empty, and first."""
        return ("", *(self.config.editions if self.config else ()))

    def edition(self, name: str = "") -> EditionSource:
        """The book as the edition of this name has it."""
        config = self.config
        if name and config:
            config = config.editions[name]
        return EditionSource(self, name, config)

    def complete(self) -> None:
        """Raises `BookError` where anything was wrong with what has been read."""
        if self.config is None or self.files.problems:
            raise BookError(self.files.problems)

    def book(self) -> Book:
        """The whole book, in its main edition. Raises `BookError` with everything that is wrong."""
        edition = self.edition()
        edition.check_cover()
        chapters = [chapter for name in self.names if (chapter := edition.chapter(name)) is not None]
        settings = edition.settings()
        linked = {
            mark.target
            for chapter in chapters
            for text in chapter.texts()
            for sentence in text.sentences
            for mark in sentence.marks
            if mark.kind == "term"
        }
        notices = [notice for name in self.names for notice in edition.chapter_notices(name)]
        found = sorted([*edition.notices, *notices, *unused(self.glossary, linked)])
        return Book(settings, tuple(chapters), tuple(found))

    def shared_key(self) -> str:
        """A digest of what every chapter depends on: all files but the chapters, and the chapters' names."""
        if not self._shared_key:
            chapters = {f"{lang}/{name}.md" for lang in self.languages for name in self.files.stems(lang)}
            others = [name for name in self.files.every() if composed(name) not in chapters]
            self._shared_key = self.files.digest(others, *self.names)
        return self._shared_key

    def chapter_key(self, name: str) -> str:
        """A digest of the chapter's files and of its recordings."""
        recorded = self.files.contents(*(f"{FOLDER}/{lang}/{name}" for lang in self.languages))
        return self.files.digest([f"{lang}/{name}.md" for lang in self.languages], name, *recorded)

    def read(self, name: str) -> ChapterSource:
        """A chapter in all its languages, read when it is asked for first."""
        if name not in self._chapters:
            self._chapters[name] = self._read(name)
        return self._chapters[name]

    def spoken_glossary(
        self, terms: Sequence[Term], shown: Callable[[Term], str], title: tuple[str, str]
    ) -> Chapter:
        """The glossary as it is read aloud, its terms in the order of the page."""
        return spoken_glossary(terms, shown, title, self.languages[0], self._spoken)

    def font(self, choice: FontChoice) -> Font | None:
        """A font that editions choose; None, reported, where it cannot be used."""

        def wrong(message: str, hint: str) -> None:
            self.files.wrong(choice.place.path, choice.place.line, f"the font {choice.file} {message}", hint)

        if choice not in self._fonts:
            data = self.files.font(choice.file, choice.place.path, choice.place.line)
            font = read_font(choice, data, self.languages, wrong) if data is not None else None
            self._fonts[choice] = font
        return self._fonts[choice]

    def _read(self, name: str) -> ChapterSource:
        original = self.languages[0]
        if self._sentences > MAX_SENTENCES:
            return ChapterSource(None)
        notices: list[Problem] = []
        found = {lang: self._version(name, lang, original, notices) for lang in self.languages}
        versions = {lang: version for lang, version in found.items() if version is not None}
        every = versions.values()
        voices = tuple((Place(v.path, line), voice) for v in every for line, voice in v.voices())
        self.files.problems += [problem for version in every for problem in version.problems]
        if original not in versions or not all(v.blocks and v.divided for v in every):
            # That nothing pairs would only repeat what was reported.
            return ChapterSource(None, voices, tuple(notices))
        paired = pair(name, versions, self._terms, self._spoken)
        chapter = paired.chapter
        self.files.problems += paired.problems
        self._sentences += sum(len(text.sentences) for text in chapter.texts())
        if self._sentences > MAX_SENTENCES:
            message = f"with this chapter, the book has more than {MAX_SENTENCES:,} sentences"
            self.files.wrong(f"book/{original}/{name}.md", 0, message, "divide the book into volumes")
        check_figures(chapter, self.files)
        check_links(chapter, self.files, [f"{name}.md" for name in self.names])
        if self._recordings is not None:
            chapter = replace(chapter, recordings=tuple(self._recordings.of(chapter, self.languages)))
        return ChapterSource(chapter, voices, (*notices, *paired.notices), tuple(paired.unpaired))

    def _version(self, name: str, lang: str, original: str, notices: list[Problem]) -> RawChapter | None:
        file = f"{lang}/{name}.md"
        lost = "it was there a moment ago, or is a link that leads nowhere" if lang == original else ""
        text = self.files.text(file, required=lost)
        if text is not None:
            return read_chapter(text, f"book/{file}")
        if lang != original and not self.files.found(file).exists():
            message = f"no {lang} translation of this chapter"
            hint = f"write it as book/{file}"
            notices.append(Problem(f"book/{original}/{name}.md", 0, message, hint))
        return None

    def _config(self) -> tuple[Config | None, Sequence[str]]:
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
        return config, config.edition.metadata.languages

    def _optional(self, name: str, parse: Callable[[str, str], T], empty: T) -> T:
        text = self.files.text(name)
        if text is None:
            return empty
        try:
            return parse(text, f"book/{name}")
        except BookError as error:
            self.files.problems += error.problems
            return empty


class EditionSource:
    """A source as one edition has it: with its settings, its voices, its fonts."""

    def __init__(self, source: Source, name: str, config: Config | None) -> None:
        """`config`: None where `book.yaml` has problems; then there is nothing but the texts."""
        self.source = source
        self.name = name
        self.notices: list[Problem] = []
        """What is worth a look in the settings."""
        self._config = config
        self._fonts: tuple[Font, ...] = ()
        if config:
            self.notices += config.notices()
            if config.edition.transliteration != "none":
                self.notices += without_vowels(source.glossary)
            self._fonts = tuple(font for choice in config.fonts if (font := source.font(choice)))

    def settings(self) -> Edition:
        """What the author chose; raises `BookError` where anything was wrong with what has been read."""
        self.source.complete()
        assert self._config
        return replace(self._config.edition, glossary=self.source.glossary, fonts=self._fonts)

    def check_cover(self, *, known: bool = False) -> None:
        """Check the cover image, if there is one; one that is `known` is sound if it is there."""
        if self._config and self._config.edition.cover not in ("", NO_COVER):
            line = self._config.lines["cover",]
            self.source.files.image(self._config.edition.cover, "book/book.yaml", line, known=known)

    def chapter(self, name: str) -> Chapter | None:
        """A chapter, with the recordings that are heard; None, reported, where it cannot be read at all."""
        found = self.source.read(name)
        if self._config is None:
            return found.chapter
        check_voices(found.voices, self.source.files, self._config.edition.voices)
        if found.chapter is None:
            return None
        read_aloud = self._config.edition.narration.languages
        used = tuple(r for r in found.chapter.recordings if r.lang in read_aloud)
        return replace(found.chapter, recordings=used)

    def chapter_notices(self, name: str) -> tuple[Problem, ...]:
        """What is worth a look in a chapter."""
        found = self.source.read(name)
        notices = list(found.notices)
        if self._config:
            edition = self._config.edition
            if edition.narration.order == "sentence" or edition.layout == "popup":
                notices += found.unpaired
            read_aloud = edition.narration.languages
            for recording in found.chapter.recordings if found.chapter else ():
                if recording.lang not in read_aloud:
                    message = f"{recording.lang} is not read aloud, and this recording is not heard"
                    languages = ", ".join([*read_aloud, recording.lang])
                    hint = f"book.yaml: narration: {{languages: [{languages}]}}"
                    notices.append(Problem(recording.path, 0, message, hint))
        return tuple(notices)
