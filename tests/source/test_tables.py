from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.model import ColumnAlignment, Mark
from hakawati.source.raw import Inline, RawBlock
from tests.source.reading import block, chapter, complaints

ROW = "a row of {} in a table of {}"
CELLS = st.text("اب|*\\`[] x", max_size=6).map(lambda text: " ".join(text.split()))


def grid(table: RawBlock) -> list[list[str]]:
    assert table.kind == "table"
    assert {row.kind for row in table.children} == {"row"}
    return [[cell.inline.text for cell in row.children] for row in table.children]


def cell(line: int, text: Inline, *, header: bool = False, align: ColumnAlignment = "") -> RawBlock:
    return RawBlock("cell", line, text, header=header, align=align)


def test_a_table_is_rows_of_cells_that_know_their_column() -> None:
    head = (
        cell(3, Inline("سنة"), header=True, align="left"),
        cell(3, Inline("حدث"), header=True, align="right"),
    )
    body = (
        cell(5, Inline("١٩٤٤"), align="left"),
        cell(5, Inline("نص", (Mark("em", 0, 2), Mark("noteref", 2, 2, "x"))), align="right"),
    )
    rows = (RawBlock("row", 3, children=head), RawBlock("row", 5, children=body))
    (_, table) = chapter("| سنة | حدث |\n|:--|--:|\n| ١٩٤٤ | *نص*[^x] |\n\n[^x]: ه").blocks
    assert table == RawBlock("table", 3, children=rows)


@pytest.mark.parametrize(
    ("dashes", "align"), [(":-:", "center"), ("-", ""), (":---", "left"), ("-:", "right")]
)
def test_alignment_is_kept_as_written(dashes: str, align: str) -> None:
    table = block(f"| a |\n|{dashes}|\n| b |")
    assert {cell.align for row in table.children for cell in row.children} == {align}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a | b\n--|--\nc | d", [["a", "b"], ["c", "d"]]),
        ("| a | b |\n|-|-|\n| | d |\n| c | |", [["a", "b"], ["", "d"], ["c", ""]]),
        ("| a\\|b | `c\\|d` |\n|-|-|", [["a|b", "c|d"]]),
        ("| a |\n|-|\n| b |  ", [["a"], ["b"]]),
    ],
)
def test_cells_stand_between_bars(text: str, expected: list[list[str]]) -> None:
    assert grid(block(text)) == expected


def test_a_table_may_stand_in_a_list_and_in_a_quote() -> None:
    for text in ("- | a |\n  |---|\n  | b |", "> | a |\n> |---|\n> | b |"):
        (table,) = [part for part in block(text).parts() if part.kind == "table"]
        assert grid(table) == [["a"], ["b"]]


def test_a_table_has_one_voice() -> None:
    assert block("{voice=b}\n| a |\n|---|\n| b |").voice == "b"


@given(
    st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=4).filter(
        lambda r: any(map(any, r))
    )
)
def test_every_cell_is_read_as_it_was_written(cells: list[list[str]]) -> None:
    escaped = [[text.translate({ord(c): f"\\{c}" for c in "|*\\`[]"}) for text in row] for row in cells]
    lines = [f"| {' | '.join(row)} |" for row in escaped]
    lines.insert(1, "|-|-|")
    assert grid(block("\n".join(lines))) == cells


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.integers(2, 4))
def test_no_cell_is_lost_or_added_without_a_word(written: list[int], columns: int) -> None:
    lines = [f"|{' a |' * columns}", f"|{'-|' * columns}", *(f"|{' b |' * count}" for count in written)]
    named = [f"{count} cell{'s' if count > 1 else ''}" for count in written]
    assert complaints("\n".join(lines)) == [
        f"{line}: {ROW.format(name, f'{columns} columns')}"
        for line, (name, count) in enumerate(zip(named, written, strict=True), start=5)
        if count != columns
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("| a |\n|---|\n| b | c |", [f"5: {ROW.format('2 cells', '1 column')}"]),
        ("| a | b |\n|---|---|\n| c", [f"5: {ROW.format('1 cell', '2 columns')}"]),
        ("| a | b |\n|---|---|\n|", [f"5: {ROW.format('0 cells', '2 columns')}"]),
        ("| a | b |\n|---|---|\nText goes on.", [f"5: {ROW.format('1 cell', '2 columns')}"]),
        ("| a | b |\n|---|---|\n| `c|d` | e |", [f"5: {ROW.format('3 cells', '2 columns')}"]),
        ("| | |\n|-|-|\n| | |", ["3: a table without text"]),
        ("| a |\n|---|\n| ![b](c.png) |", ["5: an image inside a table"]),
        ("| a |\n|---|\n| [^x] |", ["5: the note [^x] is not defined"]),
        (
            "| a[^x] |\n|---|\n\n[^x]: | b |\n    |---|",
            ["6: the note [^x] holds more than paragraphs of text"],
        ),
    ],
)
def test_says_what_is_wrong_with_a_table(text: str, expected: list[str]) -> None:
    assert complaints(text) == expected


@pytest.mark.parametrize("text", ["| a | b |\n|---|\n| c | d |", "a\n|---|", "a | b\n:-|-|-:", "text\n|-|"])
def test_dashes_that_make_no_table_are_not_shown_as_text_without_a_word(text: str) -> None:
    assert complaints(text) == ["4: this line of dashes makes no table"]


@pytest.mark.parametrize("text", ["a\n\\|---|", "|a|b|", "a | b", "`|-|`", "| a", "a\n|"])
def test_bars_alone_are_text(text: str) -> None:
    assert block(text).kind == "paragraph"
