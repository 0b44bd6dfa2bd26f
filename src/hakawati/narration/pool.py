"""Worker processes, each with a pipe of its own and a thread here that waits for it.

Those of `concurrent.futures` share one pipe: what a worker has sent only half of when it is killed is waited
for forever, and all that others had in hand is lost with it. Here its end is the end of its pipe, and costs
the one task that it had.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any, ParamSpec, TypeVar

from hakawati.common import signals
from hakawati.narration.worker_calls import TaskCall, TaskResult, packed, parent, result_of

P = ParamSpec("P")
T = TypeVar("T")
Begin = Callable[[], None]
"""What a worker does first."""
GRACE = 5.0
"""Seconds that a worker has to end by itself, and to clear up."""
_SLICE = 0.2
"""Seconds between two looks at whether a worker should have answered."""


class OverdueError(BrokenExecutor):
    """A worker did not answer in time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"there was no answer within {seconds:,.0f} seconds")


def time_limit(task: object = None) -> float:
    """Seconds that a task may take, if it says so itself."""
    return float(getattr(task, "seconds", math.inf))


@dataclass(slots=True)
class _WorkerProcess:
    process: SpawnProcess
    pipe: Connection

    def end(self) -> None:
        """Wait until it has ended, which it does when there is nothing to come."""
        self.pipe.close()
        self.process.join(GRACE)
        self.process.kill()
        self.process.join()
        with suppress(ValueError):  # another thread, which starts a process, was the first to see its end
            self.process.close()


@dataclass(slots=True)
class _PoolState:
    """Who waits to be done, and who works."""

    waiting: SimpleQueue[tuple[Future[Any], TaskCall] | None] = field(default_factory=SimpleQueue)
    threads: list[threading.Thread] = field(default_factory=list)
    workers: list[_WorkerProcess] = field(default_factory=list)
    idle: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    """Of the threads: how many will do what is submitted next."""


class Pool(Executor):
    """So many processes, each started fresh when there is work for it; one that dies is replaced.

    A task whose worker dies raises `BrokenExecutor`, one that takes longer than it may `OverdueError`, one
    whose worker cannot be started `OSError`. What the task itself raises is raised again.
    """

    def __init__(self, workers: int, begin: Begin) -> None:
        """`begin` can be pickled, and so can be what is submitted."""
        self._most = workers
        self._begin = begin
        self._context = multiprocessing.get_context("spawn")
        self._line = _PoolState()
        self._lock = threading.Lock()
        """Of the list of workers: whoever is started is known, or is not started."""
        self._asked = threading.Lock()
        """Of what workers have done here."""
        self._over = math.inf
        """When the workers that were told to end must have ended."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As `Executor.submit`."""
        future: Future[T] = Future()
        line = self._line
        line.waiting.put((future, TaskCall(fn, args, kwargs)))
        if not line.idle.acquire(blocking=False) and len(line.threads) < self._most:
            self._start_thread(None)
        return future

    def start_worker(self, fn: Callable[P, object], /, *args: P.args, **kwargs: P.kwargs) -> None:
        """Start the first worker before there is work for it, and have it prepare itself by this function."""
        self._start_thread(TaskCall(fn, args, kwargs))
        self._line.idle.release()

    def _start_thread(self, first: TaskCall | None) -> None:
        threads = self._line.threads
        thread = threading.Thread(target=self._serve, args=(first,), name=f"worker {len(threads) + 1}")
        threads.append(thread)
        thread.start()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As `Executor.shutdown`."""
        line = self._line
        if cancel_futures:
            with suppress(Empty):
                while item := line.waiting.get_nowait():
                    item[0].cancel()
        for _ in line.threads:
            line.waiting.put(None)
        for thread in line.threads if wait else ():
            thread.join()

    def end_workers(self) -> None:
        """Have the workers end now, whatever they do, and start no more.

        They can clear up; one that has not ended within `GRACE` is killed, for which `shutdown` waits.
        """
        with self._lock:
            self._over = min(self._over, time.monotonic() + GRACE)
            for worker in self._line.workers:
                worker.process.terminate()

    def _serve(self, first: TaskCall | None) -> None:
        """Have one worker do what waits, one thing after the other, and before that, `first`."""
        signals.block()  # what is started from here begins its life without them
        worker: _WorkerProcess | None = None
        if first:
            worker = self._do(None, Future(), first)  # what came of it does not matter
        while item := self._line.waiting.get():
            future, call = item
            if future.set_running_or_notify_cancel():
                worker = self._do(worker, future, call)
            del item, future, call  # nothing that is done is held on to
            self._line.idle.release()
        if worker:
            self._end(worker)

    def _do(
        self, worker: _WorkerProcess | None, future: Future[Any], call: TaskCall
    ) -> _WorkerProcess | None:
        """Do a task, by the worker or, where there is none, a new one; returns who can do the next."""
        if worker and not worker.process.is_alive():  # while it had nothing to do
            self._end(worker)
            worker = None
        try:
            worker = worker or self._started()
            answer = self._ask(worker, call)
        except BrokenExecutor as error:
            if worker:
                worker.process.kill()
                self._end(worker)
            worker = None
            future.set_exception(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, who waits must hear of it
            future.set_exception(error)
        else:
            if answer.error:
                future.set_exception(answer.error)
            else:
                future.set_result(answer.value)
        finally:
            del future, call  # an error refers to this frame, and would hold on to all of it for itself
        return worker

    def _started(self) -> _WorkerProcess:
        with self._lock:
            if self._over < math.inf:
                raise BrokenExecutor("the workers were ended")
            ours, theirs = self._context.Pipe()
            process = self._context.Process(target=_work, args=(theirs, self._begin))
            try:
                process.start()
            except BaseException:
                ours.close()
                raise
            finally:
                theirs.close()
            worker = _WorkerProcess(process, ours)
            self._line.workers.append(worker)
            return worker

    def _end(self, worker: _WorkerProcess) -> None:
        with self._lock:
            self._line.workers.remove(worker)
        worker.end()

    def _ask(self, worker: _WorkerProcess, call: TaskCall) -> TaskResult:
        """Have a worker do something. Raises `BrokenExecutor` where it dies of it, or never answers."""
        limit = time_limit(*call.positional[:1])
        waited = 0.0  # looks, and not the clock's time: that goes on while all of this is suspended
        try:
            worker.pipe.send(call)
            while True:
                while not worker.pipe.poll(_SLICE):
                    waited += _SLICE
                    if waited > limit:
                        raise OverdueError(limit)
                    if time.monotonic() > self._over:
                        raise BrokenExecutor("the workers were ended")
                answer: TaskResult | TaskCall = worker.pipe.recv()
                if isinstance(answer, TaskResult):
                    return answer
                with self._asked:
                    done = result_of(answer)
                worker.pipe.send_bytes(packed(done))
        except (EOFError, OSError) as error:
            raise BrokenExecutor("the worker died") from error


class _TerminatedError(BaseException):
    """This worker is to end."""


def _end(_: int, __: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one must not break off the clearing up
    with suppress(OSError):  # C code that is broken off may print what was raised in it
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    raise _TerminatedError


def _work(pipe: Connection, begin: Begin) -> None:
    """A worker's life. It ends when it is told to, however deep in its work: all that is open is closed."""
    with suppress(_TerminatedError):
        signal.signal(signal.SIGTERM, _end)
        signals.allow(signal.SIGTERM)
        begin()
        parent().pipe = pipe
        _answer(pipe)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _answer(pipe: Connection) -> None:
    """Do what is asked until nothing is to come."""
    while True:
        try:
            call: TaskCall = pipe.recv()
        except EOFError:
            return
        answer = result_of(call)
        with suppress(BrokenPipeError):
            pipe.send_bytes(packed(answer))
