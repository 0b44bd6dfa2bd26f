"""The build, from top to bottom: survey, speak, join, bind. For one book or a shelf of them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hakawati.errors import BookError, Problem
from hakawati.model import ChapterReport, Progress, Report, Silent, VoiceChoice
from hakawati.source.files import Files
from hakawati.state import State, digest, program

if TYPE_CHECKING:
    from hakawati.model import Book
    from hakawati.narration.crew import Crew
    from hakawati.production import Production


_SURVEYS = 5
"""How often a book is read that changes meanwhile, before that is told as a problem."""


@dataclass(frozen=True)
class Options:
    """What is chosen for a build, and not in the book."""

    voices: Mapping[str, VoiceChoice]
    """By language; they take the place of the book's own."""
    workers: int
    store: Path | None = None
    """Instead of each project's own `build/store`."""
    modified: int | None = None
    """Seconds since the epoch: the book's time of modification, instead of its newest file's."""
    cluster: str = ""
    """Speak on a Dask cluster instead of this machine: `tcp://HOST:PORT` or `local:N`."""
    dry_run: bool = False
    """Only tell what would be made, and why."""

    def chosen(self) -> str:
        """The voices that are not the book's own choice, in one word."""
        return json.dumps({lang: (v.engine, dict(v.options)) for lang, v in sorted(self.voices.items())})


@dataclass(frozen=True)
class Outcome:
    """What came of one book: a report, or problems."""

    project: Path
    report: Report | None = None
    problems: tuple[Problem, ...] = ()


def default_options() -> Options:
    """As many workers as there are cores, and everything else as the book says."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Options(voices={}, workers=cores)


def load(project: Path | str) -> Book:
    """Read and check a book folder; raises `BookError` with everything that is wrong."""
    from hakawati.source.folder import read_book

    return read_book(Path(project))


def build(project: Path | str, options: Options | None = None, progress: Progress | None = None) -> Report:
    """Build a project: `audio/*.mp3`, `build/*.epub`, `build/timings/*.json` and `build/report.json`.

    Raises `BookError` where the book has problems, cannot be spoken or cannot be written; then the last EPUB
    stays, and so does every clip that was finished. Raises `ToolError`.
    """
    (outcome,) = build_all([Path(project)], options, progress)
    if outcome.report is None:
        raise BookError(outcome.problems)
    return outcome.report


def build_all(
    projects: Sequence[Path], options: Options | None = None, progress: Progress | None = None
) -> list[Outcome]:
    """Build several projects, their sentences spoken by one crew; one that fails does not stop the others.

    Raises `ToolError`.
    """
    chosen, told = options or default_options(), progress or Silent()
    shelf = [_Building(project, chosen) for project in projects]
    for building in shelf:
        building.attempt(building.survey)
    if not chosen.dry_run:
        _speak([building for building in shelf if building.production], chosen, told)
        for building in shelf:
            building.attempt(lambda building=building: building.finish(told))  # type: ignore[misc]
    return [building.outcome for building in shelf]


def _speak(shelf: Sequence[_Building], options: Options, progress: Progress) -> None:
    """Make all that is missing, for all books at once."""
    productions = [building.production for building in shelf if building.production]
    jobs = [(production.studio, production.missing) for production in productions]
    sentences = sum(len(take.utterances) for _, takes in jobs for take in takes)
    progress.stage("Speaking", sentences)
    begin = time.perf_counter()
    try:
        if any(takes for _, takes in jobs):
            with _crew(options) as crew:
                for building, problems in zip(shelf, crew.record_all(jobs, progress), strict=True):
                    building.fail(problems)
    except OSError as error:
        for building in shelf:
            building.fail([_as_problem(error, building.project)])
    for production in productions:
        production.seconds["speak"] = round(time.perf_counter() - begin, 3)


@contextmanager
def _crew(options: Options) -> Iterator[Crew]:
    if options.cluster:
        from hakawati.narration.cluster import cluster_crew

        with cluster_crew(options.cluster, options.workers) as crew:
            yield crew
    else:
        from hakawati.narration.crew import Crew

        yield Crew(options.workers)


class _Building:
    """One book of the shelf, until it is done or has failed."""

    def __init__(self, project: Path, options: Options) -> None:
        self.project = project
        self.options = options
        self.production: Production | None = None
        self.outcome = Outcome(project)

    def attempt(self, step: Callable[[], None]) -> None:
        """Do a step; what goes wrong with this book stays with it."""
        try:
            step()
        except BookError as error:
            self.fail(error.problems)
        except OSError as error:
            self.fail([_as_problem(error, self.project)])

    def fail(self, problems: Sequence[Problem]) -> None:
        if problems:
            self.outcome = Outcome(self.project, problems=tuple(problems))
            self.production = None

    def survey(self) -> None:
        """Find out what changed, from files that stay the same meanwhile: their digest is the key."""
        begin = time.perf_counter()
        inputs = self._inputs()
        for _ in range(_SURVEYS):
            self.production = self._survey(inputs)
            if self.production is None:
                return
            before, inputs = inputs, self._inputs()
            if inputs == before:
                self.production.seconds["read"] = round(time.perf_counter() - begin, 3)
                self.outcome = Outcome(self.project, self.production.report())
                return
        hint = "build again when nothing in the folder is being saved"
        raise BookError([Problem("book", 0, "it changes while it is read", hint)])

    def _survey(self, inputs: str) -> Production | None:
        """The book as it is now; None, with the outcome set, where there is nothing to do."""
        state = State.load(self.project / "build" / "state.json")
        if state.inputs == inputs and state.intact(self.project, state.files):
            last = _last_report(self.project / "build" / "report.json")
            if last:
                self.outcome = Outcome(self.project, last)
                return None
        from hakawati.production import Production

        production = Production(self.project, self.options, state, inputs)
        production.survey()
        return production

    def _inputs(self) -> str:
        """A digest of all that goes into the book."""
        files, options = Files(self.project), self.options
        choice = json.dumps([options.chosen(), options.modified, str(options.store or "")])
        return digest(program(), choice, files.digest(files.every()), *files.stamps("recordings"))

    def finish(self, progress: Progress) -> None:
        if self.production:
            self.outcome = Outcome(self.project, self.production.finish(progress))


def _as_problem(error: OSError, project: Path) -> Problem:
    path = str(error.filename or project)
    hint = "what was built before is still there, and what was spoken is kept"
    return Problem(path, 0, error.strerror or str(error), hint)


def _last_report(path: Path) -> Report | None:
    """What the last build said, for one that has nothing to do; None where it cannot be read."""
    try:
        data: dict[str, Any] = json.loads(path.read_bytes())
        chapters = tuple(
            ChapterReport(c["name"], c["duration"], 0, c["clips_made"] + c["clips_reused"], "unchanged")
            for c in data["chapters"]
        )
        return Report(chapters, tuple(Problem(**n) for n in data["notices"]), data["epub"], {})
    except (OSError, ValueError, KeyError, TypeError):
        return None
