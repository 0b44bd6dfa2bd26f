"""Content key → bytes, on any file system.

An entry is a digest of its key and its data, and the data. It appears whole, by renaming, or not at all; one
that does not match its digest is a missing one. Two writers of one key write the same bytes, so whoever is
last changes nothing. A folder is a store only if its mark says so: nothing is ever removed from another.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import stat
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hakawati.common import checked_json
from hakawati.common.atomic import write_atomically
from hakawati.common.stamps import is_link
from hakawati.errors import BookError, Problem

YOUNG = 3600
"""Seconds for which an entry stays that no book uses: a build that is under way may be about to."""
MARK = "hakawati.common.store"
"""The file that says that a folder is a store."""
_MARKED = b"A store of Hakawati's: what was made for books, to be used again. It may be deleted as a whole.\n"
_DIGEST = 32
_BOOKS = "books"
"""The folder in which the books are noted that use the store."""
_FOLDER = re.compile("[0-9a-f]{2}")
_NAME = re.compile("[0-9a-f]{62}")
_TEMPORARY = re.compile(r"\.[0-9a-f]{40}\.[0-9a-f]{16}\.part")
_NOTE = "books of a store"


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


@dataclass(frozen=True)
class StoredBook:
    """A book that uses a store."""

    project: str
    """Its folder."""
    machine: str
    """The name of the machine that the folder is on."""
    keys: frozenset[str]
    note: Path
    """The file that says so."""

    @property
    def is_here(self) -> bool:
        """Whether the folder is on this machine, now."""
        return self.machine == platform.node() and Path(self.project, "book").is_dir()


class Store:
    """A folder of entries."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._ready = False
        self._group = False

    def __contains__(self, key: str) -> bool:
        """Whether there is an entry; whether it is sound, only `get` knows."""
        return self._path(key).exists()

    def get(self, key: str) -> bytes | None:
        """The data, or None where there is none or it is damaged."""
        try:
            entry = self._path(key).read_bytes()
        except (OSError, ValueError):  # ValueError: a key that no file can be named after
            return None
        return entry[_DIGEST:] if entry[:_DIGEST] == _digest(key, entry[_DIGEST:]) else None

    def put(self, key: str, data: bytes) -> None:
        """Keep the data. Raises `OSError` where the file system refuses it, and `BookError` as `prepare`."""
        self.prepare()
        self._write(self._path(key), _digest(key, data) + data, lasting=False)

    def prepare(self) -> None:
        """Make the folder a store, if it is none yet.

        Raises `OSError`; and `BookError` where there are files of somebody else's in it.
        """
        if self._ready:
            return
        if not self._is_marked():
            # Looked for once more, since another process may have made it one meanwhile.
            if self._is_of_others() and not self._is_marked():
                message = "this folder is no store of Hakawati's, and there are other files in it"
                raise BookError([Problem(str(self.root), 0, message, "name an empty folder for the store")])
            write_atomically(self.root / MARK, _MARKED, lasting=False)
        mode = self.root.stat().st_mode
        self._group = bool(mode & stat.S_ISGID and mode & stat.S_IWGRP)
        self._ready = True

    def claim(self, project: Path, keys: Iterable[str]) -> None:
        """Note that a project's book is going to be made of these entries, besides those it is made of now.

        Raises `OSError`, `BookError`.
        """
        before = next((book.keys for book in self._books() if book.note == self._note(project)), frozenset())
        self.register(project, before.union(keys))

    def register(self, project: Path, keys: Iterable[str]) -> None:
        """Note that a project's book is made of these entries, and of no other any more.

        Raises `OSError`, `BookError`.
        """
        self.prepare()
        value = {"project": str(project.resolve()), "machine": platform.node(), "keys": sorted(set(keys))}
        self._write(self._note(project), checked_json.dumps(_NOTE, value), lasting=True)

    def usage(self) -> Usage:
        """How many entries there are, and how many of them no book uses."""
        used = {key for book in self._books() for key in book.keys}
        usage = Usage()
        for path, key in self._entries():
            with suppress(OSError):
                usage = usage.plus(path.stat().st_size, used=key in used)
        return usage

    def absent(self) -> list[StoredBook]:
        """The books that use it and are not on this machine, or not now."""
        return sorted((book for book in self._books() if not book.is_here), key=lambda book: book.project)

    def forget(self, projects: Collection[str]) -> list[str]:
        """Have books use nothing of it any more, named by their folders; returns those that it does not know.

        Raises `OSError`.
        """
        books = [book for book in self._books() if book.project in projects]
        for book in books:
            book.note.unlink(missing_ok=True)
        return sorted(set(projects) - {book.project for book in books})

    def prune(self) -> Usage:
        """Remove the entries that no book uses, unless they are young; returns what that was.

        Raises `BookError`, and removes nothing, where the folder is no store or a book's note is damaged.
        """
        if not self._is_marked():
            message = "this folder is no store of Hakawati's, so nothing was removed"
            hint = "name the folder that builds are given with --store; a build makes it a store"
            raise BookError([Problem(str(self.root), 0, message, hint)])
        used = {key for book in self._books(strict=True) for key in book.keys}
        removed = Usage()
        for path, key in self._entries():
            if key not in used and _age(path) > YOUNG:
                with suppress(OSError):
                    if not _is_entry(path, key):
                        continue
                    size = path.stat().st_size
                    path.unlink()
                    removed = removed.plus(size, used=False)
        self._remove_unfinished()
        return removed

    def _write(self, path: Path, data: bytes, *, lasting: bool) -> None:
        if is_link(path.parent):
            message = "this is a link, and what is put into a store stays in it"
            raise BookError([Problem(str(path.parent), 0, message, "remove the link")])
        write_atomically(path, data, lasting=lasting, group=self._group)

    def _is_marked(self) -> bool:
        try:
            return (self.root / MARK).read_bytes() == _MARKED
        except OSError:
            return False

    def _is_of_others(self) -> bool:
        """Whether a folder without the mark has something in it that no store has."""
        with suppress(FileNotFoundError):
            for path in self.root.iterdir():
                is_folder = (path.name == _BOOKS or _FOLDER.fullmatch(path.name)) and path.is_dir()
                if not is_folder and path.name != MARK and not path.name.endswith(".part"):
                    return True
            if any(True for _ in self.root.iterdir()):  # folders named like a store's, but whose?
                return not any(_is_entry(path, key) for path, key in self._entries())
        return False

    def _entries(self) -> Iterator[tuple[Path, str]]:
        for path, name in self._files():
            if _NAME.fullmatch(name):
                yield path, path.parent.name + name

    def _files(self) -> Iterator[tuple[Path, str]]:
        """The regular files of all folders that can hold entries, with their names."""
        with suppress(FileNotFoundError, NotADirectoryError):
            folders = sorted(entry.path for entry in os.scandir(self.root) if _is_folder(entry))
            for folder in folders:
                with os.scandir(folder) as entries:
                    names = sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False))
                yield from ((Path(folder, name), name) for name in names)

    def _remove_unfinished(self) -> None:
        """Remove what a writer left that was killed."""
        for path, name in self._files():
            if _TEMPORARY.fullmatch(name) and _age(path) > YOUNG:
                with suppress(OSError):
                    path.unlink()

    def _books(self, *, strict: bool = False) -> Iterator[StoredBook]:
        """`strict`: raises `BookError` for a note that is damaged."""
        for path in sorted(self.root.glob(f"{_BOOKS}/*.json")):
            try:
                book = checked_json.read(path, _NOTE)
                yield StoredBook(book["project"], book["machine"], frozenset(book["keys"]), path)
            except FileNotFoundError:
                continue
            except (OSError, ValueError, KeyError, TypeError) as error:
                if strict:
                    message = "this file is damaged, so what its book needs is not known; nothing was removed"
                    hint = "delete it, build the books that use the store again, and then clear it up"
                    raise BookError([Problem(str(path), 0, message, hint)]) from error

    def _note(self, project: Path) -> Path:
        home = f"{platform.node()}\0{project.resolve()}".encode("utf-8", "surrogateescape")
        return self.root / _BOOKS / f"{hashlib.sha256(home).hexdigest()[:16]}.json"

    def _path(self, key: str) -> Path:
        return self.root / key[:2] / key[2:]


def _digest(key: str, data: bytes) -> bytes:
    total = hashlib.sha256(key.encode())
    total.update(data)
    return total.digest()


def _is_entry(path: Path, key: str) -> bool:
    """Whether a file is an entry that was written for this key. Raises `OSError`."""
    entry = path.read_bytes()
    digest, data = entry[:_DIGEST], entry[_DIGEST:]
    # Those of the first stores have a digest of their data alone: not to be used, but to be cleared up.
    return digest in (_digest(key, data), hashlib.sha256(data).digest())


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return bool(_FOLDER.fullmatch(entry.name)) and entry.is_dir(follow_symlinks=False)


def _age(path: Path) -> float:
    """Seconds since a file was written; none for one that is gone."""
    with suppress(OSError):
        return time.time() - path.stat().st_mtime
    return 0
