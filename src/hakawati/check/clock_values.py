"""SMIL clock values (SMIL 3.0 §5.4.5; EPUB 3.3 §9.3.2.4.5)."""

from __future__ import annotations

import re

_FULL = re.compile(r"(?:([0-9]+):)?([0-5]?[0-9]):([0-5]?[0-9](?:\.[0-9]*)?)")
"""`5:34:31.396` or `124:59:36`, and without hours `09:58`."""
_TIMECOUNT = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(h|min|ms|s)?")
"""`7.75h`, `13min`, `76.2s`, `300ms`, `12.345`."""
_UNITS = {"h": 3600.0, "min": 60.0, "s": 1.0, "ms": 0.001, None: 1.0}
_LONGEST = 24
"""Characters. What is longer is no time, and not looked at."""


def parse_clock_value(value: str) -> float | None:
    """A clock value in seconds; None for what is none."""
    value = value.strip().removeprefix("npt=")  # DAISY's and EPUB 2's authors wrote times so
    if len(value) > _LONGEST or not value.isascii():
        return None
    if found := _FULL.fullmatch(value):
        return int(found[1] or 0) * 3600 + int(found[2]) * 60 + float(found[3])
    if found := _TIMECOUNT.fullmatch(value):
        return float(found[1]) * _UNITS[found[2]]
    return None
