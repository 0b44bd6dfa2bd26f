from __future__ import annotations

from dataclasses import replace

import pytest

from hakawati.model import Mark
from hakawati.source.markdown import read_chapter
from hakawati.source.raw import Inline, RawBlock
from tests.source.reading import block, chapter, complaints, item, paragraph

MANY = [
    Mark("noteref", 0, 0, "x"),
    Mark("em", 0, 1),
    Mark("link", 0, 1, "b.md"),
    Mark("noteref", 1, 1, "x"),
    Mark("noteref", 1, 1, "y"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("نص", paragraph(3, "نص")),
        ("## فصل", RawBlock("heading", 3, Inline("فصل"), level=2)),
        ("فصل\n---", RawBlock("heading", 3, Inline("فصل"), level=2)),
        ("> قول\n>\n> ثان", RawBlock("quote", 3, children=(paragraph(3, "قول"), paragraph(5, "ثان")))),
        ("- أ\n- ب", RawBlock("list", 3, children=(item(3, paragraph(3, "أ")), item(4, paragraph(4, "ب"))))),
        ("3. أ", RawBlock("list", 3, children=(item(3, paragraph(3, "أ")),), start=3)),
        ("1. أ", RawBlock("list", 3, children=(item(3, paragraph(3, "أ")),), start=1)),
        ("0. أ", RawBlock("list", 3, children=(item(3, paragraph(3, "أ")),), start=0)),
        ("-", RawBlock("list", 3, children=(item(3, paragraph(3, "")),))),
        ("***", RawBlock("rule", 3)),
        ("```\na\n\nb\n```", RawBlock("code", 3, Inline("a\n\nb"))),
        ("    a", RawBlock("code", 3, Inline("a"))),
        (
            "![وصف *ما*](<images/صورة أ.png> 'تعليق')",
            RawBlock("figure", 3, Inline("تعليق"), image="images/صورة أ.png", alt="وصف ما"),
        ),
        ("![أ](../images/a.png)", RawBlock("figure", 3, image="images/a.png", alt="أ")),
        ("![أ](./../images/a.png)", RawBlock("figure", 3, image="images/a.png", alt="أ")),
        ("![أ](../../a.png)", RawBlock("figure", 3, image="../../a.png", alt="أ")),
        ("<b>نص</b>", paragraph(3, "<b>نص</b>")),
        ("<script>\nx\n</script>", RawBlock("paragraph", 3, Inline("<script> x </script>", breaks=(8, 10)))),
        ("&lt;b&gt; &amp; &#x645;", paragraph(3, "<b> & م")),
        (
            "[x](javascript:alert)",
            RawBlock("paragraph", 3, Inline("x", (Mark("link", 0, 1, "javascript:alert"),))),
        ),
        ("a\\[^x] b", paragraph(3, "a[^x] b")),
        ("|a|b|", paragraph(3, "|a|b|")),
    ],
)
def test_reads_every_kind_of_block(text: str, expected: RawBlock) -> None:
    assert block(text) == expected


@pytest.mark.parametrize(
    ("text", "printed", "marks"),
    [
        ("a *b* c", "a b c", [Mark("em", 2, 3)]),
        ("**a _b_**", "a b", [Mark("strong", 0, 3), Mark("em", 2, 3)]),
        ("[^x]*[a](b.md)*[^x][^y]c\n\n[^x]: x\n\n[^y]: y", "ac", MANY),
        ("***a***", "a", [Mark("em", 0, 1), Mark("strong", 0, 1)]),
        ("`[^a] *b*`", "[^a] *b*", [Mark("code", 0, 8)]),
        ("[a *b*](http://x.y/ص)", "a b", [Mark("link", 0, 3, "http://x.y/%D8%B5"), Mark("em", 2, 3)]),
        ("[a](02-فصل.md)", "a", [Mark("link", 0, 1, "02-فصل.md")]),
        ("<http://x.y>", "http://x.y", [Mark("link", 0, 10, "http://x.y")]),
        ("[a]\n\n[a]: http://x.y", "a", [Mark("link", 0, 1, "http://x.y")]),
    ],
)
def test_reads_every_mark(text: str, printed: str, marks: list[Mark]) -> None:
    assert (block(text).inline.text, list(block(text).inline.marks)) == (printed, marks)


def test_knows_the_line_of_every_piece_of_a_paragraph() -> None:
    inline = block("one\ntwo  \nthree\\\nfour").inline
    assert inline.text == "one two\nthree\nfour"
    assert [inline.line(inline.text.index(word), 3) for word in ("one", "two", "three", "four")] == [
        3,
        4,
        5,
        6,
    ]


def test_takes_notes_out_of_the_text() -> None:
    read = chapter("a[^x] b[^y]\n\n[^y]: note\n    goes on\n\n    and on[^x]\n\n> [^x]: other\n")
    assert read.problems == []
    assert read.blocks[1].inline == Inline("a b", (Mark("noteref", 1, 1, "x"), Mark("noteref", 3, 3, "y")))
    assert {
        label: (note.line, [b.inline.text for b in note.blocks]) for label, note in read.notes.items()
    } == {
        "y": (5, ["note goes on", "and on"]),
        "x": (10, ["other"]),
    }


def test_numbers_notes_to_notes_after_those_to_the_text() -> None:
    read = chapter("a[^x]\n\n- b[^y]\n\n[^x]: x[^z]\n\n[^y]: y\n\n[^z]: z[^x]\n")
    assert read.problems == []
    assert read.references() == {"x": 1, "y": 2, "z": 1}


def test_follows_a_long_chain_of_notes() -> None:
    notes = "".join(f"[^{i}]: to[^{i + 1}]\n\n" for i in range(2000))
    assert list(chapter(f"a[^0]\n\n{notes}[^2000]: end").references()) == [str(i) for i in range(2001)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a[^x]: b\nc[^y]", ["3: the note [^x] is not defined", "4: the note [^y] is not defined"]),
        ("a[^x y]", ["3: the note [^x y] is not defined"]),
        ("a[^x]\n\n[^x]: a\n\n[^x]: b", ["7: the note [^x] is defined twice (first in line 5)"]),
        ("a\n\n[^x]: a", ["5: nothing refers to the note [^x]"]),
        (
            "a\n\n[^x]: a[^y]\n\n[^y]: b[^x]",
            [f"{n}: nothing refers to the note [^{x}]" for n, x in ((5, "x"), (7, "y"))],
        ),
        ("a[^x]\n\n[^x]: > a", ["5: the note [^x] holds more than paragraphs of text"]),
        ("a[^x]\n\n[^x]:", ["5: the note [^x] is empty"]),
        (
            "a ![b](c.png)\nd ![e](f.png)",
            ["3: an image inside a paragraph", "4: an image inside a paragraph"],
        ),
        ("[![b](c.png)](d.md)", ["3: the link (d.md) has no text", "3: an image inside a paragraph"][::-1]),
        ("a\n[](b.md)", ["4: the link (b.md) has no text"]),
        ("# U", ["3: a second title in one chapter"]),
        ("## a\n\n#### b", ["5: a heading of level 4 after one of level 2"]),
        ("## a\n\n### b\n\n## c", []),
        ("##", ["3: a heading without text"]),
        ("a&#12;b", ["3: the control character U+000C"]),
        ("![a&#12;](b.png)", ["3: the control character U+000C"]),
        ("![a](b%00.png)", ["3: the control character U+0000"]),
        ("> " * 12 + "a", []),
        ("> " * 13 + "a", ["3: lists and quotes nested more than 12 levels deep"]),
        ("> " * 500 + "a", ["3: lists and quotes nested more than 12 levels deep"]),
    ],
)
def test_says_what_is_wrong_and_in_which_line(text: str, expected: list[str]) -> None:
    assert complaints(text) == expected


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 0, "no text in this file"),
        ("\n\n[a]: http://x.y\n", 0, "no text in this file"),
        ("\nنص", 2, "the chapter does not begin with its title"),
        ("## a", 1, "the chapter does not begin with its title"),
    ],
)
def test_a_chapter_begins_with_its_title(text: str, line: int, message: str) -> None:
    (problem,) = read_chapter(text, "a.md").problems
    assert (problem.line, problem.message) == (line, message)


# Voices


@pytest.mark.parametrize(
    "line", ["{voice=old-man}", "{.voice=old-man}", '{voice="old-man"}', "{ voice=old-man }"]
)
def test_a_line_above_a_block_chooses_its_voice(line: str) -> None:
    assert block(f"{line}\nText.") == replace(paragraph(4, "Text."), voice="old-man")


def test_a_voice_is_for_one_block_and_what_is_in_it() -> None:
    quote = block("{voice=a}\n> One.\n>\n> {voice=b}\n> Two.")
    assert (quote.voice, [child.voice for child in quote.children]) == ("a", ["", "b"])
    first, second = chapter("{voice=a}\nOne.\n\nTwo.").blocks[1:]
    assert (first.voice, second.voice) == ("a", "")


def test_an_item_may_have_a_voice_of_its_own() -> None:
    items = block("- One.\n- {voice=b}\n  Two.").children
    assert [item.children[0].voice for item in items] == ["", "b"]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Text {voice=a} goes on.", "Text {voice=a} goes on."),
        ("\\{voice=a}", "{voice=a}"),
        ("{voice=}", "{voice=}"),
        ("{ no attributes }", "{ no attributes }"),
        ("Text\n{voice=a}", "Text {voice=a}"),
    ],
)
def test_braces_elsewhere_are_text(text: str, printed: str) -> None:
    assert (block(text).inline.text, block(text).voice) == (printed, "")


def test_code_keeps_its_braces() -> None:
    assert block("```\n{.voice=a}\n{voice=a}\n```").inline.text == "{.voice=a}\n{voice=a}"
    assert block("    {.voice=a}").inline.text == "{.voice=a}"


def test_a_voice_for_nothing_is_a_mistake_and_so_is_any_other_attribute() -> None:
    nothing = "a voice is chosen for nothing that is read aloud"
    assert complaints("Text.\n\n{voice=a}") == [f"5: {nothing}"]
    assert complaints("{voice=a}\n---\n\nText.") == [f"3: {nothing}"]
    assert complaints("{voice=a}\n{voice=b}\nText.") == [f"3: {nothing}"]
    assert complaints("{.note}\nText.") == ["3: the attribute {.…} means nothing here"]
    assert complaints("{lang=fr}\nText.") == ["3: the attribute {lang=…} means nothing here"]
