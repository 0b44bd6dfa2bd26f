"""The parts and lines of a chapter that players are told of."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hakawati.listening.outline import ChapterMarker, LyricLine, chapter_markers, lines, reading
from hakawati.model import Chapter, Note, Timeline
from tests.listening.making import STEP, heading, paragraph, read_aloud, sentence, spoken

WORD = {"ar": "حاشية", "en": "Note"}
TITLE = heading("b1", 1, ar="العنوان", en="The Title")
BODY = paragraph("b2", ar="كلمة ثانية / وجملة", en="a second word / and a sentence")
SECTION = heading("b3", 2, ar="قسم", en="A Section")
NOTE = Note("n1", 7, "b2", (paragraph("n1b1", ar="شرح", en="explained"), paragraph("n1b2", ar="ومثال")))


def chapter(*blocks: object, notes: tuple[Note, ...] = ()) -> Chapter:
    return Chapter("01-one", "chapter", blocks, notes)  # type: ignore[arg-type]


def in_order(whole: Chapter, *ids: str) -> Timeline:
    """The texts with these ids, one after another."""
    texts = {text.id: text for text in whole.texts()}
    return spoken([(texts[id_], one) for id_ in ids for one in texts[id_].sentences])


def test_a_section_lasts_from_its_heading_to_the_next() -> None:
    whole = chapter(TITLE, BODY, SECTION, replace(BODY, id="b4"))
    found = chapter_markers(whole, read_aloud(whole, ["ar"]), WORD)
    assert found == (ChapterMarker("العنوان", 0, 4 * STEP), ChapterMarker("قسم", 4 * STEP, 8 * STEP))


def test_a_heading_in_two_languages_is_one() -> None:
    whole = chapter(TITLE, BODY, SECTION)
    found = chapter_markers(whole, read_aloud(whole, ["en", "ar"]), WORD)
    assert [part.title for part in found] == ["The Title", "A Section"]
    assert found[-1].end - found[-1].begin == 3 * STEP


def test_where_one_language_is_read_after_the_other_each_of_its_headings_is_led_to() -> None:
    whole = chapter(TITLE, SECTION, BODY)
    found = chapter_markers(whole, in_order(whole, "b1", "b3", "b2", "b1-en", "b3-en", "b2-en"), WORD)
    assert [part.title for part in found] == ["العنوان", "قسم", "The Title", "A Section"]


def test_a_note_read_inside_a_section_lies_in_it() -> None:
    whole = chapter(TITLE, BODY, SECTION, notes=(NOTE,))
    found = chapter_markers(whole, in_order(whole, "b1", "b2", "n1b1", "n1b1-en", "n1b2", "b3"), WORD)
    title, note, section = found
    assert title == ChapterMarker("العنوان", 0, section.begin)
    assert note == ChapterMarker("حاشية 7", 4 * STEP, 7 * STEP)


def test_notes_read_at_the_end_follow_the_last_section() -> None:
    whole = chapter(TITLE, BODY, notes=(NOTE, replace(NOTE, id="n2", number=8, blocks=(SECTION,))))
    timeline = in_order(whole, "b1", "b2", "n1b1", "n1b2", "b3")
    first, second, third = chapter_markers(whole, timeline, WORD)
    assert (first.end, second.end, third.end) == (second.begin, third.begin, timeline.duration)
    assert (second.title, third.title) == ("حاشية 7", "حاشية 8")


def test_what_is_read_before_the_first_heading_is_the_chapters_own() -> None:
    whole = chapter(BODY, SECTION)
    assert chapter_markers(whole, read_aloud(whole, ["ar"]), WORD)[0] == ChapterMarker("قسم", 0, 3 * STEP)
    untitled = chapter(BODY)
    assert chapter_markers(untitled, read_aloud(untitled, ["ar"]), WORD) == (
        ChapterMarker("01-one", 0, 3 * STEP),
    )


def test_where_only_notes_or_nothing_is_heard_there_is_no_section() -> None:
    whole = chapter(TITLE, notes=(NOTE,))
    assert chapter_markers(whole, in_order(whole, "n1b1"), WORD) == (ChapterMarker("حاشية 7", 0, STEP),)
    assert chapter_markers(whole, Timeline((), 0), WORD) == ()


PIECES = st.sampled_from(["b1", "b1-en", "b2", "b2-en", "b3", "b3-en", "n1b1", "n1b1-en", "n1b2"])


@given(st.lists(PIECES))
def test_parts_come_in_order_and_nothing_but_notes_is_in_none_or_two(ids: list[str]) -> None:
    whole = chapter(TITLE, BODY, SECTION, notes=(NOTE,))
    timeline = in_order(whole, *ids)
    found = chapter_markers(whole, timeline, WORD)
    assert [part.begin for part in found] == sorted(part.begin for part in found)
    assert all(0 <= part.begin < part.end <= timeline.duration for part in found)
    for timed in timeline.sentences:
        around = [part for part in found if part.begin <= timed.begin and timed.end <= part.end]
        notes = [part for part in around if part.title in ("حاشية 7", "Note 7")]
        assert len(notes) == timed.within.startswith("n")
        assert len(around) - len(notes) == 1 or (notes and len(around) == 1)


def test_a_line_begins_with_its_first_word_and_has_the_marks_around_it() -> None:
    whole = chapter(paragraph("b1", ar="قال: | «نعم»، | ثم مضى. / انتهى."))
    timeline = read_aloud(whole, ["ar"])
    assert lines(timeline) == (
        LyricLine("قال:", 0),
        LyricLine("«نعم»،", STEP),
        LyricLine("ثم مضى.", 2 * STEP),
        LyricLine("انتهى.", 4 * STEP),
    )


def test_a_hard_line_break_ends_no_line_but_is_in_the_text_that_is_read() -> None:
    whole = chapter(BODY)
    text = whole.blocks[0].texts[0]
    broken = replace(sentence("b2s1", "one two"), text="one\ntwo")
    timeline = spoken([(text, broken), (text, sentence("b2s2", "three"))])
    assert lines(timeline) == (LyricLine("one two", 0), LyricLine("three", 2 * STEP))
    assert reading(timeline) == "one\ntwo three"
