"""The signals that ask a command to end: Ctrl-C, and those of a stopped service or a closed terminal."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from hakawati.common.signals import ENDING

_PATIENCE = 10
"""Seconds that clearing up may take; signals that come meanwhile are ignored."""


class TerminationError(KeyboardInterrupt):
    """A signal asks the command to end.

    Not a plain `KeyboardInterrupt`: where one passes through an `exec`, as when a dataclass is made, Python
    kills itself with SIGINT at its exit, even if it was caught.
    """


class Interruption:
    """What a signal does: raise `TerminationError`, once."""

    def __init__(self) -> None:
        self.number: int = 0
        """The signal that came first; 0 while none has."""
        self._until = 0.0

    def __call__(self, number: int, _: FrameType | None) -> None:
        now = time.monotonic()
        if now < self._until:
            return
        self._until = now + _PATIENCE
        self.number = self.number or number
        raise TerminationError

    @property
    def status(self) -> int:
        """The exit status of a command that it ended."""
        return 128 + (self.number or signal.SIGINT)


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Let the signals that ask to end raise `TerminationError` in the block.

    A signal that the command was started with ignored, as by `nohup`, stays ignored. After the first signal,
    all are, so that none interrupts the clearing up.
    """
    interruption = Interruption()
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in ENDING:
            if (usual := signal.getsignal(number)) in (signal.SIG_DFL, signal.default_int_handler):
                before[number] = usual
                signal.signal(number, interruption)
    try:
        yield interruption
    finally:
        for number, usual in before.items():
            signal.signal(number, signal.SIG_IGN if interruption.number else usual)
