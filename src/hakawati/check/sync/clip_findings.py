"""What is wrong with a clip, told with its text, its chapter and its time."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from hakawati.check.archive import Archive
from hakawati.check.overlay_sentences import OverlayClip
from hakawati.check.overlays import MediaOverlay
from hakawati.check.printable_text import printable
from hakawati.common.wording import format_tenths
from hakawati.errors import Problem
from hakawati.model import Finding

LISTEN = "listen to it; build the book again, or mend the clip"


def problem_findings(problems: Iterable[Problem], chapter: str = "") -> list[Finding]:
    """What cannot be read, as findings."""
    return [Finding("sync", problem, True, chapter) for problem in problems]


def clip_finding(
    archive: Archive,
    clip: OverlayClip,
    message: str,
    hint: str = LISTEN,
    *,
    severe: bool = True,
    span: tuple[float, float] | None = None,
) -> Finding:
    """Something about a clip, or about a span of its chapter's audio, in seconds."""
    begin, end = span or (clip.begin, clip.end)
    problem = archive.wrong(clip.overlay.entry, message, hint, clip.par.line)
    return Finding("sync", problem, severe, clip.overlay.chapter, begin, begin if end == inf else end)


def overlay_finding(
    archive: Archive, overlay: MediaOverlay, message: str, hint: str, *, severe: bool = True
) -> Finding:
    """Something about all of a chapter."""
    return Finding("sync", archive.wrong(overlay.entry, message, hint), severe, overlay.chapter)


def quote(text: str) -> str:
    """A sentence, so that its author finds it."""
    return f"“{printable(text)}”" if text.strip() else "a clip without words"


def format_span(begin: float, end: float) -> str:
    """A stretch of audio."""
    return f"{format_tenths(begin)} to {format_tenths(end)}"


def format_length(seconds: float) -> str:
    """A length of time: `0.48 s`."""
    return f"{abs(seconds):.2f} s" if abs(seconds) < 10 else f"{abs(seconds):.0f} s"
