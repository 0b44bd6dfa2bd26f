"""Figures, signs and abbreviations of an English sentence in words."""

from __future__ import annotations

import re
from collections.abc import Callable

from hakawati.figures.abbreviations import ENGLISH_REFERENCES
from hakawati.figures.english_abbreviations import read_abbreviation
from hakawati.figures.english_amounts import Figure, amount, number, phone, plain, suffixed
from hakawati.figures.english_dates import MERIDIEMS, date, day, time
from hakawati.figures.english_numbers import cardinal, ordinal
from hakawati.figures.english_ranges import fraction_of, interval, sum_of
from hakawati.figures.english_words import CARDINAL_HEADS, MULTIPLES, NAMES, RULERS, SIGNS
from hakawati.figures.leftovers import address, has_figure, spell_out
from hakawati.figures.line import Line, Reading
from hakawati.figures.money_signs import BEFORE_OR_AFTER
from hakawati.figures.number_signs import FRACTIONS
from hakawati.figures.roman import roman
from hakawati.figures.word_lists import names

_RULES: tuple[Callable[[Figure], Reading | None], ...] = (
    phone,
    date,
    time,
    fraction_of,
    interval,
    suffixed,
    day,
    amount,
    plain,
)
"""The first that knows what a number is says it."""
_FIRST = re.compile(rf"['’]?(?:US|[AC])?[{BEFORE_OR_AFTER}#+~]?(?:[\d{FRACTIONS}]|\.\d)")
_ORDINARY = re.compile("[A-Za-z]?[a-z]+(?:['’][a-z]+)?")
_CAPITALISED = re.compile("[A-Z][^\\W\\d_]*[^\\W\\d_A-Z](?:['’-][^\\W\\d_]+)*")
_NUMBERED = names("p pp page pages ch chapter chapters scene part book canto vol volume")
_SMALL_NUMERAL = re.compile("[ivxlc]+")


def read(line: Line) -> list[tuple[int, Reading]]:
    """The readings of a sentence's figures, signs and abbreviations, each at its first word."""
    found: list[tuple[int, Reading]] = []
    i = 0
    while i < len(line):
        reading = _read_number(Figure(line, i)) if _FIRST.match(line.tokens[i]) else _read_word(line, i)
        if reading:
            found.append((i, reading))
        i += len(reading.forms) if reading else 1
    return found


def _read_number(figure: Figure) -> Reading | None:
    line, i = figure.line, figure.i
    reading = next((found for rule in _RULES if (found := rule(figure))), None)
    reading = reading or sum_of(line, i) or spell_out(line, i, NAMES, number)
    sign = line.sign(i)
    if reading is None or not sign or reading.sign:
        return reading
    after_number = has_figure(line.token(i - 1)) or line.token(i - 1) in MERIDIEMS
    counted = after_number and line.token(i + 1)[:1] == "="
    name = SIGNS.get(sign, "") if counted or sign not in ("-", "−", "–", "/", "*") else ""
    if (after_number or line.token(i - 1) in MULTIPLES) and not name and sign in ("-", "–", "—"):
        name = "to"
    if sign == "×" and len(reading.forms) > 1:
        name = "by"
    if not name:
        return reading
    first, *others = reading.forms
    return Reading((f"{name} {first}", *others), True, reading.stop, reading.merged)


def _read_word(line: Line, i: int) -> Reading | None:
    token = line.tokens[i]
    if (numeral := _page(line, i)) is not None:
        return numeral
    if (
        _ORDINARY.fullmatch(token)
        and line.gaps[i + 1][:3] != "://"
        and not line.stopped(i)
        and not (token == "vs" or len(token) < 2)
    ):
        return None
    return (
        _roman(line, i)
        or read_abbreviation(line, i)
        or _hyphened(line, i)
        or _unit_sign(line, i)
        or address(line, i, NAMES, number)
        or spell_out(line, i, NAMES, number)
    )


def _roman(line: Line, i: int) -> Reading | None:
    """Louis XIV, World War II, Chapter IV."""
    token, before = line.tokens[i], line.prior(i)
    match = re.fullmatch(r"([IVXLCDM]+)(['’]s)?", token)
    value = roman(match[1]) if match else None
    if match is None or value is None:
        return None
    owner = "'s" if match[2] else ""
    if line.near(i + 1) in ("century", "centuries"):
        return Reading((ordinal(value),))
    reference = line.token(i - 1) in ENGLISH_REFERENCES and line.gaps[i].strip() == "."
    if reference or CARDINAL_HEADS.fullmatch(before):
        return Reading((cardinal(value) + owner,))
    ruler = before in RULERS or (len(match[1]) > 1 and _CAPITALISED.fullmatch(before))
    return Reading((f"the {ordinal(value)}{owner}",)) if ruler else None


def _page(line: Line, i: int) -> Reading | None:
    """The roman numerals of pages and scenes: p. xiv, pp. xi–xv, scene ii."""
    token = line.tokens[i]
    value = roman(token.upper()) if _SMALL_NUMERAL.fullmatch(token) else None
    if not value:
        return None
    if line.token(i - 1) in _NUMBERED:
        return Reading((cardinal(value),))
    ranged = (
        line.sign(i) in ("-", "–") and line.token(i - 2) in _NUMBERED and roman(line.token(i - 1).upper())
    )
    return Reading((f"to {cardinal(value)}",), sign=True) if ranged else None


def _hyphened(line: Line, i: int) -> Reading | None:
    """Mid-1940s, post-1945: a number behind a hyphen."""
    head, hyphen, rest = line.tokens[i].partition("-")
    if not hyphen or not head.isalpha() or not rest[:1].isdigit():
        return None
    part = Line(rest, ())
    part.tokens, part.printed, part.gaps = [rest], [rest], ["", ""]
    reading = suffixed(Figure(part, 0)) or plain(Figure(part, 0))
    return Reading((f"{head} {reading.forms[0]}",)) if reading else None


def _unit_sign(line: Line, i: int) -> Reading | None:
    """A sign as a word of its own, + and =; #word."""
    token = line.tokens[i]
    if token.startswith("#") and len(token) > 1 and not has_figure(token[1:]):
        return Reading((f"hashtag {token[1:]}",))
    name = SIGNS.get(line.tokens[i])
    return Reading((name,)) if name and i else None
