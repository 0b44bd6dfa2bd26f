from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hakawati.errors import BookError
from hakawati.model import Book, plain
from hakawati.source.folder import read_book
from hakawati.source.new_project import new_project
from hakawati.source.starter import Draft, divide, guess_language
from tests.support import write_book

WORDS = [
    "نص ",
    "كلمة. ",
    "word ",
    "# ",
    "## ",
    "- ",
    "+ ",
    "* ",
    "1. ",
    "2) ",
    "> ",
    "~~~",
    "```",
    "===",
    "---",
    "_",
    "[^a]",
    "[^a]: x",
    "![a](b)",
    "<b>",
    "&amp;",
    "\\",
    "    ",
    "\t",
    "😀",
    "#",
    "|",
    "|-|-|",
    ":-|-:",
    "a|b",
    ":::",
    "::: verse",
    "{voice=a}",
    "{.voice=a}",
]
BLOCKS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map("".join)
PLAIN = st.lists(st.lists(BLOCKS, min_size=1, max_size=2).map("\n".join), min_size=1, max_size=5).map(
    "\n\n".join
)


def printed(book: Book) -> str:
    return " ".join(plain(text) for chapter in book.chapters for text in chapter.texts())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("فقرة أولى.\nفقرة ثانية.", [Draft("كتاب", ("فقرة أولى.", "فقرة ثانية."))]),
        ("فقرة\nعلى سطرين.\n\nأخرى.", [Draft("كتاب", ("فقرة\nعلى سطرين.", "أخرى."))]),
        ("مقدمة.\nالفصل الأول\nنص.\nالفصل الثاني\nنص.", [
            Draft("كتاب", ("مقدمة.",)), Draft("الفصل الأول", ("نص.",)), Draft("الفصل الثاني", ("نص.",)),
        ]),
        ("One: a start\n\nText.", [Draft("One: a start", ("Text.",))]),
        ("نص\nكلمة", [Draft("نص", ("كلمة",))]),
        ("ا" * 61 + "\nنص.", [Draft("كتاب", ("ا" * 61, "نص."))]),
        ("***\nنص.", [Draft("كتاب", ("***", "نص."))]),
    ],
)  # fmt: skip
def test_divides_a_plain_text_into_chapters(text: str, expected: list[Draft]) -> None:
    assert divide(text, "كتاب") == expected


@pytest.mark.parametrize(("text", "lang"), [("نص و Paris", "en"), ("نص عربي و Paris", "ar"), ("1944", "ar")])
def test_guesses_the_language_by_its_letters(text: str, lang: str) -> None:
    assert guess_language(text) == lang


def test_the_sample_is_a_book_without_a_problem(tmp_path: Path) -> None:
    new_project(tmp_path / "book", None, None, None, [])
    book = read_book(tmp_path / "book")
    assert (book.notices, [chapter.title("en") for chapter in book.chapters]) == ((), ["The Storyteller"])


def test_overwrites_nothing(tmp_path: Path) -> None:
    with pytest.raises(BookError) as raised:
        new_project(write_book(tmp_path, {}), None, None, None, [])
    assert [problem.message for problem in raised.value.problems] == ["there is a book in it already"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "this file is missing"),
        (b" \n", "this file is empty"),
        (b"\xff", "byte 0xff is not UTF-8"),
        (b"\0", "the control character U+0000"),
    ],
)
def test_says_why_a_text_makes_no_book(tmp_path: Path, content: bytes | None, message: str) -> None:
    file = tmp_path / "text.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BookError) as raised:
        new_project(tmp_path / "project", file, None, None, [])
    assert [(problem.path, problem.message) for problem in raised.value.problems] == [(str(file), message)]
    assert not (tmp_path / "project").exists()


@settings(deadline=None, max_examples=100)
@given(text=PLAIN.filter(str.strip))
@example("C #\n# D\n1. x")
@example("a|b\n:-|-:\nc|d\n\n::: verse\n\n:::\n\n{voice=a}\nb")
def test_a_book_made_of_a_plain_text_prints_it_verbatim(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("plain")
    (folder / "text.txt").write_text(text, encoding="utf-8")
    new_project(folder / "project", folder / "text.txt", "Title", "en", [])
    book = read_book(folder / "project")
    given_title = "" if book.chapters[0].title() != "Title" else "Title"
    assert "".join(printed(book).split()) == given_title + "".join(text.split())
