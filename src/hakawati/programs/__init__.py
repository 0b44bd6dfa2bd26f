"""Other programs, run so that they end with all that they have started.

`Program` is one that runs; `run` waits for one. There is a process between, the `supervisor`, which ends the
program also where this process is killed.
"""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

_START = """
import sys
sys.path.append(sys.argv[1])
from supervisor import main
main(sys.stdin.buffer, sys.stdout.fileno(), sys.argv[2:])
"""
_GRACE = 15
"""Seconds that the supervisor has to end what there is, which takes milliseconds."""
_LOOK = 0.02
"""Seconds between two looks at whether a program has ended."""


class Program:
    """A program that was started. Use it in a `with`, at whose end it is ended where it still runs."""

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        *,
        stdin: Path | None = None,
        stdout: Path,
        stderr: Path,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start it. Raises `OSError` where it cannot be.

        `folder` is removed with all that is in it when the program must be ended. What the program writes is
        appended to the files `stdout` and `stderr`; without `stdin` it is given nothing.
        """
        files = (folder, stdin or os.devnull, stdout, stderr, cwd or Path.cwd())
        self._status: int | None = None
        self._supervisor = subprocess.Popen(
            [
                sys.executable,
                "-I",
                "-S",
                "-c",
                _START,
                str(Path(__file__).parent),
                *map(str, files),
                *command,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # what a terminal sends is the business of this process
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        try:
            word, number = self._report("failed", errno.ECHILD)
            if word != "started":
                raise OSError(number, os.strerror(number))
        except BaseException:
            self.end()
            raise

    def ended(self) -> int | None:
        """Its exit status, or the negative number of the signal that ended it; None while it runs."""
        if self._status is None and self._supervisor.poll() is not None:
            self._status = self._report("ended", -signal.SIGTERM)[1]
        return self._status

    def _report(self, word: str, number: int) -> tuple[str, int]:
        """What the supervisor says next; `word` and `number` where it was ended before."""
        assert self._supervisor.stdout is not None
        line = self._supervisor.stdout.readline().split()
        return (line[0].decode(), int(line[-1]) if line[1:] else 0) if line else (word, number)

    def end(self) -> None:
        """Leave nothing of it, nor of what it has started."""
        for stream in (self._supervisor.stdin, self._supervisor.stdout):
            assert stream is not None
            stream.close()
        try:
            self._supervisor.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._supervisor.kill()
            self._supervisor.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a program."""

    status: int
    """As `Program.ended` has it."""
    output: bytes
    errors: bytes


def run(
    command: Sequence[str], folder: Path, seconds: float, environment: Mapping[str, str] | None = None
) -> Done:
    """Have a program do its work, without any input. Raises `TimeoutError`, `OSError`.

    `folder`: where it may leave what it likes, and its output is kept.
    """
    output, errors = folder / "stdout", folder / "stderr"
    last = time.monotonic() + seconds
    with Program(command, folder, stdout=output, stderr=errors, environment=environment) as program:
        while (status := program.ended()) is None:
            if time.monotonic() > last:
                raise TimeoutError(f"it was not done after {seconds:g} seconds")
            time.sleep(_LOOK)
    return Done(status, output.read_bytes(), errors.read_bytes())
