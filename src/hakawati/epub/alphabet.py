"""The glossary's order: by the alphabet of the original's language, a group for each letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from hakawati.arabic.marks import is_arabic
from hakawati.epub.transliteration import has_article
from hakawati.model import Term

# The order of dictionaries; Persian and Urdu letters are where those languages have them.
_ORDER = "ابپتٹثجچحخدڈذرڑزژسشصضطظعغفڤقكگلمنںهويے"
_SAME = str.maketrans("ٱءةىکیہھ", "ااتيكيهه")
_PLACES = str.maketrans({letter: chr(0xE000 + i) for i, letter in enumerate(_ORDER)})
_ARTICLE = re.compile("^ال")


@dataclass(frozen=True)
class LetterGroup:
    """The terms that begin with one letter."""

    id: str
    """Of the heading, made from the letter alone."""
    heading: str
    terms: tuple[Term, ...]


def group_by_letter(terms: Iterable[Term], lang: str) -> Sequence[LetterGroup]:
    """The terms in alphabetical order, by their first letters.

    Vowel marks, case and accents do not count; nor, in Arabic, does the article. Hamza is read as its seat.
    """
    arabic = is_arabic(lang)
    found = sorted(((_folded(term, arabic), term) for term in terms), key=_place)
    return [
        LetterGroup(f"letter-{_name(letter)}", _heading(letter), tuple(term for _, term in group))
        for letter, group in groupby(found, key=lambda entry: _letter(entry[0]))
    ]


def _folded(term: Term, arabic: bool) -> str:
    """The letters of a term that decide its place."""
    text = unicodedata.normalize("NFKD", term.term.casefold())
    text = "".join(c for c in text if unicodedata.category(c) not in ("Mn", "Me", "Cf") and c != "\u0640")
    text = " ".join("".join(c if c.isalnum() else " " for c in text.translate(_SAME)).split())
    return _ARTICLE.sub("", text) if arabic and has_article(term.say or term.term) else text


def _place(entry: tuple[str, Term]) -> tuple[bool, str, str]:
    """The sort key: numbers first; terms that differ only in marks, by these."""
    folded, term = entry
    return _letter(folded) != "", folded.translate(_PLACES), term.term


def _letter(folded: str) -> str:
    """The first letter, or empty for a number and the like."""
    return folded[0] if folded and folded[0].isalpha() else ""


def _heading(letter: str) -> str:
    if letter == "ه":
        return "هـ"  # alone it could be taken for the digit five
    return letter.upper() or "0–9"


def _name(letter: str) -> str:
    return f"{ord(letter):x}" if letter else "0"
