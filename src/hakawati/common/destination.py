"""A file that the user names and a command writes: what somebody else has put there is not overwritten."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hakawati.common.atomic import write_atomically
from hakawati.errors import BookError, Problem


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a command writes a file."""

    path: Path
    command: str
    """As the user knows it: `hakawati say`."""
    option: str
    """The option that names the path."""
    is_ours: Callable[[Path], bool]
    """Whether an ordinary file is one that the command made."""
    force: bool = False
    """Overwrite it, whoever made it."""
    project: Path | None = None
    """If it is the command's own place in a project: folders are made, and none leads out of the project."""

    def check(self) -> None:
        """Raise `BookError` where the file cannot be written, or must not be overwritten."""
        try:
            fault = self._folder_fault() or self._fault()
        except OSError as error:
            fault = self._closed(error)
        if fault:
            raise BookError([Problem(str(self.path), 0, *fault)])

    def write(self, data: bytes) -> None:
        """Write the file, whole or not at all. Raises `BookError`."""
        self.check()
        try:
            write_atomically(self.path, data)
        except OSError as error:
            raise BookError([Problem(str(self.path), 0, *self._closed(error))]) from error

    def _folder_fault(self) -> tuple[str, str] | None:
        folder = self.path.parent
        if os.path.lexists(folder) and not folder.is_dir():
            return f"{folder} is no folder", self._elsewhere
        if self.project:
            inside = Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(self.project))
            return None if inside else ("this leads out of the project", self._elsewhere)
        if not folder.is_dir():
            return f"there is no folder {folder}", f"make it first, or {self._elsewhere}"
        if not os.access(folder, os.W_OK):
            return self._closed(PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
        return None

    def _fault(self) -> tuple[str, str] | None:
        if self.path.is_symlink():
            return "this is a link", f"name the file that it leads to, or another one, with {self.option}"
        if self.path.is_dir():
            return "this is a folder", f"name a file with {self.option}"
        if not os.path.lexists(self.path):
            return None
        if not self.path.is_file():
            return "this is no ordinary file", f"name another file with {self.option}"
        if self.force or self.is_ours(self.path):
            return None
        message = f"it is there already, and {self.command} did not make it"
        return message, f"name another file with {self.option}, or replace it with --force"

    def _closed(self, error: OSError) -> tuple[str, str]:
        return f"it cannot be written: {error.strerror or error}", self._elsewhere

    @property
    def _elsewhere(self) -> str:
        return f"name a file in another folder with {self.option}"
