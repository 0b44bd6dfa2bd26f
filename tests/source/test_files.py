from __future__ import annotations

import os
from pathlib import Path

import pytest

from hakawati.source import files
from hakawati.source.files import MAX_BYTES, Files
from tests.support import draw, write_book


def complaints(folder: Files) -> list[str]:
    assert all(problem.hint for problem in folder.problems)
    return [f"{p.path}:{p.line}: {p.message}" for p in folder.problems]


def text_of(project: Path, content: bytes) -> tuple[str | None, list[str]]:
    folder = Files(write_book(project, {"a.md": content}))
    return folder.text("a.md"), complaints(folder)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("نص\n".encode(), "نص\n"),
        ("\ufeffنص".encode(), "نص"),
        (b"a\r\nb\rc\n", "a\nb\nc\n"),
        (b"", ""),
        ("\u2067نص\u2069".encode(), "\u2067نص\u2069"),
    ],
)
def test_reads_text_as_any_editor_saves_it(tmp_path: Path, content: bytes, text: str) -> None:
    assert text_of(tmp_path, content) == (text, [])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a\nb\xff", "book/a.md:2: byte 0xff is not UTF-8"),
        ("نص".encode("utf-16"), "book/a.md:1: byte 0xff is not UTF-8"),
        ("نص".encode("cp1256"), "book/a.md:1: byte 0xe4 is not UTF-8"),
        (b"a\n\nb\0", "book/a.md:3: the control character U+0000"),
        ("a\n\u202eb".encode(), "book/a.md:2: a directional control that is not closed in its line"),
        (b"a" * (MAX_BYTES + 1), "book/a.md:0: 2 MB of text in one file"),
        (b"\xff" * 10_000_000, "book/a.md:0: 10 MB of text in one file"),
    ],
)
def test_says_why_a_file_is_no_text(tmp_path: Path, content: bytes, expected: str) -> None:
    assert text_of(tmp_path, content) == (None, [expected])


def test_a_missing_file_is_a_problem_only_where_it_must_be(tmp_path: Path) -> None:
    folder = Files(write_book(tmp_path, {}))
    assert (folder.text("glossary.yaml"), complaints(folder)) == (None, [])
    assert folder.text("other.yaml", required="write it") is None
    assert complaints(folder) == ["book/other.yaml:0: this file is missing"]


def test_a_folder_or_a_pipe_is_no_text(tmp_path: Path) -> None:
    folder = Files(write_book(tmp_path, {"a.md/b.md": ""}))
    os.mkfifo(tmp_path / "book" / "c.md")
    assert (folder.text("a.md"), folder.text("c.md")) == (None, None)
    assert complaints(folder) == ["book/a.md:0: this is no file", "book/c.md:0: this is no file"]


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    folder = Files(write_book(tmp_path, {}))
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert folder.text("book.yaml") is None
    assert complaints(folder) == ["book/book.yaml:0: cannot be read: Permission denied"]


@pytest.mark.parametrize("target", ["../../secret.md", "/etc/hostname", "loop.md"])
def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path, target: str) -> None:
    (tmp_path / "secret.md").write_text("secret")
    folder = Files(write_book(tmp_path / "project", {}))
    (folder.root / "loop.md").symlink_to(target)
    assert folder.text("loop.md") is None
    assert complaints(folder) in (
        ["book/loop.md:0: “loop.md” leads out of the book's folder"],
        ["book/loop.md:0: cannot be read: Too many levels of symbolic links"],
    )


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    folder = Files(write_book(tmp_path, {"a.md": "a"}))
    (folder.root / "b.md").symlink_to("a.md")
    assert (folder.text("b.md"), complaints(folder)) == ("a", [])


def test_names_chapters_in_order_without_hidden_files(tmp_path: Path) -> None:
    folder = Files(write_book(tmp_path, {"ar/2.md": "", "ar/1.md": "", "ar/.3.md": "", "ar/4.txt": ""}))
    assert (folder.stems("ar"), folder.stems("en")) == (["1", "2"], [])


def test_remembers_when_the_newest_file_was_changed(tmp_path: Path) -> None:
    folder = Files(write_book(tmp_path, {"a.md": "", "b.md": "", "c.md": ""}))
    draw(folder.root / "d.png")
    for name, time in (("a.md", 1000), ("b.md", 3000), ("c.md", 9000), ("d.png", 5000)):
        os.utime(folder.root / name, (time, time))
    folder.text("b.md")
    folder.text("a.md")
    assert folder.modified == 3000
    folder.image("d.png", "book/book.yaml", 1)
    assert folder.modified == 5000


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.png", "PNG"),
        ("a.jpg", "JPEG"),
        ("a.JPEG", "JPEG"),
        ("صورة أ.gif", "GIF"),
        ("images/a.webp", "WEBP"),
    ],
)
def test_accepts_the_images_that_readers_show(tmp_path: Path, name: str, kind: str) -> None:
    folder = Files(write_book(tmp_path, {}))
    draw(folder.root / name, kind)
    folder.image(name, "book/book.yaml", 1)
    assert complaints(folder) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("text.png", "the image text.png is no image, or a damaged one"),
        ("cut.png", "the image cut.png is no image, or a damaged one"),
        ("photo.png", "the image photo.png is not what its name says, but JPEG"),
        ("book.yaml", "the image book.yaml is of a kind that not every reader shows"),
        ("phot.png", "the image phot.png is not there"),
        ("none/a.png", "the image none/a.png is not there"),
        ("folder.png", "the image folder.png is no file"),
        ("http://x.y/a.png", "the image http://x.y/a.png is not in the book"),
        ("//x.y/a.png", "the image //x.y/a.png is not in the book"),
        ("http://[", "the image http://[ is not in the book"),
        ("data:image/png;base64,AAAA", "the image data:image/png;base64,AAAA is not in the book"),
        ("../out.png", "“../out.png” leads out of the book's folder"),
        ("/etc/a.png", "“/etc/a.png” leads out of the book's folder"),
        ("link.png", "“link.png” leads out of the book's folder"),
        ("a\0.png", "“a\0.png” leads out of the book's folder"),
        ("a\\b.png", "the image a\\b.png is written with backslashes"),
        ("ا" * 128, f"the image {'ا' * 80}… has too long a name"),
        ("huge.png", "the image huge.png has more than 0 million pixels"),
    ],
)
def test_says_why_an_image_cannot_stand_in_the_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, expected: str
) -> None:
    monkeypatch.setattr(files, "MAX_PIXELS", 400)
    folder = Files(write_book(tmp_path / "project", {"text.png": "text", "folder.png/a": ""}))
    draw(folder.root / "photo.png", "JPEG")
    draw(folder.root / "huge.png", size=(20, 21))
    draw(folder.root / "whole.png")
    whole = (folder.root / "whole.png").read_bytes()
    (folder.root / "cut.png").write_bytes(whole[: len(whole) // 2])
    draw(tmp_path / "project" / "out.png")
    (folder.root / "link.png").symlink_to("../out.png")
    folder.image(name, "book/ar/a.md", 7)
    assert complaints(folder) == [f"book/ar/a.md:7: {expected}"]


def test_offers_the_image_that_was_meant(tmp_path: Path) -> None:
    folder = Files(write_book(tmp_path, {"images/notes.txt": ""}))
    draw(folder.root / "images" / "cover.jpg", "JPEG")
    folder.image("images/cover.png", "book/book.yaml", 1)
    assert [problem.hint for problem in folder.problems] == ["did you mean “images/cover.jpg”?"]
