"""Word onsets for speech that has none of its own: eSpeak speaks the same text, and is aligned to it."""

from __future__ import annotations

from hakawati.model import Speech
from hakawati.voices.align import Reference, align
from hakawati.voices.espeak import Espeak, voice_for


def reference(text: str, lang: str) -> tuple[Reference, tuple[int, ...]] | None:
    """How eSpeak says a text, and the character offset of each of the words that it marks.

    None where it does not speak the language, or says nothing.
    """
    voice = voice_for(lang)
    if voice is None:
        return None
    said = Espeak(voice).speak(text)
    last = len(said.pcm) // 2
    words = tuple(min(sample, last) for _, sample in said.onsets)
    return (Reference(said, words), tuple(offset for offset, _ in said.onsets)) if words else None


def timed(pcm: bytes, rate: int, text: str, lang: str) -> Speech:
    """The speech of `text` in `lang`, with the onset of each of its words.

    `pcm` is signed 16-bit little-endian mono at `rate` Hz, 4 kHz or more. Where eSpeak does not speak the
    language there are no onsets, and words are told apart by their length.
    """
    known = reference(text, lang)
    if known is None:
        return Speech(pcm, rate, ())
    said, offsets = known
    (found,) = align(pcm, rate, [said], whole=True).sentences
    onsets = tuple(zip(offsets, found.words, strict=True)) if found.found else ()
    return Speech(pcm, rate, onsets)
