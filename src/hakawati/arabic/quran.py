"""The Quran's spelling (rasm ʿuthmānī) → today's.

Rules after the marks as Unicode names them (chapter 9.2, “Koranic annotation signs”) and as the texts of the
King Fahd Complex, of Tanzil and of the subcontinent use them: where these use one mark for two things, its
place in the word tells which.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from hakawati.arabic.marks import DAGGER, DAMMA, DAMMATAN, FATHA, FATHATAN, KASRA, KASRATAN, SHADDA, SUKUN

TATWEEL = "\u0640"
_HAMZA_ABOVE = "\u0654"
_SUBSCRIPT_ALEF, _INVERTED_DAMMA = "\u0656", "\u0657"
_SILENT = "\u06df"
"""Small high rounded zero, over a letter that is not said."""
_HIGH_MEEM, _LOW_MEEM = "\u06e2", "\u06ed"
_SMALL_WAW, _SMALL_YEH, _HIGH_YEH, _HIGH_NOON, _HIGH_WAW = "\u06e5", "\u06e6", "\u06e7", "\u06e8", "\u08f3"
_SMALL = {_SMALL_WAW: "و", _SMALL_YEH: "ي", _HIGH_YEH: "ي", _HIGH_NOON: "ن", _HIGH_WAW: "و"}

_SAME = str.maketrans(
    {
        "\u06e1": SUKUN,  # small high dotless head of khah
        "\u0618": FATHA,
        "\u0619": DAMMA,
        "\u061a": KASRA,
        "\u065d": DAMMA,  # reversed
        "\u065e": DAMMATAN,  # fatha with two dots: an open dammatan in the Complex's texts
        "\u08e4": FATHA,  # curly
        "\u08e5": DAMMA,
        "\u08e6": KASRA,
        "\u08e7": FATHATAN,
        "\u08e8": DAMMATAN,
        "\u08e9": KASRATAN,
        "\u08f0": FATHATAN,  # open
        "\u08f1": DAMMATAN,
        "\u08f2": KASRATAN,
        "\u08fe": DAMMA,  # with a dot
    }
)
_TANWIN = {FATHA: FATHATAN, DAMMA: DAMMATAN, KASRA: KASRATAN}
_KEPT = frozenset("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670")
_ARABIC_MARK = re.compile(
    "[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08ca-\u08ff]"
)
_WITH_DAGGER = re.compile(
    "أ?[وف]?[بكل]?(?:ال|ل)?(?:هذ|هؤل|هكذ|ذل|لكن|إله|الله|لله|رحمن)|أ?[وف]?[بكل]?[أا]و?لئ"
)
"""Words that today's spelling leaves without their alef, proclitics before them."""
_BEFORE_HAMZA = re.compile("ا.$|(?:^|[لو])م..$")
_SEATS = {"ا": "أ", "ٱ": "أ", "و": "ؤ", "ي": "ئ", "ى": "ئ", "ی": "ئ"}
_CONSONANTS = frozenset("بتثجحخدذرزسشصضطظعغفقكلمن")
_INITIAL = re.compile("أ?[وف]?(?:[بك]?ال|لل|[بكل])?")


@dataclass(slots=True)
class MarkedLetter:
    """A letter with its marks, in canonical order."""

    base: str
    marks: str = ""
    floating: bool = False
    """A hamza on no letter, where today's spelling may have it on one."""


def modern(word: str) -> str:
    """A word as it is spelt today, what is heard the same; `word` is in NFC. No mark but vowels remains."""
    letters = _parsed(word)
    for i in range(len(letters)):
        _read_marks(letters, i)
    letters = _written_out(letters)
    for i in reversed(range(len(letters))):
        _respell(letters, i)
    return unicodedata.normalize("NFC", "".join(_joined(letters)))


def _joined(letters: list[MarkedLetter]) -> Iterator[str]:
    bare = "".join(letter.base for letter in letters)
    unwritten = _WITH_DAGGER.match(bare)
    kept = ["".join(c for c in letter.marks if c in _KEPT or not _ARABIC_MARK.match(c)) for letter in letters]
    taken = False
    for i, (letter, marks) in enumerate(zip(letters, kept, strict=True)):
        before_alef = i + 1 < len(letters) and letters[i + 1].base == "ا" and not kept[i + 1]
        if taken:
            taken = False
        elif marks in ("", FATHA) and before_alef and _begins_madda(letter, bare[:i]):
            yield "آ"
            taken = True
        elif letter.base == "ء" and marks in (DAGGER, FATHA + DAGGER) and _begins_madda(letter, bare[:i]):
            yield "آ"
        elif DAGGER in marks and not (unwritten and i < unwritten.end()):
            yield ("ي" if letter.base == "ى" else letter.base) + marks.replace(DAGGER, "") + "ا"
        else:
            yield letter.base + marks


def _begins_madda(letter: MarkedLetter, head: str) -> bool:
    """Whether a long a behind this hamza makes it آ: ءامنوا, الءاخرة."""
    if letter.base == "ء":
        return _INITIAL.fullmatch(head) is not None
    return letter.base == "أ" and letter.floating


def _parsed(word: str) -> list[MarkedLetter]:
    """Its letters; the marks on a tatweel go to the letter before it, a hamza on one is a letter."""
    letters: list[MarkedLetter] = []
    for c in word:
        if c == TATWEEL:
            letters.append(MarkedLetter(c))
        elif letters and (unicodedata.combining(c) or c in _SMALL):
            if c == _HAMZA_ABOVE and letters[-1].base == TATWEEL:
                _lift_hamza(letters)
            elif c == _HAMZA_ABOVE and letters[-1].base in _SEATS:
                letters[-1].base = _SEATS[letters[-1].base]
            elif c == _HAMZA_ABOVE and letters[-1].base in _CONSONANTS:
                letters.append(MarkedLetter("ء", floating=True))
            else:
                letters[-1].marks += c.translate(_SAME)
        elif letters or not _ARABIC_MARK.match(c):
            letters.append(MarkedLetter(_SMALL.get(c, c)))
    merged: list[MarkedLetter] = []
    for letter in letters:
        if letter.base != TATWEEL:
            merged.append(letter)
        elif merged:
            merged[-1].marks += letter.marks
    return merged


def _lift_hamza(letters: list[MarkedLetter]) -> None:
    """The hamza on the last letter, a tatweel: a letter, or that of a bare waw before it."""
    tatweel = letters[-1]
    if letters[-2:-1] == [MarkedLetter("و")]:
        letters.pop()
        letters[-1] = MarkedLetter("ؤ", tatweel.marks)
    else:
        tatweel.base, tatweel.floating = "ء", True


def _read_marks(letters: list[MarkedLetter], i: int) -> None:
    """The marks that mean different things in different places, as the vowels that they stand for."""
    letter = letters[i]
    before = letters[i - 1].marks if i else ""
    rest = letters[i + 1 :]
    if {_HIGH_MEEM, _LOW_MEEM} & set(letter.marks):
        marks = letter.marks.replace(_HIGH_MEEM, "").replace(_LOW_MEEM, "")
        if not set(marks) & set(_TANWIN.values()):
            vowels = set(marks) & set(_TANWIN)
            for vowel in vowels:
                marks = marks.replace(vowel, _TANWIN[vowel])
            if not vowels and letter.base == "ن":
                marks += SUKUN
        letter.marks = marks
    behind = letters[i - 1].base if i else ""
    if _INVERTED_DAMMA in letter.marks:
        final = not rest or (len(rest) == 1 and rest[0].base in "اى" and letter.base not in "وى")
        pronoun = not rest and letter.base == "ه" and not {FATHA, DAMMA, SUKUN}.isdisjoint(before)
        vowel = FATHATAN if final and not pronoun else DAMMA
        letter.marks = letter.marks.replace(_INVERTED_DAMMA, vowel)
    if _SUBSCRIPT_ALEF in letter.marks:
        pronoun = letter.base == "ه" and (KASRA in before or behind in tuple("يى"))
        vowel = (KASRA if pronoun else KASRATAN) if not rest else KASRA + _SMALL_YEH
        letter.marks = letter.marks.replace(_SUBSCRIPT_ALEF, vowel)


def _written_out(letters: list[MarkedLetter]) -> list[MarkedLetter]:
    """Small letters as letters, but for the long vowel of a final ه; and without those that are silent."""
    found: list[MarkedLetter] = []
    for i, letter in enumerate(letters):
        last = i == len(letters) - 1
        if _SILENT in letter.marks and not _is_kept(letters, i):
            continue
        small = next((j for j, c in enumerate(letter.marks) if c in _SMALL), None)
        if small is None:
            found.append(letter)
            continue
        found.append(MarkedLetter(letter.base, letter.marks[:small]))
        behind = letter.marks[small + 1 :]
        if not (last and letter.base == "ه"):
            found.append(MarkedLetter(_SMALL[letter.marks[small]], behind))
    return found


def _is_kept(letters: list[MarkedLetter], i: int) -> bool:
    """Whether a silent letter is written today, too: قالوا, أولئك, مائة."""
    base = letters[i].base
    before = letters[i - 1].base if i else ""
    after = letters[i + 1].base if i + 1 < len(letters) else ""
    if base == "ا":
        return (before == "و" and not after) or (before == "م" and after == "ئ")
    return base == "و" and before == "أ" and after == "ل"


def _respell(letters: list[MarkedLetter], i: int) -> None:
    letter = letters[i]
    before = letters[i - 1] if i else None
    after = letters[i + 1] if i + 1 < len(letters) else None
    if letter.base in "اٱ":
        letter.base, letter.marks = "ا", letter.marks.replace(SUKUN, "")
    elif letter.base == "آ" and before and FATHA in before.marks and _is_stretched(letters, i):
        letter.base = "ا"
    elif letter.base in "وى" and _KEPT.intersection(letter.marks) == {DAGGER}:
        if letter.base == "و" or after:
            letter.base = "ا"
        elif before and KASRA in before.marks:
            letter.base = "ي"
        letter.marks = letter.marks.replace(DAGGER, "")
    elif letter.base == "ى" and _carries_hamza(letters, i):
        letter.base, letter.marks = "ئ", letters.pop(i + 1).marks
    elif letter.base == "ى" and _is_yeh(letter, before, after):
        letter.base = "ي"
    elif letter.floating and before and after:
        letter.base = _seat(letter, before)


def _is_stretched(letters: list[MarkedLetter], i: int) -> bool:
    """Whether a madda only says that an alef is long: before hamza, before a doubled letter, at the end."""
    if i + 1 == len(letters):
        return _INITIAL.fullmatch("".join(letter.base for letter in letters[:i])) is None
    return letters[i + 1].base in "ءأإؤئ" or SHADDA in letters[i + 1].marks


def _is_yeh(letter: MarkedLetter, before: MarkedLetter | None, after: MarkedLetter | None) -> bool:
    """Whether ى is ي: within a word, with a vowel of its own, or behind an i."""
    own = set(letter.marks) & {FATHA, DAMMA, KASRA, SHADDA, SUKUN, DAMMATAN, KASRATAN}
    within = after is not None and unicodedata.category(after.base) == "Lo"
    return within or bool(own) or (before is not None and KASRA in before.marks)


def _carries_hamza(letters: list[MarkedLetter], i: int) -> bool:
    """Whether this and a final ء are ئ, as Egypt writes it: قارىء, مخطىء, but not شىء or برىء."""
    head = "".join(letter.base for letter in letters[:i])
    behind = "".join(letter.base for letter in letters[i + 1 :])
    return behind == "ء" and not letters[i].marks and _BEFORE_HAMZA.search(head) is not None


def _seat(letter: MarkedLetter, before: MarkedLetter) -> str:
    """What a hamza within a word is written on: the strongest of the vowels around it, i, u, a, says it."""
    if before.base in "اآوء":
        return "ء"
    if KASRA in letter.marks + before.marks or before.base in "يى":
        return "ئ"
    if DAMMA in letter.marks + before.marks:
        return "ؤ"
    return "أ" if FATHA in letter.marks else "ء"
