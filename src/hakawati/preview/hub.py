"""The messages to open pages: always the present state, however long a page was away or slow to read."""

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
    """What one page knows."""

    version: int | None
    """Of the book that it shows; None where nobody knows."""
    news: int = -1
    """The number of the last message that it was sent."""


class Hub:
    """Remembers the last build and the one under way. Used in one event loop, by no other thread."""

    def __init__(self, run: str) -> None:
        """`run`: names this server among those that come and go at one address."""
        self.run = run
        self.version = 0
        """Of the book; it rises with every build that changed a page."""
        self._changed: dict[str, int] = {}
        self._all_changed = 0
        self._last_build: FinishedBuild | None = None
        self._progress: BuildProgress | None = BuildProgress("Starting")
        self._news = self._build_news = 0
        self._texts: dict[int | None, str] = {}
        self._listeners: set[asyncio.Event] = set()

    @property
    def listeners(self) -> int:
        """How many pages are connected."""
        return len(self._listeners)

    @property
    def ready(self) -> bool:
        """Whether the last build ended without problems."""
        return self._last_build is not None and not self._last_build.problems

    def take(self, message: BuilderMessage) -> None:
        """Take a message of the builder, and wake all pages up."""
        self._news += 1
        if isinstance(message, BuildProgress):
            self._progress = message
        elif isinstance(message, PageUpdate):
            self._turn(message.changed, ready=True)
            self._texts = {}
        else:
            self._finish(message if isinstance(message, FinishedBuild) else self._failed(message))
        for event in self._listeners:
            event.set()

    def _failed(self, message: BuilderExit) -> FinishedBuild:
        last = self._last_build or FinishedBuild()
        return FinishedBuild((ProblemExcerpt(message.problem()),), last.notices)

    def _finish(self, build: FinishedBuild) -> None:
        self._turn(build.changed, ready=not build.problems)
        if build.problems and self._last_build:  # the chapters of the last good book stay
            build = replace(build, chapters=self._last_build.chapters)
        self._last_build, self._build_news, self._progress = build, self._news, None
        self._texts = {}

    def _turn(self, changed: tuple[str, ...] | None, *, ready: bool) -> None:
        if changed is None or changed or (self.version == 0 and ready):
            self.version += 1
        if changed is None:
            self._all_changed = self.version
        self._changed |= dict.fromkeys(changed or (), self.version)

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """Yield an event that is set whenever there is news, until the block ends."""
        event = asyncio.Event()
        event.set()
        self._listeners.add(event)
        try:
            yield event
        finally:
            self._listeners.discard(event)

    def news(self, page: PageState) -> list[str]:
        """The messages that a page was not sent yet, as JSON texts; `page` is updated as if it had them."""
        found = []
        if self._last_build and self._build_news > page.news:
            found.append(self._result(self._last_build, page.version))
            page.version = self.version
        elif self.version and page.version != self.version:
            found.append(json.dumps({"state": "pages", **self._pages(page.version)}))
            page.version = self.version
        if self._progress and self._news > page.news:
            progress = self._progress
            data = {"stage": progress.stage, "done": progress.done, "total": progress.total}
            found.append(json.dumps({"state": "building", **data}))
        page.news = self._news
        return found

    def _result(self, build: FinishedBuild, since: int | None) -> str:
        """The last build, and what has changed since a version; most pages ask for the same one.

        Where the version is not known, or too old, all may have changed.
        """
        if since not in self._texts:
            data = {
                "state": "problems" if build.problems else "ready",
                **self._pages(since),
                "problems": as_data(build.problems),
                "notices": as_data(build.notices),
                "total": {"problems": len(build.problems), "notices": len(build.notices)},
                "chapters": chapters_as_data(build.chapters),
                "seconds": build.seconds,
            }
            # ASCII: names of files may hold bytes that are no text, and no socket takes those.
            self._texts[since] = json.dumps(data)
        return self._texts[since]

    def _pages(self, since: int | None) -> dict[str, int | str | list[str] | None]:
        changed = None
        if since is not None and self._all_changed <= since <= self.version:
            changed = sorted(path for path, version in self._changed.items() if version > since)
        return {"version": self.version, "run": self.run, "changed": changed}
