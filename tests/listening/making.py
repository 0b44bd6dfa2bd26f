"""Chapters and timelines for the tests of this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hakawati.model import (
    SAMPLE_RATE,
    Block,
    BlockKind,
    Chapter,
    Phrase,
    Place,
    Sentence,
    Text,
    TimedSentence,
    Timeline,
    Word,
)

STEP = SAMPLE_RATE // 10
"""Samples that each word lasts, in what is read here."""


def sentence(id_: str, text: str) -> Sentence:
    """A sentence of the words that stand between spaces; ` | ` ends a phrase."""
    runs = [run.split() for run in text.split(" | ")]
    words: list[Word] = []
    phrases: list[Phrase] = []
    whole = " ".join(" ".join(run) for run in runs)
    for run in runs:
        begin = len(words)
        for word in run:
            at = words[-1].end + 1 if words else 0
            words.append(Word(at, at + len(word)))
        phrases.append(Phrase(begin, len(words)))
    return Sentence(id_, whole, 1, tuple(words), tuple(phrases))


def leaf(id_: str, kind: BlockKind, level: int, texts: Mapping[str, str]) -> Block:
    """A block with a text in each language; ` / ` ends a sentence."""
    made = tuple(
        Text(
            name := id_ if n == 0 else f"{id_}-{lang}",
            lang,
            f"book/{lang}/01.md",
            tuple(sentence(f"{name}s{i}", s) for i, s in enumerate(text.split(" / "), start=1)),
        )
        for n, (lang, text) in enumerate(texts.items())
    )
    return Block(id_, kind, Place("x", 1), made, level=level)


def heading(id_: str, level: int, **texts: str) -> Block:
    return leaf(id_, "heading", level, texts)


def paragraph(id_: str, **texts: str) -> Block:
    return leaf(id_, "paragraph", 0, texts)


def read_aloud(chapter: Chapter, languages: Sequence[str]) -> Timeline:
    """The chapter's blocks, then its notes, each in these languages; a word takes 100 ms."""
    blocks = [*chapter.blocks, *(block for note in chapter.notes for block in note.blocks)]
    texts = [text for block in blocks for lang in languages for text in block.texts if text.lang == lang]
    return spoken([(text, one) for text in texts for one in text.sentences])


def spoken(said: Sequence[tuple[Text, Sentence]]) -> Timeline:
    """These sentences one after another, a word in 100 ms."""
    timed: list[TimedSentence] = []
    at = 0
    for text, one in said:
        end = at + STEP * len(one.words)
        onsets = tuple(range(at, end, STEP))
        timed.append(TimedSentence(one, text.id, text.lang, one.text, at, end, onsets))
        at = end
    return Timeline(tuple(timed), at)
