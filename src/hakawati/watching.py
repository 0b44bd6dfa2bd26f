"""Saves in book folders, as they happen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

PATIENCE = 200
"""Milliseconds without a change before a save counts as finished: editors write a file in several steps."""


def changes(projects: Sequence[Path]) -> Iterator[None]:
    """Yield once after every burst of changes under a project's `book/`. Ends with KeyboardInterrupt."""
    from watchfiles import watch

    folders = [project / "book" for project in projects if (project / "book").is_dir()]
    for _ in watch(*folders, debounce=5 * PATIENCE, step=PATIENCE // 4, raise_interrupt=True):
        yield
