"""What is worth a look in a book's sources, beyond what reading them refuses or notices already.

All of it is a notice: a rule of thumb, that an author may know better than. So each is made to be silent on
a sound book rather than to see everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hakawati.check.sources import digits, invisible, lengths, quotes, sentences, spellings, terms
from hakawati.model import Book, Finding


def look(book: Book, files: Mapping[str, str]) -> Iterator[Finding]:
    """Everything that is worth a look.

    `files`: the text of each source file, by its path in the project, for what cannot be seen in it.
    """
    for check in (lengths, sentences, digits, quotes, spellings, terms):
        yield from check.look(book)
    yield from invisible.look(book, files)
