"""An author's font file → `Font`: what it says of itself (OpenType 1.9), and whether a book may use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from struct import unpack_from
from typing import TYPE_CHECKING

from hakawati.errors import listed
from hakawati.model import Font, Place

if TYPE_CHECKING:
    import uharfbuzz

_NEEDED = frozenset(["cmap", "head", "hhea", "hmtx", "maxp", "name", "OS/2"])
_OUTLINES = frozenset(["glyf", "CFF ", "CFF2"])
_SIGNATURES = (b"\0\1\0\0", b"OTTO", b"true")
# Bits of OS/2.fsType: of the lowest four, 2 alone forbids embedding; 0x200 allows bitmaps only.
_USAGE, _RESTRICTED, _NO_SUBSETTING, _BITMAPS_ONLY = 0x000F, 0x0002, 0x0100, 0x0200
_ITALIC = 0x0201
"""Bits of OS/2.fsSelection: italic, oblique."""
_COPYRIGHT, _FAMILY, _LICENCE, _LICENCE_URL, _TYPOGRAPHIC_FAMILY = 0, 1, 13, 14, 16
_ENOUGH = 20
"""So many letters are an alphabet, and not just the few Greek ones that every font has for mathematics."""
_WRITTEN_IN = {
    "Jpan": ("Hira", "Kana", "Hani"),
    "Kore": ("Hang", "Hani"),
    "Hans": ("Hani",),
    "Hant": ("Hani",),
}

Wrong = Callable[[str, str], None]
"""Takes what is wrong with the font, and a hint."""


@dataclass(frozen=True, slots=True)
class FontChoice:
    """A font as `book.yaml` names it."""

    file: str
    languages: tuple[str, ...]
    """None: those that the font can write."""
    licence: str
    place: Place


def read_font(choice: FontChoice, data: bytes, languages: Sequence[str], wrong: Wrong) -> Font | None:
    """The font, or None, reported, where the book cannot have it. `languages`: the book's."""
    import uharfbuzz

    if data[:4] == b"ttcf":
        wrong("is a collection of fonts", "take the one you mean out of it, as a TTF or OTF file")
        return None
    tables = _tables(data)
    face = uharfbuzz.Face(data) if tables >= _NEEDED and tables & _OUTLINES else None
    if face is None or not face.glyph_count or not face.unicodes:
        wrong("is no font, or a damaged one", "copy it again from where you have it from")
        return None
    allowed, selection = unpack_from(">8xH52xH", face.reference_table("OS/2").data)
    if allowed & _USAGE == _RESTRICTED or allowed & _BITMAPS_ONLY:
        hint = "take a font whose licence allows it, such as one under the SIL Open Font License"
        wrong("may not be embedded: it says so itself (OS/2 fsType)", hint)
        return None
    chosen = choice.languages or _able(face, languages)
    unable = [lang for lang in chosen or languages if not letters(face, lang)]
    if unable:
        wrong(f"has no letter of {listed(unable)}", "take another font, or name its languages: [ar]")
        return None
    said = f"{_name(face, _COPYRIGHT)} {_name(face, _LICENCE)}".casefold()
    licence = choice.licence or _name(face, _LICENCE) or _name(face, _LICENCE_URL) or _name(face, _COPYRIGHT)
    return Font(
        file=choice.file,
        languages=tuple(lang for lang in languages if lang in chosen),
        family=_name(face, _TYPOGRAPHIC_FAMILY) or _name(face, _FAMILY) or choice.file,
        weight=_weight(face),
        style="italic" if selection & _ITALIC else "normal",
        licence=licence,
        # A font with reserved names (OFL 1.1 §3) may not bear them once it is cut down.
        whole=bool(allowed & _NO_SUBSETTING) or "reserved font name" in said,
        place=choice.place,
    )


def letters(face: uharfbuzz.Face, lang: str) -> int:
    """How many letters of a language's script a font has, counted no further than an alphabet needs."""
    import langcodes
    import uharfbuzz

    script = langcodes.Language.get(lang).maximize().script or "Latn"
    wanted = _WRITTEN_IN.get(script, (script,))
    count = 0
    for code in face.unicodes:
        if chr(code).isalpha():
            buffer = uharfbuzz.Buffer()
            buffer.add_codepoints([code])
            buffer.guess_segment_properties()
            count += buffer.script in wanted
            if count == _ENOUGH:
                break
    return count


def _able(face: uharfbuzz.Face, languages: Sequence[str]) -> list[str]:
    """The languages that a font has an alphabet for; else those it has some letters for."""
    counts = {lang: letters(face, lang) for lang in languages}
    return [lang for lang in languages if counts[lang] >= _ENOUGH] or [
        lang for lang in languages if counts[lang]
    ]


def _tables(data: bytes) -> set[str]:
    """The names of a font file's tables; none where it is no font, or where one is not whole."""
    if data[:4] not in _SIGNATURES or len(data) < 12:
        return set()
    (count,) = unpack_from(">H", data, 4)
    if len(data) < 12 + 16 * count:
        return set()
    entries = [unpack_from(">4s4xLL", data, 12 + 16 * i) for i in range(count)]
    if any(begin + length > len(data) for _, begin, length in entries):
        return set()
    return {tag.decode("latin-1") for tag, _, _ in entries}


def _name(face: uharfbuzz.Face, number: int) -> str:
    """The first line of an entry of the table `name`, in English or whatever it is in; empty without one."""
    return next((line for line in _lines(face, number) if line), "")


def _lines(face: uharfbuzz.Face, number: int) -> Iterator[str]:
    for language in ("en", *(entry.language for entry in face.list_names() if entry.name_id == number)):
        for line in (face.get_name(number, language) or "").splitlines():
            yield "".join(c if c.isprintable() else " " for c in line).strip()[:500]


def _weight(face: uharfbuzz.Face) -> str:
    for axis in face.axis_infos:
        if axis.tag == "wght":
            return f"{round(axis.min_value)} {round(axis.max_value)}"
    (weight,) = unpack_from(">4xH", face.reference_table("OS/2").data)
    return str(weight) if 1 <= weight <= 1000 else "400"
