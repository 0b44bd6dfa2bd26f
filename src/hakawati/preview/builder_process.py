"""Keeps a builder at work: starts it, hears what it tells, starts another one when it dies."""

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
"""Seconds that a builder has to end when it is told to: more than it gives its own workers."""
TRIES = 2
"""Builders that may die one after another, of the same book perhaps, before the next one waits for a save."""


class BuilderProcess:
    """Listens in a thread of its own, for as long as the server lives; `told` is called in that thread."""

    def __init__(
        self, workshop: PreviewProject, told: Callable[[BuilderMessage], None], rest: float = REST
    ) -> None:
        self._workshop = workshop
        self._told = told
        self._rest = rest
        self._context = multiprocessing.get_context("spawn")
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._keep, name="keeper")

    @property
    def pid(self) -> int | None:
        """The builder's."""
        process = self._process
        return process.pid if process else None

    def start(self) -> None:
        """Have the book built from now on."""
        self._thread.start()

    def retire(self) -> None:
        """Start no builder any more."""
        self._stopping.set()

    def stop(self) -> None:
        """End the builder, and be sure that it has ended."""
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

    def _keep(self) -> None:
        signals.block()  # what is started from here begins its life without them
        deaths, heir = 0, False
        while begun := self._begin(heir=heir, patient=deaths >= TRIES):
            process, connection = begun
            if self._listen(connection):
                deaths = 0
            process.join()
            heir = True
            deaths += 1
            if not self._stopping.is_set():
                self._told(BuilderExit(_how(process.exitcode), deaths >= TRIES))
            self._stopping.wait(self._rest)
            with self._lock:
                connection.close()
                process.close()
                self._process = self._connection = None

    def _begin(self, *, heir: bool, patient: bool) -> tuple[SpawnProcess, Connection] | None:
        """Start a builder, once the system has room for one; None where none is wanted any more."""
        while True:
            try:
                with self._lock:
                    return None if self._stopping.is_set() else self._started(heir, patient)
            except OSError as error:
                if not is_exhausted(error):
                    raise
            self._stopping.wait(self._rest)

    def _started(self, heir: bool, patient: bool) -> tuple[SpawnProcess, Connection]:
        ours, theirs = self._context.Pipe()
        with theirs:
            try:
                process = self._context.Process(
                    target=work,
                    args=(theirs, self._workshop),
                    kwargs={"heir": heir, "patient": patient},
                    name="builder",
                )
                process.start()
            except BaseException:
                ours.close()
                raise
        self._process, self._connection = process, ours
        return process, ours

    def _listen(self, connection: Connection) -> bool:
        """Hear a builder out; returns whether it finished a build."""
        finished = False
        with suppress(EOFError, OSError):
            while True:
                told: BuilderMessage = connection.recv()
                finished = finished or isinstance(told, FinishedBuild)
                self._told(told)
        return finished


def _how(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"status {code}"
