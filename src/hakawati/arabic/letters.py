"""Printed words → the clean letters that are vowelled and spoken. Print stays as it is.

A printed word comes from anywhere: from a PDF with the shapes of its letters in place of the letters, from
the Quran, from a Persian or Urdu keyboard, decomposed from a disk, with soft hyphens and direction marks in
it. What is said is the same, and must not depend on that.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from hakawati.arabic.alef_maqsura import is_maqsura
from hakawati.arabic.marks import FATHA, KASRA, MARKS
from hakawati.arabic.quran import modern

INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
"""For a class in a regular expression: hyphens, joiners, direction marks and selectors that have no sound."""
WRITTEN_MARKS = (
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08ca-\u08e1\u08e3-\u08ff"
)
"""The same: all that Arabic writes above and below its letters, and the Quran's small letters."""
SIGNS = "\ufd40-\ufd4f\ufdcf\ufdfa\ufdfb\ufdfd-\ufdff"
"""The same: one character for a phrase (ﷺ, ﷽), a word of its own wherever it is."""
PRESENTATION = "\ufb00-\ufd3d\ufd40-\ufdff\ufe70-\ufefc"
"""The same: ligatures and letters in the shape that they have at one place of a word."""
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_PRESENTATION = re.compile(f"[{PRESENTATION}]")
_SPACED_MARK = re.compile("[ \u0640](?=[\u064b-\u0652\u0670])")
"""Unicode decomposes a mark that is shown by itself into one on a space or a tatweel."""
_PHRASES = {
    "\ufd40": "رحمه الله",
    "\ufd41": "رضي الله عنه",
    "\ufd42": "رضي الله عنها",
    "\ufd43": "رضي الله عنهم",
    "\ufd44": "رضي الله عنهما",
    "\ufd45": "رضي الله عنهن",
    "\ufd46": "صلى الله عليه وآله",
    "\ufd47": "عليه السلام",
    "\ufd48": "عليهم السلام",
    "\ufd49": "عليهما السلام",
    "\ufd4a": "عليه الصلاة والسلام",
    "\ufd4b": "قدس سره",
    "\ufd4c": "صلى الله عليه وآله وسلم",
    "\ufd4d": "عليها السلام",
    "\ufd4e": "تبارك وتعالى",
    "\ufd4f": "رحمهم الله",
    "\ufdcf": "سلام الله عليها",
    "\ufdf0": "صلى",
    "\ufdf1": "قلى",
    "\ufdfc": "ريال",
    "\ufdfd": "بسم الله الرحمن الرحيم",
    "\ufdfe": "سبحانه وتعالى",
    "\ufdff": "عز وجل",
}
"""Signs that Unicode does not decompose, or into other letters than Arabic's; after their names."""

KEYBOARDS = {
    **dict.fromkeys("ک\u06aa\u06ab\u06ac\u06ad\u06ae\u0762\u0763\u0764", "ك"),
    **dict.fromkeys("ھہە\u06c0\u06c2\u06ff", "ه"),
    "ۃ": "ة",
    **dict.fromkeys("ی\u06cd\u06ce\u06d0\u06d1\u06d2", "ي"),
    "\u06d3": "ئ",
    **dict.fromkeys("ۆۇ\u06c8\u06c4\u06c5\u06c9\u06ca\u06cb\u06cf", "و"),
    **dict.fromkeys("\u06ba\u06bb\u06bc\u06bd\u06b9", "ن"),
    **dict.fromkeys("\u0679\u067a\u067c\u067f", "ت"),
    **dict.fromkeys("\u0688\u0689\u068a\u068c\u068d\u068f", "د"),
    **dict.fromkeys("\u0691\u0692\u0693\u0694\u0695\u0697", "ر"),
    **dict.fromkeys("\u06b5\u06b6\u06b7\u06b8", "ل"),
    **dict.fromkeys("\u067b\u0680\u066e", "ب"),
    **dict.fromkeys("\u06a1\u06a2\u06a3", "ف"),
    **dict.fromkeys("\u066f\u06a7\u06a8", "ق"),
    **dict.fromkeys("\u0681\u0685", "ح"),
    "\u0672": "أ",
    "\u0673": "إ",
    "\u0675": "أ",
    "\u0676": "ؤ",
    "\u0678": "ئ",
    "\u0674": "ء",
}
"""Letters of other languages' keyboards, and the Arabic ones that are meant: they look or sound alike."""
FOREIGN = {
    **dict.fromkeys("پ", "ب"),
    **dict.fromkeys("چڃڄ", "تش"),
    **dict.fromkeys("ژڙ", "ج"),
    **dict.fromkeys("ڤڥڦ", "ف"),
    **dict.fromkeys("گڳڱ", "غ"),
}
"""Letters for sounds that Arabic does not have, and what its speakers say: most p as b, v as f, g as gh."""
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩")
_OTHER = str.maketrans({**{c: a for c, a in KEYBOARDS.items() if c != "ی"}, **FOREIGN}) | _DIGITS
_MARKS = re.compile(f"[{''.join(sorted(MARKS))}]")
_FINAL = re.compile("[یى]([\u064b-\u0652\u0670]*)(?=$|[^\\w\u064b-\u0652\u0670])")
_YEH_FINALS = frozenset(["فى", "الذى", "التى", "هى"])
"""Words that Egypt writes with ى and everybody says with ي."""
_DOUBLED = re.compile("[\u064b-\u0652]*\u0651[\u064b-\u0652]*")
_WORD = re.compile(r"\S+")
_RESPELT = re.compile("ى|ءَ?ا|َآ|اْ")
"""What may be spelt another way, though every character of it is plain."""
_CLEAN = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u00ff\u060c\u061b\u061f\u0621-\u063a\u0641-\u0652\u0660-\u066c–—‘’“”…]*"
)
"""Characters that nothing is done to, each by itself."""


def clean(word: str, *, arabic: bool = True) -> str:
    """The letters of a printed word that are spoken; of several words where a sign stands for them.

    In NFC, but with shadda before its vowel. `arabic`: the language of the text is Arabic; else the letters
    of other keyboards are its own, and only forms and invisible characters are dealt with. What is clean
    stays as it is.
    """
    if _CLEAN.fullmatch(word) and not (arabic and _RESPELT.search(word)):
        return _DOUBLED.sub(_shadda_first, word)
    word = _INVISIBLE.sub("", _PRESENTATION.sub(lambda sign: _decomposed(sign[0]), word))
    word = unicodedata.normalize("NFC", word)
    if arabic:
        word = modern(word.translate(_OTHER))
        word = _FINAL.sub(lambda last: _final(last, word), word).replace("ی", "ي")
    elif "\u0640" in word:
        word = unicodedata.normalize("NFC", word.replace("\u0640", ""))
    return _DOUBLED.sub(_shadda_first, word)


def clean_text(text: str, *, arabic: bool = True) -> str:
    """The same of each word of a text; the white space between them stays."""
    return _WORD.sub(lambda word: clean(word[0], arabic=arabic), text)


def _shadda_first(marks: re.Match[str]) -> str:
    return "\u0651" + marks[0].replace("\u0651", "")


@cache
def _decomposed(sign: str) -> str:
    whole = _PHRASES.get(sign) or unicodedata.normalize("NFKC", sign)
    return _SPACED_MARK.sub("", whole)


def _final(last: re.Match[str], word: str) -> str:
    """A final ى or ی as what it stands for."""
    head = word[: last.start()]
    begin = max((i + 1 for i, c in enumerate(head) if not (c.isalpha() or _MARKS.match(c))), default=0)
    head = head[begin:]
    bare = _MARKS.sub("", head).replace("ی", "ي")
    before = head[-2:] if head.endswith("\u0651") else head[-1:]
    if last[0][0] == "ى":
        return ("ي" if bare.removeprefix("و") + "ى" in _YEH_FINALS else "ى") + last[1]
    spoken = set(last[1]) - {"\u064b", "\u0670"}
    if spoken or KASRA in before:
        return "ي" + last[1]
    if FATHA in before or "\u064b" in last[1] or "\u0670" in last[1]:
        return "ى" + last[1].replace("\u0670", "")
    return ("ى" if is_maqsura(bare + "ى") else "ي") + last[1]
