"""Calls a plug-in so that whatever it gets wrong is a `VoiceError` that names it."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar, get_args

from hakawati.errors import cause, readable, short, visible
from hakawati.model import Speech, Voice, VoiceError, VoiceUnavailableError, Where

T = TypeVar("T")
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class PluginVoice:
    """A voice whose properties were checked once, and that can always be sent to a worker process."""

    key: str
    credit: str
    where: Where
    pickled: bytes = field(repr=False)
    seconds: float = 0.0
    """How long it may take for a sentence, where that is longer than any should."""

    def speak(self, text: str) -> Speech:
        """Whatever the plug-in's voice answers, or raises."""
        return _unpickled(self.pickled).speak(text)


@lru_cache(maxsize=16)
def _unpickled(voice: bytes) -> Voice:
    found: Voice = pickle.loads(voice)
    return found


@dataclass(frozen=True, slots=True)
class Plugin:
    """An engine as it is registered. What it gets wrong is raised as `VoiceError`."""

    name: str
    value: str
    """`module:object`"""

    def broken(self, why: str) -> VoiceUnavailableError:
        """That it is not as it should be."""
        hint = "install another version of its package, or report it to its author"
        return VoiceUnavailableError(f"the engine “{self.name}” ({self.value}) is broken: {why}", hint)

    def loaded(self, load: Callable[[], object]) -> object:
        """What is registered."""
        try:
            return load()
        except (Exception, SystemExit) as error:
            message = f"the engine “{self.name}” ({self.value}) cannot be loaded: {cause(error)}"
            raise VoiceUnavailableError(message, "install its package again") from error

    def ask(self, what: str, function: Callable[[], T]) -> T:
        """What a function of it returns; `what` names the function."""
        try:
            return function()
        except (Exception, SystemExit) as error:
            if isinstance(error, VoiceError) and readable(error):
                raise
            raise self.broken(f"its {what} broke off ({cause(error)})") from error

    def text(self, what: str, value: object) -> str:
        """The value, which should be text, without what a terminal would obey."""
        if not isinstance(value, str):
            raise self.broken(f"its {what} is not text, but {_brief(value)}")
        return visible(value)

    def texts(self, what: str, function: Callable[[], Mapping[str, str]]) -> Mapping[str, str]:
        """What a function returns, which should be texts by text."""
        found = self.ask(what, function)
        if not isinstance(found, Mapping):
            raise self.broken(f"its {what} is not a mapping, but {_brief(found)}")
        return self.ask(what, lambda: {self.text(what, k): self.text(what, v) for k, v in found.items()})

    def yes(self, what: str, value: object) -> bool:
        """The value, which should be true or false."""
        if not isinstance(value, bool):
            raise self.broken(f"its {what} is not true or false, but {_brief(value)}")
        return value

    def voice(self, make: Callable[[], Voice]) -> Voice:
        """The voice that it makes."""
        made = self.ask("make", make)
        return self.ask("voice", lambda: self._checked(made))

    def _checked(self, voice: Voice) -> PluginVoice:
        key, credit, where, _ = voice.key, voice.credit, voice.where, voice.speak
        if not (isinstance(key, str) and key.encode()):
            raise self.broken(f"its voice's key is not text, but {_brief(key)}")
        if where not in get_args(Where):
            raise self.broken(f"its voice's where is not {' or '.join(get_args(Where))}, but {_brief(where)}")
        name = short(self.text("voice's credit", credit), 200)
        seconds = getattr(voice, "seconds", 0.0)
        if not isinstance(seconds, int | float) or not 0 <= seconds <= _DAY:
            raise self.broken(f"its voice's seconds is not a number from 0 to {_DAY}, but {_brief(seconds)}")
        return PluginVoice(key, name, where, pickle.dumps(voice), float(seconds))


def _brief(value: object) -> str:
    try:
        return short(repr(value), 60)
    except Exception:  # noqa: BLE001 - see `cause`
        return type(value).__name__
