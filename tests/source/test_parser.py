"""Where blocks between `:::` begin and end; what is in them, `test_divs` looks at."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.source.raw import RawBlock
from tests.source.reading import block, chapter, complaints, paragraph

POEM = "::: verse\na / b\n:::"
LINES = st.sampled_from(
    [
        *(
            "::: verse",
            "::: dialogue",
            "::: questions",
            ":::",
            "::::",
            "",
            "",
            "{voice=v}",
            "|-|",
            "---",
            "    ",
        ),
        *(
            "{}",
            "# {}",
            "{}: {}",
            "- {}",
            "1. {}",
            "> {}",
            "| {} |",
            "| {} | {} |",
            "*{}*",
            "    {}",
            "  {} / {}",
        ),
    ]
)
"""Such lines as begin and end something; words are put in place of {}."""
WHOLE = st.sampled_from(
    [
        "::: verse\n{}\n{} / {}\n\n\\- {}\n:::",
        "::: dialogue\n{}: {}\n{voice=v}\n**{}:** {}\n{}\n({})\n\n{}: {}\n:::",
        "::: questions\n1. {}\n   > {}\n2. {}\n\n   - {}\n:::",
        "| {} | {} |\n|-|-|\n| | {} |\n",
        "> {}\n> ::: verse\n> {}\n> :::",
        "```\n{}\n:::\n```",
    ]
)


def words(text: str) -> list[str]:
    return re.findall(r"w\d+", text)


def printed(blocks: tuple[RawBlock, ...]) -> list[str]:
    return [word for top in blocks for part in top.parts() for word in words(part.inline.text)]


@pytest.mark.parametrize(
    "opening", ["::: verse", ":::verse", ":::  verse", "::::: verse", "::: verse :::", "  ::: verse  "]
)
def test_colons_and_a_name_begin_a_block_and_colons_alone_end_it(opening: str) -> None:
    for closing in (":::", "::::", "  :::  "):
        assert block(f"{opening}\na / b\n{closing}").kind == "poem"


def test_text_may_stand_right_before_and_after_a_block() -> None:
    assert [b.kind for b in chapter(f"a\n{POEM}\nb").blocks[1:]] == ["paragraph", "poem", "paragraph"]


@pytest.mark.parametrize(
    "text",
    [f"- a\n\n  {POEM.replace(chr(10), chr(10) + '  ')}", f"> {POEM.replace(chr(10), chr(10) + '> ')}"],
)
def test_a_poem_may_stand_in_a_list_or_a_quote(text: str) -> None:
    assert "poem" in [part.kind for part in block(text).parts()]


@pytest.mark.parametrize("text", [f"```\n{POEM}\n```", "    ::: verse", "`:::` and `::: verse`"])
def test_colons_in_code_are_code(text: str) -> None:
    assert "poem" not in [part.kind for part in block(text).parts()]


@pytest.mark.parametrize(
    ("text", "shown"), [("\\::: verse", "::: verse"), ("a ::: b", "a ::: b"), (":: verse", ":: verse")]
)
def test_colons_can_be_text(text: str, shown: str) -> None:
    assert block(text) == paragraph(3, shown)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("::: vers\na\n:::", ["3: there is no block “::: vers”"]),
        ("::: verse of his\na\n:::", ["3: there is no block “::: verse of his”"]),
        ("::: note", ["3: there is no block “::: note”"]),
        (":::", ["3: this ::: closes nothing"]),
        (f"{POEM}\n:::", ["6: this ::: closes nothing"]),
        ("::: verse\na\n\nb", ["3: “::: verse” is not closed"]),
        ("- ::: verse\n  a\n\nb\n\n:::", ["3: “::: verse” is not closed", "8: this ::: closes nothing"]),
        ("> ::: verse\n> a\n:::", ["3: “::: verse” is not closed", "5: this ::: closes nothing"]),
        (f"::: dialogue\na: b\n\n{POEM}", ["3: “::: dialogue” is not closed"]),
        (f"{POEM}\n\n::: dialogue\na: b\n\n{POEM}\n\n{POEM}", ["7: “::: dialogue” is not closed"]),
        (f"::: dialogue\na: b\n\n{POEM}\n:::", ["6: a poem inside a dialogue"]),
        (f"::: verse\n{POEM}\n:::", ["4: a poem inside a poem"]),
        ("::: questions\n1. a\n   ::: dialogue\n   a: b\n   :::\n:::", ["5: a dialogue inside a question"]),
    ],
)
def test_says_which_colons_are_wrong(text: str, expected: list[str]) -> None:
    assert complaints(text) == expected


def test_says_how_to_write_what_was_meant() -> None:
    hints = [problem.hint for problem in chapter("::: vers\n:::\n\n::: note\n:::\n\n:::").problems]
    assert hints == [
        "colons that are text are written \\:::; did you mean “verse”?",
        "colons that are text are written \\:::; known here: dialogue, questions, verse",
        "remove it, or write ::: and a name above; as text it is written \\:::",
    ]


def test_a_chapter_whose_blocks_cannot_be_told_is_not_to_be_paired() -> None:
    assert chapter(POEM).divided
    assert not chapter("::: verse\na").divided
    assert not chapter("::: vers\na\n:::").divided


@given(st.lists(st.one_of(LINES, WHOLE), max_size=8))
def test_what_is_read_without_a_problem_is_all_there(lines: list[str]) -> None:
    """Whatever begins and ends where: each word is in a block, once, or something is said."""
    count = iter(range(1000))
    text = "\n".join(re.sub(r"\{\}", lambda _: f"w{next(count)}", line) for line in lines)
    read = chapter(text)
    if not read.problems:
        assert printed(read.blocks) == words(text)


@pytest.mark.parametrize(
    "text",
    [
        "::: verse\n" * 20_000,
        "::: verse\n" + f"{POEM}\n" * 5_000,
        ("::: verse\n" * 3 + ":::\n") * 5_000,
        "::: verse\n" + "*a* / b\n" * 5_000 + ":::",
        "::: dialogue\n" + "**a:** b\n" * 5_000 + ":::",
        "::: dialogue\n" + "(" * 50_000 + "\n:::",
        "a\n|-" + " " * 50_000 + "x",
        "::: a" + " " * 50_000 + "x",
    ],
    ids=range(8),
)
def test_no_text_takes_long_to_read(text: str) -> None:
    begin = time.process_time()
    chapter(text)
    assert time.process_time() - begin < 60
