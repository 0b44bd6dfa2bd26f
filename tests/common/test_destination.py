"""Files that the user names: what somebody else has put there stays as it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hakawati.common.destination import Destination
from hakawati.errors import BookError, Problem
from tests.building import everything

OURS = b"made by the command"


def destination(path: Path, *, force: bool = False, project: Path | None = None) -> Destination:
    def is_ours(file: Path) -> bool:
        return file.read_bytes() == OURS

    return Destination(path, "hakawati test", "--out", is_ours, force, project)


def refused(place: Destination) -> Problem:
    """The one problem; it is the same before and after the work."""
    with pytest.raises(BookError) as before:
        place.check()
    with pytest.raises(BookError) as after:
        place.write(b"new")
    assert before.value.problems == after.value.problems
    (problem,) = after.value.problems
    assert (problem.path, problem.line) == (str(place.path), 0)
    return problem


def test_a_new_file_is_written(tmp_path: Path) -> None:
    destination(tmp_path / "new").check()
    assert not (tmp_path / "new").exists()
    destination(tmp_path / "new").write(b"new")
    assert (tmp_path / "new").read_bytes() == b"new"


def test_the_commands_own_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(OURS)
    destination(tmp_path / "old").write(b"new")
    assert (tmp_path / "old").read_bytes() == b"new"


@pytest.mark.parametrize("content", [b"", b"precious"])
def test_the_file_of_somebody_else_is_replaced_only_by_force(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "old").write_bytes(content)
    problem = refused(destination(tmp_path / "old"))
    assert problem.message == "it is there already, and hakawati test did not make it"
    assert problem.hint == "name another file with --out, or replace it with --force"
    assert (tmp_path / "old").read_bytes() == content
    destination(tmp_path / "old", force=True).write(b"new")
    assert (tmp_path / "old").read_bytes() == b"new"


def link(path: Path) -> None:
    (path.parent / "precious").write_bytes(OURS)
    path.symlink_to("precious")


def link_to_nothing(path: Path) -> None:
    path.symlink_to("nothing")


KINDS: dict[str, tuple[Callable[[Path], None], str]] = {
    "a folder": (Path.mkdir, "this is a folder"),
    "a link": (link, "this is a link"),
    "a link to nothing": (link_to_nothing, "this is a link"),
    "a pipe": (os.mkfifo, "this is no ordinary file"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("force", [False, True])
def test_what_is_no_file_is_never_replaced(tmp_path: Path, kind: str, force: bool) -> None:
    make, message = KINDS[kind]
    make(tmp_path / "old")
    before = everything(tmp_path), os.lstat(tmp_path / "old")
    problem = refused(destination(tmp_path / "old", force=force))
    assert problem.message == message
    assert "--out" in problem.hint
    assert (everything(tmp_path), os.lstat(tmp_path / "old")) == before


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    problem = refused(destination(tmp_path / "none" / "new"))
    assert problem.message == f"there is no folder {tmp_path / 'none'}"
    assert problem.hint == "make it first, or name a file in another folder with --out"
    (tmp_path / "file").touch()
    assert refused(destination(tmp_path / "file" / "new")).message == f"{tmp_path / 'file'} is no folder"


def test_a_folder_that_is_closed_is_named_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(BookError, match="it cannot be written: Permission denied"):
        destination(tmp_path / "new").check()


def test_a_disk_that_fails_is_told_under_the_files_own_name(tmp_path: Path) -> None:
    name = "n" * 256  # longer than any file system takes
    assert refused(destination(tmp_path / name)).message == "it cannot be written: File name too long"
    assert list(tmp_path.iterdir()) == []


def test_a_project_has_its_folders_made_and_is_not_left(tmp_path: Path) -> None:
    (project := tmp_path / "project").mkdir()
    destination(project / "build" / "page", project=project).write(OURS)
    assert (project / "build" / "page").read_bytes() == OURS
    (elsewhere := tmp_path / "elsewhere").mkdir()
    (elsewhere / "page").write_bytes(OURS)
    (project / "build" / "page").unlink()
    (project / "build").rmdir()
    (project / "build").symlink_to(elsewhere)
    problem = refused(destination(project / "build" / "page", project=project, force=True))
    assert problem.message == "this leads out of the project"
    assert (elsewhere / "page").read_bytes() == OURS
