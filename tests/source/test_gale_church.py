"""Which sentences say the same: a table of texts with their translations, and what holds for any lengths."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hakawati.source import sentences
from hakawati.source.gale_church import Bead, Group, beads, expansion, length, together
from tests.goldens import ROOT

TABLE = ROOT / "tests" / "data" / "beads.tsv"


@dataclass(frozen=True)
class Translated:
    """A block of the table: its sentences by bead and language."""

    name: str
    languages: tuple[str, ...]
    known: str
    """~: paired more coarsely than here; ?: paired wrongly; or empty."""
    rows: tuple[tuple[tuple[str, ...], ...], ...]

    def sentences(self, language: int) -> list[str]:
        return [sentence for row in self.rows for sentence in row[language]]

    def lengths(self, language: int) -> list[int]:
        return [length(sentence) for sentence in self.sentences(language)]

    def groups(self) -> tuple[Group, ...]:
        ends = [
            list(accumulate((len(row[i]) for row in self.rows), initial=0))
            for i in range(len(self.languages))
        ]
        return tuple(tuple(zip(begin, end, strict=True)) for begin, end in pairwise(zip(*ends, strict=True)))


def table() -> Iterator[Translated]:
    text = "\n".join(line for line in TABLE.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
    for block in text.strip().split("\n\n"):
        head, *lines = block.splitlines()
        equals, name, *languages = head.split(" ")
        assert equals == "="
        known = languages.pop() if languages[-1] in "~?" else ""
        rows = tuple(tuple(tuple(cell.split(" | ")) for cell in line.split("\t")) for line in lines)
        assert {len(row) for row in rows} == {len(languages)}, name
        yield Translated(name, tuple(languages), known, rows)


BLOCKS = list(table())
PAIRS = [block for block in BLOCKS if len(block.languages) == 2]
ARABIC_ENGLISH = {block.name: block for block in PAIRS if block.languages == ("ar", "en")}
FACTOR = 1.4
"""By which the English of the table is longer than its Arabic."""

LENGTHS = st.lists(st.integers(1, 300), min_size=1, max_size=14)
FACTORS = st.none() | st.floats(0.3, 3)


def cuts(groups: Sequence[Group] | None) -> set[tuple[int, ...]]:
    """Where a group begins in every language, but for the first."""
    return {tuple(begin for begin, _ in group) for group in (groups or ())[1:]}


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_a_text_of_the_table_is_divided_as_a_book_would_be(block: Translated) -> None:
    for i, language in enumerate(block.languages):
        text = " ".join(block.sentences(i))
        assert [text[a:b] for a, b in sentences.split(text, language)] == block.sentences(i)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_finds_the_sentences_that_say_the_same(block: Translated) -> None:
    found = together([block.lengths(i) for i in range(len(block.languages))])
    if not block.known:
        assert found == block.groups()
    elif block.known == "~":
        assert cuts(found) < cuts(block.groups())
    else:
        assert cuts(found) - cuts(block.groups()), "it is paired rightly now: mend the table"


def test_the_table_is_large() -> None:
    assert len([b for b in ARABIC_ENGLISH.values() if not b.known]) >= 40
    assert len([b for b in BLOCKS if "fr" in b.languages and not b.known]) >= 9
    assert len({b.name for b in BLOCKS}) == len(BLOCKS)
    shapes = {(b - a, d - c) for block in PAIRS for (a, b), (c, d) in block.groups()}
    assert shapes >= {(1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1)}


def test_most_cuts_of_the_whole_table_are_right_and_most_are_made() -> None:
    found = [(cuts(beads(b.lengths(0), b.lengths(1))), cuts(b.groups())) for b in PAIRS]
    right = sum(len(made & true) for made, true in found)
    assert right / sum(len(made) for made, _ in found) > 0.88
    assert right / sum(len(true) for _, true in found) > 0.88


def test_the_factor_of_the_table_is_the_one_that_is_used_here() -> None:
    blocks = ARABIC_ENGLISH.values()
    found = expansion([sum(b.lengths(0)) for b in blocks], [sum(b.lengths(1)) for b in blocks])
    assert found == pytest.approx(FACTOR, abs=0.02)


def test_a_factor_that_fits_changes_nothing() -> None:
    for block in ARABIC_ENGLISH.values():
        assert beads(block.lengths(0), block.lengths(1), FACTOR) == beads(block.lengths(0), block.lengths(1))


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("lighthouse", 3),
        ("grandfather", 1),
        ("river-flood", 1),
        ("library-fire", 3),
        ("bees", 1),
        ("coffee", 0),
        ("court", 1),
        ("carpenter", 1),
        ("vaccination", 4),
        ("algebra", 3),
        ("swimming", 1),
        ("radio", 1),
        ("translator", 1),
    ],
)
def test_a_block_whose_translation_lacks_a_long_sentence_cannot_be_paired(name: str, missing: int) -> None:
    ours, theirs = ARABIC_ENGLISH[name].lengths(0), ARABIC_ENGLISH[name].lengths(1)
    assert beads(ours, theirs, FACTOR) is not None
    assert beads(ours, theirs[:missing] + theirs[missing + 1 :], FACTOR) is None
    assert beads(theirs[:missing] + theirs[missing + 1 :], ours, 1 / FACTOR) is None
    assert together([ours, theirs, theirs[:missing] + theirs[missing + 1 :]], [FACTOR, FACTOR]) is None


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("market", "lighthouse"),
        ("grandfather", "caravanserai"),
        ("letter", "market"),
        ("coffee", "market"),
        ("court", "apartment"),
        ("swimming", "caravanserai"),
        ("order-kept", "radio"),
        ("expedition", "chess"),
    ],
)
def test_a_block_beside_the_translation_of_another_cannot_be_paired(name: str, other: str) -> None:
    assert beads(ARABIC_ENGLISH[name].lengths(0), ARABIC_ENGLISH[other].lengths(1), FACTOR) is None


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ([60, 60], []),
        ([], [60]),
        ([60, 60], [11] * 11),  # more than five sentences to one
        ([20] * 12 + [300] * 12, [300] * 12 + [20] * 12),
        ([1] * 1000 + [1000] * 1000, [1000] * 1000 + [1] * 1000),
    ],
)
def test_lengths_that_have_nothing_in_common_cannot_be_paired(ours: list[int], theirs: list[int]) -> None:
    assert beads(ours, theirs) is None


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ([], [], []),
        ([50], [50], [((0, 1), (0, 1))]),
        ([50], [9, 1, 40, 30, 20, 9, 9], [((0, 1), (0, 7))]),
        ([9, 1, 40], [50], [((0, 3), (0, 1))]),
        ([50, 20], [20, 30, 20], [((0, 1), (0, 2)), ((1, 2), (2, 3))]),
        ([20, 70, 20], [22, 24, 21, 25, 22], [((0, 1), (0, 1)), ((1, 2), (1, 4)), ((2, 3), (4, 5))]),
        # Which of three equal sentences is one with its neighbour no one can tell.
        ([50, 50, 50], [75, 75], [((0, 3), (0, 2))]),
        # The order is kept where lengths differ as those of translations do …
        ([40, 60, 80], [60, 45, 90], [((0, 1), (0, 1)), ((1, 2), (1, 2)), ((2, 3), (2, 3))]),
        # … and given up where that cannot be.
        ([40, 40, 80], [80, 40, 40], [((0, 2), (0, 1)), ((2, 3), (1, 3))]),
        ([0, 0], [0, 0], [((0, 1), (0, 1)), ((1, 2), (1, 2))]),
    ],
)
def test_small_blocks(ours: list[int], theirs: list[int], expected: list[Bead]) -> None:
    assert beads(ours, theirs) == expected


def tiles(ranges: Sequence[tuple[int, int]], count: int) -> bool:
    return [begin for begin, _ in ranges] + [count] == [0] + [end for _, end in ranges] and all(
        begin < end for begin, end in ranges
    )


@given(LENGTHS, LENGTHS, FACTORS)
@example([1] * 14, [300] * 14, None)
@example([300, 1] * 7, [1, 300] * 7, 1.0)
def test_beads_tile_both_sides_in_order(ours: list[int], theirs: list[int], factor: float | None) -> None:
    found = beads(ours, theirs, factor)
    if found is not None:
        assert tiles([bead[0] for bead in found], len(ours))
        assert tiles([bead[1] for bead in found], len(theirs))
    assert found == beads(tuple(ours), tuple(theirs), factor)


@given(LENGTHS, LENGTHS, FACTORS)
def test_the_languages_can_change_places(ours: list[int], theirs: list[int], factor: float | None) -> None:
    swapped = beads(theirs, ours, factor and 1 / factor)
    assert beads(ours, theirs, factor) == (swapped and [(a, b) for b, a in swapped])


@given(LENGTHS, LENGTHS)
def test_a_block_can_be_read_from_its_end(ours: list[int], theirs: list[int]) -> None:
    found, back = beads(ours, theirs), beads(ours[::-1], theirs[::-1])
    assert cuts(found) == {(len(ours) - i, len(theirs) - j) for i, j in cuts(back)}


@given(LENGTHS, st.integers(1, 4))
def test_a_text_pairs_with_itself_by_order(ours: list[int], times: int) -> None:
    order = [((i, i + 1), (i, i + 1)) for i in range(len(ours))]
    assert beads(ours, ours) == order
    assert beads(ours, [times * one for one in ours]) == order
    assert beads(ours, [times * one for one in ours], float(times)) == order


@given(st.lists(LENGTHS, min_size=1, max_size=4), st.data())
def test_groups_tile_every_language_and_are_as_fine_as_they_can_be(
    languages: list[list[int]], data: st.DataObject
) -> None:
    factors = [data.draw(FACTORS) for _ in languages[1:]]
    found = together(languages, factors)
    pairs = [beads(languages[0], theirs, f) for theirs, f in zip(languages[1:], factors, strict=True)]
    if found is None:
        assert None in pairs
        return
    assert all(tiles([group[i] for group in found], len(one)) for i, one in enumerate(languages))
    ends = [{end for (_, end), _ in pair or ()} for pair in pairs]
    assert {group[0][1] for group in found} == set.intersection(set(range(1, len(languages[0]) + 1)), *ends)


def test_without_a_translation_each_sentence_stands_alone() -> None:
    assert together([[5, 90, 30]]) == (((0, 1),), ((1, 2),), ((2, 3),))
    assert together([[]]) == ()


def test_a_language_without_a_text_cannot_be_paired() -> None:
    assert together([[50, 50], [50, 50], []]) is None
    assert together([[], [], []]) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("قلم جاف", 6),
        ("قَلَمٌ جَافٌّ", 6),
        ("قـــلم\u200f جاف", 6),
        ("cafe\u0301 au lait,", 11),
        ("سطر\nآخر.", 7),
    ],
)
def test_vowel_marks_and_white_space_make_no_sentence_longer(text: str, expected: int) -> None:
    assert length(text) == expected


def test_a_block_that_lacks_half_of_its_translation_does_not_move_the_factor() -> None:
    assert expansion([100, 100, 100], [120, 60, 122]) == 1.2
    assert expansion([100, 10, 10], [130, 90, 90]) == 1.3


def test_there_is_no_factor_where_nothing_can_be_compared() -> None:
    assert expansion([], []) is None
    assert expansion([0, 5], [5, 0]) is None


@settings(deadline=None)
@given(st.permutations(range(5)))
def test_the_factor_does_not_depend_on_the_order_of_the_blocks(order: list[int]) -> None:
    blocks = [(100, 130), (80, 90), (20, 40), (55, 70), (100, 111)]
    ours, theirs = zip(*(blocks[i] for i in order), strict=True)
    assert expansion(ours, theirs) == expansion(*zip(*blocks, strict=True))


def long_block(pairs: int) -> tuple[list[int], list[int], set[tuple[int, ...]]]:
    """Lengths of sentences of which many are joined on either side, and the cuts between beads."""
    ours: list[int] = []
    theirs: list[int] = []
    true: set[tuple[int, ...]] = set()
    for i in range(pairs):
        one, other = 30 + 37 * i % 90, 36 + 37 * i % 90 + 11 * i % 13
        if i % 10 == 3:
            ours[-1] += one
            theirs.append(other)
        elif i % 9 == 5:
            ours.append(one)
            theirs[-1] += other
        else:
            if ours:
                true.add((len(ours), len(theirs)))
            ours.append(one)
            theirs.append(other)
    return ours, theirs, true


@pytest.mark.parametrize(("pairs", "seconds"), [(250, 5.0), (2500, 40.0)])
def test_the_time_grows_with_the_length_of_a_block_and_not_with_its_square(
    pairs: int, seconds: float
) -> None:
    ours, theirs, true = long_block(pairs)
    begin = time.process_time()
    found = cuts(beads(ours, theirs))
    assert time.process_time() - begin < seconds
    assert len(found & true) > 0.95 * len(true)
    assert len(found & true) > 0.95 * len(found)
