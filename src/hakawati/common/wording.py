"""Numbers and times as messages have them."""

from __future__ import annotations


def count(number: int, noun: str) -> str:
    """A number of things: `1 problem`, `2 problems`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def format_time(seconds: float) -> str:
    """A time as players show it, in whole seconds: `2:03`, `1:02:03`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def format_tenths(seconds: float) -> str:
    """The same to a tenth of a second: `2:03.4`, `1:02:03.4`."""
    whole, tenth = divmod(round(seconds * 10), 10)
    return f"{format_time(whole)}.{tenth}"
