"""Content key → bytes, on any file system.

An entry is its SHA-256 and the data. It appears whole, by renaming, or not at all; one that does not match
its hash is a missing one. Two writers of one key write the same bytes, so whoever is last changes nothing.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_DIGEST = 32


class Store:
    """A folder of entries."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __contains__(self, key: str) -> bool:
        """Whether there is an entry; whether it is sound, only `get` knows."""
        return self._path(key).exists()

    def get(self, key: str) -> bytes | None:
        """The data, or None where there is none or it is damaged."""
        try:
            entry = self._path(key).read_bytes()
        except OSError:
            return None
        digest, data = entry[:_DIGEST], entry[_DIGEST:]
        return data if hashlib.sha256(data).digest() == digest else None

    def put(self, key: str, data: bytes) -> None:
        """Keep the data; raises `OSError` where the file system will not have it."""
        write_atomically(self._path(key), hashlib.sha256(data).digest() + data)

    def _path(self, key: str) -> Path:
        return self.root / key[:2] / key[2:]


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that it is seen whole or not at all; makes its folder. Raises `OSError`."""
    with replacing(path) as temporary:
        temporary.write_bytes(data)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file beside `path` to write to; it takes its place when the block is left without an exception.

    Makes the folder. Raises `OSError`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".part")
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        # mkstemp makes files for the owner alone; what is built is for whoever may read the folder.
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
