"""Arabic dates, times, years and telephone numbers."""

from __future__ import annotations

import re

from hakawati.figures.arabic_context import looks_accusative, noun_after
from hakawati.figures.arabic_nouns import HIJRI_MONTHS, MINUTE, MONTH_NAMES, MONTHS
from hakawati.figures.arabic_numbers import Case, cardinal, counted, ordinal, spelt
from hakawati.figures.arabic_terms import NumberWord, amount, is_multiple
from hakawati.figures.line import Line, Reading
from hakawati.figures.word_lists import CODES, names

_DATE = re.compile(r"(\d{1,2})[/\-.](\d{1,2})[/\-.](\d{3,4})")
_ISO_DATE = re.compile(r"(\d{4})[/\-.](\d{1,2})[/\-.](\d{1,2})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_QUARTERS = {0: "", 15: " والربع", 20: " والثلث", 30: " والنصف"}
_HOUR_WORDS = frozenset(("الساعة", "والساعة", "ساعة"))
_YEAR_NOUNS = {"عام": False, "عامي": False, "العام": False, "أعوام": False, "الأعوام": False} | {
    "سنة": True,
    "السنة": True,
    "سنتي": True,
    "سنوات": True,
}
_YEAR_PREPOSITIONS = names("في منذ حتى قبل بعد إلى من بين خلال ومنذ وحتى وفي")
_PHONE_WORD = re.compile(
    "(?:ال|بال|لل|و)?(?:هاتف|تلفون|جوال|موبايل|محمول|فاكس|واتساب|هواتف)(?:ه|ها|ي|نا|هم)?"
)
_PHONE = re.compile(r"\+?[\d\-()]+")
_PHONE_ALONE = re.compile(r"\+\d[\d\-]{3,}|00\d{6,}|0\d{7,}|0\d{1,3}-\d[\d\-]{4,}|\d{2,4}-\d{3,4}-\d{3,5}")
_HIJRI, _COMMON = ("ه", "هجري", "هجرية"), ("م",)
_ERAS = {"ق.م": "قبل الميلاد", "ب.م": "بعد الميلاد", "ق.ه": "قبل الهجرة"}
_LENGTHS = re.compile("(?:[وبلف]|ال)?(?:ارتفاع|طول|مسافة|عمق|عرض|بعد|سباق|قطر|علو|سمك)(?:ه|ها)?")


def date(word: NumberWord) -> Reading | None:
    """19/8/1944, 1944-08-19; also with marks that part it into words."""
    if match := _DATE.fullmatch(word.core):
        day, month, year = map(int, match.groups())
    elif match := _ISO_DATE.fullmatch(word.core):
        year, month, day = map(int, match.groups())
    else:
        return _date_in_words(word)
    if not _is_date(day, month):
        return None
    if word.line.near(word.i + 1) in _HIJRI:
        said, _, of_year = _date(word, day, month, year)
        head = f"{word.clitics}{said} من {HIJRI_MONTHS[month - 1]} {of_year}"
        return Reading((head, "للهجرة"), stop=word.line.stopped(word.i + 1))
    return Reading((word.clitics + " ".join(_date(word, day, month, year)),))


def _is_date(day: int, month: int) -> bool:
    return 1 <= day <= 31 and 1 <= month <= 12


def _date(word: NumberWord, day: int, month: int, year: int) -> tuple[str, str, str]:
    said = ordinal(day, feminine=False, case=_day_case(word)) or ""
    return said, f"من {MONTHS[month - 1]}", f"عام {cardinal(year, case='genitive')}"


def _date_in_words(word: NumberWord) -> Reading | None:
    line, i = word.line, word.i
    if line.sign(i + 1) not in ("/", "-") or line.sign(i + 2) != line.sign(i + 1):
        return None
    parts = (word.core, line.token(i + 1), line.token(i + 2))
    if not re.fullmatch(r"\d{1,2} \d{1,2} \d{3,4}", " ".join(parts)):
        return None
    day, month, year = map(int, parts)
    if not _is_date(day, month):
        return None
    first, second, third = _date(word, day, month, year)
    return Reading((word.clitics + first, second, third))


def _day_case(word: NumberWord) -> Case:
    """A day depends on what stands before it, or says when: its letters are the same then."""
    begins = not word.before or set(word.line.gaps[word.i].strip()) & set(".:؛!?؟")
    return "nominative" if begins and not word.clitics else "genitive"


def day_of_month(word: NumberWord) -> Reading | None:
    """19 أغسطس, الـ25 من يناير."""
    number = amount(word.core)
    if number is None or not number.countable or not 1 <= number.whole <= 31:
        return None
    after = word.line.near(word.i + 1)
    joined = after == "من" and word.line.near(word.i + 2) in MONTH_NAMES
    if after not in MONTH_NAMES and not joined:
        return None
    said = ordinal(number.whole, feminine=False, case=_day_case(word))
    return Reading((word.clitics + (said or "") + ("" if joined else " من"),))


def time(word: NumberWord) -> Reading | None:
    """10:30, and the hour alone after الساعة."""
    after_hour = word.before in _HOUR_WORDS
    if match := _TIME.fullmatch(word.core):
        hour, minute = int(match[1]), int(match[2])
    elif after_hour and (number := amount(word.core)) and number.countable:
        hour, minute = number.whole, 0
    else:
        return None
    if hour > 24 or minute > 59:
        return None
    said = ordinal(hour or 12, feminine=True, case="genitive") or ""
    said = "الواحدة" if hour == 1 else said
    rest = _QUARTERS.get(minute)
    if rest is None:
        minutes = {1: MINUTE.one, 2: MINUTE.dual("nominative")}.get(minute)
        rest = f" و{minutes or counted(minute, MINUTE, 'nominative')}"
    return Reading((word.clitics + said + rest,))


def year(word: NumberWord) -> Reading | None:
    """A year is in the genitive: في عام 1944, أزمة 2008, (1944)."""
    number = amount(word.core)
    if number is None or not number.countable or not re.fullmatch(r"\d{1,4}", word.core):
        return None
    noun = word.before
    if noun in _YEAR_NOUNS:
        return Reading((word.clitics + cardinal(number.whole, feminine=_YEAR_NOUNS[noun], case="genitive"),))
    joined = word.clitics in ("و", "ف") and _has_year_noun(word.line, word.i)
    if not joined and not _is_year(word):
        return None
    return Reading((word.clitics + cardinal(number.whole, case="genitive"),))


def _has_year_noun(line: Line, i: int) -> bool:
    return any(line.token(k) in ("عامي", "سنتي", "أعوام", "الأعوام") for k in range(max(0, i - 4), i))


def looks_like_year(core: str) -> bool:
    """Four digits, without a sign between them, of the last thousand years or the next hundred."""
    return bool(re.fullmatch(r"1\d{3}|2[01]\d{2}", core))


def _is_year(word: NumberWord) -> bool:
    if word.definite or not looks_like_year(word.core):
        return False
    noun = noun_after(word.line, word.i)
    if not noun or noun in MONTH_NAMES:
        return True
    number = int(word.core)
    last = number % 100
    named = word.before in _YEAR_PREPOSITIONS or word.before in MONTH_NAMES
    if is_multiple(noun):
        return False
    return named and (
        (last >= 11 and not looks_accusative(noun)) or (last < 11 and word.before in ("في", "منذ"))
    )


def phone(word: NumberWord) -> Reading | None:
    """A telephone number, digit by digit, with the groups of digits that follow."""
    line, i = word.line, word.i
    if not _PHONE.fullmatch(word.core):
        return None
    dialled = line.token(i - 2).startswith("اتصل") and line.token(i - 1) in ("على", "بالرقم", "برقم")
    called = (
        dialled
        or line.token(i - 1) in CODES
        or any(_PHONE_WORD.fullmatch(line.token(k)) for k in (i - 1, i - 2, i - 3))
    )
    alone = _PHONE_ALONE.fullmatch(word.core)
    split = re.fullmatch(r"\+\d{1,3}", word.core) and re.match(r"\d{2}", line.token(i + 1))
    if not alone and not split and not (called and len(re.sub(r"\D", "", word.core)) > 1):
        return None
    forms = [word.clitics + _digits(word.core)]
    end = i + 1
    while (called or split or word.core[0] == "+") and re.fullmatch(r"[\d\-]+", line.token(end)):
        if re.search(r"[،,.;؛:]", line.gaps[end]):
            break
        forms.append(_digits(line.token(end)))
        end += 1
    return Reading(tuple(forms))


def _digits(text: str) -> str:
    return ("زائد " if text.startswith("+") else "") + spelt(re.sub(r"\D", "", text))


def era(word: NumberWord) -> Reading | None:
    """1445 هـ, 1944م, 600 ق.م."""
    match = re.fullmatch(r"(\d{1,4})(ه|م)?", word.core)
    if not match:
        return None
    line, i = word.line, word.i
    name = match[2] or line.near(i + 1)
    number = int(match[1])
    if name in _HIJRI[:1]:
        said = "للهجرة"
    elif name in _COMMON and _is_common_era(word, number, attached=bool(match[2])):
        said = "للميلاد"
    elif name in _ERAS and not match[2]:
        said = _ERAS[name]
    else:
        return None
    feminine = word.before == "سنة"
    if word.before.endswith("القرن"):
        head = ordinal(number, feminine=False, case="genitive") or cardinal(number, case="genitive")
    else:
        head = cardinal(number, feminine=feminine, case="genitive")
    if match[2]:
        return Reading((f"{word.clitics}{head} {said}",), stop=line.stopped(i) and len(line) > i + 1)
    return Reading((word.clitics + head, said), stop=line.stopped(i + 1))


def _is_common_era(word: NumberWord, number: int, *, attached: bool) -> bool:
    if _LENGTHS.fullmatch(word.before) or not 100 <= number <= 2200:
        return False
    year = word.before in ("عام", "سنة", "في", "منذ", "حتى", "بين", "عامي") or not word.before
    return year or number >= 1000 or (attached and not word.before[:1].isdigit())
