"""The command `check`."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hakawati.cli import output

if TYPE_CHECKING:
    from hakawati.common.destination import Destination
    from hakawati.model import Finding
    from hakawati.publishing.project_check import CheckResult


def check(
    path: Annotated[
        Path,
        typer.Argument(help="The project folder, or an EPUB, whoever made it.", metavar="PATH|FILE.epub"),
    ] = Path(),
    strict: Annotated[bool, typer.Option("--strict", help="Let notices fail the check, too.")] = False,
    report: Annotated[
        Path | None,
        typer.Option(help="Write the report here, not into build/report.html; of an EPUB, write one."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the report's file even if something else made it.")
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help="Do not listen to the narration, which takes longest.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the findings as JSON and nothing else.")
    ] = False,
) -> None:
    """Tell what is wrong with a book, before its readers do.

    Of a project, its sources and what was built of them: nothing is built. Of an EPUB, all that can be told
    without the sources. Exit status: 0 nothing is wrong; 1 a problem was found, or, with --strict, a notice.
    """
    with output.problems_reported():
        from hakawati.publishing import project_check as checking
        from hakawati.publishing.publication_check import CheckOptions

        project = None if path.is_file() or path.suffix == ".epub" else path
        place = checking.report_destination(report, project, force=force)
        with output.plug_ins_apart(), output.progress(quiet=as_json) as progress:
            means = CheckOptions(os.environ, progress, listen=not quick)
            made = checking.check_project(project, means) if project else checking.check_epub(path, means)
    unwritten = _unwritten(made, place, project)
    page = place.path if place and not unwritten else None
    failed = made.fails(strict=strict)
    if as_json:
        typer.echo(_as_json(made, page, failed=failed))
    else:
        _print(made, page, failed=failed)
    if unwritten:
        typer.echo(unwritten, err=True)
    raise typer.Exit(1 if failed or (report and unwritten) else 0)


def _unwritten(made: CheckResult, place: Destination | None, project: Path | None) -> str:
    """Write the report; why there is none, in one line, or nothing."""
    from hakawati.errors import BookError, visible
    from hakawati.publishing import project_check as checking

    try:
        if place:
            checking.write_report(made, place, project)
    except BookError as error:
        (problem,) = error.problems
        return visible(f"There is no report. {problem.where}: {problem.message}; {problem.hint}")
    return ""


def _as_json(made: CheckResult, page: Path | None, *, failed: bool) -> str:
    found = {
        "title": made.title,
        "passed": not failed,
        "problems": made.severe,
        "notices": made.notices,
        "findings": [_flat(finding) for finding in made.findings],
        "not_checked": made.left_out,
        "chapters": [{k: v for k, v in asdict(part).items() if k != "strip"} for part in made.parts],
        "report": str(page) if page else None,
    }
    return json.dumps(found, ensure_ascii=False)


def _flat(finding: Finding) -> dict[str, object]:
    """A finding with its problem's fields among its own."""
    fields = asdict(finding)
    problem = fields.pop("problem")
    return {"check": fields.pop("check"), **problem, **fields}


def _print(made: CheckResult, page: Path | None, *, failed: bool) -> None:
    from rich.console import Console

    from hakawati.common.wording import count

    console = Console(highlight=False)
    if console.is_terminal and made.findings:
        _print_table(console, made)
    else:
        for finding in made.findings:
            problem = finding.problem
            told = problem if finding.severe else replace(problem, message=f"notice: {problem.message}")
            typer.echo(str(told))
    for what in made.left_out:
        typer.echo(f"Not checked: {what}")
    said = f"{count(made.severe, 'problem')}, {count(made.notices, 'notice')}"
    typer.echo(f"{'FAILED' if failed else 'Passed'}: {said}.")
    if page:
        typer.echo(f"  {page}")


def _print_table(console: object, made: CheckResult) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from hakawati.check.html_report import KINDS
    from hakawati.common.wording import format_tenths

    assert isinstance(console, Console)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0))
    for name in ("", "Check", "Where", "What is wrong, and what to do"):
        table.add_column(name, overflow="fold")
    for finding in made.findings:
        problem = finding.problem
        where = problem.where
        if finding.end > 0:
            where += f"\n{format_tenths(finding.begin)}–{format_tenths(finding.end)}"
        what = Text(problem.message)
        if problem.hint:
            what.append(f"\n{problem.hint}", style="dim")
        sign = Text("problem", style="bold red") if finding.severe else Text("notice", style="yellow")
        table.add_row(sign, KINDS[finding.check], Text(where), what)
    console.print(table)
