"""How a word begins: its proclitics, the article, and the alif that is silent after another word.

Hamzat al-waṣl: Wright, *A Grammar of the Arabic Language*, I, §19; Ryding, *A Reference Grammar of
Modern Standard Arabic*, 2005, ch. 2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hakawati.arabic.marks import SUN
from hakawati.arabic.spelling import Letter, bare

_PROCLITICS = re.compile("[وف]?[بلك]?ا")
_NOUNS = ("بن", "سم", "ثن", "مرؤ", "مرأ", "مرئ", "ست")
"""Of the ten nouns that begin with the joining alif, the letters after it: son, name, two, man, woman."""
_FINAL_WEAK = frozenset({"مشوا", "بنوا", "قضوا", "رموا", "مضوا", "هدوا", "ئتوا", "سقوا", "جروا", "بكوا"})
"""Imperatives whose u is the ending's, not the stem's: imšū, not umšū."""
_AFTER_PLURAL = frozenset({"ا", "ه", "ها", "هم", "هما", "هن", "ني", "نا"})
"""What follows the ū of an imperative: nothing that is heard, or a pronoun."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What is before a word's stem."""

    alif: int
    """The index of the joining alif; the letters before it are proclitics."""
    vowel: str
    """The alif's, where speech begins with it."""
    article: bool


def opening(word: Sequence[Letter]) -> Opening | None:
    """How a word with a joining alif begins; None for another."""
    found = _PROCLITICS.match("".join(letter.char for letter in word))
    if not found:
        return None
    at = found.end() - 1
    if len(word) < at + 3 or not all(map(_proclitic, word[:at])):
        return None
    if _article(word, at):
        return Opening(at, "a", article=True)
    if not _joining(word, at):
        return None
    return Opening(at, word[at].vowel or _stem_vowel(word, at), article=False)


def _proclitic(letter: Letter) -> bool:
    own = {"ب": "i", "ل": "ia"}.get(letter.char, "a")
    return letter.unmarked or (letter == Letter(letter.char, letter.vowel) and letter.vowel in own)


def _article(word: Sequence[Letter], at: int) -> bool:
    alif, lam, after = word[at : at + 3]
    if lam.char != "ل" or alif._replace(vowel="") != Letter("ا") or alif.vowel not in ("", "a"):
        return False
    if lam.double:
        return True
    if after.char == "ا":  # a noun with a joining alif of its own: al-ismu, al-intifāḍatu
        return len(word) > at + 3
    if lam.vowel or (after.char == "ى" and len(word) == at + 3):
        return False
    # Iltaqā, which has no article, shows by its sukun that its lam is said before a sun letter.
    return after.double or not lam.quiet or after.char not in SUN


def _joining(word: Sequence[Letter], at: int) -> bool:
    """Whether an alif that is not the article's is the joining one, and not the long a of a foreign name."""
    alif, second = word[at : at + 2]
    if alif.vowel not in ("", "i", "u") or alif.double or not second.closed or second.char in "وي":
        return False
    if not at:
        return True
    if alif.vowel:
        return False
    if (word[at - 1].char in "بلك" and word[at - 1] != Letter("ل", "a")) or _noun(word, at):
        return _noun(word, at) or _verbal_noun(word, at)
    return _verb(word, at)


def _verbal_noun(word: Sequence[Letter], at: int) -> bool:
    """As in li-ntiqāl and li-ttiḥād, but not in Carter and Castro."""
    second, third = word[at + 1 : at + 3]
    return (third.vowel == "i" or second.double) and Letter("ا") in word[at + 2 :]


def _verb(word: Sequence[Letter], at: int) -> bool:
    """Whether what follows wa- and fa- is a verb with a joining alif."""
    second, third = word[at + 1 : at + 3]
    fourth = word[at + 3] if len(word) > at + 3 else None
    if fourth is None:  # wa-mši, but Bart
        return bool(third.vowel)
    if fourth == Letter("ا") and third.vowel == "a":  # wa-ḥtāja, but WhatsApp
        return third.char in "تطد" or second.char in "ند" or second.double
    if fourth == Letter("و") and third.vowel == "u":  # wa-dʿū, fa-dʿūhu, but Warsaw and Vancouver
        return "".join(letter.char for letter in word[at + 4 :]) in _AFTER_PLURAL
    return True


def _noun(word: Sequence[Letter], at: int) -> bool:
    rest = "".join(letter.char for letter in word[at + 1 :])
    return rest.startswith(_NOUNS[:-1])


def _stem_vowel(word: Sequence[Letter], at: int) -> str:
    """The joining alif's: u where the stem's own vowel is u (uktub, intuqila → untuqila), else i."""
    second, third = word[at + 1 : at + 3]
    if second.double:
        return "u" if second.vowel == "u" else "i"
    rest = "".join(letter.char for letter in word[at + 1 :])
    return "u" if third.vowel == "u" and not _noun(word, at) and rest not in _FINAL_WEAK else "i"


def joins_after_article(word: Sequence[Letter], lam: int) -> bool:
    """Whether the alif after the article's lam is a joining one, as in al-ismu."""
    if lam + 1 >= len(word) or word[lam + 1].char != "ا":
        return False
    alif = word[lam + 1]
    if alif.vowel == "i" or word[lam].vowel == "i":
        return True
    if not alif.unmarked or lam + 3 >= len(word):
        return False
    after, next_ = word[lam + 2 : lam + 4]
    return after.closed or (bare(word) and not {after.char, next_.char} & set("اويى"))
