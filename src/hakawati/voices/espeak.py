"""eSpeak NG: the embedded voice."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from hakawati.arabic.alphabets import espeak_mnemonics
from hakawati.arabic.marks import is_arabic
from hakawati.arabic.phoneme_input import phoneme_input
from hakawati.arabic.phones import VERSION
from hakawati.errors import nearest
from hakawati.model import Speech, Voice, VoiceError, Where
from hakawati.voices import Engine
from hakawati.voices.espeak_library import Sound, data_path, listed, loaded, newly_loaded, synthesise
from hakawati.voices.options import Options

if TYPE_CHECKING:
    from hakawati.voices.espeak_speaker import Request, Speaker

_FORKS = hasattr(os, "fork")
_RATE, _ARABIC_RATE = 160, 130
"""Words a minute where none are chosen. Slower Arabic is followed better (benchmarks/followed.py), and
learners need it."""
_STARTS = 3
"""How often a speaker is started before it is given up."""
_STARTING = threading.Lock()
"""One thread at a time sees to it that there is a speaker."""


@dataclass(frozen=True, slots=True)
class Espeak:
    """An eSpeak NG voice with its settings."""

    voice: str
    """A voice's name as `hakawati voices` lists it, with a variant if wanted: `en-us+f3`."""
    rate: int = _RATE
    """Words a minute."""
    pitch: int = 50
    """0 to 99."""

    @property
    def key(self) -> str:
        phones = f" phones={VERSION}" if self._arabic else ""
        return f"espeak {version('espeakng-loader')} {self.voice} rate={self.rate} pitch={self.pitch}{phones}"

    @property
    def credit(self) -> str:
        return f"eSpeak NG ({self.voice})"

    @property
    def where(self) -> Where:
        return "anywhere"

    def speak(self, text: str) -> Speech:
        """Speak a text; the marks are eSpeak's own, one for each word it says."""
        voice = (_file(self.voice), self.rate, self.pitch)
        if not self._arabic:
            pcm, rate, marks = _say((*voice, text, False))
            return Speech(bytes(pcm), rate, tuple(marks))
        phonemes = phoneme_input(text, espeak_mnemonics)
        pcm, rate, marks = _say((*voice, phonemes.text, True))
        return Speech(bytes(pcm), rate, tuple((phonemes.origin(offset), sample) for offset, sample in marks))

    @property
    def _arabic(self) -> bool:
        """Whether it is the voice that eSpeak's Arabic phonemes belong to."""
        return is_arabic(self.voice.split("+")[0])


def make(lang: str, options: Mapping[str, object], project: Path) -> Voice:  # noqa: ARG001
    """An eSpeak voice from `{voice, rate, pitch}`; `voice` is the language's own where it is not given."""
    chosen = Options("espeak", options, {"voice": str, "rate": int, "pitch": int})
    voice = chosen.text("voice", _nearest_tag(lang))
    usual = _ARABIC_RATE if is_arabic(voice.split("+")[0]) else _RATE
    rate = chosen.whole("rate", usual, 80, 450, "words a minute")
    pitch = chosen.whole("pitch", 50, 0, 99)
    _file(voice)
    return Espeak(voice, rate, pitch)


def voice_for(lang: str) -> str | None:
    """The voice that speaks a language, or None."""
    tag = _nearest_tag(lang)
    return tag if tag in voices() else None


def _file(voice: str) -> str:
    """What eSpeak itself calls a voice: of its tags, it knows but a few. Raises `VoiceError`."""
    base, plus, variant = voice.partition("+")
    if base not in voices():
        raise VoiceError(f"espeak has no voice “{base}”; {nearest(base, voices())}")
    if plus and variant not in _variants():
        raise VoiceError(f"espeak has no variant “{variant}”; {nearest(variant, _variants())}")
    return _known()[base][1] + plus + variant


def _nearest_tag(lang: str) -> str:
    """The tag that eSpeak knows for a language: `pt-br` for pt-BR, `ar` for ar-EG."""
    tag = lang.lower()
    while tag not in voices() and "-" in tag:
        tag = tag.rpartition("-")[0]
    return tag


def voices() -> Mapping[str, str]:
    """Every voice by its language tags, with its name."""
    return {tag: name for tag, (name, _) in _known().items()}


@cache
def _known() -> Mapping[str, tuple[str, str]]:
    """Names and files of the voices, by tag; where several share one, the first in rank."""
    if _FORKS:
        found = list(listed(loaded()[0]))
    else:
        with newly_loaded() as (library, _):
            found = list(listed(library))
    known: dict[str, tuple[str, str]] = {}
    for tag, _rank, name, file in sorted(found, key=lambda v: v[:2]):
        known.setdefault(tag, (name, file))
    return known


@cache
def _variants() -> frozenset[str]:
    return frozenset(p.name for p in (Path(data_path()) / "voices" / "!v").iterdir())


def _say(request: Request) -> Sound:
    """The same request gives the same sound: it is spoken by a library that has said nothing before."""
    if not _FORKS:
        with newly_loaded() as (library, rate):
            return synthesise(library, rate, *request)
    for _ in range(_STARTS):
        sound = _ready().say(request)
        if sound is not None:  # else it ended since it last spoke, which is nothing that this text did
            return sound
    raise VoiceError("eSpeak NG does not start; reinstall Hakawati")


def _ready() -> Speaker:
    with _STARTING:
        if _speaker().closed:
            _speaker.cache_clear()
        return _speaker()


@cache
def _speaker() -> Speaker:
    """This process's speaker, started when it is first needed."""
    from hakawati.voices.espeak_speaker import Speaker

    return Speaker()


ENGINE = Engine("espeak", "eSpeak NG: comes with Hakawati, works offline", make, voices)
