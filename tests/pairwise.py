"""Few rows in which every two choices stand together that can: pairwise tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, product

Row = Mapping[str, str]
Pair = frozenset[tuple[str, str]]


def possible_pairs(choices: Mapping[str, Sequence[str]], can_be: Callable[[Row], bool]) -> Iterator[Pair]:
    """Every two choices that a row can have. `can_be` is true of a part of a row that can be a row's."""
    for a, b in combinations(choices, 2):
        for x, y in product(choices[a], choices[b]):
            if completed({a: x, b: y}, choices, can_be, lambda _: 0):
                yield frozenset({(a, x), (b, y)})


def pairwise_rows(choices: Mapping[str, Sequence[str]], can_be: Callable[[Row], bool]) -> Iterator[Row]:
    """Rows that hold every possible pair: each begins with a missing one, and takes along what it can."""
    missing = dict.fromkeys(possible_pairs(choices, can_be))
    while missing:

        def gain(row: Row) -> int:
            return sum(frozenset(pair) in missing for pair in combinations(row.items(), 2))

        row = completed(dict(next(iter(missing))), choices, can_be, gain)
        assert row is not None
        for pair in combinations(row.items(), 2):
            missing.pop(frozenset(pair), None)
        yield row


def completed(
    row: Row,
    choices: Mapping[str, Sequence[str]],
    can_be: Callable[[Row], bool],
    gain: Callable[[Row], int],
) -> Row | None:
    """The row with a choice for every key, each the best by `gain` that leads to a whole row, or None."""
    if not can_be(row):
        return None
    left = [key for key in choices if key not in row]
    if not left:
        return {key: row[key] for key in choices}
    tried = [{**row, left[0]: value} for value in choices[left[0]]]
    for better in sorted(tried, key=gain, reverse=True):
        if whole := completed(better, choices, can_be, gain):
            return whole
    return None
