from __future__ import annotations

import hashlib
import multiprocessing
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.store import Store, replacing, write_atomically

KEY = hashlib.sha256(b"a key").hexdigest()
OTHER = hashlib.sha256(b"another key").hexdigest()


def files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file())


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
