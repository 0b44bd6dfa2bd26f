"""Content key → bytes, on any file system.

An entry is its SHA-256 and the data. It appears whole, by renaming, or not at all; one that does not match
its hash is a missing one. Two writers of one key write the same bytes, so whoever is last changes nothing.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_DIGEST = 32
_ABANDONED = 3600
"""Seconds after which a file half written is no build's that is still under way."""
_NO_FSYNC = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}
"""What a file system says that cannot be asked to write what it has."""
_BOOKS = "books"
"""The folder in which the books are noted that use the store."""


@dataclass(frozen=True)
class Usage:
    """What a store holds."""

    entries: int = 0
    size: int = 0
    """Bytes."""
    unused: int = 0
    """Entries that no book uses."""
    unused_size: int = 0

    def plus(self, size: int, *, used: bool) -> Usage:
        """With one entry more."""
        return Usage(
            self.entries + 1, self.size + size, self.unused + (not used), self.unused_size + size * (not used)
        )


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
        except (OSError, ValueError):  # ValueError: a key that no file can be named after
            return None
        digest, data = entry[:_DIGEST], entry[_DIGEST:]
        return data if hashlib.sha256(data).digest() == digest else None

    def put(self, key: str, data: bytes) -> None:
        """Keep the data; raises `OSError` where the file system will not have it."""
        write_atomically(self._path(key), hashlib.sha256(data).digest() + data, lasting=False)

    def register(self, project: Path, keys: Iterable[str]) -> None:
        """Note that a project's book is made of these entries, and of no other any more. Raises `OSError`."""
        home = str(project.resolve())
        name = hashlib.sha256(home.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        data = json.dumps({"project": home, "keys": sorted(set(keys))}).encode("utf-8", "surrogateescape")
        write_atomically(self.root / _BOOKS / f"{name}.json", data)

    def usage(self) -> Usage:
        """How many entries there are, and how many of them no book uses."""
        used = self._used()
        usage = Usage()
        for path, key in self._entries():
            with suppress(OSError):
                usage = usage.plus(path.stat().st_size, used=key in used)
        return usage

    def prune(self) -> Usage:
        """Remove what no book uses, of those that are still there; returns what that was.

        A build that is under way at the same time loses nothing but time.
        """
        used = self._used()
        removed = Usage()
        for path, key in self._entries():
            if key not in used:
                with suppress(OSError):
                    size = path.stat().st_size
                    path.unlink()
                    removed = removed.plus(size, used=False)
        return removed

    def _entries(self) -> Iterator[tuple[Path, str]]:
        for path in sorted(self.root.glob("[0-9a-f][0-9a-f]/*")):
            if not path.name.startswith("."):
                yield path, path.parent.name + path.name
            elif _age(path) > _ABANDONED:
                yield path, ""

    def _used(self) -> set[str]:
        used: set[str] = set()
        for path in self.root.glob(f"{_BOOKS}/*.json"):
            with suppress(OSError, ValueError, KeyError, TypeError):
                book = json.loads(path.read_bytes())
                if Path(book["project"], "book").is_dir():
                    used.update(book["keys"])
        return used

    def _path(self, key: str) -> Path:
        return self.root / key[:2] / key[2:]


def _age(path: Path) -> float:
    """Seconds since a file was written; none for one that is gone."""
    with suppress(OSError):
        return time.time() - path.stat().st_mtime
    return 0


def write_atomically(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write a file so that it is seen whole or not at all; makes its folder. Raises `OSError`."""
    with replacing(path, lasting=lasting) as temporary:
        temporary.write_bytes(data)


@contextmanager
def replacing(path: Path, *, lasting: bool = True) -> Iterator[Path]:
    """A file beside `path` to write to; it takes its place when the block is left without an exception.

    Makes the folder. `lasting`: it is on the disk before it takes the place, so that a machine that loses its
    power then has the old file or the new one, and not an empty one; that takes a while, which what is made
    again where it is damaged can do without. Raises `OSError`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".part")
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        # mkstemp makes files for the owner alone; what is built is for whoever may read the folder.
        temporary.chmod(0o644)
        if lasting:
            _flush(temporary)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _flush(file: Path) -> None:
    handle = os.open(file, os.O_RDWR)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FSYNC:
            raise
    finally:
        os.close(handle)


def remove(root: Path, names: Iterable[str]) -> list[str]:
    """Remove files of a folder, and the folder of each if it is empty then; returns what would not go."""
    left = []
    for name in names:
        try:
            (root / name).unlink(missing_ok=True)
        except ValueError:  # a name that no file can have
            continue
        except OSError:
            left.append(name)
        with suppress(OSError):
            (root / name).parent.rmdir()
    return left
