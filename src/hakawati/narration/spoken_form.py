"""The spoken form of a printed sentence: the text an engine is given, each word tied to its printed one.

In two steps, because the second is slow and belongs to whoever speaks: `prepare` takes out what cannot
be spoken, and finds words for figures and signs; `vocalise` puts these in, adds the vowels that Arabic does
not write, puts words before a pause into their pausal form and the author's pronunciations in their place.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hakawati.arabic.letters import INVISIBLE, clean, clean_text
from hakawati.arabic.marks import FATHA, FATHATAN, MARKS, SHADDA, SUKUN, is_arabic
from hakawati.arabic.vowels import VowelledText
from hakawati.figures import Replacement, spell
from hakawati.model import Place, Sentence, Text, Utterance, Word, WordSpeech

Diacritize = Callable[[str], str]
"""Adds vowel marks to Arabic text and changes none of its letters."""

_HARAKAT = "\u064b-\u0650\u0652"
_STOPS = re.compile(r"[،؛:.!?؟,;—–…]")
# Punctuation that shapes how a sentence is spoken; any other sign between words is left out.
_UNSPOKEN = re.compile(r"[^،؛:.!?؟,;—–…()\"“”«»'\-]+")
_SAID = "\0"
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_SHADDA_LAST = re.compile(f"([{_HARAKAT}]){SHADDA}")
_FINAL_TANWIN = re.compile(f"{FATHATAN}([اى])[{_HARAKAT}]*$|([اى]){FATHATAN}$")
_TANWIN_ON_HAMZA = re.compile(f"([ءأ]){FATHATAN}$")
_FINAL_HARAKAT = re.compile(f"[{_HARAKAT}]+$")


@dataclass(frozen=True, slots=True)
class SpokenForm:
    """What the engine is given; `words` are the printed words' ranges in it.

    A word whose sound another's pronunciation contains has an empty range.
    """

    text: str
    words: tuple[Word, ...]
    sure: tuple[float, ...] = ()
    """0 to 1, for each word: how sure its vowels are; empty where there were none to be found."""

    @property
    def each(self) -> tuple[WordSpeech, ...]:
        """The printed words as they are spoken."""
        forms = [self.text[word.begin : word.end] for word in self.words]
        return tuple(map(WordSpeech, forms, self.sure or [1.0] * len(forms)))


def prepare(sentence: Sentence, text: Text, voice: str) -> Utterance:
    """The utterance of a printed sentence, in clean letters. It must have at least one word."""
    arabic = is_arabic(text.lang)
    given = _given(sentence, arabic=arabic)
    figures = _figures(sentence, text.lang, given)
    printed = _without_said_signs(sentence, figures)
    pieces: list[str] = []
    words: list[Word] = []
    stops: list[int] = []
    length = at = 0
    for i, word in enumerate([*sentence.words, None]):
        gap = printed[at : word.begin if word else len(printed)]
        if i and (word is None or _STOPS.search(gap)):
            stops.append(i - 1)
        # Two words always lie apart, though a sign such as ﷺ may follow one without a space.
        gap = _UNSPOKEN.sub(" ", _INVISIBLE.sub("", gap.replace(_SAID, ""))) or " "
        pieces.append(gap if word and i else gap.strip())
        length += len(pieces[-1])
        if word:
            written = clean(sentence.text[word.begin : word.end], arabic=arabic)
            pieces.append(written)
            words.append(Word(length, length + len(written)))
            length += len(written)
            at = word.end
    return Utterance(
        lang=text.lang,
        text="".join(pieces),
        words=tuple(words),
        given=given,
        stops=tuple(stops),
        phrases=tuple(p.begin for p in sentence.phrases[1:]),
        voice=voice,
        place=Place(text.path, sentence.line),
        figures=tuple((*_covered(sentence, one.begin, one.end), one.said) for one in figures),
    )


def _given(sentence: Sentence, *, arabic: bool) -> tuple[tuple[int, int, str], ...]:
    """The author's pronunciations, in clean letters."""
    says = (mark for mark in sentence.marks if mark.kind == "say")
    return tuple(
        (*_covered(sentence, mark.begin, mark.end), clean_text(mark.target, arabic=arabic)) for mark in says
    )


def _covered(sentence: Sentence, begin: int, end: int) -> tuple[int, int]:
    """The words, as a range of indices, that begin in a range of the text."""
    begins = [word.begin for word in sentence.words]
    return bisect_left(begins, begin), bisect_left(begins, end)


def _figures(sentence: Sentence, lang: str, given: tuple[tuple[int, int, str], ...]) -> list[Replacement]:
    """What is said for figures and signs, but for those words that the author gave a pronunciation."""
    taken = {i for begin, end, _ in given for i in range(begin, end)}
    found = spell(sentence.text, sentence.words, lang)
    return [one for one in found if taken.isdisjoint(range(*_covered(sentence, one.begin, one.end)))]


def _without_said_signs(sentence: Sentence, figures: Sequence[Replacement]) -> str:
    """The printed text, with `_SAID` for a sign between words that is said in one of them."""
    shown = list(sentence.text)
    for one in figures:
        for at in range(one.begin, one.end):
            shown[at] = shown[at] if shown[at].isspace() else _SAID
    for word in sentence.words:
        shown[word.begin : word.end] = sentence.text[word.begin : word.end]
    return "".join(shown)


def vocalise(utterance: Utterance, diacritize: Diacritize) -> SpokenForm:
    """The spoken form of an utterance. `diacritize` is asked only where the language is Arabic."""
    text, words = with_figures(utterance)
    arabic = is_arabic(utterance.lang)
    forms = [text[w.begin : w.end] for w in words]
    sure: list[float] = []
    if arabic:
        made = diacritize(text)
        forms, sure = _merged(text, words, made), _sureness(text, words, made)
    owners = list(range(len(forms)))
    for begin, end, said in utterance.given:
        parts = said.split()
        if len(parts) == end - begin:
            forms[begin:end] = parts
        else:
            forms[begin:end] = [said, *[""] * (end - begin - 1)]
            owners[begin + 1 : end] = [begin] * (end - begin - 1)
        sure[begin:end] = [1.0] * (end - begin) if arabic else []
    if arabic:
        for i in utterance.stops:
            last = next((k for k in range(owners[i], -1, -1) if forms[k]), 0)
            forms[last] = pausal(forms[last])
    spoken = _joined(text, words, [shadda_first(f) for f in forms], owners)
    return replace(spoken, sure=tuple(sure))


def with_figures(utterance: Utterance) -> tuple[str, tuple[Word, ...]]:
    """The text with figures and signs in words, and the printed words' ranges in it."""
    if not utterance.figures:
        return utterance.text, utterance.words
    forms = [utterance.text[w.begin : w.end] for w in utterance.words]
    owners = list(range(len(forms)))
    for begin, end, said in utterance.figures:
        forms[begin:end] = [said, *[""] * (end - begin - 1)]
    for i, form in enumerate(forms):
        if not form and i:
            owners[i] = owners[i - 1]
    spelt = _joined(utterance.text, utterance.words, forms, owners)
    return spelt.text, spelt.words


def _joined(text: str, words: tuple[Word, ...], forms: list[str], owners: list[int]) -> SpokenForm:
    pieces: list[str] = []
    ranges: list[Word] = []
    length = at = 0
    for i, (word, form) in enumerate(zip(words, forms, strict=True)):
        gap = text[at : word.begin] if owners[i] == i else ""
        pieces += [gap, form]
        length += len(gap) + len(form)
        ranges.append(Word(length - len(form), length))
        at = word.end
    pieces.append(text[at:])
    return SpokenForm("".join(pieces), tuple(ranges))


def vowelled(text: str, words: tuple[Word, ...], diacritize: Diacritize) -> list[str]:
    """Each word of an Arabic text with the vowels that its context gives it; the author's own marks stay."""
    return _merged(text, words, diacritize(text))


def _sureness(text: str, words: tuple[Word, ...], made: str) -> list[float]:
    """How sure the vowels of each word are."""
    if not isinstance(made, VowelledText):
        return [1.0] * len(words)
    offsets = [i for i, c in enumerate(text) if c not in MARKS or not i]
    ranges = [(bisect_left(offsets, word.begin), bisect_left(offsets, word.end)) for word in words]
    return [round(min(made.sure[begin:end], default=1.0), 3) for begin, end in ranges]


def _merged(text: str, words: tuple[Word, ...], made: str) -> list[str]:
    ours = letters(text)
    theirs = letters(made)
    if [letter for letter, _ in ours] != [letter for letter, _ in theirs]:
        theirs = _alike(ours, theirs)
    merged = [letter + _merge(a, b) for (letter, a), (_, b) in zip(ours, theirs, strict=True)]
    # Offsets of letters among all characters, so that ranges of characters become ranges of letters.
    offsets = [i for i, c in enumerate(text) if c not in MARKS]
    return ["".join(merged[bisect_left(offsets, w.begin) : bisect_left(offsets, w.end)]) for w in words]


def _alike(ours: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Our letters with the marks they have in `theirs`; without any in words that are spelt differently."""
    from difflib import SequenceMatcher

    found = [""] * len(ours)
    changed: set[int] = set()
    matcher = SequenceMatcher(None, [a for a, _ in ours], [b for b, _ in theirs], autojunk=False)
    for kind, begin, end, at, to in matcher.get_opcodes():
        if kind == "equal":
            found[begin:end] = [marks for _, marks in theirs[at:to]]
        else:
            changed.update(range(max(begin - 1, 0), max(begin + 1, end)))
    word: list[int] = []
    for i, (letter, _) in enumerate([*ours, (" ", "")]):
        if letter.isalpha():
            word.append(i)
            continue
        if not changed.isdisjoint(word):
            found[word[0] : word[-1] + 1] = [""] * len(word)
        word = []
    return [(letter, marks) for (letter, _), marks in zip(ours, found, strict=True)]


def letters(text: str) -> list[tuple[str, str]]:
    """Each letter with the vowel marks that follow it."""
    found: list[tuple[str, str]] = []
    for c in text:
        if c in MARKS and found:
            found[-1] = (found[-1][0], found[-1][1] + c)
        elif c not in MARKS:
            found.append((c, ""))
    return found


def _merge(author: str, model: str) -> str:
    """The author's marks; to a letter that has none, or a bare shadda, the model's vowel is added."""
    if author == SHADDA:
        return SHADDA + model.replace(SHADDA, "").replace(SUKUN, "")
    return author or model


def shadda_first(text: str) -> str:
    """Shadda before its vowel, as engines expect it; Unicode's canonical order is the other way round."""
    return _SHADDA_LAST.sub(rf"{SHADDA}\1", text) if SHADDA in text else text


def pausal(word: str) -> str:
    """The form before a pause (waqf): no short case vowel; -an is ā; ta marbuta is marked with sukun."""
    word = shadda_first(word)
    word = _FINAL_TANWIN.sub(lambda m: FATHA + (m[1] or m[2]), word)
    word = word.replace(FATHA + FATHA, FATHA)
    word = _TANWIN_ON_HAMZA.sub(rf"\1{FATHA}ا", word)
    word = _FINAL_HARAKAT.sub("", word)
    return word + SUKUN if word.endswith("ة") else word
