"""The colours of drawn covers: a few families, each a night, a light in it, and a metal."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int]
"""sRGB, 0 to 255."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one cover."""

    ground: Colour
    """Behind the letters."""
    glow: Colour
    """What the ornament is lit with."""
    metal: Colour
    """Of its straps, and of all letters but the title's."""
    ink: Colour
    """Of the title."""


PALETTES = (
    Palette((20, 31, 58), (44, 72, 124), (212, 172, 92), (246, 238, 220)),  # night blue, brass
    Palette((13, 54, 53), (33, 108, 101), (219, 188, 112), (245, 240, 225)),  # cypress, brass
    Palette((66, 17, 26), (128, 46, 58), (224, 176, 128), (248, 238, 224)),  # pomegranate, copper
    Palette((42, 47, 31), (94, 102, 66), (210, 190, 130), (244, 239, 220)),  # olive, straw
    Palette((41, 27, 52), (92, 64, 110), (216, 176, 140), (245, 235, 236)),  # fig, rose gold
    Palette((44, 31, 24), (116, 78, 54), (222, 182, 124), (247, 238, 224)),  # coffee, brass
    Palette((24, 42, 52), (58, 96, 112), (206, 196, 168), (242, 240, 230)),  # slate, silver
)


def mix(one: Colour, other: Colour, part: float) -> Colour:
    """A colour between two: `part` 0 is the one, 1 the other."""
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue
