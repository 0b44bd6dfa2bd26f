"""Arabic ranges, fractions and sums."""

from __future__ import annotations

import re

from hakawati.figures.arabic_amounts import PERCENT, unit_after, unit_noun
from hakawati.figures.arabic_context import noun_after
from hakawati.figures.arabic_dates import looks_like_year
from hakawati.figures.arabic_nouns import is_feminine
from hakawati.figures.arabic_numbers import Case, cardinal, counted, fraction, takes_construct
from hakawati.figures.arabic_terms import NumberWord, amount
from hakawati.figures.line import Reading
from hakawati.figures.number_signs import FRACTIONS, VULGAR

DASHES = frozenset("-–—‑−")
_RANGE = re.compile(r"([\d.,٫٬]+)[%٪]?[-–—‑‐]([\d.,٫٬]+)(.*)")
_SEASON = re.compile(r"([12]\d{3})/(\d{4}|\d{2})()")
"""2022/2023."""
_SUM = re.compile(r"[+=×÷*/\-−]|[\d.,٫٬]+")
_SIGNS = {
    "+": "زائد",
    "=": "يساوي",
    "×": "في",
    "*": "في",
    "÷": "على",
    "/": "على",
    "-": "ناقص",
    "−": "ناقص",
} | {
    "±": "زائد أو ناقص",
    "≈": "يساوي تقريبا",
    "≠": "لا يساوي",
    "<": "أقل من",
    ">": "أكبر من",
    "≤": "أقل من أو يساوي",
    "≥": "أكبر من أو يساوي",
    "√": "جذر",
    "~": "نحو",
    "∼": "نحو",
    "№": "رقم",
    "#": "رقم",
    "§": "البند",
}


def said_sign(sign: str) -> str:
    """How a sign is said between or before numbers; empty if it is not."""
    return _SIGNS.get(sign, "")


def fraction_of(word: NumberWord) -> Reading | None:
    """1/2, ½, 1½."""
    whole, above, below = "", 0, 0
    if match := re.fullmatch(rf"(\d*)([{FRACTIONS}])", word.core):
        whole, (above, below) = match[1], VULGAR[match[2]]
    elif match := re.fullmatch(r"(\d{1,2})/(\d{1,2})", word.core):
        above, below = int(match[1]), int(match[2])
    else:
        return None
    construct = bool(re.match("[\u0621-\u064a]", word.line.near(word.i + 1)))
    said = fraction(above, below, word.case, construct=construct)
    if said is None:
        return None
    head = f"{cardinal(int(whole), case=word.case)} و" if whole else ""
    return Reading((word.clitics + head + said,))


def interval(word: NumberWord) -> Reading | None:
    """10-15, 1940–1944, 5 - 7 أيام: إلى, but و after بين."""
    sides = _sides(word)
    if sides is None:
        return None
    first, second, rest, words = sides
    low, high = amount(first), amount(second)
    if low is None or high is None or (rest and rest not in PERCENT and unit_noun(rest) is None):
        return None
    years = looks_like_year(first) and re.fullmatch(r"\d{2}|\d{4}", second) is not None
    last = word.i + words - 1
    unit, count, stop = (rest, 1, False) if rest else unit_after(word.line, last)
    noun = unit_noun(unit) if unit else None
    counted_noun = noun_after(word.line, last)
    feminine = noun.feminine if noun else is_feminine(counted_noun, high.whole)
    head = low.said("genitive" if years else word.case, feminine=feminine)
    construct = bool(noun or counted_noun) and takes_construct(high.whole)
    tail = high.said("genitive", feminine=feminine, construct=construct)
    if noun and high.countable:
        tail = counted(high.whole, noun, "genitive")
    elif noun or unit:
        tail += " " + (noun.one if noun else PERCENT[unit])
    forms = (word.clitics + head, _joint(word, first, second) + tail)
    said = (" ".join(forms),) if words == 1 else forms
    return Reading((*said, *[""] * (count - 1)), stop=stop)


def _sides(word: NumberWord) -> tuple[str, str, str, int] | None:
    """(first number, second number, unit, words) of a range."""
    line, i = word.line, word.i
    if match := _RANGE.fullmatch(word.core) or _SEASON.fullmatch(word.core):
        return match[1], match[2], match[3], 1
    if line.sign(i + 1) not in DASHES or re.search("[,،.;؛()]", line.gaps[i + 1]):
        return None
    match = re.fullmatch(r"([\d.,٫٬]+)(.*)", line.token(i + 1))
    if not match or line.token(i + 2).startswith("="):
        return None
    return re.sub("[%٪]$", "", word.core), match[1], match[2], 2


def _joint(word: NumberWord, first: str, second: str) -> str:
    """What is said between the numbers: nothing in 747-400, which is a name, in scores and in 2022/2023."""
    falls = len(first) == len(second) and first.isdigit() and second.isdigit() and first >= second
    if "/" in word.core or falls:
        return ""
    return "و" if word.before == "بين" else "إلى "


def sum_of(word: NumberWord) -> Reading | None:
    """2+2=4, in one word."""
    parts = _SUM.findall(word.core)
    if "".join(parts) != word.core or len(parts) < 3 or not set(word.core) & set("+=×÷*"):
        return None
    said = []
    for before, part in zip(["", *parts], parts, strict=False):
        number = amount(part)
        case: Case = "genitive" if before in ("÷", "×", "*", "/") else "nominative"
        said.append(number.said(case) if number else _SIGNS.get(part, ""))
    return Reading((word.clitics + " ".join(filter(None, said)),))
