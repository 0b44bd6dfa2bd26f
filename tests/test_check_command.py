"""`hakawati check`, as its users meet it."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hakawati import cli
from hakawati.check import epubcheck
from tests.building import HAKAWATI, everything
from tests.check.epubs import page, write_epub
from tests.goldens import build_here
from tests.support import write_book

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(epubcheck, "is_installed", lambda: False)
    monkeypatch.setenv("PATH", "")

    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(cli.app, ["check", *map(str, arguments)], catch_exceptions=False)

    return run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = write_book(tmp_path / "project", {"ar/01-one.md": "# عُنْوَان\n\nنص قصير.\n"})
    build_here(made)
    return made


def test_a_sound_project_passes_and_leaves_its_report(run: Run, project: Path) -> None:
    told = run(project, "--quick")
    assert told.exit_code == 0
    assert told.stdout.splitlines()[-2:] == [
        "Passed: 0 problems, 0 notices.",
        f"  {project / 'build' / 'report.html'}",
    ]
    assert (project / "build" / "report.html").read_text().startswith("<!DOCTYPE html>")


def test_what_could_not_be_checked_is_told_and_is_no_fault(run: Run, project: Path) -> None:
    told = run(project, "--quick", "--strict")
    assert told.exit_code == 0
    assert [line.split(";")[0] for line in told.stdout.splitlines()[:3]] == [
        "Not checked: EPUBCheck is not installed",
        "Not checked: Ace by DAISY is not installed, and only a part of accessibility was checked",
        "Not checked: the narration was not listened to (--quick)",
    ]


def test_the_seconds_are_counted_that_are_listened_to(run: Run, project: Path) -> None:
    (epub,) = (project / "build").glob("*.epub")
    (timings,) = (project / "build" / "timings").glob("*.json")
    seconds = int(json.loads(timings.read_bytes())["duration"])
    told = run(project)
    assert told.exit_code == 0
    assert f"Listening to build/{epub.name}, in seconds: {seconds}" in told.stderr.splitlines()
    assert "Listening" not in run(project, "--quick").stderr


def test_a_notice_fails_a_strict_check_only(run: Run, project: Path) -> None:
    chapter = project / "book" / "ar" / "01-one.md"
    chapter.write_text("# عُنْوَان\n\nنص (قصير.\n")
    build_here(project)
    told = run(project, "--quick")
    assert told.exit_code == 0
    assert told.stdout.splitlines()[:2] == [
        "book/ar/01-one.md:3: notice: ( before “قصير.” is not closed",
        "    hint: add ) where it ends, or delete (",
    ]
    assert "Passed: 0 problems, 1 notice." in told.stdout
    told = run(project, "--quick", "--strict")
    assert told.exit_code == 1
    assert "FAILED: 0 problems, 1 notice." in told.stdout


def test_a_problem_fails_every_check(run: Run, project: Path) -> None:
    (project / "book" / "ar" / "01-one.md").write_text("# عُنْوَان\n\nنص.[^x]\n")
    told = run(project)
    assert told.exit_code == 1
    assert told.stdout.startswith("book/ar/01-one.md:3: the note [^x] is not defined\n    hint: ")
    assert "FAILED: 1 problem, 0 notices." in told.stdout


def test_json_has_every_field_of_every_finding(run: Run, project: Path) -> None:
    (project / "book" / "ar" / "01-one.md").write_text("# عُنْوَان\n\nنص (قصير.\n")
    told = run(project, "--quick", "--json")
    assert told.exit_code == 1
    assert told.stderr == ""
    found = json.loads(told.stdout)
    assert (found["title"], found["passed"], found["problems"], found["notices"]) == ("كتاب", False, 1, 1)
    assert found["findings"][1] == {
        "check": "sources",
        "path": "book/ar/01-one.md",
        "line": 3,
        "message": "( before “قصير.” is not closed",
        "hint": "add ) where it ends, or delete (",
        "severe": False,
        "chapter": "01-one",
        "begin": 0.0,
        "end": 0.0,
    }
    assert found["report"] == str(project / "build" / "report.html")


def test_an_epub_is_checked_without_a_project_and_reported_where_it_is_wished(
    run: Run, tmp_path: Path
) -> None:
    body = '<h1>A</h1>\n<p><img src="nav.xhtml"/></p>'
    file = write_epub(tmp_path / "book.epub", {"one.xhtml": page(body)})
    told = run(file, "--quick")
    assert told.exit_code == 1
    assert told.stdout.startswith(f"{file}/EPUB/one.xhtml:5: the image “nav.xhtml” has no alternative text\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book.epub"]
    run(file, "--quick", "--report", tmp_path / "report.html")
    assert "A Book: what the check found" in (tmp_path / "report.html").read_text()


# The report's file


@pytest.fixture
def notice(project: Path) -> Path:
    """A project with one notice."""
    (project / "book" / "ar" / "01-one.md").write_text("# عُنْوَان\n\nنص (قصير.\n")
    build_here(project)
    return project


SAME_RIGHTS_AS_ANYBODY = """
import ctypes, os, sys
for capability in (1, 2):  # those by which root reads and writes everything
    ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.mark.parametrize("strict", [False, True])
def test_a_project_that_cannot_be_written_has_its_findings_told(notice: Path, strict: bool) -> None:
    before = everything(notice)
    folders = [notice, *(path for path in notice.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        options = ["--quick", *(["--strict"] if strict else [])]
        done = subprocess.run(
            [sys.executable, "-c", SAME_RIGHTS_AS_ANYBODY, *HAKAWATI, "check", *options, str(notice)],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert done.stdout.startswith("book/ar/01-one.md:3: notice: ( before “قصير.” is not closed\n")
    assert done.stdout.endswith(f"{'FAILED' if strict else 'Passed'}: 0 problems, 1 notice.\n")
    page = notice / "build" / "report.html"
    assert done.stderr.splitlines()[-1] == (
        f"There is no report. {page}: it cannot be written: Permission denied; "
        "name a file in another folder with --report"
    )
    assert done.returncode == (1 if strict else 0)
    assert everything(notice) == before


def test_a_project_that_cannot_be_written_can_have_its_report_elsewhere(
    run: Run, notice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(path: Path, data: bytes) -> None:
        if path.is_relative_to(notice):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        path.write_bytes(data)

    monkeypatch.setattr("hakawati.common.destination.write_atomically", write)
    told = run("--quick", "--json", notice)
    assert (told.exit_code, json.loads(told.stdout)["report"]) == (0, None)
    assert "Read-only file system" in told.stderr
    told = run("--quick", notice, "--report", tmp_path / "report.html")
    assert (told.exit_code, told.stderr.count("report")) == (0, 0)
    assert "what the check found" in (tmp_path / "report.html").read_text()
    told = run("--quick", notice, "--report", notice / "report.html")
    assert told.exit_code == 1  # it is what was asked for
    assert "Passed: 0 problems, 1 notice." in told.stdout


@pytest.mark.parametrize("json_only", [[], ["--json"]])
def test_a_persons_own_page_in_the_reports_place_is_kept(
    run: Run, notice: Path, json_only: list[str]
) -> None:
    page = notice / "build" / "report.html"
    page.write_text("<!DOCTYPE html>\n<title>Precious: what the check found</title>")
    before = page.read_bytes()
    told = run("--quick", *json_only, notice)
    assert told.exit_code == 0
    assert "not closed" in told.stdout
    assert told.stderr.splitlines()[-1] == (
        f"There is no report. {page}: it is there already, and hakawati check did not make it; "
        "name another file with --report, or replace it with --force"
    )
    assert page.read_bytes() == before
    assert run("--quick", "--force", notice).exit_code == 0
    assert run("--quick", notice).stderr == run("--quick", notice).stderr
    assert page.read_bytes() != before


def test_a_report_is_written_over_a_report_and_nothing_else(run: Run, notice: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    for _ in range(2):
        told = run("--quick", notice, "--report", report)
        assert (told.exit_code, told.stdout.splitlines()[-1]) == (0, f"  {report}")
    (other := tmp_path / "thesis.html").write_text("precious")
    told = run("--quick", notice, "--report", other)
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.startswith(f"{other}: it is there already, and hakawati check did not make it\n")
    assert other.read_text() == "precious"
    assert run("--quick", notice, "--report", other, "--force").exit_code == 0
    assert run("--quick", notice, "--report", tmp_path).exit_code == 1
    assert run("--quick", notice, "--report", tmp_path / "none" / "x.html").exit_code == 1


def test_the_epub_that_is_checked_is_not_overwritten_by_its_report(run: Run, tmp_path: Path) -> None:
    file = write_epub(tmp_path / "book.epub", {})
    before = file.read_bytes()
    assert run(file, "--quick", "--report", file).exit_code == 1
    assert file.read_bytes() == before


def test_a_strangers_project_leads_no_report_out_of_it(run: Run, notice: Path, tmp_path: Path) -> None:
    (notice / "build").rename(tmp_path / "elsewhere")
    (notice / "build").symlink_to(tmp_path / "elsewhere")
    run("--quick", "--report", tmp_path / "elsewhere" / "report.html", notice)
    before = everything(tmp_path / "elsewhere")
    told = run("--quick", notice, "--force")
    assert told.stderr.splitlines()[-1].startswith(
        f"There is no report. {notice}/build/report.html: this leads out of the project; "
    )
    assert everything(tmp_path / "elsewhere") == before


@pytest.mark.parametrize("name", ["none.epub", "text.epub", "text.md"])
def test_what_is_no_epub_is_told(name: str, run: Run, tmp_path: Path) -> None:
    if name.startswith("text"):
        (tmp_path / name).write_text("Text.")
    told = run(tmp_path / name)
    assert told.exit_code == 1
    assert told.stdout.startswith(f"{tmp_path / name}: ")
    assert "FAILED: 1 problem, 0 notices." in told.stdout


def test_a_folder_without_a_book_is_told_and_nothing_is_left_in_it(run: Run, tmp_path: Path) -> None:
    told = run(tmp_path)
    assert told.exit_code == 1
    assert told.stdout.startswith(f"book: no book/ in {tmp_path}\n    hint: ")
    assert list(tmp_path.iterdir()) == []


def test_on_a_terminal_it_is_a_table(run: Run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "book" / "ar" / "01-one.md").write_text("# عُنْوَان\n\nنص [قصير](x:y) (.\n")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    told = run(project)
    assert told.exit_code == 1
    assert "Where" in told.stdout
    assert "book/ar/01-one.md:3" in told.stdout
    assert "\x1b[" in told.stdout


def test_wrong_usage_has_status_2(run: Run, tmp_path: Path) -> None:
    assert run(tmp_path, "--fast").exit_code == 2
    assert run(tmp_path, tmp_path).exit_code == 2
