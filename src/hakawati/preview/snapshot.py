"""Which files of a folder changed their content."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

FileStamp = tuple[int, int, int]
"""A file's size, its time of modification in nanoseconds, and its number on the disk."""


@dataclass(frozen=True, slots=True)
class _FileState:
    stamp: FileStamp
    digest: bytes | None = None
    """None until it is needed or there is time for it."""


class Snapshot:
    """The state of a folder at the last look.

    A file is read only when its stamp changed: a long book is hundreds of megabytes of audio, and an edit
    changes one chapter of it. A file that was written again with the same bytes has not changed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._seen = {path: _FileState(stamp) for path, stamp in self._stamps().items()}

    def changed(self) -> tuple[str, ...]:
        """Paths in the folder whose content changed, came or went since the last look; sorted."""
        before, now, found = self._seen, self._stamps(), set(self._seen)
        self._seen = {}
        for path, stamp in now.items():
            old = before.get(path)
            if old and old.stamp == stamp:
                self._seen[path] = old
                found.discard(path)
                continue
            seen = _FileState(stamp, self._digest(path))
            self._seen[path] = seen
            if old and old.digest is not None and old.digest == seen.digest:
                found.discard(path)
            else:
                found.add(path)
        return tuple(sorted(found))

    def settle(self) -> None:
        """Read what was not read yet, so that the next look can tell that a file was only written again."""
        for path, seen in self._seen.items():
            if seen.digest is None:
                self._seen[path] = replace(seen, digest=self._digest(path))

    def _stamps(self) -> dict[str, FileStamp]:
        found = {}
        for folder, folders, files in os.walk(self.folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in files:
                file = Path(folder, name)
                with suppress(OSError):
                    if not name.startswith("."):
                        status = file.stat()
                        path = file.relative_to(self.folder).as_posix()
                        found[path] = (status.st_size, status.st_mtime_ns, status.st_ino)
        return found

    def _digest(self, path: str) -> bytes | None:
        try:
            with (self.folder / path).open("rb") as file:
                return hashlib.file_digest(file, "blake2b").digest()
        except OSError:  # it is gone again
            return None
