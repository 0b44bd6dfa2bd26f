"""Language tags (BCP 47), as far as checks go by them."""

from __future__ import annotations


def primary_subtag(tag: str) -> str:
    """A language without its region and script: `pt-BR` is `pt`."""
    return tag.partition("-")[0].lower()
