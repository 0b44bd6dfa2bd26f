"""MuPDF, whose engine is in many e-readers, sets every text on its side of the page."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from hakawati.model import direction
from tests.goldens import Built, Shelf
from tests.readers import programs

WIDTH, HEIGHT = 400, 600
"""Of a page, in points."""


@dataclass(frozen=True)
class Line:
    """A line of text as it is set on a page."""

    text: str
    left: float
    right: float


def lines(built: Built) -> Iterator[Line]:
    """Of the whole book."""
    size = ["-W", str(WIDTH), "-H", str(HEIGHT), "-S", "11"]
    command = [str(programs.mutool()), "draw", "-q", "-F", "stext", *size, str(built.epub)]
    done = subprocess.run(command, capture_output=True, check=True)
    for line in etree.fromstring(done.stdout).iter("line"):
        text = "".join(str(char.get("c")) for char in line.iter("char")).strip()
        left, _, right, _ = map(float, str(line.get("bbox")).split())
        yield Line(text, left, right)


def test_short_lines_are_on_the_side_where_their_script_begins(shelf: Shelf) -> None:
    built = shelf["three-languages"]
    found = {line.text: line for line in lines(built)}
    for chapter in built.book.chapters:
        for title in chapter.blocks[0].texts:
            line = found[" ".join(sentence.text for sentence in title.sentences)]
            beside = (line.left, WIDTH - line.right)
            assert (beside[0] < beside[1]) == (direction(title.lang) == "ltr")
            assert min(beside) < WIDTH / 5 < max(beside)
