from __future__ import annotations

from collections.abc import Sequence

import pytest

from hakawati.model import (
    Block,
    BlockKind,
    Chapter,
    Narration,
    Note,
    NotesReading,
    Order,
    Pauses,
    Place,
    Sentence,
    Text,
)
from hakawati.narration.reading_order import reading_order
from tests.narration.making import sentence

PLACE = Place("book/ar/01.md", 1)
PAUSES = Pauses(phrase=1, sentence=20, paragraph=300, heading=4000)


def text(lang: str, *says: str) -> Text:
    return Text(f"{lang}-{says[0]}", lang, f"book/{lang}/01.md", tuple(sentence(s, *s.split()) for s in says))


def block(kind: BlockKind, *texts: Text, children: Sequence[Block] = (), name: str = "b") -> Block:
    return Block(name, kind, PLACE, texts, tuple(children))


def told(
    *blocks: Block, notes: Sequence[Note] = (), reading: NotesReading = "none", languages: str = "ar"
) -> list[tuple[str, int]]:
    chapter = Chapter("01", "chapter", blocks, tuple(notes))
    cues = reading_order(chapter, Narration(tuple(languages.split()), reading, PAUSES))
    assert all(cue.sentence in cue.text.sentences for cue in cues)
    return [(cue.sentence.text, cue.pause) for cue in cues]


HEADING = block("heading", text("ar", "h"), text("en", "H"))
PARAGRAPH = block("paragraph", text("ar", "a", "b"), text("en", "A", "B", "C"), name="p")


def test_every_sentence_is_followed_by_the_pause_that_its_place_asks_for() -> None:
    assert told(HEADING, PARAGRAPH) == [("h", 4000), ("a", 20), ("b", 300)]


def test_each_block_is_read_in_one_language_then_in_the_next() -> None:
    assert told(HEADING, PARAGRAPH, languages="ar en") == [
        ("h", 4000), ("H", 4000), ("a", 20), ("b", 300), ("A", 20), ("B", 20), ("C", 300),
    ]  # fmt: skip
    assert [t for t, _ in told(PARAGRAPH, languages="en ar")] == ["A", "B", "C", "a", "b"]
    assert told(HEADING, languages="fr") == []


def test_containers_are_read_by_their_leaves_in_order() -> None:
    items = [block("item", children=[block("paragraph", text("ar", s))]) for s in "ab"]
    assert told(block("list", children=items), block("rule")) == [("a", 300), ("b", 300)]


def test_a_tables_cells_are_read_row_by_row() -> None:
    def cell(*says: str) -> Block:
        return block("cell", *(text(lang, said) for lang, said in zip(("ar", "en"), says, strict=False)))

    rows = [
        block("row", children=[cell("a", "A"), cell("b", "B")]),
        block("row", children=[cell("c"), cell()]),
        block("row", children=[cell(), cell()]),
        block("row", children=[cell("d", "D")]),
    ]
    table = block("table", children=rows)
    assert told(table) == [("a", 20), ("b", 300), ("c", 300), ("d", 300)]
    assert told(table, languages="ar en") == [
        ("a", 20), ("A", 20), ("b", 20), ("B", 300), ("c", 300), ("d", 20), ("D", 300),
    ]  # fmt: skip


def test_a_poem_is_read_half_by_half_and_verse_by_verse() -> None:
    verses = [block("verse", text("ar", "a", "b"), text("en", "A")), block("verse", text("ar", "c"))]
    poem = block("poem", children=[block("stanza", children=verses), block("stanza", children=verses[1:])])
    assert told(poem) == [("a", 20), ("b", 300), ("c", 300), ("c", 300)]
    assert told(poem, languages="ar en")[:3] == [("a", 20), ("b", 300), ("A", 300)]


def test_questions_are_read_and_their_answers_are_not() -> None:
    answer = block("answer", children=[block("paragraph", text("ar", "x"))])
    items = [
        block("item", children=[block("paragraph", text("ar", "a")), answer]),
        block("item", children=[block("paragraph", text("ar", "b"))]),
    ]
    assert told(block("questions", children=[block("list", children=items)])) == [("a", 300), ("b", 300)]


def test_a_sentence_without_a_word_is_not_read_and_leaves_the_pause_to_the_one_before() -> None:
    stars = Sentence("s", "* * *", 1, (), ())
    one = sentence("a", "a")
    blocks = [
        block("paragraph", Text("t", "ar", "f", (one, stars))),
        block("paragraph", Text("t", "ar", "f", (stars,))),
    ]
    assert told(*blocks) == [("a", 300)]


NOTES = [
    Note(
        "n1",
        1,
        "p",
        (block("paragraph", text("ar", "n", "o"), text("en", "N")), block("paragraph", text("ar", "m"))),
    ),
    Note("n2", 2, "other", (block("paragraph", text("ar", "q")),)),
]


@pytest.mark.parametrize(
    ("reading", "languages", "order"),
    [
        ("none", "ar", "h a b z"),
        ("end", "ar", "h a b z n o m q"),
        ("inline", "ar", "h a b n o m z q"),
        ("inline", "ar en", "h H a b A B C n o m N z q"),
    ],
)
def test_notes_are_read_where_the_author_wants_them(
    reading: NotesReading, languages: str, order: str
) -> None:
    last = block("paragraph", text("ar", "z"), name="other")
    said = told(HEADING, PARAGRAPH, last, notes=NOTES, reading=reading, languages=languages)
    assert [t for t, _ in said] == order.split()


def test_a_note_is_paced_like_paragraphs() -> None:
    assert told(PARAGRAPH, notes=NOTES[:1], reading="end")[2:] == [("n", 20), ("o", 300), ("m", 300)]


PAIRED = Block(
    "b",
    "paragraph",
    PLACE,
    (text("ar", "a", "b", "c"), text("en", "A", "B")),
    pairs=(((0, 1), (0, 1)), ((1, 3), (1, 2))),
)


def read(order: Order, *blocks: Block, pair: bool = False, languages: str = "ar en") -> list[tuple[str, int]]:
    chapter = Chapter("01", "chapter", blocks)
    narration = Narration(tuple(languages.split()), "none", PAUSES, order, pair, repeat=1.5)
    cues = reading_order(chapter, narration)
    assert {cue.repeat for cue in cues} == {1.5}
    return [(cue.sentence.text, cue.pause) for cue in cues]


def test_sentence_by_sentence_the_translation_follows_what_it_translates() -> None:
    assert read("sentence", HEADING, PAIRED) == [
        ("h", 20), ("H", 4000), ("a", 20), ("A", 20), ("b", 20), ("c", 20), ("B", 300),
    ]  # fmt: skip


def test_a_block_that_cannot_be_paired_is_read_as_a_whole() -> None:
    assert read("sentence", PARAGRAPH) == [("a", 20), ("b", 20), ("A", 20), ("B", 20), ("C", 300)]


def test_a_whole_chapter_is_read_in_one_language_then_in_the_next() -> None:
    assert read("chapter", HEADING, PAIRED) == [
        ("h", 4000), ("a", 20), ("b", 20), ("c", 300), ("H", 4000), ("A", 20), ("B", 300),
    ]  # fmt: skip


def test_inline_notes_of_a_chapter_in_two_passes_are_read_each_in_its_own() -> None:
    chapter = Chapter("01", "chapter", (PARAGRAPH,), (NOTES[0],))
    cues = reading_order(chapter, Narration(("ar", "en"), "inline", PAUSES, "chapter"))
    assert [cue.sentence.text for cue in cues] == ["a", "b", "n", "o", "m", "A", "B", "C", "N"]


def test_every_sentence_knows_the_element_that_it_stands_in() -> None:
    blocks = (Block("b1", "paragraph", PLACE, (Text("b1", "ar", "f", (sentence("z", "z"),)),)), PAIRED)
    ids = {
        order: [
            (cue.within, cue.pair)
            for cue in reading_order(
                Chapter("01", "chapter", blocks), Narration(("ar",), order=order, pair=True)
            )
        ]
        for order in ("sentence", "block")
    }
    assert ids["sentence"][0] == ids["block"][0] == ("b1", "")
    assert len({within for within, _ in ids["sentence"]}) == 3
    assert [pair for _, pair in ids["sentence"][1:]] == ["bp1-pair", "bp2-pair", "bp2-pair"]
    assert {pair for _, pair in ids["block"][1:]} == {"b-pair"}
