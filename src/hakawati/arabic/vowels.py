"""The vowels that Arabic does not write, each with its probability.

By the rawi models, held against AlKhalil's lexicon where they are in doubt. Where they are not installed, by
libtashkeel, which tells no probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version

from hakawati.arabic import alkhalil, libtashkeel, rawi
from hakawati.arabic.alkhalil import Lexicon, word_forms
from hakawati.arabic.decoder import log_probabilities
from hakawati.arabic.diacritics import DIACRITICS, MarkedCharacter, diacritic, letters
from hakawati.arabic.marks import SHADDA
from hakawati.arabic.repair import repaired

_METHOD = 2
"""To be raised whenever the same models begin to give other vowels."""
_UNKNOWN_ODDS = 7.4
"""How much more likely a word is wrong that the lexicon lacks; found on SadeedDiac-25, first half."""
DOUBTFUL = 0.55
"""A word that is less sure than this is doubtful. With it, about as many words are as are said wrong, and of
either four in ten are the other, too (`benchmarks/vowels.py`, the first half of SadeedDiac-25)."""
UNKNOWN = 0.5
"""The probability of vowels by libtashkeel, which tells none."""


@dataclass(frozen=True, slots=True)
class LetterVowels:
    """A character of a text with the marks that it is spoken with."""

    character: str
    marks: str
    probability: float
    """Of these marks, given the text and what its author marked; 1 of what takes none."""


@dataclass(frozen=True, slots=True)
class WordVowels:
    """An Arabic word, `text[begin:end]`, with its vowels."""

    begin: int
    end: int
    form: str
    """As it is written, with marks added."""
    probability: float
    """Of the least probable letter but the last, whose vowel is the case."""
    known: bool | None = None
    """Whether the lexicon has it; None where that was not asked."""

    @property
    def sure(self) -> float:
        """0 to 1: how sure it is that the word is right, but for its case.

        Held against the words of SadeedDiac-25, what the lexicon lacks is wrong far more often than it seems
        to the models, while their disagreement tells no more than the probability does.
        """
        p = self.probability
        return p / (p + (1 - p) * _UNKNOWN_ODDS) if self.known is False else p


class VowelledText(str):
    """A text with its vowels, that also tells how sure these are."""

    __slots__ = ("sure",)

    sure: Sequence[float]
    """Of each character that is no mark, what is known of its word."""


@cache
def method() -> str:
    """What finds the vowels, with versions: for the keys of what is spoken with them."""
    if not rawi.is_installed():
        return f"vowels {_METHOD} by piper-tts {version('piper-tts')}"
    lexicon = f"{alkhalil.PACKAGE} {version(alkhalil.PACKAGE)}"
    return f"vowels {_METHOD} by {rawi.PACKAGE} {rawi.VERSION} and {lexicon}"


def load() -> None:
    """Load the models, which the first text would have to wait for; not the lexicon, which few words need."""
    if rawi.is_installed():
        rawi.rawi()
    else:
        libtashkeel.model()


def letter_vowels(text: str, lexicon: Lexicon = word_forms) -> list[LetterVowels]:
    """Every character of a text that is no mark, with its marks; the author's stay as they are.

    Raises `ToolError` where the models are damaged.
    """
    return _vowelled(text, lexicon)[0]


def word_vowels(text: str, lexicon: Lexicon = word_forms) -> list[WordVowels]:
    """The Arabic words of a text with their vowels, in order. Raises as `letter_vowels`."""
    _, words = _vowelled(text, lexicon)
    offsets = [0]
    for letter in letters(text):
        offsets.append(offsets[-1] + 1 + len(letter.marks))
    return [replace(word, begin=offsets[word.begin], end=offsets[word.end]) for word in words]


def diacritize(text: str, lexicon: Lexicon = word_forms, least: float = 0.0) -> VowelledText:
    """Add vowel marks to Arabic text; its letters and its own marks stay. Raises as `letter_vowels`.

    Words that are less sure than `least` get none.
    """
    found, words = _vowelled(text, lexicon)
    pieces = [letter.character + letter.marks for letter in found]
    if doubtful := [word for word in words if word.sure < least]:
        own = letters(text)
        for word in doubtful:
            given = own[word.begin : word.end]
            pieces[word.begin : word.end] = [letter.character + letter.marks for letter in given]
    made = VowelledText("".join(pieces))
    sure = [1.0] * len(found)
    for word in words:
        sure[word.begin : word.end] = [word.sure] * (word.end - word.begin)
    made.sure = sure
    return made


def _vowelled(text: str, lexicon: Lexicon) -> tuple[list[LetterVowels], list[WordVowels]]:
    """The text's characters, and its words as ranges of these."""
    found = letters(text)
    if not any(letter.takes_vowels for letter in found):
        return [LetterVowels(letter.character, letter.marks, 1.0) for letter in found], []
    return _by_rawi(found, lexicon) if rawi.is_installed() else _by_libtashkeel(text, found)


def _by_rawi(
    found: Sequence[MarkedCharacter], lexicon: Lexicon
) -> tuple[list[LetterVowels], list[WordVowels]]:
    import numpy as np

    rows = log_probabilities(found)
    chosen = rows.argmax(-1)
    known: list[bool | None] = []
    for begin, end in _words(found):
        places = [i for i in range(begin, end) if found[i].takes_vowels]
        word = "".join(found[i].character for i in places)
        repair = repaired(word, rows[places], lexicon, joined=_is_joined(found, end))
        chosen[places] = repair.choice
        known.append(repair.known)
    probabilities = np.exp(rows[np.arange(len(found)), chosen])
    vowelled = [
        LetterVowels(letter.character, _marks(letter, DIACRITICS[one]), min(1.0, float(p)))
        for letter, one, p in zip(found, chosen, probabilities, strict=True)
    ]
    words = [replace(word, known=has) for word, has in zip(_divided(found, vowelled), known, strict=True)]
    return vowelled, words


def _by_libtashkeel(
    text: str, found: Sequence[MarkedCharacter]
) -> tuple[list[LetterVowels], list[WordVowels]]:
    """Nothing is known of a word that it gives other letters; the others have theirs."""
    from difflib import SequenceMatcher

    theirs = letters(libtashkeel.diacritize(text))
    marks: dict[int, str] = {}
    written = [letter.character for letter in found]
    matcher = SequenceMatcher(None, written, [letter.character for letter in theirs], autojunk=False)
    for block in matcher.get_matching_blocks():
        for n in range(block.size):
            marks[block.a + n] = diacritic(theirs[block.b + n].marks)
    for begin, end in _words(found):
        if any(i not in marks for i in range(begin, end)):
            marks |= dict.fromkeys(range(begin, end), "")
    vowelled = [
        LetterVowels(
            letter.character, _marks(letter, marks.get(i, "")), UNKNOWN if letter.takes_vowels else 1.0
        )
        for i, letter in enumerate(found)
    ]
    return vowelled, _divided(found, vowelled)


def _divided(found: Sequence[MarkedCharacter], vowelled: Sequence[LetterVowels]) -> list[WordVowels]:
    """The words, as ranges of characters."""
    words = []
    for begin, end in _words(found):
        form = "".join(letter.character + letter.marks for letter in vowelled[begin:end])
        sure = min(letter.probability for letter in vowelled[begin : max(end - 1, begin + 1)])
        words.append(WordVowels(begin, end, form, sure))
    return words


def _marks(letter: MarkedCharacter, found: str) -> str:
    """What is written on a letter: the author's marks; only to a bare shadda a vowel is added."""
    if not letter.takes_vowels or letter.marks not in ("", SHADDA):
        return letter.marks
    return SHADDA + found.replace(SHADDA, "") if letter.marks else found


def _words(found: Sequence[MarkedCharacter]) -> list[tuple[int, int]]:
    """(begin, end) of every run of Arabic letters, whatever has no sound between them."""
    words: list[tuple[int, int]] = []
    begin = end = -1
    for i, letter in enumerate(found):
        if letter.takes_vowels:
            begin = i if begin < 0 else begin
            end = i + 1
        elif not letter.is_silent and begin >= 0:
            words.append((begin, end))
            begin = -1
    return [*words, (begin, end)] if begin >= 0 else words


def _is_joined(found: Sequence[MarkedCharacter], end: int) -> bool:
    """Whether the word that ends there is followed by one with an alif of wasl, without a pause."""
    return "".join(letter.character for letter in found[end : end + 2]) == " ا"
