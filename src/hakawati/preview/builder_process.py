"""Keeps a builder running: starts it, passes its messages on, starts another one when it dies."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from hakawati.common import signals
from hakawati.preview.builder import STOP, PreviewProject, work
from hakawati.preview.connection import is_exhausted
from hakawati.preview.messages import BuilderExit, BuilderMessage, FinishedBuild

REST = 1.0
"""Seconds from a builder's death to the next builder."""
GRACE = 10.0
"""Seconds that a builder has to end when it is asked to: more than it gives its own workers."""
TRIES = 2
"""Builders that may die one after another, of the same book perhaps, before the next one waits for a save."""


class BuilderProcess:
    """A builder that is started again whenever it dies, watched by a thread until `stop`."""

    def __init__(
        self, project: PreviewProject, notify: Callable[[BuilderMessage], None], rest: float = REST
    ) -> None:
        """`notify`: called with each message, in the watching thread; `rest`: seconds before a restart."""
        self._project = project
        self._notify = notify
        self._rest = rest
        self._context = multiprocessing.get_context("spawn")
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._supervise, name="builder-supervisor")

    def start(self) -> None:
        """Start the builder."""
        self._thread.start()

    def retire(self) -> None:
        """Start no builder again; the present one goes on."""
        self._stopping.set()

    def stop(self) -> None:
        """End the builder and wait until it has ended; it is killed after `GRACE` seconds."""
        self.retire()
        with self._lock:
            process, connection = self._process, self._connection
            with suppress(OSError, ValueError):  # it has ended by itself, and is closed
                if connection:
                    connection.send(STOP)
        self._thread.join(GRACE)
        if self._thread.is_alive() and process:
            with suppress(ValueError):  # it has ended just now
                process.kill()
        self._thread.join()

    def _supervise(self) -> None:
        signals.block()  # what is started from here begins its life without them
        deaths, restarted = 0, False
        while begun := self._begin(restarted=restarted, wait_first=deaths >= TRIES):
            process, connection = begun
            if self._listen(connection):
                deaths = 0
            process.join()
            restarted = True
            deaths += 1
            if not self._stopping.is_set():
                self._notify(BuilderExit(_how(process.exitcode), deaths >= TRIES))
            self._stopping.wait(self._rest)
            with self._lock:
                connection.close()
                process.close()
                self._process = self._connection = None

    def _begin(self, *, restarted: bool, wait_first: bool) -> tuple[SpawnProcess, Connection] | None:
        """Start a builder, once the system has room for one; None where none is wanted any more."""
        while True:
            try:
                with self._lock:
                    return None if self._stopping.is_set() else self._started(restarted, wait_first)
            except OSError as error:
                if not is_exhausted(error):
                    raise
            self._stopping.wait(self._rest)

    def _started(self, restarted: bool, wait_first: bool) -> tuple[SpawnProcess, Connection]:
        ours, theirs = self._context.Pipe()
        with theirs:
            try:
                process = self._context.Process(
                    target=work,
                    args=(theirs, self._project),
                    kwargs={"restarted": restarted, "wait_first": wait_first},
                    name="builder",
                )
                process.start()
            except BaseException:
                ours.close()
                raise
        self._process, self._connection = process, ours
        return process, ours

    def _listen(self, connection: Connection) -> bool:
        """Pass on a builder's messages until it ends; returns whether it finished a build."""
        finished = False
        with suppress(EOFError, OSError):
            while True:
                message: BuilderMessage = connection.recv()
                finished = finished or isinstance(message, FinishedBuild)
                self._notify(message)
        return finished


def _how(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"status {code}"
