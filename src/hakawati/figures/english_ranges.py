"""English ranges, fractions and sums."""

from __future__ import annotations

import re

from hakawati.figures.english_amounts import NUMBER, PARTS, Figure, is_four_digits, number
from hakawati.figures.english_numbers import fraction, year
from hakawati.figures.english_words import MONEY, SHORT_MULTIPLES, SIGNS, UNITS
from hakawati.figures.line import Line, Reading

_RANGE = re.compile(rf"((?:[$£€])?(?:{NUMBER})%?)[-–—‑‐]((?:[$£€])?(?:{NUMBER}))(.*)")
_VULGAR = {
    "½": (1, 2),
    "¼": (1, 4),
    "¾": (3, 4),
    "⅓": (1, 3),
    "⅔": (2, 3),
    "⅛": (1, 8),
    "⅜": (3, 8),
    "⅝": (5, 8),
}
_DASHES = ("-", "–", "—", "‑", "−")
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
    if match := re.fullmatch(r"(\d*)([½¼¾⅓⅔⅛⅜⅝])", token):
        return match[1], *_VULGAR[match[2]]
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,3})", token):
        return "", int(match[1]), int(match[2])
    return None


def interval(figure: Figure) -> Reading | None:
    """10-15, 1940–1944, 50%–60%, $5–$10."""
    line, i = figure.line, figure.i
    if match := _RANGE.fullmatch(figure.token):
        first, second, rest, words = match[1], match[2], match[3], 1
    elif line.sign(i + 1) in _DASHES and not re.search(r"[,.;:()]", line.gaps[i + 1]):
        match = re.fullmatch(rf"((?:[$£€])?(?:{NUMBER}))(.*)", line.token(i + 1))
        if not match or line.token(i + 2).startswith("=") or not PARTS.fullmatch(figure.token):
            return None
        first, second, rest, words = figure.token, match[1], match[2], 2
    else:
        return None
    if rest and rest not in UNITS and rest not in SHORT_MULTIPLES:
        return None
    years = is_four_digits(first) and (is_four_digits(second) or len(second) == 2)
    years = years and figure.before not in ("pp", "p", "pages")
    low = year(int(first)) if years else _side(first)
    high = year(int(second)) if years and len(second) == 4 else _side(second)
    if rest:
        high += " " + (UNITS[rest][1] if rest in UNITS else SHORT_MULTIPLES[rest])
    forms = (low, f"to {high}")
    return Reading((" ".join(forms),) if words == 1 else forms)


def _side(text: str) -> str:
    match = re.fullmatch(rf"([$£€])?({NUMBER})(.*)", text)
    if not match:
        return text
    said = number(match[2])
    if match[1]:
        said += " " + MONEY[match[1]][1]
    return f"{said} {UNITS[match[3]][1]}" if match[3] in UNITS else said


def sum_of(line: Line, i: int) -> Reading | None:
    """2+2=4, in one word."""
    token = line.tokens[i]
    parts = _SUM.findall(token)
    if "".join(parts) != token or len(parts) < 3 or not set(token) & set("+=×÷*"):
        return None
    return Reading(
        (" ".join(SIGNS.get(part) or (number(part) if part[-1].isdigit() else part) for part in parts),)
    )
