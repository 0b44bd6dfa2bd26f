"""The zip file that an EPUB is."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from pathlib import Path

import pytest
from ebooklib import epub
from lxml import etree

from hakawati.common.stamps import ChangedFileError
from hakawati.epub import resource_paths
from hakawati.epub.container import write
from hakawati.epub.package import FileItem
from tests.goldens import CASES, SEED, TIME, Shelf, build_here, xpath


@pytest.mark.parametrize("case", [*CASES, SEED])
def test_the_mimetype_comes_first_and_bare(shelf: Shelf, case: str) -> None:
    with zipfile.ZipFile(shelf[case].epub) as archive:
        assert archive.testzip() is None
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
        assert archive.read(first) == b"application/epub+zip"
    head = shelf[case].epub.read_bytes()[:58]
    assert head[30:] == b"mimetypeapplication/epub+zip"


@pytest.mark.parametrize("case", [*CASES, SEED])
def test_every_file_is_in_once_and_can_be_found(shelf: Shelf, case: str) -> None:
    built = shelf[case]
    with zipfile.ZipFile(built.epub) as archive:
        names = archive.namelist()
    assert len(names) == len(set(names))
    (path,) = xpath(etree.fromstring(built.files["META-INF/container.xml"]), "//ocf:rootfile/@full-path")
    assert path == "EPUB/content.opf"
    hrefs = xpath(built.package, "//opf:manifest/opf:item/@href")
    assert sorted(names) == sorted(
        ["mimetype", "META-INF/container.xml", path, *(f"EPUB/{href}" for href in hrefs)]
    )


@pytest.mark.parametrize("case", [*CASES, SEED])
def test_names_hold_nothing_that_a_url_or_an_older_reader_would_stumble_over(shelf: Shelf, case: str) -> None:
    for name in shelf[case].files:
        assert all(c.isalnum() or c in "-._/" for c in name)
        assert not {"", ".", ".."} & set(name.split("/"))


@pytest.mark.parametrize("case", [*CASES, SEED])
def test_audio_and_images_are_stored_as_they_are(shelf: Shelf, case: str) -> None:
    built = shelf[case]
    with zipfile.ZipFile(built.epub) as archive:
        infos = archive.infolist()
    stored = {info.filename for info in infos if info.compress_type == zipfile.ZIP_STORED}
    assert stored - {"mimetype"} == {
        info.filename
        for info in infos
        if Path(info.filename).suffix.lower() in (".mp3", ".png", ".jpg", ".gif", ".webp")
    }
    audio = sorted(data for name, data in built.files.items() if name.endswith(".mp3"))
    assert audio == sorted(file.read_bytes() for file in (built.project / "audio").glob("*.mp3"))
    sources = {p.read_bytes() for p in (built.project / "book").rglob("*.*")}
    ours = ("mimetype", f"EPUB/{resource_paths.COVER}")
    assert all(built.files[name] in sources for name in stored if not name.endswith((".mp3", *ours)))


@pytest.mark.parametrize("case", [*CASES, SEED])
def test_nothing_in_the_file_tells_when_or_where_it_was_made(shelf: Shelf, case: str) -> None:
    with zipfile.ZipFile(shelf[case].epub) as archive:
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert (info.create_system, info.external_attr >> 16, info.comment) == (3, 0o644, b"")


def test_the_same_book_built_elsewhere_is_the_same_file(shelf: Shelf, tmp_path: Path) -> None:
    built = shelf["notes"]
    shutil.copytree(built.project / "book", tmp_path / "somewhere-else" / "book")
    report = build_here(tmp_path / "somewhere-else", store=shelf.store, modified=TIME)
    assert (tmp_path / "somewhere-else" / report.epub).read_bytes() == built.epub.read_bytes()


def test_a_large_file_is_copied_whole(tmp_path: Path) -> None:
    data = bytes(range(256)) * 20_000
    (tmp_path / "long.mp3").write_bytes(data)
    write(small_book(tmp_path / "long.mp3"), tmp_path / "book.epub", TIME)
    with zipfile.ZipFile(tmp_path / "book.epub") as archive:
        assert archive.read("EPUB/audio/long.mp3") == data


def test_a_file_that_is_not_there_is_not_left_out_silently(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write(small_book(tmp_path / "missing.mp3"), tmp_path / "book.epub", TIME)


@pytest.mark.parametrize("size", [0, 1, 1 << 20, 3_000_001])
def test_the_digest_is_the_files_own(tmp_path: Path, size: int) -> None:
    (tmp_path / "long.mp3").write_bytes(bytes(size))
    digest = write(small_book(tmp_path / "long.mp3"), tmp_path / "book.epub", TIME)
    assert digest == hashlib.sha256((tmp_path / "book.epub").read_bytes()).hexdigest()


def test_no_file_is_packed_that_is_not_what_was_made(tmp_path: Path) -> None:
    audio = tmp_path / "long.mp3"
    audio.write_bytes(b"what was made")
    digests = {audio: hashlib.sha256(b"what was made").hexdigest()}
    write(small_book(audio), tmp_path / "book.epub", TIME, digests)
    audio.write_bytes(b"what was mad.")
    with pytest.raises(ChangedFileError, match="not what was made"):
        write(small_book(audio), tmp_path / "book.epub", TIME, digests)


def small_book(audio: Path) -> epub.EpubBook:
    book = epub.EpubBook()
    book.set_identifier("urn:x")
    book.language, book.direction = "en", "ltr"
    book.add_item(FileItem("audio", "audio/long.mp3", "audio/mpeg", audio))
    return book
