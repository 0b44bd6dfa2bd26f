"""A podcast's marks, as a player goes through them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hakawati.listening.json_chapters import chapters
from hakawati.listening.outline import ChapterMarker

SECOND = 24_000


def part(title: str, begin: float, end: float) -> ChapterMarker:
    return ChapterMarker(title, round(begin * SECOND), round(end * SECOND))


def told(*found: ChapterMarker) -> list[dict[str, Any]]:
    data = json.loads(chapters(found, title="T", podcast="P"))
    assert data.keys() == {"version", "title", "podcastName", "chapters"}
    assert (data["version"], data["title"], data["podcastName"]) == ("1.2.0", "T", "P")
    marks: list[dict[str, Any]] = data["chapters"]
    return marks


def test_sections_are_marks_in_seconds() -> None:
    assert told(part("الأول", 0, 10.0004), part("<Two>", 10.0004, 12.5)) == [
        {"startTime": 0.0, "endTime": 10.0, "title": "الأول"},
        {"startTime": 10.0, "endTime": 12.5, "title": "<Two>"},
    ]


def test_a_section_goes_on_after_a_note_that_is_read_in_it_but_is_listed_once() -> None:
    assert told(part("A", 0, 30), part("Note 1", 10, 12), part("B", 30, 40)) == [
        {"startTime": 0.0, "endTime": 10.0, "title": "A"},
        {"startTime": 10.0, "endTime": 12.0, "title": "Note 1"},
        {"startTime": 12.0, "endTime": 30.0, "title": "A", "toc": False},
        {"startTime": 30.0, "endTime": 40.0, "title": "B"},
    ]


def test_it_does_not_where_the_next_note_follows_at_once_or_the_section_is_over() -> None:
    marks = told(part("A", 0, 30), part("1", 10, 12), part("2", 12, 14), part("3", 28, 30), part("B", 30, 31))
    assert [(mark["title"], mark["startTime"], mark.get("toc", True)) for mark in marks] == [
        ("A", 0, True),
        ("1", 10, True),
        ("2", 12, True),
        ("A", 14, False),
        ("3", 28, True),
        ("B", 30, True),
    ]


def test_notes_at_the_end_are_in_no_section() -> None:
    marks = told(part("A", 0, 30), part("1", 30, 32), part("2", 32, 34))
    assert [(mark["title"], mark["endTime"]) for mark in marks] == [("A", 30), ("1", 32), ("2", 34)]


def test_the_same_parts_give_the_same_bytes_and_none_give_none() -> None:
    assert chapters([part("A", 0, 1)], title="A", podcast="B") == chapters(
        [part("A", 0, 1)], title="A", podcast="B"
    )
    assert told() == []


@given(st.lists(st.lists(st.integers(1, 50), max_size=6), min_size=1, max_size=5))
def test_at_every_moment_the_last_mark_is_what_is_heard(sections: list[list[int]]) -> None:
    """Sections of some seconds, in which every other stretch is a note."""
    found: list[ChapterMarker] = []
    at = 0
    for n, lengths in enumerate(sections):
        begin = at
        notes = []
        for i, length in enumerate([1, *lengths]):
            if i % 2:
                notes.append(part(f"note {n} {i}", at, at + length))
            at += length
        found += [part(f"section {n}", begin, at), *notes]
    marks = told(*found)
    assert [mark["endTime"] for mark in marks[:-1]] == [mark["startTime"] for mark in marks[1:]]
    assert [mark["title"] for mark in marks if mark.get("toc", True)] == [one.title for one in found]
    for second in range(at):
        innermost = [one for one in found if one.begin <= second * SECOND < one.end][-1]
        assert [mark for mark in marks if mark["startTime"] <= second][-1]["title"] == innermost.title
