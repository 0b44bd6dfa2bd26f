"""The blocks between `:::` lines: paragraphs, lists and quotes → poems, dialogues, questions.

Each function takes the line of the opening colons, the blocks as Markdown has them, and where to tell what
is wrong with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from markdown_it.token import Token

from hakawati.errors import short
from hakawati.model import BlockKind, Mark
from hakawati.source.raw import Inline, RawBlock, Wrong
from hakawati.source.sentences import words

MAX_NAME = 5
"""Words of a speaker's name."""

_DIRECTION, _NOBODY = 0, -1
"""In place of where a speaker's name ends."""
_BREAKS = ("softbreak", "hardbreak")
_ENDED = re.compile(r"[!?؟;؛…\n]")


def divided(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens of a stanza's text, a line feed in place of each slash that divides a verse.

    Only in text: a slash in code, or escaped, or without a space at either side divides nothing.
    """
    edges = [None, *tokens, None]
    for before, token, after in zip(edges, tokens, edges[2:], strict=False):
        if token.type != "text":
            yield token
            continue
        # Sought from the first space on, and not from each: of many, that would take forever.
        begin = r"(?<![ \t])[ \t]+"
        begin = rf"(?:^|{begin})" if before is None or before.type in _BREAKS else begin
        end = r"(?:$|[ \t]+)" if after is None or after.type in _BREAKS else r"[ \t]+"
        yield token.copy(content=re.sub(f"{begin}/{end}", "\n", token.content))


def poem(line: int, blocks: Sequence[RawBlock], wrong: Wrong) -> RawBlock:
    """Paragraphs are stanzas, their lines verses, in whose text a line feed stands between two halves."""
    hint = "a poem holds verses alone, a line each; \\ before a sign makes it text: \\- \\# \\> 1\\."
    stanzas: list[RawBlock] = []
    end = 0
    for block in _fitting(blocks, "a poem", hint, wrong):
        if stanzas and block.voice and block.line == end + 2:
            hint_ = "an empty line above it begins a new stanza; text in braces is written \\{…}"
            wrong(block.line - 1, "a voice is chosen inside a stanza", hint_)
        end = block.line + len(block.inline.breaks)
        verses = tuple(_verses(block, wrong))
        stanzas.append(RawBlock("stanza", block.line, children=verses, voice=block.voice))
    if not blocks:
        wrong(line, "a poem without verses", "write a verse in each line, and divide its halves by “ / ”")
    return RawBlock("poem", line, children=tuple(stanzas))


def _verses(stanza: RawBlock, wrong: Wrong) -> Iterator[RawBlock]:
    for line, (_, verse) in enumerate(stanza.inline.cut(stanza.inline.breaks), stanza.line):
        halves = verse.text.split("\n")
        if len(halves) > 2:
            hint = "“ / ” stands once in a line; a slash that is text is written \\/"
            wrong(line, f"a verse of {len(halves)} parts", hint)
        elif len(halves) == 2 and not all(half.strip() for half in halves):
            hint = "write both halves in one line, or leave the slash out; one that is text is written \\/"
            wrong(line, "half a verse is missing", hint)
        yield RawBlock("verse", line, verse)


def dialogue(line: int, blocks: Sequence[RawBlock], wrong: Wrong) -> RawBlock:
    """A turn begins in a line that begins with a name and a colon; other lines go on, or direct the stage."""
    hint = "a dialogue holds turns: a name, a colon, and what is said; \\ before a sign makes it text: \\-"
    fitting = list(_fitting(blocks, "a dialogue", hint, wrong))
    turns = tuple(turn for block in fitting for turn in _turns(block, wrong))
    if (turns or not blocks) and all(turn.kind == "paragraph" for turn in turns):
        wrong(line, "a dialogue in which nobody speaks", "write a name, a colon, and what is said")
    return RawBlock("dialogue", line, children=turns)


def _turns(block: RawBlock, wrong: Wrong) -> Iterator[RawBlock]:
    """The turns of a paragraph. Its voice is the first one's, above which it stands."""
    starts = _starts(block, wrong)
    voice = block.voice
    pieces = block.inline.cut([start - 1 for start, _ in starts[1:]])
    for (begin, said), (_, name) in zip(pieces, starts, strict=True):
        line, marks = block.inline.line(begin, block.line), said.marks
        if name == _NOBODY:
            hint = f"begin it with a name of up to {MAX_NAME} words and a colon: “Suad: …”; "
            hint += "a stage direction stands in (parentheses) or *emphasis*"
            wrong(line, "nobody is named who says this", hint)
        elif name != _DIRECTION:
            if not said.text[name:].strip():
                message = f"“{short(said.text[:name])}” is not followed by what is said"
                wrong(line, message, "write it behind the colon")
            kept = (mark for mark in marks if not _is_about(mark, said.text, name))
            marks = (Mark("speaker", 0, name), *kept)
        kind: BlockKind = "paragraph" if name == _DIRECTION else "turn"
        yield RawBlock(kind, line, replace(said, marks=marks), voice=voice)
        voice = ""


def _starts(block: RawBlock, wrong: Wrong) -> list[tuple[int, int]]:
    """Where turns begin in a paragraph, and where in each the speaker's name ends."""
    text, emphasis = block.inline.text, False
    starts: list[tuple[int, int]] = []
    # A hard line break does not begin a turn.
    for begin, line in block.inline.cut([b for b in block.inline.breaks if text[b] != "\n"]):
        name = _DIRECTION if _is_direction(line) else _name_end(line.text)
        if name > 0:
            emphasised = any(_is_about(mark, line.text, name) for mark in line.marks)
            if emphasis and not emphasised:
                message = f"“{short(line.text[:name])}” is not emphasised, as is who speaks before"
                hint = "write it with ** before and after it, or, if nobody's turn begins, all in one line"
                wrong(block.inline.line(begin, block.line), message, hint)
            emphasis = emphasised
        if name != _NOBODY or not starts or starts[-1][1] <= 0:
            starts.append((begin, name))
    return starts


def _is_direction(inline: Inline) -> bool:
    text = inline.text.strip().rstrip(".")
    if any(m.kind == "em" and m.begin == 0 and m.end >= len(text) for m in inline.marks):
        return True
    depth = list(accumulate((c == "(") - (c == ")") for c in text))
    return text[:1] == "(" and depth[-1] == 0 and 0 not in depth[:-1]


def _name_end(line: str) -> int:
    """Where the name with which a line begins ends, its colon included."""
    name, colon, said = line.partition(":")
    clock = name[-1:].isdigit() and said[:1].isdigit()
    if not colon or clock or said.startswith("//") or _ENDED.search(name):
        return _NOBODY
    return len(name) + 1 if 1 <= len(words(name)) <= MAX_NAME else _NOBODY


def _is_about(mark: Mark, line: str, name: int) -> bool:
    """Whether a mark emphasises the speaker's name, with or without its colon."""
    emphasis = mark.kind in ("em", "strong") and mark.begin == 0
    return emphasis and len(line[: name - 1].rstrip()) <= mark.end <= name


def questions(line: int, blocks: Sequence[RawBlock], wrong: Wrong) -> RawBlock:
    """One list; a quote at the end of an item is the answer."""
    lists = [block for block in blocks if block.kind == "list"]
    for block in blocks:
        if block.kind != "list":
            hint = "write an introduction above the :::, and number the questions: 1. …"
            wrong(block.line, f"{block.described()} among questions", hint)
    for block in lists[1:]:
        hint = "number all questions in one list: 1. 2. 3.; or close the ::: and begin another"
        wrong(block.line, "a second list of questions", hint)
    if not blocks:
        wrong(line, "no questions here", "number them: 1. …")
    asked = [replace(found, children=tuple(_asked(i, wrong) for i in found.children)) for found in lists[:1]]
    return RawBlock("questions", line, children=tuple(asked))


def _asked(item: RawBlock, wrong: Wrong) -> RawBlock:
    """A question, and its answer if it has one."""
    *others, last = item.children
    asked, answer = (others, last) if last.kind == "quote" else (item.children, None)
    hint = "a question is paragraphs and lists, and then its answer behind >"
    for block in asked:
        if block.kind == "quote":
            wrong(block.line, "an answer that does not end its question", "put it last, behind >")
        else:
            _check_plain(block, "a question", hint, wrong)
    if all(block.is_blank() for block in asked if block.kind != "quote"):
        message = "an answer without a question" if answer else "a question without text"
        wrong(item.line, message, "write it behind the number")
    return replace(item, children=(*asked, _answer(answer, wrong))) if answer else item


def _answer(quote: RawBlock, wrong: Wrong) -> RawBlock:
    for block in quote.children:
        _check_plain(block, "an answer", "an answer is paragraphs and lists", wrong)
    if quote.is_blank():
        wrong(quote.line, "an answer without text", "write it behind >, or leave the > out")
    for part in quote.parts():
        if part.voice:
            hint = "remove it; answers stand at the end of the book"
            wrong(part.line, "a voice is chosen for an answer, which is not read aloud", hint)
        for mark in part.inline.marks:
            if mark.kind == "noteref":
                hint = "refer to it from the question, or write in the answer what it says"
                at = part.inline.line(mark.begin, part.line)
                wrong(at, f"the answer refers to the note [^{short(mark.target)}]", hint)
    return replace(quote, kind="answer")


def _check_plain(block: RawBlock, where: str, hint: str, wrong: Wrong) -> None:
    unfit = next((part for part in block.parts() if part.kind not in ("paragraph", "list", "item")), None)
    if unfit:
        wrong(unfit.line, f"{unfit.described()} inside {where}", hint)


def _fitting(blocks: Iterable[RawBlock], where: str, hint: str, wrong: Wrong) -> Iterator[RawBlock]:
    """The paragraphs among the blocks; complains of the others."""
    for block in blocks:
        if block.kind == "paragraph":
            yield block
        else:
            margin = "begin its lines at the margin, since four spaces make them code"
            wrong(block.line, f"{block.described()} inside {where}", margin if block.kind == "code" else hint)


DIVS: Mapping[str, Callable[[int, Sequence[RawBlock], Wrong], RawBlock]] = {
    "verse": poem,
    "dialogue": dialogue,
    "questions": questions,
}
"""By what stands behind the colons."""
