"""What is worth a look in a book's sources, beyond what reading them refuses or notices already.

All of it is a notice: a rule of thumb, that an author may know better than. So each is made to be silent on
a sound book rather than to see everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hakawati.check.sources import (
    digits,
    glossary_terms,
    invisible_characters,
    keyboard_letters,
    quotation_marks,
    sentence_lengths,
    spellings,
    translation_lengths,
    unspoken_signs,
)
from hakawati.model import Book, Finding


def check_sources(book: Book, files: Mapping[str, str]) -> Iterator[Finding]:
    """Everything that is worth a look.

    `files`: the text of each source file, by its path in the project, for what cannot be seen in it.
    """
    rules = (
        translation_lengths,
        sentence_lengths,
        digits,
        unspoken_signs,
        quotation_marks,
        spellings,
        keyboard_letters,
        glossary_terms,
    )
    for rule in rules:
        yield from rule.check(book)
    yield from invisible_characters.check(book, files)
