"""Lines of letters: in their order, joined, and written with whichever font has them."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hakawati
from hakawati.cover.shaping import FontStack, levels
from tests.tiny_font import tiny_font

FONTS = Path(hakawati.__file__).parent / "cover" / "fonts"


@cache
def amiri() -> FontStack:
    return FontStack([(FONTS / "Amiri-Bold.ttf").read_bytes()], "ar")


def order(text: str, base: int) -> str:
    """The characters from left to right: made out of a font without joining, in which each has its width."""
    characters = sorted(set(text))
    plain = FontStack([tiny_font(characters)], "ar")
    widths = {round(plain.shape(c, 0).width, 3): c for c in characters}
    assert len(widths) == len(characters)
    glyphs = plain.shape(text, base)
    ends = [*[g.x for g in glyphs.glyphs][1:], glyphs.width]
    return "".join(widths[round(end - glyph.x, 3)] for glyph, end in zip(glyphs.glyphs, ends, strict=True))


@pytest.mark.parametrize(
    ("text", "base", "expected"),
    [
        ("اكل", 1, "لكا"),
        ("abc", 0, "abc"),
        ("abc", 1, "abc"),
        ("اكل abc", 1, "abc لكا"),
        ("اكل abc", 0, "لكا abc"),
        ("اكل 194", 1, "194 لكا"),
        ("ab اكل de رس fg", 1, "fg سر de لكا ab"),
        ("ab اكل de رس fg", 0, "ab لكا de سر fg"),
        ("اك ab-de 12 رس", 1, "سر ab-de 12 كا"),
    ],
)
def test_runs_stand_in_their_order(text: str, base: int, expected: str) -> None:
    assert order(text, base) == expected


def test_levels_are_those_of_the_algorithm() -> None:
    assert levels("اك ab 12", 1) == [1, 1, 1, 2, 2, 2, 2, 2]
    assert levels("ab اك", 0) == [0, 0, 0, 1, 1]
    assert levels("ن\u200cم", 1) == [1, 1, 1]
    assert levels("", 1) == []


def test_arabic_letters_join() -> None:
    joined, apart = amiri().shape("ببب", 1), amiri().shape("ب", 1)
    assert len({glyph.number for glyph in joined.glyphs}) > 1
    assert joined.width < 2.5 * apart.width


def test_a_form_that_depends_on_the_language_is_that_of_the_language() -> None:
    fonts = [(FONTS / "Amiri-Bold.ttf").read_bytes()]
    shapes = {lang: FontStack(fonts, lang).shape("۴۶۷", 0) for lang in ("ar", "fa", "ur")}
    assert shapes["ur"] != shapes["fa"]


def test_letters_that_joiners_keep_apart_do_not_join() -> None:
    assert amiri().shape("ب\u200cب", 1).width > amiri().shape("بب", 1).width


def test_a_line_is_written_with_the_first_font_that_has_its_letters() -> None:
    both = FontStack([tiny_font("abc"), (FONTS / "Amiri-Bold.ttf").read_bytes()], "ar")
    assert [glyph.face for glyph in both.shape("abx", 0).glyphs] == [0, 0, 1]
    assert {glyph.face for glyph in both.shape("كتاب", 1).glyphs} == {1}


def test_what_no_font_has_is_left_out_and_told() -> None:
    assert amiri().shape("a漢b", 0) == amiri().shape("ab", 0)
    assert [amiri().draws(text) for text in ("", " ", "漢", "a漢", "Иван", "שלום")] == [False] * 6
    assert [amiri().draws(text) for text in ("a", "حِبْر", "é", "e\u0301", "…", "a 😀", "1944")] == [True] * 7


def test_composed_and_decomposed_letters_look_the_same() -> None:
    text = "Éé ṣ Ḥ"
    shapes = [amiri().shape(unicodedata.normalize(form, text), 0) for form in ("NFC", "NFD")]
    assert shapes[0] == shapes[1]


def test_ink_lies_where_the_letters_are() -> None:
    line = amiri().shape("h", 0)
    ink = amiri().ink(line, 100)
    assert ink.top == pytest.approx(-100 * line.rise, abs=1.5)
    assert ink.mask.height == pytest.approx(100 * (line.rise + line.fall), abs=2.5)
    assert 0 <= ink.left < 10
    assert {0, 255} < set(ink.mask.tobytes())


def test_counters_stay_open() -> None:
    """The inside of an o is paper, as is that of a letter that is drawn over another."""
    ink = amiri().ink(amiri().shape("o", 0), 200).mask
    assert ink.getpixel((ink.width // 2, ink.height // 2)) == 0
    assert ink.getpixel((12, ink.height // 2)) == 255


def test_a_line_without_ink_has_an_empty_mask() -> None:
    ink = amiri().ink(amiri().shape(" ", 0), 100)
    assert ink.mask.getbbox() is None


@given(st.text(max_size=30), st.integers(0, 1))
def test_any_text_makes_a_line(text: str, base: int) -> None:
    line = amiri().shape(text, base)
    assert line == amiri().shape(text, base)
    assert line.rise >= 0
    assert line.fall >= 0
    amiri().ink(line, 20)
