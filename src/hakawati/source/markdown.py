"""One Markdown file → its blocks, in one language.

CommonMark, footnotes and tables by markdown-it-py (`parser`); raw HTML is text. What comes out is still one
language's: `pairing` lays the languages side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from markdown_it.token import Token

from hakawati.errors import Problem, nearest, short
from hakawati.source.divs import DIVS, divided
from hakawati.source.inline import address, check_characters, read_inline
from hakawati.source.parser import TOO_MUCH, parser
from hakawati.source.raw import Inline, RawBlock, RawChapter, RawNote
from hakawati.source.tables import check_dashes, read_table

# Names count from `book/` on; editors, and what shows Markdown, count from the chapter's folder.
_BESIDE = re.compile(r"^(?:\./)*\.\./(?!\.\./)")
_WITH_VOICE = (
    "heading_open",
    "paragraph_open",
    "bullet_list_open",
    "ordered_list_open",
    "list_item_open",
    "blockquote_open",
    "table_open",
    "div_open",
)
MAX_DEPTH = 12
"""Levels of lists and quotes inside each other."""


def read_chapter(text: str, path: str) -> RawChapter:
    """Parse a chapter. What is wrong is in the result's `problems`; nothing is raised."""
    reader = _ChapterReader(RawChapter(path))
    found: dict[str, tuple[int, str, str]] = {}
    tokens = parser(max_nesting=4 * MAX_DEPTH).parse(text, found)
    if TOO_MUCH in found:
        reader.wrong(*found[TOO_MUCH])
    else:
        reader.read(tokens)
    return reader.chapter


class _ChapterReader:
    def __init__(self, chapter: RawChapter) -> None:
        self.chapter = chapter
        self.inside = ""
        """What stands behind the colons of the block that is read."""

    def read(self, tokens: list[Token]) -> None:
        self.chapter.blocks = tuple(self._blocks(iter(tokens), depth=0))
        self._check_notes()
        self._check_headings()

    def wrong(self, line: int, message: str, hint: str) -> None:
        self.chapter.problems.append(Problem(self.chapter.path, line, message, hint))

    def _blocks(self, tokens: Iterator[Token], depth: int, line: int = 1) -> Iterator[RawBlock]:
        """The blocks up to the token that closes the one the iterator is in."""
        chosen: Token | None = None
        for token in tokens:
            line = token.map[0] + 1 if token.map else line
            voice = self._voice(chosen, token)
            chosen = None
            match token.type:
                case "heading_open" | "paragraph_open":
                    yield replace(self._leaf(token, next(tokens), line), voice=voice)
                    next(tokens)
                case "bullet_list_open" | "ordered_list_open" | "list_item_open" | "blockquote_open":
                    yield replace(self._container(token, tokens, depth, line), voice=voice)
                case "footnote_reference_open":
                    self._note(token, tokens, depth, line)
                case "table_open":
                    yield replace(read_table(tokens, line, self.wrong), voice=voice)
                case "div_open":
                    for block in self._div(token, tokens, depth, line):
                        yield replace(block, voice=voice or block.voice)
                case "div_end":
                    hint = "remove it, or write ::: and a name above; as text it is written \\:::"
                    self.wrong(line, "this ::: closes nothing", hint)
                case "fence" | "code_block":
                    yield RawBlock("code", line, Inline(token.content.rstrip("\n")))
                case "hr":
                    yield RawBlock("rule", line)
                case "attrs_block":
                    chosen = token
                case _:  # the closing token of the block we stand in
                    return
        self._voice(chosen, None)

    def _voice(self, attributes: Token | None, block: Token | None) -> str:
        """The voice that the attributes before a block choose; complains of what they cannot be."""
        if attributes is None:
            return ""
        line = attributes.map[0] + 1 if attributes.map else 0
        for name in attributes.attrs:
            if name != "voice":
                shown = {"class": ".", "id": "#"}.get(name, f"{name}=")
                hint = "only {voice=name} can stand before a block; text in braces is written \\{…}"
                self.wrong(line, f"the attribute {{{shown}…}} means nothing here", hint)
                return ""
        if block is None or block.type not in _WITH_VOICE:
            hint = "put it on the line right above a heading, a paragraph, a list, a quote, a table or a :::"
            self.wrong(line, "a voice is chosen for nothing that is read aloud", hint)
        return str(attributes.attrs.get("voice", ""))

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

    def _div(self, token: Token, tokens: Iterator[Token], depth: int, line: int) -> Iterator[RawBlock]:
        """What stands between colons; as it is where these are at fault."""
        name = token.info
        outside, self.inside = self.inside, name
        children = tuple(self._blocks(tokens, depth + 1, line))
        self.inside = outside
        if name not in DIVS:
            hint = f"colons that are text are written \\:::; {nearest(name, DIVS)}"
            self.wrong(line, f"there is no block “::: {short(name)}”", hint)
        elif not token.meta["closed"]:
            self.wrong(line, f"“::: {name}” is not closed", "write ::: on a line of its own where it ends")
        else:
            if name == "questions" and depth and not outside:
                hint = "begin it at the margin, outside of lists and quotes"
                self.wrong(line, "questions inside another block", hint)
            yield DIVS[name](line, children, self.wrong)
            return
        self.chapter.divided = False
        yield from children

    def _leaf(self, opening: Token, inline: Token, line: int) -> RawBlock:
        children = inline.children or []
        if opening.type == "heading_open":
            text = read_inline(children, line, self.wrong)
            return RawBlock("heading", line, text, level=int(opening.tag[1]))
        if len(children) == 1 and children[0].type == "image":
            image = children[0]
            alt = "".join(c.content for c in image.children or [])
            caption = str(image.attrGet("title") or "")
            source = _BESIDE.sub("", address(image, "src"))
            check_characters(f"{source} {alt} {caption}", line, self.wrong)
            return RawBlock("figure", line, Inline(caption), image=source, alt=alt)
        check_dashes(inline.content, line, self.wrong)
        if self.inside == "verse":
            children = list(divided(children))
        return RawBlock("paragraph", line, read_inline(children, line, self.wrong))

    def _note(self, token: Token, tokens: Iterator[Token], depth: int, line: int) -> None:
        label = str(token.meta["label"])
        name = f"[^{short(label)}]"
        outside, self.inside = self.inside, ""
        blocks = tuple(self._blocks(tokens, depth + 1, line))
        self.inside = outside
        if label in self.chapter.notes:
            first = self.chapter.notes[label].line
            hint = "give one of them another name"
            self.wrong(line, f"the note {name} is defined twice (first in line {first})", hint)
        elif not blocks:
            self.wrong(line, f"the note {name} is empty", "write its text after the colon")
        elif any(b.kind != "paragraph" for b in blocks):
            self.wrong(
                line,
                f"the note {name} holds more than paragraphs of text",
                "keep notes to plain paragraphs",
            )
        self.chapter.notes.setdefault(label, RawNote(label, line, blocks))

    def _check_notes(self) -> None:
        used = self.chapter.references()
        for label, note in self.chapter.notes.items():
            if label not in used:
                name = f"[^{short(label)}]"
                hint = f"put {name} where the note belongs, or remove it"
                self.wrong(note.line, f"nothing refers to the note {name}", hint)

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
