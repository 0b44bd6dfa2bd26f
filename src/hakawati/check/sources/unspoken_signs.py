"""Signs that are printed and not heard: what neither the words for figures nor an engine says.

Punctuation shapes how a sentence is spoken, and emoji, bullets and asterisks are ornament; a mathematical
sign, an arrow or a sign of money means something.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from hakawati.check.sources.book_texts import iterate_texts, make_notice
from hakawati.figures import is_spelt, spell
from hakawati.model import Book, Finding, Sentence

_MEANINGFUL = ("Sm", "Sc")
"""Unicode's categories of mathematical signs and of signs of money."""
_OTHERS = (range(0x2100, 0x2200), range(0x2300, 0x231A), range(0x2794, 0x27BF), range(0x2B00, 0x2B12))
"""Letterlike signs and arrows, technical signs, two more blocks of arrows."""
_MARKS = frozenset("✓✔✗✘☐☑☒♀♂♭♮‱؉؊№′″")
_OF_NAMES = frozenset("™℠")
"""What nobody reads aloud."""


def check(book: Book) -> Iterator[Finding]:
    """Notices of signs that nothing says, one for each sign in each file, with how often it is there."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for chapter, _, text in iterate_texts(book):
        if is_spelt(text.lang):
            for sentence in text.sentences:
                for sign in unspoken(sentence, text.lang):
                    found.setdefault((chapter, text.path, sign), []).append(sentence.line)
    for (chapter, path, sign), lines in found.items():
        name = unicodedata.name(sign, f"U+{ord(sign):04X}")
        often = f", {len(lines)}×" if len(lines) > 1 else ""
        message = f"the sign {sign} ({name}) is printed but not spoken{often}"
        hint = "write it in words, or say it in pronunciation.yaml with the word beside it"
        yield make_notice(path, lines[0], message, hint, chapter)


def unspoken(sentence: Sentence, lang: str) -> list[str]:
    """The signs of a sentence for which nothing is said."""
    heard = set[int]()
    for one in spell(sentence.text, sentence.words, lang):
        heard |= set(range(one.begin, one.end))
    for mark in sentence.marks:
        if mark.kind in ("code", "say"):
            heard |= set(range(mark.begin, mark.end))
    return [c for at, c in enumerate(sentence.text) if at not in heard and _means_something(c)]


def _means_something(character: str) -> bool:
    if character in _OF_NAMES or character.isascii():
        return False  # of ASCII, what is no word is markup or ornament
    if unicodedata.category(character) in _MEANINGFUL or character in _MARKS:
        return True
    return any(ord(character) in block for block in _OTHERS)
