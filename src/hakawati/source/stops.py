"""Full stops that end no sentence: of abbreviations and initials, of the numbers of headings and items.

What is an abbreviation is the list by which figures are put in words: what is said as a word, and what ends a
sentence, cannot contradict each other.
"""

from __future__ import annotations

import re

from hakawati.figures.abbreviations import ANYWHERE, BEFORE_A_NAME, BEFORE_A_NUMBER, NEVER_LAST
from hakawati.figures.arabic_numbers import ordinal as arabic_ordinal
from hakawati.figures.english_numbers import cardinal
from hakawati.figures.roman import roman
from hakawati.figures.word_lists import names

REACH = 48
"""Characters before and after a stop that are looked at: more than the longest label has."""

_SENTENCE_FINAL = names("M MM")
"""Titles that are initials, units and numerals, too."""
_TITLES = (BEFORE_A_NAME["ar"] | BEFORE_A_NAME["en"]) - _SENTENCE_FINAL
_REFERENCES = BEFORE_A_NUMBER["ar"] | BEFORE_A_NUMBER["en"] | {"§"}
_OTHERS = ANYWHERE["ar"] | ANYWHERE["en"]
_LAST = re.compile(r"(?:^|[^\w.])(§|[^\W\d_]+(?:\.[^\W\d_]+)*)\.\s*$")
"""The word before a stop, its own stops included."""
_UNIT = re.compile(r"[\d\u00bc-\u00be][^\W\d_]{1,4}\.\s*$")
_ARABIC_LETTERS = re.compile(r"و?[\u0621-\u064a](?:\.[\u0621-\u064a]\u0640?)+")
_ARABIC_INITIAL = re.compile(r"و?[\u0621-\u064a]")
_NUMBER = re.compile(r"\s*#?[^\W\D]")
_NUMERAL = re.compile(r"\s*([IVXLC]+|[ivxlc]+)\b(\s*[^\s\w]|\s*$)?")
_NUMBERED_BY_LETTER = re.compile(
    r"(?:مجموعة|نقطة|فئة|حرف|قسم|فقرة|شكل|صف|خيار|بند|فريق|طابق|جزء|ملحق|جدول|مستوى|نموذج|فيتامين|خطة|قاعة|[\d\u0660-\u0669])"
    r"\s*$"
)
"""What may have a letter for its name at the end of a sentence: المجموعة ب. After a number, it is a unit."""

_COUNTED = {cardinal(number) for number in range(1, 100)}
_ORDINALS = {arabic_ordinal(n, feminine=feminine) or "" for n in range(1, 101) for feminine in (False, True)}
_ITEM = re.compile(
    r"(?:^|[:;]\s)[(\[]?(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,7}|[ivxlc]{1,6}|[^\W\d_])[.)]{1,2}\s*$"
)
"""All of a piece: the number of a heading or of an item, an initial."""
_HEADING = re.compile(
    r"^(?:chapter|part|book|volume|section|act|scene|lesson|unit|canto|letter|appendix|article|exercise|step|stage|tale|story|"
    r"chapitre|partie|livre|tome|acte|scène|leçon|kapitel|teil|buch|band|akt|szene|lektion|capítulo|parte|libro|tomo|acto|"
    r"escena|lección|capitolo|atto|scena|lezione|глава|часть|том|bölüm|"
    r"(?:ال)?(?:فصل|باب|جزء|قسم|كتاب|مجلد|درس|مشهد|ملحق|فرع|حكاية|قصة|رسالة|وحدة|حلقة|مقالة|خطوة|تمرين|مادة))"
    r"\s+([^\s.]+(?:\s[^\s.]+)?)\.\s*$",
    re.IGNORECASE,
)
"""All of a piece: what a heading numbers, and its number in figures or words."""


def ends_no_sentence(before: str, following: str) -> bool:
    """Whether the stop at the end of a text is an abbreviation's, an initial's or a number's, and goes on.

    `before`: the sentence so far, or its last `REACH` characters; `following`: what is after it.
    """
    return is_abbreviation(before, following) or is_label(before)


def is_label(before: str) -> bool:
    """Whether a sentence so far is but the number of a heading or an item: 2. · Chapter 2. · الباب الأول."""
    if _ITEM.search(before):
        return True
    heading = _HEADING.search(before)
    return heading is not None and _is_number(heading[1])


def is_abbreviation(before: str, following: str) -> bool:
    """Whether a text ends with an abbreviation or an initial that what follows belongs to."""
    match = _LAST.search(before)
    if match is None:
        return _UNIT.search(before) is not None and following.lstrip()[:1].islower()
    word, earlier = match[1], before[: match.start(1)]
    forms = {word, word.removeprefix("و")}
    if _NUMBER.match(following) and forms & (_REFERENCES | _OTHERS):
        return True
    if _ARABIC_INITIAL.fullmatch(word):
        return not _NUMBERED_BY_LETTER.search(earlier)
    if forms & (_TITLES | NEVER_LAST) or _ARABIC_LETTERS.fullmatch(word):
        return True
    small = following.lstrip()[:1].islower()
    return (word in _OTHERS and small) or (word in _REFERENCES and _is_numeral(word, following))


def _is_numeral(word: str, following: str) -> bool:
    """Whether a Roman numeral follows a reference, and not who speaks: vol. IV; but: No. I went."""
    match = _NUMERAL.match(following)
    if match is None or roman(match[1].upper()) is None:
        return False
    return match[1] != "I" or (match[2] is not None and word not in ("No", "no"))


def _is_number(text: str) -> bool:
    """Whether a text is a number in figures, Roman ones included, or in words."""
    figures = text.isdecimal() and len(text) <= 3
    return figures or roman(text.upper()) is not None or text.lower() in _COUNTED or text in _ORDINALS
