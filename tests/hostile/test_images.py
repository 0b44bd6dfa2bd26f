"""Images that are made to hurt: none at all, damaged ones, and those that are small only on disk."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

import hakawati
from hakawati.errors import BookError
from hakawati.listening.artwork import square
from hakawati.listening.id3 import small_cover
from tests.hostile.bounds import MEGABYTES, command, outcome
from tests.support import CHAPTER, YAML, write_book

DAMAGED = "is no image, or a damaged one"
LARGE = "has more than 50 million pixels"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, data: bytes, *more: bytes, bits: int = 8, kind: int = 0) -> bytes:
    """A PNG that claims to be so large. `kind`: 0 grey, 6 with colours and transparency."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(data, 9))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + body + chunk(b"IEND", b"")


def gif(width: int, height: int, frames: int = 1) -> bytes:
    size = struct.pack("<HH", width, height)
    frame = b",\0\0\0\0" + size + b"\0\x02\x02D\x01\0"
    return b"GIF89a" + size + b"\x80\0\0\0\0\0\xff\xff\xff" + frame * frames + b";"


def webp(width: int, height: int) -> bytes:
    """An extended one without content: it is its head that is believed."""
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + sizes
    return b"RIFF" + struct.pack("<I", len(body)) + body


def drawn(kind: str, size: tuple[int, int] = (300, 300)) -> bytes:
    file = BytesIO()
    Image.effect_noise(size, 50).convert("RGB").save(file, kind)
    return file.getvalue()


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


BAD: dict[str, tuple[str, bytes, str]] = {
    "text": ("a.png", b"<html>", DAMAGED),
    "nothing": ("a.png", b"", DAMAGED),
    "zeros": ("a.gif", bytes(1000), DAMAGED),
    "a head alone": ("a.png", b"\x89PNG\r\n\x1a\n", DAMAGED),
    "half a PNG": ("a.png", half(drawn("PNG")), DAMAGED),
    "half a JPEG": ("a.jpg", half(drawn("JPEG")), DAMAGED),
    "half a WebP": ("a.webp", half(drawn("WEBP")), DAMAGED),
    "half a GIF": ("a.gif", half(drawn("GIF")), DAMAGED),
    "a PNG of 50,000 by 50,000": ("a.png", png(50_000, 50_000, bytes(1_000_000)), LARGE),
    "a PNG of 10,000 by 10,000": ("a.png", png(10_000, 10_000, bytes(1_000_000)), LARGE),
    "a PNG of the most there is": ("a.png", png(2**31 - 1, 2**31 - 1, b""), LARGE),
    "a PNG of nothing": ("a.png", png(0, 0, b""), DAMAGED),
    "a PNG without its pixels": ("a.png", png(7_000, 7_000, bytes(1_000)), DAMAGED),
    "a PNG whose text swells": (
        "a.png",
        png(4, 4, bytes(20), *[chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(9_000_000), 9))] * 20),
        DAMAGED,
    ),
    "a GIF of 65,535 by 65,535": ("a.gif", gif(65_535, 65_535), LARGE),
    "a GIF of 8,000 by 8,000": ("a.gif", gif(8_000, 8_000), LARGE),
    "a WebP of 16,777,216 by 16,777,216": ("a.webp", webp(1 << 24, 1 << 24), LARGE),
    "a PNG in a JPEG's clothes": ("a.jpg", drawn("PNG"), "is not what its name says, but PNG"),
    "a TIFF": ("a.png", drawn("TIFF"), "is not what its name says, but TIFF"),
    "an EPS, which is a program": ("a.png", drawn("EPS"), "is not what its name says, but EPS"),
    "an SVG": (
        "a.svg",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "is of a kind that not every reader shows",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_image_is_not_taken_for_one(case: str, tmp_path: Path) -> None:
    name, data, fault = BAD[case]
    files: dict[str, str | bytes] = {
        "book.yaml": f"{YAML}cover: {name}\n",
        "ar/01-one.md": f"{CHAPTER}\n![a]({name})\n",
        name: data,
    }
    assert outcome(write_book(tmp_path, files)) == [
        f"book/ar/01-one.md:5: the image {name} {fault}",
        f"book/book.yaml:3: the image {name} {fault}",
    ]


@pytest.mark.parametrize("size", [(20_000, 20_000), (10_000, 10_000)])
def test_an_image_with_too_many_pixels_is_to_have_fewer(size: tuple[int, int], tmp_path: Path) -> None:
    """Above 179 million Pillow refuses it; below, its size is compared here."""
    files: dict[str, str | bytes] = {
        "book.yaml": f"{YAML}cover: a.png\n",
        "a.png": png(*size, bytes(1_000_000)),
    }
    with pytest.raises(BookError) as caught:
        hakawati.load(write_book(tmp_path, files))
    assert [problem.hint for problem in caught.value.problems] == ["save it with fewer pixels"]


def test_an_image_of_another_format_is_to_be_saved_as_its_name_says(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"book.yaml": f"{YAML}cover: a.jpg\n", "a.jpg": drawn("PNG")}
    with pytest.raises(BookError) as caught:
        hakawati.load(write_book(tmp_path, files))
    assert [problem.hint for problem in caught.value.problems] == [
        "open it in an image program and save it as JPEG"
    ]


def palette() -> bytes:
    """A PNG of a few colours, one of them half transparent."""
    file = BytesIO()
    Image.new("P", (40, 40)).save(file, "PNG", transparency=b"\x80")
    return file.getvalue()


ODD: dict[str, tuple[str, bytes]] = {
    "colours that are half transparent": ("a.png", palette()),
    "an animation of no frames": ("a.png", png(4, 4, bytes(20), chunk(b"acTL", bytes(8)))),
    "a JPEG with half an Exif block": (
        "a.jpg",
        drawn("JPEG")[:2] + b"\xff\xe1\0\x24Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(18) + drawn("JPEG")[2:],
    ),
}


@pytest.mark.parametrize("case", ODD)
def test_what_pillow_remarks_of_an_image_is_not_told(
    case: str, tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    name, data = ODD[case]
    files: dict[str, str | bytes] = {
        "book.yaml": f"{YAML}cover: {name}\n",
        "ar/01-one.md": f"{CHAPTER}\n![a]({name})\n",
        name: data,
    }
    assert outcome(write_book(tmp_path, files)) == []
    assert small_cover(data)
    assert square(data)
    assert [str(warning.message) for warning in recwarn] == []


def test_an_image_with_many_frames_is_read_for_its_first(tmp_path: Path) -> None:
    figure = f"{CHAPTER}\n![a](a.gif)\n"
    assert outcome(write_book(tmp_path, {"a.gif": gif(1, 1, frames=20_000), "ar/01-one.md": figure})) == []


def test_as_many_pixels_as_there_can_be_fit_into_the_memory(tmp_path: Path) -> None:
    """All of the cover is in memory when small ones are made of it."""
    pixels = png(7_000, 7_000, bytes((1 + 7_000 * 8) * 7_000), bits=16, kind=6)
    project = write_book(tmp_path / "project", {"book.yaml": f"{YAML}cover: a.png\n", "a.png": pixels})
    done = command(tmp_path, "build", project)
    assert done.status == 0
    assert done.megabytes < MEGABYTES
