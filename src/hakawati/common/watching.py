"""Saves in book folders, as they happen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

PATIENCE = 200
"""Milliseconds without a change before a save counts as finished: editors write a file in several steps."""


def changes(projects: Sequence[Path]) -> Iterator[None]:
    """Yield once when no save is missed any more, and then after every burst of them.

    Ends with KeyboardInterrupt; at once where no project has a `book/`.
    """
    from watchfiles import watch

    folders = [project / "book" for project in projects if (project / "book").is_dir()]
    ready = False
    for saved in folders and watch(
        *folders,
        debounce=5 * PATIENCE,
        step=PATIENCE // 4,
        rust_timeout=PATIENCE,
        yield_on_timeout=True,
        raise_interrupt=True,
    ):
        if saved or not ready:
            yield
        ready = True
    if not ready:
        yield
