"""What stands in one Markdown file, in one language: `markdown` reads it, `pairing` lays it side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from hakawati.errors import Problem
from hakawati.model import BlockKind, Mark


@dataclass(frozen=True)
class Inline:
    """A text with its marks; a hard line break is a line feed."""

    text: str = ""
    marks: tuple[Mark, ...] = ()
    breaks: tuple[int, ...] = ()
    """Offsets at which the source went on in a new line."""

    def line(self, offset: int, first: int) -> int:
        """The source line of an offset, where the text began in line `first`."""
        return first + sum(1 for b in self.breaks if b <= offset)


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
    voice: str = ""
    """Name of the voice that is to read it and all inside it; empty: as what it stands in."""

    def parts(self) -> Iterator[RawBlock]:
        """This block and all inside it, in reading order."""
        yield self
        for child in self.children:
            yield from child.parts()


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
