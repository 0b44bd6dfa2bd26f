"""The content of one Markdown file, in one language: `markdown` makes it, `pairing` joins the languages."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hakawati.common.wording import count
from hakawati.errors import Problem
from hakawati.model import BlockKind, ColumnAlignment, Mark

Wrong = Callable[[int, str, str], None]
"""Where what is wrong is told: its line, the message, a hint."""

NAMES: Mapping[BlockKind, str] = {
    "heading": "heading",
    "paragraph": "paragraph",
    "quote": "block quote",
    "list": "list",
    "item": "list item",
    "figure": "image",
    "rule": "rule",
    "code": "code block",
    "table": "table",
    "row": "table row",
    "cell": "table cell",
    "poem": "poem",
    "stanza": "stanza",
    "verse": "verse",
    "dialogue": "dialogue",
    "turn": "turn of a dialogue",
    "questions": "list of questions",
    "answer": "answer",
}
"""What messages call them."""


def clipped(marks: Sequence[Mark], begin: int, end: int, reach: int) -> Iterator[Mark]:
    """The parts of marks that fall into a range; one at a point may stand up to `reach`."""
    for mark in marks:
        if mark.kind == "noteref":
            if begin <= mark.begin < reach:
                at = min(mark.begin, end) - begin
                yield replace(mark, begin=at, end=at)
        elif mark.begin < end and mark.end > begin:
            yield replace(mark, begin=max(mark.begin, begin) - begin, end=min(mark.end, end) - begin)


@dataclass(frozen=True)
class Inline:
    """A text with its marks; a hard line break is a line feed."""

    text: str = ""
    marks: tuple[Mark, ...] = ()
    breaks: tuple[int, ...] = ()
    """Offsets at which the source went on in a new line."""

    def line(self, offset: int, first: int) -> int:
        """The source line of an offset, where the text began in line `first`."""
        return first + bisect_right(self.breaks, offset)

    def cut(self, breaks: Sequence[int]) -> Iterator[tuple[int, Inline]]:
        """The text as several, cut at these offsets, which are left out; each with the offset it began at.

        A note reference before a cut stays before it.
        """
        coming, near = deque(self.marks), list[Mark]()  # they are in order of their beginnings
        for begin, end in zip([0, *(b + 1 for b in breaks)], [*breaks, len(self.text)], strict=True):
            while coming and coming[0].begin <= end:
                near.append(coming.popleft())
            marks = tuple(clipped(near, begin, end, end + 1))
            inner = self.breaks[bisect_left(self.breaks, begin) : bisect_left(self.breaks, end)]
            yield begin, Inline(self.text[begin:end], marks, tuple(b - begin for b in inner))
            near = [mark for mark in near if mark.end > end]


@dataclass(frozen=True)
class RawBlock:
    """A block in one language; the fields are those of `model.Block`."""

    kind: BlockKind
    line: int
    inline: Inline = Inline()
    children: tuple[RawBlock, ...] = ()
    level: int = 0
    start: int | None = None
    image: str = ""
    alt: str = ""
    header: bool = False
    align: ColumnAlignment = ""
    voice: str = ""
    """Name of the voice that is to read it and all inside it; empty: as what it stands in."""

    def parts(self) -> Iterator[RawBlock]:
        """This block and all inside it, in reading order."""
        yield self
        for child in self.children:
            yield from child.parts()

    def columns(self) -> int:
        """Of a table: how many."""
        return len(self.children[0].children)

    def is_blank(self) -> bool:
        """Whether neither text, be it a mere sign, nor an image stands in it."""
        return not any(part.inline.text.strip() or part.image for part in self.parts())

    def described(self) -> str:
        """`a table of 3 columns`, `an image`: for messages."""
        name = NAMES[self.kind]
        if self.kind == "heading":
            name = f"{name} of level {self.level}"
        if self.kind == "table":
            name = f"{name} of {count(self.columns(), 'column')}"
        return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


@dataclass(frozen=True)
class RawNote:
    """The definition of a footnote."""

    label: str
    line: int
    blocks: tuple[RawBlock, ...]


@dataclass
class RawChapter:
    """A file in one language, and what is wrong with it."""

    path: str
    blocks: tuple[RawBlock, ...] = ()
    notes: dict[str, RawNote] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    divided: bool = True
    """False where it cannot be told which blocks there are, so that nothing can be paired with them."""

    def references(self) -> dict[str, int]:
        """The notes that the text leads to: label → index of the top-level block that does so first.

        In order; notes to notes come after those to the text.
        """
        found: dict[str, int] = {}
        blocks = list(enumerate(self.blocks))
        for top, block in blocks:  # grows while it is read
            for mark in (mark for part in block.parts() for mark in part.inline.marks):
                if mark.kind == "noteref" and mark.target not in found:
                    found[mark.target] = top
                    blocks += [(top, inner) for inner in self.notes[mark.target].blocks]
        return found

    def voices(self) -> Iterator[tuple[int, str]]:
        """The voices that were chosen, notes' included, each with the line of the block it was chosen for."""
        for block in (*self.blocks, *(block for note in self.notes.values() for block in note.blocks)):
            yield from ((part.line, part.voice) for part in block.parts() if part.voice)
