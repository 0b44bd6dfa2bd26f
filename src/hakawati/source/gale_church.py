"""Which sentences of a text and of its translations say the same, judged by their lengths.

After W. A. Gale and K. W. Church, “A program for aligning sentences in bilingual corpora”, Computational
Linguistics 19 (1993): long sentences are translated by long ones. So of all ways to divide a block of text
and its translation into beads (one sentence and one, one and two, two and one …) the likely ones are those
whose lengths agree. Where they take the likeliest way, the ways are summed here, each weighted by how likely
it is, and a cut between two beads is made if it stands in most of them. What is left undivided is a bead of
several sentences on both sides: coarse, but true.

Three rules decide, in this order:

1. A block cannot be paired if the lengths say, twenty to one (`WHOLE`), that a sentence has no partner.
2. Equal counts pair by order, unless one of its cuts has a chance of less than 1 in 10 (`ORDER`).
3. Else a cut is made where its chance is more than 6 in 10 (`SURE`).
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from itertools import accumulate, pairwise

Range = tuple[int, int]
"""A half-open range of sentences."""
Bead = tuple[Range, Range]
"""Sentences of the original, and those of the translation that say the same."""
Group = tuple[Range, ...]
"""The same with a range for each language."""
_Step = tuple[int, int, float]
_Sums = dict[tuple[int, int], float]

SPREAD = 3.3
"""Gale and Church's s²: the variance of the difference between the lengths of sentences that say the same,
for each character of their length, both brought to one scale. On 1,997 sentences of news, translated by
professionals from English: beside Arabic 2.8, German 1.9, Chinese 2.9; French beside Arabic 3.6. In this
repository's book 2.5. (Theirs, told from the lengths of paragraphs, is 6.8.)"""
JOIN = 0.12
"""Chance that one language goes on where the other ends a sentence. How often beads are 1-1, 1-2, 2-2 …
follows: one of p and q sentences has p + q − 2 such places, in any order."""
MOST_JOINED = 4
"""A bead has no more such places than these: it is 1-5 at most, 2-4, 3-3, 4-2 or 5-1."""
SURE = 0.6
"""More than one half, so that no two of the cuts that are made contradict each other. At 0.6, on the same
news with sentences joined at random, a third fewer cuts are wrong than at 0.5, and 1 in 100 is not made."""
ORDER = 0.1
"""Of 1,000 blocks of the news that do pair by order, it is given up in none (English) to six (French)."""
WHOLE = 0.05
"""Where the factor is known from a larger text, 1 in 200 whole blocks of the news is refused, and a third to
a half of those that lack a sentence."""
ALONE = 0.01
"""Chance that a sentence has no partner; Gale and Church counted 0.0099."""

_BEAM, _WIDEST = 30.0, 40
"""Of the pairs at one distance: how far behind the best one, and how many."""
_NEVER = -math.inf
_STEPS: Sequence[_Step] = tuple(
    (p, q, math.log(math.comb(p + q - 2, p - 1)) + (p + q - 2) * math.log(JOIN))
    for p in range(1, MOST_JOINED + 2)
    for q in range(1, MOST_JOINED + 3 - p)
)
"""Of each kind of bead: its sentences on either side, and the logarithm of its chance."""
_OMITTING: Sequence[_Step] = (*_STEPS, (1, 0, math.log(ALONE)), (0, 1, math.log(ALONE)))


def length(text: str) -> int:
    """Of a sentence, in characters; vowel marks, tatweel, white space and invisible controls do not count.

    With or without spaces and punctuation, lengths foretell each other equally well; words do half as well.
    """
    return sum(
        not (c.isspace() or c == "\u0640" or unicodedata.category(c) in ("Mn", "Cf"))
        for c in unicodedata.normalize("NFC", text)
    )


def expansion(ours: Sequence[int], theirs: Sequence[int]) -> float | None:
    """By which factor a translation is longer: the median of the blocks, weighted by their length.

    `ours`, `theirs`: the lengths of the blocks of, say, a chapter; the n-th translates the n-th. None if
    there is nothing to compare. A block that lacks a sentence does not move it much.
    """
    ratios = sorted((b / a, a) for a, b in zip(ours, theirs, strict=True) if a > 0 and b > 0)
    half = sum(a for _, a in ratios) / 2
    for (ratio, _), reached in zip(ratios, accumulate(a for _, a in ratios), strict=True):
        if reached >= half:
            return ratio
    return None


def beads(ours: Sequence[int], theirs: Sequence[int], factor: float | None = None) -> list[Bead] | None:
    """The sentences of one block in two languages that belong together; None if it cannot be paired.

    `ours`, `theirs`: the sentences' lengths. `factor`: their `expansion` in a larger text. Without it the
    block's own is taken, and then a sentence that lacks its partner hardly ever shows. The beads tile both
    sides, in order, and none has an empty side.
    """
    if not ours or not theirs:
        return None if ours or theirs else []
    n, m = len(ours), len(theirs)
    if n == 1 or m == 1:
        return [((0, n), (0, m))]
    scale = math.sqrt(factor or max(sum(theirs), 1) / max(sum(ours), 1))
    xs, ys = _positions(ours, scale), _positions(theirs, 1 / scale)
    onward = _sums(xs, ys, _STEPS)
    if (n, m) not in onward:
        return None
    total = onward[n, m]
    expected = (n + m) * math.log1p(-ALONE)  # of a block that is whole, before its lengths are looked at
    if total - _sums(xs, ys, _OMITTING)[n, m] < math.log(WHOLE) + expected:
        return None
    back = _sums_back(xs, ys, onward)
    chances = {
        at: math.exp(min(before + back[at] - total, 0.0)) for at, before in onward.items() if at in back
    }
    del chances[0, 0], chances[n, m]
    order = [(i, i) for i in range(1, n)]
    if n == m and all(chances.get(cut, 0.0) >= ORDER for cut in order):
        cuts = order
    else:
        cuts = sorted(cut for cut, chance in chances.items() if chance > SURE)
    return [((a, b), (c, d)) for (a, c), (b, d) in pairwise([(0, 0), *cuts, (n, m)])]


def together(
    languages: Sequence[Sequence[int]], factors: Sequence[float | None] = ()
) -> tuple[Group, ...] | None:
    """The sentences of a block that belong together in all its languages, the original's first.

    `languages`: of each, the sentences' lengths; `factors`: of each translation, its `expansion`, if known.
    The groups tile every language, and are as fine as the beads of all translations allow. None if one of
    them cannot be paired. Without a translation each sentence is a group.
    """
    ours, *translations = languages
    if not translations:
        return tuple(((i, i + 1),) for i in range(len(ours)))
    ends: list[dict[int, int]] = []
    for theirs, factor in zip(translations, factors or [None] * len(translations), strict=True):
        found = beads(ours, theirs, factor)
        if found is None:
            return None
        ends.append({a: b for (_, a), (_, b) in found})
    cuts = [(i, *(end[i] for end in ends)) for i in sorted(set.intersection(*map(set, ends)))]
    return tuple(
        tuple(zip(begin, end, strict=True)) for begin, end in pairwise([(0,) * len(languages), *cuts])
    )


def _positions(lengths: Sequence[int], scale: float) -> list[float]:
    """Where each sentence begins, and the last one ends."""
    return list(accumulate((max(one, 1) * scale for one in lengths), initial=0.0))


def _agree(x: float, y: float) -> float:
    """Logarithm of the normal density of the difference between the lengths of a bead's sides."""
    return -((x - y) ** 2) / (SPREAD * (x + y))


def _sums(xs: Sequence[float], ys: Sequence[float], steps: Sequence[_Step]) -> _Sums:
    """For pairs of positions: how likely it is to come there, as a logarithm.

    That is the sum over all ways to divide what lies before into beads, each weighted by its chance and by
    how well its lengths agree. Pairs are visited by their distance from the beginning, nearest first; those
    that are far less likely than another at the same distance are left out, or the time would grow with the
    square of the block's length.
    """
    n, m = len(xs) - 1, len(ys) - 1
    ways: list[dict[int, list[float]]] = [{} for _ in range(n + m + 1)]
    ways[0][0] = [0.0]
    sums: _Sums = {}
    for distance, waiting in enumerate(ways):
        there = {i: _added(logarithms) for i, logarithms in waiting.items()}
        best = sorted(there.values(), reverse=True)[:_WIDEST]
        least = max(best[-1], best[0] - _BEAM) if best else _NEVER
        for i, here in there.items():
            if here < least:
                continue
            j = distance - i
            sums[i, j] = here
            x, y = xs[i], ys[j]
            for p, q, weight in steps:
                if i + p <= n and j + q <= m:
                    fit = _agree(xs[i + p] - x, ys[j + q] - y) if p and q else 0.0
                    ways[distance + p + q].setdefault(i + p, []).append(here + weight + fit)
    return sums


def _sums_back(xs: Sequence[float], ys: Sequence[float], onward: _Sums) -> _Sums:
    """The same from the pairs of `onward` to the end, over no other pairs; those from where it is reached."""
    sums: _Sums = {(len(xs) - 1, len(ys) - 1): 0.0}
    for i, j in reversed(onward):
        ways = [
            sums[i + p, j + q] + weight + _agree(xs[i + p] - xs[i], ys[j + q] - ys[j])
            for p, q, weight in _STEPS
            if (i + p, j + q) in sums
        ]
        if ways:
            sums[i, j] = _added(ways)
    return sums


def _added(logarithms: Sequence[float]) -> float:
    best = max(logarithms)
    return best + math.log(math.fsum(math.exp(one - best) for one in logarithms))
