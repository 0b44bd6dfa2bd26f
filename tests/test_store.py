from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import shutil
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from hakawati.cli import app
from hakawati.store import Store, Usage, replacing, write_atomically
from tests.faulty import Disk

KEY = hashlib.sha256(b"a key").hexdigest()
OTHER = hashlib.sha256(b"another key").hexdigest()


def files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


def done(folder: Path, write: Callable[[], None]) -> list[str]:
    disk = Disk(folder)
    with disk.at_work():
        write()
    return [what for what, _ in disk.done]


def test_a_file_is_on_the_disk_before_it_takes_the_place_of_another(tmp_path: Path) -> None:
    steps = done(tmp_path, lambda: write_atomically(tmp_path / "book.epub", b"data"))
    assert steps[-4:] == ["chmod", "make", "fsync", "replace"]


def test_a_clip_which_can_be_spoken_again_is_not_waited_for(tmp_path: Path) -> None:
    assert "fsync" not in done(tmp_path, lambda: Store(tmp_path).put(KEY, b"data"))


@pytest.mark.parametrize("error", [errno.EINVAL, errno.ENOSYS, errno.ENOTSUP])
def test_a_file_system_that_cannot_be_asked_to_write_what_it_has_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int
) -> None:
    def refuse(_: int) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "fsync", refuse)
    write_atomically(tmp_path / "book.epub", b"data")
    assert (tmp_path / "book.epub").read_bytes() == b"data"


def test_what_is_put_is_got(tmp_path: Path) -> None:
    store = Store(tmp_path / "not" / "there" / "yet")
    assert KEY not in store
    assert store.get(KEY) is None
    store.put(KEY, b"data")
    assert KEY in store
    assert store.get(KEY) == b"data"
    assert OTHER not in store
    assert store.get(OTHER) is None


@given(data=st.binary(max_size=200))
def test_any_bytes_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    store = Store(tmp_path_factory.getbasetemp() / "bytes")
    store.put(KEY, data)
    assert store.get(KEY) == data


def test_a_later_entry_replaces_an_earlier_one(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(KEY, b"first")
    store.put(KEY, b"second")
    assert store.get(KEY) == b"second"
    assert len(files(tmp_path)) == 1


def test_stores_of_the_same_folder_share_their_entries(tmp_path: Path) -> None:
    Store(tmp_path).put(KEY, b"data")
    assert Store(tmp_path).get(KEY) == b"data"


@pytest.mark.parametrize("length", [0, 1, 31, 32, 33, 35])
def test_an_entry_cut_short_is_a_missing_one(tmp_path: Path, length: int) -> None:
    store = Store(tmp_path)
    store.put(KEY, b"data")
    (entry,) = files(tmp_path)
    entry.write_bytes(entry.read_bytes()[:length])
    assert store.get(KEY) is None
    store.put(KEY, b"data")
    assert store.get(KEY) == b"data"


def test_an_entry_with_any_one_byte_changed_is_a_missing_one(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(KEY, b"data")
    (entry,) = files(tmp_path)
    sound = entry.read_bytes()
    for i in range(len(sound)):
        entry.write_bytes(sound[:i] + bytes([sound[i] ^ 1]) + sound[i + 1 :])
        assert store.get(KEY) is None


def test_an_entry_with_bytes_too_many_is_a_missing_one(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(KEY, b"data")
    (entry,) = files(tmp_path)
    entry.write_bytes(entry.read_bytes() + b"\0")
    assert store.get(KEY) is None


def test_a_folder_in_an_entrys_place_is_a_missing_entry_that_cannot_be_put(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(KEY, b"data")
    (entry,) = files(tmp_path)
    entry.unlink()
    (entry / "folder").mkdir(parents=True)
    assert store.get(KEY) is None
    with pytest.raises(OSError, match=r".+"):
        store.put(KEY, b"data")
    assert files(tmp_path) == []


def test_a_file_in_the_stores_place_raises_oserror(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file")
    store = Store(tmp_path / "store")
    assert store.get(KEY) is None
    assert KEY not in store
    with pytest.raises(OSError, match="store"):
        store.put(KEY, b"data")


@pytest.mark.skipif(sys.platform == "win32", reason="no permissions of this kind")
def test_a_folder_that_may_not_be_written_raises_oserror(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if os.geteuid() == 0:  # whom no permission stops: so the system's answer is given in its place

        def refuse(*args: object, **kwargs: object) -> tuple[int, str]:
            raise PermissionError(13, "Permission denied", str(tmp_path))

        monkeypatch.setattr("tempfile.mkstemp", refuse)
    else:
        tmp_path.chmod(0o500)
    with pytest.raises(PermissionError, match="denied"):
        Store(tmp_path).put(KEY, b"data")
    tmp_path.chmod(0o700)
    assert files(tmp_path) == []


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
def test_whoever_may_read_the_folder_may_read_the_file(tmp_path: Path) -> None:
    write_atomically(tmp_path / "file", b"data")
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o644


def test_a_very_long_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("ك" * 100 + ".mp3")
    write_atomically(path, b"data")
    assert files(tmp_path) == [path]


def _write_and_read(folder: Path, data: bytes, times: int) -> int:
    store = Store(folder)
    damaged = 0
    for _ in range(times):
        store.put(KEY, data)
        damaged += store.get(KEY) != data
    return damaged


def test_two_processes_that_write_one_key_never_see_it_damaged(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        damaged = pool.starmap(_write_and_read, [(tmp_path, b"x" * 100_000, 200)] * 2, chunksize=1)
        pool.close()
        pool.join()
    assert damaged == [0, 0]
    assert Store(tmp_path).get(KEY) == b"x" * 100_000
    assert len(files(tmp_path)) == 1


# Who uses what


def key(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def used_by(tmp_path: Path, store: Store, name: str, *numbers: int) -> Path:
    """A book folder, whose book is made of these entries."""
    project = tmp_path / name
    (project / "book").mkdir(parents=True, exist_ok=True)
    for number in numbers:
        store.put(key(number), b"12345678")
    store.register(project, map(key, numbers))
    return project


def test_counts_what_no_book_uses(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    assert store.usage() == Usage()
    used_by(tmp_path, store, "one", 1, 2)
    used_by(tmp_path, store, "two", 2, 3)
    store.put(key(4), b"1")
    assert store.usage() == Usage(entries=4, size=153, unused=1, unused_size=33)


def test_prunes_what_no_book_uses_and_nothing_else(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    used_by(tmp_path, store, "one", 1, 2)
    used_by(tmp_path, store, "two", 2, 3)
    store.put(key(4), b"1")
    assert store.prune() == Usage(entries=1, size=33, unused=1, unused_size=33)
    assert [key(n) in store for n in (1, 2, 3, 4)] == [True, True, True, False]
    assert store.prune() == Usage()


def test_what_a_book_is_not_made_of_any_more_is_pruned(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    used_by(tmp_path, store, "one", 1, 2)
    used_by(tmp_path, store, "one", 2)
    assert store.prune().entries == 1
    assert [key(n) in store for n in (1, 2)] == [False, True]


@pytest.mark.parametrize("gone", ["one", "one/book"])
def test_a_book_whose_folder_is_gone_is_forgotten(tmp_path: Path, gone: str) -> None:
    store = Store(tmp_path / "store")
    used_by(tmp_path, store, "one", 1, 2)
    used_by(tmp_path, store, "two", 2)
    shutil.rmtree(tmp_path / gone)
    store.prune()
    assert [key(n) in store for n in (1, 2)] == [False, True]


def test_what_a_killed_writer_left_is_removed(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    used_by(tmp_path, store, "one", 1)
    part = tmp_path / "store" / key(1)[:2] / ".abc.part"
    part.write_bytes(b"half")
    os.utime(part, (0, 0))
    assert store.prune() == Usage(entries=1, size=4, unused=1, unused_size=4)
    assert not part.exists()
    assert key(1) in store


def test_what_is_being_written_is_not_removed(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    path = tmp_path / "store" / key(1)[:2] / key(1)[2:]
    with replacing(path) as temporary:
        temporary.write_bytes(hashlib.sha256(b"data").digest() + b"data")
        store.prune()
    assert store.get(key(1)) == b"data"


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"3", b'{"project": 3, "keys": []}', b'{"keys": 1}'])
def test_a_note_of_a_book_that_makes_no_sense_is_no_book(tmp_path: Path, damage: bytes) -> None:
    store = Store(tmp_path / "store")
    used_by(tmp_path, store, "one", 1)
    (note,) = (tmp_path / "store" / "books").glob("*.json")
    note.write_bytes(damage)
    used_by(tmp_path, store, "two", 2)
    assert store.prune().entries == 1
    assert [key(n) in store for n in (1, 2)] == [False, True]


def test_files_that_are_none_of_the_stores_are_left_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    used_by(tmp_path, store, "one", 1)
    (tmp_path / "store" / "README").write_text("mine")
    (tmp_path / "store" / "zz").mkdir()
    (tmp_path / "store" / "zz" / "file").write_text("mine")
    (tmp_path / "store" / "aa").write_text("a file")
    store.prune()
    assert [(tmp_path / "store" / name).read_text() for name in ("README", "zz/file")] == ["mine", "mine"]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.delenv("HAKAWATI_STORE", raising=False)
    return lambda *words: CliRunner().invoke(app, ["store", *map(str, words)], catch_exceptions=False)


def test_the_command_shows_the_size_and_prunes(tmp_path: Path, told: Callable[..., Result]) -> None:
    store = Store(tmp_path / "one" / "build" / "store")
    project = used_by(tmp_path, store, "one", 1)
    store.put(key(2), b"1")
    where = store.root
    assert told(project).stdout.splitlines() == [
        f"{where}: 2 entries, 0.0 MB",
        "  1 of them, 0.0 MB, are used by no book (--prune)",
    ]
    assert json.loads(told(project, "--json").stdout) == {
        "entries": 2,
        "size": 73,
        "unused": 1,
        "unused_size": 33,
    }
    assert told(project, "--prune").stdout.splitlines() == [
        "Removed 1 entries, 0.0 MB.",
        f"{where}: 1 entries, 0.0 MB",
    ]
    assert json.loads(told(project, "--json", "--prune").stdout) == {
        "entries": 1,
        "size": 40,
        "unused": 0,
        "unused_size": 0,
        "removed": 0,
        "removed_size": 0,
    }


def test_the_command_finds_the_store_by_option_and_environment(
    tmp_path: Path, told: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(tmp_path / "a").put(key(1), b"1")
    assert json.loads(told("--json", "--store", tmp_path / "a").stdout)["entries"] == 1
    monkeypatch.setenv("HAKAWATI_STORE", str(tmp_path / "a"))
    assert json.loads(told("--json").stdout)["entries"] == 1
    assert json.loads(told("--json", "--store", tmp_path / "none").stdout)["entries"] == 0
