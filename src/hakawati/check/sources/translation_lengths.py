"""Translations that are much longer or shorter than the book's others: a sentence left out, a block mistaken.

How many letters a translation has for each letter of the original is the book's own figure, the median of
all blocks. What a block may differ from it grows with the root of its length, as sums of independent parts do
(Gale and Church, A Program for Aligning Sentences in Bilingual Corpora, 1993); how much it does in this very
book is measured by the median, too, which single mistakes do not move.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from hakawati.check.sources.book_texts import iterate_flows, make_notice
from hakawati.model import Book, Finding, Text

_FEWEST = 8
"""Pairs of texts, below which there is nothing to compare with."""
_SHORT = 40
"""Letters of the longer text, below which chance decides."""
_FACTOR = 1.6
"""Times as long or short as usual, below which nothing is missing."""
_DEVIATIONS = 5.0
_LEAST_DEVIATION = 1.1
"""Of a book whose few blocks are alike by chance. (In these units Gale and Church found 2.6 for parliamentary
speeches; a book whose translator keeps close to the text has less.)"""
_TO_DEVIATION = 1.4826
"""Of a normal distribution: its standard deviation over its median absolute one."""


@dataclass(frozen=True, slots=True)
class _TranslationPair:
    chapter: str
    original: Text
    text: Text
    ours: int
    theirs: int

    def off(self, ratio: float) -> float:
        """How far from the usual, in roots of letters."""
        usual = self.ours * ratio
        return (self.theirs - usual) / math.sqrt((usual + self.theirs) / 2)


def check(book: Book) -> Iterator[Finding]:
    """Notices of the translations whose length is suspicious, each at the translation's line."""
    original, *others = book.edition.metadata.languages
    for lang in others:
        yield from _suspicious(list(_pairs(book, original, lang)))


def _pairs(book: Book, original: str, lang: str) -> Iterator[_TranslationPair]:
    for run in iterate_flows(book):
        for leaf in run.leaves:
            texts = {text.lang: text for text in leaf.texts if leaf.kind != "code"}
            if original in texts and lang in texts:
                ours, theirs = _letters(texts[original]), _letters(texts[lang])
                if ours and theirs:
                    yield _TranslationPair(run.chapter, texts[original], texts[lang], ours, theirs)


def _letters(text: Text) -> int:
    """Letters and digits; vowel marks are none, since few authors write all of them."""
    return sum(c.isalnum() for sentence in text.sentences for c in sentence.text)


def _suspicious(pairs: Sequence[_TranslationPair]) -> Iterator[Finding]:
    if len(pairs) < _FEWEST:
        return
    ratio = math.exp(median(math.log(pair.theirs / pair.ours) for pair in pairs))
    deviation = _TO_DEVIATION * median(abs(pair.off(ratio)) for pair in pairs)
    bound = _DEVIATIONS * max(deviation, _LEAST_DEVIATION)
    for pair in pairs:
        factor = pair.theirs / (pair.ours * ratio)
        long_enough = max(pair.theirs, pair.ours * ratio) >= _SHORT
        if long_enough and max(factor, 1 / factor) >= _FACTOR and abs(pair.off(ratio)) > bound:
            yield _describe(pair, factor)


def _describe(pair: _TranslationPair, factor: float) -> Finding:
    path, line = pair.text.path, pair.text.sentences[0].line
    at = f"{pair.original.path}:{pair.original.sentences[0].line}"
    much = f"{factor:.1f} times as long" if factor > 1 else f"only {max(1, round(100 * factor))} % as long"
    message = f"this {pair.text.lang} translation is {much} as this book's others usually are ({at})"
    hint = (
        "look whether something of the original is missing in it"
        if factor < 1
        else "look whether it says more than the original, or translates another block"
    )
    return make_notice(path, line, message, hint, pair.chapter)
