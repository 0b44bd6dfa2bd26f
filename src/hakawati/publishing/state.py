"""What the last build of a project left, so that the next one does only what changed.

Nothing in it has to be believed: a state that is lost, damaged or does not fit what is there costs time,
and never gives a wrong book.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from hakawati.common import checked_json
from hakawati.common.codec import JsonCodec, to_json
from hakawati.model import Report

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
    languages: tuple[str, ...] = ()
    """In which it has voices."""
    editions: tuple[str, ...] = ()
    """Names of the book's other editions, each with a state of its own."""

    @property
    def folder(self) -> str:
        """A digest of the book's folder as it was; empty where nothing was built."""
        return self.inputs.partition(":")[2]

    @classmethod
    def load(cls, path: Path, edition: str = "") -> State:
        """The state that was saved of the edition of this name, or an empty one."""
        try:
            return _STATE.from_json(checked_json.read(path, f"{_KIND} {edition}"))
        except (OSError, ValueError):
            return cls()

    def packed(self, edition: str = "") -> bytes:
        """The state as `load` reads it."""
        return checked_json.dumps(f"{_KIND} {edition}", to_json(self))


_STATE, _REPORT = JsonCodec(State), JsonCodec(Report)


def last_report(path: Path) -> Report | None:
    """What the last build said, for one that has nothing to do; None where it cannot be read."""
    try:
        return _unchanged(_REPORT.loads(checked_json.read_bytes(path)))
    except (OSError, ValueError):
        return None


def _unchanged(last: Report) -> Report:
    chapters = tuple(
        replace(one, clips_made=0, clips_reused=one.clips_made + one.clips_reused, why="unchanged")
        for one in last.chapters
    )
    return replace(last, chapters=chapters, seconds={}, editions=tuple(map(_unchanged, last.editions)))
