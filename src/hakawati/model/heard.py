"""What is heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hakawati.model.settings import Place
from hakawati.model.written import Sentence, Word

SAMPLE_RATE = 24_000
"""Hz. At this rate an MPEG-2 Layer III frame is exactly 24 ms and has no padding byte."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence made ready to be spoken: all that its sound depends on, and where it came from.

    `text` is the printed text without what cannot be spoken; vowels and the author's pronunciations are
    put in by whoever speaks it, since vowels are found in the printed context.
    """

    lang: str
    text: str
    words: tuple[Word, ...]
    """The printed words, as ranges of `text`."""
    given: tuple[tuple[int, int, str], ...]
    """(first word, end, spoken form) where the author gave one."""
    stops: tuple[int, ...]
    """Indices of the words that a pause follows."""
    phrases: tuple[int, ...]
    """Index of the first word of every phrase but the first."""
    voice: str
    """Key into the book's voices."""
    place: Place


@dataclass(frozen=True, slots=True)
class Speech:
    """What an engine gives: sound, and when each stretch of the text begins in it."""

    pcm: bytes
    """Signed 16-bit little-endian, mono."""
    rate: int
    """Hz."""
    onsets: tuple[tuple[int, int], ...]
    """(character offset in the text, sample offset in `pcm`), in the order spoken."""


class Voice(Protocol):
    """An engine with its settings, ready to speak; picklable, so that a worker process can have it."""

    @property
    def key(self) -> str:
        """Engine, its version, voice and settings: everything but the text that shapes its sound."""
        ...

    @property
    def credit(self) -> str:
        """Who reads, for the listener."""
        ...

    def speak(self, text: str) -> Speech:
        """The same text gives the same speech, always; raises `VoiceError`."""
        ...


class VoiceError(Exception):
    """An engine could not speak; the message says why, for the author to read."""


@dataclass(frozen=True, slots=True)
class Clip:
    """An utterance, spoken and encoded: an MP3 stream of its own."""

    frames: bytes
    samples: int
    """Length of the speech in it."""
    spoken: str
    """What the engine was given, vowels and all."""
    onsets: tuple[int, ...]
    """For each printed word, the sample at which it begins, counted from the start of the speech;
    at least a millisecond apart. The encoder's delay is not in it."""


@dataclass(frozen=True, slots=True)
class TimedSentence:
    """When a sentence and its words are heard, in samples of the chapter. Words tile the sentence."""

    sentence: Sentence
    text_id: str
    lang: str
    spoken: str
    begin: int
    end: int
    words: tuple[int, ...]
    """The onset of each printed word."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A chapter's sentences in the order they are heard; they tile [0, duration]."""

    sentences: tuple[TimedSentence, ...]
    duration: int


def seconds(samples: int) -> float:
    """Samples to seconds, to the millisecond, half away from zero.

    The one place where time is rounded, so a boundary is the same number wherever it is written.
    """
    return ((samples * 2000 + SAMPLE_RATE) // (2 * SAMPLE_RATE)) / 1000
