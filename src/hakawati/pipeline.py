"""The build, from top to bottom: survey, speak, join, bind. For one book or a shelf of them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hakawati.errors import BookError, Problem
from hakawati.model import Progress, Report, Silent, VoiceChoice
from hakawati.places import EDITIONS, REPORT, Places, in_web
from hakawati.source.files import Files
from hakawati.state import State, digest, last_report, program
from hakawati.store import remove, write_atomically

if TYPE_CHECKING:
    from hakawati.model import Book
    from hakawati.narration.crew import Crew
    from hakawati.production import Production
    from hakawati.web.pages import Tree


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
    web: bool = False
    """Make the web edition, too."""
    published: Callable[[], None] | None = None
    """Called when the web edition of a book is whole, before its EPUBs are, which take longer."""
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


def written(project: Path) -> str:
    """A digest of a book's folder, as `State.written` remembers it of the last build."""
    files = Files(project)
    return digest(files.digest(files.every()), *files.stamps("recordings"))


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
        _speak(shelf, chosen, told)
        for building in shelf:
            building.attempt(lambda building=building: building.finish(told))  # type: ignore[misc]
    return [building.outcome for building in shelf]


def _speak(shelf: Sequence[_Building], options: Options, progress: Progress) -> None:
    """Make all that is missing, for all editions of all books at once."""
    productions = [(building, production) for building in shelf for production in building.productions]
    jobs = [(production.studio, production.missing) for _, production in productions]
    progress.stage("Speaking", sum(len(take.utterances) for _, takes in jobs for take in takes))
    begin = time.perf_counter()
    try:
        if any(takes for _, takes in jobs):
            with _crew(options) as crew:
                found = crew.record_all(jobs, progress)
                for (building, _), problems in zip(productions, found, strict=True):
                    building.fail(problems)
    except OSError as error:
        for building in shelf:
            building.fail([_as_problem(error, building.project)])
    for _, production in productions:
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
    """One book of the shelf, with all its editions, until it is done or has failed."""

    def __init__(self, project: Path, options: Options) -> None:
        self.project = project
        self.options = options
        self.productions: Sequence[Production] = ()
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
            every = dict.fromkeys([*self.outcome.problems, *problems])
            self.outcome = Outcome(self.project, problems=tuple(every))
            self.productions = ()

    def survey(self) -> None:
        """Find out what changed, from files that stay the same meanwhile: their digest is the key."""
        begin = time.perf_counter()
        inputs = self._inputs()
        for _ in range(_SURVEYS):
            if self._is_done(inputs):
                return
            self.productions = self._survey(inputs)
            before, inputs = inputs, self._inputs()
            if inputs == before:
                self.productions[0].seconds["read"] = round(time.perf_counter() - begin, 3)
                self.outcome = Outcome(self.project, self._report())
                return
        hint = "build again when nothing in the folder is being saved"
        raise BookError([Problem("book", 0, "it changes while it is read", hint)])

    def _is_done(self, inputs: str) -> bool:
        """Whether the last build is this one; then the outcome is set."""
        main = self._state("")
        if self._remembered() != set(main.editions):
            return False
        for state in (main, *map(self._state, main.editions)):
            if state.inputs != inputs or not state.intact(self.project, state.files):
                return False
            if self.options.web and not state.web:
                return False
        last = last_report(self.project / REPORT)
        if last:
            self.outcome = Outcome(self.project, last)
        return last is not None

    def _survey(self, inputs: str) -> list[Production]:
        """All editions of the book as it is now. Raises `BookError` with what is wrong with any of them."""
        main = self._production(inputs, "")
        main.survey()
        others = [self._production(inputs, name) for name in main.editions]
        asked = {take.key for take in main.missing}
        problems: list[Problem] = []
        for production in others:
            try:
                production.survey(asked)
                asked |= {take.key for take in production.missing}
            except BookError as error:
                problems += error.problems
        if problems:
            raise BookError(dict.fromkeys(problems))
        return [main, *others]

    def _production(self, inputs: str, name: str) -> Production:
        from hakawati.production import Production

        return Production(self.project, self.options, self._state(name), inputs, name)

    def _state(self, name: str) -> State:
        return State.load(self.project / Places(name).state)

    def _inputs(self) -> str:
        """Digests of all that goes into the book: of what is chosen, and of what the author wrote."""
        options = self.options
        choice = json.dumps([options.chosen(), options.modified, str(options.store or "")])
        return f"{digest(program(), choice)}:{written(self.project)}"

    def finish(self, progress: Progress) -> None:
        """Make every edition, and clear up after those that are no more."""
        if not self.productions:
            return
        trees: Sequence[Tree] = ()
        if self.options.web:
            from hakawati.reading import trees_of

            trees = trees_of(production.edition for production in self.productions)
        for production in self.productions:
            production.compose(progress, trees)
        if self.options.web and self.options.published:
            self.options.published()
        for production in self.productions:
            production.finish(progress)
        entries = [key for production in self.productions for key in production.entries()]
        self.productions[0].store.register(self.project, entries)
        report = self._report()
        data = json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n"
        write_atomically(self.project / REPORT, data.encode())
        made = {name for production in self.productions for name in production.intended}
        if not self.options.web:  # it stays as it is, and is the main edition's to clear up some day
            gone = [State.load(self.project / Places(name).state).files for name in self._forgotten()]
            self.productions[0].adopt(file for files in gone for file in files if in_web(file))
        for production in self.productions:  # at last, since a book that is remembered is not made again
            production.remember(made)
        self._forget(made)
        self.outcome = Outcome(self.project, report)

    def _report(self) -> Report:
        main, *others = [production.report() for production in self.productions]
        notices = sorted({notice for report in (main, *others) for notice in report.notices})
        editions = tuple(replace(report, notices=()) for report in others)
        return replace(main, notices=tuple(notices), editions=editions)

    def _forget(self, made: Collection[str]) -> None:
        """Remove what was made of editions that are no more."""
        for name in sorted(self._forgotten()):
            places = Places(name)
            last = State.load(self.project / places.state)
            old = places.outdated(last.files, made)
            if not self.options.web:
                old = [file for file in old if not in_web(file)]
            if not remove(self.project, old):
                remove(self.project, [places.state])

    def _forgotten(self) -> set[str]:
        """The names of editions that are no more, and were."""
        return self._remembered() - {production.name for production in self.productions}

    def _remembered(self) -> set[str]:
        """The names of the other editions of which there is a state."""
        return {file.stem for file in (self.project / EDITIONS).glob("*.json")}


def _as_problem(error: OSError, project: Path) -> Problem:
    path = str(error.filename or project)
    hint = "what was built before is still there, and what was spoken is kept"
    return Problem(path, 0, error.strerror or str(error), hint)
