"""What the last build of a project left, so that the next one does only what changed.

Nothing in it has to be believed: a state that is lost, damaged or does not fit what is there costs time,
and never gives a wrong book.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hakawati.common import checked_json
from hakawati.errors import Problem
from hakawati.model import ChapterReport, Measured, Report

_KIND = "state of the edition"


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
    def load(cls, path: Path, edition: str = "") -> State:
        """The state that was saved of the edition of this name, or an empty one."""
        try:
            data: dict[str, Any] = checked_json.read(path, f"{_KIND} {edition}")
            editions = tuple(data.pop("editions"))
            loaded = cls(editions=editions, **data)
            return loaded if loaded._is_text() else cls()
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def _is_text(self) -> bool:
        names = (*self.settings.values(), *self.pages.values(), *self.web.values(), *self.editions)
        texts = (self.inputs, self.shared, self.tools, *names)
        return all(isinstance(text, str) for text in texts)

    def packed(self, edition: str = "") -> bytes:
        """The state as `load` reads it."""
        return checked_json.dumps(f"{_KIND} {edition}", vars(self))


def last_report(path: Path) -> Report | None:
    """What the last build said, for one that has nothing to do; None where it cannot be read."""
    try:
        return _unchanged(checked_json.loads(checked_json.read_bytes(path)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
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
