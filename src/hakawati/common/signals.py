"""The signals that ask a program to end: by Ctrl-C, by who stops a service, by a terminal that is closed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
ENDING = tuple(signal.Signals[name] for name in _NAMES if hasattr(signal, name))
"""Those that there are on this system."""


def block() -> None:
    """Keep them from this thread, and from all that it starts: they are the main thread's."""
    if hasattr(signal, "pthread_sigmask"):
        from multiprocessing.resource_tracker import ensure_running

        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        with suppress(OSError):  # whoever starts a process will hear of it
            ensure_running()  # as the first process that is started would: it lets some come again
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)


def allow(*numbers: signal.Signals) -> None:
    """Let these come to this thread; one that was held back comes now."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)


def leave_to_the_system() -> None:
    """Have Ctrl-C end this process without a word, for as long as nobody takes it."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def handled(handler: Callable[[int, FrameType | None], object], *names: str) -> Iterator[None]:
    """Have a handler take the signals of these names in the block, where they exist and are not ignored."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in [number for number in ENDING if number.name in names]:
            if (usual := signal.getsignal(number)) is not signal.SIG_IGN:
                before[number] = usual
                signal.signal(number, handler)
    try:
        yield
    finally:
        for number, usual in before.items():
            signal.signal(number, usual)
