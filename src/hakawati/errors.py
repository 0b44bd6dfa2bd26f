"""What can be wrong with a book, said so that its author can mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What a terminal would obey, would turn the line around, or cannot be written at all."""

_MOST_COMPARED, _MOST_LISTED = 1000, 50


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong, where it stands, and what to do about it."""

    path: str
    """The file, relative to the project folder (or as the user named it)."""
    line: int
    """1-based; 0 where the whole file, or a file that is not there, is meant."""
    message: str
    """What is wrong: a clause without a full stop."""
    hint: str = ""
    """What to do; may be empty."""

    @property
    def where(self) -> str:
        """`FILE:LINE`, or the file alone."""
        return f"{self.path}:{self.line}" if self.line else self.path

    def __str__(self) -> str:
        said = visible(f"{self.where}: {self.message}")
        return said + (f"\n    hint: {visible(self.hint)}" if self.hint else "")


class BookError(Exception):
    """The book cannot be built as it stands; `problems` holds everything that was found, sorted."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[BookError], tuple[tuple[Problem, ...]]]:
        """Survive the way back from a worker process."""
        return type(self), (self.problems,)


class ToolError(Exception):
    """Something outside of the book, a cluster or a program, is not as it must be; the message says what."""


def visible(text: str) -> str:
    """The text in one line that a terminal can be given: control characters are named, not sent."""
    return _OBEYED.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)


def short(text: str, most: int = 80) -> str:
    """The text, or its beginning where it is longer than a message can be."""
    return text if len(text) <= most else f"{text[:most]}…"


def cause(error: BaseException) -> str:
    """What an error that nobody foresaw says of itself, in a line for an author to read."""
    name = type(error).__name__
    try:
        said = str((error.strerror if isinstance(error, OSError) else "") or f"{name}: {error}")
    except Exception:  # noqa: BLE001 - a plug-in's error may not even be able to say what it is
        return name
    return short(said.removesuffix(": "), 300)


def readable(error: BaseException) -> bool:
    """Whether an error has a message for an author to read, and a hint, if it has one."""
    try:
        return bool(str(error)) and isinstance(getattr(error, "hint", ""), str)
    except Exception:  # noqa: BLE001 - see `cause`
        return False


def listed(names: Iterable[str]) -> str:
    """``a, b and c``: for messages."""
    *others, last = list(names) or ["nothing"]
    return f"{', '.join(others)} and {last}" if others else last


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint that offers the known name closest to a misspelt one, else all of them."""
    import difflib

    names = sorted(known)
    # Of very many, it would take too long; and of one that is very long.
    close = difflib.get_close_matches(short(name), names, n=1) if len(names) <= _MOST_COMPARED else []
    listed_ = ", ".join(names[:_MOST_LISTED]) + (" …" if len(names) > _MOST_LISTED else "")
    return f"did you mean “{close[0]}”?" if close else f"known here: {listed_}"
