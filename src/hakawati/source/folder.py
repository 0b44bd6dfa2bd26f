"""The book folder → `Book`.

Every problem of every file is collected before anything is raised.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from hakawati.errors import BookError, Problem, listed, nearest
from hakawati.model import Book, Chapter, Term
from hakawati.source import starter
from hakawati.source.config import Config, read_config, read_languages
from hakawati.source.files import Files, read_plain_text
from hakawati.source.glossary import read_glossary, read_pronunciation, term_finder
from hakawati.source.markdown import RawChapter, read_chapter
from hakawati.source.matching import pronunciations
from hakawati.source.pairing import pair
from hakawati.store import write_atomically

T = TypeVar("T")

_STEM = re.compile(r"[^\W_][\w.\- ]*")


def read_book(project: Path) -> Book:
    """Read the `book/` of a project folder.

    Raises `BookError` with everything that is wrong, in every file.
    """
    files = Files(project)
    if not files.root.is_dir():
        hint = "name a folder that has a book/ in it, or begin one: hakawati new my-book"
        raise BookError([Problem("book", 0, f"no book/ in {project}", hint)])
    return _Reader(files).read()


def new_project(
    project: Path, text: Path | None, title: str | None, lang: str | None, translations: Sequence[str]
) -> list[str]:
    """Make a project, out of the plain text file `text` or with a sample; returns the files' names.

    Raises `BookError` where there is a book already, or the text cannot be read: nothing is overwritten.
    """
    if (project / "book").exists():
        hint = "name a new folder, or edit the book that is there"
        raise BookError([Problem(str(project), 0, "there is a book in it already", hint)])
    if text is None:
        made = starter.sample(title or "")
    else:
        written = read_plain_text(text)
        lang = lang or starter.guess_language(written)
        made = starter.from_text(written, title or text.stem, lang, translations)
    for name, content in made.items():
        write_atomically(project / name, content.encode())
    return list(made)


class _Reader:
    def __init__(self, files: Files) -> None:
        self.files = files
        self.notices: list[Problem] = []

    def read(self) -> Book:
        config, languages = self._config()

        def parse_glossary(text: str, path: str) -> tuple[Term, ...]:
            return read_glossary(text, path, languages)

        empty: Mapping[str, str] = {}
        say = self._optional("pronunciation.yaml", read_pronunciation, empty)
        glossary: tuple[Term, ...] = ()
        chapters: list[Chapter] = []
        if languages:
            glossary = self._optional("glossary.yaml", parse_glossary, ())
            chapters = self._chapters(languages, glossary, say)
            self._check_figures(chapters)
            self._check_links(chapters, languages[0])
        if config and config.cover:
            self.files.image(config.cover, "book/book.yaml", config.lines["cover",])
        if config is None or self.files.problems:
            raise BookError(self.files.problems)
        return Book(
            metadata=config.metadata,
            chapters=tuple(chapters),
            glossary=glossary,
            voices=config.voices,
            narration=config.narration,
            audio=config.audio,
            sync=config.sync,
            layout=config.layout,
            cover=config.cover,
            modified=self.files.modified,
            notices=tuple(sorted(self.notices)),
        )

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
        return config, config.metadata.languages

    def _optional(self, name: str, parse: Callable[[str, str], T], empty: T) -> T:
        text = self.files.text(name)
        if text is None:
            return empty
        try:
            return parse(text, f"book/{name}")
        except BookError as error:
            self.files.problems += error.problems
            return empty

    def _chapters(
        self, languages: Sequence[str], glossary: Sequence[Term], say: Mapping[str, str]
    ) -> list[Chapter]:
        terms, spoken = term_finder(glossary), pronunciations(say)
        original = languages[0]
        chapters = []
        for name in self._names(languages):
            versions = {
                lang: version
                for lang in languages
                if (version := self._version(name, lang, original)) is not None
            }
            self.files.problems += [p for version in versions.values() for p in version.problems]
            if original not in versions or not all(version.blocks for version in versions.values()):
                continue  # that nothing pairs would only repeat what was said
            chapter, problems, notices = pair(name, versions, terms, spoken)
            chapters.append(chapter)
            self.files.problems += problems
            self.notices += notices
        return chapters

    def _names(self, languages: Sequence[str]) -> list[str]:
        """The chapters' names, in order; complains of what is no chapter."""
        original = languages[0]
        names = self.files.stems(original)
        if not names:
            hint = f"write the first chapter as book/{original}/01-name.md"
            self.files.wrong(f"book/{original}", 0, "no chapters", hint)
            return []
        for lang in languages[1:]:
            for name in sorted(set(self.files.stems(lang)) - set(names)):
                message = f"a translation of {original}/{name}.md, which is not there"
                self.files.wrong(f"book/{lang}/{name}.md", 0, message, nearest(name, names))
        seen: dict[str, str] = {}
        for name in names:
            path = f"book/{original}/{name}.md"
            if not _STEM.fullmatch(name):
                hint = "begin with a letter or digit, go on with letters, digits, hyphens: 01-name.md"
                self.files.wrong(path, 0, "readers and players may stumble over this name", hint)
            if (twin := seen.setdefault(name.casefold(), name)) != name:
                message = f"differs from {twin}.md in upper and lower case only"
                self.files.wrong(path, 0, message, "give one of them another name")
        return names

    def _version(self, name: str, lang: str, original: str) -> RawChapter | None:
        file = f"{lang}/{name}.md"
        text = self.files.text(file)
        if text is not None:
            return read_chapter(text, f"book/{file}")
        if lang != original and not (self.files.root / file).exists():
            message = f"no {lang} translation of this chapter"
            hint = f"write it as book/{file}"
            self.notices.append(Problem(f"book/{original}/{name}.md", 0, message, hint))
        return None

    def _check_figures(self, chapters: Sequence[Chapter]) -> None:
        for leaf in (leaf for c in chapters for b in c.blocks for leaf in b.leaves()):
            if leaf.kind != "figure":
                continue
            if not leaf.alt.strip():
                message = f"the image {leaf.image} has no alternative text"
                hint = "say in the brackets what it shows, for who cannot see it: ![…](…)"
                self.files.wrong(leaf.place.path, leaf.place.line, message, hint)
            self.files.image(leaf.image, leaf.place.path, leaf.place.line)

    def _check_links(self, chapters: Sequence[Chapter], original: str) -> None:
        names = [f"{name}.md" for name in self.files.stems(original)]
        hint = f"link to a web address, or to a chapter: {listed(names[:3])}"
        for text in (text for chapter in chapters for text in chapter.texts()):
            for sentence in text.sentences:
                for mark in sentence.marks:
                    if mark.kind == "link" and not _leads_somewhere(mark.target, names):
                        message = f"the link ({mark.target}) leads nowhere"
                        self.files.wrong(text.path, sentence.line, message, hint)


def _leads_somewhere(target: str, chapters: Sequence[str]) -> bool:
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.hostname)
    return parts.scheme == "mailto" or target in chapters
