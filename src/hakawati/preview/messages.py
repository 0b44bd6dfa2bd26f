"""The messages from the builder to the server, and their form in JSON for the pages."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TypedDict

from hakawati.errors import Problem

MOST_PROBLEMS = 200
"""Problems, and notices, that a page gets at a time: an author with more mends these first."""

Excerpt = tuple[tuple[int, str], ...]
"""Lines of a source file, each with its number."""


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """A build is under way."""

    stage: str
    done: int = 0
    total: int = 0
    """Steps of the stage; 0 where nobody knows."""


@dataclass(frozen=True, slots=True)
class ChapterSummary:
    """A narrated chapter as the last build left it."""

    edition: str
    """Empty for the main one."""
    name: str
    duration: float
    """Seconds."""
    made: int
    """Sentences that were spoken for it."""
    reused: int
    why: str


@dataclass(frozen=True, slots=True)
class ProblemExcerpt:
    """A problem or notice, and the place in the source that it is about."""

    problem: Problem
    excerpt: Excerpt = ()


@dataclass(frozen=True, slots=True)
class PageUpdate:
    """The pages are ready; what takes longer, and no page shows, is still being made."""

    changed: tuple[str, ...] | None
    """Paths, as in `FinishedBuild`."""


@dataclass(frozen=True, slots=True)
class FinishedBuild:
    """A build has ended. With problems, the last good book stays."""

    problems: tuple[ProblemExcerpt, ...] = ()
    notices: tuple[ProblemExcerpt, ...] = ()
    chapters: tuple[ChapterSummary, ...] = ()
    changed: tuple[str, ...] | None = ()
    """Paths in the folder of pages whose content is another one now, or gone; None where any may be.

    Without those that a `PageUpdate` of the same build named.
    """
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class BuilderExit:
    """The builder ended without being asked to."""

    how: str
    """`signal 9`, `status 1`."""
    wait_first: bool
    """Whether the next one waits for a file to be saved."""

    def problem(self) -> Problem:
        """The same as a problem."""
        again = "save a file to try again" if self.wait_first else "it is started again"
        hint = f"{again}; what was built before is still there, and what was spoken is kept"
        return Problem("", 0, f"the process that builds the book has died ({self.how})", hint)


BuilderMessage = BuildProgress | PageUpdate | FinishedBuild | BuilderExit


class ProblemData(TypedDict):
    """A problem in JSON."""

    path: str
    line: int
    message: str
    hint: str
    excerpt: list[tuple[int, str]]


def as_data(shown: tuple[ProblemExcerpt, ...]) -> list[ProblemData]:
    """The first `MOST_PROBLEMS` of them, ready for JSON."""
    return [
        {
            "path": one.problem.path,
            "line": one.problem.line,
            "message": one.problem.message,
            "hint": one.problem.hint,
            "excerpt": list(one.excerpt),
        }
        for one in shown[:MOST_PROBLEMS]
    ]


def chapters_as_data(chapters: tuple[ChapterSummary, ...]) -> list[dict[str, str | int | float]]:
    """Chapters, ready for JSON."""
    return [asdict(chapter) for chapter in chapters]
