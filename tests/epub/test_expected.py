"""Three golden books are, to the letter, what was committed of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import expected
from tests.goldens import Shelf


@pytest.mark.parametrize("book", expected.BOOKS)
def test_a_book_becomes_what_was_committed(book: str, shelf: Shelf) -> None:
    made, wanted = expected.documents(shelf[expected.BOOKS[book]]), expected.expected(book)
    assert sorted(made) == sorted(wanted), expected.RENEW
    for name, text in wanted.items():
        assert made[name].splitlines() == text.splitlines(), f"{name}: {expected.RENEW}"
    assert made == wanted


def test_what_is_committed_can_be_written_again(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed = {book: expected.expected(book) for book in expected.BOOKS}
    monkeypatch.setattr(expected, "FOLDER", tmp_path)
    stray = tmp_path / "workbook" / "EPUB" / "text" / "99-gone.xhtml"
    stray.parent.mkdir(parents=True)
    stray.write_text("from a chapter that is no more")
    expected.renew(shelf)
    assert {book: expected.expected(book) for book in expected.BOOKS} == committed
