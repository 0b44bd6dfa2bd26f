"""A text of any length → lines that fit into a box, as large as they can be."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from hakawati.cover.shaping import FontStack, ShapedLine

_MOST = 500
"""Characters of a text that are looked at: more than any box holds."""
_STEP = 0.94
"""Between one size that is tried and the next."""
_LEAST_PITCH, _GAP = 1.1, 0.1
"""From baseline to baseline, and between the ink of two lines: ems."""
# Scripts that are written without spaces break before any character, but not before punctuation.
_UNSPACED = "[\u2e80-\u2fdf\u3005-\u30ff\u3100-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"
_PIECE = re.compile(rf"{_UNSPACED}[^\w\s]*|(?:(?!{_UNSPACED}).)+")
# A dash or the French “ :” behind a space stays with the word before it; at a no-break space nothing breaks.
_WORD = re.compile(r"[^ ]+(?: [^\w ]+(?= |$))*")
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")


@dataclass(frozen=True, slots=True)
class TextBox:
    """Room for a text, in pixels, and the sizes that its em may have."""

    width: float
    height: float
    largest: float
    smallest: float

    def sizes(self) -> Iterator[float]:
        """From the largest to the smallest."""
        size = self.largest
        while size > self.smallest:
            yield size
            size *= _STEP
        yield self.smallest


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Lines of one size."""

    lines: tuple[ShapedLine, ...]
    size: float
    """Of an em, in pixels."""
    pitch: float
    """From baseline to baseline, in pixels."""

    @property
    def rise(self) -> float:
        """From the first baseline up to the ink's top, in pixels."""
        return self.lines[0].rise * self.size

    @property
    def height(self) -> float:
        """Of the ink, in pixels."""
        return self.rise + self.pitch * (len(self.lines) - 1) + self.lines[-1].fall * self.size


@dataclass(frozen=True, slots=True)
class _UnbreakableText:
    """Text that no line break divides, and its width in ems; `spaced`: with a space before it."""

    text: str
    spaced: bool
    width: float


def fit_text(lettering: FontStack, text: str, base: int, box: TextBox) -> TextBlock:
    """The text in the largest size that fits; cut, with an ellipsis, where even the smallest does not.

    `base`: as in `FontStack.shape`. The text must have something to draw.
    """
    text = _SPACES.sub(" ", text).strip()
    typesetter = _Typesetter(lettering, base, box)
    pieces = typesetter.pieces(text[:_MOST])
    for size in box.sizes() if len(text) <= _MOST else ():
        if block := typesetter.set(pieces, size):
            return block
    return typesetter.cut(pieces)


class _Typesetter:
    def __init__(self, lettering: FontStack, base: int, box: TextBox) -> None:
        self.lettering = lettering
        self.base = base
        self.box = box
        self.space = self._width(" ")

    def pieces(self, text: str) -> list[_UnbreakableText]:
        found = []
        for word in _WORD.findall(text):
            for i, piece in enumerate(_PIECE.findall(word)):
                parts = list(self._small_enough(piece))
                found += [
                    _UnbreakableText(part, i + j == 0, self._width(part)) for j, part in enumerate(parts)
                ]
        return found

    def set(self, pieces: Sequence[_UnbreakableText], size: float) -> TextBlock | None:
        """The pieces in as few lines as they need, of about one length; None where they do not fit."""
        width = self.box.width / size
        count = self._needed(pieces, width)
        if not count or (count - 1) * _LEAST_PITCH * size > self.box.height:
            return None
        lines = self._balanced(pieces, width, count)
        if not lines:
            return None
        shaped = tuple(self.lettering.shape(_joined(line), self.base) for line in lines)
        if max(line.width for line in shaped) > width:
            return None
        between = [a.fall + b.rise + _GAP for a, b in pairwise(shaped)]
        block = TextBlock(shaped, size, max([_LEAST_PITCH, *between]) * size)
        return block if block.height <= self.box.height else None

    def cut(self, pieces: Sequence[_UnbreakableText]) -> TextBlock:
        """As many of the pieces as fit in the smallest size."""
        low, high = 1, max(1, len(pieces) - 1)
        while low < high:
            middle = (low + high + 1) // 2
            if self.set(self._shortened(pieces, middle), self.box.smallest):
                low = middle
            else:
                high = middle - 1
        only = self._shortened(pieces, low)
        return self.set(only, self.box.smallest) or self._forced(only)

    def _shortened(self, pieces: Sequence[_UnbreakableText], count: int) -> list[_UnbreakableText]:
        *others, last = pieces[:count]
        text = f"{last.text.rstrip('.,;:،؛')}…"
        return [*others, _UnbreakableText(text, last.spaced, self._width(text))]

    def _forced(self, pieces: Sequence[_UnbreakableText]) -> TextBlock:
        """A single line that is made small enough, whatever it takes."""
        line = self.lettering.shape(_joined(pieces), self.base)
        height = line.rise + line.fall
        size = min(self.box.smallest, self.box.width / (line.width or 1), self.box.height / (height or 1))
        return TextBlock((line,), size, _LEAST_PITCH * size)

    def _needed(self, pieces: Sequence[_UnbreakableText], width: float) -> int:
        """How few lines can hold the pieces; 0 where one of them is too long for any."""
        lines, used = 0, width
        for piece in pieces:
            if piece.width > width:
                return 0
            used += piece.width + self.space * piece.spaced
            if used > width:
                lines, used = lines + 1, piece.width
        return lines

    def _balanced(
        self, pieces: Sequence[_UnbreakableText], width: float, count: int
    ) -> list[Sequence[_UnbreakableText]]:
        """The pieces in so many lines, none wider than `width`, that differ least in length (by squares)."""
        end = len(pieces)
        # Of the pieces from the i-th on, in as many lines as have been looked at.
        costs = [*[inf] * end, 0.0]
        chosen: list[list[int]] = []
        for _ in range(count):
            behind, costs, breaks = costs, [inf] * (end + 1), [end] * (end + 1)
            for i in range(end):
                length = -self.space * pieces[i].spaced
                for j in range(i, end):
                    length += pieces[j].width + self.space * pieces[j].spaced
                    if length > width:
                        break
                    if (cost := length * length + behind[j + 1]) < costs[i]:
                        costs[i], breaks[i] = cost, j + 1
            chosen.append(breaks)
        lines, begin = [], 0
        for breaks in reversed(chosen):
            lines.append(pieces[begin : breaks[begin]])
            begin = breaks[begin]
        return lines if costs[0] < inf else []

    def _small_enough(self, piece: str) -> Iterator[str]:
        """The piece, or parts of it, each short enough for a line in the smallest size."""
        if len(piece) < 2 or self._width(piece) * self.box.smallest <= self.box.width:
            yield piece
            return
        half = len(piece) // 2
        while half > 1 and unicodedata.category(piece[half])[0] == "M":
            half -= 1
        yield from self._small_enough(piece[:half])
        yield from self._small_enough(piece[half:])

    def _width(self, text: str) -> float:
        return self.lettering.shape(text, self.base).width


def _joined(pieces: Sequence[_UnbreakableText]) -> str:
    return "".join(f"{' ' if i and piece.spaced else ''}{piece.text}" for i, piece in enumerate(pieces))
