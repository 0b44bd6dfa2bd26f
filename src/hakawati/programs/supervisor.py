"""The process between a program and whoever runs it: it ends with either, and leaves nothing of the program.

It is a Python of its own, which loads little and nothing of the rest of the package. Its standard input ends
when whoever started it closes that, or is gone, however it went. Then, or when the program has ended by
itself, it ends all that the program has started. On Linux, whatever loses its parent becomes its child, so
that nothing gets away by a session of its own; elsewhere it ends what is in the program's group, or below it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO

_ADOPT, _DIE_TOO = 36, 1
"""Linux's PR_SET_CHILD_SUBREAPER and PR_SET_PDEATHSIG."""
_SECONDS = 5
"""How long it tries to end what cannot be ended."""
_LOOK = 0.005
_PROC = "/proc"


def main(given: BinaryIO, answers: int, arguments: list[str]) -> None:
    """Run a program until it has ended, or the stream `given` has.

    `answers`: where to tell of it, `started` or `failed ERRNO`, and at last `ended STATUS`. `arguments`: a
    folder to remove if the program had to be ended; the files of its input, output and errors; the folder it
    runs in; and then its own.
    """
    folder, stdin, stdout, stderr, cwd, *command = arguments
    _listen_to_no_signal()
    try:
        # Not `pathlib`, which takes as long to load as all the rest.
        with open(stdin, "rb") as source, open(stdout, "ab") as target, open(stderr, "ab") as errors:  # noqa: PTH123
            process = subprocess.Popen(
                command,
                stdin=source,
                stdout=target,
                stderr=errors,
                cwd=cwd,
                start_new_session=True,
                preexec_fn=_adopting(),  # noqa: PLW1509 - there are no threads yet
            )
    except OSError as error:
        os.write(answers, f"failed {error.errno}\n".encode())
        return
    os.write(answers, b"started\n")
    over = threading.Lock()

    def watch() -> None:
        given.read()
        over.acquire()
        import shutil

        _end(process)
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
    status = process.wait()
    over.acquire()  # and never given back: the program ends once
    _end(process)
    with suppress(OSError):
        os.write(answers, f"ended {status}\n".encode())
    os._exit(0)


def _listen_to_no_signal() -> None:
    """Leave signals to who started it, and have the program begin with none ignored or held back."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: None)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _adopting() -> Callable[[], object] | None:
    """Become, on Linux, the parent of all that loses its own; returns what the program does first."""
    try:
        import ctypes

        control = ctypes.CDLL(None).prctl
    except (ImportError, OSError, AttributeError, TypeError):  # not Linux
        return None
    control(_ADOPT, 1, 0, 0, 0)
    return lambda: control(_DIE_TOO, int(signal.SIGKILL), 0, 0, 0)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it has started."""
    if not hasattr(os, "killpg"):
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], capture_output=True, check=False)
        return
    last = time.monotonic() + _SECONDS
    while True:
        # They are looked for before their parents are gone.
        below = [] if _has_no_child() else list(_below())
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        for pid in below:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if not below or time.monotonic() > last:
            return
        time.sleep(_LOOK)


def _has_no_child() -> bool:
    """Whether all children have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return True
    return False


def _below() -> Iterator[int]:
    """The processes that this one has started, and those that they have, and so on."""
    parents = dict(_parents())
    found = {os.getpid()}
    while found:
        found = {pid for pid, parent in parents.items() if parent in found}
        yield from found


def _parents() -> Iterator[tuple[int, int]]:
    """(process, its parent), of all that there are."""
    if os.path.isdir(f"{_PROC}/self"):  # noqa: PTH112
        for name in filter(str.isdecimal, os.listdir(_PROC)):  # noqa: PTH208
            with suppress(OSError), open(f"{_PROC}/{name}/stat", "rb") as stat:  # noqa: PTH123
                yield int(name), int(stat.read().rpartition(b")")[2].split()[1])
        return
    with suppress(OSError):
        listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, check=False).stdout
        for line in listing.splitlines():
            pid, parent = line.split()
            yield int(pid), int(parent)
