"""The folder of the web edition: what is as it was is not written again."""

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
    """Where files are put, by their paths in the folder, with forward slashes."""

    def keep(self, name: str, digest: str) -> bool:
        """Leave a file that has this content (SHA-256 in hexadecimal digits); False for another, or none."""
        ...

    def replacing(self, name: str) -> AbstractContextManager[Path]:
        """A file to write to, which takes the place of this one. Raises `OSError`."""
        ...


class EditionFolder:
    """The web edition's folder, in `files`."""

    def __init__(self, files: FileWriter) -> None:
        self.files = files

    def write(self, name: str, data: bytes) -> None:
        """Put a file with this content. Raises `OSError`."""
        if not self.files.keep(name, hashlib.sha256(data).hexdigest()):
            with self.files.replacing(name) as path:
                path.write_bytes(data)

    def copy(self, name: str, source: Path) -> None:
        """Put a copy of a file that is the author's. Raises `OSError`.

        A second name for it would have its permissions changed.
        """
        self.write(name, source.read_bytes())

    def share(self, name: str, source: Path, digest: str) -> None:
        """Put the same file: a second name for it where the disk can do that, else a copy. Raises `OSError`.

        A build never writes into a file, but puts another in its place, so the second name is safe. `digest`:
        of the content that the source has, as `FileWriter` has it.
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

    Another version has another folder, so that a page which a browser keeps never runs with a part of another
    program. Icons stay where they are: apps that are installed point to them.
    """
    folder = f"app/{program_version()}/"
    return {
        ("app/" if name.startswith("icon") else folder) + name: data for name, data in program_files().items()
    }
