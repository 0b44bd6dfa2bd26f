"""Vowelled Arabic, respelt so that eSpeak NG 1.52 says what is written.

Each rule mends one thing that eSpeak's Arabic reads wrong; the phonemes are in the tests.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

_WORD = re.compile("[\u0621-\u065f\u0670\u0671]+")
_C = "[\u0621-\u064a]"
_SHORT = "[\u064b-\u0650]"

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # Allāh: the long a that is not written, however its article and proclitics are
        (f"(لِ?لّ)َه(?=(?:{_SHORT}|ْ)?$|ُمّ)", r"\1َاه"),
        # alef wasla is an alef; alef under tanwin is silent either way
        ("ٱ", "ا"),
        # the article behind a proclitic: its alef is never heard, its lam only before a moon letter
        (f"^((?:[وف]َ)?(?:[بل]ِ|كَ)|[وف]َ)ال(?={_C}ّ)", r"\1"),
        ("^((?:[وف]َ)?(?:[بل]ِ|كَ)|[وف]َ)الْ", r"\1لْ"),
        # the article before a sun letter: eSpeak doubles the letter itself, and again for the shadda
        (f"^ال({_C})ّ", r"ال\1"),
        # the joining alef: a vowel where speech begins with it, nothing behind a proclitic or the article
        (f"^((?:[وف]َ)?(?:[بل]ِ|كَ)|[وف]َ)ا(?={_C}[ّْ]|لِا)", r"\1"),
        (f"لِا(?={_C}[ّْ])", "لِ"),
        ("^ا(?=[^ل]ْ|تّ)", "اِ"),
        # the ending -iyyīn: its glide written out, and the vowel left to it, or a syllable is added
        ("يِّي", "يْيِ"),
        # a doubled semivowel loses its glide unless it is written out
        ("([وي])ّ(?=.)", r"\1ْ\1"),
        # the silent alef after the plural's waw
        ("ُوا$", "ُو"),
        # the long a that is not written: hādhā, dhālika, lākin, ulāʾika
        ("هَ(?=ذ|ؤُل)", "هَا"),
        ("ذَلِك", "ذَالِك"),
        ("لَكِن", "لَاكِن"),
        ("أُولَئِك", "أُلَائِك"),
        # ta marbuta before a pause
        ("ةْ$", "هْ"),
    )
)


def respell(text: str) -> tuple[str, Callable[[int], int]]:
    """The text as eSpeak should get it, and a function from an offset in it to one in `text`.

    The function leads to the same word, not to the same letter.
    """
    pieces: list[str] = []
    starts: list[int] = []
    origins: list[int] = []
    length = 0

    def keep(piece: str, origin: int) -> None:
        nonlocal length
        starts.append(length)
        origins.append(origin)
        pieces.append(piece)
        length += len(piece)

    at = 0
    for match in _WORD.finditer(text):
        keep(text[at : match.start()], at)
        keep(_respelt(match[0]), match.start())
        at = match.end()
    keep(text[at:], at)
    lengths = [len(piece) for piece in pieces]

    def origin(offset: int) -> int:
        i = bisect_right(starts, offset) - 1
        # Between Arabic words nothing is changed, and an offset keeps its distance.
        return origins[i] + (min(offset - starts[i], max(0, lengths[i] - 1)) if i % 2 == 0 else 0)

    return "".join(pieces), origin


def _respelt(word: str) -> str:
    for pattern, replacement in _RULES:
        word = pattern.sub(replacement, word)
    return word
