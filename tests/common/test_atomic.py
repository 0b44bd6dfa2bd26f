"""Files that are seen whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from hakawati.common.atomic import replacing, write_atomically
from tests.faulty import Disk


def files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def done(folder: Path, write: Callable[[], None]) -> list[str]:
    disk = Disk(folder)
    with disk.at_work():
        write()
    return [what for what, _ in disk.done]


def test_a_file_is_on_the_disk_before_it_takes_the_place_of_another(tmp_path: Path) -> None:
    steps = done(tmp_path, lambda: write_atomically(tmp_path / "book.epub", b"data"))
    assert steps[-3:] == ["make", "fsync", "replace"]


@pytest.mark.parametrize("error", [errno.EINVAL, errno.ENOSYS, errno.ENOTSUP])
def test_a_file_system_that_cannot_be_asked_to_write_what_it_has_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    def refuse(_: int) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "fsync", refuse)
    write_atomically(tmp_path / "book.epub", b"data")
    assert (tmp_path / "book.epub").read_bytes() == b"data"


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "book.epub"
    write_atomically(path, b"old")

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as file:
            file.write(data[:2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, b"new")
    assert files(tmp_path) == [path]
    assert path.read_bytes() == b"old"


def test_an_interrupt_while_writing_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    write_atomically(path, b"old")

    with suppress(KeyboardInterrupt), replacing(path) as temporary:
        temporary.write_bytes(b"ne")
        raise KeyboardInterrupt
    assert files(tmp_path) == [path]
    assert path.read_bytes() == b"old"


def test_a_file_stays_the_old_one_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "book.epub"
    write_atomically(path, b"old")
    with replacing(path) as temporary:
        temporary.write_bytes(b"new")
        assert temporary.parent == path.parent
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert files(tmp_path) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="no permissions of this kind")
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
def test_who_may_read_and_write_a_file_is_what_the_umask_says(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        write_atomically(tmp_path / "file", b"data")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == mode


@pytest.mark.skipif(sys.platform == "win32", reason="no permissions of this kind")
def test_a_file_for_a_group_may_be_written_by_it_whatever_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write_atomically(tmp_path / "folder" / "file", b"data", group=True)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "folder" / "file").stat().st_mode) == 0o660
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o2770


def test_an_error_names_the_file_that_people_know(tmp_path: Path) -> None:
    def write() -> None:
        with replacing(tmp_path / "book.epub") as temporary:
            raise OSError(28, "No space left on device", str(temporary))

    with pytest.raises(OSError, match="No space") as raised:
        write()
    assert raised.value.filename == str(tmp_path / "book.epub")


def test_a_very_long_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("ك" * 100 + ".mp3")
    write_atomically(path, b"data")
    assert files(tmp_path) == [path]
