"""What reading and binding a book may take, however it was made to hurt."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tests.building import HAKAWATI
from tests.fuzz.contract import hold
from tests.support import PATIENCE

SECONDS = 60.0
"""Of CPU, for a file of a megabyte or two: five by itself, fifteen while coverage is measured; what is not
bounded takes hours."""
WAITING = 2 * PATIENCE
"""Seconds that pass: what waits for a pipe takes no CPU."""
MEGABYTES = 1_000


@contextmanager
def bounded(seconds: float = SECONDS) -> Iterator[None]:
    """Fail where something takes more CPU, or waits forever."""

    def late(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError("it waits, or goes on and on")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(WAITING)
    begin = time.process_time()
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    assert time.process_time() - begin < seconds


def outcome(project: Path) -> list[str]:
    """What is wrong with a book, `path:line: message`; where nothing is, it can be bound."""
    with bounded():
        return [f"{p.path}:{p.line}: {p.message}" for p in hold(project)]


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    status: int
    said: str
    megabytes: float


def command(folder: Path, *arguments: str | Path, seconds: float = WAITING) -> Ended:
    """Run the command line; measures the most memory that it or a worker of it had."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "said.txt"
    with log.open("wb") as out:
        # A process of its own that measures: the least that is measured is what the parent has.
        measured = [sys.executable, "-c", _MEASURE, *HAKAWATI, *map(str, arguments)]
        done = subprocess.run(measured, stdout=subprocess.PIPE, stderr=out, timeout=seconds, check=False)
    status, kilobytes = map(int, done.stdout.split()[-2:])
    said = log.read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in said, said[-2000:]
    assert kilobytes / 1000 < MEGABYTES
    return Ended(status, said, kilobytes / 1000)


_MEASURE = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=sys.stderr, stdin=subprocess.DEVNULL).returncode
print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def as_bytes(path: Path, name: bytes) -> Path:
    """A path in a folder whose name need not be UTF-8."""
    return Path(os.fsdecode(os.fsencode(path) + b"/" + name))
