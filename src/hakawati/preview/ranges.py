"""Byte ranges of a file (RFC 9110, section 14)."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)


class RangeNotSatisfiableError(Exception):
    """A range that lies past the end of the file."""


def part(header: str, size: int) -> tuple[int, int] | None:
    """The bytes that a `Range` header asks for: the first, and the one after the last.

    None where the whole file is to be sent: the header is not sound, or asks for several ranges, which no
    player does and a server need not give. Raises `RangeNotSatisfiableError`.
    """
    match = _RANGE.fullmatch(header.strip())
    if not match or match[0].strip().endswith("=-"):
        return None
    first, last = match.groups()
    if not first:
        begin, end = max(size - int(last), 0), size
    else:
        begin, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < begin:
            return None
    if begin >= size:
        raise RangeNotSatisfiableError
    return begin, end
