"""The tags of the chapters' MP3s, as a player reads them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import soundfile
from mutagen import id3
from PIL import Image

from hakawati.listening.id3 import COVER_WIDTH, small_cover, tag
from hakawati.model import Block, Chapter, Metadata, Phrase, Place, Sentence, Text, Word
from tests.goldens import SEED, Shelf

META = Metadata({"ar": "كتاب", "en": "A Book"}, ("ar", "en"), "urn:x", "a-book", authors=("مؤلف", "Author"))
TITLE = Sentence("b1s1", "الفصل «الأول»", 1, (Word(0, 5), Word(7, 12)), (Phrase(0, 2),))
CHAPTER = Chapter(
    "01-one",
    "chapter",
    (Block("b1", "heading", Place("x", 1), (Text("b1", "ar", "x", (TITLE,)),), level=1),),
)


def read(data: bytes, tmp_path: Path) -> id3.ID3:
    file = tmp_path / "tag.mp3"
    file.write_bytes(data)
    return id3.ID3(file)


def test_a_player_sees_title_album_artists_track_and_language(tmp_path: Path) -> None:
    frames = read(tag(META, CHAPTER, 3, 12, ("مؤلف", "Author"), b"cover"), tmp_path)
    assert frames.version == (2, 4, 0)
    assert {name: list(frames[name].text) for name in ("TIT2", "TALB", "TPE1", "TRCK", "TLAN")} == {
        "TIT2": ["الفصل «الأول»"],
        "TALB": ["كتاب"],
        "TPE1": ["مؤلف", "Author"],
        "TRCK": ["3/12"],
        "TLAN": ["ara"],
    }
    (cover,) = frames.getall("APIC")
    assert (cover.mime, cover.type, cover.data) == ("image/jpeg", id3.PictureType.COVER_FRONT, b"cover")


def test_where_nobody_is_known_to_read_there_is_no_artist(tmp_path: Path) -> None:
    frames = read(tag(META, CHAPTER, 1, 1, (), b""), tmp_path)
    assert sorted(frames) == ["TALB", "TIT2", "TLAN", "TPE2", "TRCK"]


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert len({tag(META, CHAPTER, 1, 2, ("A",), b"x" * 1000) for _ in range(3)}) == 1


@pytest.mark.parametrize(
    ("lang", "code"),
    [
        ("en-GB", "eng"),
        ("fr", "fre"),
        ("zh-Hant-TW", "chi"),
        ("fil", "fil"),
        ("qqx", "qqx"),
        ("qq", "und"),
        ("en-us-us", "eng"),
    ],
)
def test_languages_are_told_by_their_three_letters(tmp_path: Path, lang: str, code: str) -> None:
    meta = Metadata({lang: "X"}, (lang,), "urn:x", "x")
    assert read(tag(meta, CHAPTER, 1, 1, (), b""), tmp_path)["TLAN"].text == [code]


@pytest.mark.parametrize(
    ("mode", "size"), [("RGBA", (1600, 2560)), ("P", (10, 10)), ("1", (9999, 1)), ("CMYK", (50, 900))]
)
def test_a_cover_becomes_a_small_jpeg_of_the_same_shape(
    tmp_path: Path, mode: str, size: tuple[int, int]
) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, size).save(tmp_path / "cover", kind)
    data = small_cover((tmp_path / "cover").read_bytes())
    with Image.open(io.BytesIO(data)) as small:
        assert (small.format, small.mode) == ("JPEG", "RGB")
        assert small.size == (COVER_WIDTH, max(1, round(size[1] * COVER_WIDTH / size[0])))
    assert small_cover((tmp_path / "cover").read_bytes()) == data


def test_every_chapter_of_a_book_is_tagged_and_begins_right_after(shelf: Shelf) -> None:
    built = shelf[SEED]
    titles = {chapter.name: chapter.title() for chapter in built.book.chapters}
    titles["glossary"] = "مسرد المصطلحات"
    for n, (name, title) in enumerate(titles.items(), start=1):
        file = built.project / "audio" / f"{name}.mp3"
        assert (soundfile.info(file).channels, soundfile.info(file).samplerate) == (1, 24_000)
        frames = id3.ID3(file)
        assert frames["TIT2"].text == [title]
        assert frames["TRCK"].text == [f"{n}/{len(titles)}"]
        assert frames["TALB"].text == [built.book.edition.metadata.title["ar"]]
        (cover,) = frames.getall("APIC")
        with Image.open(io.BytesIO(cover.data)) as image:
            assert image.width == COVER_WIDTH
        data = file.read_bytes()
        size = 10 + sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
        assert data[size : size + 2] == b"\xff\xf3"
