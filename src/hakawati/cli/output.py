"""What the command line prints, and how: problems, summaries, progress."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from hakawati.common.store import StoredBook, Usage
    from hakawati.errors import Problem
    from hakawati.model import Progress, Report
    from hakawati.publishing.options import Outcome


_STOPPED = "Stopped. What was spoken is kept, and the next build goes on from here."


@contextmanager
def problems_reported() -> Iterator[None]:
    """Report what is wrong, and exit: the one place where an exception becomes a message.

    A signal that asks the command to end does so, as Ctrl-C does: the status is 128 plus the signal's number.
    """
    from hakawati.cli.interruption import interruptible
    from hakawati.errors import BookError, ToolError

    with interruptible() as interruption:
        try:
            yield
        except BookError as error:
            print_problems(error.problems)
            raise typer.Exit(1) from None
        except ToolError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None
        except (KeyboardInterrupt, OSError) as error:
            if isinstance(error, KeyboardInterrupt) or interruption.number:
                with suppress(OSError):  # the terminal may be gone
                    typer.echo(_STOPPED, err=True)
                raise typer.Exit(interruption.status) from None
            where = f"{error.filename}: " if error.filename else ""
            typer.echo(f"{where}{error.strerror or error}", err=True)
            raise typer.Exit(1) from None


@contextmanager
def plug_ins_apart() -> Iterator[None]:
    """Send all that is printed in the block to stderr: by plug-ins, by C libraries, by other processes.

    A command prints its own output after the block, so that a program that reads it finds nothing else.
    """
    _flush()
    output = _diverted()
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        _flush()
        _flush_c()
        if output is not None:
            os.dup2(output, 1)
            os.close(output)


@contextmanager
def plug_ins_apart_at_last() -> Iterator[None]:
    """The same for what is printed after the block, while Python ends."""
    try:
        yield
    finally:
        _flush()
        if (output := _diverted()) is not None:
            os.close(output)


def _diverted() -> int | None:
    """Make the output the same as stderr; returns what it was, or None where one of them is closed."""
    with suppress(OSError):
        output = os.dup(1)
        try:
            os.dup2(2, 1)
        except OSError:
            os.close(output)
        else:
            return output
    return None


def _flush() -> None:
    """Write what Python has in its buffers."""
    for stream in {sys.stdout, sys.__stdout__}:
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()  # type: ignore[union-attr]


def _flush_c() -> None:
    """Write what C libraries have in their buffers."""
    with suppress(OSError, AttributeError, ImportError, TypeError):
        import ctypes

        ctypes.CDLL(None).fflush(None)


def print_problems(problems: Sequence[Problem]) -> None:
    """Each with its place and hint, to stderr."""
    for problem in problems:
        typer.echo(str(problem), err=True)


def print_json(outcomes: Sequence[Outcome]) -> None:
    """The report of one book, or a list with each book's report or problems."""
    found = [
        asdict(outcome.report) if outcome.report else {"problems": [asdict(p) for p in outcome.problems]}
        for outcome in outcomes
    ]
    if len(outcomes) > 1:
        found = [{"project": str(o.project), **what} for o, what in zip(outcomes, found, strict=True)]
    told = json.dumps(found if len(outcomes) > 1 else found[0], ensure_ascii=False)
    # What of a file's name is no UTF-8 can be written as JSON has it, \udc80.
    typer.echo(told.encode("utf-8", "backslashreplace").decode())


def print_outcomes(outcomes: Sequence[Outcome], took: float, *, dry_run: bool) -> None:
    """What was made of each book and why, or what is wrong with it; for several, a table at the end."""
    from hakawati.common.wording import count

    for outcome in outcomes:
        if len(outcomes) > 1:
            typer.echo(f"{outcome.project}:")
        if outcome.report:
            print_problems(outcome.report.notices)
            _print_report(outcome.project, outcome.report, took, dry_run=dry_run)
        else:
            print_problems(outcome.problems)
            typer.echo(f"{count(len(outcome.problems), 'problem')}; nothing was built.", err=True)
    if len(outcomes) > 1:
        _print_table(outcomes, took)


def _print_report(project: Path, report: Report, took: float, *, dry_run: bool) -> None:
    from hakawati.common.wording import count

    every = [report, *report.editions]
    for edition in every:
        if edition.name:
            typer.echo(f"  {edition.name}:")
        for chapter in edition.chapters:
            typer.echo(f"  {chapter.name:<24} {minutes(chapter.duration):>8}   {chapter.why}")
    chapters = [chapter for edition in every for chapter in edition.chapters]
    made = sum(chapter.clips_made for chapter in chapters)
    reused = sum(chapter.clips_reused for chapter in chapters)
    if dry_run:
        typer.echo(f"{count(made, 'sentence')} would be spoken, and {reused} reused; nothing was written.")
        return
    editions = f"{count(len(every), 'edition')}, " if report.editions else ""
    total = sum(chapter.duration for chapter in chapters)
    typer.echo(
        f"{editions}{minutes(total)} of narration, {count(made, 'sentence')} spoken and {reused} reused, "
        f"in {took:.1f} s"
    )
    _print_vowels(report)
    for edition in every:
        typer.echo(f"  {project / edition.epub}")
        typer.echo(f"  {project / 'audio' / edition.name}{os.sep}*.mp3")


def _print_vowels(report: Report) -> None:
    """How many words of the book have vowels that nobody has settled."""
    from hakawati.common.wording import count
    from hakawati.model import VowelCounts

    vowels = sum((chapter.vowels for chapter in report.chapters), VowelCounts())
    if vowels.guesses:
        typer.echo(
            f"The vowels of {vowels.guesses:,} of {count(vowels.words, 'Arabic word')} are guesses"
            + (f", {vowels.doubtful:,} of them doubtful (hakawati words)" if vowels.doubtful else "")
        )


def _print_table(outcomes: Sequence[Outcome], took: float) -> None:
    from hakawati.common.wording import count

    for outcome in outcomes:
        if outcome.report:
            editions = (outcome.report, *outcome.report.editions)
            total = sum(chapter.duration for edition in editions for chapter in edition.chapters)
            made = sum(chapter.clips_made for edition in editions for chapter in edition.chapters)
            result = f"done     {minutes(total):>10}   {count(made, 'sentence')} spoken"
        else:
            result = f"FAILED   {count(len(outcome.problems), 'problem')}"
        typer.echo(f"{outcome.project!s:<32} {result}")
    failed = sum(outcome.report is None for outcome in outcomes)
    typer.echo(f"{len(outcomes) - failed} of {len(outcomes)} books are done, in {took:.1f} s")


def print_waiting(who: str) -> None:
    """Report that another build of the same book must end first. `who`: what runs it."""
    typer.echo(f"Waiting: {who} builds this book.", err=True)


def print_store(root: Path, usage: Usage, removed: Usage | None, absent: Sequence[StoredBook]) -> None:
    """How large a store is, and what was removed from it."""
    if removed:
        typer.echo(f"Removed {removed.entries} entries, {megabytes(removed.size)}.")
    typer.echo(f"{root}: {usage.entries} entries, {megabytes(usage.size)}")
    if usage.unused:
        what = "are used by no book" + (", but may be soon" if removed else " (--prune)")
        typer.echo(f"  {usage.unused} of them, {megabytes(usage.unused_size)}, {what}")
    for book in absent:
        typer.echo(f"  {book.project} on {book.machine} uses it, and is not here now (--forget)")


def print_store_json(usage: Usage, removed: Usage | None, absent: Sequence[StoredBook]) -> None:
    """The same as JSON, for programs."""
    removed_too = {"removed": removed.entries, "removed_size": removed.size} if removed else {}
    books = [{"project": book.project, "machine": book.machine} for book in absent]
    typer.echo(json.dumps(asdict(usage) | removed_too | {"absent": books}))


def megabytes(size: int) -> str:
    """A size for people."""
    return f"{size / 1e6:.1f} MB"


def minutes(seconds: float) -> str:
    """A duration for people: `7:03 min`, `1:07:03`."""
    from hakawati.common.wording import format_time

    return f"{format_time(seconds)}{' min' if round(seconds) < 3600 else ''}"


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress]:
    """A bar with an estimate on a terminal, a line for each stage elsewhere, nothing with --json."""
    from hakawati.model import NoProgress

    if quiet:
        yield NoProgress()
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
            yield _ProgressBar(bars)
    else:
        yield _ProgressLines()


class _ProgressBar:
    def __init__(self, bars: object) -> None:
        from rich.progress import Progress as Bars

        assert isinstance(bars, Bars)
        self.bars = bars
        self.task = bars.add_task("Reading", total=None)

    def stage(self, name: str, total: int) -> None:
        self.bars.reset(self.task, description=name, total=total)

    def advance(self, steps: int = 1) -> None:
        self.bars.advance(self.task, steps)


class _ProgressLines:
    """One line when a stage begins, and one at each tenth of a long one."""

    def __init__(self) -> None:
        self.name, self.total, self.done = "", 0, 0

    def stage(self, name: str, total: int) -> None:
        self.name, self.total, self.done = name, total, 0
        if total:
            typer.echo(f"{name}: {total}", err=True)

    def advance(self, steps: int = 1) -> None:
        before, self.done = self.done, self.done + steps
        if self.total >= 100 and before * 10 // self.total != self.done * 10 // self.total:
            typer.echo(f"{self.name}: {self.done} of {self.total}", err=True)
