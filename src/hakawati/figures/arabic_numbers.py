"""Arabic numbers in words, without vowels: what gender, case and construct decide in the letters.

The rules are those of the classical grammar of numbers (W. Wright, A Grammar of the Arabic Language, volume I
§§ 318–328, volume II §§ 95–109; K. C. Ryding, A Reference Grammar of Modern Standard Arabic, chapter 15):
3 to 10 take the gender that the counted noun has not, and it is a plural in the genitive; with 11 to 99 it is
a singular in the accusative, with hundreds and thousands one in the genitive; 1 and 2 agree with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hakawati.figures.word_lists import in_order

Case = Literal["nominative", "accusative", "genitive"]
LARGEST = 10**15
"""From here on a number is said digit by digit."""

_UNITS = in_order("صفر واحد اثنان ثلاث أربع خمس ست سبع ثماني تسع عشر")
_TENS = in_order("_ _ عشر ثلاث أربع خمس ست سبع ثمان تسع")
_HUNDREDS = in_order("_ مئة مئتان ثلاثمئة أربعمئة خمسمئة ستمئة سبعمئة ثمانمئة تسعمئة")
_POWERS = (
    (10**12, "تريليون", "تريليونات", "تريليونا"),
    (10**9, "مليار", "مليارات", "مليارا"),
    (10**6, "مليون", "ملايين", "مليونا"),
    (10**3, "ألف", "آلاف", "ألفا"),
)
_ORDINALS = in_order("_ أول ثاني ثالث رابع خامس سادس سابع ثامن تاسع عاشر")
_FRACTIONS = {3: ("ثلث", "أثلاث"), 4: ("ربع", "أرباع"), 5: ("خمس", "أخماس"), 6: ("سدس", "أسداس")} | {
    7: ("سبع", "أسباع"),
    8: ("ثمن", "أثمان"),
    9: ("تسع", "أتساع"),
    10: ("عشر", "أعشار"),
}


@dataclass(frozen=True, slots=True)
class Noun:
    """What is counted: singular, plural and accusative singular, each perhaps with an adjective."""

    one: str
    many: str
    accusative: str
    feminine: bool = False
    tail: str = ""
    """What follows, whatever the number: في الساعة."""

    def dual(self, case: Case, *, construct: bool = False) -> str:
        """Two of it; in the construct state, if another noun follows."""
        ending = "ا" if case == "nominative" else "ي"
        feminine = self.feminine and self.one.endswith("ا")
        one = self.one + "ة" if feminine else self.one  # نايرا, نايراتان
        stems = [word[:-1] + "ت" if word.endswith("ة") else word for word in one.split()]
        return " ".join(stem + ending + ("" if construct else "ن") for stem in stems)


def cardinal(
    number: int, *, feminine: bool = False, case: Case = "nominative", construct: bool = False
) -> str:
    """A number below `LARGEST`. `feminine`: what is counted is; `construct`: it follows, in the genitive."""
    if number == 0:
        return _UNITS[0]
    parts: list[str] = []
    rest = number
    for power, one, many, accusative in _POWERS:
        count, rest = divmod(rest, power)
        if count:
            parts.append(_power(count, (one, many, accusative), case, bound=construct and not rest))
    hundreds, rest = divmod(rest, 100)
    if hundreds == 2:
        parts.append(_two("مئت", case, construct=construct and not rest))
    elif hundreds:
        parts.append(_HUNDREDS[hundreds])
    if rest:
        parts.append(_below_100(rest, feminine, case, construct))
    return " و".join(parts)


def _power(count: int, names: tuple[str, str, str], case: Case, *, bound: bool) -> str:
    """Thousands, millions …; `bound`: the noun follows this very word."""
    one, many, accusative = names
    if count == 1:
        return one
    if count == 2:
        return _two(one, case, construct=bound)
    last = count % 100
    few = 3 <= last <= 10
    said = cardinal(count, case=case, construct=few or last == 0)
    if few:
        return f"{said} {many}"
    return f"{said} {accusative if last >= 11 and not bound else one}"


def _two(stem: str, case: Case, *, construct: bool) -> str:
    return stem + ("ا" if case == "nominative" else "ي") + ("" if construct else "ن")


def _below_100(number: int, feminine: bool, case: Case, construct: bool) -> str:
    if number <= 10:
        return _below_11(number, feminine, case, construct)
    if number == 11:
        return "إحدى عشرة" if feminine else "أحد عشر"
    if number == 12:
        return _two("اثنت" if feminine else "اثن", case, construct=True) + (" عشرة" if feminine else " عشر")
    if number < 20:
        unit = _below_11(number - 10, feminine, "nominative", True)
        return f"{unit} {'عشرة' if feminine else 'عشر'}"
    tens = _TENS[number // 10] + _tens_ending(case)
    if number % 10 == 0:
        return tens
    one = number % 10 == 1 and feminine
    unit = "إحدى" if one else _below_11(number % 10, feminine, case, False)
    return f"{unit} و{tens}"


def _tens_ending(case: Case) -> str:
    return "ون" if case == "nominative" else "ين"


def _below_11(number: int, feminine: bool, case: Case, construct: bool) -> str:
    tanwin = "ا" if case == "accusative" and not construct else ""
    if number == 1:
        return "واحدة" if feminine else "واحد" + tanwin
    if number == 2:
        return _two("اثنت" if feminine else "اثن", case, construct=False)
    if not feminine:
        return "ثمانية" if number == 8 else _UNITS[number] + "ة"
    if number == 8:
        return "ثماني" if construct else "ثمانيا" if tanwin else "ثمان"
    return _UNITS[number] + tanwin


def ordinal(number: int, *, feminine: bool, case: Case = "nominative") -> str | None:
    """The definite ordinal, 1 to 100; of others there is none in use."""
    if not 1 <= number <= 100:
        return None
    if number == 1:
        return "الأولى" if feminine else "الأول"
    if number == 100:
        return "المئة"
    if number <= 10:
        return _ordinal_unit(number, feminine)
    tens, unit = divmod(number, 10)
    if tens == 1:
        return _ordinal_unit(unit, feminine) + (" عشرة" if feminine else " عشر")
    round_number = "ال" + _TENS[tens] + _tens_ending(case)
    return f"{_ordinal_unit(unit, feminine)} و{round_number}" if unit else round_number


def _ordinal_unit(number: int, feminine: bool) -> str:
    stem = "حادي" if number == 1 else _ORDINALS[number]
    return "ال" + stem + ("ة" if feminine else "")


def definite(number: int, *, feminine: bool, case: Case) -> str:
    """The cardinal with its article: الاثنا عشر, السبع والعشرون."""
    said = cardinal(number, feminine=feminine, case=case, construct=True)
    if 20 < number < 100:
        return " و".join("ال" + part for part in said.split(" و"))
    return "ال" + said


def counted(number: int, noun: Noun, case: Case) -> str:
    """So many of what is counted, with the noun in its form."""
    tail = f" {noun.tail}" if noun.tail else ""
    if number == 1:
        one = "واحدة" if noun.feminine else "واحدا" if case == "accusative" else "واحد"
        return f"{noun.accusative if case == 'accusative' else noun.one} {one}{tail}"
    if number == 2:
        return noun.dual(case) + tail
    last = number % 100
    few = 3 <= last <= 10
    said = cardinal(number, feminine=noun.feminine, case=case, construct=few or last == 0)
    return f"{said} {noun.many if few else noun.accusative if last >= 11 else noun.one}{tail}"


def decimal(whole: int, digits: str, case: Case = "nominative") -> str:
    """A number with a fraction, whose digits are one number after its zeros: ثلاثة فاصل صفر خمسة."""
    rest = digits.lstrip("0")
    zeros = [_UNITS[0]] * (len(digits) - len(rest))
    fraction = [cardinal(int(rest)) if len(rest) <= 3 else spelt(rest)] if rest else []
    return " ".join([cardinal(whole, case=case), "فاصل", *zeros, *fraction])


def spelt(digits: str) -> str:
    """Digit by digit."""
    return " ".join(cardinal(int(digit)) for digit in digits)


def fraction(above: int, below: int, case: Case, *, construct: bool) -> str | None:
    """A fraction as it is said, up to tenths: نصف, ثلثان, ثلاثة أرباع; else None."""
    if (above, below) == (1, 2):
        return "نصف"
    if not 0 < above < below or below not in _FRACTIONS:
        return None
    one, many = _FRACTIONS[below]
    if above <= 2:
        return one if above == 1 else _two(one, case, construct=construct)
    return f"{cardinal(above, case=case, construct=True)} {many}"


def takes_construct(number: int) -> bool:
    """Whether the noun that is counted depends on the number: after 3 to 10, hundreds and thousands."""
    return 3 <= number % 100 <= 10 or number % 100 == 0
