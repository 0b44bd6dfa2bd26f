"""One edition in a build, when everything is spoken: its chapters, its web edition, its EPUB, its report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hakawati.common.atomic import write_atomically
from hakawati.common.wording import count
from hakawati.errors import Problem
from hakawati.model import ChapterReport, Edition, Progress, Report, Track, VowelCounts
from hakawati.model import seconds as in_seconds
from hakawati.narration import reasons
from hakawati.narration.clip import tools
from hakawati.publishing import acx, formats
from hakawati.publishing.chapters import PlannedPart
from hakawati.publishing.composing import Composer
from hakawati.publishing.covers import BookCover, cover, lacking
from hakawati.publishing.edition import EditionPlan
from hakawati.publishing.finished import FinishedPart
from hakawati.publishing.formats.base import BookContent
from hakawati.publishing.formats.epub import epub_path
from hakawati.publishing.state import State

if TYPE_CHECKING:
    from ebooklib.epub import EpubBook

    from hakawati.web.html_pages import EditionTree


@dataclass(frozen=True)
class EditionComposition:
    """What was made: every part, and what is in the EPUB."""

    plan: EditionPlan
    cover: BookCover
    finished: tuple[FinishedPart, ...]
    """One for each of the plan's parts."""
    package: EpubBook
    narrators: tuple[str, ...]
    notices: tuple[Problem, ...]
    web: Mapping[str, str] = field(default_factory=dict)
    """The pages of the web edition, by path in the project, with keys of what is in them."""
    web_files: Sequence[str] = ()
    """All files of the web edition: paths in the project."""

    @property
    def files(self) -> list[str]:
        """What there is afterwards: paths in the project."""
        return [*self.plan.files, *self.web_files]

    def entries(self) -> Iterator[str]:
        """What the store has of it."""
        yield from self.plan.entries()
        for part in self.finished:
            yield from part.entries
        if self.cover.entry:
            yield self.cover.entry


def compose(plan: EditionPlan, progress: Progress) -> EditionComposition:
    """Make the chapters out of the clips. Raises `OSError`; `BookError` for a clip that is lost."""
    from hakawati.epub.package import documents, package

    survey = plan.survey
    edition, root = survey.edition, survey.request.outputs.project / "book"
    look = cover(edition, root, survey.request.store)
    finished = _parts(plan, look, progress)
    credits = dict.fromkeys(credit for part in finished for credit in part.credits)
    narrators = tuple(credits) or edition.metadata.narrators
    drawn = look.image if look.drawn else b""
    pages = [part.page for part in finished]
    book = package(edition, pages, lambda name: _audio(plan, name), root, narrators, drawn)
    levels = {
        one.part.name: part.levels
        for one, part in zip(plan.parts, finished, strict=True)
        if one.part.is_chapter
    }
    notices = (
        *look.notices,
        *acx.too_quiet(edition, survey.request.paths, levels),
        *lacking(edition.fonts, root, documents(book)),
        *_unproofed(edition, sum((part.vowels for part in finished), VowelCounts())),
    )
    return EditionComposition(plan, look, finished, book, narrators, notices)


def _unproofed(edition: Edition, vowels: VowelCounts) -> Iterator[Problem]:
    """A notice of doubtful words that are printed with their vowels."""
    if edition.vowels == "print" and vowels.doubtful:
        words = count(vowels.doubtful, "word")
        message = f"“vowels: print” shows {words} with vowels that are hardly more than a guess"
        hint = "settle them (hakawati words), or write “vowels: {print: sure}”, and they are printed without"
        yield Problem("book/book.yaml", 0, message, hint)


def _parts(plan: EditionPlan, look: BookCover, progress: Progress) -> tuple[FinishedPart, ...]:
    from hakawati.epub.labels import label
    from hakawati.listening.id3 import Album, small_cover

    survey, request = plan.survey, plan.survey.request
    edition = survey.edition
    new = sum(one.finished is None for one in plan.parts)
    progress.stage("Joining", new)
    image = small_cover(look.image) if look.image and new else b""
    note = {lang: label("note", lang) for lang in edition.metadata.languages}
    album = Album(edition.metadata, len(plan.parts), image, note)
    composer = Composer(
        request.outputs, request.paths, edition, plan.library, request.store, album, request.options.web
    )
    parts = []
    for number, one in enumerate(plan.parts, start=1):
        if one.finished:
            parts.append(one.finished)
        elif one.chapter:
            parts.append(composer.compose(one, one.chapter, number, plan.cast.credits(one.cues)))
            progress.advance()
    return tuple(parts)


def with_web_edition(composition: EditionComposition, trees: Sequence[EditionTree]) -> EditionComposition:
    """Make the edition's part of the web edition. Raises `OSError`.

    `trees`: all editions, as the web edition has them.
    """
    from hakawati.publishing.web_edition import WebEdition

    request = composition.plan.survey.request
    both = zip(composition.plan.parts, composition.finished, strict=True)
    parts = {one.key: (one.part, finished) for one, finished in both}
    edition, book = composition.plan.survey.edition, composition.package
    web = WebEdition(request.outputs, request.store, edition, trees, parts, book)
    request.outputs.check(web.files, force=request.options.force)
    request.outputs.begin(web.files)
    return replace(composition, web=web.write(request.state), web_files=web.files)


def bind(composition: EditionComposition, progress: Progress) -> EditionComposition:
    """Make the EPUB, and all else that is made of the whole book. Raises `OSError`."""
    progress.stage("Binding", 1)
    content = _content(composition)
    outputs = composition.plan.survey.request.outputs
    notices: list[Problem] = []
    for one in formats.wanted(content.edition):
        if content.tracks or not one.needs_sound:
            for name, write in one.book_outputs(content):
                outputs.make(name, write)
            notices += one.notices(content)
    progress.advance()
    return replace(composition, notices=(*composition.notices, *notices))


def _content(composition: EditionComposition) -> BookContent:
    plan, request = composition.plan, composition.plan.survey.request
    pages = [part.page for part in composition.finished if part.page.smil]
    audio = {page.name: _audio(plan, page.name) for page in pages}
    return BookContent(
        edition=plan.survey.edition,
        paths=request.paths,
        parts=composition.finished,
        tracks=[Track(p.name, p.title, p.duration, audio[p.name].stat().st_size) for p in pages],
        package=composition.package,
        cover=composition.cover.image,
        narrators=composition.narrators,
        modified=plan.survey.modified,
        audio=lambda name: _audio(plan, name),
        digests={path: request.outputs.digest(request.paths.audio(name)) for name, path in audio.items()},
    )


def _audio(plan: EditionPlan, name: str) -> Path:
    request = plan.survey.request
    return request.outputs.path(request.paths.audio(name))


def remember(composition: EditionComposition, inputs: str, editions: Sequence[str]) -> None:
    """Leave word for the next build. Raises `OSError`, `BookError`.

    `inputs`: the digest of all that goes into the book; `editions`: the names of the others.
    """
    plan, request = composition.plan, composition.plan.survey.request
    pages = {one.part.name: one.key for one in plan.parts}
    # Chapters that were not read may have voices of their own, which are known from when they were.
    settings = {**request.state.settings, **reasons.settings(plan.library)}
    languages = tuple(sorted({*request.state.languages, *plan.cast.languages}))
    shared = plan.survey.shared
    state = State(inputs, shared, tools(), settings, pages, composition.web, languages, tuple(editions))
    write_atomically(request.outputs.path(request.paths.state), state.packed(plan.name))


def report(plan: EditionPlan, composition: EditionComposition | None, seconds: Mapping[str, float]) -> Report:
    """What a build does, or, where nothing was composed, what it would do. `seconds`: by stage."""
    done: Sequence[FinishedPart | None] = (
        composition.finished if composition else [one.finished for one in plan.parts]
    )
    notices = {*plan.survey.notices, *(composition.notices if composition else ())}
    chapters = []
    for one, part in zip(plan.parts, done, strict=True):
        notices.update(part.notices if part else one.notices)
        sentences = part.sentences if part else len(one.cues)
        if sentences or one.part.is_chapter:
            chapters.append(_chapter_report(one, part, sentences))
    path = epub_path(plan.survey.edition)
    return Report(tuple(chapters), tuple(sorted(notices)), path, dict(seconds), plan.name)


def _chapter_report(plan: PlannedPart, part: FinishedPart | None, sentences: int) -> ChapterReport:
    missing = sum(plan.missing.values())
    duration = in_seconds(part.page.duration) if part else 0.0
    why = reasons.described(plan.missing)
    if plan.chapter and not missing:
        why = "read again, nothing to speak"
    loudness = acx.measured(part.levels) if part and part.levels else None
    vowels = part.vowels if part else VowelCounts()
    return ChapterReport(plan.part.name, duration, missing, sentences - missing, why, loudness, vowels)
