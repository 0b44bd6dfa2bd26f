"""Terms of the glossary that say too little, or twice the same."""

from __future__ import annotations

from collections.abc import Iterator

from hakawati.check.sources.book_texts import make_notice
from hakawati.model import Book, Finding, Term


def check(book: Book) -> Iterator[Finding]:
    """Notices of terms that are told apart by an article alone, and of missing translations."""
    yield from _twice(book.edition.glossary)
    yield from _untranslated(book)


def _twice(terms: tuple[Term, ...]) -> Iterator[Finding]:
    """A term is found with its article and without, so one with it is the same term again."""
    seen = {written: term for term in terms for written in (term.term, *term.forms)}
    for term in terms:
        bare = term.term.removeprefix("ال")
        other = seen.get(bare)
        if bare != term.term and other is not None and other is not term:
            message = f"“{term.term}” is defined twice, as “{bare}” in line {other.place.line}"
            hint = "keep one of them: a term is found with its article and without"
            yield make_notice(term.place.path, term.place.line, message, hint)


def _untranslated(book: Book) -> Iterator[Finding]:
    terms = book.edition.glossary
    for lang in book.edition.metadata.languages[1:]:
        with_it = [term for term in terms if lang in term.translation]
        for term in terms:
            explained = lang in term.translation or lang in term.definition
            if not explained and len(with_it) * 2 > len(terms) and (term.translation or term.definition):
                message = f"the term “{term.term}” has no {lang} translation, though most others have one"
                yield make_notice(
                    term.place.path, term.place.line, message, f"add “translation: {{{lang}: …}}”"
                )
