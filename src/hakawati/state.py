"""What the last build of a project left, so that the next one does only what changed.

Nothing in it has to be believed: a state that is lost, damaged or does not fit what is there costs time,
and never gives a wrong book.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, entry_points, requires, version
from pathlib import Path
from typing import Any

from hakawati.errors import Problem
from hakawati.model import ChapterReport, Measured, Report
from hakawati.store import write_atomically

Stamp = tuple[int, int]
"""A file's size and time of modification, in nanoseconds."""
NEVER: Stamp = (-1, -1)
"""The stamp of a file that may be there, but is not to be relied on: it was to be made, or to be removed."""


@dataclass(frozen=True)
class State:
    """The last build."""

    inputs: str = ""
    """Digests of all that went into it: of program and choices, and, behind a colon, of the book's folder."""
    shared: str = ""
    """A digest of what every chapter depends on."""
    tools: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    """What sentences were spoken with, by name: voices, audio …"""
    pages: Mapping[str, str] = field(default_factory=dict)
    """Chapter → the key under which the store holds its page."""
    files: Mapping[str, Stamp] = field(default_factory=dict)
    """What was made, by path in the project."""
    web: Mapping[str, str] = field(default_factory=dict)
    """The pages of the web edition, by path in the project, with keys of what is in them. Empty where it was
    not made by this build."""
    editions: tuple[str, ...] = ()
    """Names of the book's other editions, each with a state of its own."""

    @property
    def written(self) -> str:
        """A digest of the book's folder as it was; empty where nothing was built."""
        return self.inputs.partition(":")[2]

    @classmethod
    def load(cls, path: Path) -> State:
        """The state that was saved, or an empty one."""
        try:
            data: dict[str, Any] = json.loads(path.read_bytes())
            files = {str(name): (int(size), int(time)) for name, (size, time) in data.pop("files").items()}
            editions = tuple(data.pop("editions"))
            found = cls(files=files, editions=editions, **data)
            return found if found._is_text() else cls()
        except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
            return cls()

    def _is_text(self) -> bool:
        names = (*self.settings.values(), *self.pages.values(), *self.web.values(), *self.editions)
        texts = (self.inputs, self.shared, self.tools, *names)
        return all(isinstance(text, str) for text in texts)

    def save(self, path: Path) -> None:
        """Raises `OSError`."""
        write_atomically(path, json.dumps(vars(self), ensure_ascii=False, separators=(",", ":")).encode())

    def intending(self, names: Iterable[str]) -> State:
        """The state of a build that is under way and is going to make these files.

        Were it broken off, nobody would know of the files that the last build did not have; so they are noted
        before they are made.
        """
        return replace(self, inputs="", files={**dict.fromkeys(names, NEVER), **self.files})

    def intact(self, project: Path, names: Iterable[str]) -> bool:
        """Whether files are there as they were made."""
        return all(name in self.files and self.files[name] == stamp(project / name) for name in names)


def stamp(path: Path) -> Stamp | None:
    """None for a file that is not there."""
    try:
        status = path.stat()
    except (OSError, ValueError):  # ValueError: a name that no file can have
        return None
    return status.st_size, status.st_mtime_ns


@cache
def program() -> str:
    """A digest of this program and of the versions of what it is made with."""
    root = Path(__file__).parent
    total = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.suffix in (".py", ".j2", ".css", ".ttf", ".js", ".svg", ".png"):
            total.update(f"\0{path.relative_to(root)}\0".encode() + path.read_bytes())
    for name in _dependencies():
        try:
            total.update(f"\0{name} {version(name)}".encode())
        except PackageNotFoundError:  # not needed on this system
            continue
    return total.hexdigest()


def _dependencies() -> list[str]:
    """The packages that a book may depend on: what is needed always, what some voices need, and plug-ins."""
    import re

    needed = (r for r in requires("hakawati") or () if not re.search("extra == .(dev|cluster)", r))
    plug_ins = (point.dist.name for point in entry_points(group="hakawati.voices") if point.dist)
    return sorted({match[0] for r in needed if (match := re.match(r"[\w.-]+", r))} | set(plug_ins))


def digest(*parts: str) -> str:
    """A digest of texts, in their order."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def last_report(path: Path) -> Report | None:
    """What the last build said, for one that has nothing to do; None where it cannot be read."""
    try:
        return _unchanged(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _unchanged(data: Mapping[str, Any]) -> Report:
    chapters = tuple(
        ChapterReport(
            c["name"],
            c["duration"],
            clips_made=0,
            clips_reused=c["clips_made"] + c["clips_reused"],
            why="unchanged",
            loudness=Measured(**c["loudness"]) if c["loudness"] else None,
        )
        for c in data["chapters"]
    )
    notices = tuple(Problem(**n) for n in data["notices"])
    editions = tuple(map(_unchanged, data["editions"]))
    return Report(chapters, notices, data["epub"], {}, data["name"], editions)
