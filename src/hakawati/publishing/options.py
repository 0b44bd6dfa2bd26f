"""What is chosen for a build, and what comes of it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hakawati.errors import Problem
from hakawati.model import Report, VoiceChoice


def core_count() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class BuildOptions:
    """What is chosen for a build, and not in the book."""

    voices: Mapping[str, VoiceChoice] = field(default_factory=dict)
    """By language; they take the place of the book's own."""
    workers: int = field(default_factory=core_count)
    """How many processes speak: one for each core, if not told otherwise."""
    store: Path | None = None
    """Instead of each project's own `build/store`."""
    modified: int | None = None
    """Seconds since the epoch: the book's time of modification, instead of its newest file's."""
    cluster: str = ""
    """Speak on a Dask cluster instead of this machine: `tcp://HOST:PORT` or `local:N`."""
    web: bool = False
    """Make the web edition, too."""
    published: Callable[[], None] | None = None
    """Called when the web edition of a book is whole, before its EPUBs are, which take longer."""
    dry_run: bool = False
    """Only tell what would be made, and why."""
    verify: bool = False
    """Read everything that was made, and make again what is not as it was made."""
    force: bool = False
    """Replace files in `audio/` and `build/` that no build has made."""
    waiting: Callable[[str], None] | None = None
    """Called with who builds a book, when that has to be waited for; without it, that is a problem."""

    def chosen(self) -> str:
        """The voices that are not the book's own choice, in one word."""
        return json.dumps({lang: (v.engine, dict(v.options)) for lang, v in sorted(self.voices.items())})


@dataclass(frozen=True)
class Outcome:
    """What came of one book: a report, or problems."""

    project: Path
    report: Report | None = None
    problems: tuple[Problem, ...] = ()
