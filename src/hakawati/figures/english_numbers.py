"""English numbers in words, as Americans count: without “and”."""

from __future__ import annotations

from hakawati.figures.word_lists import in_order

LARGEST = 10**15
"""From here on a number is said digit by digit."""

_ONES = in_order(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = in_order("_ ten twenty thirty forty fifty sixty seventy eighty ninety")
_POWERS = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"))
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def cardinal(number: int) -> str:
    """A number below `LARGEST`."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10] + (f"-{_ONES[number % 10]}" if number % 10 else "")
    if number < 1000:
        rest = number % 100
        return f"{_ONES[number // 100]} hundred" + (f" {cardinal(rest)}" if rest else "")
    power, name = next(entry for entry in _POWERS if number >= entry[0])
    count, rest = divmod(number, power)
    return f"{cardinal(count)} {name}" + (f" {cardinal(rest)}" if rest else "")


def ordinal(number: int) -> str:
    """First, twenty-first, one hundred third."""
    said = cardinal(number)
    at = max(said.rfind(" "), said.rfind("-")) + 1
    last = said[at:]
    regular = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    return said[:at] + _ORDINALS.get(last, regular)


def year(number: int) -> str:
    """A year, 1 to 9999: nineteen oh five, two thousand five, twelve hundred."""
    high, low = divmod(number, 100)
    if number < 100 or (number < 1000 and low < 10) or (high % 10 == 0 and low < 10 and number < 3000):
        return cardinal(number)
    return f"{cardinal(high)} " + (
        "hundred" if not low else f"oh {cardinal(low)}" if low < 10 else cardinal(low)
    )


def decade(number: int) -> str:
    """The 1940s, the ’20s, the 1800s."""
    high, low = divmod(number, 100)
    if not low:
        said = year(number) if number >= 100 else "hundred"
        return said + "s"
    return (f"{cardinal(high)} " if high else "") + plural_tens(low)


def plural_tens(number: int) -> str:
    """A tens number in the plural: twenties, thirties."""
    said = cardinal(number)
    return said[:-1] + "ies" if said.endswith("y") else said + "s"


def spelt(digits: str) -> str:
    """Digit by digit."""
    return " ".join(_ONES[int(digit)] for digit in digits)


def decimal(whole: int, digits: str) -> str:
    """Three point one four."""
    return f"{cardinal(whole)} point {spelt(digits)}"


def fraction(above: int, below: int) -> str | None:
    """One half, three quarters, five eighths; None where it is not said so."""
    if not 0 < above < below or below > 100:
        return None
    names = {2: "half", 4: "quarter"}
    one = names.get(below) or ordinal(below)
    many = "halves" if below == 2 else one + "s"
    return f"{cardinal(above)} {one if above == 1 else many}"
