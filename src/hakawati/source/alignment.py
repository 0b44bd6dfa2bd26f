"""Which sentences of a text and of its translations say the same."""

from __future__ import annotations

from collections.abc import Sequence


def together(lengths: Sequence[Sequence[int]]) -> tuple[tuple[tuple[int, int], ...], ...] | None:
    """Groups of sentences by their order: for each a range in every language, or None where counts differ.

    `lengths`: for each language, the original first, its sentences' lengths in characters.
    """
    counts = {len(sentences) for sentences in lengths}
    if len(counts) > 1:
        return None
    return tuple(tuple((i, i + 1) for _ in lengths) for i in range(max(counts, default=0)))
