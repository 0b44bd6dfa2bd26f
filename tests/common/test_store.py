from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from hakawati.cli import app
from hakawati.common.atomic import replacing
from hakawati.common.store import MARK, YOUNG, Store, Usage
from hakawati.errors import BookError
from tests.building import age
from tests.faulty import Disk

KEY = hashlib.sha256(b"a key").hexdigest()
OTHER = hashlib.sha256(b"another key").hexdigest()


def files(folder: Path) -> list[Path]:
    """All but what says that it is a store."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name != MARK)


def done(folder: Path, write: Callable[[], None]) -> list[str]:
    disk = Disk(folder)
    with disk.at_work():
        write()
    return [what for what, _ in disk.done]


def test_a_clip_which_can_be_spoken_again_is_not_waited_for(tmp_path: Path) -> None:
    assert "fsync" not in done(tmp_path, lambda: Store(tmp_path).put(KEY, b"data"))


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

        def refuse(*_: object) -> None:
            raise PermissionError(13, "Permission denied", str(tmp_path))

        monkeypatch.setattr("hakawati.common.atomic._create", refuse)
    else:
        tmp_path.chmod(0o500)
    with pytest.raises(PermissionError, match="denied"):
        Store(tmp_path).put(KEY, b"data")
    tmp_path.chmod(0o700)
    assert files(tmp_path) == []


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


def there(store: Store, *numbers: int) -> list[bool]:
    return [key(number) in store for number in numbers]


def test_an_entry_under_another_ones_name_is_a_missing_one(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(KEY, b"data")
    store.put(OTHER, b"other")
    one, other = (tmp_path / name[:2] / name[2:] for name in (KEY, OTHER))
    held = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(held)
    assert [store.get(KEY), store.get(OTHER)] == [None, None]


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
    age(store.root)
    assert store.prune() == Usage(entries=1, size=33, unused=1, unused_size=33)
    assert there(store, 1, 2, 3, 4) == [True, True, True, False]
    assert store.prune() == Usage()


def test_what_is_young_stays_since_a_build_may_be_about_to_use_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(key(1), b"1")
    assert store.prune() == Usage()
    assert YOUNG >= 600
    age(tmp_path)
    assert store.prune().entries == 1


def test_what_a_build_is_going_to_use_is_a_books_from_then_on(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    project = used_by(tmp_path, store, "one", 1)
    store.claim(project, [key(2)])
    for number in (2, 3):
        store.put(key(number), b"1")
    age(store.root)
    store.prune()
    assert there(store, 1, 2, 3) == [True, True, False]
    store.register(project, [key(2)])
    store.prune()
    assert there(store, 1, 2) == [False, True]


def test_what_a_book_is_not_made_of_any_more_is_pruned(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    used_by(tmp_path, store, "one", 1, 2)
    used_by(tmp_path, store, "one", 2)
    age(store.root)
    assert store.prune().entries == 1
    assert there(store, 1, 2) == [False, True]


@pytest.mark.parametrize("gone", ["one", "one/book"])
def test_a_book_that_is_not_here_keeps_what_it_uses_until_it_is_forgotten(tmp_path: Path, gone: str) -> None:
    store = Store(tmp_path / "store")
    project = used_by(tmp_path, store, "one", 1, 2)
    used_by(tmp_path, store, "two", 2)
    shutil.rmtree(tmp_path / gone)
    age(store.root)
    assert store.prune() == Usage()
    assert [book.project for book in store.absent()] == [str(project)]
    assert store.forget([str(project), "/no/such/book"]) == ["/no/such/book"]
    assert store.absent() == []
    store.prune()
    assert there(store, 1, 2) == [False, True]


def test_books_in_folders_of_one_name_on_two_machines_are_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "store")
    used_by(tmp_path, store, "one", 1)
    monkeypatch.setattr("platform.node", lambda: "the other machine")
    used_by(tmp_path, store, "one", 2)
    age(store.root)
    store.prune()
    assert there(store, 1, 2) == [True, True]
    assert len(store.absent()) == 1


def test_what_a_killed_writer_left_is_removed(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    used_by(tmp_path, store, "one", 1)
    part = tmp_path / "store" / key(1)[:2] / f".{key(2)[:40]}.0123abcd0123abcd.part"
    part.write_bytes(b"half")
    store.prune()
    assert part.exists()
    age(store.root)
    store.prune()
    assert not part.exists()
    assert key(1) in store


def test_what_is_being_written_is_not_removed(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    store.prepare()
    path = tmp_path / "store" / key(1)[:2] / key(1)[2:]
    with replacing(path) as temporary:
        temporary.write_bytes(b"data")
        store.prune()
    assert path.read_bytes() == b"data"


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b"3", b"[" * 100_000, b'{"project": 3, "keys": []}', b'{"keys": 1}']
)
def test_a_note_of_a_book_that_is_damaged_stops_the_clearing_up(tmp_path: Path, damage: bytes) -> None:
    store = Store(tmp_path / "store")
    used_by(tmp_path, store, "one", 1)
    (note,) = (tmp_path / "store" / "books").glob("*.json")
    note.write_bytes(damage)
    used_by(tmp_path, store, "two", 2)
    age(store.root)
    with pytest.raises(BookError, match="damaged") as raised:
        store.prune()
    assert raised.value.problems[0].path == str(note)
    assert there(store, 1, 2) == [True, True]
    note.unlink()
    store.prune()
    assert there(store, 1, 2) == [False, True]


# Whose folder it is


def test_files_that_are_none_of_the_stores_are_left_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    used_by(tmp_path, store, "one", 1)
    mine = {"README", "zz/file", "aa/photo.jpg", "ab/" + "0" * 62, "ac/" + "0" * 61, "ad/.x.part"}
    for name in mine:
        (store.root / name).parent.mkdir(exist_ok=True)
        (store.root / name).write_text("mine")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / ("0" * 62)).write_bytes(hashlib.sha256(b"x").digest() + b"x")
    (store.root / "ae").symlink_to(outside)
    (store.root / "af").mkdir()
    (store.root / "af" / ("0" * 62)).symlink_to(outside / ("0" * 62))
    age(store.root)
    assert store.prune() == Usage()
    assert [name for name in mine if (store.root / name).read_text() != "mine"] == []
    assert (outside / ("0" * 62)).exists()


@pytest.mark.parametrize("name", ["01/photo.jpg", "a.txt", "ab/" + "0" * 62, "pack/x", "books/novel.txt"])
def test_a_folder_of_somebody_elses_is_neither_cleared_up_nor_made_a_store(tmp_path: Path, name: str) -> None:
    file = tmp_path / "folder" / name
    file.parent.mkdir(parents=True)
    file.write_text("mine")
    age(tmp_path)
    store = Store(tmp_path / "folder")
    with pytest.raises(BookError, match="no store"):
        store.prune()
    with pytest.raises(BookError, match="other files"):
        store.put(KEY, b"data")
    assert file.read_text() == "mine"
    assert files(tmp_path) == [file]


def test_the_store_of_a_version_without_a_mark_gets_one(tmp_path: Path) -> None:
    old = tmp_path / "ab" / key(1)[2:]
    old.parent.mkdir()
    (tmp_path / "books").mkdir()
    old.write_bytes(hashlib.sha256(b"old").digest() + b"old")
    store = Store(tmp_path)
    store.put(KEY, b"data")
    assert (tmp_path / MARK).is_file()
    age(tmp_path)
    store.prune()
    assert files(tmp_path) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
@pytest.mark.parametrize("name", [KEY[:2], "books"])
def test_nothing_is_put_behind_a_link_in_a_store(tmp_path: Path, name: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    store = Store(tmp_path / "store")
    store.prepare()
    (store.root / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BookError, match="link"):
        store.register(tmp_path, []) if name == "books" else store.put(KEY, b"data")
    assert files(tmp_path / "elsewhere") == []


def test_a_damaged_mark_is_mended_where_the_entries_say_the_same(tmp_path: Path) -> None:
    Store(tmp_path).put(KEY, b"data")
    (tmp_path / MARK).write_bytes(b"damage")
    with pytest.raises(BookError, match="no store"):
        Store(tmp_path).prune()
    Store(tmp_path).put(OTHER, b"data")
    assert Store(tmp_path).prune() == Usage()


@pytest.mark.skipif(sys.platform == "win32", reason="no permissions of this kind")
def test_a_store_that_is_set_up_for_a_group_stays_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o2775)
    store, before = Store(tmp_path), os.umask(0o077)
    try:
        store.put(KEY, b"data")
        store.register(tmp_path, [KEY])
    finally:
        os.umask(before)
    for file in tmp_path.rglob("*"):
        wanted = 0o2070 if file.is_dir() else 0o060
        assert file.name == MARK or file.stat().st_mode & wanted == wanted, file


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
    counts = {"entries": 2, "size": 73, "unused": 1, "unused_size": 33, "absent": []}
    assert json.loads(told(project, "--json").stdout) == counts
    assert told(project, "--prune").stdout.splitlines() == [
        "Removed 0 entries, 0.0 MB.",
        f"{where}: 2 entries, 0.0 MB",
        "  1 of them, 0.0 MB, are used by no book, but may be soon",
    ]
    age(where)
    assert told(project, "--prune").stdout.splitlines() == [
        "Removed 1 entries, 0.0 MB.",
        f"{where}: 1 entries, 0.0 MB",
    ]
    counts = {"entries": 1, "size": 40, "unused": 0, "unused_size": 0, "absent": []}
    assert json.loads(told(project, "--json", "--prune").stdout) == {
        **counts,
        "removed": 0,
        "removed_size": 0,
    }


def test_the_command_names_books_that_are_not_here_and_forgets_them(
    tmp_path: Path, told: Callable[..., Result]
) -> None:
    store = Store(tmp_path / "store")
    project = used_by(tmp_path, store, "one", 1)
    shutil.rmtree(project)
    age(store.root)
    assert str(project) in told("--store", store.root).stdout
    (absent,) = json.loads(told("--store", store.root, "--json").stdout)["absent"]
    assert absent["project"] == str(project)
    wrong = told("--store", store.root, "--forget", tmp_path / "another")
    assert wrong.exit_code == 1
    assert f"{tmp_path / 'another'}: no book" in wrong.stderr
    assert told("--store", store.root, "--forget", project, "--prune").exit_code == 0
    assert store.usage() == Usage()


def test_the_command_clears_up_no_folder_that_is_no_store(
    tmp_path: Path, told: Callable[..., Result]
) -> None:
    (tmp_path / "01").mkdir()
    (tmp_path / "01" / "a.jpg").write_text("mine")
    done = told("--store", tmp_path, "--prune")
    assert done.exit_code == 1
    assert "no store of Hakawati's" in done.stderr
    assert (tmp_path / "01" / "a.jpg").read_text() == "mine"


def test_the_command_finds_the_store_by_option_and_environment(
    tmp_path: Path, told: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    Store(tmp_path / "a").put(key(1), b"1")
    assert json.loads(told("--json", "--store", tmp_path / "a").stdout)["entries"] == 1
    monkeypatch.setenv("HAKAWATI_STORE", str(tmp_path / "a"))
    assert json.loads(told("--json").stdout)["entries"] == 1
    assert json.loads(told("--json", "--store", tmp_path / "none").stdout)["entries"] == 0
