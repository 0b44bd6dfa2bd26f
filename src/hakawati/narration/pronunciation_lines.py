"""Doubtful words as lines to paste into `pronunciation.yaml`."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import groupby

from hakawati.narration.doubtful_words import DoubtfulWord, Why, unmarked

_ADVICE: Mapping[Why, str] = {
    "foreign": "Names and foreign words: their vowels are a guess",
    "script": "Words in another script: write how they are said",
    "mixed": "Abbreviations, and letters with digits: write on the right what is said",
    "no vowels": "Words without their vowels",
    "two ways": "Said in two ways: where both are right, delete the line or give longer keys",
    "unsure": "Hardly more than a guess: listen, and delete the lines that are right",
}
"""What there is to do about each reason."""


def pasteable(found: Sequence[DoubtfulWord]) -> str:
    """Lines for `pronunciation.yaml`, `written: spoken  # why; path:line`, under a comment for each why."""
    lines = [f"{_quoted(doubt.written)}: {_quoted(doubt.spoken)}" for doubt in found]
    widths = [len(unmarked(line)) for line in lines]  # marks take no column
    column = min(40, max(widths, default=0))
    return "\n".join(
        f"# --- {_ADVICE[why]} ---\n"
        + "".join(f"{line}{' ' * (column - n)}  {_comment(doubt)}\n" for line, n, doubt in group)
        for why, group in groupby(zip(lines, widths, found, strict=True), key=lambda row: row[2].why)
    )


def _quoted(text: str) -> str:
    """A YAML scalar that is read as this text. JSON's quotes are YAML's, too."""
    plain = text[:1].isalpha() and all(c > "\x7f" and unicodedata.category(c)[0] in "LM" for c in text)
    return text if plain else json.dumps(text, ensure_ascii=False)


def _comment(doubt: DoubtfulWord) -> str:
    also = f", also {' '.join(doubt.others[:3])}" if doubt.others else ""
    places = ", ".join(f"{place.path}:{place.line}" for place in doubt.places[:2])
    places += f" …+{more}" if (more := len(doubt.places) - 2) > 0 else ""
    text = f"# {doubt.why}, {doubt.count}×{also}; {places}"
    return "".join(c if c.isprintable() else "\ufffd" for c in text)
