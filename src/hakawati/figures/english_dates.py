"""English dates and times in words."""

from __future__ import annotations

import re

from hakawati.figures.english_amounts import Figure
from hakawati.figures.english_numbers import cardinal, ordinal, year
from hakawati.figures.english_words import MONTHS, WRITTEN_MONTHS
from hakawati.figures.line import Reading
from hakawati.figures.word_lists import names

_DATE = re.compile(r"(\d{1,2})[/\-.](\d{1,2})[/\-.](\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})([ap]m)?")
_DAY = re.compile(r"\d{1,2}")
MERIDIEMS = names("am pm a.m p.m AM PM A.M P.M")


def date(figure: Figure) -> Reading | None:
    """19/8/1944, 8/19/1944, 1944-08-19. Where both orders may be, the day comes first."""
    if match := _DATE.fullmatch(figure.token):
        number, month, written = map(int, match.groups())
        if month > 12:
            number, month = month, number
    elif match := _ISO_DATE.fullmatch(figure.token):
        written, month, number = map(int, match.groups())
    else:
        return None
    if not (1 <= number <= 31 and 1 <= month <= 12):
        return None
    the = "" if figure.before == "the" else "the "
    return Reading((f"{the}{ordinal(number)} of {MONTHS[month - 1]} {year(written) if written else 'zero'}",))


def day(figure: Figure) -> Reading | None:
    """19 August, August 19, 6–8 June."""
    if not _DAY.fullmatch(figure.token) or not 1 <= int(figure.token) <= 31:
        return None
    said = ordinal(int(figure.token))
    if figure.after in WRITTEN_MONTHS and figure.before not in WRITTEN_MONTHS:
        the = "" if figure.before in ("the", "The") else "the "
        return Reading((f"{the}{said} of",))
    before = figure.line.gaps[figure.i].strip() in ("", ".")
    return Reading((said,)) if figure.before in WRITTEN_MONTHS and before else None


def time(figure: Figure) -> Reading | None:
    """10:30, 10:30pm, 10pm, 9:00."""
    if match := re.fullmatch(r"(\d{1,2})([ap])\.?m", figure.token, re.IGNORECASE):
        return Reading((f"{cardinal(int(match[1]))} {match[2].upper()} M",))
    match = _TIME.fullmatch(figure.token)
    meridiem = (match and match[3]) or figure.after
    if not match or int(match[1]) > 24 or int(match[2]) > 59:
        return None
    if "." in figure.token and meridiem not in MERIDIEMS:
        return None
    hour, minute = int(match[1]), int(match[2])
    said = cardinal(hour)
    if minute:
        said += f" oh {cardinal(minute)}" if minute < 10 else f" {cardinal(minute)}"
    elif meridiem not in MERIDIEMS:
        said += " hundred" if hour > 12 else " o'clock"
    return Reading((f"{said} {match[3][0].upper()} M" if match[3] else said,))
