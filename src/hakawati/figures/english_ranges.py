"""English ranges, fractions and sums."""

from __future__ import annotations

import re

from hakawati.figures.english_amounts import NUMBER, Figure, is_four_digits, number, unit_after
from hakawati.figures.english_numbers import fraction, ordinal, year
from hakawati.figures.english_words import MONEY, SHORT_MULTIPLES, SIGNS, UNITS, WRITTEN_MONTHS
from hakawati.figures.line import Line, Reading
from hakawati.figures.money_signs import BEFORE_OR_AFTER
from hakawati.figures.number_signs import FRACTIONS, VULGAR

_MONEY = f"[{BEFORE_OR_AFTER}]?"
_RANGE = re.compile(rf"({_MONEY}(?:{NUMBER})%?)[-–—‑‐]({_MONEY}(?:{NUMBER}))(.*)")
_BELOW = frozenset((*range(2, 11), 12, 16, 20, 32, 64, 100))
"""What fractions are of; 9/11 is none."""
_DASHES = ("-", "–", "—", "‑", "−")
_FIRST = re.compile(rf"{_MONEY}(?:{NUMBER})%?")
_SECOND = re.compile(rf"({_MONEY}(?:{NUMBER}))(.*)")
_SUM = re.compile(r"[+=×÷*/\-−]|[\d.,]*\d|[a-z]")


def fraction_of(figure: Figure) -> Reading | None:
    """1/2, ½ a cup, 2½, 2 1/2."""
    token, line, i = figure.token, figure.line, figure.i
    parts = _fraction_parts(token)
    if parts is None:
        following = _fraction_parts(line.near(i + 1)) if re.fullmatch(r"\d{1,3}", token) else None
        if following is None or following[0]:
            return None
        said = fraction(*following[1:])
        return Reading((number(token), f"and {_a(said)}")) if said else None
    whole, above, below = parts
    said = fraction(above, below)
    if said is None:
        return None
    if whole:
        return Reading((f"{number(whole)} and {_a(said)}",))
    if (above, below) == (1, 2) and figure.after in ("a", "an", "the", "of"):
        return Reading(("half",))
    return Reading((said,))


def _a(said: str) -> str:
    """One half → a half, after a whole number."""
    return re.sub("^one ", "a ", said)


def _fraction_parts(token: str) -> tuple[str, int, int] | None:
    if match := re.fullmatch(rf"(\d*)([{FRACTIONS}])", token):
        return match[1], *VULGAR[match[2]]
    if (match := re.fullmatch(r"(\d{1,2})/(\d{1,3})", token)) and int(match[2]) in _BELOW:
        return "", int(match[1]), int(match[2])
    return None


def interval(figure: Figure) -> Reading | None:
    """10-15, 1940–1944, 50%–60%, $5–$10, June 6–8."""
    sides = _sides(figure)
    if sides is None:
        return None
    first, second, rest, words = sides
    years = is_four_digits(first) and (is_four_digits(second) or len(second) == 2)
    if years and figure.before not in ("pp", "p", "pages"):
        low, high = year(int(first)), year(int(second)) if len(second) == 4 else number(second)
    elif figure.before in WRITTEN_MONTHS and re.fullmatch("[1-9][0-9]? [1-9][0-9]?", f"{first} {second}"):
        low, high = ordinal(int(first)), ordinal(int(second))
    elif first[0] in MONEY and second[0] not in MONEY and not rest:
        low, high = number(first[1:]), f"{number(second)} {MONEY[first[0]][1]}"
    else:
        low, high = _side(first), _side(second)
    unit, count, stop = ("", 1, False) if rest else unit_after(figure.line, figure.i + words - 1)
    if rest:
        high += " " + (UNITS[rest][1] if rest in UNITS else SHORT_MULTIPLES[rest])
    # 747-400 is a name, and 3-1 a score.
    falls = len(first) == len(second) and first.isdigit() and second.isdigit() and first >= second
    forms = (low, high if falls else f"to {high}")
    said = (" ".join(forms),) if words == 1 else forms
    if unit:
        said = (*said, UNITS[unit][1], *[""] * (count - 2))
    return Reading(said, stop=stop)


def _sides(figure: Figure) -> tuple[str, str, str, int] | None:
    """(first number, second number, unit, words) of a range."""
    line, i = figure.line, figure.i
    if match := _RANGE.fullmatch(figure.token):
        first, second, rest, words = match[1], match[2], match[3], 1
    elif line.sign(i + 1) in _DASHES and not re.search(r"[,.;:()]", line.gaps[i + 1]):
        match = _SECOND.fullmatch(line.token(i + 1))
        if not match or not _FIRST.fullmatch(figure.token) or line.token(i + 2).startswith("="):
            return None
        first, second, rest, words = figure.token, match[1], match[2], 2
    else:
        return None
    known = not rest or rest in UNITS or rest in SHORT_MULTIPLES
    return (first, second, rest, words) if known else None


def _side(text: str) -> str:
    match = re.fullmatch(rf"({_MONEY})({NUMBER})(%?)", text)
    if not match:
        return ""
    money = " " + MONEY[match[1]][1] if match[1] else ""
    return number(match[2]) + money + (" percent" if match[3] else "")


def sum_of(line: Line, i: int) -> Reading | None:
    """2+2=4, in one word."""
    token = line.tokens[i]
    parts = _SUM.findall(token)
    if "".join(parts) != token or len(parts) < 3 or not set(token) & set("+=×÷*"):
        return None
    return Reading(
        (" ".join(SIGNS.get(part) or (number(part) if part[-1].isdigit() else part) for part in parts),)
    )
