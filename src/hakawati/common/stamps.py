"""Files as they were seen: how large, when changed, and what is in them."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Stamp(NamedTuple):
    """A file as it was."""

    size: int
    """Bytes."""
    modified: int
    """When its content was changed, in nanoseconds; anyone may set it."""
    changed: int
    """When the file system noted its last change, in nanoseconds; on Windows, when it was made."""
    number: int
    """Its number on the disk."""
    digest: str = ""
    """SHA-256 of its content in hexadecimal digits; empty where that is not known."""


_MOUNT_POINT = 0xA0000003
"""What Windows calls a folder that is another one."""
NEVER = Stamp(-1, -1, -1, -1)
"""Of a file that was about to be made, so that nothing is known of what is in it."""


class ChangedFileError(OSError):
    """A file is not what was made, though its size and times say so."""


def stamp(path: Path) -> Stamp | None:
    """A file's, without its digest; None where there is no regular file, or a link in its place."""
    try:
        status = path.lstat()
    except (OSError, ValueError):  # ValueError: a name that no file can have
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return Stamp(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def is_link(path: Path) -> bool:
    """Whether a path is a link, or, on Windows, a folder that is another one."""
    try:
        status = path.lstat()
    except (OSError, ValueError):
        return False
    return stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _MOUNT_POINT


def content(path: Path) -> str:
    """The digest of a file's content. Raises `OSError`."""
    with open(path, "rb", opener=_unblocked) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _unblocked(path: str, flags: int) -> int:
    """A pipe in a file's place is not waited for."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def as_json(stamp: Stamp) -> list[int | str]:
    """The stamp for JSON."""
    return list(stamp)


def from_json(value: Iterable[int | str]) -> Stamp:
    """The stamp that `as_json` gave. Raises `ValueError` or `TypeError` for anything else."""
    *numbers, digest = value
    size, modified, changed, number = (int(n) for n in numbers)
    if not isinstance(digest, str):
        raise TypeError("no digest")
    return Stamp(size, modified, changed, number, digest)


class Digests:
    """Digests of files' contents, computed again only where a file's size, times or number are others."""

    def __init__(self, known: dict[str, Stamp] | None = None) -> None:
        """`known`: by name, from an earlier time."""
        self._before = known or {}
        self.known: dict[str, Stamp] = {}
        """Those that were asked for, by name."""

    def of(self, name: str, path: Path) -> str:
        """The digest of the file that is called `name`. Raises `OSError`."""
        now = stamp(path.resolve())
        if now is None:
            raise FileNotFoundError(2, "No such file", str(path))
        for known in (self.known.get(name), self._before.get(name)):
            if known and known.digest and known[:4] == now[:4]:
                self.known[name] = known
                return known.digest
        digest = content(path)
        self.known[name] = now._replace(digest=digest)
        return digest
