"""A chapter → the same chapter printed with its Arabic vowels, for learners.

Only marks are added: words, sentences and ids stay what they are, so that times and links fit as before.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from hakawati.arabic.letters import clean
from hakawati.arabic.marks import MARKS, is_arabic
from hakawati.model import Block, Chapter, Mark, Sentence, Text, Timeline, Word
from hakawati.narration.spoken_form import Diacritize, letters, prepare, vowelled, with_figures

_SAME = str.maketrans("أإآٱ", "اااا")
_SILENT = "ا\u0640"
"""Alif, which is not heard where the spoken form lacks it, and tatweel."""


def with_vowels(chapter: Chapter, diacritize: Diacritize) -> Chapter:
    """The chapter with vowel marks in its Arabic sentences.

    Where the author says how a word is spoken, it gets the vowels of that, or none where that has other
    letters: a name that `diacritize` cannot know is better read without vowels than with wrong ones.
    """

    def block(block_: Block) -> Block:
        texts = tuple(text(text_) for text_ in block_.texts)
        return replace(block_, texts=texts, children=tuple(map(block, block_.children)))

    def text(text_: Text) -> Text:
        if not is_arabic(text_.lang):
            return text_
        return replace(text_, sentences=tuple(_printed(s, diacritize) for s in text_.sentences))

    notes = tuple(replace(note, blocks=tuple(map(block, note.blocks))) for note in chapter.notes)
    return replace(chapter, blocks=tuple(map(block, chapter.blocks)), notes=notes)


def with_printed_sentences(timeline: Timeline, chapter: Chapter) -> Timeline:
    """The timeline with the sentences as the chapter prints them."""
    sentences = {sentence.id: sentence for text in chapter.texts() for sentence in text.sentences}
    told = tuple(replace(timed, sentence=sentences[timed.sentence.id]) for timed in timeline.sentences)
    return replace(timeline, sentences=told)


def _printed(sentence: Sentence, diacritize: Diacritize) -> Sentence:
    if not sentence.words:
        return sentence
    text, words = sentence.text, sentence.words
    spoken = prepare(sentence, Text("", "ar", "", (sentence,)), "")  # as it is vowelled to be spoken
    figures = {i for begin, end, _ in spoken.figures for i in range(begin, end)}
    plain = [text[word.begin : word.end] for word in words]
    found = zip(plain, vowelled(*with_figures(spoken), diacritize), strict=True)
    forms = [written if i in figures else _on_print(written, form) for i, (written, form) in enumerate(found)]
    for mark in (mark for mark in sentence.marks if mark.kind == "say"):
        covered = [i for i, word in enumerate(words) if mark.begin <= word.begin < mark.end]
        said = mark.target.split()
        for n, i in enumerate(covered):
            written = text[words[i].begin : words[i].end]
            forms[i] = fitted(written, said[n]) if len(said) == len(covered) else written
    places = _places(text, words, forms)
    return replace(
        sentence,
        text=_joined(text, words, forms),
        words=tuple(Word(places[word.begin], places[word.end]) for word in words),
        marks=tuple(_moved(mark, places) for mark in sentence.marks),
    )


def _on_print(written: str, form: str) -> str:
    """The printed word with the marks of its clean form; as it is where they are not letter for letter."""
    pieces: list[str] = []
    own: list[str] = []
    sounds = iter(letters(form))
    sound = next(sounds, None)
    for letter, marks in letters(written):
        plain = clean(letter)
        if sound and (plain == sound[0] or {plain, sound[0]} == {"ي", "ى"}):
            # The author's order of marks stays, too.
            pieces.append(letter + (marks if sorted(marks) == sorted(sound[1]) else sound[1]))
            sound = next(sounds, None)
        elif plain:
            return written
        else:
            if marks and pieces:  # on a tatweel are those of the letter before
                pieces[-1] = own[-1]
            pieces.append(letter + marks)
        own.append(letter + marks)
    return written if sound else "".join(pieces)


def _joined(text: str, words: tuple[Word, ...], forms: list[str]) -> str:
    pieces, at = [], 0
    for word, form in zip(words, forms, strict=True):
        pieces += [text[at : word.begin], form]
        at = word.end
    return "".join([*pieces, text[at:]])


def _places(text: str, words: tuple[Word, ...], forms: list[str]) -> list[int]:
    """Where each offset of the text is in the printed one; between a letter and its marks is behind these."""
    places: list[int] = []
    shift = 0
    for word, form in zip(words, forms, strict=True):
        places += [at + shift for at in range(len(places), word.begin)]
        # The offset of every letter in the form, and of its end.
        letters = [i for i, c in enumerate(form) if c not in MARKS] + [len(form)]
        bare = [i for i in range(word.begin, word.end) if text[i] not in MARKS]
        places += [word.begin + shift + letters[bisect_left(bare, at)] for at in range(word.begin, word.end)]
        shift += len(form) - (word.end - word.begin)
    return places + [at + shift for at in range(len(places), len(text) + 1)]


def _moved(mark: Mark, places: list[int]) -> Mark:
    return replace(mark, begin=places[mark.begin], end=places[mark.end])


def fitted(written: str, said: str) -> str:
    """The written word with the vowels of the spoken one; as it is where they differ in what is heard.

    A silent alif may be missing from the spoken form, and hamza may be spelt another way (باتجاه: بِتِّجَاه).
    """
    pieces: list[str] = []
    sounds = iter(letters(said))
    sound = next(sounds, None)
    for letter, marks in letters(written):
        if sound and letter.translate(_SAME) == sound[0].translate(_SAME):
            pieces.append(letter + (marks or sound[1]))
            sound = next(sounds, None)
        elif letter in _SILENT:
            pieces.append(letter + marks)
        else:
            return written
    return written if sound else "".join(pieces)
