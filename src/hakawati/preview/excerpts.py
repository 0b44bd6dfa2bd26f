"""The lines around a problem, from the book's own files only."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from hakawati.errors import Problem
from hakawati.preview.messages import MOST_PROBLEMS, Excerpt, ProblemExcerpt

AROUND = 2
"""Lines before and after."""
WIDEST = 1000
"""Characters of a line that are shown: a paragraph is one line, mostly."""
_LARGEST = 2_000_000
"""Bytes of the largest file that is opened: no text of a book has more."""


def with_excerpts(project: Path, problems: Iterable[Problem]) -> tuple[ProblemExcerpt, ...]:
    """Each problem with the lines of its file around it; a file is read once.

    `project`: the folder with `book/` in it. Problems after the first `MOST_PROBLEMS` may have no lines.
    """
    files: dict[str, list[str]] = {}
    found = []
    for number, problem in enumerate(problems):
        if number < MOST_PROBLEMS and problem.line > 0 and problem.path not in files:
            files[problem.path] = _lines(project, problem.path)
        found.append(ProblemExcerpt(problem, _around(files.get(problem.path, []), problem.line)))
    return tuple(found)


def _around(lines: list[str], line: int) -> Excerpt:
    if not 0 < line <= len(lines):
        return ()
    numbers = range(max(1, line - AROUND), min(len(lines), line + AROUND) + 1)
    return tuple((n, _short(lines[n - 1])) for n in numbers)


def _short(line: str) -> str:
    return line if len(line) <= WIDEST else f"{line[:WIDEST]}…"


def _lines(project: Path, path: str) -> list[str]:
    """The lines of a file in `book/`; none where the path or a link leads elsewhere, or it is no text."""
    parts = PurePosixPath(path).parts
    if len(parts) < 2 or parts[0] != "book" or ".." in parts:
        return []
    root = project / "book"
    try:
        file = (project / path).resolve(strict=True)
        if not file.is_relative_to(root.resolve(strict=True)):
            return []
        status = file.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
            return []
        text = file.read_bytes().decode("utf-8-sig", "replace")
    except (OSError, ValueError, RuntimeError):  # a name that no file can have; a loop of links
        return []
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
