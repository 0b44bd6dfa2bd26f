"""A sentence → XHTML: its words and phrases, its emphasis and links, all in one tree.

The author's marks may cross the parts that are highlighted, and XML must nest; so a mark that crosses a
part's edge is cut there, never the part, whose id the overlay refers to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from hakawati.model import Mark, Sentence, Sync

OpenMark = Callable[[Mark], tuple[Markup, Markup]]
"""The tags before and after what a mark covers, asked for each piece it is cut into; a note reference, which
covers nothing, is the first."""


@dataclass(frozen=True, slots=True)
class _MarkupSpan:
    begin: int
    end: int
    rank: int
    """Which of two spans of the same range is outside: the lower one."""
    opening: Markup
    closing: Markup


def part_id(sentence_id: str, sync: Sync, n: int) -> str:
    """The id of the n-th highlighted part of a sentence, from 0; a whole sentence is its own part."""
    return sentence_id if sync in ("sentence", "paragraph") else f"{sentence_id}-{sync[0]}{n + 1}"


def render_sentence(sentence: Sentence, sync: Sync, narrated: bool, open_mark: OpenMark) -> Markup:
    """The sentence in a span of its own; if it is `narrated`, its parts in spans that the overlay names."""
    spans: list[_MarkupSpan] = []
    for n, (begin, end) in enumerate(_parts(sentence, sync) if narrated else ()):
        opening = Markup('<span id="{}">').format(part_id(sentence.id, sync, n))
        rank = 2 if sync == "word" else 0
        spans.append(_MarkupSpan(begin, end, rank, opening, Markup("</span>")))
    points = [m.begin for m in sentence.marks if m.kind == "noteref"]
    # Links first, since what comes later is cut where it crosses, and a link should stay whole.
    for mark in sorted(shown_marks(sentence), key=lambda m: not _is_link(m)):
        if mark.kind == "noteref":
            spans.append(_MarkupSpan(mark.begin, mark.begin, 3, *open_mark(mark)))
            continue
        for begin, end in _cut(mark, spans, points if _is_link(mark) else []):
            if sentence.text[begin:end].strip():
                spans.append(_MarkupSpan(begin, end, 1, *open_mark(mark)))
    content = _nested(sentence.text, spans)
    return Markup('<span id="{}" class="s">{}</span>').format(sentence.id, content)


def shown_marks(sentence: Sentence) -> list[Mark]:
    """The marks that can be seen: no pronunciations, and no term inside a link, since links do not nest."""
    links = [m for m in sentence.marks if m.kind == "link"]
    return [
        mark
        for mark in sentence.marks
        if mark.kind != "say" and not (mark.kind == "term" and any(_overlap(mark, link) for link in links))
    ]


def _parts(sentence: Sentence, sync: Sync) -> Sequence[tuple[int, int]]:
    if sync == "word":
        return [(w.begin, w.end) for w in sentence.words]
    return sentence.stretches() if sync == "phrase" else []


def _is_link(mark: Mark) -> bool:
    return mark.kind in ("link", "term")


def _overlap(a: Mark, b: Mark) -> bool:
    return a.begin < b.end and b.begin < a.end


def _cut(mark: Mark, spans: Sequence[_MarkupSpan], points: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The mark's range, cut at the points in it and then at the edges of the spans that a piece crosses."""
    between = sorted(p for p in points if mark.begin < p < mark.end)
    for begin, end in pairwise([mark.begin, *between, mark.end]):
        edges = {begin, end}
        for span in spans:
            if span.begin < begin < span.end < end:
                edges.add(span.end)
            if begin < span.begin < end < span.end:
                edges.add(span.begin)
        yield from pairwise(sorted(edges))


def _nested(text: str, spans: Iterable[_MarkupSpan]) -> Markup:
    """The text with the spans' tags: at each place what ends, then what has no length, then what begins."""
    places = sorted({0, len(text)} | {s.begin for s in spans} | {s.end for s in spans})
    beginning: dict[int, list[_MarkupSpan]] = {}
    for span in sorted(spans, key=lambda s: (s.begin != s.end, -s.end, s.rank)):
        beginning.setdefault(span.begin, []).append(span)
    pieces: list[Markup] = []
    opened: list[_MarkupSpan] = []
    for place, following in pairwise([*places, len(text)]):
        while opened and opened[-1].end <= place:
            pieces.append(opened.pop().closing)
        for span in beginning.get(place, ()):
            pieces.append(span.opening)
            if span.end > span.begin:
                opened.append(span)
        pieces.append(_text(text[place:following]))
    return Markup("").join(pieces)


def _text(text: str) -> Markup:
    """Escaped; a hard line break is a `br`."""
    return Markup("<br/>").join(escape(line) for line in text.split("\n"))
