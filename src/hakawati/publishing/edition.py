"""One edition's way through a build: what changed, what must be spoken for it, what is made of it.

`pipeline` leads one or many productions through their steps.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hakawati.common.atomic import write_atomically
from hakawati.common.keys import digest, program
from hakawati.common.store import Store
from hakawati.model import NO_COVER, ChapterReport, Progress, Report
from hakawati.model import seconds as in_seconds
from hakawati.narration import reasons
from hakawati.narration.clip import tools
from hakawati.narration.studio import Studio, Take
from hakawati.publishing import acx
from hakawati.publishing import players as hearing
from hakawati.publishing.cast import Cast, shots
from hakawati.publishing.chapters import Stage, made_of
from hakawati.publishing.composing import Composer
from hakawati.publishing.covers import Look, lacking, look
from hakawati.publishing.flash_cards import has_cards, write_cards
from hakawati.publishing.outputs import Outputs
from hakawati.publishing.paths import STORE, Places, cards, epub
from hakawati.publishing.state import State
from hakawati.publishing.web_edition import WebEdition
from hakawati.source.folder import BookFolder
from hakawati.source.glossary import unused

if TYPE_CHECKING:
    from hakawati.publishing.options import Options
    from hakawati.web.pages import Tree


class Production:
    """An edition being built.

    First `survey`; then, when what is `missing` has been spoken, `compose`, `finish` and `remember`.
    """

    def __init__(
        self, outputs: Outputs, options: Options, state: State, inputs: str, edition: str = ""
    ) -> None:
        """`inputs`: the digest of all that goes into the book, to be remembered; `edition`: its name."""
        self.name = edition
        self.places = Places(edition)
        self.outputs = outputs
        self.project = outputs.project
        self.options = options
        self.state = state
        self.inputs = inputs
        self.store = Store(options.store or outputs.folder(STORE))
        self.seconds: dict[str, float] = {}
        self.look = Look()
        self.files: list[str] = []
        """What is made of the book: paths in the project."""
        self.web: Mapping[str, str] = {}

    def survey(self, asked: Collection[str] = ()) -> None:
        """Read what changed, and find out what must be spoken. Raises `BookError`.

        `asked`: keys of the clips that are going to be made for other editions.
        """
        folder = BookFolder(self.project, self.name, self.outputs.digests)
        self.shared = digest(program(), self.options.chosen(), folder.shared_key(), self.name)
        folder.check_cover(known=self.shared == self.state.shared)
        web = self.options.web
        stage = Stage(self.outputs, self.places, self.state, self.store, self.shared, web=web)
        self.notices = tuple(folder.notices)
        chapters = [stage.chapter(folder, name) for name in folder.names]
        self.edition = folder.finished()
        hearing.check(self.edition)
        self.editions = folder.editions
        self.notices += tuple(unused(self.edition.glossary, {t for scene in chapters for t in scene.terms()}))
        given = self.options.modified
        self.modified = folder.files.modified if given is None else given
        self.cast = Cast(self.project, self.edition, self.options.voices)
        for scene in chapters:
            if scene.chapter:
                scene.roles = self.cast.roles(scene.chapter)
        self.glossary = stage.glossary(folder, self.edition, self.cast)
        self.scenes = [*chapters, *([self.glossary] if self.glossary else [])]
        self.cast.complete()
        edition, cast = self.edition, self.cast
        self.studio = Studio(self.store, cast.voices, edition.audio, edition.narration.pauses, cast.speeds)
        self.missing = self._take(stage, asked)
        self.files = self._names()

    def _take(self, stage: Stage, asked: Collection[str]) -> list[Take]:
        for scene in self.scenes:
            scene.shots = shots(self.studio, scene.roles)
        said = {sentence: given for scene in self.scenes for sentence, given in stage.said(scene).items()}
        why = reasons.Reasons(self.state.tools, self.state.settings, reasons.settings(self.studio), said)
        found: dict[str, Take] = {}
        for scene in self.scenes:
            missing = self.studio.missing(shot.take for shot in scene.shots)
            new = [take for key, take in missing.items() if key not in found and key not in asked]
            scene.missing = why.why(new)
            found |= {take.key: take for take in new}
        return list(found.values())

    def compose(self, progress: Progress, trees: Sequence[Tree] = ()) -> None:
        """Make the chapters out of the clips, and the web edition, if it is wanted, out of them.

        `trees`: all editions, as the web edition has them. Raises `OSError`; `BookError` for a clip that is
        lost.
        """
        self.look = look(self.edition, self.project / "book", self.store)
        self.notices += self.look.notices
        with self._stage("join"):
            self._join(progress)
            self._package()
        if self.options.web:
            with self._stage("web"):
                web = WebEdition(self.outputs, self.store, self.edition, trees, self.scenes, self.book)
                self.outputs.check(web.files, force=self.options.force)
                self.outputs.begin(web.files)
                self.files += web.files
                self.web = web.write(self.state)

    def finish(self, progress: Progress) -> None:
        """Make the EPUB, and what is made of the whole book besides. Raises `OSError`."""
        with self._stage("bind"):
            self._bind(progress)

    def _names(self) -> list[str]:
        """What is made of the book but its web edition: paths in the project."""
        slug = self.edition.metadata.slug
        names = [epub(slug), *([cards(slug)] if has_cards(self.edition) else [])]
        heard = [scene for scene in self.scenes if scene.shots or (scene.kept and scene.kept.page.smil)]
        for scene in heard:
            names += made_of(scene.name, hearing.beside(self.edition), self.places)
        if heard:
            has_cover = self.edition.cover != NO_COVER
            names += hearing.of_the_book(self.places, self.edition, has_cover=has_cover)
        return names

    def going(self) -> list[str]:
        """Those of its files, without the web edition's, that are going to be made, and not kept."""
        kept = {
            name
            for scene in self.scenes
            if scene.kept
            for name in made_of(scene.name, scene.kept.beside, self.places)
        }
        return [name for name in self.files if name not in kept]

    def _join(self, progress: Progress) -> None:
        from hakawati.epub.labels import label
        from hakawati.listening.id3 import Album, small_cover

        new = [scene for scene in self.scenes if scene.chapter]
        progress.stage("Joining", len(new))
        edition = self.edition
        cover = small_cover(self.look.cover) if self.look.cover and new else b""
        note = {lang: label("note", lang) for lang in edition.metadata.languages}
        album = Album(edition.metadata, len(self.scenes), cover, note)
        composer = Composer(
            self.outputs, self.places, edition, self.studio, self.store, album, self.options.web
        )
        for number, scene in enumerate(self.scenes, start=1):
            if scene.chapter:
                credits = self.cast.credits(scene.roles)
                scene.kept = composer.compose(scene, scene.chapter, number, credits)
                progress.advance()
        levels = {one.name: one.kept.levels for one in self.scenes if one.kept and one is not self.glossary}
        self.notices += tuple(acx.too_quiet(edition, self.places, levels))

    def _package(self) -> None:
        from hakawati.epub.package import documents, package

        pages = [scene.kept.page for scene in self.scenes if scene.kept and scene is not self.glossary]
        glossary = self.glossary.kept.page if self.glossary and self.glossary.kept else None
        credits = [credit for scene in self.scenes if scene.kept for credit in scene.kept.credits]
        self.narrators = tuple(dict.fromkeys(credits)) or self.edition.metadata.narrators
        root = self.project / "book"
        cover = self.look.cover if self.look.drawn else b""
        self.book = package(self.edition, pages, glossary, self._audio, root, self.narrators, cover)
        self.notices += lacking(self.edition.fonts, root, documents(self.book))

    def _audio(self, name: str) -> Path:
        return self.outputs.path(self.places.audio(name))

    def _bind(self, progress: Progress) -> None:
        from hakawati.epub.container import write

        progress.stage("Binding", 1)
        slug = self.edition.metadata.slug
        pages = [scene.kept.page for scene in self.scenes if scene.kept]
        sounds = [page.name for page in pages if page.smil]
        digests = {self._audio(name): self.outputs.digest(self.places.audio(name)) for name in sounds}
        with self.outputs.replacing(epub(slug)) as path:
            write(self.book, path, self.modified, digests)
        if has_cards(self.edition):
            with self.outputs.replacing(cards(slug)) as path:
                write_cards(
                    path,
                    self.edition,
                    [use for scene in self.scenes if scene.kept for use in scene.kept.occurrences],
                    durations={page.name: page.duration for page in pages},
                    audio=self._audio,
                    modified=self.modified,
                )
        self.notices += tuple(
            hearing.write_beside(
                self.outputs,
                self.places,
                self.edition,
                [(page.name, page.title, page.duration) for page in pages if page.smil],
                cover=self.look.cover,
                narrators=self.narrators,
                modified=self.modified,
            )
        )
        progress.advance()

    def report(self) -> Report:
        """What this build does, or, before `finish`, what it would do."""
        chapters = []
        for scene in self.scenes:
            made = sum(scene.missing.values())
            count = scene.kept.sentences if scene.kept else len(scene.roles)
            if scene is self.glossary and not count:
                continue
            duration = in_seconds(scene.kept.page.duration) if scene.kept else 0.0
            why = reasons.described(scene.missing)
            if scene.chapter and not made:
                why = "read again, nothing to speak"
            loudness = acx.measured(scene.kept.levels) if scene.kept and scene.kept.levels else None
            chapters.append(ChapterReport(scene.name, duration, made, count - made, why, loudness))
        notices = tuple(sorted({*self.notices, *(n for scene in self.scenes for n in scene.notices)}))
        path = epub(self.edition.metadata.slug)
        return Report(tuple(chapters), notices, path, dict(self.seconds), self.name)

    def entries(self) -> Iterator[str]:
        """What the store holds of the book, or is going to."""
        for scene in self.scenes:
            yield from (scene.key, *(shot.take.key for shot in scene.shots))
            yield from scene.kept.entries if scene.kept else ()
        if self.look.entry:
            yield self.look.entry

    def remember(self) -> None:
        """Leave word for the next build. Raises `OSError`, `BookError`."""
        pages = {scene.name: scene.key for scene in self.scenes}
        # Chapters that were not read may have voices of their own, which are known from when they were.
        settings = {**self.state.settings, **reasons.settings(self.studio)}
        state = State(self.inputs, self.shared, tools(), settings, pages, self.web, self.editions)
        write_atomically(self.outputs.path(self.places.state), state.packed(self.name))

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        """Take the time of a stage."""
        begin = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - begin, 3)
