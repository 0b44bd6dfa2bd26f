"""Disks that fail and files that are damaged: a clear problem or a quiet re-make, never a wrong book."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hakawati.common import atomic
from hakawati.errors import BookError
from hakawati.model import Report
from tests.building import HAKAWATI, Reader, clips, left, without_builds
from tests.faulty import final
from tests.goldens import TIME, build_here
from tests.support import draw, write_book

BOOK: dict[str, str | bytes] = {
    "book.yaml": "title: {en: A Book}\nlanguages: [en]\ncover: images/cover.png\n",
    "en/01-one.md": "# The First\n\nA first sentence. A second one.",
    "en/02-two.md": "# The Second\n\nA third sentence.",
}
EDIT = "# The Second\n\nAnother sentence. And one more."


@pytest.fixture
def project(tmp_path: Path, reader: Reader) -> Path:
    """A book that was built."""
    project = tmp_path / "project"
    draw(project / "book" / "images" / "cover.png")
    write_book(project, dict(BOOK))
    shutil.rmtree(project / "book" / "ar")
    build(project)
    reader.said.clear()
    return project


def build(project: Path) -> Report:
    return build_here(project, modified=TIME)


def clean(project: Path, folder: Path) -> dict[str, bytes]:
    copy = without_builds(project, folder / "clean")
    build(copy)
    return left(copy)


# A disk that fails


@dataclass
class Disk:
    """Lets a number of writes and renames through, and then no more."""

    working: int
    error: int
    asked: int = 0
    refused: list[str] = field(default_factory=list)

    def allow(self, path: object) -> None:
        if str(path).endswith(".lock.json"):  # which is for whoever waits, and may be missing
            return
        self.asked += 1
        if self.asked > self.working:
            self.refused.append(str(path))
            raise OSError(self.error, os.strerror(self.error), str(path))


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], Disk]:
    creates, replaces, writes = atomic._create, Path.replace, Path.write_bytes

    def install(working: int, error: int) -> Disk:
        disk = Disk(working, error)

        def create(path: Path) -> None:
            disk.allow(path)
            creates(path)

        def replace(self: Path, target: Path) -> Path:
            disk.allow(target)
            return replaces(self, target)

        def write(self: Path, data: bytes) -> int:
            try:
                disk.allow(self)
            except OSError:
                writes(self, data[: len(data) // 2])
                raise
            return writes(self, data)

        monkeypatch.setattr(atomic, "_create", create)
        monkeypatch.setattr(Path, "replace", replace)
        monkeypatch.setattr(Path, "write_bytes", write)
        return disk

    return install


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_at_any_write_leaves_the_last_book_and_the_next_build_goes_on(
    project: Path,
    reader: Reader,
    disk: Callable[[int, int], Disk],
    tmp_path: Path,
    error: int,
) -> None:
    (project / "book" / "en" / "02-two.md").write_text(EDIT)
    wanted = clean(project, tmp_path)
    working, refused = 0, ["first"]
    while refused:
        copy = tmp_path / str(working) / "project"
        shutil.copytree(project, copy, copy_function=shutil.copy2)
        old = left(copy)
        failing = disk(working, error)
        try:
            build(copy)
        except BookError as problem:
            (told,) = problem.problems
            assert told.message == os.strerror(error)
            assert told.path.startswith(final(failing.refused[0]))
            assert told.hint == "what was built before is still there, and what was spoken is kept"
        refused = failing.refused
        failing.working = sys.maxsize
        for name, data in left(copy).items():
            assert data in (old.get(name), wanted.get(name)), (working, name)
        assert not list(copy.rglob(".*.part"))
        kept = clips(copy / "build" / "store")
        reader.said.clear()
        build(copy)
        assert left(copy) == wanted
        assert len(reader.said) == len(clips(copy / "build" / "store")) - len(kept)
        working += 1
    assert working > 20


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no limits of this kind")
@pytest.mark.parametrize("limit", [4_000, 9_000, 20_000, 60_000])
def test_files_that_cannot_grow_end_the_build_with_a_message(tmp_path: Path, limit: int) -> None:
    project = write_book(
        tmp_path / "project", dict(BOOK | {"book.yaml": "title: x\nlanguages: [en]\ncover: none\n"})
    )
    limited = (
        "import resource, runpy, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}));"
        "runpy.run_module('hakawati', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", limited, "build", str(project)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert list((project / "build").glob("*.epub")) == []
    again = subprocess.run([*HAKAWATI, "build", str(project)], capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr


def test_a_full_disk_is_told_and_the_last_book_stays(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", str(disk)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        project = write_book(
            disk / "project", dict(BOOK | {"book.yaml": "title: x\nlanguages: [en]\ncover: none\n"})
        )
        shutil.rmtree(project / "book" / "ar")
        command = [*HAKAWATI, "build", str(project)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        old = left(project)
        page = project / "book" / "en" / "02-two.md"
        page.write_text(EDIT + "".join(f"\n\nIt goes on for {n} days and {n} nights." for n in range(60)))
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert "No space left on device" in done.stderr
        assert "Traceback" not in done.stderr
        assert left(project) == old
        page.write_text(str(BOOK["en/02-two.md"]))
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1)
        assert left(project) == old
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# Files that cannot be read or written


def deny(monkeypatch: pytest.MonkeyPatch, *denied: Path) -> None:
    """As if permissions kept everybody out, whoever runs the tests."""
    reads = Path.read_bytes

    def read(self: Path) -> bytes:
        if self in denied:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))
        return reads(self)

    monkeypatch.setattr(Path, "read_bytes", read)


@pytest.mark.parametrize("name", ["en/02-two.md", "book.yaml", "pronunciation.yaml", "glossary.yaml"])
def test_a_source_that_cannot_be_read_is_a_problem_and_the_last_book_stays(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = left(project)
    (project / "book" / name).touch()
    with monkeypatch.context() as patch:
        deny(patch, project / "book" / name)
        with pytest.raises(BookError) as caught:
            build(project)
    assert str(caught.value.problems[0]).startswith(f"book/{name}: cannot be read: Permission denied")
    assert left(project) == before


@pytest.mark.parametrize("kind", ["a loop", "a folder", "nothing"])
def test_a_source_that_is_no_file_is_a_problem_and_the_last_book_stays(project: Path, kind: str) -> None:
    before = left(project)
    page = project / "book" / "en" / "02-two.md"
    page.unlink()
    if kind == "a folder":
        page.mkdir()
    else:
        page.symlink_to(page if kind == "a loop" else "nowhere")
    with pytest.raises(BookError) as caught:
        build(project)
    assert {problem.path for problem in caught.value.problems} == {"book/en/02-two.md"}
    assert left(project) == before


@pytest.mark.parametrize("name", ["build", "audio", "build/timings"])
def test_a_file_where_a_folder_should_be_is_a_problem(project: Path, tmp_path: Path, name: str) -> None:
    fresh = without_builds(project, tmp_path / "fresh")
    (fresh / name).parent.mkdir(exist_ok=True)
    (fresh / name).write_text("mine")
    with pytest.raises(BookError) as caught:
        build(fresh)
    (problem,) = caught.value.problems
    assert problem.message in (os.strerror(errno.EEXIST), os.strerror(errno.ENOTDIR))
    assert (fresh / name).read_text() == "mine"
    (fresh / name).unlink()
    build(fresh)
    assert left(fresh) == left(project)


# What a build left, damaged


DAMAGES: dict[str, Callable[[Path], object]] = {
    "emptied": lambda file: file.write_bytes(b""),
    "cut short": lambda file: file.write_bytes(file.read_bytes()[:-7]),
    "changed": lambda file: file.write_bytes(file.read_bytes()[:-1] + b"\xa5"),
    "longer": lambda file: file.write_bytes(file.read_bytes() + b"more"),
    "gone": lambda file: file.unlink(),
    "another's": lambda file: file.write_bytes(Path(__file__).read_bytes()),
}


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_entries_of_the_store_are_made_again(
    project: Path, tmp_path: Path, damage: Callable[[Path], object], edited: bool
) -> None:
    for entry in (project / "build" / "store").glob("[0-9a-f][0-9a-f]/*"):
        damage(entry)
    (project / "audio" / "01-one.mp3").unlink()
    if edited:
        (project / "book" / "en" / "02-two.md").write_text(EDIT)
    build(project)
    assert left(project) == clean(project, tmp_path)


def test_entries_that_cannot_be_read_are_made_again(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = clean(project, tmp_path)
    (project / "audio" / "01-one.mp3").unlink()
    one = next(entry for entry in (project / "build" / "store").glob("[0-9a-f][0-9a-f]/*"))
    with monkeypatch.context() as patch:
        deny(patch, one)
        try:
            build(project)
        except BookError as error:
            assert "does not keep what is put into it" in str(error)  # noqa: PT017
    build(project)
    assert left(project) == wanted


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("name", ["state.json", "report.json"])
def test_notes_of_the_last_build_that_are_damaged_cost_time_only(
    project: Path, tmp_path: Path, reader: Reader, name: str, damage: Callable[[Path], object], edited: bool
) -> None:
    damage(project / "build" / name)
    if edited:
        (project / "book" / "en" / "02-two.md").write_text(EDIT)
    build(project)
    assert reader.said == (["Another sentence.", "And one more."] if edited else [])
    assert left(project) == clean(project, tmp_path)


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize(
    "name", ["audio/01-one.mp3", "build/timings/01-one.json", "build/a-book.epub", "audio/02-two.mp3"]
)
def test_an_output_that_was_edited_by_hand_is_made_again_without_speaking(
    project: Path, tmp_path: Path, reader: Reader, name: str, damage: Callable[[Path], object], edited: bool
) -> None:
    damage(project / name)
    if edited:
        (project / "book" / "en" / "02-two.md").write_text(EDIT)
    build(project)
    assert reader.said == (["Another sentence.", "And one more."] if edited else [])
    assert left(project) == clean(project, tmp_path)


def test_a_state_of_another_project_is_not_believed(project: Path, tmp_path: Path) -> None:
    other = without_builds(project, tmp_path / "other")
    (other / "book" / "en" / "02-two.md").write_text(EDIT)
    build(other)
    for name in ("state.json", "report.json"):
        shutil.copy2(other / "build" / name, project / "build" / name)
    build(project)
    assert left(project) == clean(project, tmp_path)


def test_a_project_that_is_copied_is_built_as_it_stands(project: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy" / project.name
    shutil.copytree(project, copy)
    (copy / "book" / "en" / "02-two.md").write_text(EDIT)
    build(copy)
    assert left(copy) == clean(copy, tmp_path)
