"""Engines: text → sound, and when each word begins in it. `make_voice` makes the one that was chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hakawati.errors import nearest
from hakawati.model import Voice, VoiceChoice, VoiceError
from hakawati.voices import espeak

DEFAULT_ENGINE = "espeak"


@dataclass(frozen=True, slots=True)
class Engine:
    """What the program knows about an engine before it speaks."""

    name: str
    description: str
    make: Callable[[str, Mapping[str, object]], Voice]
    """(language, options from book.yaml) → voice; raises `VoiceError`."""
    names: Callable[[], Mapping[str, str]]
    """The voices that are ready here, and what each is."""


ENGINES: Mapping[str, Engine] = {
    "espeak": Engine("espeak", "eSpeak NG, comes with Hakawati, works offline", espeak.make, espeak.voices),
}


def make_voice(lang: str, choice: VoiceChoice) -> Voice:
    """The voice that was chosen for a language; raises `VoiceError` where it cannot be had."""
    engine = ENGINES.get(choice.engine)
    if engine is None:
        raise VoiceError(f"there is no engine “{choice.engine}”; {nearest(choice.engine, ENGINES)}")
    return engine.make(lang, choice.options)
