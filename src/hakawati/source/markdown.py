"""One Markdown file → its blocks, in one language.

CommonMark with footnotes by markdown-it-py; raw HTML is text. What comes out is still one language's:
`pairing` lays the languages side by side.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import cast
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token
from mdit_py_plugins.attrs import attrs_block_plugin
from mdit_py_plugins.footnote import footnote_plugin

from hakawati.errors import Problem
from hakawati.model import Mark, MarkKind
from hakawati.source.characters import faults
from hakawati.source.raw import Inline, RawBlock, RawChapter, RawNote

_WITH_VOICE = (
    "heading_open",
    "paragraph_open",
    "bullet_list_open",
    "ordered_list_open",
    "list_item_open",
    "blockquote_open",
)
_DOTTED_VOICE = re.compile(r"\{\.voice=([A-Za-z0-9_:-]+)\}[ \t]*")
MAX_DEPTH = 12
"""Levels of lists and quotes inside each other."""


def read_chapter(text: str, path: str) -> RawChapter:
    """Parse a chapter. What is wrong stands in the result's `problems`; nothing is raised."""
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 4 * MAX_DEPTH})
    parser.disable("text_join")  # else \[^x] would look like a reference
    # Notes are taken as they stand, so that lines, doubles and unused ones are seen.
    parser.use(footnote_plugin, inline=False, move_to_end=False)
    # Attributes, too, are taken as they stand: the plugin's own rule would drop those that belong to nothing.
    parser.use(attrs_block_plugin)
    parser.core.ruler.disable("attr")
    parser.block.ruler.before("attr", "voice", _dotted_voice)
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
            hint = "put it on the line right above a heading, a paragraph, a list or a quote"
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


def _dotted_voice(state: StateBlock, line: int, _last: int, silent: bool) -> bool:
    """`{.voice=name}`, as some write it, is `{voice=name}`."""
    begin = state.bMarks[line] + state.tShift[line]
    match = _DOTTED_VOICE.fullmatch(state.src, begin, state.eMarks[line])
    if match is None or state.is_code_block(line):
        return False
    if not silent:
        token = state.push("attrs_block", "", 0)
        token.attrs = {"voice": match[1]}
        token.map = [line, line + 1]
        state.line = line + 1
    return True


def _address(token: Token, attribute: str) -> str:
    """A web address, encoded; or the name of a file, as the author wrote it."""
    address = str(token.attrGet(attribute) or "")
    return address if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", address) else unquote(address)
