"""English numbers with what they measure: money, units, percent, ranges, sums, fractions, plain numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hakawati.figures.abbreviations import ENGLISH_MONTHS
from hakawati.figures.english_numbers import (
    LARGEST,
    cardinal,
    decade,
    decimal,
    ordinal,
    plural_tens,
    spelt,
    year,
)
from hakawati.figures.english_words import (
    ABOUT_A_YEAR,
    COINS,
    COUNTED,
    ERAS,
    MONEY,
    MONTHS,
    MULTIPLES,
    SHORT_MULTIPLES,
    STOPPED_UNITS,
    UNITS,
    UNITS_WITH_STOP_ONLY,
)
from hakawati.figures.leftovers import has_figure
from hakawati.figures.line import Line, Reading
from hakawati.figures.money_signs import BEFORE_OR_AFTER
from hakawati.figures.word_lists import CODES

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
PARTS = re.compile(rf"((?:US|A|C)?[{BEFORE_OR_AFTER}]|[#+~])?({NUMBER})(.*)")
_COMPOUND = re.compile(r"(\d{1,4}(?:st|nd|rd|th)?|\d{1,3}(?:,\d{3})+)-([^\W\d].*)")
_PHONE_WORDS = re.compile("(?:[Cc]all|[Pp]hone|[Tt]el|[Tt]elephone|[Ff]ax|[Mm]obile|[Dd]ial|[Rr]ing)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A word that begins like a number, and where it is."""

    line: Line
    i: int

    @property
    def token(self) -> str:
        """The word."""
        return self.line.token(self.i)

    @property
    def before(self) -> str:
        """The word before it."""
        return self.line.token(self.i - 1)

    @property
    def after(self) -> str:
        """The word after it, if nothing but white space is between."""
        return self.line.near(self.i + 1)

    @property
    def minus(self) -> bool:
        """Whether a minus sign stands right before it."""
        gap = self.line.gaps[self.i]
        return bool(re.search(r"[\s(][-−–]$", gap if self.i else f" {gap}"))


def number(text: str) -> str:
    """A number of any length in words."""
    whole, _, digits = re.sub("[,٬]", "", text).replace("٫", ".").partition(".")
    if digits:
        return (
            decimal(int(whole or "0"), digits)
            if len(whole) <= 15
            else f"{spelt(whole)} point {spelt(digits)}"
        )
    if len(whole) > 15 or (len(whole) > 1 and whole[0] == "0"):
        return spelt(whole)
    return cardinal(int(whole)) if int(whole) < LARGEST else spelt(whole)


def phone(figure: Figure) -> Reading | None:
    """+1 (555) 123-4567, digit by digit."""
    line, i = figure.line, figure.i
    if not re.fullmatch(r"\+?\d[\d\-]*", figure.token):
        return None
    called = any(_PHONE_WORDS.fullmatch(line.token(k)) for k in (i - 1, i - 2, i - 3) if k >= 0)
    called = (called or figure.before in CODES) and len(figure.token) > 1
    alone = re.fullmatch(r"\d{3}-\d{4}|(?:\d-)?\d{3}-\d{3}-\d{4}|\+\d[\d\-]{5,}|0\d{6,}", figure.token)
    split = re.fullmatch(r"\+\d{1,3}", figure.token) and re.match(r"\d{2}", line.token(i + 1))
    area = re.fullmatch(r"\d{3}", figure.token) and re.fullmatch(r"\d{3}-\d{4}", line.token(i + 1))
    if not (alone or split or called or area):
        return None
    forms = [_digits(figure.token)]
    end = i + 1
    while not alone and re.fullmatch(r"[\d\-]+", line.token(end)) and not re.search("[.,;:]", line.gaps[end]):
        forms.append(_digits(line.token(end)))
        end += 1
    return Reading((" ".join(forms), *[""] * (len(forms) - 1)), merged=len(forms) > 1)


def _digits(text: str) -> str:
    return ("plus " if text.startswith("+") else "") + spelt(re.sub(r"\D", "", text))


def amount(figure: Figure) -> Reading | None:
    """Money, units and percent."""
    match = PARTS.fullmatch(figure.token)
    if not match or match[1] == "~":
        return None
    sign, digits, rest = match[1] or "", match[2], match[3]
    minus = "minus " if figure.minus else ""
    if sign in MONEY:
        return _money(figure, sign, digits, rest)
    head = minus + {"#": "number ", "+": "plus "}.get(sign, "") + number(digits)
    if rest in UNITS:
        return Reading((f"{head} {_form(UNITS[rest], digits)}",), sign=figure.minus)
    if rest in ("k", "K", "mn", "bn", "tn") and not sign:
        return Reading((f"{head} {SHORT_MULTIPLES[rest]}",), sign=figure.minus)
    unit, count, stop = ("", 1, False) if rest else unit_after(figure.line, figure.i)
    if not unit:
        return Reading((head,)) if sign == "#" and not rest else None
    forms = (head, _form(UNITS[unit], digits), *[""] * (count - 2))
    return Reading(forms, sign=figure.minus, stop=stop)


def _form(names: tuple[str, str], digits: str) -> str:
    return names[0] if digits == "1" else names[1]


def unit_after(line: Line, i: int) -> tuple[str, int, bool]:
    """(unit, words with the number, whether a full stop is part of it) of the words after word `i`."""
    unit = line.near(i + 1)
    if line.sign(i + 2) == "/" and f"{unit}/{line.token(i + 2)}" in UNITS:
        return f"{unit}/{line.token(i + 2)}", 3, False
    stopped = bool(unit) and line.stopped(i + 1)
    if unit not in UNITS or (unit in UNITS_WITH_STOP_ONLY and not stopped) or unit == "p":
        return "", 1, False
    return unit, 2, stopped and unit in STOPPED_UNITS


def _money(figure: Figure, sign: str, digits: str, rest: str) -> Reading | None:
    one, many = MONEY[sign]
    multiple = SHORT_MULTIPLES.get(rest, "")
    minus = "minus " if figure.minus else ""
    article = figure.before in ("a", "an", "A", "An")
    if rest and not multiple:
        return None
    noun = one if article or (digits == "1" and not multiple) else many
    if multiple:
        return Reading((f"{minus}{number(digits)} {multiple} {noun}",), sign=figure.minus)
    if figure.after in MULTIPLES:
        name = one if article else many
        return Reading((minus + number(digits), f"{figure.after} {name}"), sign=figure.minus)
    whole, _, cents = digits.partition(".")
    if len(cents) != 2:
        return Reading((f"{minus}{number(digits)} {noun}",), sign=figure.minus)
    coins = number(str(int(cents))) if int(cents) else ""
    if not int(whole.replace(",", "") or "0") and coins:
        named = f"{coins} {COINS[sign]}" if sign in COINS else f"{number(digits)} {many}"
        return Reading((minus + named,), sign=figure.minus)
    said = f"{number(whole)} {one if whole == '1' else many}"
    return Reading((f"{minus}{said} {coins}".strip(),), sign=figure.minus)


def is_four_digits(text: str) -> bool:
    """Whether a number may be a year: 1000 to 2199, written without a sign."""
    return bool(re.fullmatch(r"1\d{3}|2[01]\d{2}", text))


def suffixed(figure: Figure) -> Reading | None:
    """1st, 1940s, ’20s, 12th-century, 20-year-old."""
    if (match := _COMPOUND.fullmatch(figure.token)) and not has_figure(match[2]):
        head = match[1]
        said = ordinal(int(head[:-2])) if head[-2:].isalpha() else number(head)
        if is_four_digits(head):
            said = year(int(head))
        return Reading((f"{said}-{UNITS.get(match[2], (match[2],))[0]}",))
    if match := re.fullmatch(r"(\d{1,15}|\d{1,3}(?:,\d{3})+)(?:st|nd|rd|th)", figure.token):
        said = ordinal(int(match[1].replace(",", "")))
        of = " of" if figure.after in MONTHS and figure.before == "the" else ""
        return Reading((said + of,))
    if match := re.fullmatch(r"(\d{1,3}0)['’]?s", figure.token):
        value = int(match[1])
        said = plural_tens(value) if value < 100 else decade(value)
        return Reading((said,), sign=bool(re.search("['’‘]$", figure.line.gaps[figure.i])))
    return None


def plain(figure: Figure) -> Reading | None:
    """A number alone: a year, or so many."""
    token, line, i = figure.token, figure.line, figure.i
    match = re.fullmatch(rf"~?({NUMBER})", token)
    if not match:
        return None
    if re.search(r"(?:^|[\s(])\.$", line.gaps[i]) and token.isdigit():
        return Reading((f"zero point {spelt(token)}",), sign=True)
    head = "about " if token[0] == "~" else "minus " if figure.minus else ""
    era = line.near(i + 1) in ERAS or figure.before in ERAS
    if token.isdigit() and token[0] != "0" and ((era and len(token) <= 4) or _is_year(figure)):
        return Reading((head + year(int(token)),), sign=figure.minus)
    return Reading((head + number(match[1]),), sign=figure.minus)


def _is_year(figure: Figure) -> bool:
    if not is_four_digits(figure.token):
        return False
    after = figure.after
    if after in MULTIPLES or (figure.before in ("number", "No", "page", "pages", "p", "pp")):
        return False
    if figure.before.lower() in ABOUT_A_YEAR and after not in COUNTED:
        return True
    if figure.before in MONTHS or figure.before in ENGLISH_MONTHS:
        return True
    return not (
        after in COUNTED or (after.isalpha() and len(after) > 3 and after.endswith("s") and after.islower())
    )
