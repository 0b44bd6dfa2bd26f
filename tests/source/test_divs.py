from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.model import Mark
from hakawati.source.raw import Inline, RawBlock
from tests.source.reading import block, chapter, complaints, item, paragraph

HALVES = st.lists(
    st.sampled_from(["قفا", "نبك", "a", "/b", "c/", "1.", "*", ":"]), min_size=1, max_size=3
).map(" ".join)
STANZAS = st.lists(
    st.lists(st.lists(HALVES, min_size=1, max_size=2).map(tuple), min_size=1, max_size=3),
    min_size=1,
    max_size=3,
)
NAMES = st.sampled_from(["سعاد", "أم كريم", "د. أحمد", "Old Man (angry)", "Guard 1"])
SAID = st.sampled_from(["نعم.", "في 12:30", "(يضحك) لا!", "قال: لا", "see http://x.y", "*a* b", "…"])


def poem(text: str) -> RawBlock:
    return block(f"::: verse\n{text}\n:::")


def verses(text: str) -> list[list[str]]:
    """By stanza."""
    return [[verse.inline.text for verse in stanza.children] for stanza in poem(text).children]


def dialogue(text: str) -> RawBlock:
    return block(f"::: dialogue\n{text}\n:::")


def turns(text: str) -> list[tuple[str, str]]:
    """(who speaks, what is said); nobody speaks a stage direction."""
    found = []
    for turn in dialogue(text).children:
        assert turn.kind in ("turn", "paragraph")
        speaker, *others = turn.inline.marks if turn.kind == "turn" else (Mark("speaker", 0, 0),)
        assert (speaker.kind, speaker.begin) == ("speaker", 0)
        assert "speaker" not in [mark.kind for mark in others]
        found.append((turn.inline.text[: speaker.end], turn.inline.text[speaker.end :].strip()))
    return found


def escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "*." else c for c in text)


# Poems


def test_a_poem_is_stanzas_of_verses_of_one_or_two_halves() -> None:
    first = RawBlock(
        "stanza", 4, children=(RawBlock("verse", 4, Inline("أ\nب")), RawBlock("verse", 5, Inline("ج")))
    )
    second = RawBlock("stanza", 7, children=(RawBlock("verse", 7, Inline("د\nه")),))
    assert poem("أ / ب\nج\n\nد   /  ه") == RawBlock("poem", 3, children=(first, second))


def test_a_hard_line_break_ends_a_verse_like_any_other() -> None:
    assert verses("a  \nb\\\nc") == [["a", "b", "c"]]


@pytest.mark.parametrize(
    ("text", "verse"),
    [
        ("a \\/ b", "a / b"),
        ("a/b", "a/b"),
        ("a/ b /c", "a/ b /c"),
        ("`a / b` / c", "a / b\nc"),
        ("24/8 / *a*", "24/8\na"),
    ],
)
def test_only_a_slash_between_spaces_divides_a_verse(text: str, verse: str) -> None:
    assert verses(text) == [[verse]]


def test_marks_stay_in_the_verse_they_are_about() -> None:
    read = chapter("::: verse\n*a / b\nc* d[^x]\n[^y]e / f[^z]\n:::\n\n[^x]: x\n\n[^y]: y\n\n[^z]: z / z")
    assert read.problems == []
    assert [(verse.inline.text, verse.inline.marks) for verse in read.blocks[1].children[0].children] == [
        ("a\nb", (Mark("em", 0, 3),)),
        ("c d", (Mark("em", 0, 1), Mark("noteref", 3, 3, "x"))),
        ("e\nf", (Mark("noteref", 0, 0, "y"), Mark("noteref", 3, 3, "z"))),
    ]
    assert read.notes["z"].blocks[0].inline.text == "z / z"


def test_a_poem_has_a_voice_and_so_has_a_stanza() -> None:
    read = block("{voice=a}\n::: verse\none\n\n{voice=b}\ntwo\nthree\n:::")
    assert (read.voice, [stanza.voice for stanza in read.children]) == ("a", ["", "b"])


@given(STANZAS)
def test_every_poem_is_read_as_it_was_written(stanzas: list[list[tuple[str, ...]]]) -> None:
    text = "\n\n".join("\n".join(" / ".join(map(escaped, verse)) for verse in stanza) for stanza in stanzas)
    assert verses(text) == [["\n".join(verse) for verse in stanza] for stanza in stanzas]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a / b / c", ["4: a verse of 3 parts"]),
        ("a\n\nb / c / d / e", ["6: a verse of 4 parts"]),
        ("a /", ["4: half a verse is missing"]),
        ("a\n/ b\n/", ["5: half a verse is missing", "6: half a verse is missing"]),
        ("", ["3: a poem without verses"]),
        ("- a", ["4: a list inside a poem"]),
        ("## a\n\nb", ["4: a heading of level 2 inside a poem"]),
        ("a\n\n> b", ["6: a block quote inside a poem"]),
        ("    a", ["4: a code block inside a poem"]),
        ("a\n\n***", ["6: a rule inside a poem"]),
        ("![a](b.png)", ["4: an image inside a poem"]),
        ("| a |\n|---|", ["4: a table of 1 column inside a poem"]),
        ("a\n{voice=b}\nc", ["5: a voice is chosen inside a stanza"]),
        ("a\n\n{voice=b}", ["6: a voice is chosen for nothing that is read aloud"]),
        ("a\n{.note}", []),
    ],
)
def test_says_what_does_not_fit_into_a_poem(text: str, expected: list[str]) -> None:
    assert complaints(f"::: verse\n{text}\n:::") == expected


# Dialogues


def test_a_dialogue_is_turns_that_begin_with_who_speaks() -> None:
    read = dialogue("سعاد: نعم.\n\n(تضحك)\n\n**كريم:** *لا*")
    assert read == RawBlock(
        "dialogue",
        3,
        children=(
            RawBlock("turn", 4, Inline("سعاد: نعم.", (Mark("speaker", 0, 5),))),
            paragraph(6, "(تضحك)"),
            RawBlock("turn", 8, Inline("كريم: لا", (Mark("speaker", 0, 5), Mark("em", 6, 8)))),
        ),
    )


@pytest.mark.parametrize("name", ["سعاد:", "**سعاد:**", "**سعاد**:", "*سعاد:*", "***سعاد:***"])
def test_a_name_may_be_emphasised(name: str) -> None:
    (turn,) = dialogue(f"{name} نعم").children
    assert turn.inline == Inline("سعاد: نعم", (Mark("speaker", 0, 5),))


def test_a_turn_takes_a_line_or_a_paragraph() -> None:
    assert turns("a: one\nb: two\ngoes on\n\nc:\nthree") == [
        ("a:", "one"),
        ("b:", "two goes on"),
        ("c:", "three"),
    ]


def test_a_hard_line_break_begins_no_turn() -> None:
    assert turns("a: one:\\\ntwo: three\nb: four") == [("a:", "one:\ntwo: three"), ("b:", "four")]


@pytest.mark.parametrize("line", ["(يضحك: نعم)", "*يضحك: نعم*", "(a (b) c).", "_a_", "(a)[^x]"])
def test_a_line_in_parentheses_or_emphasis_is_a_stage_direction(line: str) -> None:
    read = chapter(f"::: dialogue\na: one\n{line}\nb: two[^x]\n:::\n\n[^x]: x")
    assert read.problems == []
    assert [(turn.kind, turn.line) for turn in read.blocks[1].children] == [
        ("turn", 4),
        ("paragraph", 5),
        ("turn", 6),
    ]


def test_a_voice_is_for_the_turn_below_it() -> None:
    read = block(
        "{voice=a}\n::: dialogue\n{voice=b}\nx: one\ny: two\n{.voice=c}\nz: three\n\n{voice=d}\n(e)\n:::"
    )
    assert (read.voice, [turn.voice for turn in read.children]) == ("a", ["b", "", "c", "d"])


@given(
    st.lists(st.tuples(NAMES, SAID, st.sampled_from(["\n", "\n\n"])), min_size=1, max_size=4), st.booleans()
)
def test_every_turn_is_read_as_it_was_written(written: list[tuple[str, str, str]], bold: bool) -> None:
    text = "".join(f"{f'**{name}:**' if bold else f'{name}:'} {said}{gap}" for name, said, gap in written)
    assert turns(text) == [(f"{name}:", said.replace("*", "")) for name, said, _ in written]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["3: a dialogue in which nobody speaks"]),
        ("(laughs)", ["3: a dialogue in which nobody speaks"]),
        ("a: b\n\nc", ["6: nobody is named who says this"]),
        ("(a)\nb\nc: d", ["5: nobody is named who says this"]),
        ("one two three four five six: a", ["4: nobody is named who says this"]),
        ("at 12:30\n\na: b", ["4: nobody is named who says this"]),
        ("http://x.y\n\na: b", ["4: nobody is named who says this"]),
        ("Really? a: b", ["4: nobody is named who says this"]),
        ("(a) b (c)", ["4: nobody is named who says this"]),
        ("a:\n\nb: c", ["4: “a:” is not followed by what is said"]),
        ("a: b\nc:", ["5: “c:” is not followed by what is said"]),
        ("**a:** b\nc: d\n**e:** f", ["5: “c:” is not emphasised, as is who speaks before"]),
        ("a: b\n**c:** d", []),
        ("a: b\n\n- c", ["6: a list inside a dialogue"]),
        ("    a: b", ["4: a code block inside a dialogue"]),
    ],
)
def test_says_what_does_not_fit_into_a_dialogue(text: str, expected: list[str]) -> None:
    assert complaints(f"::: dialogue\n{text}\n:::") == expected


# Questions


def test_questions_are_one_list_and_a_quote_at_an_items_end_is_the_answer() -> None:
    read = block("::: questions\n3. متى؟\n   > في\n   > 1944.\n4. أين؟\n\n   هنا؟\n:::")
    answer = RawBlock("answer", 5, children=(RawBlock("paragraph", 5, Inline("في 1944.", breaks=(2,))),))
    items = (item(4, paragraph(4, "متى؟"), answer), item(7, paragraph(7, "أين؟"), paragraph(9, "هنا؟")))
    assert read == RawBlock("questions", 3, children=(RawBlock("list", 4, children=items, start=3),))


def test_questions_need_no_numbers_and_may_offer_a_choice() -> None:
    (asked,) = block("::: questions\n- Which?\n\n  1. This.\n  2. That.\n\n  > That.\n:::").children
    assert (asked.start, [part.kind for part in asked.children[0].children]) == (
        None,
        ["paragraph", "list", "answer"],
    )


def test_questions_have_a_voice_and_so_has_each() -> None:
    read = block("{voice=a}\n::: questions\n1. {voice=b}\n   When?\n   > Then.\n:::")
    assert [part.voice for part in read.parts()] == ["a", "", "", "b", "", ""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["3: no questions here"]),
        ("Answer:\n\n1. a", ["4: a paragraph among questions"]),
        ("1. a\n\n- b", ["6: a second list of questions"]),
        ("> a", ["4: a block quote among questions"]),
        ("1.", ["4: a question without text"]),
        ("1. > a", ["4: an answer without a question"]),
        ("1. a\n   >", ["5: an answer without text"]),
        ("1. a\n   > b\n\n   c", ["5: an answer that does not end its question"]),
        ("1. a\n   > b\n\n   c\n   > d", ["5: an answer that does not end its question"]),
        ("1. a\n\n   > b\n\n   > c", ["6: an answer that does not end its question"]),
        ("1. # a", ["4: a heading of level 1 inside a question"]),
        ("1. a\n   - > b", ["5: a block quote inside a question"]),
        ("1. a\n   > ## b", ["5: a heading of level 2 inside an answer"]),
        ("1. a\n   > ![b](c.png)", ["5: an image inside an answer"]),
        ("1. a\n   > b\n   > c[^x]", ["6: the answer refers to the note [^x]"]),
        ("1. a\n\n   {voice=v}\n   > b", ["7: a voice is chosen for an answer, which is not read aloud"]),
        ("1. a\n   > - {voice=v}\n   >   b", ["6: a voice is chosen for an answer, which is not read aloud"]),
    ],
)
def test_says_what_does_not_fit_among_questions(text: str, expected: list[str]) -> None:
    note = "\n\n[^x]: x" if "[^x]" in text else ""
    assert complaints(f"::: questions\n{text}\n:::{note}") == expected


@pytest.mark.parametrize("text", ["- ::: questions\n  1. a\n  :::", "> ::: questions\n> 1. a\n> :::"])
def test_questions_stand_in_no_other_block(text: str) -> None:
    assert complaints(text) == ["3: questions inside another block"]
