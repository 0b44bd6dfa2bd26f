"""The day on which a book is published, for formats that want a whole date."""

from __future__ import annotations

import datetime


def day(date: str) -> datetime.date | None:
    """`2024-08-25`, or the first day of `2024-08` or `2024`; None for no date, or one of no calendar."""
    try:
        return datetime.date.fromisoformat(date + "-01-01"[len(date) - 4 :] if len(date) < 10 else date)
    except ValueError:
        return None
