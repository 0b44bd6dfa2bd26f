from __future__ import annotations

from dataclasses import replace

import pytest

import hakawati
from hakawati.model import Edition, Layout, Order
from hakawati.web.layouts import layouts
from tests.goldens import BOOKS

EDITION = hakawati.load(BOOKS / "workbook").edition


def edition(layout: Layout, heard: tuple[str, ...], order: Order = "block", *, pair: bool = False) -> Edition:
    narration = replace(EDITION.narration, languages=heard, order=order, pair=pair)
    metadata = replace(EDITION.metadata, languages=("ar", "en"))
    return replace(EDITION, layout=layout, narration=narration, metadata=metadata)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            edition("interleaved", ("ar",)),
            ["interleaved", "sentences", "facing", "popup", "original"],
        ),
        (edition("original", ("ar",)), ["original", "interleaved", "sentences", "facing", "popup"]),
        (edition("popup", ("ar",)), ["popup", "interleaved", "sentences", "facing", "original"]),
        (edition("interleaved", ("ar", "en")), ["interleaved", "facing"]),
        (edition("sentences", ("ar", "en"), "sentence"), ["sentences", "facing"]),
        (edition("facing", ("ar", "en"), "sentence"), ["facing", "sentences"]),
        (edition("facing", ("ar", "en"), "chapter"), ["facing", "interleaved"]),
        (edition("interleaved", ("en",)), ["interleaved", "facing"]),
        (edition("sentences", ("ar",), "sentence", pair=True), ["sentences", "facing"]),
    ],
)
def test_a_layout_is_there_where_all_that_is_heard_can_be_seen_in_its_order(
    given: Edition, expected: list[str]
) -> None:
    assert list(layouts(given)) == expected


def test_a_book_in_one_language_has_one_layout() -> None:
    alone = replace(EDITION, metadata=replace(EDITION.metadata, languages=("ar",)), layout="interleaved")
    assert list(layouts(alone)) == ["interleaved"]


def test_the_order_of_the_page_changes_only_where_one_language_is_heard() -> None:
    heard = layouts(edition("interleaved", ("ar",)))
    assert {name: found.narration.order for name, found in heard.items()} == {
        "interleaved": "block",
        "sentences": "sentence",
        "facing": "block",
        "popup": "block",
        "original": "block",
    }
    both = layouts(edition("facing", ("ar", "en"), "chapter"))
    assert {found.narration.order for found in both.values()} == {"chapter"}
