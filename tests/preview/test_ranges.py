from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.preview.ranges import RangeNotSatisfiableError, part


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-", (0, 100)),
        ("bytes=40-49", (40, 50)),
        ("bytes=90-1000000", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-1000", (0, 100)),
        ("Bytes= 1-2 ", (1, 3)),
        ("", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("bytes=9-3", None),
        ("bytes=0-1,5-6", None),
        ("bytes=+1-2", None),
        ("bytes=1_0-2_0", None),
        ("bytes=٠-٩", None),
        ("bytes=--5", None),
        ("lines=0-1", None),
        ("bytes=0-99999999999999999999999999", None),
    ],
)
def test_a_range_is_understood_as_http_says(header: str, found: tuple[int, int] | None) -> None:
    assert part(header, 100) == found


@pytest.mark.parametrize(
    ("header", "size"), [("bytes=100-", 100), ("bytes=-0", 100), ("bytes=0-", 0), ("bytes=-5", 0)]
)
def test_a_range_past_the_end_cannot_be_had(header: str, size: int) -> None:
    with pytest.raises(RangeNotSatisfiableError):
        part(header, size)


@given(st.one_of(st.text(), st.from_regex(r"bytes=[0-9]*-[0-9]*", fullmatch=True)), st.integers(0, 10**6))
def test_whatever_is_asked_the_part_lies_in_the_file(header: str, size: int) -> None:
    try:
        found = part(header, size)
    except RangeNotSatisfiableError:
        return
    assert found is None or 0 <= found[0] < found[1] <= size
