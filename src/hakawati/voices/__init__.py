"""Text-to-speech engines: text → sound, and when each word begins in it. Start at `make_voice`.

An engine is an `Engine` in the entry point group `hakawati.voices`, under its name; the built-in ones are
registered like any other. `docs/voices.md` shows how to write one. Whatever a plug-in gets wrong is raised as
a `VoiceError`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from hakawati.errors import nearest
from hakawati.model import Voice, VoiceChoice, VoiceError, VoiceUnavailableError
from hakawati.voices.options import Options
from hakawati.voices.plugin import Plugin

DEFAULT_ENGINE = "espeak"
GROUP = "hakawati.voices"


@dataclass(frozen=True, slots=True)
class Engine:
    """What the program knows about an engine before it speaks.

    One whose only voice answers any text with a second of silence, at 8 kHz:

    >>> from hakawati.model import Speech
    >>> class Silence:
    ...     key, credit, where = "silence 1", "Nobody", "anywhere"
    ...
    ...     def speak(self, text):
    ...         return Speech(bytes(2 * 8_000), 8_000, onsets=((0, 0),))
    >>> voices = {"silence": "the only one"}
    >>> silence = Engine("silence", "says nothing", lambda *_: Silence(), lambda: voices)
    >>> silence.make("en", {}, Path()).speak("A word.").onsets
    ((0, 0),)
    """

    name: str
    description: str
    make: Callable[[str, Mapping[str, object], Path], Voice]
    """(language, options from book.yaml, the project's folder) → voice; raises `VoiceError`."""
    voices: Callable[[], Mapping[str, str]]
    """The voices that are ready here, and what each is; those that are not known without asking a service
    are not among them."""
    ready: Callable[[], str] = str
    """The command that makes the engine ready to speak here; empty where it is."""
    more: str = ""
    """How to get more voices than those that are ready."""
    speeds: bool = False
    """Whether it has an option `speed` of its own, times as fast; what others speak is changed afterwards."""


@cache
def _registered() -> Mapping[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


def engine_names() -> list[str]:
    """The names of the engines that are installed, the default one first."""
    return sorted(_registered(), key=lambda name: (name != DEFAULT_ENGINE, name))


def engine(name: str) -> Engine:
    """The engine of this name. Raises `VoiceError` where there is none, or what is installed is none.

    Its functions raise that too, whatever goes wrong in them, and what they return is as it should be.
    """
    point = _registered().get(name)
    if point is None:
        raise VoiceError(f"there is no engine “{name}”; {nearest(name, _registered())}")
    plugin = Plugin(name, point.value)
    found = plugin.loaded(point.load)
    if not isinstance(found, Engine):
        raise plugin.broken(f"it is no {Engine.__module__}.Engine")
    return replace(
        found,
        name=name,
        description=plugin.text("description", found.description),
        make=lambda lang, options, project: plugin.voice(lambda: found.make(lang, dict(options), project)),
        voices=lambda: plugin.texts("voices", found.voices),
        ready=lambda: plugin.text("ready", plugin.ask("ready", found.ready)),
        more=plugin.text("more", found.more),
        speeds=plugin.yes("speeds", found.speeds),
    )


def paced(choice: VoiceChoice, speed: float) -> tuple[VoiceChoice, float]:
    """What was chosen as its engine takes it, and how many times as fast its speech is to be made then.

    `speed` is what is wanted of all voices; one that has its own keeps it. Raises `VoiceError`.
    """
    if engine(choice.engine).speeds:
        wanted = {} if speed == 1 else {"speed": speed}
        return replace(choice, options={**wanted, **choice.options}), 1.0
    given = dict(choice.options)
    own = {"speed": given.pop("speed")} if "speed" in given else {}
    speed = Options(choice.engine, own, {"speed": float}).number("speed", speed, 0.5, 2)
    return replace(choice, options=given), speed


def make_voice(lang: str, choice: VoiceChoice, project: Path) -> Voice:
    """The voice that was chosen for a language, `lang` being its BCP 47 tag.

    `project`: the project's folder, to which files among the options are relative. Raises `VoiceError` for
    an engine or an option that does not exist, and `VoiceUnavailableError` where the engine is not installed.

    >>> from hakawati.model import Place
    >>> choice = VoiceChoice("espeak", {"rate": 140}, Place("book/book.yaml", 7))
    >>> speech = make_voice("en", choice, Path()).speak("Two words.")
    >>> speech.rate, [offset for offset, _ in speech.onsets]  # where each word begins in the text
    (22050, [0, 4])
    """
    chosen = engine(choice.engine)
    if command := chosen.ready():
        raise VoiceUnavailableError(f"the engine “{chosen.name}” is not installed", f"install it: {command}")
    return chosen.make(lang, choice.options, project)
