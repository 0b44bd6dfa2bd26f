"""What every room knows of Arabic: its vowel marks, its sun letters, and which languages are Arabic."""

from __future__ import annotations

FATHATAN, DAMMATAN, KASRATAN = "\u064b", "\u064c", "\u064d"
FATHA, DAMMA, KASRA, SHADDA, SUKUN = "\u064e", "\u064f", "\u0650", "\u0651", "\u0652"
DAGGER = "\u0670"
"""Superscript alef, a long a."""
VOWELS = frozenset([FATHATAN, DAMMATAN, KASRATAN, FATHA, DAMMA, KASRA])
MARKS = VOWELS | {SHADDA, SUKUN, DAGGER}
SUN = frozenset("تثدذرزسشصضطظلن")
"""The letters that the article's lam becomes."""


def is_arabic(lang: str) -> bool:
    """Whether a text in a language (BCP 47) is Arabic, whatever the country."""
    return lang.split("-", maxsplit=1)[0] == "ar"
