from __future__ import annotations

import pytest

from hakawati.common.wording import count, format_tenths, format_time


@pytest.mark.parametrize(("number", "text"), [(0, "0 notices"), (1, "1 notice"), (2, "2 notices")])
def test_one_thing_is_no_plural(number: int, text: str) -> None:
    assert count(number, "notice") == text


@pytest.mark.parametrize(
    ("seconds", "whole", "tenths"),
    [
        (0, "0:00", "0:00.0"),
        (0.96, "0:01", "0:01.0"),
        (59.94, "1:00", "0:59.9"),
        (59.96, "1:00", "1:00.0"),
        (123.44, "2:03", "2:03.4"),
        (3599.96, "1:00:00", "1:00:00.0"),
        (3723.4, "1:02:03", "1:02:03.4"),
        (360_000, "100:00:00", "100:00:00.0"),
    ],
)
def test_a_time_is_what_a_player_shows(seconds: float, whole: str, tenths: str) -> None:
    assert format_time(seconds) == whole
    assert format_tenths(seconds) == tenths
