from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.errors import Problem
from hakawati.model import Block, Chapter, Mark, Sentence
from hakawati.source.glossary import read_glossary, term_finder
from hakawati.source.markdown import read_chapter
from hakawati.source.matching import pronunciations
from hakawati.source.pairing import pair


def paired(
    original: str, translation: str | None = None, *, glossary: str = "", say: dict[str, str] | None = None
) -> tuple[Chapter, list[Problem], list[Problem]]:
    texts = {"ar": original} if translation is None else {"ar": original, "en": translation}
    versions = {lang: read_chapter(f"# T\n\n{text}", f"book/{lang}/01-a.md") for lang, text in texts.items()}
    assert [p for version in versions.values() for p in version.problems] == []
    terms = read_glossary(glossary, "book/glossary.yaml", ["ar", "en"])
    found = pair("01-a", versions, term_finder(terms), pronunciations(say or {}))
    return found.chapter, found.problems, found.notices


def chapter(original: str, *, glossary: str = "", say: dict[str, str] | None = None) -> Chapter:
    read, problems, notices = paired(original, glossary=glossary, say=say)
    assert (problems, notices) == ([], [])
    return read


def sentences(read: Chapter) -> list[Sentence]:
    return [sentence for text in read.texts() for sentence in text.sentences]


def marks(read: Chapter, kind: str) -> list[tuple[str, str, str]]:
    """(id of the sentence, what is marked, the mark's target)."""
    return [
        (s.id, s.text[m.begin : m.end], m.target) for s in sentences(read) for m in s.marks if m.kind == kind
    ]


def ids(block: Block) -> list[str]:
    return [block.id, *(i for child in block.children for i in ids(child))]


def said(problems: list[Problem]) -> list[str]:
    return [f"{problem.path}:{problem.line}: {problem.message}" for problem in problems]


def test_ids_come_from_position() -> None:
    read, problems, notices = paired(
        "جملة. أخرى[^x].\n\n- بند\n- > قول\n\n[^x]: شرح.\n",
        "One. Two[^x].\n\n- Item\n- > Saying\n\n[^x]: Note.\n",
    )
    assert (problems, notices) == ([], [])
    assert [ids(block) for block in read.blocks] == [
        ["b1"],
        ["b2"],
        ["b3", "b3-1", "b3-1-1", "b3-2", "b3-2-1", "b3-2-1-1"],
    ]
    assert [text.id for text in read.blocks[1].texts] == ["b2", "b2-en"]
    assert [s.id for text in read.blocks[1].texts for s in text.sentences] == [
        "b2s1",
        "b2s2",
        "b2s1-en",
        "b2s2-en",
    ]
    (note,) = read.notes
    assert (note.id, note.number, note.anchor, ids(note.blocks[0])) == ("n1", 1, "b2", ["n1-1"])
    assert [s.id for text in note.blocks[0].texts for s in text.sentences] == ["n1-1s1", "n1-1s1-en"]


def test_an_edit_leaves_the_ids_of_what_stands_before_it() -> None:
    before, after = chapter("أ.\n\nب.\n\nج."), chapter("أ.\n\nب.\n\nج. د.\n\nه.")
    assert [s.id for s in sentences(after)][:4] == [s.id for s in sentences(before)]


def test_sentences_know_their_line_and_the_space_after_them() -> None:
    read = chapter("جملة.\nثانية\nطويلة.  \nثالثة.")
    found = [(s.text, s.line, s.after) for s in sentences(read)[1:]]
    assert found == [("جملة.", 3, " "), ("ثانية طويلة.", 4, "\n"), ("ثالثة.", 6, "")]


def test_a_missing_translation_is_only_a_notice() -> None:
    read, problems, notices = paired("أ[^x].\n\n- ب\n\n---\n\n[^x]: ج.", "A.")
    assert problems == []
    assert said(notices) == [
        "book/ar/01-a.md:5: a list without its en translation",
        "book/ar/01-a.md:9: the note [^x] without its en translation",
    ]
    assert [[text.lang for text in block.texts] for block in read.blocks] == [
        ["ar", "en"],
        ["ar", "en"],
        [],
        [],
    ]


@pytest.mark.parametrize(
    ("original", "translation", "expected"),
    [
        ("أ.", "A.\n\nB.\n\nC.", "5: a paragraph that the original does not have"),
        ("- أ", "- A\n- B", "4: a list item that the original does not have"),
        ("أ.\n\nب.", "- A\n\nB.", "3: a list, where the original has a paragraph (book/ar/01-a.md:3)"),
        ("---", "![a](b.png)", "3: an image, where the original has a rule (book/ar/01-a.md:3)"),
        ("    أ", "> A", "3: a block quote, where the original has a code block (book/ar/01-a.md:3)"),
        (
            "|أ|ب|\n|-|-|\n|ج|د|",
            "|A|\n|-|\n|C|",
            "3: a table of 1 column, where the original has a table of 2 columns (book/ar/01-a.md:3)",
        ),
        ("|أ|\n|-|\n|ب|", "|A|\n|-|\n|B|\n|C|", "6: a table row that the original does not have"),
        ("|أ|ب|\n|-|-|\n|ج||", "|A|B|\n|-|-|\n|C|D|", "5: a table cell that the original does not have"),
        (
            "::: verse\nأ / ب\n:::",
            "A / B",
            "3: a paragraph, where the original has a poem (book/ar/01-a.md:3)",
        ),
        (
            "::: verse\nأ\n\nب\n:::",
            "::: verse\nA\n\nB\n\nC\n:::",
            "8: a stanza that the original does not have",
        ),
        (
            "::: verse\nأ / ب\n:::",
            "::: verse\nA\nB\n:::",
            "5: a verse that the original does not have",
        ),
        (
            "::: dialogue\nأ: ب\n\nج: د\n:::",
            "::: dialogue\nA: B\n\n(C)\n:::",
            "6: a paragraph, where the original has a turn of a dialogue (book/ar/01-a.md:6)",
        ),
        (
            "::: questions\n1. أ\n:::",
            "::: questions\n1. A\n   > B\n:::",
            "5: an answer that the original does not have",
        ),
        (
            "::: questions\n1. أ\n:::",
            "1. A",
            "3: a list, where the original has a list of questions (book/ar/01-a.md:3)",
        ),
        ("أ.", "A[^x].\n\n[^x]: N.", "3: the note [^x] is not in the original"),
        (
            "أ[^x].\n\n[^x]: ب.",
            "A[^x].\n\n[^x]: B.\n\n    C.",
            "7: a paragraph that the original does not have",
        ),
    ],
)
def test_what_does_not_pair_is_a_problem(original: str, translation: str, expected: str) -> None:
    assert said(paired(original, translation)[1]) == [f"book/en/01-a.md:{expected}"]


@pytest.mark.parametrize(
    ("original", "translation", "expected"),
    [
        ("|أ|\n|-|\n|ب|", "|A|\n|-|\n||", "5: a table cell without its en translation"),
        ("|أ|\n|-|\n|ب|\n|ج|", "|A|\n|-|\n|B|", "6: a table row without its en translation"),
        ("::: verse\nأ\nب\n:::", "::: verse\nA\n:::", "5: a verse without its en translation"),
        ("::: verse\nأ\n\nب\n:::", "::: verse\nA\n:::", "6: a stanza without its en translation"),
        (
            "::: dialogue\nأ: ب\nج: د\n:::",
            "::: dialogue\nA: B\n:::",
            "5: a turn of a dialogue without its en translation",
        ),
        (
            "::: questions\n1. أ\n   > ب\n:::",
            "::: questions\n1. A\n:::",
            "5: an answer without its en translation",
        ),
        ("::: verse\nأ\n:::", "", "3: a poem without its en translation"),
    ],
)
def test_what_of_a_block_is_not_translated_is_a_notice(
    original: str, translation: str, expected: str
) -> None:
    _, problems, notices = paired(original, translation)
    assert (problems, said(notices)) == ([], [f"book/ar/01-a.md:{expected}"])


def test_notes_are_numbered_by_their_first_reference() -> None:
    read = chapter("نص[^y]. ثم[^x] نص[^y].\n\n[^x]: شرح.\n\n[^y]: ه[^z].\n\n[^z]: و.")
    assert marks(read, "noteref") == [
        ("b2s1", "", "n1"),
        ("b2s2", "", "n2"),
        ("b2s2", "", "n1"),
        ("n1-1s1", "", "n3"),
    ]
    assert [(note.id, note.number, note.anchor) for note in read.notes] == [
        ("n1", 1, "b2"),
        ("n2", 2, "b2"),
        ("n3", 3, "b2"),
    ]


def test_a_note_reference_stays_with_the_sentence_it_follows() -> None:
    found = sentences(chapter("في باب.[^x] جار.\n\n[^x]: دار."))[1:3]
    assert [(s.text, [(m.begin, m.target) for m in s.marks]) for s in found] == [
        ("في باب.", [(7, "n1")]),
        ("جار.", []),
    ]


def test_a_paragraph_may_be_a_note_reference_alone() -> None:
    found = sentences(chapter("[^x]\n\n[^x]: د."))[1]
    assert (found.text, found.words, found.phrases, found.marks) == (
        "",
        (),
        (),
        (Mark("noteref", 0, 0, "n1"),),
    )


def test_links_a_term_where_it_first_stands_in_the_chapters_text() -> None:
    read = chapter(
        "## نهر\n\nأ[^x] والنهر ب. نهر.\n\n- ميل نهر\n\n[^x]: ميل.", glossary="- term: نهر\n- term: ميل"
    )
    assert [(where, what) for where, what, _ in marks(read, "term")] == [
        ("b3s1", "والنهر"),
        ("b4-1-1s1", "ميل"),
    ]


def test_links_no_term_in_a_translation() -> None:
    read, _, _ = paired("أ.", "Seine.", glossary="- term: Seine")
    assert marks(read, "term") == []


def test_marks_end_with_the_sentence_and_go_on_in_the_next() -> None:
    read = chapter("نص *ثان. نص* [ثالث. نص](http://x.y) رابع.")
    assert marks(read, "em") == [("b2s1", "ثان.", ""), ("b2s2", "نص", "")]
    assert marks(read, "link") == [("b2s2", "ثالث.", "http://x.y"), ("b2s3", "نص", "http://x.y")]


def test_words_with_a_pronunciation_are_marked_wherever_they_stand() -> None:
    read = chapter("## هتلر\n\nوهتلر ثم لهتلر.", say={"هتلر": "هِتْلَر"})
    assert marks(read, "say") == [
        ("b2s1", "هتلر", "هِتْلَر"),
        ("b3s1", "وهتلر", "وَهِتْلَر"),
        ("b3s1", "لهتلر", "لِهِتْلَر"),
    ]


def test_code_is_shown_and_never_read_aloud() -> None:
    found = sentences(chapter("```\nنهر. ب\n```", glossary="- term: نهر"))[1]
    assert (found.text, found.words, found.phrases, found.marks) == ("نهر. ب", (), (), ())


def test_a_figure_has_its_caption_as_text() -> None:
    figure, bare = chapter("![أ](b.png 'نص. ثان')\n\n![أ](b.png)").blocks[1:]
    assert (figure.image, figure.alt, [s.text for s in figure.texts[0].sentences]) == (
        "b.png",
        "أ",
        ["نص.", "ثان"],
    )
    assert bare.texts == ()


def test_a_figure_is_described_in_the_language_of_the_original() -> None:
    read, problems, notices = paired("![أ](./images/../b.png)", "![A](b.png 'Text.')")
    figure = read.blocks[1]
    assert (problems, notices) == ([], [])
    assert (figure.alt, [text.lang for text in figure.texts]) == ("أ", ["en"])


def test_a_figure_that_is_not_described_in_a_translation_is_a_notice() -> None:
    read, problems, notices = paired("![أ](b.png)", "![](b.png)")
    assert (problems, read.blocks[1].alt) == ([], "أ")
    assert said(notices) == ["book/en/01-a.md:3: the image b.png has no alternative text in en"]


def test_a_translation_shows_no_other_image() -> None:
    _, problems, _ = paired("![أ](b.png)", "![A](c.png)")
    assert said(problems) == [
        "book/en/01-a.md:3: the image c.png, where the original has the image b.png (book/ar/01-a.md:3)"
    ]


# Tables


TABLE = "| نهر | سنة[^x] |\n|:--|--:|\n| السين في نهر | 1944 |\n| | نهر |\n\n[^x]: ش"
RIVER = "| River | Year |\n|---|---|\n| The Seine | 1944 |\n| | River |"


def test_a_table_is_rows_of_cells_in_all_languages() -> None:
    table = chapter(TABLE).blocks[1]
    assert ids(table) == [
        "b2",
        "b2-1",
        "b2-1-1",
        "b2-1-2",
        "b2-2",
        "b2-2-1",
        "b2-2-2",
        "b2-3",
        "b2-3-1",
        "b2-3-2",
    ]
    cells = [[(cell.header, cell.align) for cell in row.children] for row in table.children]
    assert cells == [[(True, "left"), (True, "right")], *[[(False, "left"), (False, "right")]] * 2]
    read, problems, _ = paired(TABLE, RIVER)
    assert problems == []
    assert [[t.lang for t in cell.texts] for row in read.blocks[1].children for cell in row.children] == [
        *[["ar", "en"]] * 4,
        [],
        ["ar", "en"],
    ]


def test_cells_hold_terms_notes_and_pronunciations() -> None:
    read = chapter(TABLE, glossary="- term: نهر", say={"السين": "السَين"})
    assert [where for where, _, _ in marks(read, "term")] == ["b2-1-1s1"]
    assert marks(read, "noteref") == [("b2-1-2s1", "", "n1")]
    assert marks(read, "say") == [("b2-2-1s1", "السين", "السَين")]


# Poems


def test_each_half_of_a_verse_is_sentences_of_its_own() -> None:
    poem = chapter("::: verse\nفي باب. ج / د؟ ه[^x]\n\nو\n:::\n\n[^x]: ش").blocks[1]
    assert ids(poem) == ["b2", "b2-1", "b2-1-1", "b2-2", "b2-2-1"]
    found = [s for leaf in poem.leaves() for text in leaf.texts for s in text.sentences]
    assert [(s.id, s.text, s.after, s.line) for s in found] == [
        ("b2-1-1s1", "في باب.", " ", 4),
        ("b2-1-1s2", "ج", "\n", 4),
        ("b2-1-1s3", "د؟", " ", 4),
        ("b2-1-1s4", "ه", "", 4),
        ("b2-2-1s1", "و", "", 6),
    ]
    assert [s.id for s in found if s.marks] == ["b2-1-1s4"]


def test_a_translated_verse_may_have_one_half_or_two() -> None:
    read, problems, notices = paired("::: verse\nأ / ب\nج\n:::", "::: verse\nA\nC / D\n:::")
    assert (problems, notices) == ([], [])
    assert [[s.text for s in text.sentences] for text in read.texts()][2:] == [
        ["أ", "ب"],
        ["A"],
        ["ج"],
        ["C", "D"],
    ]


@given(
    st.lists(
        st.lists(st.sampled_from(["قال.", "نعم؟", "a", "Mr.", "“x.”", "و", "1.5"]), min_size=1).map(" ".join),
        min_size=1,
        max_size=2,
    )
)
def test_no_sentence_runs_over_the_middle_of_a_verse(halves: list[str]) -> None:
    text = chapter(f"::: verse\n{' / '.join(halves)}\n:::").blocks[1].children[0].children[0].texts[0]
    assert "".join(s.text + s.after for s in text.sentences) == "\n".join(halves)
    assert [s.text for s in text.sentences if "\n" in s.text] == []
    assert sum("\n" in s.after for s in text.sentences) == len(halves) - 1


# Dialogues


def test_the_first_sentence_of_a_turn_is_more_than_its_speaker() -> None:
    dialogue = chapter("::: dialogue\nكريم. الابن: نعم. لا.\n:::").blocks[1]
    (turn,) = dialogue.children
    assert [(s.text, s.marks) for s in turn.texts[0].sentences] == [
        ("كريم. الابن: نعم.", (Mark("speaker", 0, 12),)),
        ("لا.", ()),
    ]


def test_no_term_is_linked_in_a_speakers_name() -> None:
    read = chapter("::: dialogue\nنهر: أ نهر.\n\n(نهر)\n:::", glossary="- term: نهر", say={"نهر": "نَهْر"})
    assert [(s.id, m.begin) for s in sentences(read) for m in s.marks if m.kind == "term"] == [("b2-1s1", 7)]
    assert len(marks(read, "say")) == 3


def test_a_turn_has_the_voice_above_it_else_its_dialogues() -> None:
    read = chapter("{voice=a}\n::: dialogue\nx: y\n{voice=b}\nz: w\n:::")
    assert [text.voice for text in read.texts()] == ["", "a", "b"]


# Questions


def test_answers_are_no_leaves_of_their_questions() -> None:
    read, problems, notices = paired(
        "::: questions\n1. أ نهر؟\n   > نهر في ميل.\n2. ب؟\n:::",
        "::: questions\n1. A?\n   > In a mile.\n2. B?\n:::",
        glossary="- term: نهر\n- term: ميل",
    )
    assert (problems, notices) == ([], [])
    assert ids(read.blocks[1]) == [
        *("b2", "b2-1"),
        *("b2-1-1", "b2-1-1-1", "b2-1-1-2", "b2-1-1-2-1"),
        *("b2-1-2", "b2-1-2-1"),
    ]
    assert [leaf.id for leaf in read.blocks[1].leaves()] == ["b2-1-1-1", "b2-1-2-1"]
    assert [text.id for text in read.texts()][2:] == ["b2-1-1-1", "b2-1-1-1-en", "b2-1-2-1", "b2-1-2-1-en"]
    (answer,) = read.answers()
    assert (answer.id, answer.kind) == ("b2-1-1-2", "answer")
    assert [text.id for leaf in answer.leaves() for text in leaf.texts] == ["b2-1-1-2-1", "b2-1-1-2-1-en"]
    # What is not on the page is not what the glossary leads back to.
    assert marks(read, "term") == [("b2-1-1-1s1", "نهر", marks(read, "term")[0][2])]
    assert {
        m.kind for leaf in answer.leaves() for t in leaf.texts for s in t.sentences for m in s.marks
    } == set()


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("06-afterword", "afterword"),
        ("00_preface", "preface"),
        ("introduction", "introduction"),
        ("01-afterwords", "chapter"),
        ("01-uprising", "chapter"),
        ("1984", "chapter"),
    ],
)
def test_a_chapters_name_can_say_what_it_is(name: str, role: str) -> None:
    read = pair(name, {"ar": read_chapter("# T", "p")}, term_finder([]), pronunciations({})).chapter
    assert (read.name, read.role) == (name, role)
