"""The report of a check: one page of HTML, complete in itself, to be read offline, day and night, or printed.

Its content comes from books that anyone may have made: Jinja2 escapes it, and the page forbids scripts
and everything from outside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hakawati.common.wording import count, format_tenths
from hakawati.model import Finding

KINDS = {
    "sources": "Sources",
    "epub": "EPUB",
    "accessibility": "Accessibility",
    "sync": "Sync",
    "sound": "Sound",
}
"""What each check is called."""
COMMAND = "hakawati check"
"""What a report is marked with, so that it is known again."""
_HEAD = 1000
"""Bytes of a page, in which the mark is."""
Excerpts = Mapping[tuple[str, int], Sequence[tuple[int, str]]]
"""By path and line: the lines around it, each with its number."""


@dataclass(frozen=True, slots=True)
class ReportChapter:
    """A chapter as it is heard in an edition."""

    name: str
    title: str
    edition: str = ""
    """Empty for the main one."""
    duration: float = 0.0
    """Seconds; 0 where nothing of it is read aloud."""
    loudness: Mapping[str, float] = field(default_factory=dict)
    """In dB: `rms`, `peak` and `floor`, as far as they were measured."""
    strip: str = ""
    """Its sound drawn, as an SVG element; markup of our own, in which what is not ours is escaped."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All that is in a report."""

    title: str
    findings: Sequence[Finding]
    """In the order in which they are to be read."""
    parts: Sequence[ReportChapter]
    left_out: Sequence[str]
    """What could not be checked."""
    excerpts: Excerpts


@dataclass(frozen=True, slots=True)
class _ReportSection:
    """What is about one chapter, or, without a name, about the whole book."""

    name: str
    title: str
    parts: tuple[ReportChapter, ...]
    findings: tuple[Finding, ...]

    @property
    def severe(self) -> int:
        return sum(finding.severe for finding in self.findings)

    @property
    def notices(self) -> int:
        return len(self.findings) - self.severe


def render_report(sheet: CheckReport) -> str:
    """The page. The same sheet gives the same page: it tells no time."""
    from markupsafe import Markup

    from hakawati.common.templates import environment

    known = environment(
        "hakawati.check", kinds=KINDS, clock=format_tenths, count=count, markup=Markup, generator=COMMAND
    )
    return known.get_template("report.html.j2").render(sheet=sheet, sections=_sections(sheet))


def is_report(file: Path) -> bool:
    """Whether a file is a page of `render`. Raises `OSError`."""
    with file.open("rb") as opened:
        return f'<meta name="generator" content="{COMMAND}">'.encode() in opened.read(_HEAD)


def _sections(sheet: CheckReport) -> list[_ReportSection]:
    """The whole book, where there is something about it, then its chapters in order."""
    titles = {part.name: part.title for part in sheet.parts}
    names = dict.fromkeys([*titles, *(finding.chapter for finding in sheet.findings)])
    found = []
    for name in ["", *(name for name in names if name)]:
        findings = tuple(finding for finding in sheet.findings if finding.chapter == name)
        parts = tuple(part for part in sheet.parts if part.name == name)
        if findings or parts:
            title = titles.get(name) or name or "The whole book"
            found.append(_ReportSection(name, title, parts, findings))
    return found
