"""A written number: with its proclitics and signs, apart from what is around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hakawati.figures.arabic_context import case_at
from hakawati.figures.arabic_numbers import LARGEST, Case, cardinal, decimal, spelt
from hakawati.figures.line import Line, Reading
from hakawati.figures.money_signs import BEFORE_OR_AFTER
from hakawati.figures.number_signs import FRACTIONS
from hakawati.figures.word_lists import names

_HEAD = re.compile(rf"([وفبلك]{{0,2}})(ال)?(?=[\d{BEFORE_OR_AFTER}+#~%٪{FRACTIONS}])(.+)")
_NUMBER = re.compile(r"(\d{1,3}(?:[,٬]\d{3})+|\d+)(?:[.٫,](\d+))?")
_MULTIPLES = names("ألف الف آلاف مليون ملايين مليار مليارات تريليون تريليونات ألفا مليونا بليون")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number: its whole part, and the digits of its fraction, if any."""

    whole: int
    digits: str = ""
    written: str = ""

    def said(self, case: Case, *, feminine: bool = False, construct: bool = False) -> str:
        """In words."""
        if self.digits:
            return decimal(self.whole, self.digits, case)
        if self.whole >= LARGEST or (len(self.written) > 1 and self.written[0] == "0"):
            return spelt(self.written or str(self.whole))
        return cardinal(self.whole, feminine=feminine, case=case, construct=construct)

    @property
    def countable(self) -> bool:
        """Whether a noun can be counted with it: neither a fraction nor a code."""
        return not self.digits and self.whole < LARGEST and not self.said("nominative").startswith("صفر ")


def amount(text: str) -> Amount | None:
    """A number that is all of a text: 1,500 or ٢٫٥ in European digits; else None."""
    match = _NUMBER.fullmatch(text)
    if not match:
        return None
    written = re.sub(r"\D", "", match[1])
    return Amount(int(written[:40]) if len(written) <= 40 else LARGEST, match[2] or "", written)


@dataclass(frozen=True, slots=True)
class NumberWord:
    """A word with digits, and where it is."""

    line: Line
    i: int
    clitics: str
    definite: bool
    core: str
    """The word without what Arabic writes onto it."""
    case: Case

    @property
    def before(self) -> str:
        """The word before it, the article left out that is written apart."""
        return self.line.token(self.i - (2 if self.line.token(self.i - 1) == "ال" else 1))

    @property
    def minus(self) -> bool:
        """Whether a minus sign stands right before it."""
        gap = self.line.gaps[self.i]
        return bool(re.search(r"[\s(][-−]$", gap if self.i else f" {gap}"))


def number_word(line: Line, i: int, last: Case | None) -> NumberWord | None:
    """The word `i`, if it begins like a number. `last`: the case of the number that و joins it to."""
    match = _HEAD.fullmatch(line.tokens[i])
    if not match or not re.search(rf"[\d{FRACTIONS}]", match[3]):
        return None
    clitics = match[1]
    case = case_at(line, i)
    if clitics[-1:] in ("ب", "ل", "ك") and clitics:
        case = "genitive"
    elif clitics in ("و", "ف") and last:
        case = last
    definite = bool(match[2]) or clitics == "لل" or line.token(i - 1) in ("ال", "وال", "بال")
    return NumberWord(line, i, clitics, definite, match[3], case)


def is_multiple(word: str) -> bool:
    """Thousand, million …, in any form."""
    return word in _MULTIPLES


def prefix(word: NumberWord, sign: str = "") -> str:
    """What is said before the number: proclitics, a sign."""
    minus = "ناقص " if word.minus else ""
    return word.clitics + minus + {"+": "زائد ", "~": "نحو "}.get(sign, "")


def signed(word: NumberWord, forms: tuple[str, ...], *, stop: bool = False) -> Reading:
    """A reading in which a minus sign is said. What only has a first form is that of all its words."""
    return Reading(forms, sign=word.minus, stop=stop, merged=len(forms) > 1 and not any(forms[1:]))
