from __future__ import annotations

import os
from pathlib import Path

import pytest

from hakawati.common.stamps import content
from hakawati.publishing.outputs import OutputFolder, Outputs
from hakawati.web.edition_folder import EditionFolder


def folder_in(project: Path) -> EditionFolder:
    """The folder of the project's web edition, as a build has it."""
    return EditionFolder(OutputFolder(Outputs(project), "build/web"))


def test_what_is_as_it_was_is_not_written_again(tmp_path: Path) -> None:
    page = tmp_path / "build" / "web" / "a" / "page.html"
    folder_in(tmp_path).write("a/page.html", b"one")
    before = page.stat()
    folder = folder_in(tmp_path)
    folder.write("a/page.html", b"one")
    assert page.stat() == before
    folder.write("a/page.html", b"two")
    assert page.read_bytes() == b"two"


def test_a_sound_is_one_file_with_two_names(tmp_path: Path) -> None:
    source = tmp_path / "sound.mp3"
    source.write_bytes(b"frames")
    folder = folder_in(tmp_path)
    folder.share("audio/sound.mp3", source, content(source))
    shared = tmp_path / "build" / "web" / "audio" / "sound.mp3"
    assert shared.samefile(source)
    before = shared.stat()
    folder.share("audio/sound.mp3", source, content(source))
    assert shared.stat() == before


def test_a_sound_that_was_put_in_the_place_of_another_is_shared_again(tmp_path: Path) -> None:
    source, shared = tmp_path / "sound.mp3", tmp_path / "build" / "web" / "sound.mp3"
    source.write_bytes(b"frames")
    folder_in(tmp_path).share("sound.mp3", source, content(source))
    (tmp_path / "new").write_bytes(b"other frames")
    (tmp_path / "new").replace(source)
    assert shared.read_bytes() == b"frames"
    folder_in(tmp_path).share("sound.mp3", source, content(source))
    assert shared.read_bytes() == b"other frames"


def test_a_disk_without_second_names_gets_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    source, shared = tmp_path / "sound.mp3", tmp_path / "build" / "web" / "sound.mp3"
    source.write_bytes(b"frames")
    folder_in(tmp_path).share("sound.mp3", source, content(source))
    before = shared.stat()
    assert shared.read_bytes() == b"frames"
    assert not shared.samefile(source)
    folder_in(tmp_path).share("sound.mp3", source, content(source))
    assert shared.stat() == before


def test_a_file_of_the_authors_is_copied_and_left_as_it_is(tmp_path: Path) -> None:
    source, copy = tmp_path / "cover.png", tmp_path / "build" / "web" / "cover.png"
    source.write_bytes(b"image")
    source.chmod(0o400)
    before = source.stat()
    folder_in(tmp_path).copy("cover.png", source)
    assert copy.read_bytes() == b"image"
    assert not copy.samefile(source)
    assert source.stat() == before
