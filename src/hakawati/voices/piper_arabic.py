"""An Arabic text for Piper: each word's phonemes, and where in them it begins.

Piper reads Arabic by eSpeak NG, which misreads some of it. So it reads only what is not in Arabic letters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hakawati.arabic.alphabets import piper_phonemes
from hakawati.arabic.connected_speech import spoken_words
from hakawati.arabic.foreign_words import in_arabic_sounds
from hakawati.arabic.phrases import SIGNS, TOKEN

_ENDS = frozenset(".!?")
Read = Callable[[str], Sequence[Sequence[str]]]
"""Has eSpeak read a text: the phonemes of each sentence that the voice knows."""
Known = Callable[[str], Sequence[str]]
"""Takes phonemes apart, and leaves out those that the voice does not know."""


@dataclass(slots=True)
class PiperReading:
    """What a voice is to say."""

    sentences: list[list[str]] = field(default_factory=lambda: [[]])
    """The phonemes of each sentence; spaces and punctuation are among them."""
    heads: list[tuple[int, int]] = field(default_factory=list)
    """(offset of a word in the text, index of its first phoneme), counted through all sentences."""

    def add(self, offset: int, phonemes: Sequence[str]) -> None:
        """Add a word."""
        sentence = self.sentences[-1]
        if not phonemes:
            return
        if sentence and sentence[-1] != " ":
            sentence.append(" ")
        self.heads.append((offset, sum(map(len, self.sentences))))
        sentence += phonemes

    def pause(self, sign: str) -> None:
        """Add punctuation, where a word is before it."""
        sentence = self.sentences[-1]
        if not sentence or sentence[-1] == " ":
            return
        sentence.append(sign)
        if sign in _ENDS:
            self.sentences.append([])
        else:
            sentence.append(" ")


def piper_reading(text: str, read: Read, known: Known) -> PiperReading:
    """The phonemes of a text."""
    reading = PiperReading()
    at = 0
    for word in spoken_words(text):
        _add_other(reading, text, at, word.begin, read, known)
        if word.phones:
            reading.add(word.begin, known(piper_phonemes(word.phones)))
        else:
            reading.add(word.begin, _read_alone(text[word.begin : word.end], read))
        at = word.end
    _add_other(reading, text, at, len(text), read, known)
    reading.sentences = [sentence for sentence in reading.sentences if sentence]
    return reading


def _add_other(reading: PiperReading, text: str, begin: int, end: int, read: Read, known: Known) -> None:
    """Add what is between two Arabic words: punctuation, figures, foreign words."""
    for found in TOKEN.finditer(text, begin, end):
        token = found[0]
        if not token[0].isalnum():
            reading.pause(SIGNS[token])
            continue
        phonemes = _read_alone(token, read)
        if not any(map(str.isdigit, token)):
            phonemes = known(piper_phonemes(in_arabic_sounds("".join(phonemes)))) or phonemes
        reading.add(found.start(), phonemes)


def _read_alone(word: str, read: Read) -> Sequence[str]:
    """The phonemes of a word as eSpeak reads it; a figure becomes several words."""
    sentences = [[p for p in sentence if p not in SIGNS.values()] for sentence in read(word)]
    return [p for sentence in sentences for p in (*sentence, " ")][:-1]
