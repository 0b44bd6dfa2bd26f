"""What is wrong with a clip, told with its text, its chapter and its time."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from hakawati.check.archive import Archive
from hakawati.check.clock import told
from hakawati.check.overlays import Overlay
from hakawati.check.shown import shown
from hakawati.check.spans import Clip
from hakawati.errors import Problem
from hakawati.model import Finding

LISTEN = "listen to it; build the book anew, or mend the clip"


def of_problems(problems: Iterable[Problem], chapter: str = "") -> list[Finding]:
    """What cannot be read, as findings."""
    return [Finding("sync", problem, True, chapter) for problem in problems]


def of_clip(
    archive: Archive,
    clip: Clip,
    message: str,
    hint: str = LISTEN,
    *,
    severe: bool = True,
    span: tuple[float, float] | None = None,
) -> Finding:
    """Something about a clip, or about a span of its chapter's audio, in seconds."""
    begin, end = span or (clip.begin, clip.end)
    problem = archive.wrong(clip.overlay.entry, message, hint, clip.cut.line)
    return Finding("sync", problem, severe, clip.overlay.chapter, begin, begin if end == inf else end)


def of_overlay(
    archive: Archive, overlay: Overlay, message: str, hint: str, *, severe: bool = True
) -> Finding:
    """Something about all of a chapter."""
    return Finding("sync", archive.wrong(overlay.entry, message, hint), severe, overlay.chapter)


def quoted(text: str) -> str:
    """A sentence, so that its author finds it."""
    return f"“{shown(text)}”" if text.strip() else "a clip without words"


def between(begin: float, end: float) -> str:
    """A stretch of audio."""
    return f"{told(begin)} to {told(end)}"


def by(seconds: float) -> str:
    """A length of time: `0.48 s`."""
    return f"{abs(seconds):.2f} s" if abs(seconds) < 10 else f"{abs(seconds):.0f} s"
