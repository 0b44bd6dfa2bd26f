"""Speech: utterances, voices, clips and timelines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

from hakawati.model.levels import Loudness
from hakawati.model.settings import Place
from hakawati.model.text import Sentence, Word

SAMPLE_RATE = 24_000
"""Hz. At this rate an MPEG-2 Layer III frame is exactly 24 ms and has no padding byte."""
LEAST_RATE, MOST_RATE = 8_000, 192_000
"""Hz, of what an engine may answer with."""
_SPARE, _PERSONS_SPARE, _PER_CHARACTER, _MOST_SECONDS = 60, 600, 2, 3600


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
    figures: tuple[tuple[int, int, str], ...] = ()
    """(first word, end, words said) for figures, signs and abbreviations; empty for a word that another one's
    words contain."""


@dataclass(frozen=True, slots=True)
class Speech:
    """What an engine gives: sound, and when each stretch of the text begins in it."""

    pcm: bytes
    """Signed 16-bit little-endian, mono."""
    rate: int
    """Hz."""
    onsets: tuple[tuple[int, int], ...]
    """(character offset in the text, sample offset in `pcm`), in the order spoken."""
    sure: float = 1.0
    """0 to 1: how sure it is that this is the text; of a person's reading only."""


Where = Literal["anywhere", "here", "online"]
"""Who can have a voice speak: any worker, on any machine; those of this machine, which has its program or
files; or, of this machine, two at a time, sentence by sentence, since a service elsewhere does the work."""


class Voice(Protocol):
    """An engine with its settings, ready to speak; picklable, so that a worker process can have it."""

    @property
    def key(self) -> str:
        """Engine, its version, voice and settings: everything but the text that shapes its sound."""
        ...

    @property
    def credit(self) -> str:
        """The name of the reader, for listeners."""
        ...

    @property
    def where(self) -> Where:
        """Who can have it speak."""
        ...

    def speak(self, text: str) -> Speech:
        """The same text gives the same speech, always, but where `online`. Raises `VoiceError`."""
        ...


class VoiceError(Exception):
    """An engine could not speak; the message says why, for the author to read."""

    hint: str = ""
    """What to do about it, if the engine knows."""


class VoiceUnavailableError(VoiceError):
    """An engine cannot speak now, whatever the sentence: it is not installed, offline, or refuses."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class SentenceSpan:
    """Where a sentence is read in a recording, in samples of its sound."""

    begin: int
    end: int
    """Of one that is not `found`: the stretch in which it is missing."""
    onsets: tuple[tuple[int, int], ...]
    """(character offset in the text, sample), in the order spoken."""
    sure: float
    """0 to 1: how like the text it sounds, compared with the rest of the recording."""
    found: bool


class AlignableRecording(Protocol):
    """A person's recording of a chapter in one language; picklable, but its file is on this machine."""

    @property
    def key(self) -> str:
        """A digest of its sound, and the version of what aligns it."""
        ...

    @property
    def path(self) -> str:
        """Its file, relative to the project folder."""
        ...

    @property
    def credit(self) -> str:
        """The name of the reader; empty if it is not known."""
        ...

    def sound(self) -> Iterator[bytes]:
        """Signed 16-bit little-endian mono PCM at `SAMPLE_RATE`, in blocks. Raises `VoiceError`."""
        ...

    def align(
        self, sound: Iterable[bytes], texts: Iterable[str]
    ) -> tuple[list[SentenceSpan], list[tuple[int, int]]]:
        """Where each text is read, in order, and what else is heard, (begin, end) in samples.

        Raises `VoiceError` where nothing in it is like the texts.
        """
        ...


@dataclass(frozen=True, slots=True)
class WordSpeech:
    """A printed word as it is spoken."""

    text: str
    """Empty where another word's sound contains it."""
    sure: float = 1.0
    """0 to 1: how sure its vowels are; 1 of what has none to be found."""


@dataclass(frozen=True, slots=True)
class SpokenSentence:
    """A sentence as it sounds in a clip."""

    spoken: str
    """What the engine was given, or the reader is taken to have said, vowels and all."""
    onsets: tuple[int, ...]
    """For each printed word, the sample at which it begins, counted from the start of the clip's sound; at
    least a millisecond apart, and without the encoder's delay. Empty where the sentence is not in it."""
    sure: float = 1.0
    """0 to 1: how sure it is that this is what is heard; of a person's reading only."""
    words: tuple[WordSpeech, ...] = ()
    """Each printed word."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch of narration, encoded: an MP3 stream of its own.

    It is a sentence where an engine spoke it, and all that a person read in one go where it was recorded.
    """

    frames: bytes
    samples: int
    """Length of the sound in it."""
    sentences: tuple[SpokenSentence, ...]
    extras: tuple[tuple[int, int], ...] = ()
    """(begin, end) of sounds that are in no sentence, in samples like the onsets."""
    loudness: Loudness = field(default_factory=Loudness)


@dataclass(frozen=True, slots=True)
class TimedSentence:
    """When a sentence and its words are heard, in samples of the chapter. Words tile the sentence."""

    sentence: Sentence
    within: str
    """Id of the element that holds it, with the sentences that follow it there."""
    lang: str
    spoken: str
    begin: int
    end: int
    words: tuple[int, ...]
    """The onset of each printed word."""
    said: tuple[WordSpeech, ...] = ()
    """Each printed word as it is spoken."""
    pair: str = ""
    """Id of the element that lights up as a whole, it and its translation; else it is lit part by part."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A chapter's sentences in the order they are heard; they tile [0, duration]."""

    sentences: tuple[TimedSentence, ...]
    duration: int


@dataclass(frozen=True, slots=True)
class Track:
    """A chapter's MP3, as one of the book's."""

    name: str
    """The chapter's: the file's, without its ending."""
    title: str
    duration: int
    """In samples."""
    size: int
    """Of the file, in bytes."""


def longest(text: str, *, by_person: bool = False) -> int:
    """How many seconds the sound of a text may last, so that no answer fills the memory.

    A digit that eSpeak reads at half its speed takes 1.6. A person's file may begin and end with something
    else.
    """
    spare = _PERSONS_SPARE if by_person else _SPARE
    return min(spare + _PER_CHARACTER * len(text), _MOST_SECONDS)


def milliseconds(samples: int) -> int:
    """Samples to milliseconds, half away from zero.

    The one place where time is rounded, so a boundary is the same number wherever it is written.
    """
    return (samples * 2000 + SAMPLE_RATE) // (2 * SAMPLE_RATE)


def seconds(samples: int) -> float:
    """Samples to seconds, to the millisecond."""
    return milliseconds(samples) / 1000
