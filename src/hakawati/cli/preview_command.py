"""The command `preview`."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hakawati.cli import output
from hakawati.cli.arguments import ProjectPath, StorePath, Voices, Workers, build_options

if TYPE_CHECKING:
    from hakawati.errors import Problem
    from hakawati.publishing.live_preview import BuilderMessage, FinishedBuild

_LONG = 20
"""Steps of a stage that is worth a line."""


def preview(
    path: ProjectPath = Path(),
    host: Annotated[
        str,
        typer.Option(help="The address to listen on; with 0.0.0.0 all who share a network can look."),
    ] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="The port to listen on (the first free one from 8571 on)."),
    ] = None,
    open_browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Whether to open the book in the browser.")
    ] = True,
    voice: Voices = None,
    workers: Workers = None,
    store: StorePath = None,
) -> None:
    """Show a book in the browser, read aloud and lit up word by word, and follow every edit.

    Save a file, and the page has the new text and the new sound. Problems of the book are shown in the page
    and here, while the last good book stays. Ctrl-C ends it.
    """

    def started(url: str) -> None:
        typer.echo(f"Preview: {url}   (Ctrl-C ends it.)")
        if open_browser:
            webbrowser.open(url)

    with output.problems_reported():
        from hakawati.publishing import live_preview as previewing

        options = build_options(voice, workers, store)
        previewing.preview(path, options, host=host, port=port, notify=_BuildPrinter(), started=started)


class _BuildPrinter:
    """Prints a line for every build, and problems as `build` does; notices only where they changed."""

    def __init__(self) -> None:
        self.stage = ""
        self.notices: list[Problem] = []

    def __call__(self, message: BuilderMessage) -> None:
        from hakawati.publishing.live_preview import BuilderExit, BuildProgress, FinishedBuild

        if isinstance(message, FinishedBuild):
            self._print_build(message)
        elif isinstance(message, BuildProgress):
            if message.total >= _LONG and message.stage != self.stage:
                typer.echo(f"{message.stage}: {message.total}", err=True)
            self.stage = message.stage
        elif isinstance(message, BuilderExit):
            output.print_problems([message.problem()])

    def _print_build(self, build: FinishedBuild) -> None:
        from hakawati.common.wording import count

        problems = [shown.problem for shown in build.problems]
        notices = [shown.problem for shown in build.notices]
        output.print_problems(problems)
        if problems:
            kept = "the page shows the last good book"
            typer.echo(f"{count(len(problems), 'problem')}; {kept}.", err=True)
            return
        if notices != self.notices:
            output.print_problems(notices)
            self.notices = notices
        made = sum(chapter.made for chapter in build.chapters)
        reused = sum(chapter.reused for chapter in build.chapters)
        spoken = f"{count(made, 'sentence')} spoken and {reused} reused"
        typer.echo(f"Built in {build.seconds:.1f} s, {spoken}.")
