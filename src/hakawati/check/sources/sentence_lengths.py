"""Sentences that are too long to be followed by ear."""

from __future__ import annotations

from collections.abc import Iterator

from hakawati.check.language_tags import primary_subtag
from hakawati.check.sources.book_texts import first_per_line, iterate_texts, make_notice, shorten
from hakawati.model import Book, Finding, Sentence

_MOST_WORDS = 70
_MOST_ARABIC_WORDS = 55
"""Arabic writes article, prepositions and pronouns onto their words, so that it needs fewer for the same."""
_MOST_LETTERS = 120
"""Of languages that put no spaces between words, so that these cannot be counted."""
_AFFIXING = frozenset(["ar", "he", "arc", "syr"])
_UNSPACED = frozenset(["zh", "ja", "th", "lo", "km", "my", "bo"])


def check(book: Book) -> Iterator[Finding]:
    """Notices of sentences that are too long, in any language: readers who follow the text are lost, too."""
    return first_per_line(
        make_notice(
            text.path,
            sentence.line,
            f"a sentence of {many}, “{shorten(sentence.text)}”, is hard to follow",
            "divide it, if it is yours to divide: listeners cannot look back",
            chapter,
        )
        for chapter, _, text in iterate_texts(book)
        for sentence in text.sentences
        if (many := _too_many(sentence, primary_subtag(text.lang)))
    )


def _too_many(sentence: Sentence, lang: str) -> str:
    """`73 words`, or nothing where it is not too long."""
    if lang in _UNSPACED:
        letters = sum(c.isalnum() for c in sentence.text)
        return f"{letters} characters" if letters > _MOST_LETTERS else ""
    most = _MOST_ARABIC_WORDS if lang in _AFFIXING else _MOST_WORDS
    return f"{len(sentence.words)} words" if len(sentence.words) > most else ""
