"""The geometry of the straps, and what is drawn of it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from math import dist, hypot

import pytest
from PIL import Image, ImageChops

from hakawati.cover.ornament import (
    PATTERNS,
    Point,
    Segment,
    StarPattern,
    Tile,
    bent,
    crossings,
    light,
    ornament,
    rings,
    straps,
    tiles,
)
from hakawati.cover.palette import PALETTES

EVERY = pytest.mark.parametrize("pattern", PATTERNS)
CENTRE = (800.0, 700.0)


def near(one: Point) -> tuple[int, int]:
    return round(one[0]), round(one[1])


def along(strap: Segment, place: float) -> Point:
    (x, y), (u, v) = strap
    return x + (u - x) * place, y + (v - y) * place


def area(points: list[Point]) -> float:
    return abs(
        sum(x * v - u * y for (x, y), (u, v) in zip(points, [*points[1:], points[0]], strict=True)) / 2
    )


@EVERY
def test_polygons_meet_edge_to_edge(pattern: StarPattern) -> None:
    """Every midpoint of an edge inside the rectangle belongs to two of them."""
    midpoints = Counter(
        near(tile.at(1, i * 6.283185307179586 / tile.edges))
        for tile in tiles(pattern, CENTRE, 1600, 1400)
        for i in range(tile.edges)
    )
    inside = {p: n for p, n in midpoints.items() if 20 < p[0] < 1580 and 20 < p[1] < 1380}
    # Rounding can part two that are one; they are then neighbours.
    lonely = [p for p, n in inside.items() if n == 1]
    assert all(any(0 < dist(p, q) < 1.5 for q in inside) for p in lonely)
    assert len(inside) > 20


@EVERY
def test_a_star_stands_at_the_centre(pattern: StarPattern) -> None:
    assert [t.edges for t in tiles(pattern, CENTRE, 1600, 1400) if dist(t.centre, CENTRE) < 1] == [
        pattern.points
    ]


@EVERY
def test_where_a_strap_is_over_the_other_is_under(pattern: StarPattern) -> None:
    tile = Tile(pattern.points, (0, 0), 500, 0.3)
    places = crossings(pattern.points, pattern.reach)
    assert places == sorted(places)
    assert [places[0], places[-1]] == pytest.approx([0, 1])
    seen = Counter(
        (near(along(strap, place)), i % 2)
        for strap in straps(tile, pattern.reach)
        for i, place in enumerate(places)
    )
    points = {point for point, _ in seen}
    assert len(points) == pattern.points * len(places) / 2
    assert all(seen[point, 0] == seen[point, 1] == 1 for point in points)


@EVERY
def test_a_strap_goes_on_in_its_direction_across_an_edge(pattern: StarPattern) -> None:
    large = Tile(pattern.points, (0, 0), 100, 0)
    (start, end), *_ = straps(large, pattern.reach)
    slope = hypot(end[0] - start[0], end[1] - start[1])
    inwards = (start[0] - end[0]) / slope  # of the angle between the strap and the edge's normal
    small = Tile(4 if pattern.points == 8 else 3, (0, 0), 100, 0)
    first, second = bent(small, pattern)[:2]
    assert (first[0] - second[0]) / dist(first, second) == pytest.approx(inwards)


@EVERY
def test_the_parts_of_a_star_lie_one_in_another(pattern: StarPattern) -> None:
    areas = [area(ring) for ring in rings(Tile(pattern.points, (0, 0), 100, 0), pattern.reach)]
    assert areas == sorted(areas, reverse=True)
    assert len(areas) == pattern.reach
    assert areas[-1] > 0


@EVERY
def test_the_ornament_is_the_same_on_both_sides(pattern: StarPattern) -> None:
    """But for the straps, one of which is over on the one side and under on the other."""
    image = ornament(pattern, PALETTES[0], (300, 300), (600, 600)).convert("L").reduce(50)
    flipped = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert max(ImageChops.difference(image, flipped).tobytes()) < 16
    assert max(image.tobytes()) - min(image.tobytes()) > 20


def test_the_light_is_full_at_its_centre_and_falls_to_nothing() -> None:
    mask = light((400, 300), (200, 100), 150)
    row = [mask.getpixel((x, 100)) for x in range(200, 400)]
    assert all(isinstance(value, int) for value in row)
    values = [value for value in row if isinstance(value, int)]
    assert values[0] > 250
    assert all(a >= b for a, b in pairwise(values))
    assert values[150:] == [0] * 50
    assert mask.getpixel((200, 299)) == 0
