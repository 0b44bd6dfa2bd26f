"""The builder: a process of its own that builds the book, and builds it again whenever a file is saved.

Not a thread of the server: a build starts processes, uses the whole processor, and may die.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Protocol

from hakawati.common import signals
from hakawati.errors import Problem
from hakawati.model import Progress
from hakawati.preview.excerpts import with_excerpts
from hakawati.preview.messages import BuilderMessage, BuildProgress, ChapterSummary, FinishedBuild, PageUpdate
from hakawati.preview.snapshot import Snapshot

WEB = Path("build", "web")
"""The folder of pages in a project."""
STOP = "stop"
"""What the server sends when the builder is to end."""
_EVERY = 0.1
"""Seconds between two messages about progress, at least."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build gave: problems, or notices and chapters."""

    problems: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()
    chapters: tuple[ChapterSummary, ...] = ()


class PreviewProject(Protocol):
    """A book that can be built and watched. It is sent to the builder's process, so it can be pickled."""

    @property
    def folder(self) -> Path:
        """The folder with `book/` in it, and `build/web/`."""
        ...

    def saves(self) -> Iterator[None]:
        """Yield once when no save is missed any more, and then after every burst of them."""
        ...

    def build(
        self, progress: Progress, published: Callable[[], None], waiting: Callable[[str], None]
    ) -> BuildResult:
        """Build the book into its `build/web/`; what the author can mend comes back as problems.

        `published`: may be called when the pages are ready and something else is still to be made;
        `waiting`: called with the name of another program that builds the book and must end first.
        """
        ...


class ProgressSender:
    """A `Progress` that sends messages, not so often that sending takes time."""

    def __init__(self, send: Callable[[BuilderMessage], None]) -> None:
        self._send = send
        self._sent_at = 0.0
        self.name, self.total, self.done = "", 0, 0

    def stage(self, name: str, total: int) -> None:
        """A stage of `total` steps begins; of one without steps nothing is sent."""
        self.name, self.total, self.done = name, total, 0
        if total:
            self._report()

    def advance(self, steps: int = 1) -> None:
        """Steps of the present stage are done."""
        self.done += steps
        if time.monotonic() >= self._sent_at + _EVERY:
            self._report()

    def _report(self) -> None:
        self._sent_at = time.monotonic()
        self._send(BuildProgress(self.name, self.done, self.total))


def work(connection: Connection, project: PreviewProject, *, restarted: bool, wait_first: bool) -> None:
    """Build, wait for a save and build again, until the server stops it or is gone.

    `restarted`: another builder came before, and what it had changed when it died is not known.
    `wait_first`: wait for a save before the first build.
    """
    _obey(connection)
    with suppress(KeyboardInterrupt, BrokenPipeError):
        changes = _PageChanges(Snapshot(project.folder / WEB), unknown=restarted)
        for number, _ in enumerate(project.saves()):
            if wait_first and not number:
                continue
            connection.send(BuildProgress("Reading"))
            connection.send(_build(connection.send, project, changes))
            changes.pages.settle()


def _build(
    send: Callable[[BuilderMessage], None], project: PreviewProject, changes: _PageChanges
) -> FinishedBuild:
    begin = time.perf_counter()
    result = project.build(
        ProgressSender(send),
        lambda: send(PageUpdate(changes.next())),
        lambda who: send(BuildProgress(f"Waiting: {who} builds this book")),
    )
    return FinishedBuild(
        with_excerpts(project.folder, result.problems),
        with_excerpts(project.folder, result.notices),
        result.chapters,
        changes.next(),
        round(time.perf_counter() - begin, 3),
    )


class _PageChanges:
    """Which pages changed since the last call of `next`."""

    def __init__(self, pages: Snapshot, *, unknown: bool) -> None:
        """`unknown`: at first, all may have."""
        self.pages = pages
        self.unknown = unknown

    def next(self) -> tuple[str, ...] | None:
        found = self.pages.changed()
        unknown, self.unknown = self.unknown, False
        return None if unknown else found


def _obey(connection: Connection) -> None:
    """End when the server says so, as Ctrl-C would end it; and at once when the server is gone.

    Signals were blocked until now, so that none interrupts a program that is still being loaded. When a
    terminal is closed, the server passes that on.
    """
    with suppress(OSError):  # the output is the server's
        os.dup2(2, 1)
    threading.Thread(target=_listen, args=(connection,), daemon=True).start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupted)
    signals.allow(signal.SIGINT, signal.SIGTERM)


def _interrupted(number: int, frame: FrameType | None) -> None:
    """End once: a second signal, or the server's message after one, must not break off the clearing up."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    signal.default_int_handler(number, frame)


def _listen(connection: Connection) -> None:
    # Ctrl-C is still held back in this thread, for which alone that was: the main one takes it.
    try:
        while connection.recv() != STOP:
            pass
    except (EOFError, OSError):
        os._exit(1)  # its workers see that, and end too
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        import _thread

        _thread.interrupt_main()
