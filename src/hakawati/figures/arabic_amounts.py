"""Arabic amounts: money, units and percent."""

from __future__ import annotations

import re

from hakawati.figures.arabic_nouns import CENTS, METRE, UNITS
from hakawati.figures.arabic_numbers import Case, Noun, counted, takes_construct
from hakawati.figures.arabic_terms import Amount, NumberWord, amount, is_multiple, prefix, signed
from hakawati.figures.line import Line, Reading
from hakawati.figures.money_signs import BEFORE_OR_AFTER

_PARTS = re.compile(rf"([{BEFORE_OR_AFTER}%٪])?([+~])?(\d[\d.,٫٬]*\d|\d)(.*)")
PERCENT = {"%": "بالمئة", "٪": "بالمئة", "%،": "بالمئة"} | {
    **dict.fromkeys("‰؉", "بالألف"),
    **dict.fromkeys("‱؊", "بالعشرة آلاف"),
}


def amount_with_unit(word: NumberWord) -> Reading | None:
    """Money, measures, degrees and percent: 5.50$, 15 كم, 25°م, 20 ر.س., 25%."""
    match = _PARTS.fullmatch(word.core)
    number = amount(match[3]) if match else None
    if match is None or number is None:
        return None
    unit, count, stop = match[1] or match[4], 1, False
    if not match[4] and not match[1]:
        unit, count, stop = unit_after(word.line, word.i)
    head = prefix(word, match[2] or "")
    if unit in PERCENT:
        forms = (head + number.said(word.case), PERCENT[unit])
    elif noun := unit_noun(unit):
        if match[1] and is_multiple(multiple := word.line.near(word.i + 1)):
            one = noun.one
            said = number.said(word.case, construct=True)
            return signed(word, (head + said, f"{multiple} {one}"))
        forms = _measure(number, noun, unit, word.case, head)
    else:
        return None
    if count == 1:
        return signed(word, (" ".join(forms),), stop=stop)
    # The noun is said where its sign is printed, if it comes last there.
    return signed(
        word, (*forms, *[""] * (count - 2)) if forms[1] else (forms[0], *[""] * (count - 1)), stop=stop
    )


def unit_noun(unit: str) -> Noun | None:
    """What a unit stands for."""
    return UNITS.get(unit) or (METRE if unit == "م" else None)


def unit_after(line: Line, i: int) -> tuple[str, int, bool]:
    """(unit, words with the number, whether a full stop is part of it) of the words after the number."""
    after = line.near(i + 1)
    if after and line.sign(i + 2) == "/" and f"{after}/{line.token(i + 2)}" in UNITS:
        return f"{after}/{line.token(i + 2)}", 3, False
    if after in UNITS or after in PERCENT:
        return after, 2, line.stopped(i + 1) and after.isalpha() is False and "." in after
    # A metre's sign is also that of the years of our era, which `era` has read before.
    if after == "م":
        return after, 2, line.stopped(i + 1)
    return "", 1, False


def _measure(number: Amount, noun: Noun, unit: str, case: Case, prefix: str) -> tuple[str, str]:
    tail = f" {noun.tail}" if noun.tail else ""
    if number.digits and unit in CENTS and len(number.digits) == 2:
        cents = int(number.digits)
        said = counted(number.whole, noun, case) if number.whole else ""
        rest = counted(cents, CENTS[unit], case) if cents else ""
        return prefix + " و".join(part for part in (said, rest) if part), ""
    if number.digits or not number.countable:
        return prefix + number.said(case), noun.one + tail
    said = counted(number.whole, noun, case)
    if number.whole <= 2:
        return prefix + said, ""
    head = number.said(case, feminine=noun.feminine, construct=takes_construct(number.whole))
    return prefix + head, said[len(head) + 1 :]
