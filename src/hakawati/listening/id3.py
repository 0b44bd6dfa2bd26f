"""The ID3v2.4 tag of a chapter's MP3. It stands before the frames and takes no part in their time."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from hakawati.model import Chapter, Metadata

COVER_WIDTH = 600
"""Pixels; every chapter carries the cover, so it is a small one."""


def tag(
    meta: Metadata, chapter: Chapter, track: int, tracks: int, artists: Sequence[str], cover: bytes
) -> bytes:
    """The bytes of the tag; the same arguments give the same bytes. `cover` is a JPEG, or empty.

    The artists are who reads; the authors are the album's.
    """
    from mutagen import id3

    lang = meta.original
    frames = id3.ID3()
    frames.add(id3.TIT2(encoding=3, text=chapter.title()))
    frames.add(id3.TALB(encoding=3, text=meta.title_in(lang)))
    frames.add(id3.TRCK(encoding=3, text=f"{track}/{tracks}"))
    frames.add(id3.TLAN(encoding=3, text=_three_letters(lang)))
    if artists:
        frames.add(id3.TPE1(encoding=3, text=list(artists)))
    if meta.authors:
        frames.add(id3.TPE2(encoding=3, text=list(meta.authors)))
    if cover:
        frames.add(
            id3.APIC(encoding=3, mime="image/jpeg", type=id3.PictureType.COVER_FRONT, desc="", data=cover)
        )
    buffer = BytesIO()
    frames.save(buffer, v2_version=4, padding=lambda _: 0)
    return buffer.getvalue()


def _three_letters(lang: str) -> str:
    """The ISO 639-2 code that TLAN wants."""
    import langcodes

    try:
        return langcodes.Language.get(lang.split("-", maxsplit=1)[0]).to_alpha3(variant="B")
    except LookupError:
        return "und"


def small_cover(image: bytes) -> bytes:
    """The cover, an image file's content, as a small JPEG. Raises `OSError` for what is no image."""
    from PIL import Image

    buffer = BytesIO()
    with Image.open(BytesIO(image)) as full:
        height = max(1, round(full.height * COVER_WIDTH / full.width))
        small = full.convert("RGB").resize((COVER_WIDTH, height), Image.Resampling.LANCZOS)
        small.save(buffer, "JPEG", quality=80, optimize=True)
    return buffer.getvalue()
