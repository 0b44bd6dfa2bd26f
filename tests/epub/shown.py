"""What a chapter's page has to show of its texts, told from the book alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hakawati.model import Block, Chapter, Edition, Passage, Sentence, Text


@dataclass(frozen=True)
class Shown:
    """A piece of a text in an element of its own."""

    id: str
    lang: str
    sentences: tuple[Sentence, ...]
    kind: str = "note"

    @property
    def text(self) -> str:
        return "".join(sentence.text + sentence.after for sentence in self.sentences)


def shown(chapter: Chapter, edition: Edition) -> Iterator[Shown]:
    """Code is the same in every language, and shown once."""
    for leaf in (leaf for block in chapter.blocks for leaf in block.leaves()):
        if leaf.kind == "code":
            yield of(whole(leaf.texts[0]), leaf)
            continue
        for group in leaf.passages(edition.narration.order, edition.beside):
            yield from (of(passage, leaf) for passage in group)
        if edition.layout == "popup":
            for group in leaf.passages("sentence", edition.languages):
                yield from (of(passage, leaf) for passage in group[1:])
    for note in chapter.notes:
        for block in note.blocks:
            for text in block.texts:
                if text.lang in edition.languages:
                    yield Shown(text.id, text.lang, text.sentences)


def whole(text: Text) -> Passage:
    return Passage(text.id, text, text.sentences)


def of(passage: Passage, leaf: Block) -> Shown:
    return Shown(passage.id, passage.text.lang, passage.sentences, leaf.kind)


def bare(text: str) -> str:
    """Without the vowel marks that an edition may add."""
    return "".join(c for c in text if not "\u064b" <= c <= "\u0652")
