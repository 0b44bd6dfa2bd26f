"""A text in one language: its sentences, their words, and what the author marked in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Word:
    """A printed word: a range of its sentence's text, without the punctuation around it."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of words that belong together: a range of word indices in its sentence."""

    begin: int
    end: int


MarkKind = Literal["em", "strong", "code", "link", "term", "noteref", "say", "speaker"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something about a range of a text; a note reference has no length.

    A turn of a dialogue begins with a `speaker`: who speaks, up to and with the colon.
    """

    kind: MarkKind
    begin: int
    end: int
    target: str = ""
    """link: a URL; term: the term's id; noteref: the note's id; say: the spoken form."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence in one language, the unit of narration.

    `text` is as printed; a line feed in it is a hard line break. Phrases cover all words, in order.
    """

    id: str
    text: str
    line: int
    words: tuple[Word, ...]
    phrases: tuple[Phrase, ...]
    marks: tuple[Mark, ...] = ()
    after: str = " "
    """The white space that follows in its block."""

    def stretches(self) -> tuple[tuple[int, int], ...]:
        """The range of the text for each phrase, its punctuation too, but not the white space between."""
        edges = [
            _gap_cut(self.text, self.words[phrase.begin - 1].end, self.words[phrase.begin].begin)
            for phrase in self.phrases[1:]
        ]
        begins = [0, *(begin for _, begin in edges)]
        ends = [*(end for end, _ in edges), len(self.text)]
        return tuple(zip(begins, ends, strict=True)) if self.phrases else ()


def _gap_cut(text: str, begin: int, end: int) -> tuple[int, int]:
    """Where, between two words, one phrase ends and the next begins: at the last white space, if any."""
    gap = text[begin:end]
    last = max((i for i, c in enumerate(gap) if c.isspace()), default=len(gap))
    head = gap[:last].rstrip()
    return begin + len(head), begin + min(len(gap), last + 1) if last < len(gap) else end


@dataclass(frozen=True, slots=True)
class Text:
    """The sentences of one block in one language."""

    id: str
    lang: str
    path: str
    sentences: tuple[Sentence, ...]
    voice: str = ""
    """Name of the book's voice that the author chose for it, or empty: its language's."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences of one text that stand together on the page."""

    id: str
    text: Text
    sentences: tuple[Sentence, ...]
    pair: str = ""
    """Id of what it and its translations stand in; empty where it has none."""
