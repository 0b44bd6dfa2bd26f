"""MuPDF knows little CSS, and still sets every text on its side of the page and in its face."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from hakawati.model import direction
from tests.goldens import SEED, Built, Shelf
from tests.readers import programs

WIDTH, HEIGHT = 400, 600
"""Of a page, in points."""


@dataclass(frozen=True)
class Line:
    """A line of text as it is set on a page."""

    text: str
    left: float
    right: float
    font: str
    """Of its first character."""
    size: float


def lines(built: Built) -> Iterator[Line]:
    """Of the whole book."""
    size = ["-W", str(WIDTH), "-H", str(HEIGHT), "-S", "11"]
    command = [str(programs.mutool()), "draw", "-q", "-F", "stext", *size, str(built.epub)]
    done = subprocess.run(command, capture_output=True, check=True)
    assert b"(EPUB/style.css" not in done.stderr  # where it finds an error in it, and drops it
    for line in etree.fromstring(done.stdout).iter("line"):
        text = "".join(str(char.get("c")) for char in line.iter("char")).strip()
        left, _, right, _ = map(float, str(line.get("bbox")).split())
        font = line[0]
        yield Line(text, left, right, str(font.get("name")), float(str(font.get("size"))))


def test_short_lines_are_on_the_side_where_their_script_begins(shelf: Shelf) -> None:
    built = shelf["three-languages"]
    found = {line.text: line for line in lines(built)}
    for chapter in built.book.chapters:
        for title in chapter.blocks[0].texts:
            line = found[" ".join(sentence.text for sentence in title.sentences)]
            beside = (line.left, WIDTH - line.right)
            assert (beside[0] < beside[1]) == (direction(title.lang) == "ltr")
            assert min(beside) < WIDTH / 5 < max(beside)


def test_arabic_has_the_books_face_and_is_larger_than_its_translation(shelf: Shelf) -> None:
    built = shelf[SEED]
    texts = built.book.chapters[0].blocks[1].texts
    begins = [text.sentences[0].text[:20] for text in texts]
    found = list(lines(built))
    arabic, translation = (next(line for line in found if line.text.startswith(begin)) for begin in begins)
    assert "Amiri" in arabic.font
    assert "Amiri" not in translation.font
    assert arabic.size > 1.25 * translation.size
    assert translation.left > min(line.left for line in found)  # it is set in, behind a rule
    assert any("eSpeak NG (en-us)" in line.text for line in found)  # on the title page
