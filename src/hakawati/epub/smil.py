"""A timeline → a Media Overlay document (EPUB 3.3 §9.3).

It mirrors the page: a `seq` for each paragraph and sentence, and a `par` for each part that is highlighted.
Times are rounded once, at each boundary, so the clips cover the audio to the millisecond.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from hakawati.epub.resource_paths import audio_path
from hakawati.epub.sentence_markup import part_id
from hakawati.epub.templates import render
from hakawati.model import Sync, TimedSentence, Timeline, seconds


@dataclass(frozen=True, slots=True)
class Par:
    """A `par`: the id of an element that is highlighted as a whole, and its clip in seconds."""

    id: str
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class SentenceSeq:
    """A sentence's `par`s; `nested` where they are in a `seq` of their own."""

    id: str
    nested: bool
    pars: tuple[Par, ...]


@dataclass(frozen=True, slots=True)
class ParagraphSeq:
    """The `seq` of a text: its sentences, or a single `par` for all of them."""

    id: str
    type: str
    """Its structural semantic, where a reader may want to skip it."""
    sentences: tuple[SentenceSeq, ...]


def paragraphs(timeline: Timeline, sync: Sync) -> list[ParagraphSeq]:
    """The overlay's structure."""
    found = []
    for id_, group in groupby(timeline.sentences, key=lambda s: s.pair or s.within):
        sentences = list(group)
        # Notes are n1, n2 …; blocks of text b1, b2 …
        type_ = "footnote" if id_.startswith("n") else ""
        if sync == "paragraph" or sentences[0].pair:
            par = Par(id_, seconds(sentences[0].begin), seconds(sentences[-1].end))
            found.append(ParagraphSeq(id_, type_, (SentenceSeq(id_, False, (par,)),)))
        else:
            seqs = [SentenceSeq(s.sentence.id, sync != "sentence", tuple(_pars(s, sync))) for s in sentences]
            found.append(ParagraphSeq(id_, type_, tuple(seqs)))
    return found


def _pars(timed: TimedSentence, sync: Sync) -> Iterator[Par]:
    match sync:
        case "word":
            begins = list(timed.words)
        case "phrase":
            begins = [timed.words[phrase.begin] for phrase in timed.sentence.phrases]
        case _:
            begins = [timed.begin]
    for n, (begin, end) in enumerate(pairwise([*begins, timed.end])):
        yield Par(part_id(timed.sentence.id, sync, n), seconds(begin), seconds(end))


def clock(seconds: float) -> str:
    """A SMIL clock value, in the form that every reading system accepts: `59.606s`."""
    return f"{seconds:.3f}s"


def overlay(page: str, name: str, timeline: Timeline, sync: Sync) -> str:
    """The overlay document of a page. `page`: its path in the EPUB; `name`: the chapter's, for its MP3."""
    return render(
        "overlay.smil.j2",
        text=f"../{page}",
        audio=f"../{audio_path(name)}",
        paragraphs=paragraphs(timeline, sync),
        clock=clock,
    )
