"""Word onsets for speech that has none of its own: eSpeak speaks the same text, and is aligned to it."""

from __future__ import annotations

from dataclasses import dataclass

from hakawati.alignment import Reference, align
from hakawati.model import Speech
from hakawati.voices.espeak import Espeak, voice_for


@dataclass(frozen=True, slots=True)
class ReferenceSpeech:
    """A text as eSpeak says it."""

    reference: Reference
    offsets: tuple[int, ...]
    """The character offset in the text of each word of the reference."""

    @property
    def seconds(self) -> float:
        """How long it takes."""
        speech = self.reference.speech
        return len(speech.pcm) / 2 / speech.rate


def reference_speech(text: str, lang: str) -> ReferenceSpeech | None:
    """How eSpeak says a text. None where it does not speak the language, or says nothing."""
    voice = voice_for(lang)
    if voice is None:
        return None
    said = Espeak(voice).speak(text)
    last = len(said.pcm) // 2
    words = tuple(min(sample, last) for _, sample in said.onsets)
    return (
        ReferenceSpeech(Reference(said, words), tuple(offset for offset, _ in said.onsets)) if words else None
    )


def timed(pcm: bytes, rate: int, text: str, lang: str) -> Speech:
    """The speech of `text` in `lang`, with the onset of each of its words.

    `pcm` is signed 16-bit little-endian mono at `rate` Hz, 4 kHz or more. Where eSpeak does not speak the
    language there are no onsets, and words are told apart by their length.
    """
    return aligned(pcm, rate, reference_speech(text, lang))


def aligned(pcm: bytes, rate: int, said: ReferenceSpeech | None) -> Speech:
    """The same, of a text that eSpeak has spoken already."""
    if said is None:
        return Speech(pcm, rate, ())
    (found,) = align(pcm, rate, [said.reference], whole=True).sentences
    return Speech(pcm, rate, tuple(zip(said.offsets, found.words, strict=True)) if found.found else ())
