"""All checks of a project, or of an EPUB: sources, EPUB, accessibility, led back to the author's lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hakawati.check.html_report import COMMAND, CheckReport, ReportChapter, is_report, render_report
from hakawati.check.sources import check_sources
from hakawati.common.destination import Destination
from hakawati.errors import BookError, Problem
from hakawati.model import Finding
from hakawati.publishing.formats.epub import epub_path
from hakawati.publishing.options import BuildOptions
from hakawati.publishing.outputs import Outputs
from hakawati.publishing.paths import EditionPaths
from hakawati.publishing.project import ProjectBuild
from hakawati.publishing.publication_check import (
    CheckOptions,
    PublicationResult,
    check_edition,
    check_publication,
    last_notices,
)
from hakawati.publishing.state import State
from hakawati.source.files import Files

if TYPE_CHECKING:
    from hakawati.model import Book
    from hakawati.narration.doubtful_words import DoubtfulWord
    from hakawati.source.folder import Source

HTML_REPORT = "build/report.html"
_REBUILD = "make it again: hakawati build --verify"
_AROUND = 1
"""Lines before and after the one that is meant, in an excerpt."""


@dataclass
class CheckResult:
    """What came of it."""

    title: str
    findings: list[Finding] = field(default_factory=list)
    """In the order of the book."""
    left_out: list[str] = field(default_factory=list)
    """What could not be checked, and what makes that possible."""
    parts: list[ReportChapter] = field(default_factory=list)
    """The chapters as they are heard."""

    @property
    def severe(self) -> int:
        """How many findings are severe."""
        return sum(finding.severe for finding in self.findings)

    @property
    def notices(self) -> int:
        """How many are not."""
        return len(self.findings) - self.severe

    def add(self, result: PublicationResult) -> None:
        """Add what was found in an EPUB; several editions have much in common, which is reported once."""
        told = {finding.problem for finding in self.findings}
        self.findings += [finding for finding in result.findings if finding.problem not in told]
        self.left_out += [what for what in result.left_out if what not in self.left_out]
        self.parts += result.parts

    def sort(self, chapters: Sequence[str]) -> None:
        """In the order of the book: what is about the whole, then chapter by chapter, by time and line."""
        order = {name: n for n, name in enumerate(chapters)}

        def key(finding: Finding) -> tuple[int, float, Problem]:
            return order.get(finding.chapter, -1), finding.begin, finding.problem

        self.findings = sorted(dict.fromkeys(self.findings), key=key)

    def fails(self, *, strict: bool) -> bool:
        """Whether the book does not pass. `strict`: notices count, too."""
        return bool(self.findings if strict else self.severe)


def check_project(project: Path, means: CheckOptions) -> CheckResult:
    """Check a project: its sources, and, if it is what they make, its last build, with all editions.

    Raises `OSError`.
    """
    means.progress.stage("Reading", 0)
    made = CheckResult(project.resolve().name)
    found = _check_sources(project, made)
    if found is None:
        return made
    source, book = found
    made.title = book.edition.metadata.title_in(book.edition.metadata.original)
    names = source.editions
    if stale := _find_stale(project, names):
        made.findings.append(Finding("epub", stale, severe=True))
    else:
        made.findings += [_source_finding(notice, severe=False) for notice in last_notices(project)]
        made.findings += _check_outputs(project)
        for name in names:
            edition = source.edition(name).settings()
            path = epub_path(edition)
            if (project / path).exists():
                made.add(check_edition(project, edition, path, book, means))
            else:
                made.findings.append(Finding("epub", _missing(path), severe=True))
    made.sort([chapter.name for chapter in book.chapters])
    return made


def check_epub(file: Path, means: CheckOptions) -> CheckResult:
    """Check an EPUB, whoever made it. Raises `OSError`."""
    result = check_publication(file, str(file), means)
    made = CheckResult(result.title or file.name)
    made.add(result)
    made.sort(result.chapters)
    return made


def report_destination(report: Path | None, project: Path | None, *, force: bool) -> Destination | None:
    """Where the report is to be: in the file `report`, or in the project's own; None where there is neither.

    `force`: whatever is there already is overwritten. Raises `BookError` where `report` cannot be written.
    """
    if report:
        place = Destination(report, COMMAND, "--report", is_report, force)
        place.check()
        return place
    if project and (project / "book").is_dir():
        return Destination(project / HTML_REPORT, COMMAND, "--report", is_report, force, project)
    return None


def write_report(made: CheckResult, place: Destination, project: Path | None) -> None:
    """Write the report; `project`: where the files are that findings name. Raises `BookError`."""
    excerpts = _read_excerpts(made.findings, project) if project else {}
    sheet = CheckReport(made.title, made.findings, made.parts, made.left_out, excerpts)
    place.write(render_report(sheet).encode())


# The sources


def _check_sources(project: Path, made: CheckResult) -> tuple[Source, Book] | None:
    """The book and its folder, or None where a build would refuse it; and all that is worth a look in it."""
    from hakawati.publishing.trial import doubtful_in

    build = ProjectBuild(project, BuildOptions(dry_run=True))
    build.attempt(build.survey)
    if build.outcome.report is None:
        made.findings += [_source_finding(problem, severe=True) for problem in build.outcome.problems]
        return None
    try:
        source = build.source()  # the same as the survey's: no file is read twice
        book = source.book()
    except BookError as error:
        made.findings += [_source_finding(problem, severe=True) for problem in error.problems]
        return None
    notices = sorted({*build.outcome.report.notices, *book.notices})
    made.findings += [_source_finding(notice, severe=False) for notice in notices]
    made.findings += check_sources(book, _texts(project, book))
    made.findings += map(_doubt_finding, doubtful_in(book))
    return source, book


def _source_finding(problem: Problem, *, severe: bool) -> Finding:
    return Finding("sources", problem, severe, _chapter_of(problem.path))


def _chapter_of(path: str) -> str:
    """The chapter that a file of the book is one language of: `book/ar/01-one.md`."""
    parts = path.split("/")
    is_chapter = len(parts) == 3 and parts[0] == "book" and parts[2].endswith(".md")
    return parts[2].removesuffix(".md") if is_chapter else ""


def _texts(project: Path, book: Book) -> dict[str, str]:
    """The text of every file that the author wrote."""
    files = Files(project)
    names = [f"{name}.yaml" for name in ("book", "glossary", "pronunciation")]
    languages = book.edition.metadata.languages
    names += [f"{lang}/{chapter.name}.md" for chapter in book.chapters for lang in languages]
    return {f"book/{name}": text for name in names if (text := files.text(name)) is not None}


def _doubt_finding(doubt: DoubtfulWord) -> Finding:
    place = doubt.places[0]
    more = f", {doubt.count} times" if doubt.count > 1 else ""
    spoken = f"would be said “{doubt.spoken}”" if doubt.spoken != doubt.written else "has no vowels"
    message = f"“{doubt.written}”{more}, {spoken}: {_WHY[doubt.why]}"
    hint = "listen to it (hakawati say), and write it into book/pronunciation.yaml (hakawati words)"
    return _source_finding(Problem(place.path, place.line, message, hint), severe=False)


_WHY = {
    "foreign": "a foreign name, whose vowels are a guess",
    "script": "it is in another script",
    "mixed": "an abbreviation, or letters with digits",
    "no vowels": "its vowels are not known",
    "two ways": "elsewhere it is said otherwise",
    "unsure": "its vowels are hardly more than a guess",
}


# What was built


def _find_stale(project: Path, names: Sequence[str]) -> Problem | None:
    """Why what was built is not this book, or None."""
    from hakawati.publishing.project import folder_digest

    states = [State.load(project / EditionPaths(name).state, name) for name in names]
    if not all(state.inputs for state in states):
        return Problem("build", 0, "the book was not built yet", "hakawati build; then check again")
    now = folder_digest(project)
    if any(state.folder != now for state in states):
        message = "the book was changed after it was built, so its EPUB was not checked"
        return Problem("build", 0, message, "hakawati build; then check again")
    return None


def _check_outputs(project: Path) -> Iterator[Finding]:
    """What is not any more as it was built."""
    outputs = Outputs.of(project)
    for name in sorted(outputs.known):
        if not outputs.intact(name, compare=True):
            problem = Problem(name, 0, "it is not what was built: damaged, or changed since", _REBUILD)
            yield Finding("epub", problem if (project / name).exists() else _missing(name), severe=True)


def _missing(name: str) -> Problem:
    return Problem(name, 0, "it is not there any more", "hakawati build")


def _read_excerpts(
    findings: Sequence[Finding], project: Path
) -> dict[tuple[str, int], tuple[tuple[int, str], ...]]:
    """The lines around each place, by path and line: (number, text)."""
    files = Files(project)
    texts: dict[str, list[str]] = {}
    found = {}
    for problem in (finding.problem for finding in findings):
        if not (problem.line and problem.path.startswith("book/")):
            continue
        if problem.path not in texts:
            text = files.text(problem.path.removeprefix("book/"))
            texts[problem.path] = text.split("\n") if text is not None else []
        lines = texts[problem.path]
        begin, end = max(1, problem.line - _AROUND), min(len(lines), problem.line + _AROUND)
        found[problem.path, problem.line] = tuple((n, lines[n - 1]) for n in range(begin, end + 1))
    return found
