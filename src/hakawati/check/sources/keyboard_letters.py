"""Letters in Arabic words that no Arabic keyboard has: ک and ی, ڤ and پ, the shapes of letters out of a PDF.

They are spoken as what they stand for, so what is at stake is print and search: whoever looks for كتاب does
not find کتاب.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from hakawati.arabic.letters import FOREIGN, KEYBOARDS, PRESENTATION, SIGNS, clean
from hakawati.arabic.marks import is_arabic
from hakawati.check.sources.book_texts import iterate_texts, list_lines, make_notice, shorten
from hakawati.errors import listed
from hakawati.model import Book, Finding, Sentence

_WORDS = 20
"""So many are named of a file's; one that was typed on another keyboard has them everywhere."""
_FORM = re.compile(f"(?![{SIGNS}\ufdf0-\ufdff])[{PRESENTATION}]")


@dataclass(slots=True)
class _FileLetters:
    """What there is in a file: words, or letters, with their lines."""

    chapter: str
    keyboard: dict[str, list[int]] = field(default_factory=dict)
    foreign: dict[str, tuple[str, list[int]]] = field(default_factory=dict)
    """By letter: the first word that has it."""
    forms: tuple[str, list[int]] = ("", [])
    """The first word in presentation forms, and the lines of all."""

    def add(self, word: str, line: int) -> None:
        if _FORM.search(word):
            self.forms = (self.forms[0] or word, [*self.forms[1], line])
        elif not KEYBOARDS.keys().isdisjoint(word):
            self.keyboard.setdefault(word, []).append(line)
        for letter in sorted(FOREIGN.keys() & set(word)):
            self.foreign.setdefault(letter, (word, []))[1].append(line)


def check(book: Book) -> Iterator[Finding]:
    """Notices of the words in a file that have such letters, and what to type."""
    files: dict[str, _FileLetters] = {}
    for chapter, _, text in iterate_texts(book):
        if is_arabic(text.lang):
            found = files.setdefault(text.path, _FileLetters(chapter))
            for sentence in text.sentences:
                for word in _read_words(sentence):
                    found.add(word, sentence.line)
    original = book.edition.metadata.languages[0]
    for term in book.edition.glossary if is_arabic(original) else ():
        found = files.setdefault(term.place.path, _FileLetters(""))
        for word in " ".join((term.term, *term.forms)).split():
            found.add(word, term.place.line)
    for path, found in files.items():
        yield from _describe(path, found)


def _read_words(sentence: Sentence) -> Iterator[str]:
    """Its words, but for code, and for those whose sound the author gives."""
    ranges = [(m.begin, m.end) for m in sentence.marks if m.kind in ("code", "say")]
    for word in sentence.words:
        if not any(begin < word.end and word.begin < end for begin, end in ranges):
            yield sentence.text[word.begin : word.end]


def _describe(path: str, found: _FileLetters) -> Iterator[Finding]:
    for word, lines in list(found.keyboard.items())[:_WORDS]:
        letters = _named(c for c in word if c in KEYBOARDS)
        message = f"“{shorten(word)}” has {letters}, of another keyboard{list_lines(lines)}"
        hint = f"type {shorten(clean(word))}, or it is not found by a search; it is spoken so"
        yield make_notice(path, lines[0], message, hint, found.chapter)
    more = list(found.keyboard.values())[_WORDS:]
    if more:
        message = f"{len(more)} more words have letters of another keyboard"
        hint = "replace them in the whole file: " + listed(sorted(_replacements(found.keyboard)))
        yield make_notice(path, more[0][0], message, hint, found.chapter)
    for letter, (word, lines) in found.foreign.items():
        message = f"“{shorten(word)}” has {_named(letter)}, of another keyboard{list_lines(lines)}"
        plain = shorten(clean(word))
        hint = (
            f"it is spoken as {FOREIGN[letter]}: type {plain}, or keep it if it should be seen; "
            "pronunciation.yaml can give the word another sound"
        )
        yield make_notice(path, lines[0], message, hint, found.chapter)
    word, lines = found.forms
    if word:
        message = f"“{shorten(word)}” is written in presentation forms, as in a PDF{list_lines(lines)}"
        hint = f"type {shorten(clean(word))}: a search does not find it, and fonts may not have it"
        yield make_notice(path, lines[0], message, hint, found.chapter)


def _named(letters: Iterable[str]) -> str:
    return listed([f"{letter} (U+{ord(letter):04X})" for letter in dict.fromkeys(letters)])


def _replacements(words: Iterable[str]) -> Sequence[str]:
    letters = {c for word in words for c in word if c in KEYBOARDS}
    return [f"{letter} by {KEYBOARDS[letter]}" for letter in letters]
