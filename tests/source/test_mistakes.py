"""A book with a mistake in each place a mistake can be made: `mistakes/CASE/`, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hakawati.errors import BookError
from hakawati.source.folder import read_book

CASES = sorted((Path(__file__).parent.parent / "mistakes").iterdir())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_says_what_is_wrong_and_where_and_what_to_do(case: Path) -> None:
    with pytest.raises(BookError) as raised:
        read_book(case)
    assert f"{raised.value}\n" == (case / "expected.txt").read_text(encoding="utf-8")
