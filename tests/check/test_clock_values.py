from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.check.clock_values import parse_clock_value
from hakawati.common.wording import format_tenths


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        # the examples of SMIL 3.0 and EPUB 3.3
        ("5:34:31.396", 20071.396),
        ("124:59:36", 449976),
        ("0:05:01.2", 301.2),
        ("0:00:04", 4),
        ("09:58", 598),
        ("00:56.78", 56.78),
        ("76.2s", 76.2),
        ("7.75h", 27900),
        ("13min", 780),
        ("2345ms", 2.345),
        ("12.345", 12.345),
        (" 59.606s ", 59.606),
        ("npt=1.5s", 1.5),
        (".5s", 0.5),
    ],
)
def test_every_form_of_a_clock_value_is_understood(written: str, meant: float) -> None:
    assert parse_clock_value(written) == pytest.approx(meant)


@pytest.mark.parametrize(
    "written", ["", "soon", "-1s", "1:60:00", "1:2:3:4", "1e3s", "nan", "inf", "١٢s", "5 s", "1m", "9" * 400]
)
def test_what_is_no_clock_value_is_none(written: str) -> None:
    assert parse_clock_value(written) is None


@given(st.text())
def test_any_text_is_a_time_or_none(text: str) -> None:
    found = parse_clock_value(text)
    assert found is None or found >= 0


@given(st.integers(0, 10**6))
def test_a_time_is_told_as_a_player_shows_it(tenths: int) -> None:
    assert parse_clock_value(format_tenths(tenths / 10)) == pytest.approx(tenths / 10)
