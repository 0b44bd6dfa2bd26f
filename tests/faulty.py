"""A disk on which one thing goes wrong: a file that cannot be opened, written, renamed, linked, removed …"""

from __future__ import annotations

import builtins
import errno
import io
import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

PLAIN = ("replace", "rename", "mkdir", "unlink", "remove", "rmdir", "chmod", "fsync", "truncate", "ftruncate")
"""Functions of `os` whose first argument is what they change."""


class Disk:
    """Counts what is done to files in some folders, and lets one of these things fail."""

    def __init__(self, *folders: Path, failing: int = -1, error: int = errno.EIO) -> None:
        self.folders = [str(folder) + os.sep for folder in folders]
        self.failing = failing
        self.error = error
        self.done: list[tuple[str, str]] = []
        """What was asked for: what it is, and the path."""
        self._open: dict[int, str] = {}

    @property
    def failed(self) -> tuple[str, str] | None:
        return self.done[self.failing] if 0 <= self.failing < len(self.done) else None

    def path(self, file: Any) -> str:
        """The file's path, where it is in the folders."""
        path = self._open.get(file, "") if isinstance(file, int) else os.fsdecode(file)
        return path if any(path.startswith(folder) for folder in self.folders) else ""

    def ask(self, what: str, path: str) -> None:
        """Raise `OSError` where it is this that is to fail."""
        self.done.append((what, path))
        if len(self.done) == self.failing + 1:
            raise OSError(self.error, os.strerror(self.error), path)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While the block is done, files are on this disk."""
        open_, os_open, link = io.open, os.open, os.link

        def opened(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
            path = self.path(file)
            if not path or not set(mode) & set("wax+"):
                return open_(file, mode, *args, **kwargs)
            self.ask("open", path)
            assert "b" in mode  # what a build writes is bytes
            raw = io.FileIO(file, mode.replace("b", ""), opener=kwargs.get("opener"))
            return (_Random if "+" in mode else _Writer)(raw, self, path)

        def opened_low(file: Any, flags: int, *args: Any, **kwargs: Any) -> int:
            path = self.path(file) if flags & (os.O_WRONLY | os.O_RDWR) else ""
            if path:
                self.ask("make", path)
            descriptor = os_open(file, flags, *args, **kwargs)
            self._open[descriptor] = path
            return descriptor

        def linked(source: Any, target: Any, **kwargs: Any) -> None:
            if path := self.path(target):
                self.ask("link", path)
            link(source, target, **kwargs)

        patches: list[AbstractContextManager[Any]] = [
            mock.patch.object(io, "open", opened),
            mock.patch.object(builtins, "open", opened),
            mock.patch.object(os, "open", opened_low),
            mock.patch.object(os, "link", linked),
            *(mock.patch.object(os, name, self._wrapped(name, getattr(os, name))) for name in PLAIN),
        ]
        with ExitStack() as stack:
            for patch in patches:
                stack.enter_context(patch)
            yield

    def _wrapped(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(file: Any, *args: Any, **kwargs: Any) -> Any:
            if path := self.path(file):
                self.ask(name, path)
            return function(file, *args, **kwargs)

        return wrapped


def final(path: str) -> str:
    """How the path of a file begins whose place another takes when that is whole."""
    return re.sub(r"/\.([^/]*)\.[0-9a-f]{16}\.part$", r"/\1", path)


class _Writer(io.BufferedWriter):
    def __init__(self, raw: io.RawIOBase, disk: Disk, path: str) -> None:
        super().__init__(raw)
        self._disk, self._path = disk, path

    def write(self, data: Any) -> int:
        return _write(super().write, data, self._disk, self._path)


class _Random(io.BufferedRandom):
    def __init__(self, raw: io.RawIOBase, disk: Disk, path: str) -> None:
        super().__init__(raw)
        self._disk, self._path = disk, path

    def write(self, data: Any) -> int:
        return _write(super().write, data, self._disk, self._path)


def _write(write: Callable[[Any], int], data: Any, disk: Disk, path: str) -> int:
    """A write that fails has written the half."""
    try:
        disk.ask("write", path)
    except OSError:
        write(bytes(data)[: len(data) // 2])
        raise
    return write(data)
