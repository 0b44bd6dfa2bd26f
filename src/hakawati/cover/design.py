"""The whole cover: an ornament that fades towards the titles, and at the foot the authors and the publisher.

Colours and ornament are chosen by the book's identifier, so a series varies and a book keeps its cover.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

from hakawati.arabic.marks import is_arabic
from hakawati.cover.drawn_cover import DrawnCover
from hakawati.cover.ornament import PATTERNS, divider, light, ornament
from hakawati.cover.palette import PALETTES, Colour
from hakawati.cover.shaping import FontStack
from hakawati.cover.typesetting import TextBlock, TextBox, fit_text
from hakawati.model import Font, Metadata, direction

if TYPE_CHECKING:
    from PIL import Image

WIDTH, HEIGHT = 1600, 2560
"""Pixels: what shops ask for."""
_CENTRE = (WIDTH // 2, 700)
"""Of the ornament's brightest star."""
_COLUMN = WIDTH - 2 * 150
"""How wide text may be."""
_TITLES = (1080, 2060)
"""From top to bottom, what the titles may fill."""
_RULE = 150
"""The height of the divider between the title and its translations."""
_TRANSLATIONS = 210
"""The height of all of these together."""
_BETWEEN = 60
"""The space below every title, and between the lines at the foot."""
_FOOT = 2400
"""Where the last line ends."""
_MOST_TITLES = 4
_BOLD, _REGULAR = 700, 400

Fonts = Sequence[tuple[Font, bytes]]
"""Those of the book, with their files' content."""


def draw_cover(metadata: Metadata, fonts: Fonts = ()) -> DrawnCover:
    """A cover of `WIDTH` by `HEIGHT` pixels; the same arguments give the same bytes.

    `fonts`: the book's own, which go before the built-in Amiri. A title that no font has all letters of is
    left out as a whole.
    """
    from PIL import Image, ImageChops

    chance = hashlib.sha256(metadata.identifier.encode()).digest()
    palette = PALETTES[chance[0] % len(PALETTES)]
    pattern = PATTERNS[chance[1] % len(PATTERNS)]
    scribe = _CoverTypography(fonts)
    written, unwritten = scribe.writable(metadata)
    titles = scribe.titles(written)
    heights = sum(title.block.height + _BETWEEN for title in titles) - _BETWEEN + _RULE * (len(titles) > 1)
    top = round((sum(_TITLES) - heights) / 2) if titles else HEIGHT
    seen = light((WIDTH, top), _CENTRE, 1300 if titles else 1900)
    if titles:
        seen = ImageChops.multiply(seen, _fading((WIDTH, top)))
    page = Image.new("RGB", (WIDTH, HEIGHT), palette.ground)
    page.paste(ornament(pattern, palette, _CENTRE, (WIDTH, top)), (0, 0), seen)
    for i, title in enumerate(titles):
        if i == 1:
            divider(page, (WIDTH // 2, top + (_RULE - _BETWEEN) // 2), palette)
            top += _RULE
        title.paint(page, top, palette.metal if i else palette.ink)
        top += round(title.block.height) + _BETWEEN
    foot = _FOOT
    for line, colour in zip(scribe.makers(metadata), (palette.metal, palette.ink), strict=True):
        if line:
            line.paint(page, foot - line.block.height, colour)
            foot -= round(line.block.height) + _BETWEEN
    buffer = BytesIO()
    page.save(buffer, "JPEG", quality=88, subsampling=0, optimize=True)
    return DrawnCover(buffer.getvalue(), unwritten)


def _fading(size: tuple[int, int]) -> Image.Image:
    """A mask that is full at its top and empty at its foot."""
    from PIL import Image

    mask = Image.new("L", (1, size[1]))
    for y in range(size[1]):
        left = min(1.0, (size[1] - y) / (size[1] * 0.55))
        mask.putpixel((0, y), round(255 * left * left * (3 - 2 * left)))
    return mask.resize(size)


@dataclass(frozen=True, slots=True)
class _CoverText:
    """A text that has been typeset, with its fonts."""

    lettering: FontStack
    block: TextBlock

    def paint(self, page: Image.Image, top: float, colour: Colour) -> None:
        """In the middle of the page, its ink from `top` on."""
        baseline = top + self.block.rise
        for line in self.block.lines:
            ink = self.lettering.ink(line, self.block.size)
            left = (WIDTH - line.width * self.block.size) / 2 + ink.left
            page.paste(colour, (round(left), round(baseline + ink.top)), ink.mask)
            baseline += self.block.pitch


class _CoverTypography:
    """Typesets the texts of a cover in the book's fonts and in Amiri."""

    def __init__(self, fonts: Fonts) -> None:
        self.own = fonts
        folder = files("hakawati.cover").joinpath("fonts")
        self.amiri = {
            weight: folder.joinpath(f"Amiri-{name}.ttf").read_bytes()
            for weight, name in ((_BOLD, "Bold"), (_REGULAR, "Regular"))
        }

    def lettering(self, lang: str, weight: int) -> FontStack:
        """The fonts for a language: the book's for it, nearest to the weight first; then all others."""

        def distance(entry: tuple[Font, bytes]) -> tuple[bool, int]:
            font = entry[0]
            return font.style != "normal", abs(int(font.weight.split()[0]) - weight)

        own = sorted(self.own, key=distance)
        meant = [data for font, data in own if lang in font.languages]
        others = [data for font, data in own if lang not in font.languages]
        return FontStack([*meant, self.amiri[weight], *others], lang)

    def writable(self, metadata: Metadata) -> tuple[dict[str, str], tuple[str, ...]]:
        """The titles that can be written, with their languages, none twice; the languages of the others."""
        found: dict[str, str] = {}
        unwritten = []
        for lang, title in metadata.title.items():
            if self.lettering(lang, _BOLD).draws(title):
                found.setdefault(title, lang)
            else:
                unwritten.append(lang)
        return dict(list(found.items())[:_MOST_TITLES]), tuple(unwritten)

    def titles(self, written: Mapping[str, str]) -> list[_CoverText]:
        """The first title, as large as can be, and those below it."""
        found: list[_CoverText] = []
        below = len(written) - 1
        for title, lang in written.items():
            if found:
                height = (_TRANSLATIONS - _BETWEEN * (below - 1)) / below
                box = TextBox(_COLUMN, height, max(60, min(110, found[0].block.size / 2)), 32)
            else:
                height = _TITLES[1] - _TITLES[0] - (_RULE + _BETWEEN + _TRANSLATIONS) * bool(below)
                # Arabic letters are drawn smaller in their em than Latin ones.
                box = TextBox(_COLUMN, height, 300 if direction(lang) == "rtl" else 210, 64)
            found.append(self._set(title, lang, _REGULAR if found else _BOLD, box))
        return found

    def makers(self, metadata: Metadata) -> Iterator[_CoverText | None]:
        """The publisher and the authors; None for what is not known, or cannot be written."""
        lang = metadata.original
        authors = ("، " if is_arabic(lang) else ", ").join(metadata.authors)
        for text, height, size in ((metadata.publisher, 70, 52), (authors, 150, 76)):
            able = self.lettering(lang, _REGULAR).draws(text)
            box = TextBox(_COLUMN, height, size, size * 0.6)
            yield self._set(text, lang, _REGULAR, box) if able else None

    def _set(self, text: str, lang: str, weight: int, box: TextBox) -> _CoverText:
        lettering = self.lettering(lang, weight)
        return _CoverText(lettering, fit_text(lettering, text, int(direction(lang) == "rtl"), box))
