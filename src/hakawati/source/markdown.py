"""One Markdown file → its blocks, in one language.

CommonMark with footnotes by markdown-it-py; raw HTML is text. What comes out is still one language's:
`pairing` lays the languages side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from hakawati.errors import Problem
from hakawati.model import BlockKind, Mark, MarkKind
from hakawati.source.characters import faults

MAX_DEPTH = 12
"""Levels of lists and quotes inside each other."""


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


def read_chapter(text: str, path: str) -> RawChapter:
    """Parse a chapter. What is wrong stands in the result's `problems`; nothing is raised."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 4 * MAX_DEPTH})
    parser.disable("text_join")  # else \[^x] would look like a reference
    # Notes are taken as they stand, so that lines, doubles and unused ones are seen.
    parser.use(footnote_plugin, inline=False, move_to_end=False)
    reader = _Reader(RawChapter(path))
    reader.read(parser.parse(text))
    return reader.chapter


class _Reader:
    def __init__(self, chapter: RawChapter) -> None:
        self.chapter = chapter

    def read(self, tokens: list[Token]) -> None:
        self.chapter.blocks = tuple(self._blocks(iter(tokens), depth=0))
        self._check_notes()
        self._check_headings()

    def wrong(self, line: int, message: str, hint: str) -> None:
        self.chapter.problems.append(Problem(self.chapter.path, line, message, hint))

    def _blocks(self, tokens: Iterator[Token], depth: int, line: int = 1) -> Iterator[RawBlock]:
        """The blocks up to the token that closes the one the iterator stands in."""
        for token in tokens:
            line = token.map[0] + 1 if token.map else line
            match token.type:
                case "heading_open" | "paragraph_open":
                    yield self._leaf(token, next(tokens), line)
                    next(tokens)
                case "bullet_list_open" | "ordered_list_open" | "list_item_open" | "blockquote_open":
                    yield self._container(token, tokens, depth, line)
                case "footnote_reference_open":
                    self._note(token, tokens, depth, line)
                case "fence" | "code_block":
                    yield RawBlock("code", line, Inline(token.content.rstrip("\n")))
                case "hr":
                    yield RawBlock("rule", line)
                case _:  # the closing token of the block we stand in
                    return

    def _container(self, token: Token, tokens: Iterator[Token], depth: int, line: int) -> RawBlock:
        if depth == MAX_DEPTH:
            hint = "no reader can show this; write it flatter"
            self.wrong(line, f"lists and quotes nested more than {MAX_DEPTH} levels deep", hint)
        children = tuple(self._blocks(tokens, depth + 1, line))
        if not children:
            children = (RawBlock("paragraph", line),)
        if token.type == "blockquote_open":
            return RawBlock("quote", line, children=children)
        if token.type == "list_item_open":
            return RawBlock("item", line, children=children)
        start = int(token.attrs.get("start", 1)) if token.type == "ordered_list_open" else None
        return RawBlock("list", line, children=children, start=start)

    def _leaf(self, opening: Token, inline: Token, line: int) -> RawBlock:
        children = inline.children or []
        if opening.type == "heading_open":
            return RawBlock("heading", line, self._inline(children, line), level=int(opening.tag[1]))
        if len(children) == 1 and children[0].type == "image":
            image = children[0]
            alt = "".join(c.content for c in image.children or [])
            caption = str(image.attrGet("title") or "")
            source = _address(image, "src")
            self._check_characters(f"{source} {alt} {caption}", line)
            return RawBlock("figure", line, Inline(caption), image=source, alt=alt)
        return RawBlock("paragraph", line, self._inline(children, line))

    def _inline(self, tokens: list[Token], line: int) -> Inline:
        pieces: list[str] = []
        marks: list[Mark] = []
        breaks: list[int] = []
        opened: list[tuple[int, MarkKind, int, str]] = []  # the first is its place among the marks
        length = 0
        for token in tokens:
            piece = ""
            match token.type:
                case "text" | "text_special":
                    piece = token.content
                    self._undefined(piece, line + len(breaks))
                case "softbreak":
                    piece = " "
                    breaks.append(length)
                case "hardbreak":
                    piece = "\n"
                    breaks.append(length)
                case "code_inline":
                    piece = token.content
                    marks.append(Mark("code", length, length + len(piece)))
                case "em_open" | "strong_open":
                    opened.append((len(marks), cast("MarkKind", token.tag), length, ""))
                case "link_open":
                    opened.append((len(marks), "link", length, _address(token, "href")))
                case "em_close" | "strong_close" | "link_close":
                    place, kind, begin, target = opened.pop()
                    if length == begin:
                        hint = "write its text in the brackets: [text](address)"
                        self.wrong(line + len(breaks), f"the link ({target}) has no text", hint)
                    marks.insert(place, Mark(kind, begin, length, target))
                case "footnote_ref":
                    marks.append(Mark("noteref", length, length, str(token.meta["label"])))
                case "image":
                    hint = "put it on a line of its own, with an empty line before and after it"
                    self.wrong(line + len(breaks), "an image inside a paragraph", hint)
            pieces.append(piece)
            length += len(piece)
        text = "".join(pieces)
        self._check_characters(text, line)
        return Inline(text, tuple(marks), tuple(breaks))

    def _check_characters(self, text: str, line: int) -> None:
        """Text may be written as entities, and hold what the file does not."""
        for _, message, hint in faults(text):
            self.wrong(line, message, hint)

    def _undefined(self, text: str, line: int) -> None:
        for label in re.findall(r"\[\^([^\]]+)\]", text):
            hint = f"add a line “[^{label}]: …” at the end of the file"
            if any(c.isspace() for c in label):
                hint = f"a note's name has no spaces: write [^{'-'.join(label.split())}]"
            self.wrong(line, f"the note [^{label}] is not defined", hint)

    def _note(self, token: Token, tokens: Iterator[Token], depth: int, line: int) -> None:
        label = str(token.meta["label"])
        blocks = tuple(self._blocks(tokens, depth + 1, line))
        if label in self.chapter.notes:
            first = self.chapter.notes[label].line
            hint = "give one of them another name"
            self.wrong(line, f"the note [^{label}] is defined twice (first in line {first})", hint)
        elif not blocks:
            self.wrong(line, f"the note [^{label}] is empty", "write its text after the colon")
        elif any(b.kind != "paragraph" for b in blocks):
            self.wrong(
                line,
                f"the note [^{label}] holds more than paragraphs of text",
                "keep notes to plain paragraphs",
            )
        self.chapter.notes.setdefault(label, RawNote(label, line, blocks))

    def _check_notes(self) -> None:
        used = self.chapter.references()
        for label, note in self.chapter.notes.items():
            if label not in used:
                hint = f"put [^{label}] where the note belongs, or remove it"
                self.wrong(note.line, f"nothing refers to the note [^{label}]", hint)

    def _check_headings(self) -> None:
        blocks = self.chapter.blocks
        if not blocks:
            self.wrong(0, "no text in this file", "begin it with a heading: # Title")
            return
        if blocks[0].kind != "heading" or blocks[0].level != 1:
            self.wrong(
                blocks[0].line,
                "the chapter does not begin with its title",
                "begin with a heading: # Title",
            )
        level = 1
        for i, block in enumerate(blocks):
            if block.kind != "heading":
                continue
            if not block.inline.text.strip():
                self.wrong(block.line, "a heading without text", "write its text after the #")
            if i and block.level == 1:
                hint = "use ## for a section, or begin a new file for a new chapter"
                self.wrong(block.line, "a second title in one chapter", hint)
            if block.level > level + 1:
                hint = f"use {'#' * (level + 1)} here, so that no level is left out"
                self.wrong(block.line, f"a heading of level {block.level} after one of level {level}", hint)
            level = block.level


def _address(token: Token, attribute: str) -> str:
    """A web address, encoded; or the name of a file, as the author wrote it."""
    address = str(token.attrGet(attribute) or "")
    return address if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", address) else unquote(address)
