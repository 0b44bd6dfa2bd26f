"""Texts of any length fit their boxes."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hakawati
from hakawati.cover.shaping import FontStack
from hakawati.cover.typesetting import TextBlock, TextBox, fit_text
from tests.tiny_font import tiny_font

FONTS = Path(hakawati.__file__).parent / "cover" / "fonts"
BOX = TextBox(1300, 600, 300, 64)


@cache
def amiri() -> FontStack:
    return FontStack([(FONTS / "Amiri-Bold.ttf").read_bytes()], "ar")


def fits(block: TextBlock, box: TextBox) -> bool:
    wide = max(line.width for line in block.lines) * block.size
    return wide <= box.width + 0.01 and block.height <= box.height + 0.01 and block.size <= box.largest


def lines(text: str, *, lettering: FontStack | None = None, box: TextBox = BOX, base: int = 0) -> list[int]:
    """How many glyphs stand in each line."""
    block = fit_text(lettering or amiri(), text, base, box)
    assert fits(block, box)
    return [len(line.glyphs) for line in block.lines]


@given(
    st.text(st.sampled_from("ab  \u00a0.-:…ضتكلم ًِّ漢1"), min_size=1, max_size=300).filter(
        lambda text: amiri().draws(text)
    ),
    st.integers(0, 1),
)
@settings(max_examples=40)
def test_any_text_fits(text: str, base: int) -> None:
    assert fits(fit_text(amiri(), text, base, BOX), BOX)


@pytest.mark.parametrize(
    "text", ["سيف " * 2500, "س" * 10_000, "w" * 10_000, "a\u0301" * 5000, "\u064e" * 10_000]
)
def test_a_text_of_ten_thousand_characters_is_cut(text: str) -> None:
    block = fit_text(amiri(), text, 1, BOX)
    assert fits(block, BOX)
    assert sum(len(line.glyphs) for line in block.lines) < 600


def test_what_is_cut_ends_in_an_ellipsis_and_what_is_not_does_not() -> None:
    ellipsis = amiri().shape("…", 0).glyphs[0].number
    cut = fit_text(amiri(), "word, " * 200, 0, BOX)
    assert cut.size == BOX.smallest
    assert cut.lines[-1].glyphs[-1].number == ellipsis
    comma = amiri().shape(",", 0).glyphs[0].number
    assert cut.lines[-1].glyphs[-2].number != comma
    whole = fit_text(amiri(), "word " * 40, 0, BOX)
    assert all(glyph.number != ellipsis for line in whole.lines for glyph in line.glyphs)


def test_a_short_text_is_as_large_as_can_be_and_a_longer_one_smaller() -> None:
    sizes = [fit_text(amiri(), "كتاب " * n, 1, BOX).size for n in (1, 4, 16, 40)]
    assert sizes[0] == 300
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 4


def test_lines_are_of_about_one_length() -> None:
    block = fit_text(amiri(), "The Thousand and One Nights of the city", 0, TextBox(1300, 600, 210, 64))
    widths = [line.width for line in block.lines]
    assert len(widths) > 1
    assert min(widths) > 0.6 * max(widths)


def test_a_line_breaks_at_spaces_only_but_in_chinese_anywhere() -> None:
    plain = FontStack([tiny_font("ab漢字。…")], "ar")
    box = TextBox(400, 900, 200, 200)
    assert lines("aaaa bbbb", lettering=plain, box=box) == [4, 4]
    assert lines("aaaa\u00a0b b", lettering=plain, box=box)[0] > 4
    assert sum(lines("漢字漢字漢字漢字", lettering=plain, box=box)) == 8
    assert len(lines("漢字漢字漢字漢字", lettering=plain, box=box)) > 1
    for count in lines("漢字漢字漢字漢。字", lettering=plain, box=box):
        assert count > 1  # no line is a full stop


def test_punctuation_behind_a_space_stays_in_its_line() -> None:
    colon = amiri().shape(":", 0).glyphs[0].number
    dash = amiri().shape("–", 0).glyphs[0].number
    for text in ("Les Misérables : un été à l’Île-d’Yeu", "Storms – a tale of two houses by the sea"):
        block = fit_text(amiri(), text, 0, BOX)
        assert len(block.lines) > 1
        assert all(line.glyphs[0].number not in (colon, dash) for line in block.lines)


def test_lines_do_not_touch() -> None:
    block = fit_text(amiri(), "حِكَايَاتُ الْحَكَوَاتِيِّ فِي الْقَاهِرَةِ وَدِمَشْقَ", 1, BOX)
    assert len(block.lines) > 1
    for above, below in pairwise(block.lines):
        assert (above.fall + below.rise) * block.size < block.pitch


def test_a_single_line_too_high_for_its_box_is_made_smaller() -> None:
    box = TextBox(1300, 40, 300, 64)
    block = fit_text(amiri(), "كتاب", 1, box)
    assert fits(block, box)
    assert block.size < 64
