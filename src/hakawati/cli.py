"""The command line: arguments, progress, printing, exit status.

Nothing else prints, exits or reads the environment.

Exit status: 0 done; 1 the book or the build has problems; 2 wrong usage.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hakawati.errors import Problem
    from hakawati.model import Progress, Report, VoiceChoice

app = typer.Typer(
    help="Turn a book folder into a read-aloud EPUB 3 and its narrated MP3 chapters, in sync to the word.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
_LAST_SECOND = 253_402_300_799
"""Of the year 9999, where dates end."""
ProjectPath = Annotated[
    Path, typer.Argument(help="The project folder: the one with book/ in it.", metavar="PATH")
]


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    """Turn a book folder into a read-aloud EPUB 3 and its narrated MP3 chapters, in sync to the word."""
    if version:
        from hakawati import __version__

        typer.echo(f"hakawati {__version__}")
        raise typer.Exit


@app.command()
def new(
    path: Annotated[Path, typer.Argument(help="The folder to make.", metavar="PATH")],
    text: Annotated[
        Path | None, typer.Option(help="Make the chapters out of this plain text file (UTF-8).")
    ] = None,
    title: Annotated[str | None, typer.Option(help="The book's title, in its own language.")] = None,
    language: Annotated[
        str | None,
        typer.Option(help="The text's language, as a code: ar, en … (guessed from its letters)."),
    ] = None,
    translation: Annotated[
        list[str] | None, typer.Option(help="A language to translate into; may be given again.")
    ] = None,
) -> None:
    """Begin a project that builds at once.

    Without --text it holds a small sample to write over. With --text the book is made out of a plain text
    file: empty lines (or else lines) divide paragraphs, and a short line without punctuation begins a
    chapter. The text itself is kept letter for letter.
    """
    from hakawati.source.config import LANGUAGE
    from hakawati.source.folder import new_project

    codes = [*([language] if language else []), *(translation or [])]
    for code in codes:
        if not LANGUAGE.fullmatch(code):
            raise typer.BadParameter(f"“{code}” is no language code; Arabic is ar, English en")
    if codes and not text:
        raise typer.BadParameter("--language and --translation go with --text")
    with _problems_reported():
        made = new_project(path, text, title, language, translation or [])
    for name in made:
        typer.echo(f"  {path / name}")
    typer.echo(f"Now build it:  hakawati build {shlex.quote(str(path))}")


@app.command()
def build(
    path: ProjectPath = Path(),
    voice: Annotated[
        list[str] | None,
        typer.Option(
            help="LANGUAGE=ENGINE or LANGUAGE=ENGINE:VOICE, instead of the book's; may be given again."
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=256, help="How many sentences to speak at a time (one a core)."),
    ] = None,
    store: Annotated[
        Path | None, typer.Option(help="Keep the clips of speech here, not in the project's build/store.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report as JSON and nothing else.")
    ] = False,
) -> None:
    """Build the EPUB and the MP3 chapters of a project.

    What was spoken before and has not changed is not spoken again. The files are left in the project:
    build/TITLE.epub, audio/CHAPTER.mp3, build/timings/CHAPTER.json and build/report.json.
    """
    from dataclasses import asdict, replace
    from time import perf_counter

    begin = perf_counter()
    choices = dict(_voice_choice(given) for given in voice or [])
    with _problems_reported():
        from hakawati import pipeline

        defaults = pipeline.default_options()
        options = replace(
            defaults,
            voices=choices,
            workers=workers or defaults.workers,
            store=store,
            modified=_source_date_epoch(),
        )
        with _progress(quiet=as_json) as progress:
            report = pipeline.build(path, options, progress)
    if as_json:
        typer.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        _print_problems(report.notices)
        _print_summary(path, report, perf_counter() - begin)


@app.command()
def voices(
    language: Annotated[str | None, typer.Argument(help="Only voices for this language, as a code.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON and nothing else.")] = False,
) -> None:
    """List the engines, and the voices that are ready here.

    Choose one in book.yaml, under “voices”: {ar: {engine: espeak, voice: ar}}.
    """
    from hakawati.voices import ENGINES

    found = {
        engine.name: {name: what for name, what in engine.names().items() if _speaks(name, language)}
        for engine in ENGINES.values()
    }
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for engine in ENGINES.values():
        typer.echo(f"{engine.name} — {engine.description}")
        for name, what in found[engine.name].items():
            typer.echo(f"  {name:<16} {what}")


def _speaks(voice: str, language: str | None) -> bool:
    return language is None or voice.split("-", maxsplit=1)[0] == language.split("-")[0]


def _voice_choice(given: str) -> tuple[str, VoiceChoice]:
    from hakawati.model import Place, VoiceChoice

    lang, equals, rest = given.partition("=")
    engine, _, name = rest.partition(":")
    if not (lang and equals and engine):
        raise typer.BadParameter(f"“{given}” should look like ar=espeak:ar", param_hint="--voice")
    return lang, VoiceChoice(engine, {"voice": name} if name else {}, Place("--voice", 0))


def _source_date_epoch() -> int | None:
    """The time that a reproducible build should claim (reproducible-builds.org)."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given:
        return None
    if not given.isdecimal() or int(given) > _LAST_SECOND:
        raise typer.BadParameter(f"SOURCE_DATE_EPOCH should be seconds since 1970, not “{given}”")
    return int(given)


@contextmanager
def _problems_reported() -> Iterator[None]:
    """Say what is wrong, and exit: the one place where an exception becomes a message."""
    from hakawati.errors import BookError

    try:
        yield
    except BookError as error:
        _print_problems(error.problems)
        typer.echo(f"{_count(len(error.problems), 'problem')}; nothing was built.", err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        typer.echo(f"{where}{error.strerror or error}; what was built before is still there.", err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        typer.echo("Stopped. What was spoken is kept, and the next build goes on from here.", err=True)
        raise typer.Exit(130) from None


def _print_problems(problems: Sequence[Problem]) -> None:
    for problem in problems:
        typer.echo(str(problem), err=True)


def _print_summary(path: Path, report: Report, took: float) -> None:
    made = sum(chapter.clips_made for chapter in report.chapters)
    reused = sum(chapter.clips_reused for chapter in report.chapters)
    for chapter in report.chapters:
        typer.echo(f"  {chapter.name:<24} {_minutes(chapter.duration):>8}   {chapter.why}")
    total = sum(chapter.duration for chapter in report.chapters)
    typer.echo(
        f"{_count(len(report.chapters), 'chapter')}, {_minutes(total)} of narration, "
        f"{_count(made, 'sentence')} spoken and {reused} reused, in {took:.1f} s"
    )
    typer.echo(f"  {path / report.epub}")
    typer.echo(f"  {path / 'audio'}{os.sep}*.mp3")


def _count(n: int, name: str) -> str:
    return f"{n} {name}" if n == 1 else f"{n} {name}s"


def _minutes(seconds: float) -> str:
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02} min"


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Progress]:
    """A bar with an estimate on a terminal, a line for each stage elsewhere, nothing with --json."""
    from hakawati.model import Silent

    if quiet:
        yield Silent()
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
            yield _Bar(bars)
    else:
        yield _Lines()


class _Bar:
    def __init__(self, bars: object) -> None:
        from rich.progress import Progress as Bars

        assert isinstance(bars, Bars)
        self.bars = bars
        self.task = bars.add_task("Reading", total=None)

    def stage(self, name: str, total: int) -> None:
        self.bars.reset(self.task, description=name, total=total)

    def advance(self, steps: int = 1) -> None:
        self.bars.advance(self.task, steps)


class _Lines:
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
