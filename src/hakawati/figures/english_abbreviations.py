"""English abbreviations and initials in words."""

from __future__ import annotations

import re

from hakawati.figures.abbreviations import (
    ENGLISH_DAYS,
    ENGLISH_MONTHS,
    ENGLISH_REFERENCES,
    ENGLISH_TITLES,
    ENGLISH_WORDS,
)
from hakawati.figures.leftovers import has_figure
from hakawati.figures.line import Line, Reading
from hakawati.figures.roman import roman
from hakawati.figures.word_lists import names

_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_MERIDIEM = re.compile(r"[AaPp]\.?[Mm]")
_NAME = re.compile("[A-Z]")
_WITHOUT_STOP = names("Mr Mrs Ms Dr Prof vs Lt Capt Sgt Col Gen Mme Mlle")
"""What the British write without a full stop."""
_ALSO_WORDS = names("M MM St Ste Mt Ft Fr Hon Rep")
"""What is a title before a name only."""


def read_abbreviation(line: Line, i: int) -> Reading | None:
    """The reading of an abbreviation, if the word is one here."""
    token = line.tokens[i]
    if _MERIDIEM.fullmatch(token) and _after_time(line, i):
        return Reading((f"{token[0].upper()} M",), stop="." in token)
    following = line.token(i + 1)
    if not line.stopped(i) and token not in _WITHOUT_STOP and token.lower() not in ("e.g", "i.e"):
        return _initials(line, i)
    said = _reference(token, following) or _title(line, i) or _date_word(line, i) or _word(token, line, i)
    return Reading((said,), stop=True) if said else _initials(line, i)


def _after_time(line: Line, i: int) -> bool:
    before = line.prior(i)
    return bool(re.match(r"\d", before)) or "." in line.tokens[i]


def _reference(token: str, following: str) -> str:
    numbered = re.match(r"[\d#$£€]", following) or roman(following.upper())
    return ENGLISH_REFERENCES.get(token, "") if numbered else ""


def _title(line: Line, i: int) -> str:
    token, following = line.tokens[i], line.token(i + 1)
    if token == "St" and line.stopped(i) and not _NAME.match(following):
        return "Street" if _NAME.match(line.prior(i)) else ""
    sure = token not in _ALSO_WORDS and line.stopped(i)
    return ENGLISH_TITLES.get(token, "") if sure or _NAME.match(following) else ""


def _date_word(line: Line, i: int) -> str:
    token = line.tokens[i]
    beside = line.token(i + 1)[:1].isdigit() or line.prior(i)[:1].isdigit()
    if token in ENGLISH_MONTHS and beside:
        return ENGLISH_MONTHS[token]
    return ENGLISH_DAYS.get(token, "") if (line.stopped(i) and token not in ("Mon", "Fri")) or beside else ""


def _word(token: str, line: Line, i: int) -> str:
    if token == "al" and line.token(i - 1) != "et":
        return ""
    if token in ("ed", "est", "trans", "Co", "Sq") and i + 1 == len(line) and token != "Co":
        return ""
    if token == "c" and re.fullmatch(r"\d+(?:st|nd|rd|th)", line.prior(i)):
        return "century"
    return ENGLISH_WORDS.get(token, "")


def _initials(line: Line, i: int) -> Reading | None:
    """B.C.E., J.K. Rowling, U.S.: letter by letter; J. Smith without a pause."""
    token = line.tokens[i]
    if _INITIALS.fullmatch(token) and not has_figure(token):
        return Reading((" ".join(token.upper().split(".")),), stop=True)
    single = re.fullmatch("[A-Z]", token) and line.stopped(i) and _NAME.match(line.token(i + 1))
    return Reading((token,), stop=True) if single and token != "I" else None
