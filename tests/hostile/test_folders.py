"""Folders that are made to hurt: what is no file, what leads elsewhere, names of all kinds."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from hakawati.source.folder import Source
from tests.building import left
from tests.goldens import TIME, build_here
from tests.hostile.bounds import as_bytes, command, outcome
from tests.support import CHAPTER, TWO_LANGUAGES, YAML, draw, write_book
from tests.tiny_font import tiny_font

NFC, NFD = "01-caf\u00e9", "01-cafe\u0301"
ALEF_NFC, ALEF_NFD = "01-أول", "01-\u0627\u0654ول"
PARTS = {
    "ar/02-two.md": "",
    "en/01-one.md": "",
    "book.yaml": "",
    "glossary.yaml": "",
    "pronunciation.yaml": "",
    "recordings/ar/01-one.mp3": "",
    "images/a.png": "the image images/a.png",
    "cover.png": "the image cover.png",
    "fonts/a.ttf": "the font fonts/a.ttf",
}
"""What a book can be made of; and what messages call what another file names."""


def whole(project: Path) -> Path:
    """A book that names every one of `PARTS`."""
    config = f"{TWO_LANGUAGES}cover: cover.png\nfonts: [fonts/a.ttf]\n"
    for name in ("cover.png", "images/a.png"):
        draw(project / "book" / name)
    figure = "\n![a](images/a.png)\n"
    return write_book(
        project,
        {
            "book.yaml": config,
            "ar/01-one.md": CHAPTER + figure,
            "ar/02-two.md": CHAPTER,
            "en/01-one.md": f"# T\n\nA text.\n{figure}",
            "glossary.yaml": "- term: نص\n",
            "pronunciation.yaml": "نص: نَصّ\n",
            "recordings/ar/01-one.mp3": "x",
            "fonts/a.ttf": tiny_font("عنوانصقيرabcdefghijklmnopqrstuvwxyz"),
        },
    )


def blamed(project: Path, name: str) -> set[str]:
    """What is said of a part of the book, by the file that it is said of."""
    wanted = PARTS.get(name) or f"book/{name}"
    return {found for found in outcome(project) if wanted in found}


def pipe(file: Path) -> None:
    os.mkfifo(file)


def listening(file: Path) -> None:
    here = Path.cwd()
    os.chdir(file.parent)  # the whole path is too long to be a socket's
    try:
        with socket.socket(socket.AF_UNIX) as opened:
            opened.bind(file.name)
    finally:
        os.chdir(here)


@pytest.mark.parametrize("make", [pipe, listening, Path.mkdir])
@pytest.mark.parametrize("name", PARTS)
def test_what_is_no_file_is_not_waited_for(name: str, make: Callable[[Path], None], tmp_path: Path) -> None:
    project = whole(tmp_path)
    (file := project / "book" / name).unlink()
    make(file)
    if (name, make) == ("recordings/ar/01-one.mp3", Path.mkdir):
        assert blamed(project, name) == {f"book/{name}:0: there is no chapter 01-one.mp3"}
        return
    (found,) = blamed(project, name)
    assert found.endswith(("this is no file", "is no file", "this is no recording"))


@pytest.mark.parametrize("name", PARTS)
def test_no_part_of_a_book_is_taken_from_outside_of_it(name: str, tmp_path: Path) -> None:
    project = whole(tmp_path / "project")
    file = project / "book" / name
    file.rename(outside := tmp_path / file.name)
    file.symlink_to(outside)
    there = name if PARTS[name] else f"book/{name}:0"
    assert [found for found in outcome(project) if there in found and "leads out" in found] != []


@pytest.mark.parametrize("name", PARTS)
def test_a_link_to_nothing_or_to_itself_is_said_to_be_one(name: str, tmp_path: Path) -> None:
    for target in ("nowhere", Path(name).name):
        project = whole(tmp_path / target)
        (file := project / "book" / name).unlink()
        file.symlink_to(target)
        there = name if PARTS[name] else f"book/{name}"
        assert [found for found in outcome(project) if there in found] != []


def test_a_folder_of_translations_from_elsewhere_is_not_read(tmp_path: Path) -> None:
    project = write_book(tmp_path / "project", {"book.yaml": TWO_LANGUAGES})
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "01-one.md").write_text("# Secret")
    (project / "book" / "en").symlink_to(tmp_path / "en")
    assert outcome(project) == ["book/en/01-one.md:0: “en/01-one.md” leads out of the book's folder"]


def test_folders_that_lead_into_each_other_are_walked_through_once(tmp_path: Path) -> None:
    project = write_book(tmp_path, {})
    (project / "book" / "loop").symlink_to(project / "book")
    assert outcome(project) == []


def test_devices_are_no_files(tmp_path: Path) -> None:
    project = write_book(tmp_path, {})
    (project / "book" / "ar" / "02-two.md").symlink_to("/dev/zero")
    assert outcome(project) == ["book/ar/02-two.md:0: “ar/02-two.md” leads out of the book's folder"]


@pytest.mark.parametrize("size", [3_000_000, 50_000_000_000])
@pytest.mark.parametrize("name", [name for name in PARTS if not name.startswith("recordings")])
def test_a_huge_file_is_not_read(name: str, size: int, tmp_path: Path) -> None:
    project = whole(tmp_path)
    with (project / "book" / name).open("r+b") as file:
        file.truncate(size)
    if PARTS[name] and size < 50_000_000:
        return  # an image may have as much
    (found,) = blamed(project, name)
    told = f"{size // 1_000_000} MB of text in one file"
    assert found.endswith("has more than 50 MB" if PARTS[name] else told)


def test_a_huge_file_beside_the_book_does_not_stop_it(tmp_path: Path) -> None:
    project = write_book(tmp_path / "project", {})
    with (project / "book" / "video.mov").open("wb") as file:
        file.truncate(20_000_000_000)
    assert command(tmp_path, "build", "--dry-run", project).status == 0


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "latin-1", "cp1256"])
@pytest.mark.parametrize("name", ["book.yaml", "ar/01-one.md", "glossary.yaml", "pronunciation.yaml"])
def test_a_file_in_another_encoding_is_said_to_be_no_utf_8(name: str, encoding: str, tmp_path: Path) -> None:
    project = whole(tmp_path)
    text = "title: café\n" if encoding == "latin-1" else "title: قصر\n"
    (project / "book" / name).write_bytes(text.encode(encoding))
    found = blamed(project, name)
    assert found
    assert all("is not UTF-8" in one or "the control character" in one for one in found)


def test_empty_files_are_missing_texts_or_none(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"glossary.yaml": b"", "pronunciation.yaml": b"\xef\xbb\xbf"}
    project = write_book(tmp_path, {**files, "ar/01-one.md": b"", "ar/02-two.md": b"\xef\xbb\xbf\r\n"})
    assert outcome(project) == [f"book/ar/0{name}.md:0: no text in this file" for name in ("1-one", "2-two")]


# Names


@pytest.mark.parametrize(
    "name", ["-rf", "--help", "-", "~", "$HOME", "`id`", "a;b", "01-\u202egnp", "01-\x1b[2J", "\u200f1"]
)
def test_a_name_that_means_something_to_a_program_is_refused(name: str, tmp_path: Path) -> None:
    found = outcome(write_book(tmp_path, {f"ar/{name}.md": CHAPTER}))
    assert found == [f"book/ar/{name}.md:0: readers and players may stumble over this name"]


def test_a_name_that_is_no_text_can_still_be_told(tmp_path: Path) -> None:
    project = write_book(tmp_path / "project", {})
    as_bytes(project / "book" / "ar", b"02-\xff.md").write_text(CHAPTER)
    as_bytes(project / "book", b"\xff.png").write_bytes(b"")
    as_bytes(project / "book", b"\xfe").mkdir()
    done = command(tmp_path, "build", project)
    assert (done.status, done.said.splitlines()[0]) == (
        1,
        "book/ar/02-<U+DCFF>.md: readers and players may stumble over this name",
    )
    done = command(tmp_path, "build", "--json", project)
    assert (done.status, r"book/ar/02-\udcff.md" in done.said) == (1, True)


@pytest.mark.parametrize(("written", "kept"), [(NFC, NFD), (NFD, NFC), (ALEF_NFC, ALEF_NFD)])
def test_a_chapter_is_the_same_however_its_name_is_encoded(written: str, kept: str, tmp_path: Path) -> None:
    project = write_book(
        tmp_path,
        {
            "book.yaml": TWO_LANGUAGES,
            f"ar/{written}.md": CHAPTER,
            f"en/{kept}.md": f"# T\n\nA text, and [this one]({kept}.md) and [that]({written}.md).\n",
        },
    )
    assert outcome(project) == []
    folder = Source(project)
    chapter = folder.read(folder.names[0]).chapter
    assert chapter is not None
    assert (chapter.name, chapter.title("en")) in ((NFC, "T"), (ALEF_NFC, "T"))
    assert folder.edition().chapter_notices(folder.names[0]) == ()


def test_a_name_in_two_encodings_in_one_folder_is_a_problem(tmp_path: Path) -> None:
    project = write_book(tmp_path, {f"ar/{NFC}.md": CHAPTER, f"ar/{NFD}.md": CHAPTER})
    message = "two files have this name, which can be encoded in two ways"
    assert outcome(project) == [f"book/ar/{NFC}.md:0: {message}"]


@pytest.mark.usefixtures("reader")
def test_an_edit_of_a_chapter_is_seen_however_its_name_is_encoded(tmp_path: Path) -> None:
    project = write_book(tmp_path / "project", {f"ar/{NFD}.md": CHAPTER})
    build_here(project, modified=TIME)
    before = left(project)
    (project / "book" / "ar" / f"{NFD}.md").write_text("# عنوان\n\nنص آخر طويل.\n")
    assert [chapter.clips_made for chapter in build_here(project, modified=TIME).chapters] == [1]
    assert left(project) != before
    shutil.rmtree(project / "build")
    after = left(project)
    build_here(project, modified=TIME)
    assert {name: left(project)[name] for name in after} == after


def test_a_recording_is_found_however_its_name_is_encoded(tmp_path: Path) -> None:
    project = write_book(tmp_path, {f"ar/{NFC}.md": CHAPTER, f"recordings/ar/{NFD}.mp3": "x"})
    folder = Source(project)
    chapter = folder.read(folder.names[0]).chapter
    assert chapter is not None
    assert [recording.path for recording in chapter.recordings] == [f"book/recordings/ar/{NFD}.mp3"]
    before = folder.chapter_key(NFC)
    (project / "book" / "recordings" / "ar" / f"{NFD}.mp3").write_bytes(b"another")
    assert folder.chapter_key(NFC) != before


@pytest.mark.parametrize(("written", "kept"), [(NFC, NFD), (NFD, NFC)])
def test_an_image_whose_name_only_looks_the_same_is_said_to_be_one(
    written: str, kept: str, tmp_path: Path
) -> None:
    figure = f"{CHAPTER}\n![a](<images/{written}.png>)\n"
    project = write_book(
        tmp_path, {"book.yaml": f"{YAML}cover: images/{written}.png\n", "ar/01-one.md": figure}
    )
    draw(project / "book" / "images" / f"{kept}.png")
    message = (
        f"the image images/{written}.png is there under a name that looks the same, but is encoded otherwise"
    )
    assert outcome(project) == [f"book/ar/01-one.md:5: {message}", f"book/book.yaml:3: {message}"]
