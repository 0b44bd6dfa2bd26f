"""Interlaced star rosettes: straps that run from star to star, each over and under the next in turn.

Regular polygons fill the plane: octagons and squares, or dodecagons and triangles. Across every edge's
midpoint two straps cross, at one angle in the whole pattern; in a large polygon a strap goes on straight to
the midpoint it meets, so that they make a star polygon {n/k}; in a small one it turns where two of them meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, pi, sin, sqrt, tan
from typing import TYPE_CHECKING

from hakawati.cover.palette import Colour, Palette, mix

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

Point = tuple[float, float]
Segment = tuple[Point, Point]

_FINE = 2
"""The ornament is drawn so many times as large, and reduced: smooth edges."""
_WIDTH, _EDGE = 12, 5
"""Of a strap, and of the dark line on each side of it, in pixels."""
_LAMP = 0.09
"""Of the small star in the middle of a large one, in its radii."""
_RIM = 180
"""Pillow's radial gradient, 0 in the middle and 255 in the corners, where it meets the middle of an edge."""


@dataclass(frozen=True, slots=True)
class StarPattern:
    """Stars {points/reach} whose centres are `distance` pixels apart."""

    points: int
    """8 or 12: the corners of the large polygons."""
    reach: int
    """A strap runs from an edge's midpoint to that of the so many-th edge after it."""
    distance: float


PATTERNS = (
    StarPattern(8, 3, 640),
    StarPattern(8, 3, 420),
    StarPattern(12, 4, 780),
    StarPattern(12, 3, 600),
    StarPattern(8, 2, 480),
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A regular polygon of the tiling, known by the circle through its edges' midpoints."""

    edges: int
    centre: Point
    radius: float
    turned: float
    """The direction of one midpoint, in radians."""

    def at(self, radius: float, angle: float) -> Point:
        """A point by its distance from the centre, in radii, and direction, from the first midpoint."""
        x, y, r, a = *self.centre, self.radius * radius, self.turned + angle
        return x + r * cos(a), y + r * sin(a)

    def star(self, outer: float, inner: float, angle: float = 0.0) -> list[Point]:
        """A star outline with as many points as there are edges, the first in the direction `angle`."""
        step = pi / self.edges
        return [self.at(inner if i % 2 else outer, angle + i * step) for i in range(2 * self.edges)]


def tiles(pattern: StarPattern, centre: Point, width: float, height: float) -> Iterator[Tile]:
    """The polygons that can be seen in a rectangle from (0, 0), one large one at `centre`."""
    d = pattern.distance
    count = int(max(width, height) / d) + 2
    for j in range(-count, count + 1):
        for i in range(-2 * count, 2 * count + 1):
            if pattern.points == 8:
                x, y = centre[0] + i * d, centre[1] + j * d
            else:
                x, y = centre[0] + (i + j % 2 / 2) * d, centre[1] + j * d * sqrt(3) / 2
            if -d < x < width + d and -d < y < height + d:
                yield Tile(pattern.points, (x, y), d / 2, 0.0)
                yield from _between(pattern.points, x, y, d)


def _between(points: int, x: float, y: float, distance: float) -> Iterator[Tile]:
    """The small polygons to the right of a large one, so that each belongs to one."""
    middle = x + distance / 2
    if points == 8:
        edge = distance / (1 + sqrt(2))
        yield Tile(4, (middle, y + distance / 2), edge / 2, pi / 4)
    else:
        edge, away = distance / (2 + sqrt(3)), distance / (2 * sqrt(3))
        yield Tile(3, (middle, y + away), edge / (2 * sqrt(3)), pi / 2)
        yield Tile(3, (middle, y - away), edge / (2 * sqrt(3)), -pi / 2)


def rings(tile: Tile, reach: int) -> list[list[Point]]:
    """The parts of a star polygon, one in another: stars from the outermost in, then the polygon inside."""
    step = pi / tile.edges
    radius = [cos(reach * step) / cos(j * step) for j in range(reach + 1)]
    stars = [tile.star(radius[j], radius[j - 1], (reach - j) % 2 * step) for j in range(reach, 1, -1)]
    first = (reach - 1) % 2 * step
    return [*stars, [tile.at(radius[1], first + 2 * i * step) for i in range(tile.edges)]]


def straps(tile: Tile, reach: int) -> list[Segment]:
    """The straight straps of a large polygon, counter-clockwise."""
    step = 2 * pi / tile.edges
    return [(tile.at(1, i * step), tile.at(1, (i + reach) * step)) for i in range(tile.edges)]


def crossings(points: int, reach: int) -> list[float]:
    """Where others cross a strap, both its ends among them: parts of its length, in order.

    The strap is over at every second one. Seen from the other strap the count runs the other way, and since
    there is an even number of them, one of the two is always over.
    """
    step = pi / points
    return [(1 + tan(j * step) / tan(reach * step)) / 2 for j in range(-reach, reach + 1) if j]


def bent(tile: Tile, pattern: StarPattern) -> list[Point]:
    """The strap of a small polygon: a star, turning inside each of its corners."""
    step, angle = pi / tile.edges, pattern.reach * pi / pattern.points
    length = sin(step) / cos(angle - step)
    return tile.star(1, (1 - length * sin(angle)) / cos(step))


class Brush:
    """Draws on the enlarged image."""

    def __init__(self, draw: ImageDraw.ImageDraw) -> None:
        self.draw = draw

    def area(self, points: Sequence[Point], colour: Colour) -> None:
        self.draw.polygon([(x * _FINE, y * _FINE) for x, y in points], fill=colour)

    def strip(self, segment: Segment, width: float, colour: Colour, longer: float = 0.0) -> None:
        """A segment with square ends, made longer by so many pixels at each end."""
        (x, y), (u, v) = segment
        length = hypot(u - x, v - y)
        a, b = (u - x) / length, (v - y) / length
        x, y, u, v = x - a * longer, y - b * longer, u + a * longer, v + b * longer
        p, q = -b * width / 2, a * width / 2
        self.area([(x + p, y + q), (u + p, v + q), (u - p, v - q), (x - p, y - q)], colour)

    def dot(self, centre: Point, width: float, colour: Colour) -> None:
        (x, y), r = centre, width / 2
        self.draw.ellipse([(c * _FINE) for c in (x - r, y - r, x + r, y + r)], fill=colour)


def ornament(pattern: StarPattern, palette: Palette, centre: Point, size: tuple[int, int]) -> Image.Image:
    """A rectangle full of the pattern, with a star at `centre`. `size` in pixels."""
    from PIL import Image, ImageDraw

    ground, glow, metal = palette.ground, palette.glow, palette.metal
    image = Image.new("RGB", (size[0] * _FINE, size[1] * _FINE), mix(ground, glow, 0.12))
    brush = Brush(ImageDraw.Draw(image))
    whole: list[Segment] = []
    over: list[Segment] = []
    places = [crossings(pattern.points, pattern.reach)[i] for i in range(1, 2 * pattern.reach, 2)]
    for tile in tiles(pattern, centre, *size):
        if tile.edges < pattern.points:
            outline = bent(tile, pattern)
            brush.area(outline, mix(ground, glow, 0.8))
            whole += zip(outline, [*outline[1:], outline[0]], strict=True)
            continue
        parts = rings(tile, pattern.reach)
        for i, part in enumerate(parts, start=1):
            brush.area(part, mix(ground, glow, 0.35 + 0.65 * i / len(parts)))
        brush.area(tile.star(_LAMP, _LAMP * 0.62), mix(glow, metal, 0.8))
        found = straps(tile, pattern.reach)
        whole += found
        over += [_part(strap, place, _WIDTH + 2 * _EDGE) for strap in found for place in places]
    edge = mix(ground, (0, 0, 0), 0.35)
    for width, colour in ((_WIDTH + 2 * _EDGE, edge), (_WIDTH, metal)):
        for strap in whole:
            brush.strip(strap, width, colour)
            for end in strap:
                brush.dot(end, width, colour)
    for strap in over:
        brush.strip(strap, _WIDTH + 2 * _EDGE, edge)
    for strap in over:
        brush.strip(strap, _WIDTH, metal, longer=_EDGE)
    return image.reduce(_FINE)


def _part(strap: Segment, place: float, half: float) -> Segment:
    """The piece of a strap that reaches `half` pixels to both sides of a place in it."""
    (x, y), (u, v) = strap
    a, b = (place + sign * half / hypot(u - x, v - y) for sign in (-1, 1))
    return (x + (u - x) * a, y + (v - y) * a), (x + (u - x) * b, y + (v - y) * b)


def light(size: tuple[int, int], centre: Point, radius: float) -> Image.Image:
    """A mask that is full at the centre and empty at the radius."""
    from PIL import Image

    def fall(value: int) -> int:
        near = max(0.0, 1 - (value / _RIM) ** 1.6)
        return round(255 * float(near**1.25))

    span = round(2 * radius)
    circle = Image.radial_gradient("L").resize((span, span), Image.Resampling.BICUBIC)
    mask = Image.new("L", size, 0)
    corner = round(centre[0] - span / 2), round(centre[1] - span / 2)
    mask.paste(circle.point([fall(v) for v in range(256)]), corner)
    return mask


def divider(page: Image.Image, centre: Point, palette: Palette) -> None:
    """Paint a small star between two lines, in the middle of a page."""
    from PIL import Image, ImageDraw

    large = Image.new("L", (640 * 4, 60 * 4))
    draw = ImageDraw.Draw(large)
    middle = Tile(8, (1280, 120), 84, 0.0)
    draw.polygon(middle.star(1, cos(pi / 4) / cos(pi / 8)), fill=255)
    draw.polygon(middle.star(0.5, 0.5 * cos(pi / 4) / cos(pi / 8)), fill=0)
    for left, right in ((400, 1130), (1430, 2160)):
        draw.rectangle((left, 116, right, 123), fill=255)
    mask = large.reduce(4)
    place = round(centre[0] - mask.width / 2), round(centre[1] - mask.height / 2)
    page.paste(palette.metal, place, mask)
