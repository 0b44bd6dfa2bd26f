"""Which spellings in Latin, Greek or Cyrillic letters are the same word, one of them a slip.

Most words that are a letter apart are other words or other forms of it. Names are not, nor long words that
differ in two letters' order or in a double letter, nor a word whose accent or hyphen is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping

from hakawati.check.sources.book_texts import FREQUENT, RARE

_LEAST = 6
"""Letters of a name; what is shorter is another name too often."""
_LEAST_WORD = 9
_LEAST_ACCENTED = 5
_CAPITAL = 6
"""How often a word must have its capital for a small letter to be a slip; and it, once."""
_FREE = 3
"""Behind how many different words a name must stand, articles apart: “Burning” is a word of a title."""
_ARTICLES = frozenset(
    [
        *("the", "a", "an", "this", "that", "these", "those", "no", "some", "any"),
        *("my", "your", "his", "her", "its", "our", "their"),
    ]
)
_WORD = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+)*")
"""Letters and hyphens: elisions and numbers have spellings of their own."""
_UMLAUTS = str.maketrans("äöüÄÖÜ", "aouAOU")


def find_slips(
    counts: Mapping[str, int], before: Mapping[str, Collection[str]], lang: str
) -> Iterator[tuple[str, str]]:
    """(slip, right form): `counts` says how often each form occurs where a capital means something.

    `before`: the words in small letters right before each.
    """
    words = {form: count for form, count in counts.items() if _WORD.fullmatch(form)}
    near: dict[str, list[str]] = {}
    for form, count in words.items():
        if count >= FREQUENT:
            for key in _keys(form):
                near.setdefault(key, []).append(form)
    for form, count in words.items():
        if count > RARE:
            continue
        others = dict.fromkeys(other for key in _keys(form) for other in near.get(key, ()))
        for other in sorted(others, key=lambda o: (-words[o], o)):
            same = form.casefold() == other.casefold()
            if other == form or words[other] < FREQUENT * count:
                continue
            if same and lang == "en" and _lost_capital(form, other, words) and _is_name(before[other]):
                yield form, other
                break
            if not same and _is_slip(form, other, lang):
                yield form, other
                break


def _keys(form: str) -> set[str]:
    """Two forms that are alike share one: without accents, or with a letter left out."""
    plain = _plain(form)
    letters = form.casefold()
    return {plain, letters, *(letters[:i] + letters[i + 1 :] for i in range(len(letters)))}


def _plain(form: str) -> str:
    decomposed = unicodedata.normalize("NFKD", form.casefold())
    return "".join(c for c in decomposed if c.isalpha())


def _lost_capital(form: str, other: str, counts: Mapping[str, int]) -> bool:
    once = counts[form] == 1 and counts[other] >= _CAPITAL
    return once and len(form) > 3 and form.islower() and other.istitle()


def _is_name(before: Collection[str]) -> bool:
    """English names go without an article: “the Resistance” may be one, and resistance another thing."""
    return len(set(before) - _ARTICLES) >= _FREE and _ARTICLES.isdisjoint(before)


def _is_slip(form: str, other: str, lang: str) -> bool:
    named = form[:1].isupper() and other[:1].isupper()
    if lang == "de" and form.translate(_UMLAUTS) == other.translate(_UMLAUTS):
        return False  # Vater, Väter
    if _plain(form) == _plain(other):
        return len(form) >= _LEAST_ACCENTED and (named or lang == "en" or _hyphens(form) != _hyphens(other))
    if form[:1] != other[:1] or min(len(form), len(other)) < (_LEAST if named else _LEAST_WORD):
        return False
    edit = _edit(form, other)
    if edit is None:
        return False
    at, kind = edit
    inside = 0 < at < max(len(form), len(other)) - 2
    return inside and (named or kind in ("order", "double"))


def _hyphens(form: str) -> int:
    return sum(form.count(c) for c in "-‐‑")


def _edit(a: str, b: str) -> tuple[int, str] | None:
    """Where two words differ, and how, if it is one letter, or two in another order."""
    short, long = sorted((a, b), key=len)
    at = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    if len(long) - len(short) == 1 and short[at:] == long[at + 1 :]:
        return at, "double" if long[at] in (long[at - 1 : at], long[at + 1 : at + 2]) else "letter"
    if len(long) != len(short):
        return None
    if short[at + 1 :] == long[at + 1 :]:
        return at, "letter"
    if short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]:
        return at, "order"
    return None
