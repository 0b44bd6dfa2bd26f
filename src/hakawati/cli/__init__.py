"""The command line: arguments and exit status; what it prints is in `output`.

Nothing outside of this room prints, exits or reads the environment.

Exit status: 0 done; 1 the book or the build has problems; 2 wrong usage; 128 plus a signal's number where a
signal ended it.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hakawati.cli import check_command, output, preview_command, voice_commands
from hakawati.cli.arguments import ProjectPath, StorePath, Voices, Workers, build_options

if TYPE_CHECKING:
    from hakawati.publishing.shelf import BuildOptions

app = typer.Typer(
    help="Turn a book folder into a read-aloud EPUB 3 and its narrated MP3 chapters, in sync to the word.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


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
    from hakawati.source.book_yaml import LANGUAGE
    from hakawati.source.new_project import new_project

    codes = [*([language] if language else []), *(translation or [])]
    for code in codes:
        if not LANGUAGE.fullmatch(code):
            raise typer.BadParameter(f"“{code}” is no language code; Arabic is ar, English en")
    if codes and not text:
        raise typer.BadParameter("--language and --translation go with --text")
    with output.problems_reported():
        made = new_project(path, text, title, language, translation or [])
    for name in made:
        typer.echo(f"  {path / name}")
    typer.echo(f"Now build it:  hakawati build {shlex.quote(str(path))}")


@app.command()
def build(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Project folders, the ones with book/ in them (here).", metavar="PATH…"),
    ] = None,
    voice: Voices = None,
    workers: Workers = None,
    store: StorePath = None,
    cluster: Annotated[
        str,
        typer.Option(
            help="Speak on a Dask cluster: tcp://HOST:PORT, tls://HOST:PORT, or local:N to start N processes."
        ),
    ] = "",
    web: Annotated[
        bool, typer.Option("--web", help="Make the web edition too: build/web/, to read in any browser.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be spoken, and why.")
    ] = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Read every file that was made, and make damaged ones again.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace files in audio/ and build/ that no build has made.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Build again whenever a file of a book is saved.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the report as JSON and nothing else.")
    ] = False,
) -> None:
    """Build the EPUB and the MP3 chapters of a project, or of several.

    What was spoken before and has not changed is not spoken again. The files are left in the project:
    build/TITLE.epub, audio/CHAPTER.mp3, build/timings/CHAPTER.json and build/report.json. Of several
    projects, one that has problems does not stop the others.
    """
    projects = paths or [Path()]
    if watch and (dry_run or as_json):
        raise typer.BadParameter("--watch goes with neither --dry-run nor --json", param_hint="--watch")
    with output.problems_reported():
        chosen = build_options(voice, workers, store)
        options = replace(
            chosen,
            cluster=cluster,
            web=web,
            dry_run=dry_run,
            verify=verify,
            force=force,
            waiting=output.print_waiting,
        )
        if watch:
            from hakawati.common.watching import changes

            for _ in changes(projects):
                failed = _build(projects, options, as_json=False)
                typer.echo("Watching. Ctrl-C ends it.", err=True)
        else:
            failed = _build(projects, options, as_json=as_json)
    raise typer.Exit(1 if failed else 0)


def _build(projects: Sequence[Path], options: BuildOptions, *, as_json: bool) -> bool:
    """Build, print the outcome, and return whether a book failed."""
    from time import perf_counter

    from hakawati.publishing import shelf as pipeline

    begin = perf_counter()
    with output.plug_ins_apart(), output.progress(quiet=as_json) as progress:
        outcomes = pipeline.build_all(projects, options, progress)
    if as_json:
        output.print_json(outcomes)
    else:
        output.print_outcomes(outcomes, perf_counter() - begin, dry_run=options.dry_run)
    return any(outcome.report is None for outcome in outcomes)


app.command()(check_command.check)


@app.command(name="store")
def store_command(
    path: ProjectPath = Path(),
    store: StorePath = None,
    prune: Annotated[bool, typer.Option("--prune", help="Remove what no book uses any more.")] = False,
    forget: Annotated[
        list[str] | None,
        typer.Option(help="A book that is not here any more, by its folder: what it used may be removed."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the figures as JSON and nothing else.")
    ] = False,
) -> None:
    """Show how large a project's store of clips is, and clear it up.

    A clip that an edit put out of use is kept, so that an edit taken back costs nothing. --prune removes
    what none of the books that were built with the store uses now, but for the last hour's. What a book uses
    whose folder is not on this machine, or not now, stays until --forget names that folder.
    """
    from hakawati.common.store import Store
    from hakawati.publishing.outputs import Outputs
    from hakawati.publishing.paths import STORE

    with output.problems_reported():
        there = Store(store or Outputs(path).folder(STORE))
        unknown = there.forget(forget or [])
        removed = there.prune() if prune else None
        usage, absent = there.usage(), there.absent()
    if as_json:
        output.print_store_json(usage, removed, absent)
    else:
        output.print_store(there.root, usage, removed, absent)
    for folder in unknown:
        typer.echo(f"{folder}: no book of this folder uses the store", err=True)
    raise typer.Exit(1 if unknown else 0)


app.command()(preview_command.preview)
app.command()(voice_commands.say)
app.command()(voice_commands.words)
app.add_typer(voice_commands.voices_app)
