"""Worker processes on this machine, and what they owe to the terminal and to each other."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager, suppress

MakeExecutor = Callable[[int], Executor]
"""Makes an executor with that many workers. One whose worker died raises `BrokenExecutor`."""


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold back Ctrl-C, for this process and for good in those that it starts: they leave it to this one."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def pool_of(executor: Executor) -> Iterator[Executor]:
    """An executor that is gone when the block ends: at once, where it ends by an exception."""
    others = set(multiprocessing.active_children())
    try:
        yield executor
    except BaseException:
        for worker in set(multiprocessing.active_children()) - others:
            worker.kill()
        # Waiting costs nothing now, and leaves no thread that would write to what is closed at the exit.
        executor.shutdown(wait=True, cancel_futures=True)
        raise
    else:
        executor.shutdown(wait=True)


def local_executor(workers: int) -> Executor:
    """Worker processes on this machine, each started fresh, so that its engines are."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(
        workers, mp_context=context, initializer=_start_worker, initargs=(os.getpid(),)
    )


def _start_worker(parent: int) -> None:
    """Leave Ctrl-C to the parent, do not outlive it, and give back the memory of what is done."""
    _return_large_blocks()
    for library in ("OMP", "OPENBLAS", "MKL"):
        # One thread each, set before arrays are loaded: there is a process for each core already, and threads
        # that wait for each other's core took twice the time of an alignment.
        os.putenv(f"{library}_NUM_THREADS", "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, lambda *_: None if os.getppid() == parent else os._exit(1))
        signal.setitimer(signal.ITIMER_REAL, 1, 1)


def _return_large_blocks() -> None:
    """Have glibc map every large block by itself: a heap that held sounds of all lengths only grows."""
    with suppress(AttributeError, OSError):
        import ctypes

        for parameter in (-3, -1):  # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD
            ctypes.CDLL(None).mallopt(parameter, 1 << 16)
