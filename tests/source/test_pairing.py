from __future__ import annotations

import pytest

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
    return pair("01-a", versions, term_finder(terms), pronunciations(say or {}))


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
    found = sentences(chapter("أ ب.[^x] ج.\n\n[^x]: د."))[1:3]
    assert [(s.text, [(m.begin, m.target) for m in s.marks]) for s in found] == [
        ("أ ب.", [(4, "n1")]),
        ("ج.", []),
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
    read, _, _ = pair(name, {"ar": read_chapter("# T", "p")}, term_finder([]), pronunciations({}))
    assert (read.name, read.role) == (name, role)
