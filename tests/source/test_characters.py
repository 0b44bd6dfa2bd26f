from __future__ import annotations

import pytest

from hakawati.source.characters import faults


@pytest.mark.parametrize(
    "text", ["", "نصّ\tعادي\r\n", "\u2067نص\u2069 \u202aab\u202c", "a\u200f\u061cb", "😀\x85"]
)
def test_lets_pass_what_people_write(text: str) -> None:
    assert list(faults(text)) == []


@pytest.mark.parametrize(
    "character", ["\0", "\x0b", "\x0c", "\x1b", "\x7f", "\x9f", "\ud800", "\ufdd0", "\uffff"]
)
def test_finds_what_no_page_can_hold_and_its_line(character: str) -> None:
    found = [(line, message) for line, message, _ in faults(f"a\nb{character}")]
    assert found == [(1, f"the control character U+{ord(character):04X}")]


@pytest.mark.parametrize(
    "text",
    ["\u202ea", "\u2066a\nb\u2069", "\u2067a\u202c", "\u202a\u2067a\u202c\u2069", "a\u202b\u202ab\u202c"],
)
def test_finds_a_directional_control_that_its_line_does_not_close(text: str) -> None:
    message = "a directional control that is not closed in its line"
    assert [(line, said) for line, said, _ in faults(text)] == [(0, message)]


def test_stops_after_twenty_in_a_file_that_is_no_text() -> None:
    assert len(list(faults("\0" * 1000))) == 20
