"""Covers can be read."""

from __future__ import annotations

import pytest

from hakawati.cover.palette import PALETTES, Palette, mix
from tests.readers.contrast import contrast


@pytest.mark.parametrize("palette", PALETTES)
def test_titles_and_names_stand_out_from_the_ground(palette: Palette) -> None:
    assert contrast(palette.ink, palette.ground) >= 7
    assert contrast(palette.metal, palette.ground) >= 4.5


def test_a_mixture_lies_between() -> None:
    assert mix((0, 10, 255), (10, 20, 55), 0.5) == (5, 15, 155)
    assert mix((1, 2, 3), (4, 5, 6), 0) == (1, 2, 3)
    assert mix((1, 2, 3), (4, 5, 6), 1) == (4, 5, 6)
