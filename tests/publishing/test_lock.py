"""One build of a project at a time."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from hakawati.errors import BookError
from hakawati.model import Report
from hakawati.publishing import shelf as pipeline
from hakawati.publishing.lock import HOLDER, LOCK, locked
from tests.building import Command, Reader, left, soon, without_builds
from tests.goldens import TIME, Inline, build_here
from tests.support import write_book

HOLD = """
import sys, time
from pathlib import Path
from hakawati.publishing.lock import locked
with locked(Path(sys.argv[1]), None):
    print("locked", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(project: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has the project until its input ends."""
    command = [sys.executable, "-c", HOLD, str(project)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "locked\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_project_that_another_process_has_is_a_problem_that_says_who(tmp_path: Path) -> None:
    with another_process(tmp_path) as process:
        with pytest.raises(BookError) as raised, locked(tmp_path, None):
            pass
        (problem,) = raised.value.problems
        assert f"number {process.pid}, since " in problem.message
        assert problem.hint
    with locked(tmp_path, None):
        assert (tmp_path / HOLDER).exists()
    assert not (tmp_path / HOLDER).exists()


def test_whoever_waits_is_let_in_when_the_other_process_is_done(tmp_path: Path) -> None:
    told: list[str] = []
    with another_process(tmp_path) as process:

        def waiting(who: str) -> None:
            told.append(who)
            assert process.stdin
            process.stdin.close()

        with locked(tmp_path, waiting):
            assert soon(lambda: process.poll() is not None)
    assert len(told) == 1
    assert str(process.pid) in told[0]


def test_the_lock_ends_with_its_process_however_that_ends(tmp_path: Path) -> None:
    with another_process(tmp_path) as process:
        os.kill(process.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        process.wait()
        with locked(tmp_path, None):
            pass


@pytest.mark.parametrize("damage", [b"", b"[" * 100_000, b'{"process": "x"}'])
def test_a_damaged_note_of_who_it_is_is_somebody(tmp_path: Path, damage: bytes) -> None:
    with another_process(tmp_path):
        (tmp_path / HOLDER).write_bytes(damage)
        with pytest.raises(BookError, match="another process"), locked(tmp_path, None):
            pass


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
@pytest.mark.parametrize("name", [LOCK, HOLDER])
def test_a_link_in_the_locks_place_changes_nothing_elsewhere(tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    outside.write_text("mine")
    (tmp_path / "project" / "build").mkdir(parents=True)
    (tmp_path / "project" / name).symlink_to(outside)
    with locked(tmp_path / "project", None):
        pass
    assert outside.read_text() == "mine"


def test_a_disk_that_knows_no_locks_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import filelock

    def refuse(*_: object, **__: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(filelock.FileLock, "_acquire", refuse)
    with locked(tmp_path, None):
        pass


# Builds

BOOK: dict[str, str | bytes] = {
    "book.yaml": "title: A Book\nlanguages: [en]\ncover: none\n",
    "en/01-one.md": "# The First\n\nThe people came.",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = write_book(tmp_path / "project", dict(BOOK))
    shutil.rmtree(project / "book" / "ar")
    return project


def build(project: Path, **options: Any) -> Report:
    return build_here(project, modified=TIME, **options)


def test_a_build_waits_for_another_and_then_makes_what_is_there_by_then(
    project: Path, tmp_path: Path, reader: Reader
) -> None:
    told: list[str] = []
    done: list[Report] = []
    entered = threading.Event()

    def waiting(who: str) -> None:
        told.append(who)
        entered.set()

    with another_process(project) as process:
        with pytest.raises(BookError, match="another process"):
            build(project)
        thread = threading.Thread(target=lambda: done.append(build(project, waiting=waiting)))
        thread.start()
        assert entered.wait(120)
        (project / "book" / "en" / "01-one.md").write_text("# The First\n\nThe people had come.")
        assert not done
        process.kill()
        thread.join(120)
    assert len(told) == len(done) == 1
    clean = without_builds(project, tmp_path / "clean")
    build(clean)
    assert left(project) == left(clean)


def test_the_command_waits_and_says_for_whom(project: Path, tmp_path: Path) -> None:
    with another_process(project) as process, Command(tmp_path, "build", project) as command:
        assert soon(lambda: f"number {process.pid}" in command.told)
        assert command.process.poll() is None
        process.kill()
        assert command.ended() == 0
    assert list((project / "build").glob("*.epub"))


def test_a_build_with_nothing_to_do_waits_for_nobody(project: Path, reader: Reader) -> None:
    build(project)
    with another_process(project):
        assert {chapter.why for chapter in build(project).chapters} == {"unchanged"}


def test_a_book_that_is_named_twice_is_built_once(project: Path, tmp_path: Path, reader: Reader) -> None:
    (tmp_path / "same").symlink_to(project)
    options = pipeline.BuildOptions(workers=1, modified=TIME)
    with mock.patch("hakawati.narration.dispatcher.local_executor", return_value=Inline()):
        outcomes = pipeline.build_all([project, tmp_path / "same"], options)
    assert [outcome.project for outcome in outcomes] == [project, tmp_path / "same"]
    assert outcomes[0].report
    assert outcomes[0].report == outcomes[1].report
    assert len(reader.said) == 2


def test_what_is_up_to_date_is_built_on_a_disk_that_cannot_be_written(
    project: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(project)

    def refuse(*_: object) -> None:
        raise PermissionError(30, "Read-only file system")

    monkeypatch.setattr("hakawati.common.atomic._create", refuse)
    assert {chapter.why for chapter in build(project).chapters} == {"unchanged"}


def test_a_folder_without_a_book_gets_no_folder_for_a_lock(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="no book/"):
        build(tmp_path)
    assert list(tmp_path.iterdir()) == []
