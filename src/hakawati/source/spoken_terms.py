"""How a glossary's terms are spoken where a text has them."""

from __future__ import annotations

from hakawati.model import Term
from hakawati.source.matching import fold, with_prefix

_ARTICLE = "ال"


def spoken_term(term: Term, prefix: str, printed: str) -> str:
    """A term's `say` as it is spoken for printed words that were found to be the term behind `prefix`.

    With the article where they have one. Nothing where the term has no `say`, or another of its forms is
    printed, which sounds otherwise.
    """
    for article in ("", _ARTICLE) if term.say else ():
        if _folded(with_prefix(prefix, article + term.term)) == _folded(printed):
            return with_prefix(prefix, article + term.say)
    return ""


def _folded(words: str) -> list[str]:
    return [fold(word) for word in words.split()]
