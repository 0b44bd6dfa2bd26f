"""The inside of a paragraph, a heading or a table's cell: Markdown's tokens → a text and its marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast
from urllib.parse import unquote

from markdown_it.token import Token

from hakawati.errors import short
from hakawati.model import Mark, MarkKind
from hakawati.source.characters import composed, faults
from hakawati.source.raw import Inline, Wrong

MAX_NESTED = 12
"""Levels of emphasis and links inside each other."""
_NESTED = "no reader can show this; an asterisk or underscore that is text is written \\* \\_"


def read_inline(tokens: Sequence[Token], line: int, wrong: Wrong, where: str = "a paragraph") -> Inline:
    """The text that begins in `line`; `where` it stands is for messages."""
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
                _check_defined(piece, line + len(breaks), wrong)
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
                if len(opened) == MAX_NESTED + 1:
                    wrong(line + len(breaks), f"emphasis nested more than {MAX_NESTED} levels deep", _NESTED)
            case "link_open":
                opened.append((len(marks), "link", length, address(token, "href")))
            case "em_close" | "strong_close" | "link_close":
                place, kind, begin, target = opened.pop()
                marks.insert(place, _filled(Mark(kind, begin, length, target), line + len(breaks), wrong))
            case "footnote_ref":
                marks.append(Mark("noteref", length, length, str(token.meta["label"])))
            case "image":
                hint = "put it on a line of its own, with an empty line before and after it"
                wrong(line + len(breaks), f"an image inside {where}", hint)
        pieces.append(piece)
        length += len(piece)
    text = "".join(pieces)
    check_characters(text, line, wrong)
    return Inline(text, tuple(marks), tuple(breaks))


def _filled(mark: Mark, line: int, wrong: Wrong) -> Mark:
    """The mark, which has to have text in it."""
    if mark.begin == mark.end:
        hint = "write its text in the brackets: [text](address)"
        wrong(line, f"the link ({short(mark.target)}) has no text", hint)
    return mark


def check_characters(text: str, line: int, wrong: Wrong) -> None:
    """Text may be written as entities, and hold what the file does not."""
    for _, message, hint in faults(text):
        wrong(line, message, hint)


def _check_defined(text: str, line: int, wrong: Wrong) -> None:
    for label in re.findall(r"\[\^([^\[\]]+)\]", text):
        name = short(label)
        hint = f"add a line “[^{name}]: …” at the end of the file"
        if any(c.isspace() for c in label):
            hint = f"a note's name has no spaces: write [^{'-'.join(name.split())}]"
        wrong(line, f"the note [^{name}] is not defined", hint)


def address(token: Token, attribute: str) -> str:
    """A web address, encoded; or the name of a file, as the author wrote it; of a chapter's, composed."""
    written = str(token.attrGet(attribute) or "")
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", written):
        return written
    return unquote(written) if attribute == "src" else composed(unquote(written))
