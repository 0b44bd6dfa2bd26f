"""A vowelled word → its phones, as it is said by itself.

The rules are the grammar's (Ryding, *A Reference Grammar of Modern Standard Arabic*, 2005, ch. 2; Wright,
*A Grammar of the Arabic Language*, I, part 1): sun letters, the joining alif, tanwin, ta marbuta, the silent
alif of the plural, alif maqsura, glides, and words that are written otherwise than they are said.
"""

from __future__ import annotations

from functools import lru_cache

from hakawati.arabic.irregular import as_said
from hakawati.arabic.marks import SUN
from hakawati.arabic.opening import Opening, joins_after_article, opening
from hakawati.arabic.phones import Phone, Pronunciation
from hakawati.arabic.spelling import Letter, bare, letters, normal

_CONSONANT = {
    "ب": "b", "ت": "t", "ث": "θ", "ج": "dʒ", "ح": "ħ", "خ": "x", "د": "d", "ذ": "ð", "ر": "r", "ز": "z",
    "س": "s", "ش": "ʃ", "ص": "sˤ", "ض": "dˤ", "ط": "tˤ", "ظ": "ðˤ", "ع": "ʕ", "غ": "ɣ", "ف": "f", "ق": "q",
    "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w", "ي": "j",
    **dict.fromkeys("ءأإؤئ", "ʔ"),
    "ى": "j", "ة": "t", "پ": "p", "چ": "tʃ", "ژ": "ʒ", "ڤ": "v", "ڥ": "v", "گ": "ɡ", "ڭ": "ɡ",
}  # fmt: skip
LETTERS = frozenset({*_CONSONANT, *"اآٱکیہھەۃ"})
"""All that a word may consist of, besides marks."""
_OWN = {"و": "u", "ي": "i", "ى": "i"}
"""The vowel whose long form a letter writes."""
_REMEMBERED = 20_000
"""Words; a long book has fewer."""


@lru_cache(maxsize=_REMEMBERED)
def pronunciation(word: str) -> Pronunciation:
    """How a word is said between two pauses. Letters that are not Arabic's (`LETTERS`) are left out.

    Vowels that are written decide. Where a consonant must have one and none is written, it is a, so that
    a word without vowels can be said: كتب is katab.
    """
    written = normal(word)
    spelt = letters(as_said(written))
    if not spelt or (len(spelt) == 1 and spelt[0].unmarked and spelt[0].char not in "وفبلك"):
        return Pronunciation(())
    return _Transcript(spelt, bare(letters(written))).finished()


class _Transcript:
    """The phones of a word while it is read, letter by letter."""

    def __init__(self, word: list[Letter], is_bare: bool) -> None:
        self._word = word
        self._bare = is_bare
        self._phones: list[Phone] = []
        self._open: list[int] = []
        """Which phones are consonants that may have a vowel that is not written."""
        self._wasla = ""
        self._clitics = 0

    def finished(self) -> Pronunciation:
        word = self._word
        begin = opening(word)
        if begin:
            at = self._begin(begin)
        else:
            self._article_after_li()
            at = 0
        for i in range(at, len(word)):
            self._letter(i)
        # “Son” between two names has no alif, and the same sound.
        if len(word) > 1 and word[0] == Letter("ب", quiet=True) and word[1].char == "ن":
            self._wasla = "i"
        return Pronunciation(tuple(self._voiced()), self._wasla, self._clitics)

    def _begin(self, begin: Opening) -> int:
        """Proclitics and article; returns where the stem begins."""
        word, at = self._word, begin.alif
        for letter in word[:at]:
            self._consonant(letter)
            self._phones.append(Phone(letter.vowel or ("i" if letter.char in "بل" else "a")))
        if not at:
            self._wasla = begin.vowel
        self._open.clear()
        if not begin.article:
            return at + 1
        self._clitics = at
        lam, after = word[at + 1], word[at + 2]
        if lam.double:  # alladhī
            self._letter(at + 1)
        elif joins_after_article(word, at + 1):
            self._phones += [Phone("l"), Phone("i")]
            return at + 3
        elif after.char in SUN:
            word[at + 2] = after._replace(double=True)
        else:
            self._phones.append(Phone("l"))
        return at + 2

    def _article_after_li(self) -> None:
        """The article has no alif there, and a sun letter is doubled, though it may not be marked so."""
        word = self._word
        k = 1 if word[0].char in "وف" else 0
        if len(word) < k + 4 or word[k].char != "ل" or word[k].vowel not in ("", "i"):
            return
        lam, after = word[k + 1 : k + 3]
        if lam.char != "ل" or (lam.vowel and not lam.double):
            return
        word[k] = word[k]._replace(vowel="i")
        if lam == Letter("ل") and after.char in SUN:
            word[k + 2] = after._replace(double=True)
        self._clitics = k + 1

    def _letter(self, i: int) -> None:
        letter = self._word[i]
        if letter.char == "آ":
            self._phones += [Phone("ʔ"), Phone("a", long=True)]
        elif letter.char == "ا" or (letter.char == "ى" and not letter.double and len(letter.vowel) != 1):
            self._alif(i, letter)
        elif letter.char in _OWN:
            self._glide(i, letter)
        elif letter.char == "ة":
            self._ta_marbuta(letter)
        elif letter.char in _CONSONANT and not self._silent_lam(i):
            self._consonant(letter)
            vowel = letter.vowel or ("i" if letter.char == "إ" and letter.unmarked else "")
            self._vowel(vowel, letter.dagger)

    def _silent_lam(self, i: int) -> bool:
        """The article's lam before a sun letter, where it has no alif (li-sh-shams)."""
        word = self._word
        return word[i] == Letter("ل") and i + 1 < len(word) and word[i + 1].double and word[i + 1].char in SUN

    def _alif(self, i: int, letter: Letter) -> None:
        phones = self._phones
        before = phones[-1] if phones else None
        if len(letter.vowel) == 2:  # tanwin, written on the alif
            if before is not None and before.vowel:
                phones.pop()
            self._vowel(letter.vowel, dagger=False)
        elif before is None:
            phones += [Phone("ʔ"), Phone(letter.vowel or "a", long=letter.dagger)]
        elif letter.vowel and i < len(self._word) - 1 and not before.vowel:  # a hamza that is not written
            phones += [Phone("ʔ"), Phone(letter.vowel)]
        elif before == Phone("a"):
            phones[-1] = Phone("a", long=True)
        elif before == Phone("i") and letter.char == "ى":
            phones[-1] = Phone("i", long=True)
        elif not before.vowel and not self._silent_alif(i):
            self._vowel("a", dagger=True)

    def _silent_alif(self, i: int) -> bool:
        """After tanwin, and after the waw of the plural."""
        last = self._word[i - 1]
        return len(last.vowel) == 2 or (last.char == "و" and not last.vowel and i == len(self._word) - 1)

    def _glide(self, i: int, letter: Letter) -> None:
        phones, own = self._phones, _OWN[letter.char]
        before = phones[-1] if phones else None
        if letter.dagger and not letter.vowel and before == Phone("a"):  # الصلوٰة
            phones[-1] = Phone("a", long=True)
        elif before == Phone(own) and not (letter.vowel or letter.double or letter.dagger):
            phones[-1] = Phone(own, long=True)
        elif before and not before.vowel and letter.unmarked and self._lengthens(i):
            self._vowel(own, dagger=False, long=True)
        else:
            self._consonant(letter)
            self._vowel(letter.vowel, letter.dagger)

    def _lengthens(self, i: int) -> bool:
        """Whether an unmarked و or ي after an unmarked consonant is a long vowel."""
        before = self._word[i - 1]
        after = self._word[i + 1] if i + 1 < len(self._word) else None
        if before.vowel or before.quiet:
            return False
        return after is None or after.char not in "اىةآ" or self._silent_alif(i + 1)

    def _ta_marbuta(self, letter: Letter) -> None:
        phones = self._phones
        if phones and not phones[-1].vowel:
            phones.append(Phone("a"))
        phones.append(Phone("t" if letter.vowel else "h"))
        self._vowel(letter.vowel, letter.dagger)

    def _consonant(self, letter: Letter) -> None:
        if not letter.quiet:
            self._open.append(len(self._phones))
        self._phones.append(Phone(_CONSONANT[letter.char], long=letter.double))

    def _vowel(self, vowel: str, dagger: bool, *, long: bool = False) -> None:
        if len(vowel) == 2:
            self._phones += [Phone(vowel[0]), Phone("n")]
        elif vowel or dagger:
            self._phones.append(Phone(vowel or "a", long or dagger))

    def _voiced(self) -> list[Phone]:
        """The phones, with an a wherever a vowel must be and none is written."""
        phones = self._phones
        found: list[Phone] = []
        last = len(phones) - 1
        unwritten = frozenset(self._open)
        for i, phone in enumerate(phones):
            vowel_before = bool(found) and found[-1].vowel
            found.append(phone)
            if i not in unwritten or (i < last and phones[i + 1].vowel):
                continue
            if i == last:
                needed = not found[:-1]
            else:
                begins = not vowel_before and (bool(found[:-1]) or not self._wasla)
                needed = begins or phone.long or (i + 1 == last and (self._bare or self._his))
            if needed:
                found.append(Phone(self._unwritten(i, last)))
        return found

    def _unwritten(self, i: int, last: int) -> str:
        """The vowel that is said where none is written: bi, li, -uhu (his), else a."""
        if last == 0:
            return "i" if self._word[0].char in "بل" else "a"
        return "u" if self._his and 0 < i == last - 1 else "a"

    @property
    def _his(self) -> bool:
        """Whether it ends in ه, without vowels: mostly a pronoun."""
        return self._word[-1] == Letter("ه")
