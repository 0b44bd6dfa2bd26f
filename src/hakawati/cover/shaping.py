"""A line of text in one or more scripts → shaped glyphs → a mask to paint through.

HarfBuzz shapes and fills the outlines; the order of the line's runs is that of the Unicode Bidirectional
Algorithm (UAX #9). Lengths are in ems, until a size in pixels is asked for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import uharfbuzz
    from PIL import Image

_JOINERS = "\u200c\u200d"
"""Invisible, and part of the spelling; other format characters are left out."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph and its position in the line, in ems."""

    face: int
    """Which of the fonts it is of."""
    number: int
    x: float
    y: float
    """Above the baseline."""


@dataclass(frozen=True, slots=True)
class ShapedLine:
    """A line of glyphs, from left to right."""

    glyphs: tuple[Glyph, ...]
    width: float
    rise: float
    """Of its ink, above the baseline."""
    fall: float
    """Of its ink, below the baseline."""


class LineMask(NamedTuple):
    """The ink of a line: a mask, and its offset from the beginning of the baseline, in pixels."""

    mask: Image.Image
    left: int
    top: int
    """Below the baseline, so mostly negative."""


class _TextRun(NamedTuple):
    level: int
    face: int
    script: str


class FontStack:
    """Fonts in order of preference: a character is drawn with the first that has it."""

    def __init__(self, fonts: Sequence[bytes], lang: str) -> None:
        """`fonts`: TrueType or OpenType files; `lang`: BCP 47, since a letter's form may depend on it."""
        import uharfbuzz

        self._lang = lang
        faces = [uharfbuzz.Face(font) for font in fonts]
        self._fonts = [uharfbuzz.Font(face) for face in faces]
        self._known = [frozenset(face.unicodes) for face in faces]

    def draws(self, text: str) -> bool:
        """Whether a text can be drawn: all its letters, marks and digits; or, if it has none, anything."""
        needed = [c for c in text if unicodedata.category(c)[0] in "LMN"]
        if not needed:
            return any(self._face(c) is not None for c in text if unicodedata.category(c)[0] in "PS")
        return all(self._face(c) is not None for c in needed)

    def shape(self, text: str, base: int) -> ShapedLine:
        """The glyphs of a line. `base`: 0 for a line from left to right, 1 from right to left.

        Characters that no font has are left out.
        """
        glyphs: list[Glyph] = []
        pen = rise = fall = 0.0
        for run, piece in _in_order(list(self._runs(text, base))):
            font = self._fonts[run.face]
            for info, position in _shaped(font, piece, run.level, self._lang):
                em = font.face.upem
                x, y = pen + position.x_offset / em, position.y_offset / em
                glyphs.append(Glyph(run.face, info.codepoint, x, y))
                pen += position.x_advance / em
                if extents := font.get_glyph_extents(info.codepoint):
                    rise = max(rise, y + extents.y_bearing / em)
                    fall = max(fall, -y - (extents.y_bearing + extents.height) / em)
        return ShapedLine(tuple(glyphs), pen, rise, fall)

    def ink(self, line: ShapedLine, size: float) -> LineMask:
        """The ink of a line. `size`: of an em, in pixels."""
        import uharfbuzz
        from PIL import Image

        raster = uharfbuzz.RasterDraw()
        for glyph in line.glyphs:
            font = self._fonts[glyph.face]
            scale = size / font.face.upem
            raster.transform = (scale, 0, 0, scale, glyph.x * size, glyph.y * size)
            raster.draw_glyph(font, glyph.number)
        image = raster.render()
        extents = image.extents
        if not extents.width or not extents.height:
            return LineMask(Image.new("L", (1, 1)), 0, 0)
        shape = (extents.width, extents.height)
        mask = Image.frombytes("L", shape, bytes(image.buffer), "raw", "L", extents.stride, -1)
        return LineMask(mask, extents.x_origin, -extents.y_origin - extents.height)

    def _face(self, c: str) -> int | None:
        """The first font that has a character, whole or in the parts that HarfBuzz puts together."""
        parts = {ord(part) for part in unicodedata.normalize("NFD", c)}
        return next((i for i, known in enumerate(self._known) if ord(c) in known or parts <= known), None)

    def _runs(self, text: str, base: int) -> Iterator[tuple[_TextRun, str]]:
        """The line's runs of one direction, font and script, in logical order."""
        clean = "".join(c for c in text if unicodedata.category(c)[0] != "C" or c in _JOINERS)
        found: list[tuple[_TextRun, str]] = []
        for c, level in zip(clean, levels(clean, base), strict=True):
            last = found[-1][0] if found else None
            face, script = self._face(c), _script(c)
            if last and (c in _JOINERS or not script):
                # A mark or a space goes with what it stands behind, wherever it can.
                script = last.script
                face = last.face if c in _JOINERS or ord(c) in self._known[last.face] else face
            if face is not None:
                found.append((_TextRun(level, face, script), c))
        for run, pairs in groupby(found, key=lambda pair: pair[0]):
            yield run, "".join(c for _, c in pairs)


def _shaped(
    font: uharfbuzz.Font, text: str, level: int, lang: str
) -> Iterator[tuple[uharfbuzz.GlyphInfo, uharfbuzz.GlyphPosition]]:
    import uharfbuzz

    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.language = lang
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if level % 2 else "ltr"
    uharfbuzz.shape(font, buffer)
    return zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)


def _in_order(runs: list[tuple[_TextRun, str]]) -> list[tuple[_TextRun, str]]:
    """The runs from left to right (UAX #9, rule L2)."""
    for level in range(max((run.level for run, _ in runs), default=0), 0, -1):
        turned: list[tuple[_TextRun, str]] = []
        for high, group in groupby(runs, key=lambda pair: pair[0].level >= level):
            same = list(group)
            turned += same[::-1] if high else same
        runs = turned
    return runs


def _script(c: str) -> str:
    """A name that letters of one script share; empty for a character of none."""
    return unicodedata.name(c, "").split(" ", maxsplit=1)[0] if c.isalpha() else ""


def levels(text: str, base: int) -> list[int]:
    """The embedding level of every character of a line (UAX #9): odd ones run from right to left."""
    from bidi import algorithm

    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "R" if base else "L"
    algorithm.get_embedding_levels(text, storage)
    for i, c in enumerate(storage["chars"]):
        c["index"] = i
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    found = {c["index"]: int(c["level"]) for c in storage["chars"]}
    # Joiners, which the algorithm takes out, are of the level of what they stand behind.
    last, result = base, []
    for i in range(len(text)):
        last = found.get(i, last)
        result.append(last)
    return result
