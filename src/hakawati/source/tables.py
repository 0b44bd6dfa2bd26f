"""Tables, as GitHub Flavored Markdown has them: the parser's tokens → rows of cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from markdown_it.token import Token

from hakawati.common.wording import count
from hakawati.model import ColumnAlignment
from hakawati.source.inline import read_inline
from hakawati.source.raw import RawBlock, Wrong

_DASHES = re.compile(r"[|:\- \t]+")


def read_table(tokens: Iterator[Token], first: int, wrong: Wrong) -> RawBlock:
    """The table whose opening token, in line `first`, was taken from the iterator."""
    rows: list[RawBlock] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append(_row(token, tokens, first, wrong))
    table = RawBlock("table", first, children=tuple(rows))
    if table.is_blank():
        wrong(first, "a table without text", "write some, or remove it")
    return table


def _row(opening: Token, tokens: Iterator[Token], first: int, wrong: Wrong) -> RawBlock:
    line = opening.map[0] + 1 if opening.map else first
    cells: list[RawBlock] = []
    for token in tokens:
        if token.type == "tr_close":
            break
        if token.type in ("th_open", "td_open"):
            text = read_inline(next(tokens).children or [], line, wrong, "a table")
            align = cast("ColumnAlignment", str(token.attrs.get("style", "")).removeprefix("text-align:"))
            cells.append(RawBlock("cell", line, text, header=token.type == "th_open", align=align))
    if opening.meta["cells"] != len(cells):  # GFM would leave out the surplus, or add what is missing
        written = count(int(opening.meta["cells"]), "cell")
        message = f"a row of {written} in a table of {count(len(cells), 'column')}"
        hint = "an empty cell is written | |, a bar that is text \\|; an empty line ends the table"
        wrong(line, message, hint)
    return RawBlock("row", line, children=tuple(cells))


def check_dashes(paragraph: str, first: int, wrong: Wrong) -> None:
    """Complain of what was meant for a table, but is none to GFM, which shows it as text."""
    for line, text in enumerate(paragraph.split("\n"), first):
        if "|" in text and "-" in text and _DASHES.fullmatch(text):
            hint = "it needs a row of headers above it, one for each of its parts; as text, write \\|"
            wrong(line, "this line of dashes makes no table", hint)
