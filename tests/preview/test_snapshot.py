from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from hakawati.preview.snapshot import Snapshot


def test_what_comes_changes_and_goes_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.html").write_text("one")
    (tmp_path / "two.html").write_text("two")
    seen = Snapshot(tmp_path)
    assert seen.changed() == ()
    (tmp_path / "a" / "one.html").write_text("other")
    (tmp_path / "two.html").unlink()
    (tmp_path / "three.html").write_text("three")
    assert seen.changed() == ("a/one.html", "three.html", "two.html")
    assert seen.changed() == ()


def test_a_file_that_is_written_again_has_not_changed_once_there_was_time_to_read_it(tmp_path: Path) -> None:
    page = tmp_path / "one.html"
    page.write_text("one")
    seen = Snapshot(tmp_path)
    seen.settle()
    again(page, "one")
    assert seen.changed() == ()
    again(page, "two")
    assert seen.changed() == ("one.html",)
    again(page, "two")
    assert seen.changed() == ()


def test_without_that_it_counts_as_changed(tmp_path: Path) -> None:
    page = tmp_path / "one.html"
    page.write_text("one")
    seen = Snapshot(tmp_path)
    again(page, "one")
    assert seen.changed() == ("one.html",)


def again(page: Path, text: str) -> None:
    new = page.with_suffix(".new")
    new.write_text(text)
    new.replace(page)


def test_a_folder_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    seen = Snapshot(tmp_path / "web")
    seen.settle()
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "x.html").write_text("x")
    assert seen.changed() == ("x.html",)


def test_hidden_files_and_links_to_nowhere_are_not_looked_at(tmp_path: Path) -> None:
    seen = Snapshot(tmp_path)
    (tmp_path / ".half").write_text("x")
    (tmp_path / ".folder").mkdir()
    (tmp_path / ".folder" / "x").write_text("x")
    (tmp_path / "nowhere").symlink_to(tmp_path / "none")
    assert seen.changed() == ()


NAMES = st.sampled_from(["a", "b", "c/d", "c/e"])
FOLDERS = st.dictionaries(NAMES, st.binary(max_size=3))


@given(before=FOLDERS, after=FOLDERS)
def test_the_difference_of_two_folders_is_told(before: dict[str, bytes], after: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        put(folder, before)
        seen = Snapshot(folder)
        seen.settle()
        for path in before:
            (folder / path).unlink()
        put(folder, after)
        different = {p for p in before.keys() | after.keys() if before.get(p) != after.get(p)}
        assert seen.changed() == tuple(sorted(different))


def put(folder: Path, files: dict[str, bytes]) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(data)
