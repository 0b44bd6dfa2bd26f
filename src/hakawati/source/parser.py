"""The Markdown that chapters are written in: CommonMark with notes, tables, voices and `:::` blocks."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit, getLine, table
from markdown_it.rules_core import StateCore
from mdit_py_plugins.attrs import attrs_block_plugin
from mdit_py_plugins.footnote import footnote_plugin

_VOICE = re.compile(r'\{[ \t]*(\.?)voice=("?)([A-Za-z0-9_:-]+)\2[ \t]*\}[ \t]*')
_COLONS = re.compile(r":{3,}")
_MOST_OPEN = 4
"""Of `:::` blocks that begin inside one: to look on in a file of them would take forever for nothing."""
MAX_TEXTS = 30_000
"""In a file: lines of paragraphs, headings and cells of tables; more would fill the memory."""
MAX_ADDRESS = 2_000
"""Characters of a link's address: more no browser follows."""
_MOST_LOOKS = 500_000_000
"""Characters that are looked at, in a file, to find where brackets are closed: some seconds."""
TOO_MUCH = "too much"
"""In the parser's environment, where the file is not read on for that: a line, a message and a hint."""


def parser(max_nesting: int) -> MarkdownIt:
    """A parser whose tokens are CommonMark's and these.

    `attrs_block`: attributes, before what they are given to. `footnote_reference_open`: a note. `div_open`:
    what stands behind the colons is its `info`, and whether colons close it `meta["closed"]`. `div_end`:
    colons that close nothing. A table's, where each `tr_open` knows how many cells were written,
    `meta["cells"]`, though as many follow as there are headers.
    """
    made = _MarkdownParser("commonmark", {"html": False, "maxNesting": max_nesting})
    made.enable("table")
    made.disable("text_join")  # else \[^x] would look like a reference
    # Notes are taken as they stand, so that lines, doubles and unused ones are seen.
    made.use(footnote_plugin, inline=False, move_to_end=False)
    # Attributes, too, are taken as they stand: the plugin's own rule would drop those that belong to nothing.
    made.use(attrs_block_plugin)
    made.core.ruler.disable("attr")
    made.core.ruler.before("inline", "bounds", _bounds)
    rules = made.block.ruler
    rules.before("attr", "voice", _voice, {"alt": ["paragraph"]})
    rules.at("table", _table, {"alt": ["paragraph", "reference"]})
    # The container plugin does not say whether its end was found, nor does it know one block inside another.
    rules.before("fence", "div", _div, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    return made


class _MarkdownParser(MarkdownIt):
    def normalizeLink(self, url: str) -> str:  # noqa: N802
        """An address that is too long is reported as written: encoding a megabyte takes many seconds."""
        return url if len(url) > MAX_ADDRESS else super().normalizeLink(url)

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802
        return link if len(link) > MAX_ADDRESS else super().normalizeLinkText(link)

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802
        """Whatever it leads to is a link: one that is not allowed is reported, instead of shown as text."""
        return True


def _bounds(state: StateCore) -> None:
    """Stop before what would take too much memory or time.

    Where a bracket opens, its end is sought up to the end of its text: 100,000 of them would take hours.
    """
    texts = looks = 0
    for token in (token for token in state.tokens if token.type == "inline"):
        texts += 1 + token.content.count("\n")
        looks += token.content.count("[") * len(token.content)
        line = token.map[0] + 1 if token.map else 0
        if texts > MAX_TEXTS:
            hint = "divide it into chapters, one file each"
            state.env[TOO_MUCH] = line, f"more than {MAX_TEXTS:,} lines of text in one chapter", hint
        elif looks > _MOST_LOOKS:
            hint = "divide the text by empty lines; a bracket that is text is written \\["
            state.env[TOO_MUCH] = line, "more brackets than can be followed", hint
        else:
            continue
        state.tokens.clear()
        return


def _voice(state: StateBlock, line: int, _last: int, silent: bool) -> bool:
    """`{.voice=name}`, as some write it, is `{voice=name}`; where lines count, either ends a paragraph."""
    counted = state.env.get("div") in ("verse", "dialogue")
    begin = state.bMarks[line] + state.tShift[line]
    match = _VOICE.fullmatch(state.src, begin, state.eMarks[line])
    if match is None or state.is_code_block(line) or (silent and not counted):
        return False
    if not match[1] and not counted:
        return False
    if not silent:
        token = state.push("attrs_block", "", 0)
        token.attrs = {"voice": match[3]}
        token.map = [line, line + 1]
        state.line = line + 1
    return True


def _table(state: StateBlock, line: int, last: int, silent: bool) -> bool:
    """A table, and how many cells each row has: of surplus ones nothing else is left."""
    before = len(state.tokens)
    if not table(state, line, last, silent):
        return False
    for token in state.tokens[before:]:
        if token.type == "tr_open" and token.map:
            cells = escapedSplit(mdTrim(getLine(state, token.map[0])))
            token.meta["cells"] = len(cells) - (cells[0] == "") - (len(cells) > 1 and cells[-1] == "")
    return True


def _div(state: StateBlock, line: int, last: int, silent: bool) -> bool:
    """A line of three colons or more begins a block if something stands behind them; else it closes one."""
    name = _behind_colons(state, line)
    if name is None or silent:
        return name is not None
    if not name:
        state.push("div_end", "", 0).map = [line, line + 1]
        state.line = line + 1
        return True
    end, closed = _end_of_div(state, line, last)
    opening = state.push("div_open", "div", 1)
    opening.info, opening.meta, opening.map = name, {"closed": closed}, [line, end]
    outside = state.parentType, state.lineMax, state.env.get("div")
    state.parentType, state.lineMax, state.env["div"] = "container", end, name
    state.md.block.tokenize(state, line + 1, end)
    state.parentType, state.lineMax, state.env["div"] = outside
    state.push("div_close", "div", -1)
    state.line = end + closed
    return True


def _behind_colons(state: StateBlock, line: int) -> str | None:
    """None where a line does not begin with colons. `::: name :::` is `::: name`, as in Pandoc."""
    begin = state.bMarks[line] + state.tShift[line]
    match = _COLONS.match(state.src, begin, state.eMarks[line])
    if match is None or state.is_code_block(line):
        return None
    return state.src[match.end() : state.eMarks[line]].strip().rstrip(":").rstrip()


def _end_of_div(state: StateBlock, line: int, last: int) -> tuple[int, bool]:
    """The line of the colons that close a block; else the line before which it must end, and False."""
    inside: list[int] = []
    first = last
    for at in range(line + 1, last):
        if state.sCount[at] < state.blkIndent and not state.isEmpty(at):  # the list item or quote ends
            return min(at, first), False
        name = _behind_colons(state, at)
        if name:
            inside.append(at)
            first = min(at, first)
        elif name == "" and not inside:
            return at, True
        elif name == "":
            inside.pop()
        if len(inside) == _MOST_OPEN:
            break
    return first, False
