"""Chapters that are made to hurt: nested, repeated, unclosed a hundred thousand times."""

from __future__ import annotations

from pathlib import Path

import pytest

from hakawati.source import folder, parser
from tests.hostile.bounds import command, outcome
from tests.support import CHAPTER, TWO_LANGUAGES, write_book

TITLE = "# عنوان\n\n"
DEEP = "lists and quotes nested more than 12 levels deep"
BRACKETS = "more brackets than can be followed"
LINES = "more than 3,000 lines of text in one chapter"
FINE: dict[str, str] = {
    "a sentence of a megabyte": "كلمة " * 105_000,
    "a word": "ك" * 500_000,
    "stops": "." * 1_000_000,
    "commas": "، " * 50_000 + "," * 300_000,
    "abbreviations": "د." * 100_000,
    "abbreviations apart": "د. " * 30_000,
    "quotation marks": '"a ' * 50_000,
    "hyphens": "a-" * 100_000,
    "numbers": "1." * 100_000,
    "sentences": "أ ب. " * 5_000,
    "white space": "a" + " " * 1_000_000 + "b" + "\u00a0" * 200_000 + "c",
    "vowel marks": "ب" + "\u0651\u064b" * 300_000,
    "combining marks": "a" + "\u0301" * 500_000,
    "joiners": "👩" + "\u200d" * 300_000,
    "runs of backticks": "".join("e" + "`" * n for n in range(500)),
    "comments": "<!-- " * 30_000,
    "angle brackets": "<" * 100_000,
    "entities": "&" * 100_000,
    "emphasis that opens": "*a **b " * 5_000,
    "emphasis that may": "*a_ " * 10_000,
    "brackets that open": "[" * 20_000,
    "brackets in brackets": "[" * 10_000 + "a" + "]" * 10_000,
    "code": "```\n" * 10_000,
    "rules": "---\n\n" * 10_000,
    "empty lines": "\n" * 1_000_000 + "a",
    "bidi": "\u2067a\u2069" * 50_000,
    "definitions": "".join(f"[a{n}]: https://x.y\n" for n in range(5_000)) + "\n[a1] x",
    "a long verse": "::: verse\na" + " " * 500_000 + "b\n:::",
    "many notes": "".join(f"ك[^{n}].\n\n[^{n}]: x\n\n" for n in range(1_000)),
    "a title of 10,000 characters": "",
}
"""What is a book, however odd."""
REFUSED: dict[str, tuple[str, list[str]]] = {
    "quotes": (">" * 10_000 + " a", [f"3: {DEEP}"]),
    "quotes, line by line": ("\n".join(">" * n + " a" for n in range(1, 1_000)), [f"15: {DEEP}"]),
    "lists": ("- " * 10_000 + "a", [f"3: {DEEP}"]),
    "lists, line by line": ("\n".join("  " * n + "- a" for n in range(1_000)), [f"9: {DEEP}"]),
    "numbered lists": ("1. " * 10_000 + "a", [f"3: {DEEP}"]),
    "emphasis": ("*" * 10_000 + "a" + "*" * 10_000, ["3: emphasis nested more than 12 levels deep"]),
    "brackets": ("[" * 100_000, [f"3: {BRACKETS}"]),
    "notes that open": ("[^a" * 100_000, [f"3: {BRACKETS}"]),
    "images that open": ("![" * 100_000, [f"3: {BRACKETS}"]),
    "links that open": ("[a](b" * 100_000, [f"3: {BRACKETS}"]),
    "notes in one text": ("a[^a]" * 100_000 + "\n\n[^a]: x", [f"3: {BRACKETS}"]),
    "notes": (
        "".join(f"ك[^{n}].\n\n[^{n}]: x\n\n" for n in range(4_000)),
        [f"6001: {LINES}"],
    ),
    "a chain of notes": (
        "a[^0]\n\n" + "".join(f"[^{n}]: x[^{n + 1}]\n\n" for n in range(4_000)),
        [f"6001: {LINES}"],
    ),
    "paragraphs": ("a.\n\n" * 4_000, [f"6001: {LINES}"]),
    "line breaks": ("a\n" * 4_000, [f"3: {LINES}"]),
    "cells": ("|" + "a|" * 4_000 + "\n|" + "-|" * 4_000, [f"3: {LINES}"]),
    "rows": ("| a | b |\n|---|---|\n" + "| c | d |\n" * 4_000, [f"1503: {LINES}"]),
    "verses": ("::: verse\n" + "a / b\n" * 4_000 + ":::", [f"4: {LINES}"]),
    "turns": ("::: dialogue\n" + "a: b\n" * 4_000 + ":::", [f"4: {LINES}"]),
    "an address": (
        f"[a](http://{'x' * 500_000})",
        ["3: the link (http://{}…) is longer than 2000 characters"],
    ),
    "a million notes": ("[^1]\n" * 1_000_000, ["0: 5 MB of text in one file"]),
}
"""What is none, and why."""


@pytest.mark.parametrize("name", FINE)
def test_a_text_is_read_in_seconds_however_it_is_made(name: str, tmp_path: Path) -> None:
    title = "# " + "عنوان " * 1_700 + "\n\nنص.\n" if name.startswith("a title") else TITLE
    assert outcome(write_book(tmp_path, {"ar/01-one.md": f"{title}{FINE[name]}\n"})) == []


@pytest.mark.parametrize("name", REFUSED)
def test_a_text_that_no_reader_shows_is_refused_in_seconds(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parser, "MAX_TEXTS", 3_000)
    text, expected = REFUSED[name]
    expected = [f"book/ar/01-one.md:{message.format('x' * 73)}" for message in expected]
    assert outcome(write_book(tmp_path, {"ar/01-one.md": f"{TITLE}{text}\n"})) == expected


def test_a_translation_is_held_to_the_same(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"ar/01-one.md": CHAPTER, "en/01-one.md": f"# T\n\n{'[' * 100_000}"}
    found = outcome(write_book(tmp_path, {"book.yaml": TWO_LANGUAGES, **files}))
    assert found == [f"book/en/01-one.md:3: {BRACKETS}"]


def test_a_chapter_ends_before_the_memory_does(tmp_path: Path) -> None:
    found = outcome(write_book(tmp_path, {"ar/01-one.md": TITLE + "a.\n\n" * 40_000}))
    assert found == ["book/ar/01-one.md:60001: more than 30,000 lines of text in one chapter"]


def test_a_book_ends_before_the_memory_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MAX_SENTENCES", 30)
    text = f"{TITLE}{'في باب. ' * 9}\n"
    project = write_book(tmp_path, {f"ar/0{n}-a.md": text for n in range(1, 6)})
    assert outcome(project) == ["book/ar/04-a.md:0: with this chapter, the book has more than 30 sentences"]


@pytest.mark.soak
def test_as_many_sentences_as_there_can_be_fit_into_the_memory(tmp_path: Path) -> None:
    text = TITLE + "في باب.\n\n" * 29_000
    project = write_book(tmp_path / "book", {f"ar/0{n}-a.md": text for n in range(1, 7)})
    assert command(tmp_path, "build", project, seconds=3_000).status == 0
    write_book(project, {"ar/07-a.md": text})
    done = command(tmp_path, "build", project, seconds=3_000)
    message = "with this chapter, the book has more than 200,000 sentences"
    assert (done.status, f"book/ar/07-a.md: {message}" in done.said) == (1, True)


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "vbscript:x",
        "data:text/html,x",
        "data:image/png;base64,x",
        "file:///etc/passwd",
        "ftp://x.y/z",
    ],
)
def test_a_link_leads_to_the_web_and_not_into_the_reader(target: str, tmp_path: Path) -> None:
    (found,) = outcome(write_book(tmp_path, {"ar/01-one.md": f"{CHAPTER}\n[a]({target})\n"}))
    assert found.startswith("book/ar/01-one.md:5: the link (")
    assert found.endswith(") leads nowhere")


def test_an_address_between_angle_brackets_is_held_to_the_same(tmp_path: Path) -> None:
    found = outcome(write_book(tmp_path, {"ar/01-one.md": f"{CHAPTER}\n<javascript:alert(1)>\n"}))
    assert found == ["book/ar/01-one.md:5: the link (javascript:alert(1)) leads nowhere"]


@pytest.mark.parametrize(
    "image",
    ["https://x.y/a.png", "//x.y/a.png", "data:image/png;base64,AAAA", "file:///a.png", "javascript:a.png"],
)
def test_an_image_is_in_the_book_since_that_is_complete_offline(image: str, tmp_path: Path) -> None:
    found = outcome(write_book(tmp_path, {"ar/01-one.md": f"{CHAPTER}\n![a]({image})\n"}))
    assert found == [f"book/ar/01-one.md:5: the image {image} is not in the book"]


@pytest.mark.parametrize("code", [0x0, 0x1, 0x8, 0xB, 0xC, 0x1B, 0x7F, 0x80, 0x9F, 0xFDD0, 0xFFFE, 0xFFFF])
def test_what_xml_cannot_hold_is_refused_wherever_it_stands(code: int, tmp_path: Path) -> None:
    c = chr(code)
    project = write_book(
        tmp_path,
        {
            "glossary.yaml": f"- term: ن{c}\n",
            "pronunciation.yaml": f"ن{c}: ص\n",
            "ar/01-one.md": f"# ع\n\nن{c}ص\n",
        },
    )
    message = f"the control character U+{code:04X}"
    assert outcome(project) == [
        f"book/{name}: {message}" for name in ("ar/01-one.md:3", "glossary.yaml:1", "pronunciation.yaml:1")
    ]
    write_book(project, {"book.yaml": f"title: ك\nsource: ك{c}\nlanguages: [ar]\n"})
    assert f"book/book.yaml:2: {message}" in outcome(project)
