"""How fast sentences are read, and what sounds wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.common.memo import recall
from hakawati.common.store import Store
from hakawati.model import SILENCE, Levels, Pauses, TimedSentence, Timeline
from hakawati.publishing.finished import FINISHED_PART
from hakawati.publishing.state import State
from hakawati.waveform.speech_rate import (
    AudioFlaw,
    SentenceInterval,
    find_flaws,
    list_intervals,
    measure_rates,
    parse_timings,
)
from tests.goldens import Shelf, build_here
from tests.narration.making import sentence
from tests.pacing import TEXT, UNIT, Line, chapter, good
from tests.support import write_book


def found(*lines: Line, pauses: Pauses | None = None, repeat: float = 0) -> list[tuple[str, str]]:
    levels, sentences = chapter(*lines)
    return [(one.kind, one.sentence_id) for one in find_flaws(levels, sentences, pauses, repeat)]


def test_a_good_chapter_has_nothing_to_listen_to() -> None:
    assert found(*good(9)) == []
    levels, sentences = chapter(*good(9))
    assert {round(pace.ratio, 3) for pace in measure_rates(levels, sentences)} == {1.0}


def test_speed_is_letters_a_second_while_a_sentence_is_heard() -> None:
    levels, sentences = chapter(Line(53, 30), Line(53, 8), lead=20)
    first, second = measure_rates(levels, sentences)
    assert (first.begin, first.end) == (20 * UNIT, 71 * UNIT)  # its last bytes have faded
    assert first.speed == pytest.approx(29 / (51 * UNIT / 1000))
    assert second.speed == pytest.approx(first.speed)


def test_pauses_inside_a_sentence_are_no_part_of_its_speed() -> None:
    levels, sentences = chapter(Line(60), Line(60 + 20, hole=20), Line(60))
    assert [round(pace.ratio, 1) for pace in measure_rates(levels, sentences)] == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("text", "letters"), [("قَالَ", 3), ("in 1944!", 2 + 16), ("— … —", 0), ("e\u0301t", 2)]
)
def test_letters_are_what_is_spoken_and_a_digit_is_a_word(text: str, letters: int) -> None:
    levels, sentences = chapter(Line(53, text=text))
    (pace,) = measure_rates(levels, sentences)
    assert pace.speed == pytest.approx(letters * 1000 / (51 * UNIT))


def test_a_rushed_sentence_is_much_faster_than_the_others() -> None:
    lines = [*good(4), Line(22), *good(4)]
    assert found(*lines) == [("rushed", "b5s1")]
    levels, sentences = chapter(*lines)
    (one,) = find_flaws(levels, sentences)
    assert one.amount == pytest.approx(2, abs=0.2)
    assert (one.begin, one.end) == (sentences[4].begin, sentences[4].begin + 20 * UNIT)


def test_each_language_has_a_speed_of_its_own() -> None:
    lines = [Line(44), Line(88, lang="ar")] * 5
    assert found(*lines) == []
    assert found(*lines, Line(40, lang="ar")) == [("rushed", "b11s1")]


def test_a_sentence_of_few_letters_says_nothing_of_speed() -> None:
    assert found(*good(4), Line(4, text="Yes, indeed!")) == []
    assert found(*good(4), Line(8, text="Yes, indeed it is, yes.")) == [("rushed", "b5s1")]


@pytest.mark.parametrize(("silent", "gap"), [(20, False), (39, False), (41, True), (230, True)])
def test_silence_after_a_sentence_is_a_gap_where_it_is_a_second_longer_than_the_longest_pause(
    silent: int, gap: bool
) -> None:
    lines = [*good(2), Line(silent=silent), *good(2)]
    assert found(*lines) == [("gap", "b3s1")] * gap
    assert found(*lines, pauses=Pauses(paragraph=9000)) == [("gap", "b3s1")] * (silent * UNIT > 10_000)


def test_a_gap_is_as_long_as_its_silence() -> None:
    levels, sentences = chapter(*good(2), Line(silent=100), *good(2))
    (one,) = find_flaws(levels, sentences)
    assert one == AudioFlaw("gap", "b3s1", one.begin, sentences[2].end, one.amount)
    assert one.end - one.begin == 102 * UNIT  # with what has faded
    assert one.amount == pytest.approx(102 * UNIT / 1000, abs=0.005)


def test_silence_to_repeat_a_sentence_in_is_no_gap() -> None:
    lines = [Line(44, 88)] * 3
    assert found(*lines) == [("gap", f"b{n}s1") for n in (1, 2, 3)]
    assert found(*lines, repeat=2) == []


@pytest.mark.parametrize(("hole", "gap"), [(5, False), (29, False), (33, True)])
def test_so_is_silence_inside_a_sentence_from_a_second_and_a_half_on(hole: int, gap: bool) -> None:
    assert found(*good(2), Line(44 + hole, hole=hole), *good(2)) == [("gap", "b3s1")] * gap


def test_a_phrase_pause_that_is_asked_for_is_no_gap() -> None:
    lines = [*good(2), Line(44 + 40, hole=40)]
    assert found(*lines) == [("gap", "b3s1")]
    assert found(*lines, pauses=Pauses(phrase=1900)) == []


def test_a_silent_beginning_is_a_gap_too() -> None:
    levels, sentences = chapter(*good(3), lead=60)
    assert [(one.kind, one.sentence_id, one.begin) for one in find_flaws(levels, sentences)] == [
        ("gap", "b1s1", 0)
    ]


def test_a_sentence_that_is_loud_until_the_next_one_begins_is_clipped() -> None:
    assert found(*good(2), Line(silent=0, faded=False), *good(2)) == [("clipped", "b3s1")]
    assert found(*good(2), Line(silent=0), *good(2)) == []
    assert found(*good(2), Line(silent=0, faded=False)) == [("clipped", "b3s1")]


def test_a_sentence_that_is_never_heard_has_no_speed_and_is_one_gap() -> None:
    levels, sentences = chapter(*good(2), Line(0, 50, faded=False), *good(2))
    assert find_flaws(levels, sentences) == (
        AudioFlaw("gap", "b3s1", sentences[2].begin, sentences[2].end, 2.4),
    )
    assert (measure_rates(levels, sentences)[2].speed, measure_rates(levels, sentences)[2].ratio) == (0, 1)


def test_a_noisy_room_is_silent_all_the_same() -> None:
    levels, sentences = chapter(*good(2), Line(silent=60), *good(2), silence=120, floor=-45)
    assert [(one.kind, one.sentence_id) for one in find_flaws(levels, sentences)] == [("gap", "b3s1")]


LINES = st.builds(
    Line,
    st.integers(0, 60),
    st.integers(0, 60),
    st.sampled_from([TEXT, "", "Yes.", "نعم" * 20]),
    st.sampled_from(["en", "ar"]),
    st.just(False),
    st.integers(0, 30),
)


@given(
    st.lists(LINES, max_size=8),
    st.integers(0, 9),
    st.integers(0, 255),
    st.floats(SILENCE, 0),
    st.integers(0, 4),
)
def test_every_finding_lies_in_its_sentence_whatever_the_chapter(
    lines: list[Line], lead: int, silence: int, floor: float, lost: int
) -> None:
    levels, sentences = chapter(*lines, lead=lead, silence=silence, floor=floor)
    levels = replace(levels, envelope=levels.envelope[: len(levels.envelope) - lost])
    by_id = {read.id: read for read in sentences}
    for one in find_flaws(levels, sentences):
        read = by_id[one.sentence_id]
        assert read.begin <= one.begin < one.end <= read.end
    for pace in measure_rates(levels, sentences):
        assert pace.sentence.begin <= pace.begin <= pace.end <= pace.sentence.end
        assert pace.speed >= 0
        assert pace.ratio > 0 or not pace.speed


def test_nothing_at_all_is_no_trouble() -> None:
    assert find_flaws(Levels(b"", SILENCE, SILENCE, SILENCE), ()) == ()
    assert (
        measure_rates(Levels(b"", SILENCE, SILENCE, SILENCE), (SentenceInterval("a", "en", "A", 0, 0),))[
            0
        ].speed
        == 0
    )


def test_the_sentences_come_from_a_timeline_or_from_the_timings_that_a_build_leaves() -> None:
    one = sentence("one two", "one", "two")
    timed = TimedSentence(one, "b1", "en", "one two", 24, 24_000, (24, 12_000))
    read = SentenceInterval("s1", "en", "one two", 1, 1000)
    assert list_intervals(Timeline((timed,), 24_000)) == (read,)
    row = {"id": "s1", "lang": "en", "text": "one two", "begin": 0.001, "end": 1.0}
    assert parse_timings(json.dumps({"sentences": [row]}).encode()) == (read,)
    for wrong in (
        b"",
        b"[]",
        b"7",
        b'{"sentences": [{"id": "s1"}]}',
        b'{"sentences": [[]]}',
        b'{"sentences": 7}',
    ):
        with pytest.raises(ValueError, match=r".+"):
            parse_timings(wrong)


# A book that is spoken


@pytest.mark.parametrize("pause", [0, 350])
def test_an_engines_chapter_has_nothing_to_listen_to(tmp_path: Path, shelf: Shelf, pause: int) -> None:
    pauses = Pauses(sentence=pause, paragraph=pause, heading=pause)
    text = "جاء الناس إلى المدينة الكبيرة. ثم عادوا منها ليلا، وكان البرد شديدا. لا. لم ينم أحد تلك الليلة."
    yaml = "title: كتاب\nlanguages: [ar]\ncover: none\n"
    yaml += f"narration: {{pauses: {{sentence: {pause}, paragraph: {pause}, heading: {pause}}}}}\n"
    project = write_book(tmp_path, {"book.yaml": yaml, "ar/01-one.md": f"# ليلة\n\n{text}\n\n{text}"})
    build_here(project, store=shelf.store)
    key = State.load(project / "build" / "state.json").pages["01-one"]
    finished = recall(Store(shelf.store), key, FINISHED_PART)
    assert finished
    assert finished.levels
    sentences = parse_timings((project / "build" / "timings" / "01-one.json").read_bytes())
    assert len(sentences) == 9
    assert find_flaws(finished.levels, sentences, pauses) == ()
    assert {0.7 < pace.ratio < 1.4 for pace in measure_rates(finished.levels, sentences)} == {True}
    assert all(pace.speed > 2 for pace in measure_rates(finished.levels, sentences))
