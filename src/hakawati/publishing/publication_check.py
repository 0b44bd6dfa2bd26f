"""One finished EPUB: examined, listened to, and what is found led back to the book that it was made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hakawati.check.archive import open_archive
from hakawati.check.conformance import NO_SOURCES, SourceTracer, check_conformance
from hakawati.check.html_report import ReportChapter
from hakawati.check.source_map import EntryNames, SourceMap, map_sources
from hakawati.common.memo import recall
from hakawati.common.store import Store
from hakawati.errors import BookError, Problem
from hakawati.model import Edition, Finding, NoProgress, Progress
from hakawati.publishing.finished import FINISHED_PART, FinishedPart
from hakawati.publishing.paths import REPORT, EditionPaths
from hakawati.publishing.state import State, last_report
from hakawati.waveform.speech_rate import parse_timings
from hakawati.waveform.waveform_svg import draw_chapter

if TYPE_CHECKING:
    from hakawati.check.sync.measurement import ChapterMeasurement, SyncReport
    from hakawati.model import Book


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What a check is done with."""

    environment: Mapping[str, str]
    """The variables of the process, which tell where programs are."""
    progress: Progress = field(default_factory=NoProgress)
    listen: bool = True
    """Whether the narration is listened to, which takes longest."""


@dataclass(frozen=True, slots=True)
class PublicationResult:
    """What was found in an EPUB."""

    title: str
    """Empty where it cannot be read."""
    findings: tuple[Finding, ...]
    left_out: tuple[str, ...]
    """What was not checked, and what makes that possible."""
    chapters: tuple[str, ...]
    """Their names, in order."""
    parts: tuple[ReportChapter, ...]
    """The chapters as they are heard; of a project, as its last build says."""


def check_publication(file: Path, name: str, means: CheckOptions) -> PublicationResult:
    """An EPUB that anyone may have made; `name`: as the user named it. Raises `OSError`."""
    return _PublicationCheck(file, name, means).result(None)


def check_edition(
    project: Path, edition: Edition, epub: str, book: Book, means: CheckOptions
) -> PublicationResult:
    """An edition of a project's book, whose EPUB has the path `epub` in it. Raises `OSError`."""
    parts = tuple(_report_chapters(project, edition, book))
    return _PublicationCheck(project / epub, epub, means, map_book(book)).result(parts)


class _PublicationCheck:
    def __init__(self, file: Path, name: str, means: CheckOptions, known: SourceMap = NO_SOURCES) -> None:
        self.file, self.name, self.options, self.source_map = file, name, means, known

    def result(self, parts: Sequence[ReportChapter] | None) -> PublicationResult:
        """`parts`: the chapters as they are known to be; else they are what the EPUB has."""
        self.options.progress.stage(f"Checking {self.name}", 0)
        found = check_conformance(self.file, self.name, self.options.environment, self.source_map)
        findings, left_out = list(found.findings), list(found.left_out)
        measured: Sequence[ChapterMeasurement] = ()
        if not self.options.listen:
            left_out.append("the narration was not listened to (--quick)")
        elif sync := self._check_sync():
            measured = sync.chapters
            findings += self._trace(sync.findings, {finding.problem for finding in findings})
        if parts is None:
            parts = [ReportChapter(name, title) for name, title in found.chapters.items()]
        names = {stem: name for name, stem in self._stems().items()}
        return PublicationResult(
            title=found.title,
            findings=tuple(findings),
            left_out=tuple(left_out),
            chapters=tuple(names.get(stem, stem) for stem in found.chapters),
            parts=tuple(self._add_measurement(part, measured) for part in parts),
        )

    def _check_sync(self) -> SyncReport | None:
        from hakawati.check.sync.measurement import check_sync
        from hakawati.publishing.espeak_aligner import EspeakAligner

        try:
            return check_sync(self.file, self.name, EspeakAligner(), self.options.progress)
        except BookError:  # what cannot be read was told
            return None

    def _trace(self, findings: Sequence[Finding], told: set[object]) -> Iterator[Finding]:
        """Those of the sync; what is wrong with the EPUB itself was told."""
        with open_archive(self.file, self.name) as archive:
            tracer = SourceTracer(archive, self.source_map)
            traced = (tracer.trace(finding) for finding in findings)
            yield from (finding for finding in traced if finding.problem not in told)

    def _stems(self) -> dict[str, str]:
        """Of each chapter of a book that is known: its page's name in the EPUB."""
        pages = self.source_map.chapters.items()
        return {name: entry.rpartition("/")[2].removesuffix(".xhtml") for entry, name in pages}

    def _add_measurement(self, part: ReportChapter, measured: Sequence[ChapterMeasurement]) -> ReportChapter:
        """A chapter with how it was heard to be, where its build does not say that."""
        stem = self._stems().get(part.name, part.name)
        for one in measured:
            if one.chapter == stem:
                loudness = part.loudness or {"rms": one.loudness}
                return replace(part, duration=part.duration or one.duration, loudness=loudness)
        return part


def map_book(book: Book) -> SourceMap:
    """Where the parts of a book's EPUBs come from."""
    from hakawati.epub import resource_paths

    def inside(path: str) -> str:
        return f"EPUB/{path}"

    return map_sources(
        book,
        EntryNames(
            page=lambda name: inside(resource_paths.chapter_path(name)),
            image=lambda name: inside(resource_paths.image_path(name)),
            glossary=inside(resource_paths.GLOSSARY),
            answers=inside(resource_paths.ANSWERS),
            general=tuple(map(inside, ("content.opf", resource_paths.TITLE_PAGE))),
        ),
    )


def last_notices(project: Path) -> list[Problem]:
    """What the last build noticed; some of it only a build can know."""
    report = last_report(project / REPORT)
    return list(report.notices) if report else []


def _report_chapters(project: Path, edition: Edition, book: Book) -> Iterator[ReportChapter]:
    """The chapters as the last build says that they are heard."""
    titles = {chapter.name: chapter.title() for chapter in book.chapters}
    places, store = EditionPaths(edition.name), Store(project / "build" / "store")
    pages = State.load(project / places.state, edition.name).pages
    report = last_report(project / REPORT)
    every = [report, *report.editions] if report else []
    for chapter in (chapter for one in every if one.name == edition.name for chapter in one.chapters):
        title = titles.get(chapter.name, chapter.name)
        finished = recall(store, pages.get(chapter.name, ""), FINISHED_PART)
        yield ReportChapter(
            name=chapter.name,
            title=title,
            edition=edition.name,
            duration=chapter.duration,
            loudness=asdict(chapter.loudness) if chapter.loudness else {},
            strip=_draw_strip(finished, project / places.timings(chapter.name), edition, title),
        )


def _draw_strip(finished: FinishedPart | None, timings: Path, edition: Edition, title: str) -> str:
    """A chapter's strip; empty where its build left no sound, or has not kept how loud that is."""
    if not finished or not finished.levels:
        return ""
    try:
        sentences = parse_timings(timings.read_bytes())
    except (OSError, ValueError):
        return ""
    return draw_chapter(finished.levels, sentences, edition.narration, title=title)
