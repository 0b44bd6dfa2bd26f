"""What a check of a book found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hakawati.errors import Problem


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a check found."""

    check: Literal["sources", "epub", "accessibility", "sync", "sound"]
    problem: Problem
    severe: bool
    """True: exit status 1. False: a notice, counted with --strict."""
    chapter: str = ""
    """Its name, where the finding is about one."""
    begin: float = 0.0
    """Seconds in the chapter's audio, where the finding is about a moment."""
    end: float = 0.0
