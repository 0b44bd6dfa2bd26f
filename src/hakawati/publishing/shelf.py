"""The build, from top to bottom: survey, speak, join, bind. For one book or a shelf of them."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from hakawati.common import signals
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
    with ExitStack() as locks, ExitStack() as workers:
        speaking = _Speaking(chosen, workers)
        # In one order, so that two shelves never wait for each other.
        for _, building in sorted(shelf.items()):
            building.attempt(partial(building.begin, locks, speaking.prepare))
        if not chosen.dry_run:
            _make(list(shelf.values()), speaking, told)
    return [replace(shelf[os.path.realpath(project)].outcome, project=project) for project in projects]


class _Speaking:
    """Who speaks in a build: workers of this machine, or a cluster."""

    def __init__(self, options: BuildOptions, end: ExitStack) -> None:
        """`end`: closed when the build is done."""
        self.options = options
        self._end = end

    def prepare(self, languages: Collection[str]) -> None:
        """Start a worker of this machine for these languages, while a book that changed is read."""
        if languages and not self.options.cluster:
            self._local.start_worker(languages)

    @cached_property
    def _local(self) -> Dispatcher:
        from hakawati.narration.dispatcher import Dispatcher

        dispatcher = Dispatcher(self.options.workers)
        self._end.callback(dispatcher.close)
        return dispatcher

    @contextmanager
    def dispatcher(self) -> Iterator[Dispatcher]:
        """What has sentences spoken. Raises `ToolError`."""
        if self.options.cluster:
            from hakawati.narration.cluster import cluster_dispatcher

            with cluster_dispatcher(self.options.cluster, self.options.workers) as dispatcher:
                yield dispatcher
        else:
            yield self._local


def _make(shelf: Sequence[ProjectBuild], speaking: _Speaking, progress: Progress) -> None:
    """Have everything spoken that is missing, and then made.

    A book whose recordings are saved meanwhile is surveyed again, and what is missing then is spoken; so is
    one whose files turn out to be damaged when they are packed, and then the damaged ones are made again.
    """
    waiting = shelf
    for _ in range(SURVEYS):
        _speak(waiting, speaking, progress)
        waiting = [building for building in waiting if building.has_changed()]
        for building in waiting:
            building.attempt(building.survey)
        if not waiting:
            break
    for building in shelf:
        building.attempt(partial(building.finish, progress))
    damaged = [building for building in shelf if building.distrust()]
    for building in damaged:
        building.attempt(building.survey)
    if damaged:
        _make(damaged, speaking, progress)


def _speak(shelf: Sequence[ProjectBuild], speaking: _Speaking, progress: Progress) -> None:
    """Make all that is missing, for all editions of all books at once."""
    plans = [(building, plan) for building in shelf for plan in building.plans]
    jobs = [(plan.library, plan.missing) for _, plan in plans]
    progress.stage("Speaking", sum(len(request.utterances) for _, requests in jobs for request in requests))
    begin = time.perf_counter()
    try:
        if any(requests for _, requests in jobs):
            with speaking.dispatcher() as dispatcher, _loading():
                found = dispatcher.run_all(jobs, progress)
                for (building, _), problems in zip(plans, found, strict=True):
                    building.fail(problems)
    except OSError as error:
        for building in shelf:
            building.fail([as_problem(error, building.project, speaking.options.store)])
    for building in shelf:
        building.took("speak", time.perf_counter() - begin, building.plans)


@contextmanager
def _loading() -> Iterator[None]:
    """Load what joining and binding take while others speak: for an edit, that is a tenth of its time."""
    thread = Thread(target=_load, name="loading")
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _load() -> None:
    signals.block()  # they are the main thread's
    for name in (
        "hakawati.epub.container",
        "hakawati.epub.xhtml",
        "hakawati.listening.id3",
        "langcodes",
        "PIL.Image",
    ):
        import_module(name)
