"""What builds make in a project: written there and nowhere else, and known again."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from hakawati.common.stamps import NEVER, stamp
from hakawati.errors import BookError
from hakawati.publishing.outputs import LIST, Outputs

MP3, EPUB, PAGE = "audio/01-one.mp3", "build/a-book.epub", "build/web/a/page.html"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in which three files were made."""
    project = tmp_path / "project"
    outputs = Outputs.of(project)
    outputs.begin([MP3, EPUB, PAGE])
    for name in (MP3, EPUB, PAGE):
        outputs.write(name, f"what is in {name}".encode())
    outputs.remember([MP3, EPUB, PAGE])
    return project


def intact(project: Path, **kwargs: bool) -> list[str]:
    outputs = Outputs.of(project)
    return [name for name in (MP3, EPUB, PAGE) if outputs.intact(name, **kwargs)]


def test_what_was_made_is_known_again(project: Path) -> None:
    assert Outputs.of(project).whole
    assert intact(project) == intact(project, compare=True) == [MP3, EPUB, PAGE]
    assert not Outputs.of(project).intact("audio/02-two.mp3")


def written_over(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[3] ^= 1
    with file.open("r+b") as opened:
        opened.write(data)


def time_kept(file: Path) -> None:
    before = file.stat()
    written_over(file)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def linked(file: Path) -> None:
    same = file.with_name("elsewhere")
    file.rename(same)
    file.symlink_to(same)


def folder_in_its_place(file: Path) -> None:
    file.unlink()
    file.mkdir()


CHANGES: dict[str, Callable[[Path], object]] = {
    "another size": lambda file: file.write_bytes(b"other"),
    "a bit, at another time": written_over,
    "a bit, the time kept": time_kept,
    "gone": lambda file: file.unlink(),
    "a folder": folder_in_its_place,
    "a link to the same": linked,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("compare", [False, True])
def test_what_was_changed_is_noticed(project: Path, change: Callable[[Path], object], compare: bool) -> None:
    change(project / EPUB)
    assert intact(project, compare=compare) == [MP3, PAGE]


def test_a_change_that_leaves_no_trace_on_the_file_is_noticed_by_its_content(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a disk does that forgets: the file's size, times and number are what they were."""
    known = Outputs.of(project).known[EPUB]
    time_kept(project / EPUB)
    monkeypatch.setattr("hakawati.publishing.outputs.stamp", lambda _: known._replace(digest=""))
    assert EPUB in intact(project)
    assert EPUB not in intact(project, compare=True)
    thorough = Outputs.of(project)
    thorough.thorough = True
    assert not thorough.intact(EPUB)


def test_a_project_that_was_copied_is_what_was_made_and_is_noted_so(project: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(project, copy, copy_function=shutil.copy)
    outputs = Outputs.of(copy)
    assert all(map(outputs.intact, outputs.known))
    assert not outputs.whole
    outputs.mend()
    again = Outputs.of(copy)
    assert all(map(again.intact, again.known))
    assert again.whole


# The list


@pytest.mark.parametrize("folder", ["audio", "build"])
@pytest.mark.parametrize("damage", [b"", b"{}", b"[" * 100_000])
def test_where_one_list_is_damaged_the_other_is_read_and_both_are_mended(
    project: Path, folder: str, damage: bytes
) -> None:
    (project / folder / LIST).write_bytes(damage)
    outputs = Outputs.of(project)
    assert outputs.known.keys() == {MP3, EPUB, PAGE}
    assert not outputs.whole
    outputs.mend()
    assert Outputs.of(project).whole


def test_where_both_lists_are_damaged_nothing_is_known(project: Path) -> None:
    for folder in ("audio", "build"):
        (project / folder / LIST).write_bytes(b"damage")
    assert Outputs.of(project).known == {}


def test_a_folder_that_was_deleted_takes_what_is_known_of_the_other_with_it_in_no_case(project: Path) -> None:
    shutil.rmtree(project / "build")
    outputs = Outputs.of(project)
    assert outputs.intact(MP3)
    assert not outputs.whole
    outputs.check([MP3, EPUB], force=False)


def test_the_files_of_a_version_without_a_list_are_known_by_its_state(tmp_path: Path) -> None:
    (tmp_path / "build" / "editions").mkdir(parents=True)
    (tmp_path / "build" / "state.json").write_text('{"files": {"audio/01-one.mp3": [1, 2]}}')
    (tmp_path / "build" / "editions" / "slow.json").write_text('{"files": {"audio/slow/01-one.mp3": [1, 2]}}')
    known = Outputs.of(tmp_path).known
    assert known == dict.fromkeys([MP3, "audio/slow/01-one.mp3", "build/report.json"], NEVER)


def test_what_a_build_was_about_to_make_is_known_to_the_next(project: Path) -> None:
    outputs = Outputs.of(project)
    outputs.begin(["audio/02-two.mp3", EPUB])
    outputs.write("audio/02-two.mp3", b"half of the book")
    after = Outputs.of(project)
    assert [after.intact(name) for name in (MP3, EPUB, "audio/02-two.mp3")] == [True, False, False]
    after.clear([MP3, EPUB])
    assert not (project / "audio" / "02-two.mp3").exists()


# Whose files they are


def test_a_file_that_no_build_made_is_not_replaced(project: Path) -> None:
    mine = project / "audio" / "02-two.mp3"
    mine.write_bytes(b"mine")
    outputs = Outputs.of(project)
    with pytest.raises(BookError, match="in the way") as raised:
        outputs.check([MP3, "audio/02-two.mp3"], force=False)
    assert [(p.path, "--force" in p.hint) for p in raised.value.problems] == [("audio/02-two.mp3", True)]
    outputs.check([MP3, "audio/02-two.mp3"], force=True)


def test_what_earlier_builds_made_is_cleared_up_and_its_empty_folder(project: Path) -> None:
    outputs = Outputs.of(project)
    assert outputs.clear([MP3]) == []
    outputs.remember([MP3])
    assert (project / MP3).exists()
    assert not (project / EPUB).exists()
    assert not (project / PAGE).parent.exists()
    assert Outputs.of(project).known.keys() == {MP3}


def test_what_was_changed_since_is_left_and_reported(project: Path) -> None:
    written_over(project / MP3)
    outputs = Outputs.of(project)
    (notice,) = outputs.clear([EPUB, PAGE])
    assert notice.path == MP3
    assert "changed" in notice.message
    assert (project / MP3).exists()
    outputs.remember([EPUB, PAGE])
    assert Outputs.of(project).clear([EPUB, PAGE]) == []


def test_an_old_name_that_is_the_new_file_is_not_removed(project: Path) -> None:
    """As on a disk that does not tell 01-one from 01-One: here, two names of one file."""
    outputs = Outputs.of(project)
    os.link(project / MP3, project / "audio" / "01-One.mp3")
    outputs.keep("audio/01-One.mp3", outputs.digest(MP3))
    outputs.clear(["audio/01-One.mp3", EPUB, PAGE])
    assert (project / MP3).exists()


# Outside


NAMES = [
    *("../outside.mp3", "audio/../../outside.mp3", "/etc/x.mp3", "audio//x.mp3", "audio/./x.mp3", "x.mp3"),
    *("audio/a\\x.mp3", "audio/c:x.mp3", "audio/x\0.mp3", "book/ar/01-one.md", "", ".", "audio/"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_leads_elsewhere_is_refused(project: Path, name: str) -> None:
    outputs = Outputs.of(project)
    outputs.known[name] = NEVER
    assert not outputs.intact(name)
    with pytest.raises(BookError):
        outputs.write(name, b"data")
    with suppress(OSError):
        assert outputs.clear([]) == []


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
@pytest.mark.parametrize("link", ["audio", "build", "build/web", "build/web/a"])
def test_nothing_is_written_read_or_removed_behind_a_link(project: Path, tmp_path: Path, link: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    (project / link).rename(elsewhere)
    (project / link).symlink_to(elsewhere)
    before = {file: (stamp(file), file.read_bytes()) for file in elsewhere.rglob("*") if file.is_file()}
    outputs = Outputs(project, dict.fromkeys((MP3, EPUB, PAGE), NEVER))
    behind = [name for name in (MP3, EPUB, PAGE) if name.startswith(f"{link}/")]
    assert behind
    for name in behind:
        assert not outputs.intact(name)
        with pytest.raises(BookError, match="link") as raised:
            outputs.write(name, b"data")
        assert raised.value.problems[0].path == link
    outputs.clear([])
    after = {file: (stamp(file), file.read_bytes()) for file in elsewhere.rglob("*") if file.is_file()}
    assert after == before


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")
def test_a_link_in_a_files_place_is_replaced_and_what_it_leads_to_left_as_it_is(
    project: Path, tmp_path: Path
) -> None:
    private = tmp_path / "private"
    private.write_bytes(b"private")
    private.chmod(0o600)
    (project / MP3).unlink()
    (project / MP3).symlink_to(private)
    outputs = Outputs.of(project)
    outputs.write(MP3, b"made")
    assert (project / MP3).read_bytes() == b"made"
    assert private.read_bytes() == b"private"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
