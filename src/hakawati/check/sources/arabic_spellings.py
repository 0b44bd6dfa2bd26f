"""Which Arabic spellings are the same word, one of them a slip.

The slips are those that everybody makes: hamza left out or put where there is none, ى for ي and ه for ة at a
word's end, and letters of another keyboard that look the same. What is another word as often as a slip (أخبار
and إخبار; كتابه and كتابة) is left alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from hakawati.check.sources.book_texts import FREQUENT, RARE

_ARTICLE = re.compile("[وف]?(?:[بك]?ال|لل)(?=..)")
_SKELETON = str.maketrans("أإآٱىیةہەک", "اااا" + "يي" + "ههه" + "ك")
_ALEFS = frozenset("أإآ")
_LOOKALIKES = ({"ك", "ک"}, {"ي", "ی"}, {"ى", "ی"}, {"ه", "ہ"}, {"ه", "ە"})
_OTHER_WORD = 5
"""Letters: of shorter words without an article, the same letters are other words too often: اكتب, أكتب."""


def find_slips(counts: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """(slip, right form): `counts` says how often each form occurs; vowel marks are taken off."""
    stems: dict[tuple[bool, str], Counter[str]] = {}
    whole: dict[tuple[bool, str], list[str]] = {}
    for form, count in counts.items():
        article = _ARTICLE.match(form)
        stem = form[article.end() :] if article else form
        stems.setdefault((bool(article), stem.translate(_SKELETON)), Counter())[stem] += count
        whole.setdefault((bool(article), stem), []).append(form)
    for (article_, _), found in stems.items():
        frequent, often = max(found.items(), key=lambda entry: (entry[1], entry[0]))
        for stem, count in found.items():
            if count <= RARE and often >= FREQUENT * count and _is_slip(stem, frequent, article=article_):
                right = max(whole[article_, frequent], key=lambda form: (counts[form], form))
                yield from ((form, right) for form in whole[article_, stem])


def _is_slip(stem: str, frequent: str, *, article: bool) -> bool:
    """Whether two forms with the same skeleton, which has a letter for each of theirs, are one word."""
    differing = [(i, {a, b}) for i, (a, b) in enumerate(zip(stem, frequent, strict=True)) if a != b]
    return bool(differing) and all(_may_slip(i, two, stem, article=article) for i, two in differing)


def _may_slip(at: int, two: set[str], stem: str, *, article: bool) -> bool:
    last = at == len(stem) - 1
    if two in _LOOKALIKES:
        return True
    if two & _ALEFS:
        long_enough = article or len(stem) >= _OTHER_WORD
        return long_enough and ("ا" in two or (article and two == {"أ", "آ"}))
    if two == {"ى", "ي"}:  # يبنى is the passive of يبني
        return last and (article or (len(stem) > 3 and stem[0] not in "أينتس"))
    return last and article and two == {"ه", "ة"}
