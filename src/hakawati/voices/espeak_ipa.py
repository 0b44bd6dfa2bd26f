"""How a word in other letters than Arabic is said: eSpeak NG reads it, as Piper has it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hakawati.model import VoiceError

if TYPE_CHECKING:
    from piper import PiperVoice

_READER = "ar"
"""eSpeak's voice. What is not Arabic, it reads in English."""


def ipa(word: str) -> str:
    """The sounds of a word or a figure, in the International Phonetic Alphabet; spaces between several."""
    try:
        # What is between double brackets would be taken for phonemes.
        return " ".join("".join(sentence) for sentence in _reader().phonemize(word.replace("[[", "[ ")))
    except Exception as error:  # C code, and what it raises is nowhere told
        raise VoiceError(f"“{word[:80]}” cannot be read: {error}") from error


@cache
def _reader() -> PiperVoice:
    """A Piper voice without a model, since a process can have eSpeak once, and Piper has it already."""
    from piper import PiperVoice
    from piper.config import PhonemeType, PiperConfig

    return PiperVoice(None, PiperConfig(1, 1, 22_050, _READER, {}, PhonemeType.ESPEAK), use_tashkeel=False)
