"""The folder of the web edition: a file that did not change is not written again."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from contextlib import AbstractContextManager
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Protocol


class FileWriter(Protocol):
    """Writes files, named by their paths in the folder with forward slashes."""

    def keep(self, name: str, digest: str) -> bool:
        """Keep a file with this content (SHA-256 in hexadecimal); False if it has another, or is missing."""
        ...

    def replacing(self, name: str) -> AbstractContextManager[Path]:
        """A file to write to, which then replaces this one. Raises `OSError`."""
        ...


class EditionFolder:
    """The web edition's folder, written through `files`."""

    def __init__(self, files: FileWriter) -> None:
        self.files = files

    def write(self, name: str, data: bytes) -> None:
        """Write a file with this content, unless it has it. Raises `OSError`."""
        if not self.files.keep(name, hashlib.sha256(data).hexdigest()):
            with self.files.replacing(name) as path:
                path.write_bytes(data)

    def copy(self, name: str, source: Path) -> None:
        """Write a copy of an author's file. Raises `OSError`.

        Not a hard link: that would change the permissions of the author's file.
        """
        self.write(name, source.read_bytes())

    def share(self, name: str, source: Path, digest: str) -> None:
        """Link to a file where the file system can, else copy it. Raises `OSError`.

        A hard link is safe, since a build never writes into a file but replaces it. `digest`: of the source's
        content, as in `FileWriter.keep`.
        """
        if self.files.keep(name, digest):
            return
        with self.files.replacing(name) as path:
            path.unlink()
            try:
                os.link(source, path)
            except OSError:
                shutil.copy2(source, path)


@cache
def program_files() -> Mapping[str, bytes]:
    """The reader's program: its files' names and contents, in the order in which a page loads them."""
    every = sorted(files("hakawati.web").joinpath("app").iterdir(), key=lambda file: file.name)
    wanted = (file for file in every if file.name.endswith((".js", ".css", ".svg", ".png")))
    return MappingProxyType({file.name: file.read_bytes() for file in wanted})


@cache
def program_version() -> str:
    """A digest of the program."""
    total = hashlib.sha256()
    for name, data in program_files().items():
        total.update(f"\0{name}\0{len(data)}\0".encode() + data)
    return total.hexdigest()[:12]


def program_paths() -> Mapping[str, bytes]:
    """The program's files by their paths in the folder.

    Each version has its own folder, so that a page in a browser's cache never runs with a part of another
    version. Icons stay where they are: installed apps point to them.
    """
    folder = f"app/{program_version()}/"
    return {
        ("app/" if name.startswith("icon") else folder) + name: data for name, data in program_files().items()
    }
