"""The folder of the web edition: what is as it was is not written again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from hakawati.store import replacing, write_atomically


class Folder:
    """Files by their paths in it, with forward slashes."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, data: bytes) -> None:
        """Put a file with this content. Raises `OSError`."""
        path = self.root / name
        try:
            if path.read_bytes() == data:
                return
        except FileNotFoundError:
            pass
        write_atomically(path, data, lasting=False)

    def copy(self, name: str, source: Path) -> None:
        """Put a copy of a file that is the author's. Raises `OSError`.

        A second name for it would have its permissions changed.
        """
        self.write(name, source.read_bytes())

    def share(self, name: str, source: Path) -> None:
        """Put the same file: a second name for it where the disk can do that, else a copy. Raises `OSError`.

        A build never writes into a file, but puts another in its place, so the second name is safe.
        """
        path = self.root / name
        if path.exists() and _same(path, source):
            return
        with replacing(path, lasting=False) as temporary:
            temporary.unlink()
            try:
                os.link(source, temporary)
            except OSError:
                shutil.copy2(source, temporary)


def _same(path: Path, source: Path) -> bool:
    one, other = path.stat(), source.stat()
    return os.path.samestat(one, other) or (one.st_size, one.st_mtime_ns) == (
        other.st_size,
        other.st_mtime_ns,
    )


@cache
def program_files() -> Mapping[str, bytes]:
    """The reader's program: its files' names and contents, in the order in which a page loads them."""
    every = sorted(files("hakawati.web").joinpath("app").iterdir(), key=lambda file: file.name)
    wanted = (file for file in every if file.name.endswith((".js", ".css", ".svg", ".png")))
    return MappingProxyType({file.name: file.read_bytes() for file in wanted})
