"""What a font file says of itself, and which fonts a book cannot have."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.errors import BookError, Problem
from hakawati.model import Font, Place
from hakawati.source.folder import read_book
from hakawati.source.fonts import FontChoice, read_font
from tests.support import TWO_LANGUAGES, write_book
from tests.tiny_font import ARABIC, OFL, tiny_font

PLACE = Place("book/book.yaml", 3)
LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def read(
    data: bytes, *chosen: str, languages: tuple[str, ...] = ("ar", "en"), licence: str = ""
) -> Font | str:
    """The font, or what is wrong with it."""
    found: list[str] = []
    choice = FontChoice("fonts/x.ttf", chosen, licence, PLACE)
    font = read_font(choice, data, languages, lambda message, _: found.append(message))
    assert (font is None) == bool(found)
    return font or found[0]


def test_a_font_says_its_name_weight_style_and_licence() -> None:
    assert read(tiny_font(weight=700, italic=True), "ar") == Font(
        "fonts/x.ttf", ("ar",), "Tiny", "700", "italic", OFL, whole=False, place=PLACE
    )


def test_a_variable_font_has_all_the_weights_of_its_axis() -> None:
    font = read(tiny_font(weights=(100, 900)), "ar")
    assert isinstance(font, Font)
    assert font.weight == "100 900"


@pytest.mark.parametrize(
    ("told", "licence", "copyright", "expected"),
    [
        ("Mine", OFL, "Copyright", "Mine"),
        ("", "First line\nsecond", "Copyright", "First line"),
        ("", "", "Copyright 2024", "Copyright 2024"),
        ("", "", "\n", ""),
    ],
)
def test_the_licence_is_the_authors_word_or_the_fonts(
    told: str, licence: str, copyright: str, expected: str
) -> None:
    font = read(tiny_font(licence=licence, copyright=copyright), "ar", licence=told)
    assert isinstance(font, Font)
    assert font.licence == expected


@pytest.mark.parametrize(
    ("allowed", "copyright", "whole"),
    [
        (0, "Copyright", False),
        (8, "Copyright", False),
        (0x0100, "Copyright", True),
        (0, "Copyright, with Reserved Font Name “Tiny”", True),
    ],
)
def test_a_font_is_not_cut_where_its_licence_does_not_want_it(
    allowed: int, copyright: str, whole: bool
) -> None:
    font = read(tiny_font(allowed=allowed, copyright=copyright), "ar")
    assert isinstance(font, Font)
    assert font.whole == whole


@pytest.mark.parametrize(
    ("letters", "languages", "expected"),
    [
        (ARABIC, ("ar", "en"), ("ar",)),
        (
            ARABIC + LATIN,
            ("ar", "en"),
            ("en",),
        ),  # it has an alphabet for English, and some letters for Arabic
        (LATIN + "Ωπ", ("el", "en", "de"), ("en", "de")),
        ("abc" + ARABIC, ("en", "ar"), ("en", "ar")),
        ("漢字", ("ja",), ("ja",)),
        ("漢字", ("zh-Hant", "en"), ("zh-Hant",)),
        ("abc", ("sr-Latn",), ("sr-Latn",)),
        ("абв", ("sr",), ("sr",)),
    ],
)
def test_a_font_is_for_the_languages_it_can_write(
    letters: str, languages: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    font = read(tiny_font(letters), languages=languages)
    assert isinstance(font, Font)
    assert font.languages == expected


def test_languages_that_are_named_are_taken_in_the_order_of_the_book() -> None:
    font = read(tiny_font(ARABIC + "abc"), "en", "ar")
    assert isinstance(font, Font)
    assert font.languages == ("ar", "en")


@pytest.mark.parametrize(
    ("data", "chosen", "message"),
    [
        (b"", (), "is no font, or a damaged one"),
        (b"this is text", (), "is no font, or a damaged one"),
        (b"\0\1\0\0\xff\xff", (), "is no font, or a damaged one"),
        (b"\0\1\0\0\xff\xff" + bytes(300), (), "is no font, or a damaged one"),
        (tiny_font()[:-100], (), "is no font, or a damaged one"),
        (b"ttcf" + tiny_font()[4:], (), "is a collection of fonts"),
        (tiny_font(allowed=2), (), "may not be embedded: it says so itself (OS/2 fsType)"),
        (tiny_font(allowed=0x0200), (), "may not be embedded: it says so itself (OS/2 fsType)"),
        (tiny_font("123"), (), "has no letter of ar and en"),
        (tiny_font(), ("ar", "en"), "has no letter of en"),
        (tiny_font("Ω"), ("en",), "has no letter of en"),
    ],
)
def test_says_why_a_font_cannot_be_had(data: bytes, chosen: tuple[str, ...], message: str) -> None:
    assert read(data, *chosen) == message


@given(st.data())
def test_a_damaged_font_is_a_font_or_a_problem(data: st.DataObject) -> None:
    font = bytearray(tiny_font())
    for _ in range(data.draw(st.integers(1, 4))):
        font[data.draw(st.integers(4, len(font) - 1))] = data.draw(st.integers(0, 255))
    end = data.draw(st.integers(len(font) // 2, len(font)))
    read(bytes(font[:end]))


def test_fonts_of_a_book_are_read_from_its_folder(tmp_path: Path) -> None:
    project = write_book(
        tmp_path,
        {
            "book.yaml": TWO_LANGUAGES + "fonts: [a.ttf, {file: b/c.otf, languages: en, licence: Mine}]\n",
            "en/01-one.md": "# A\n\nB.",
            "a.ttf": tiny_font(),
            "b/c.otf": tiny_font("abc", family="Other", cubic=True),
        },
    )
    fonts = read_book(project).edition.fonts
    assert [(f.file, f.family, f.languages, f.licence) for f in fonts] == [
        ("a.ttf", "Tiny", ("ar",), OFL),
        ("b/c.otf", "Other", ("en",), "Mine"),
    ]


def test_a_single_font_may_stand_without_a_list(tmp_path: Path) -> None:
    yaml = "title: كتاب\nlanguages: [ar]\nfonts: a.ttf\n"
    project = write_book(tmp_path, {"book.yaml": yaml, "a.ttf": tiny_font()})
    (font,) = read_book(project).edition.fonts
    assert (font.file, font.place) == ("a.ttf", Place("book/book.yaml", 3))


def test_a_font_that_cannot_be_had_is_a_problem_in_its_line(tmp_path: Path) -> None:
    yaml = TWO_LANGUAGES + "fonts:\n  - a.ttf\n  - {file: b.ttf, languages: [ar, en]}\n"
    files: dict[str, str | bytes] = {"book.yaml": yaml, "en/01-one.md": "# A\n\nنص."}
    project = write_book(tmp_path, {**files, "a.ttf": tiny_font(allowed=2), "b.ttf": tiny_font()})
    with pytest.raises(BookError) as raised:
        read_book(project)
    assert raised.value.problems == (
        Problem(
            "book/book.yaml",
            4,
            "the font a.ttf may not be embedded: it says so itself (OS/2 fsType)",
            "take a font whose licence allows it, such as one under the SIL Open Font License",
        ),
        Problem(
            "book/book.yaml",
            5,
            "the font b.ttf has no letter of en",
            "take another font, or name its languages: [ar]",
        ),
    )


def test_a_font_too_large_for_a_book_is_a_problem(tmp_path: Path) -> None:
    project = write_book(tmp_path, {"book.yaml": "title: كتاب\nlanguages: [ar]\nfonts: a.ttf\n"})
    with (project / "book" / "a.ttf").open("wb") as file:
        file.truncate(50_000_001)
    with pytest.raises(BookError, match=r"the font a\.ttf has more than 50 MB"):
        read_book(project)
