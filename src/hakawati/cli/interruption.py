"""Being told to end: Ctrl-C, and the signals of who stops a service or closes a terminal."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from hakawati.common.signals import ENDING

_PATIENCE = 10
"""Seconds that clearing up may take. Signals that come meanwhile ask for no more than the first did."""


class TerminationError(KeyboardInterrupt):
    """A signal asks the command to end.

    Where a plain `KeyboardInterrupt` passes through an `exec`, as of a dataclass that is being made, Python
    kills itself by SIGINT at its exit, even if it was caught.
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
        """Of a command that it ended."""
        return 128 + (self.number or signal.SIGINT)


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Have the signals that ask to end raise `TerminationError` in the block.

    One that whoever started the command had ignored, as `nohup` does, stays so. After one has come, no other
    breaks off what is still to be done.
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
