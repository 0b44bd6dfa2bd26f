"""How well sentences are paired with their translations, by nothing but their lengths.

    python benchmarks/pair_sentences.py
    python benchmarks/pair_sentences.py ours.txt theirs.txt

Of this repository's book, or of two files whose n-th lines translate each other: their pairs are taken as
blocks of 2 to 12, and neighbours are joined on either side at random (always the same), so that it is known
which belong together. For each chance of joining: precision and recall of the beads that are found; how many
blocks were refused that were whole; and how many of those that a sentence was then taken from.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import hakawati
from hakawati.model import Block
from hakawati.source.gale_church import SPREAD, beads, expansion, length

ROUNDS = 40
Pair = tuple[int, int]


def book_pairs() -> Iterator[Pair]:
    """The lengths of the book's sentences and their translations; of a whole block where counts differ."""
    book = hakawati.load(Path(__file__).parent.parent)
    for chapter in book.chapters:
        tops: list[Block] = [*chapter.blocks, *(block for note in chapter.notes for block in note.blocks)]
        for text in (leaf.texts for top in tops for leaf in top.leaves() if len(leaf.texts) == 2):
            ours, theirs = ([length(sentence.text) for sentence in one.sentences] for one in text)
            yield from (
                zip(ours, theirs, strict=True) if len(ours) == len(theirs) else [(sum(ours), sum(theirs))]
            )


def joined(
    pairs: Sequence[Pair], chance: float, dice: random.Random
) -> tuple[list[int], list[int], set[Pair]]:
    """The sentences' lengths on either side, and where a bead ends."""
    ours, theirs, cuts = [pairs[0][0]], [pairs[0][1]], set()
    for one, other in pairs[1:]:
        here, there = dice.random() < chance, dice.random() < chance
        if not here and not there:
            cuts.add((len(ours), len(theirs)))
        ours[-1:] = [ours[-1] + one] if here else [ours[-1], one]
        theirs[-1:] = [theirs[-1] + other] if there else [theirs[-1], other]
    return ours, theirs, cuts | {(len(ours), len(theirs))}


def measure(pairs: Sequence[Pair], chance: float, rounds: int) -> str:
    dice = random.Random(rounds)
    factor = expansion(*zip(*pairs, strict=True))
    made = true = right = whole = refused = lacking = seen = 0
    for _ in range(rounds):
        begin = dice.randrange(4)
        while len(block := pairs[begin : begin + dice.randint(2, 12)]) > 1:
            begin += len(block)
            ours, theirs, cuts = joined(block, chance, dice)
            found = beads(ours, theirs, factor)
            whole += 1
            refused += found is None
            if found is not None:
                known = set(pairwise([(0, 0), *sorted(cuts)]))
                told = {((a, c), (b, d)) for (a, b), (c, d) in found}
                made, true, right = made + len(told), true + len(known), right + len(told & known)
            if len(theirs) > 2:
                lacking += 1
                del theirs[dice.randrange(len(theirs))]
                seen += beads(ours, theirs, factor) is None
    return (
        f"joined {chance:4.0%}: precision {right / made:.1%}, recall {right / true:.1%}; refused "
        f"{refused / whole:.2%} of {whole} whole blocks, {seen / lacking:.0%} of those that lack a sentence"
    )


def spread(pairs: Sequence[Pair]) -> float:
    """Gale and Church's s², on the scale that `SPREAD` is on."""
    scale = (sum(b for _, b in pairs) / sum(a for a, _ in pairs)) ** 0.5
    scaled = [(a * scale, b / scale) for a, b in pairs if a and b]
    return statistics.fmean(2 * (a - b) ** 2 / (a + b) for a, b in scaled)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="*", help="two texts, one sentence a line")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args()
    if len(given.files) not in (0, 2):
        parser.error("give two files, or none")
    if given.files:
        texts = [path.read_text(encoding="utf-8").splitlines() for path in given.files]
        pairs = [(length(a), length(b)) for a, b in zip(*texts, strict=True)]
    else:
        pairs = list(book_pairs())
    factor = expansion(*zip(*pairs, strict=True))
    print(f"{len(pairs)} pairs, factor {factor:.2f}, s² {spread(pairs):.2f} (taken to be {SPREAD})")
    for chance in (0.0, 0.05, 0.15, 0.25):
        print(measure(pairs, chance, given.rounds))
    long = (pairs * (2500 // len(pairs) + 1))[:2500]
    for count in (250, 2500):
        ours, theirs, _ = joined(long[:count], 0.1, random.Random(1))
        begin = time.process_time()
        beads(ours, theirs)
        print(f"{len(ours)} × {len(theirs)} sentences: {time.process_time() - begin:.2f} s")


if __name__ == "__main__":
    main()
