"""Words whose pronunciation deserves a look.

A word is doubtful where its vowels are not probable enough, or where they look wrong: a name without a case
ending, a syllable that Arabic does not have, two readings.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from hakawati.arabic.marks import DAMMA, FATHA, FATHATAN, KASRA, SHADDA, SUKUN, VOWELS, is_arabic
from hakawati.arabic.vowels import DOUBTFUL
from hakawati.model import Place, Utterance, WordSpeech
from hakawati.narration.spoken_form import Diacritize, vocalise

Why = Literal["foreign", "script", "mixed", "no vowels", "two ways", "unsure"]

REASONS: Sequence[Why] = ("foreign", "script", "mixed", "no vowels", "two ways", "unsure")
"""In the order of the list."""


@dataclass(frozen=True, slots=True)
class DoubtfulWord:
    """A printed word that may be spoken wrong."""

    written: str
    """Without marks, as a key of `pronunciation.yaml`; it stands for the word behind و ف ب ك ل, too."""
    spoken: str
    """As it would be spoken in most places; a case ending is in it only where it is the same in all."""
    others: tuple[str, ...]
    """How it would be spoken elsewhere, where more than the case ending differs."""
    why: Why
    places: tuple[Place, ...]
    """Every line where it stands, once, in reading order; it stands there `count` times."""
    count: int


@dataclass(frozen=True, slots=True)
class _WordOccurrence:
    """A printed word in the utterance `turn`, `stop`: before a pause; `why`: what its letters alone tell."""

    turn: int
    written: str
    stem: str
    """Vowelled, without the vowel at its end, which is decided by its place in the sentence."""
    ending: str
    place: Place
    stop: bool
    why: Why | None
    foreign: bool | None
    """Whether it looks so; None where it cannot be told."""
    sparse: bool
    """Whether most of its vowels are missing, and the author wrote none."""
    marked: bool  # by the author
    sure: float
    """0 to 1: how sure its vowels are."""


_MARK = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
_LETTER = re.compile(f"([^{_MARK}])([{_MARK}]*)")
_UNWRITTEN = re.compile(f"[{_MARK}\u0640\u061c\u200b-\u200f\u2066-\u2069]")

# What stands before a stem: the article, or proclitics before the joining alef of انتفاضة.
_ARTICLE = re.compile(r"[وف]?[بكل]?(?:ال|(?<=ل)ل)(?=..)")
_JOINING = re.compile(f"(?:[وف]{FATHA})?(?:[بل]{KASRA})?(?=ا)")
_PREFIX = re.compile("[وف]?[بكل]?(?:است|مست|يست|تست|نست|من|ين|تن|مت|يت|ان|[متيناأ])?")
_SUFFIX = re.compile("(?:ون|ين|ان|ات|وا|يون|يين|يات|ية|ي|ة|ت|ته)?(?:ه|ها|هما|هم|هن|كم|نا)?$")
_PRONOUN = re.compile("(?<=...)(?:ها|هما|هم|هن|كما|كم|كن|نا|ه|ك|ي)$")

# An abbreviation (but not و, the word), or digits that stick to letters.
_MIXED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]|[ء-هي]|.*\d.*")
# Words that have no vowel at their end.
_PARTICLES = frozenset(re.findall(r"\w+", "من عن قد لم هل بل أن إن إذ فقط لكن كم أو أي لن كي لو أم لا مذ هم"))
_JUSSIVE = frozenset(("لم", "ألم", "لا", "ألا", "من", "إن", "إلا"))
# Two words in one spelling, which only the sentence tells apart: no form is right everywhere.
_TWOFOLD = frozenset(("من", "أن", "إن", "أم", "ألا", "أما", "لما", "لم", "ثم", "كم", "بعد", "قبل"))


def doubtful_words(utterances: Iterable[Utterance], diacritize: Diacritize) -> list[DoubtfulWord]:
    """The words worth a look: by reason, and in each the most frequent first.

    Left out are figures and what the author gave or vowelled. `diacritize` is asked once for equal texts.
    """
    scripts = _scripts(said := list(utterances))
    forms: dict[tuple[str, str], Sequence[WordSpeech]] = {}
    words: dict[str, list[_WordOccurrence]] = {}
    for turn, one in enumerate(said):
        if (one.lang, one.text) not in forms:  # the author's forms and the pauses are put in later
            forms[one.lang, one.text] = vocalise(replace(one, given=(), stops=()), diacritize).each
        given = {i for begin, end, _ in (*one.given, *one.figures) for i in range(begin, end)}
        for i, spoken in enumerate(forms[one.lang, one.text]):
            if i not in given and (heard := _heard(one, i, spoken, scripts[one.lang], turn)):
                words.setdefault(heard.written.casefold(), []).append(heard)
    whys = {key: why for key, heard in words.items() if (why := _why(key, heard))}
    groups: dict[str, list[_WordOccurrence]] = {}
    for key in whys:  # وديجول is listed with ديجول, but not وُجود with جود
        rests = [rest for rest in _rests(key) if rest in whys and not any(one.marked for one in words[key])]
        groups.setdefault([key, *rests][-1], []).extend(words[key])
    found = [_doubt(whys[key], words[key], group) for key, group in groups.items()]
    return sorted(found, key=lambda doubt: (REASONS.index(doubt.why), -doubt.count))


def _heard(
    utterance: Utterance, i: int, spoken: WordSpeech, script: str, turn: int
) -> _WordOccurrence | None:
    printed = [utterance.text[w.begin : w.end] for w in utterance.words[max(0, i - 1) : i + 1]]
    written = unmarked(printed[-1])
    why: Why | None = None
    if any(found not in ("", script) for found in map(_script, written)):
        why = "script"
    elif not is_arabic(utterance.lang) or not re.search(r"[^\W\d_]", written):
        return None
    elif _MIXED.fullmatch(written):
        why = "mixed"
    author, shape = _VowelledWord(printed[-1]), _VowelledWord(spoken.text)
    core = author.letters[: -2 if author.bare[-1] in "اى" else -1]
    if why is None and any(marks for _, marks in core) and not author.gaps:
        return None
    stop = i in utterance.stops
    foreign = shape.foreign(unmarked(printed[0]) if i else "", stop=stop)
    form = re.sub(f"{FATHATAN}([اى]){FATHATAN}", rf"{FATHATAN}\1", spoken.text)  # the author's, the model's
    stem = re.sub(f"[{_MARK}]+$", lambda marks: SHADDA * (SHADDA in marks[0]), form)
    ending, marked = form[len(stem) :], author.marked
    sparse = shape.gaps > 0.5 and not marked
    return _WordOccurrence(
        turn, written, stem, ending, utterance.place, stop, why, foreign, sparse, marked, spoken.sure
    )


def _why(key: str, heard: Sequence[_WordOccurrence]) -> Why | None:
    if sure := next((one.why for one in heard if one.why), None):
        return sure
    looks = Counter(one.foreign for one in heard)
    if looks[True] and looks[True] >= looks[False]:
        return "foreign"
    if sum(one.sparse for one in heard) * 2 >= len(heard):
        return "no vowels"
    if not _TWOFOLD.isdisjoint((key, *_rests(key))):
        return None
    if _forms(heard)[1]:
        return "two ways"
    return "unsure" if sum(one.sure < DOUBTFUL for one in heard) * 2 >= len(heard) else None


def _doubt(why: Why, own: Sequence[_WordOccurrence], group: Sequence[_WordOccurrence]) -> DoubtfulWord:
    """`own`: the word as it is written; `group`: behind proclitics, too."""
    lead, others = _forms(own)
    same = [one for one in own if one.stem == lead]
    # Before a pause the model leaves an ending out; of a name's endings none is right everywhere.
    endings = {one.ending for one in [one for one in same if not one.stop] or same}
    ending = endings.pop() if len(endings) == 1 and why != "foreign" else ""
    places = dict.fromkeys(one.place for one in sorted(group, key=lambda one: one.turn))
    return DoubtfulWord(own[0].written, lead + ending, others, why, tuple(places), len(group))


def _forms(heard: Sequence[_WordOccurrence]) -> tuple[str, tuple[str, ...]]:
    """The most frequent stem (of several that with the most marks), and the forms that contradict it."""
    counted = Counter(one.stem for one in heard)
    lead = max(counted, key=lambda stem: (counted[stem], len(stem)))
    whole = {one.stem: one.stem + one.ending for one in heard}
    return lead, tuple(form for stem, form in whole.items() if _differ(stem, lead))


def _differ(a: str, b: str) -> bool:
    """Whether two forms of a word differ where both are vowelled, but for its case."""
    word = unmarked(a)
    pronoun = _PRONOUN.search(word)
    case = pronoun.start() - 1 if pronoun else len(word) - (2 if word[-1] in "اى" else 1)
    pairs = zip(_LETTER.findall(a), _LETTER.findall(b), range(case), strict=False)
    return any(x and y and x != y and letter not in "اى" for (letter, x), (_, y), _ in pairs)


def _rests(word: str) -> Iterator[str]:
    """What a word may be behind و ف ب ك ل, as a key of `pronunciation.yaml` is found there."""
    for proclitics in ("[وف]", "[بكل]", "[وف][بكل]"):
        if (match := re.match(proclitics, word)) and len(rest := word[match.end() :]) > 1:
            yield rest
            if match[0].endswith("ل") and rest.startswith("ل"):
                yield "ال" + rest[1:]


class _VowelledWord:
    """A vowelled word: its letters, where its stem begins, which of them are long vowels."""

    def __init__(self, form: str) -> None:
        self.letters: list[tuple[str, str]] = _LETTER.findall(form)
        self.bare = "".join(letter for letter, _ in self.letters)
        self.marked = any(marks for _, marks in self.letters)
        article, joined = _ARTICLE.match(self.bare), _JOINING.match(form)
        self.begin = article.end() if article else len(unmarked(joined[0])) if joined else 0
        self.long = [self._is_long(k) for k in range(len(self.bare))]

    def _is_long(self, k: int) -> bool:
        """Whether a letter is a long vowel; the short one before it may be left out."""
        letter, marks = self.letters[k]
        if k <= self.begin or letter not in "اىوي" or marks not in ("", SUKUN):
            return False
        before, short = self.letters[k - 1][1], DAMMA if letter == "و" else KASRA
        alef = not marks and FATHATAN not in before
        return alef if letter in "اى" else short in before or VOWELS.isdisjoint(before)

    def _needs_none(self, k: int) -> bool:
        """Whether a letter needs no mark: an alef, a long vowel or what stands before one."""
        return self.letters[k][0] in "اىآ" or any(self.long[k : k + 2])

    def _is_silent(self, k: int) -> bool:
        """Whether it is a consonant without a vowel."""
        return not self._needs_none(k) and not (VOWELS | {SHADDA}) & set(self.letters[k][1])

    @property
    def gaps(self) -> float:
        """The share of letters without a mark among those that need one; the last needs none."""
        need = [k for k in range(self.begin, len(self.bare) - 1) if not self._needs_none(k)]
        gaps = sum(not self.letters[k][1] for k in need)
        return gaps / len(need) if need else float(len(self.bare) > 2 and not self.marked)

    def foreign(self, before: str, *, stop: bool) -> bool | None:
        """Whether the word looks foreign, `before` being the printed word before it; None: who knows."""
        letters = bool(re.search("[\u066e-\u06d3]", self.bare)) or self._root() > 4
        if letters or not self.marked:
            return letters or None
        return self._ends_in_u() or self._syllables() or (None if stop else self._endingless(before))

    def _root(self) -> int:
        """How many consonants are no affixes; an Arabic root has three or four, and some of them are weak."""
        stem = _PREFIX.sub("", _SUFFIX.sub("", self.bare[self.begin :], count=1), count=1)
        return len(re.sub("[ءآأؤإئاوىية]", "", stem))

    def _endingless(self, before: str) -> bool:
        """No vowel at its end, though no pause follows and grammar wants one: so libtashkeel treats names."""
        letter, marks = self.letters[-1]
        if len(self.bare) < 3 or letter in "اىوي" or VOWELS & set(marks):
            return False
        jussive = not _JUSSIVE.isdisjoint((before, *_rests(before))) and re.match("[وفل]*[أنيت]", self.bare)
        particle = not _PARTICLES.isdisjoint((self.bare, *_rests(self.bare)))
        return not marks or not (jussive or particle or self.bare.endswith(("ت", "هم", "كم", "تم", "هن")))

    def _ends_in_u(self) -> bool:
        """As مايو does; but يدعو, مهندسو and قائدو are Arabic."""
        stem = self.letters[self.begin :]
        if len(stem) < 4 or stem[-1][0] != "و" or not self.long[-1]:
            return False
        verb, agent = len(stem) == 4 and stem[0][0] in "أنيت", stem[-4][0] == "ا" and KASRA in stem[-3][1]
        return not (verb or agent or stem[0] == ("م", DAMMA))

    def _syllables(self) -> bool:
        """Syllables that no Arabic word has inside, as in لوكلير, سميث, نوردلينغ; or three long vowels."""
        stem = range(self.begin, len(self.bare) - 2)
        suffix = _SUFFIX.search(self.bare, self.begin)
        heavy = (self.long[k] and self.bare[k + 1] not in "ءوي" for k in stem if self._is_silent(k + 1))
        cluster = (self._is_silent(k) for k in stem if k == self.begin or self._is_silent(k + 1))
        return any(heavy) or any(cluster) or (suffix is not None and sum(self.long[: suffix.start()]) > 2)


def unmarked(word: str) -> str:
    """A word without marks, and without what cannot be seen."""
    return _UNWRITTEN.sub("", unicodedata.normalize("NFC", word))


def _script(c: str) -> str:
    """A letter's script by its name in Unicode; nothing for what belongs to none."""
    name = re.match(r"(?!MODIFIER)(\w+) .*(LETTER|SYLLABLE|IDEOGRAPH|CHARACTER|LIG)", unicodedata.name(c, ""))
    return {"HIRAGANA": "CJK", "KATAKANA": "CJK", "HANGUL": "CJK"}.get(name[1], name[1]) if name else ""


def _scripts(said: Sequence[Utterance]) -> dict[str, str]:
    """Language → the script that most of its letters are in; Arabic's is known."""
    letters: dict[str, Counter[str]] = {}
    for one in said:
        letters.setdefault(one.lang, Counter()).update(filter(None, map(_script, one.text)))
    found = {lang: max(counted, key=counted.__getitem__, default="") for lang, counted in letters.items()}
    return found | {lang: "ARABIC" for lang in found if is_arabic(lang)}
