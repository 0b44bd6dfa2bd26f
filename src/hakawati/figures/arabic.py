"""Figures and signs of an Arabic sentence in words."""

from __future__ import annotations

import re
from collections.abc import Callable

from hakawati.figures.abbreviations import (
    ARABIC_ORDINAL_REFERENCES,
    ARABIC_PRAYERS,
    ARABIC_REFERENCES,
    ARABIC_TITLES,
    ARABIC_WORDS,
)
from hakawati.figures.arabic_amounts import PERCENT, amount_with_unit
from hakawati.figures.arabic_counting import count_of, ordinal_after
from hakawati.figures.arabic_dates import date, day_of_month, era, phone, time, year
from hakawati.figures.arabic_nouns import ORDINAL_NOUNS, UNITS
from hakawati.figures.arabic_numbers import Case, Noun, ordinal
from hakawati.figures.arabic_ranges import DASHES, fraction_of, interval, said_sign, sum_of
from hakawati.figures.arabic_terms import NumberWord, amount, number_word
from hakawati.figures.leftovers import address, has_figure, spell_out
from hakawati.figures.line import Line, Reading
from hakawati.figures.money_signs import SIGNS
from hakawati.figures.roman import roman
from hakawati.figures.word_lists import names

_RULES: tuple[Callable[[NumberWord], Reading | None], ...] = (
    phone,
    date,
    time,
    fraction_of,
    interval,
    sum_of,
    day_of_month,
    era,
    amount_with_unit,
    ordinal_after,
    year,
    count_of,
)
"""The first that knows what a number is says it."""
_LIGATURES = {
    "ﷺ": "صلى الله عليه وسلم",
    "ﷻ": "جل جلاله",
    "ﷲ": "الله",
    "﷽": "بسم الله الرحمن الرحيم",
    "ﷴ": "محمد",
} | {
    "ﷳ": "أكبر",
    "ﷵ": "صلعم",
    "ﷶ": "رسول",
    "ﷷ": "عليه",
    "ﷸ": "وسلم",
    "ﷹ": "صلى",
    "ﷰ": "صلى",
    "ﷱ": "قلى",
}
_NAMES = {
    "%": "بالمئة",
    "٪": "بالمئة",
    "&": "و",
    "@": "آت",
    "+": "زائد",
    "#": "رقم",
    "=": "يساوي",
} | {
    "°": "درجة",
    "§": "البند",
    "/": "شرطة",
    ".": "نقطة",
    "©": "حقوق النشر",
    "_": "شرطة",
    "²": "تربيع",
    "³": "تكعيب",
    "^": "أس",
}
_NAMES |= {sign: UNITS[sign].one for sign in SIGNS} | {sign: PERCENT[sign] for sign in "‰؉‱؊"}
_MEN_IN_TA = names("أسامة حمزة طلحة معاوية عبيدة خليفة حذيفة عطية رفاعة قتيبة جمعة عكرمة سلامة")
_WOMEN = names("مريم زينب هند سعاد نور دعاء هناء شيماء أسماء إيمان أحلام ليلى سلمى منى هدى نجوى نهى رشا سمر")
_QUEENS = names("إليزابيث اليزابيث كاترين كاثرين ماري كليوباترا ماريا فيكتوريا مارغريت")
_SHORT = frozenset([*ARABIC_WORDS, *ARABIC_PRAYERS, *ARABIC_ORDINAL_REFERENCES, *ARABIC_REFERENCES])
_LETTER = re.compile("[\u0621-\u064a]")
_PLAIN_WORD = re.compile("[\u0621-\u064a]{2,}")


def read(line: Line) -> list[tuple[int, Reading]]:
    """The readings of a sentence's figures, signs and abbreviations, each at its first word."""
    found: list[tuple[int, Reading]] = []
    case: Case | None = None
    i = 0
    while i < len(line):
        number = number_word(line, i, case)
        reading = _read_number(number) if number else _read_word(line, i)
        if number:
            case = number.case
        if reading:
            found.append((i, reading))
        i += len(reading.forms) if reading else 1
    return found


def _read_number(word: NumberWord) -> Reading | None:
    reading = next((found for rule in _RULES if (found := rule(word))), None)
    if reading is None:
        reading = _read_hashtag(word) or spell_out(word.line, word.i, _NAMES, _said)
    sign = word.line.sign(word.i)
    if reading is None or not sign or reading.sign:
        return reading
    after_number = has_figure(word.line.token(word.i - 1))
    between_numbers = after_number and word.line.token(word.i + 1)[:1] == "="
    name = said_sign(sign) if sign not in ("-", "−", "–", "/", "*") or between_numbers else ""
    if after_number and not name and sign in DASHES:
        name = "إلى"
    return _with_head(reading, f"{name} ", sign=True) if name else reading


def _with_head(reading: Reading, head: str, *, sign: bool = False) -> Reading:
    first, *others = reading.forms
    return Reading((head + first, *others), sign, reading.stop, reading.merged, reading.closing)


def _said(digits: str) -> str:
    number = amount(digits)
    return number.said("nominative") if number else ""


def _read_hashtag(word: NumberWord) -> Reading | None:
    match = re.fullmatch(r"#(\d+)", word.core)
    number = "" if word.before in ("رقم", "الرقم") else "رقم "
    return Reading((f"{word.clitics}{number}{_said(match[1])}",)) if match else None


def _read_word(line: Line, i: int) -> Reading | None:
    token, printed = line.tokens[i], line.printed[i]
    if printed in _LIGATURES:
        return Reading((_LIGATURES[printed],))
    if _PLAIN_WORD.fullmatch(token) and token not in _SHORT and not line.stopped(i):
        return _article(line, i)
    if token == "&":
        following = "" if i + 1 == len(line) or has_figure(line.tokens[i + 1]) else line.printed[i + 1]
        return Reading(("", "و" + following)) if following else Reading(("و",))
    return (
        _article(line, i)
        or _roman(line, i)
        or _prayer(line, i)
        or _reference(line, i)
        or _abbreviation(line, i)
        or _unit_alone(line, i)
        or _hashtag(line, i)
        or address(line, i, _NAMES, _said)
        or spell_out(line, i, _NAMES, _said)
    )


def _hashtag(line: Line, i: int) -> Reading | None:
    token = line.tokens[i]
    if not token.startswith("#") or len(token) == 1 or has_figure(token[1:]):
        return None
    return Reading((f"هاشتاغ {token[1:]}",))


def _article(line: Line, i: int) -> Reading | None:
    """الـ before a number or a Roman numeral, as a word of its own."""
    if line.tokens[i] not in ("ال", "وال", "بال") or i + 1 >= len(line):
        return None
    following = line.token(i + 1)
    return Reading((line.tokens[i][:-2],)) if following[:1].isdigit() or roman(following) else None


def _roman(line: Line, i: int) -> Reading | None:
    number = roman(line.tokens[i].removeprefix("ال"))
    at = i - 2 if line.token(i - 1) == "ال" else i - 1
    noun = line.token(at)
    if not number or not _LETTER.search(noun):
        return None
    queen = line.token(at - 1) in ("الملكة", "الإمبراطورة", "القيصرة") or noun in _QUEENS
    feminine = ORDINAL_NOUNS.get(noun, queen or (noun.startswith("ال") and noun.endswith("ة")))
    case: Case = "genitive" if line.token(at - 1) in ("في", "من", "إلى", "عن", "على", "منذ") else "nominative"
    said = ordinal(number, feminine=feminine, case=case)
    return Reading((said,)) if said else None


def _prayer(line: Line, i: int) -> Reading | None:
    """(ص), after the Prophet's name."""
    said = ARABIC_PRAYERS.get(line.tokens[i])
    inside = line.gaps[i].endswith("(") and line.gaps[i + 1].startswith(")")
    return Reading((said,), merged=True, closing=True) if said and inside and i else None


def _reference(line: Line, i: int) -> Reading | None:
    """ص. 15, ج 2, ط. 3."""
    token = line.tokens[i]
    number = re.fullmatch(r"(\d+)(?:[-–].*)?", line.token(i + 1))
    if not number or line.gaps[i + 1].strip() not in ("", ".", ":"):
        return None
    if token in ARABIC_REFERENCES:
        several = token == "ص" and number[1] != line.token(i + 1)
        return Reading(("الصفحات" if several else ARABIC_REFERENCES[token],), stop=True)
    if token == "ت" and len(number[1]) > 2:
        return Reading((ARABIC_WORDS["ت"],), stop=True)
    if token not in ARABIC_ORDINAL_REFERENCES or number[1] != line.token(i + 1):
        return None
    noun, feminine = ARABIC_ORDINAL_REFERENCES[token]
    said = ordinal(int(number[1]), feminine=feminine) if len(number[1]) < 4 else None
    return Reading((noun, said), stop=False) if said else None


def _abbreviation(line: Line, i: int) -> Reading | None:
    token = line.tokens[i]
    clitic, core = (token[:1], token[1:]) if token[:1] == "و" and token[1:] else ("", token)
    if token in ARABIC_WORDS and token != "ت":
        return Reading((ARABIC_WORDS[token],), stop=True)
    if core in ARABIC_TITLES and line.stopped(i) and _LETTER.match(line.token(i + 1)):
        name = line.token(i + 1)
        woman = name in _WOMEN or (name.endswith("ة") and name not in _MEN_IN_TA)
        return Reading((clitic + ARABIC_TITLES[core][woman],), stop=True)
    return None


def _unit_alone(line: Line, i: int) -> Reading | None:
    """A unit without a number: كم/س is in the text as such."""
    noun: Noun | None = UNITS.get(line.tokens[i])
    if noun is None or not re.search(r"\W", line.tokens[i]):
        return None
    return Reading((noun.one,), stop="." in line.tokens[i])
