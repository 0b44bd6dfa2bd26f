"""The ID3v2.4 tag of a chapter's MP3. It precedes the MPEG frames and does not change their times.

Sections and footnotes are `CHAP` frames, listed by `CTOC` frames (ID3v2 Chapter Frame Addendum 1.0); the
narrated text is there as a whole in `USLT`, and line by line with times in `SYLT` (ID3v2.4.0 native frames
§4.8 and §4.9). Times are milliseconds from the first MPEG frame, the same numbers as in the timings.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from hakawati.listening.outline import ChapterMarker, chapter_markers, lines, one_line, reading
from hakawati.model import Chapter, Metadata, Timeline, milliseconds

if TYPE_CHECKING:
    from mutagen.id3 import Frame

COVER_WIDTH = 600
"""Pixels; every chapter carries the cover, so it is a small one."""
_UTF8 = 3
_MILLISECONDS = 2
_LYRICS = 1
_TOP_LEVEL, _ORDERED = 2, 1
_CHILDREN = 255
"""How many entries a `CTOC` frame can list: it counts them in one byte."""
_YEAR = re.compile(r"(?:©|\(c\)|copyright)[\s©]*(?=\d{4}\s)", re.IGNORECASE)
"""What a player itself puts before the year that a copyright message begins with (§4.2.4)."""


@dataclass(frozen=True, slots=True)
class Album:
    """What the tags of all chapters of a book have in common."""

    metadata: Metadata
    tracks: int
    cover: bytes = b""
    """A JPEG, or empty."""
    note: Mapping[str, str] = field(default_factory=dict)
    """The word for a footnote, by language; of every language of the book."""


def tag(album: Album, chapter: Chapter, timeline: Timeline, track: int, artists: Sequence[str]) -> bytes:
    """The bytes of the whole tag; the same arguments give the same bytes.

    `timeline`: with its sentences as they are printed; `track`: the chapter's number, from 1; `artists`: the
    narrators. The authors are the album's.
    """
    body = b"".join(map(_bytes, _frames(album, chapter, timeline, track, artists)))
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x04\x00\x00" + size + body


def _frames(
    album: Album, chapter: Chapter, timeline: Timeline, track: int, artists: Sequence[str]
) -> Iterator[Frame]:
    from mutagen import id3

    meta = album.metadata
    heard = list(dict.fromkeys(_three_letters(timed.lang) for timed in timeline.sentences))
    original = _three_letters(meta.original)
    texts = {
        id3.TIT2: [chapter.title()],
        id3.TALB: [meta.title_in(meta.original)],
        id3.TPE1: artists,
        id3.TPE2: meta.authors,
        id3.TRCK: [f"{track}/{album.tracks}"],
        id3.TPOS: ["1/1"],
        id3.TLAN: heard or [original],
        id3.TDRC: [meta.date],  # what players show as the year
        id3.TDRL: [meta.date],  # what it is: when the book came out
        id3.TPUB: [meta.publisher],
        id3.TCOP: [_YEAR.sub("", meta.rights, count=1) if _YEAR.match(meta.rights) else meta.rights],
    }
    for frame, values in texts.items():
        if shown := [line for value in values if (line := one_line(value))]:
            yield frame(encoding=_UTF8, text=shown)
    yield from _contents(chapter_markers(chapter, timeline, album.note))
    if heard:
        lang = original if original in heard else heard[0]
        yield id3.USLT(encoding=_UTF8, lang=lang, desc="", text=reading(timeline))
        # A line feed before its text, and not after it, is what begins a line (§4.9).
        lyrics = [(f"\n{line.text}", milliseconds(line.begin)) for line in lines(timeline)]
        lyrics[0] = lyrics[0][0].removeprefix("\n"), lyrics[0][1]
        yield id3.SYLT(encoding=_UTF8, lang=lang, format=_MILLISECONDS, type=_LYRICS, desc="", text=lyrics)
    if album.cover:
        front = id3.PictureType.COVER_FRONT
        yield id3.APIC(encoding=_UTF8, mime="image/jpeg", type=front, desc="", data=album.cover)


def _contents(found: Sequence[ChapterMarker]) -> Iterator[Frame]:
    """The chapter's parts with their table of contents; nothing where there is but one."""
    from mutagen import id3

    if len(found) < 2:
        return
    ids = [f"part{n}" for n in range(1, len(found) + 1)]
    yield from _tables("toc", ids, _TOP_LEVEL | _ORDERED)
    for id_, part in zip(ids, found, strict=True):
        begin, end = milliseconds(part.begin), milliseconds(part.end)
        title = id3.TIT2(encoding=_UTF8, text=part.title)
        yield id3.CHAP(element_id=id_, start_time=begin, end_time=end, sub_frames=[title])


def _tables(id_: str, children: Sequence[str], flags: int) -> Iterator[Frame]:
    """A table of contents; of more than it can list, one that lists tables."""
    from mutagen import id3

    groups = [children[i : i + _CHILDREN] for i in range(0, len(children), _CHILDREN)]
    if len(groups) == 1:
        yield id3.CTOC(element_id=id_, flags=flags, child_element_ids=children, sub_frames=[])
        return
    ids = [f"{id_}.{n}" for n in range(1, len(groups) + 1)]
    yield from _tables(id_, ids, flags)
    for inner, group in zip(ids, groups, strict=True):
        yield id3.CTOC(element_id=inner, flags=_ORDERED, child_element_ids=group, sub_frames=[])


def _bytes(frame: Frame) -> bytes:
    """A frame in bytes. Each is written alone, since mutagen would sort them by size."""
    from mutagen import id3

    frames = id3.ID3()
    frames.add(frame)
    buffer = BytesIO()
    frames.save(buffer, v2_version=4, padding=lambda _: 0)
    return buffer.getvalue()[10:]


def _three_letters(lang: str) -> str:
    """The ISO 639-2 code that TLAN wants."""
    import langcodes

    try:
        return langcodes.Language.get(lang.split("-", maxsplit=1)[0]).to_alpha3(variant="B")
    except LookupError:
        return "und"


@lru_cache(maxsize=1)  # all editions of a book have the same
def small_cover(image: bytes) -> bytes:
    """The cover as a JPEG that is `COVER_WIDTH` pixels wide.

    `image`: the content of an image file. Raises `OSError` if it is no image.
    """
    from PIL import Image, ImageOps

    buffer = BytesIO()
    with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(image)) as full:
        upright = ImageOps.exif_transpose(full)  # as a camera says that it was held
        height = max(1, round(upright.height * COVER_WIDTH / upright.width))
        small = upright.convert("RGB").resize((COVER_WIDTH, height), Image.Resampling.LANCZOS)
        small.save(buffer, "JPEG", quality=80, optimize=True)
    return buffer.getvalue()
