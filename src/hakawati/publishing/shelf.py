"""The build, from top to bottom: survey, speak, join, bind. For one book or a shelf of them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hakawati.errors import BookError
from hakawati.model import NoProgress, Progress, Report
from hakawati.publishing.options import BuildOptions, Outcome
from hakawati.publishing.project import SURVEYS, ProjectBuild, as_problem

if TYPE_CHECKING:
    from hakawati.model import Book
    from hakawati.narration.dispatcher import Dispatcher

__all__ = ["BuildOptions", "Outcome", "build", "build_all", "load"]


def load(project: Path | str) -> Book:
    """Read and check the book folder of a project: its `book/`.

    Raises `BookError` with everything that is wrong, in every file.

    >>> import hakawati
    >>> book = hakawati.load("my-book")
    >>> [(chapter.name, chapter.title("en")) for chapter in book.chapters]
    [('01-door', 'The Door')]
    """
    from hakawati.source.folder import read_book

    return read_book(Path(project))


def build(
    project: Path | str, options: BuildOptions | None = None, progress: Progress | None = None
) -> Report:
    """Build a project: `audio/*.mp3`, `build/*.epub`, `build/timings/*.json` and `build/report.json`.

    `options`: `BuildOptions()` where none are given; `progress` follows its stages and steps. Returns
    what was made for each chapter, and why; durations are in seconds.

    Raises `BookError` where the book has problems, cannot be spoken or cannot be written; then the last EPUB
    stays, and so does every clip that was finished. Raises `ToolError` where a cluster, or another thing
    outside of the book, is not as it must be.

    Sentences are spoken in worker processes, so a script needs `if __name__ == "__main__":` around the call.

    >>> import hakawati
    >>> report = hakawati.build("my-book")
    >>> report.epub, [(chapter.name, chapter.clips_made) for chapter in report.chapters]
    ('build/the-door.epub', [('01-door', 4), ('glossary', 3)])
    """
    (outcome,) = build_all([Path(project)], options, progress)
    if outcome.report is None:
        raise BookError(outcome.problems)
    return outcome.report


def build_all(
    projects: Sequence[Path], options: BuildOptions | None = None, progress: Progress | None = None
) -> list[Outcome]:
    """Build several projects, with the same workers; one that fails does not stop the others.

    Raises `ToolError`.
    """
    chosen, told = options or BuildOptions(), progress or NoProgress()
    shelf = {os.path.realpath(project): ProjectBuild(project, chosen) for project in projects}
    with ExitStack() as locks:
        # In one order, so that two shelves never wait for each other.
        for _, building in sorted(shelf.items()):
            building.attempt(lambda building=building: building.begin(locks))  # type: ignore[misc]
        if not chosen.dry_run:
            _make(list(shelf.values()), chosen, told)
    return [replace(shelf[os.path.realpath(project)].outcome, project=project) for project in projects]


def _make(shelf: Sequence[ProjectBuild], options: BuildOptions, progress: Progress) -> None:
    """Have everything spoken that is missing, and then made.

    A book whose recordings are saved meanwhile is surveyed again, and what is missing then is spoken.
    """
    waiting = shelf
    for _ in range(SURVEYS):
        _speak(waiting, options, progress)
        waiting = [building for building in waiting if building.has_changed()]
        for building in waiting:
            building.attempt(building.survey)
        if not waiting:
            break
    for building in shelf:
        building.attempt(lambda building=building: building.finish(progress))  # type: ignore[misc]


def _speak(shelf: Sequence[ProjectBuild], options: BuildOptions, progress: Progress) -> None:
    """Make all that is missing, for all editions of all books at once."""
    plans = [(building, plan) for building in shelf for plan in building.plans]
    jobs = [(plan.library, plan.missing) for _, plan in plans]
    progress.stage("Speaking", sum(len(request.utterances) for _, requests in jobs for request in requests))
    begin = time.perf_counter()
    try:
        if any(requests for _, requests in jobs):
            with _dispatcher(options) as dispatcher:
                found = dispatcher.run_all(jobs, progress)
                for (building, _), problems in zip(plans, found, strict=True):
                    building.fail(problems)
    except OSError as error:
        for building in shelf:
            building.fail([as_problem(error, building.project, options.store)])
    for building in shelf:
        building.took("speak", time.perf_counter() - begin, building.plans)


@contextmanager
def _dispatcher(options: BuildOptions) -> Iterator[Dispatcher]:
    if options.cluster:
        from hakawati.narration.cluster import cluster_dispatcher

        with cluster_dispatcher(options.cluster, options.workers) as dispatcher:
            yield dispatcher
    else:
        from hakawati.narration.dispatcher import Dispatcher

        yield Dispatcher(options.workers)
