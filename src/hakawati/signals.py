"""The signals that ask a program to end: by Ctrl-C, by who stops a service, by a terminal that is closed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
ENDING = tuple(signal.Signals[name] for name in _NAMES if hasattr(signal, name))
"""Those that there are on this system."""


def block() -> None:
    """Keep them from this thread, and from all that it starts: they are the main thread's."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)


def allow(*numbers: signal.Signals) -> None:
    """Let these come to this thread; one that was held back comes now."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, numbers)


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
