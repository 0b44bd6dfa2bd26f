"""Disks that fail and files that are damaged: a clear problem or a quiet re-make, never a wrong book."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import hakawati.store
from hakawati.errors import BookError
from hakawati.model import Report
from tests.building import HAKAWATI, Reader, clips, everything, left, without_builds
from tests.goldens import TIME, build_here
from tests.support import draw, write_book

BOOK: dict[str, str | bytes] = {
    "book.yaml": "title: {en: A Book}\nlanguages: [en]\ncover: images/cover.png\n",
    "en/01-one.md": "# The First\n\nA first sentence. A second one.",
    "en/02-two.md": "# The Second\n\nA third sentence.",
}
EDIT = "# The Second\n\nAnother sentence. And one more."


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    reader = Reader()
    monkeypatch.setattr("hakawati.voices.make_voice", reader.make_voice)
    return reader


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
        self.asked += 1
        if self.asked > self.working:
            self.refused.append(str(path))
            raise OSError(self.error, os.strerror(self.error), str(path))


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int, int], Disk]]:
    with monkeypatch.context() as patch:

        def install(working: int, error: int) -> Disk:
            disk = Disk(working, error)
            makes, replaces, writes = hakawati.store.tempfile.mkstemp, Path.replace, Path.write_bytes

            def make(*args: Any, **kwargs: Any) -> tuple[int, str]:
                disk.allow(kwargs["dir"])
                return makes(*args, **kwargs)

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

            patch.setattr(hakawati.store.tempfile, "mkstemp", make)
            patch.setattr(Path, "replace", replace)
            patch.setattr(Path, "write_bytes", write)
            return disk

        yield install


def writes_of_an_edit(tmp_path: Path) -> int:
    return 30


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_at_any_write_leaves_the_last_book_and_the_next_build_goes_on(
    project: Path,
    reader: Reader,
    disk: Callable[[int, int], Disk],
    tmp_path: Path,
    error: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (project / "book" / "en" / "02-two.md").write_text(EDIT)
    wanted = clean(project, tmp_path)
    working, refused = 0, ["first"]
    while refused:
        copy = tmp_path / str(working) / "project"
        shutil.copytree(project, copy, copy_function=shutil.copy2)
        old = left(copy)
        with pytest.MonkeyPatch.context():
            failing = disk(working, error)
            try:
                build(copy)
            except BookError as problem:
                (told,) = problem.problems
                assert told.message == os.strerror(error)
                assert Path(told.path) in (Path(failing.refused[0]), copy)
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
    project = write_book(tmp_path / "project", dict(BOOK | {"book.yaml": "title: x\nlanguages: [en]\n"}))
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
    mount = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(disk)]
    with suppress(FileNotFoundError):
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("nothing can be mounted here")
    try:
        project = write_book(disk / "project", dict(BOOK | {"book.yaml": "title: x\nlanguages: [en]\n"}))
        command = [*HAKAWATI, "build", str(project)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        old = left(project)
        page = project / "book" / "en" / "02-two.md"
        page.write_text(EDIT + "\n\nIt goes on and on, and on and on." * 1 + " Then it ends.\n\n" + "Long. " * 90)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1)
        if done.returncode:
            assert "No space left on device" in done.stderr
        assert "Traceback" not in done.stderr
        assert set(left(project)) == set(old)
    finally:
        subprocess.run(["umount", str(disk)], check=True)
