"""Words that no rule knows, piece by piece, so that neither a digit nor a sign is left in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from hakawati.figures.line import Line, Reading
from hakawati.figures.number_signs import SUPERSCRIPTS, is_number, value

_LETTERS = r"[^\W\d_]"
_PIECES = re.compile(
    rf"\d{{1,3}}(?:[,٬]\d{{3}})+(?!\d)|\d+(?:[.٫]\d+)?|[{SUPERSCRIPTS}]+"
    rf"|{_LETTERS}+?(?=[{SUPERSCRIPTS}])|{_LETTERS}+(?:['’]{_LETTERS}+)*|.",
    re.DOTALL,
)
_SCHEME = re.compile("https?|ftp", re.IGNORECASE)
_HOST = re.compile(
    r"www\.[\w.\-]+|[\w\-]+(?:\.[\w\-]+)*\.(?:com|org|net|edu|gov|info|io|int|de|fr|uk|eu|eg|sa|ae|jo|lb|sy|iq|ma|tn|dz)",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(r"://|[/?:.\-~_]+")


def has_figure(text: str) -> bool:
    """Whether a digit, another number sign or a symbol is in a text."""
    return any(unicodedata.category(c)[0] in "NS" or c in "%‰‱٪؉؊&@#*§\\_" for c in text)


def address(line: Line, i: int, names: Mapping[str, str], said: Callable[[str], str]) -> Reading | None:
    """An address of the web, said as one: www.example.org/a, https://example.org."""
    end = i + 1
    while end < len(line) and _IN_ADDRESS.fullmatch(line.gaps[end]):
        end += 1
    scheme = _SCHEME.fullmatch(line.token(i)) and line.gaps[min(i + 1, end)].startswith("://")
    if not scheme and not _HOST.fullmatch(line.token(i)):
        return None
    first = i + 1 if scheme and end > i + 1 else i
    forms: list[str] = []
    for k in range(first, end):
        signs = line.gaps[k] if k > first else ""
        forms += [names.get(sign, "") for sign in signs]
        forms += _pieces(line.token(k), names, said, address=True)
    spoken = " ".join(filter(None, (" ".join("www") if form == "www" else form for form in forms)))
    return Reading((spoken, *[""] * (end - i - 1)), merged=True)


def spell_out(line: Line, i: int, names: Mapping[str, str], said: Callable[[str], str]) -> Reading | None:
    """The reading of a word with figures in it: F-16, info@example.org, C++. `said`: a number in words."""
    token = line.tokens[i]
    if not has_figure(token):
        return None
    return Reading((" ".join(filter(None, _pieces(token, names, said, address="@" in token))),))


def _pieces(token: str, names: Mapping[str, str], said: Callable[[str], str], *, address: bool) -> list[str]:
    found: list[str] = []
    before = ""
    for piece in _split(token):
        if piece[0].isdecimal():
            found.append(said(piece))
        elif piece[0] in SUPERSCRIPTS:
            found.append(_superscript(piece, before, names, said))
        elif piece == "/" and re.fullmatch(r"[\d/.,]+", token):
            continue  # 24/7
        elif piece in names and (piece != "." or address):
            found.append(names[piece])
        elif piece[0].isalpha() or len(piece) > 1:
            found.append(piece)
        elif number := value(piece):
            found.append(said(number))
        before = before if piece == "." else piece
    return found


def _split(token: str) -> Iterator[str]:
    """Numbers, words and signs; what is a number by itself counts among the letters of `re`."""
    for piece in _PIECES.findall(token):
        if piece[0] in SUPERSCRIPTS:
            yield piece
        else:
            begin = 0
            for at, sign in enumerate(piece):
                if is_number(sign):
                    yield from filter(None, (piece[begin:at], sign))
                    begin = at + 1
            yield from filter(None, (piece[begin:],))


def _superscript(written: str, before: str, names: Mapping[str, str], said: Callable[[str], str]) -> str:
    """A power after a number or a letter; the mark of a note, after a word, is not said."""
    if before.isalpha() and len(before) > 1:
        return ""
    if not before or written in names:
        return names[written] if before else said(unicodedata.normalize("NFKC", written))
    return f"{names['^']} {said(unicodedata.normalize('NFKC', written))}"
