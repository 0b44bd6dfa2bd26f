"""Worker processes on this machine: how they start, how they end, and that Ctrl-C is left to their parent."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from functools import cache, partial
from types import FrameType

from hakawati.common.garbage import collect_rarely
from hakawati.common.signals import ENDING
from hakawati.narration.pool import GRACE, Pool

MakeExecutor = Callable[[int], Executor]
"""Makes an executor with that many workers. One whose worker died raises `BrokenExecutor`."""


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold back Ctrl-C and its like, for this thread, and for good for the threads and processes it starts.

    One that comes meanwhile is taken when the block ends.
    """
    with _deferred():
        if not hasattr(signal, "pthread_sigmask"):
            yield
            return
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _deferred() -> Iterator[None]:
    """Let what Ctrl-C and its like do wait until the block ends.

    A signal may be held back from this thread and still come to another one, such as that of a progress bar;
    Python would have it strike this thread all the same, and what was being started then might be known to
    nobody.
    """
    handlers = {number: handler for number in ENDING if callable(handler := signal.getsignal(number))}
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    for ending in handlers:
        signal.signal(ending, lambda number, frame: came.append((number, frame)))
    try:
        yield
    finally:
        for ending, handler in handlers.items():
            signal.signal(ending, handler)
        for number, frame in came[:1]:
            handlers[signal.Signals(number)](number, frame)


@contextmanager
def pool_of(executor: Executor) -> Iterator[Executor]:
    """An executor that is gone when the block ends: at once, where it ends by an exception."""
    try:
        yield executor
    except BaseException:
        if isinstance(executor, Pool):
            executor.end_workers()
        # Waiting costs nothing now, and leaves no thread that would write to what is closed at the exit.
        executor.shutdown(wait=True, cancel_futures=True)
        raise
    else:
        executor.shutdown(wait=True)


def local_executor(workers: int) -> Executor:
    """Worker processes on this machine, each started fresh, so that its engines are."""
    return Pool(workers, partial(_start_worker, os.getpid()))


def _start_worker(parent: int) -> None:
    """Leave Ctrl-C to the parent, and do not outlive it.

    What engines print goes to the errors' stream: the other one is for the command's answer.
    """
    collect_rarely()
    with suppress(OSError):  # both may be closed
        os.dup2(2, 1)
    for library in ("OMP", "OPENBLAS", "MKL"):
        # One thread each, set before arrays are loaded: there is a process for each core already, and threads
        # that wait for each other's core took twice the time of an alignment.
        os.putenv(f"{library}_NUM_THREADS", "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, partial(_look_for, parent, []))
        signal.setitimer(signal.ITIMER_REAL, 1, 1)


def _look_for(parent: int, missed: list[int], number: int, _: FrameType | None) -> None:
    """End when the parent is gone: with all that is open, or, if that takes too long, at once."""
    if os.getppid() == parent:
        return
    missed.append(number)
    if len(missed) > GRACE:
        os._exit(1)
    os.kill(os.getpid(), signal.SIGTERM)


def return_memory() -> None:
    """Give back what glibc holds on to: a heap that had sounds of all lengths in it only grows."""
    trim = _malloc_trim()
    if trim:
        trim(0)


@cache
def _malloc_trim() -> Callable[[int], int] | None:
    """Glibc's function, where the system has glibc."""
    with suppress(AttributeError, OSError, TypeError):
        import ctypes

        trim: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
        return trim
    return None
