"""What comes of drawing a cover."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DrawnCover:
    """A cover that was drawn."""

    image: bytes
    """A JPEG."""
    unwritten: tuple[str, ...]
    """The languages in whose letters, for want of a font, the title is not on it."""
