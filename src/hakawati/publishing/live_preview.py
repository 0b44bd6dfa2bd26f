"""The live preview of a book: its build, its watcher and its server, joined."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hakawati.common.watching import changes
from hakawati.errors import BookError, Problem, ToolError
from hakawati.model import Progress, Report
from hakawati.preview.builder import BuildResult
from hakawati.preview.messages import (
    BuilderExit,
    BuilderMessage,
    BuildProgress,
    ChapterSummary,
    FinishedBuild,
)
from hakawati.publishing.shelf import BuildOptions, build_all

__all__ = ["BuildProgress", "BuilderExit", "BuilderMessage", "FinishedBuild", "WatchedProject", "preview"]


@dataclass(frozen=True)
class WatchedProject:
    """Builds one book with its pages, and watches its folder: a `PreviewProject`."""

    folder: Path
    options: BuildOptions

    def saves(self) -> Iterator[None]:
        """Yield once when no save is missed any more, and then after every burst of them."""
        return changes([self.folder])

    def build(
        self, progress: Progress, published: Callable[[], None], waiting: Callable[[str], None]
    ) -> BuildResult:
        """Build the book, its pages first; what the author can mend comes back as problems."""
        options = replace(self.options, web=True, published=published, waiting=waiting)
        try:
            (outcome,) = build_all([self.folder], options, progress)
        except ToolError as error:
            return BuildResult((Problem("", 0, str(error)),))
        if outcome.report is None:
            return BuildResult(outcome.problems)
        return BuildResult((), outcome.report.notices, _chapters(outcome.report))


def _chapters(report: Report) -> tuple[ChapterSummary, ...]:
    return tuple(
        ChapterSummary(edition.name, c.name, c.duration, c.clips_made, c.clips_reused, c.why)
        for edition in (report, *report.editions)
        for c in edition.chapters
    )


def preview(
    project: Path,
    options: BuildOptions,
    *,
    host: str,
    port: int | None,
    notify: Callable[[BuilderMessage], None],
    started: Callable[[str], None],
) -> None:
    """Serve a book's pages until Ctrl-C, which is raised again when everything has ended.

    `port`: None for the first free one from `ports.PORT` on; `notify`: called with every message of the
    builder; `started`: called with the URL, once pages can be asked for. Raises `BookError` where there is no
    book, and `ToolError` where the address cannot be listened on.
    """
    from hakawati.preview.guard import hosts
    from hakawati.preview.ports import address, bind
    from hakawati.preview.server import PreviewSettings, serve

    if not (project / "book").is_dir():
        hint = "name a folder that has a book/ in it, or begin one: hakawati new my-book"
        raise BookError([Problem("book", 0, f"no book/ in {project}", hint)])
    listener = bind(host, port)
    number: int = listener.getsockname()[1]
    own = hosts(host, number, socket.gethostname())
    watched = WatchedProject(project, options)
    serve(PreviewSettings(watched, [listener], own), notify, lambda: started(address(host, number)))
