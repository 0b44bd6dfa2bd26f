"""One build of a project at a time, whatever process, preview or watch it is done by.

The lock ends with the process that has it. A file beside it says which that is, for whoever waits.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hakawati.common import checked_json
from hakawati.errors import BookError, Problem
from hakawati.publishing.outputs import Outputs

if TYPE_CHECKING:
    from filelock import BaseFileLock

LOCK, HOLDER = "build/.lock", "build/.lock.json"
_EVERY = 0.2
"""Seconds between two looks at whether the lock is free."""


@contextmanager
def locked(project: Path, waiting: Callable[[str], None] | None) -> Iterator[None]:
    """Have a project for oneself; one on a disk that is read-only, or knows no locks, without a lock.

    `waiting`: called once with who has it, where another build does. Without it, that raises `BookError`; so
    does a link in the place of the folder `build`.
    """
    from filelock import FileLock

    outputs = Outputs(project)
    path, holder = outputs.path(LOCK), outputs.path(HOLDER)
    lock = FileLock(path, mode=0o666, thread_local=False)
    if not _acquired(lock, path, holder, waiting):
        yield
        return
    try:
        _say(holder)
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        lock.release()


def _acquired(lock: BaseFileLock, path: Path, holder: Path, waiting: Callable[[str], None] | None) -> bool:
    from filelock import Timeout

    try:
        path.parent.mkdir(exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout:
        if waiting is None:
            hint = "build again when it is done"
            raise BookError([Problem("build", 0, f"{_holder(holder)} builds this book", hint)]) from None
        waiting(_holder(holder))
        lock.acquire(poll_interval=_EVERY)
    except (OSError, NotImplementedError):
        return False
    return True


def _say(holder: Path) -> None:
    data = {"process": os.getpid(), "machine": platform.node(), "since": time.strftime("%H:%M")}
    with suppress(OSError):
        holder.unlink(missing_ok=True)  # it may be a link
        holder.write_bytes(json.dumps(data).encode())


def _holder(holder: Path) -> str:
    """Who has the lock, for people."""
    try:
        data = checked_json.loads(checked_json.read_bytes(holder))
        process, machine, since = int(data["process"]), str(data["machine"]), str(data["since"])
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
    where = "" if machine == platform.node() else f" on {machine[:80]}"
    return f"another process{where} (number {process}, since {since[:5]})"
