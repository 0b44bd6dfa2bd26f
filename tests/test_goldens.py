"""The golden books are what they are said to be."""

from __future__ import annotations

from itertools import combinations, product

from tests.goldens import CHOICES, PAIRS, VARIANTS, Shelf, can_be

TOGETHER = ("layout", "narration.languages", "narration.order", "sync", "narration.pair")
"""The keys of which some contradict others, as `can_be` reads them."""


def test_every_two_choices_that_go_together_are_in_one_variant() -> None:
    rows = [dict(zip(TOGETHER, row, strict=True)) for row in product(*(CHOICES[k] for k in TOGETHER))]
    possible = [row for row in rows if can_be(row)]
    wanted = {
        ((a, x), (b, y))
        for a, b in combinations(CHOICES, 2)
        for x, y in product(CHOICES[a], CHOICES[b])
        if any(row.get(a, x) == x and row.get(b, y) == y for row in possible)
    }
    made = [dict(change.split("=", maxsplit=1) for change in variant.changes) for variant in PAIRS]
    assert all(can_be(choices) for choices in made)
    found = {pair for choices in made for pair in combinations(choices.items(), 2)}
    assert wanted - found == set()
    assert len(wanted) > 450


def test_no_two_variants_are_the_same_book(shelf: Shelf) -> None:
    """What is built and tested twice takes its time and finds nothing."""
    same: dict[bytes, list[str]] = {}
    for variant in VARIANTS:
        same.setdefault(shelf[variant].epub.read_bytes(), []).append(str(variant))
    assert [variants for variants in same.values() if len(variants) > 1] == []
