"""The order in which a chapter is read aloud: a chapter → its cues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hakawati.model import AlignableRecording, Block, Chapter, Narration, Note, Passage, Sentence, Text


@dataclass(frozen=True, slots=True)
class Cue:
    """One sentence in its turn, and the silence after it."""

    sentence: Sentence
    text: Text
    """The text the sentence belongs to."""
    pause: int
    """Milliseconds."""
    repeat: float = 0.0
    """The least that the silence is, as a multiple of the sentence's length."""
    within: str = ""
    """Id of the element that the sentence's passage is in the page."""
    pair: str = ""
    """Id of the element that lights up as a whole, the sentence and its translation."""
    voice: str = ""
    """The name of the voice that reads it, or the path of the recording; empty while that is not known."""
    recorded: AlignableRecording | None = None
    """The chapter's recording, where a person reads all of it."""


def reading_order(chapter: Chapter, narration: Narration) -> tuple[Cue, ...]:
    """The sentences that are read aloud, in reading order, which is the page's.

    A sentence without a word (a row of asterisks, an emoji) is shown but not read.
    """
    cues: list[Cue] = []
    everything = narration.languages
    for languages in [[lang] for lang in everything] if narration.order == "chapter" else [everything]:
        for block in chapter.blocks:
            cues += _block(block, narration, languages)
            if narration.notes == "inline":
                for note in chapter.notes:
                    if note.anchor == block.id:
                        cues += _note(note, narration, languages)
    if narration.notes == "end":
        for note in chapter.notes:
            cues += _note(note, narration, everything)
    return tuple(cues)


def _block(block: Block, narration: Narration, languages: Sequence[str]) -> Iterator[Cue]:
    pauses = narration.pauses
    if block.kind == "row":  # its cells belong together, like a paragraph's sentences
        cells = [cue for cell in block.children for cue in _leaf(cell, narration, languages, pauses.sentence)]
        yield from cells[:-1]
        yield from (replace(cue, pause=pauses.paragraph) for cue in cells[-1:])
    elif block.children:
        for child in block.children:
            if child.kind != "answer":
                yield from _block(child, narration, languages)
    else:
        last = pauses.heading if block.kind == "heading" else pauses.paragraph
        yield from _leaf(block, narration, languages, last)


def _leaf(block: Block, narration: Narration, languages: Sequence[str], last: int) -> Iterator[Cue]:
    groups = [
        sorted(group, key=lambda passage: languages.index(passage.text.lang))
        for group in block.passages(narration.order, languages)
    ]
    for n, group in enumerate(groups, start=1):
        for passage in group:
            ended = n == len(groups) and (narration.order != "sentence" or passage is group[-1])
            yield from _passage(passage, narration, last if ended else narration.pauses.sentence)


def _note(note: Note, narration: Narration, languages: Sequence[str]) -> Iterator[Cue]:
    # The page shows a note in one language whole, then in the next.
    for lang in languages:
        for block in note.blocks:
            for leaf in block.leaves():
                for text in leaf.texts:
                    if text.lang == lang:
                        passage = Passage(text.id, text, text.sentences)
                        yield from _passage(passage, narration, narration.pauses.paragraph)


def _passage(passage: Passage, narration: Narration, last: int) -> Iterator[Cue]:
    spoken = [s for s in passage.sentences if s.words]
    for i, sentence in enumerate(spoken, start=1):
        yield Cue(
            sentence=sentence,
            text=passage.text,
            pause=last if i == len(spoken) else narration.pauses.sentence,
            repeat=narration.repeat,
            within=passage.id,
            pair=passage.pair if narration.pair else "",
        )
