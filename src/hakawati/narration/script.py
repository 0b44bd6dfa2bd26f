"""What is said, in which order: a chapter → its cues."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hakawati.model import Block, Chapter, Narration, Note, Sentence, Text


@dataclass(frozen=True, slots=True)
class Cue:
    """One sentence in its turn, and the silence after it."""

    sentence: Sentence
    text: Text
    """The text the sentence belongs to."""
    pause: int
    """Milliseconds."""


def script(chapter: Chapter, narration: Narration) -> tuple[Cue, ...]:
    """The sentences that are read aloud, in reading order, which is the page's.

    A sentence without a word (a row of asterisks, an emoji) is shown but not read.
    """
    cues: list[Cue] = []
    for block in chapter.blocks:
        cues += _block(block, narration)
        if narration.notes == "inline":
            for note in chapter.notes:
                if note.anchor == block.id:
                    cues += _note(note, narration)
    if narration.notes == "end":
        for note in chapter.notes:
            cues += _note(note, narration)
    return tuple(cues)


def _block(block: Block, narration: Narration) -> Iterator[Cue]:
    pauses = narration.pauses
    for leaf in block.leaves():
        last = pauses.heading if leaf.kind == "heading" else pauses.paragraph
        for lang in narration.languages:
            for text in leaf.texts:
                if text.lang == lang:
                    yield from _text(text, pauses.sentence, last)


def _note(note: Note, narration: Narration) -> Iterator[Cue]:
    # The page shows a note in one language whole, then in the next.
    for lang in narration.languages:
        for block in note.blocks:
            for leaf in block.leaves():
                for text in leaf.texts:
                    if text.lang == lang:
                        yield from _text(text, narration.pauses.sentence, narration.pauses.paragraph)


def _text(text: Text, between: int, last: int) -> Iterator[Cue]:
    spoken = [s for s in text.sentences if s.words]
    for i, sentence in enumerate(spoken, start=1):
        yield Cue(sentence, text, last if i == len(spoken) else between)
