"""Arabic ordinals, and numbers with the noun that is counted."""

from __future__ import annotations

import re

from hakawati.figures.arabic_context import case_at, is_preposition, looks_accusative, noun_after
from hakawati.figures.arabic_nouns import (
    ORDINAL_DUALS,
    ORDINAL_NOUNS,
    SINGULARS,
    counts_as_plural,
    feminine_plural,
    feminine_singular,
    is_feminine,
)
from hakawati.figures.arabic_numbers import Case, Noun, cardinal, definite, ordinal, takes_construct
from hakawati.figures.arabic_terms import NumberWord, amount, is_multiple, prefix, signed
from hakawati.figures.line import Reading


def ordinal_after(word: NumberWord) -> Reading | None:
    """الـ19, القرن 19, الفصل 1; الدول الـ27, الـ12 شهرا."""
    number = amount(word.core)
    if number is None or not number.countable or not number.whole:
        return None
    noun = re.sub("^[وف]?(?:[بك]?ال|لل)", "ال", word.before)
    if not word.definite:
        return _apposition(word, number.whole, noun)
    counted_noun = noun_after(word.line, word.i)
    if counted_noun == "عمر" or word.line.token(word.i + 2).startswith("عمر"):
        said = ordinal(number.whole, feminine=True, case="genitive")
    elif counted_noun and not noun.startswith("ال"):
        feminine = is_feminine(counted_noun, number.whole)
        said = definite(number.whole, feminine=feminine, case=word.case)
    elif noun.startswith("ال") and counts_as_plural(noun[2:]):
        said = definite(number.whole, feminine=feminine_plural(noun[2:]), case=_noun_case(word))
    elif noun and not noun.startswith("ال") and not is_preposition(noun) and not word.clitics:
        said = definite(number.whole, feminine=True, case="genitive")  # مجموعة الـ20
    else:
        feminine = ORDINAL_NOUNS.get(noun, noun.endswith(("ة", "ى", "اء")))
        said = ordinal(number.whole, feminine=feminine, case=_noun_case(word))
    return Reading((word.clitics + (said or definite(number.whole, feminine=False, case=word.case)),))


def _apposition(word: NumberWord, number: int, noun: str) -> Reading | None:
    """الفصل 1, القرنين 18 و19."""
    feminine = ORDINAL_NOUNS.get(noun, ORDINAL_DUALS.get(noun))
    second = ORDINAL_DUALS.get(re.sub("^[وف]?(?:[بك]?ال|لل)", "ال", word.line.token(word.i - 2)))
    if feminine is None and second is not None and word.clitics == "و":
        feminine = second
    part = word.line.near(word.i + 1) == "من"  # الفقرة 2 من المادة 19
    counted_noun = "" if part else noun_after(word.line, word.i)
    few = 3 <= number % 100 <= 10
    counts = counts_as_plural(counted_noun) if few else looks_accusative(counted_noun)
    if feminine is None or word.line.gaps[word.i].strip() or (counted_noun and counts):
        return None
    said = ordinal(number, feminine=feminine, case=_noun_case(word))
    return Reading((word.clitics + (said or cardinal(number, feminine=feminine)),))


def _noun_case(word: NumberWord) -> Case:
    """The case of the noun that a number follows, and so the number's."""
    apart = word.line.token(word.i - 1) in ("ال", "وال", "بال")
    at = word.i - (2 if apart else 1)
    noun, head = word.line.token(at), word.line.token(at - 1)
    if re.match("[بلك]ال|لل", noun) or head.endswith("يات") or (noun and is_preposition(noun)):
        return "genitive"
    return case_at(word.line, at)


def count_of(word: NumberWord) -> Reading | None:
    """A number with the noun that is counted, or alone."""
    number = amount(word.core)
    if number is None:
        return None
    line, i = word.line, word.i
    head = prefix(word)
    noun = noun_after(line, i) if number.countable else ""
    if noun and number.whole <= 2 and (few := _one_or_two(number.whole, noun, word)):
        return few
    if line.token(i - 1) == "آية":
        return signed(word, (head + number.said(word.case, feminine=True),))
    if noun and number.whole > 100 and number.whole % 100 in (1, 2) and not noun.endswith("ا"):
        return _one_or_two_more(word, number.whole, noun)
    if is_multiple(noun):
        return signed(word, (head + number.said(word.case, construct=True),))
    construct = bool(noun) and takes_construct(number.whole)
    feminine = is_feminine(noun, number.whole)
    said = number.said(word.case, feminine=feminine, construct=construct)
    return signed(word, (head + said,))


def _one_or_two(number: int, noun: str, word: NumberWord) -> Reading | None:
    """The noun comes first, or is a dual, if it is a singular that can be told as one."""
    case = word.case
    feminine = feminine_singular(noun)
    if number == 1 and not noun.endswith("ا"):
        return Reading((prefix(word) + noun, "واحدة" if feminine else "واحد"))
    followed = bool(noun_after(word.line, word.i + 1))
    if number == 2 and (noun in ("ألف", "مليون", "مليار") or noun.endswith("ة") or noun in SINGULARS):
        dual = Noun(noun, noun, noun, feminine).dual(case, construct=followed and is_multiple(noun))
        return Reading((prefix(word) + dual, ""), merged=True)
    return None


def _one_or_two_more(word: NumberWord, number: int, noun: str) -> Reading:
    """1001 ليلة: the noun is said with the round number, and again."""
    rest = number % 100
    head = cardinal(number - rest, feminine=feminine_singular(noun), case=word.case, construct=True)
    more = noun if rest == 1 else Noun(noun, noun, noun).dual(word.case)
    return Reading((prefix(word) + head, f"{noun} و{more}"))
