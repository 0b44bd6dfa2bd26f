"""Sentences as trees: the author's text and marks, and the parts that light up, whatever crosses whatever."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from markupsafe import Markup

from hakawati.epub.sentence_markup import part_id, render_sentence, shown_marks
from hakawati.model import Mark, MarkKind, Phrase, Sentence, Sync, Word
from tests.goldens import EPUB_TYPE, SYNCS, text_of, xpath

WORDS = st.sampled_from(["كلمة", "وَ", "a", "<b>", "&amp;", "]]>", "well-known", '"', "{{x}}", "😀"])
GAPS = st.sampled_from([" ", ", ", "، ", " — ", "\n", "-", " («", "» "])
COVERING: tuple[MarkKind, ...] = ("em", "strong", "code")


@st.composite
def sentences(draw: st.DrawFn) -> Sentence:
    """A sentence with marks at random: links do not overlap, nor do terms; all else may."""
    count = draw(st.integers(1, 9))
    pieces = [draw(st.sampled_from(["", "«", "… "]))]
    words: list[Word] = []
    for n in range(count):
        if n:
            pieces.append(draw(GAPS))
        begin = sum(map(len, pieces))
        pieces.append(draw(WORDS))
        words.append(Word(begin, begin + len(pieces[-1])))
    text = "".join([*pieces, draw(st.sampled_from(["", ".", "!»"]))])
    cuts = draw(st.sets(st.integers(1, count - 1))) if count > 1 else set()
    phrases = tuple(Phrase(a, b) for a, b in pairwise([0, *sorted(cuts), count]))
    marks: list[Mark] = []
    for kind in COVERING:
        marks += [Mark(kind, a, b) for a, b in draw(st.lists(ranges(len(text)), max_size=2)) if a < b]
    for kind, target in (("link", "https://example.org/?a=1&b=2"), ("term", "t")):
        edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)))
        found = list(zip(edges[::2], edges[1::2], strict=False))
        marks += [Mark("link" if kind == "link" else "term", a, b, f"{target}{a}") for a, b in found]
    marks += [Mark("noteref", n, n, f"n{n}") for n in draw(st.sets(st.integers(0, len(text)), max_size=3))]
    marks += [Mark("say", a, b, "said") for a, b in draw(st.lists(ranges(len(text)), max_size=1))]
    marks.sort(key=lambda m: (m.begin, -m.end))
    return Sentence("b1s1", text, 1, tuple(words), phrases, tuple(marks))


def ranges(length: int) -> st.SearchStrategy[tuple[int, int]]:
    edge = st.integers(0, length)
    return st.tuples(edge, edge).map(lambda pair: (min(pair), max(pair)))


def tags(mark: Mark) -> tuple[Markup, Markup]:
    if mark.kind == "noteref":
        return Markup('<a class="noteref"><sup>1</sup></a>'), Markup("")
    if mark.kind in ("link", "term"):
        return Markup('<a class="{}" href="{}">').format(mark.kind, mark.target), Markup("</a>")
    return Markup(f"<{mark.kind}>"), Markup(f"</{mark.kind}>")


def tree(sentence: Sentence, sync: Sync, narrated: bool = True) -> etree._Element:
    """The sentence as it is rendered; raises where it is not well-formed."""
    return etree.fromstring(str(render_sentence(sentence, sync, narrated, tags)))


def characters(root: etree._Element) -> list[tuple[str, frozenset[str]]]:
    """Each printed character with the names of the elements it stands in; a line break is a line feed."""
    found: list[tuple[str, frozenset[str]]] = []

    def walk(node: etree._Element, inside: frozenset[str]) -> None:
        if node.get("class") == "noteref":
            return
        if node.tag == "br":
            found.append(("\n", inside))
        within = inside | {str(node.get("class") if node.tag == "a" else node.tag)}
        found.extend((c, within) for c in node.text or "")
        for child in node:
            walk(child, within)
            found.extend((c, within) for c in child.tail or "")

    walk(root, frozenset())
    return found


def without_notes(node: etree._Element) -> str:
    return "".join(c for c, _ in characters(node))


@given(sentence=sentences(), sync=st.sampled_from(SYNCS), narrated=st.booleans())
def test_a_sentences_text_is_the_authors(sentence: Sentence, sync: Sync, narrated: bool) -> None:
    assert without_notes(tree(sentence, sync, narrated)) == sentence.text


@given(sentence=sentences(), sync=st.sampled_from(SYNCS))
def test_a_mark_covers_what_the_author_marked_and_nothing_else(sentence: Sentence, sync: Sync) -> None:
    marks = [m for m in shown_marks(sentence) if m.kind != "noteref"]
    for i, (c, inside) in enumerate(characters(tree(sentence, sync))):
        wanted = {m.kind for m in marks if m.begin <= i < m.end}
        if not c.isspace():  # what is blank may stand outside of a link that is cut there
            assert inside & {"em", "strong", "code", "link", "term"} == wanted


@given(sentence=sentences(), sync=st.sampled_from(SYNCS))
def test_parts_come_in_order_and_each_holds_its_words(sentence: Sentence, sync: Sync) -> None:
    root = tree(sentence, sync)
    assert root.get("id") == sentence.id
    wanted: list[tuple[int, int]] = []
    if sync == "word":
        wanted = [(n, n + 1) for n in range(len(sentence.words))]
    elif sync == "phrase":
        wanted = [(p.begin, p.end) for p in sentence.phrases]
    parts = xpath(root, "//span[@id and @id != 'b1s1']")
    assert [part.get("id") for part in parts] == [part_id(sentence.id, sync, n) for n in range(len(wanted))]
    for part, (first, end) in zip(parts, wanted, strict=True):
        whole = sentence.text[sentence.words[first].begin : sentence.words[end - 1].end]
        assert whole in without_notes(part)
        if sync == "word":
            assert whole == without_notes(part)


@given(sentence=sentences(), sync=st.sampled_from(SYNCS))
def test_phrases_leave_out_nothing_but_white_space(sentence: Sentence, sync: Sync) -> None:
    root = tree(sentence, "phrase")
    parts = "".join(without_notes(part) for part in xpath(root, "//span[@id and @id != 'b1s1']"))
    assert "".join(parts.split()) == "".join(sentence.text.split())


@given(sentence=sentences(), sync=st.sampled_from(SYNCS))
def test_links_never_nest_and_are_never_empty(sentence: Sentence, sync: Sync) -> None:
    root = tree(sentence, sync)
    assert xpath(root, "//a//a") == []
    assert [a.get("href") for a in xpath(root, "//a") if not text_of(a).strip()] == []


@given(sentence=sentences(), sync=st.sampled_from(SYNCS))
def test_every_note_is_referred_to_once_and_in_its_place(sentence: Sentence, sync: Sync) -> None:
    root = tree(sentence, sync)
    places = []
    before = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if event == "start" and node.get("class") == "noteref":
            places.append(before)
        noted = node.tag == "sup" or node.get("class") == "noteref"
        if event == "start" and not noted:
            before += len(node.text or "") + (node.tag == "br")
        if event == "end" and node.tag != "sup":
            before += len(node.tail or "")
    assert places == [m.begin for m in sentence.marks if m.kind == "noteref"]


@given(sentence=sentences(), sync=st.sampled_from(SYNCS))
def test_what_is_not_read_aloud_has_no_parts(sentence: Sentence, sync: Sync) -> None:
    assert [e.get("id") for e in xpath(tree(sentence, sync, narrated=False), "//*[@id]")] == ["b1s1"]


@pytest.mark.parametrize("sync", SYNCS)
def test_each_piece_of_a_mark_has_tags_of_its_own(sync: Sync) -> None:
    """So that an id is not given twice to a term which is cut in two."""
    words = tuple(Word(begin, begin + 3) for begin in (0, 4, 8, 12))
    sentence = Sentence(
        "b1s1",
        "one two six ten",
        1,
        words,
        (Phrase(0, 2), Phrase(2, 4)),
        (Mark("term", 4, 15, "t"), Mark("noteref", 11, 11, "n1")),
    )
    asked: list[Mark] = []

    def count(mark: Mark) -> tuple[Markup, Markup]:
        asked.append(mark)
        opening = Markup('<a id="{}">').format(f"{mark.kind}{len(asked)}")
        return (opening, Markup("</a>")) if mark.kind == "term" else (opening + Markup("*</a>"), Markup(""))

    root = etree.fromstring(str(render_sentence(sentence, sync, True, count)))
    ids = [e.get("id") for e in xpath(root, "//*[@id]")]
    assert len(ids) == len(set(ids))
    pieces = [text_of(a).split() for a in xpath(root, "//a[starts-with(@id, 'term')]")]
    assert pieces in ([["two", "six"], ["ten"]], [["two"], ["six"], ["ten"]])


def test_a_term_inside_a_link_is_left_to_the_link() -> None:
    link, term = Mark("link", 0, 7, "https://example.org/"), Mark("term", 4, 7, "t")
    sentence = Sentence("b1s1", "the bomb", 1, (Word(0, 3), Word(4, 8)), (Phrase(0, 2),), (link, term))
    assert shown_marks(sentence) == [link]
    assert EPUB_TYPE not in tree(sentence, "word").attrib
