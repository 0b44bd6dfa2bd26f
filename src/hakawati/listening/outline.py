"""A timeline → what a player shows of a chapter: its markers, and the line that is being read.

Times are in samples of the chapter, as in the timeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from hakawati.model import Chapter, Timeline, plain


@dataclass(frozen=True, slots=True)
class ChapterMarker:
    """A titled section of the chapter that a player can jump to."""

    title: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class LyricLine:
    """A phrase as it is printed, in one line, and when it begins."""

    text: str
    begin: int


@dataclass(frozen=True, slots=True)
class _MarkerStart:
    """The heading or footnote that a sentence belongs to, which gets a marker."""

    id: str
    title: str
    note: bool


def chapter_markers(
    chapter: Chapter, timeline: Timeline, note: Mapping[str, str]
) -> tuple[ChapterMarker, ...]:
    """The chapter's sections and the footnotes that are read aloud, ordered by their beginning.

    A section lasts from its heading to the next one; the first is the chapter's own, from 0. A footnote
    covers only its own time, so one that is read inside a section lies in it, and the section goes on after
    it. Where one language is read after the other, a heading begins a section in each, titled in that
    language. `note`: by language, the word for a footnote, which its number follows.
    """
    openings = dict(_openings(chapter, note))
    sections: list[tuple[str, int]] = []
    notes: list[ChapterMarker] = []
    ended = 0
    for opening, run in groupby(timeline.sentences, lambda timed: openings.get(timed.sentence.id, _BODY).id):
        sentences = list(run)
        first, begin, end = (
            openings.get(sentences[0].sentence.id, _BODY),
            sentences[0].begin,
            sentences[-1].end,
        )
        if first.note:
            notes.append(ChapterMarker(first.title, begin, end))
            continue
        ended = end
        if opening:
            sections.append((first.title, begin))
    if not sections or sections[0][1] > 0:
        sections.insert(0, (chapter.title(), 0))
    ends = [*(begin for _, begin in sections[1:]), ended]
    found = [
        ChapterMarker(title, begin, end)
        for (title, begin), end in zip(sections, ends, strict=True)
        if end > begin
    ]
    return tuple(sorted([*found, *notes], key=lambda part: part.begin))


_BODY = _MarkerStart("", "", note=False)


def _openings(chapter: Chapter, note: Mapping[str, str]) -> Iterator[tuple[str, _MarkerStart]]:
    """By their ids, the sentences of the headings that the navigation names, and of the footnotes."""
    for block in chapter.blocks:
        if block.kind == "heading":
            for text in block.texts:
                opening = _MarkerStart(block.id, plain(text), note=False)
                yield from ((sentence.id, opening) for sentence in text.sentences)
    for one in chapter.notes:
        for block in one.blocks:
            for leaf in block.leaves():
                for text in leaf.texts:
                    opening = _MarkerStart(one.id, f"{note[text.lang]} {one.number}", note=True)
                    yield from ((sentence.id, opening) for sentence in text.sentences)


def lines(timeline: Timeline) -> tuple[LyricLine, ...]:
    """The narrated text phrase by phrase, in the order of narration: a phrase fits into a player's line."""
    return tuple(
        LyricLine(one_line(timed.sentence.text[begin:end]), timed.words[phrase.begin])
        for timed in timeline.sentences
        for phrase, (begin, end) in zip(timed.sentence.phrases, timed.sentence.stretches(), strict=True)
    )


def reading(timeline: Timeline) -> str:
    """The narrated text: a line for each paragraph, in the order of narration."""
    return "\n".join(
        " ".join(timed.sentence.text for timed in run)
        for _, run in groupby(timeline.sentences, lambda timed: timed.within)
    )


def one_line(text: str) -> str:
    """The text without line breaks."""
    return " ".join(text.split())
