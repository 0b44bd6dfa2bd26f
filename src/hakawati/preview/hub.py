"""What all open pages are told: always the present state, however long a page was away or slow to listen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from hakawati.preview.messages import (
    BuilderExit,
    BuilderMessage,
    BuildProgress,
    FinishedBuild,
    PageUpdate,
    ProblemExcerpt,
    as_data,
    chapters_as_data,
)


@dataclass(slots=True)
class PageState:
    """How much one page has heard."""

    version: int | None
    """Of the book that it shows; None where nobody knows."""
    news: int = -1
    """Number of the last thing that it was told."""


class Hub:
    """Remembers the last build and the one under way. Used in one event loop, by no other thread."""

    def __init__(self, run: str) -> None:
        """`run`: names this server among those that come and go at one address."""
        self.run = run
        self.version = 0
        """Of the book; it rises with every build that changed a page."""
        self._changed: dict[str, int] = {}
        self._all_changed = 0
        self._built: FinishedBuild | None = None
        self._working: BuildProgress | None = BuildProgress("Starting")
        self._news = self._built_news = 0
        self._texts: dict[int | None, str] = {}
        self._ears: set[asyncio.Event] = set()

    @property
    def ears(self) -> int:
        """How many pages listen."""
        return len(self._ears)

    @property
    def ready(self) -> bool:
        """Whether a build has ended without problems."""
        return self._built is not None and not self._built.problems

    def take(self, told: BuilderMessage) -> None:
        """Hear what the builder tells, and let all pages know."""
        self._news += 1
        if isinstance(told, BuildProgress):
            self._working = told
        elif isinstance(told, PageUpdate):
            self._turn(told.changed, ready=True)
            self._texts = {}
        else:
            self._take_result(told if isinstance(told, FinishedBuild) else self._lost(told))
        for ear in self._ears:
            ear.set()

    def _lost(self, told: BuilderExit) -> FinishedBuild:
        last = self._built or FinishedBuild()
        return FinishedBuild((ProblemExcerpt(told.problem()),), last.notices)

    def _take_result(self, built: FinishedBuild) -> None:
        self._turn(built.changed, ready=not built.problems)
        if built.problems and self._built:  # the chapters of the last good book stay
            built = replace(built, chapters=self._built.chapters)
        self._built, self._built_news, self._working = built, self._news, None
        self._texts = {}

    def _turn(self, changed: tuple[str, ...] | None, *, ready: bool) -> None:
        if changed is None or changed or (self.version == 0 and ready):
            self.version += 1
        if changed is None:
            self._all_changed = self.version
        self._changed |= dict.fromkeys(changed or (), self.version)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """An event that is set whenever there is news."""
        ear = asyncio.Event()
        ear.set()
        self._ears.add(ear)
        try:
            yield ear
        finally:
            self._ears.discard(ear)

    def news(self, heard: PageState) -> list[str]:
        """What a page has not heard yet, as JSON; it counts as heard then."""
        found = []
        if self._built and self._built_news > heard.news:
            found.append(self._result(self._built, heard.version))
            heard.version = self.version
        elif self.version and heard.version != self.version:
            found.append(json.dumps({"state": "pages", **self._pages(heard.version)}))
            heard.version = self.version
        if self._working and self._news > heard.news:
            working = self._working
            progress = {"stage": working.stage, "done": working.done, "total": working.total}
            found.append(json.dumps({"state": "building", **progress}))
        heard.news = self._news
        return found

    def _result(self, built: FinishedBuild, since: int | None) -> str:
        """The last build, and what has changed since a version; most pages ask for the same one.

        Where the version is not known, or too old, all may have changed.
        """
        if since not in self._texts:
            told = {
                "state": "problems" if built.problems else "ready",
                **self._pages(since),
                "problems": as_data(built.problems),
                "notices": as_data(built.notices),
                "total": {"problems": len(built.problems), "notices": len(built.notices)},
                "chapters": chapters_as_data(built.chapters),
                "seconds": built.seconds,
            }
            # ASCII: names of files may hold bytes that are no text, and no socket takes those.
            self._texts[since] = json.dumps(told)
        return self._texts[since]

    def _pages(self, since: int | None) -> dict[str, int | str | list[str] | None]:
        changed = None
        if since is not None and self._all_changed <= since <= self.version:
            changed = sorted(path for path, version in self._changed.items() if version > since)
        return {"version": self.version, "run": self.run, "changed": changed}
