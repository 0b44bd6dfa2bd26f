"""Plug-ins that are wrong in every part: each is a `VoiceError` that names the engine and what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from hakawati import voices
from hakawati.model import Place, Speech, VoiceChoice, VoiceError, VoiceUnavailableError
from hakawati.voices import Engine, engine, make_voice, paced

NAMED = f"the engine “bad” ({__name__}:ENGINES) is broken: "


@dataclass(frozen=True)
class Whisper:
    key: Any = "whisper 1"
    credit: Any = "The Whisperer"
    where: Any = "anywhere"

    def speak(self, text: str) -> Speech:
        return Speech(b"\1\2" * len(text), 24_000, ())


class Locked(Whisper):
    """One that cannot be sent to another process."""

    def __reduce__(self) -> Any:
        raise TypeError("it stays here")


class Raises(Whisper):
    @property
    def key(self) -> str:
        raise LookupError("no key")

    def __init__(self) -> None:
        pass


class Mute:
    key, credit, where = "mute", "Mute", "here"


class NamelessError(VoiceError):
    def __str__(self) -> str:
        raise ValueError


def leaves(*_: object) -> Any:
    raise SystemExit(0)


def breaks(*_: object) -> Any:
    raise LookupError("a part is missing")


def cannot_say(*_: object) -> Any:
    raise NamelessError


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> Callable[..., VoiceChoice]:
    """Registers an engine with these fields, and chooses it."""

    def register(**fields: Any) -> VoiceChoice:
        usual: Any = {"name": "bad", "description": "is bad", "make": lambda *_: Whisper(), "voices": dict}
        made = Engine(**usual | fields)
        point = EntryPoint("bad", f"{__name__}:ENGINES", voices.GROUP)
        monkeypatch.setattr(EntryPoint, "load", lambda _: made)
        monkeypatch.setattr(voices, "_registered", lambda: {"bad": point})
        return VoiceChoice("bad", {}, Place("book/book.yaml", 3))

    return register


def refused(ask: Callable[[], object]) -> str:
    with pytest.raises(VoiceUnavailableError) as caught:
        ask()
    assert caught.value.hint == "install another version of its package, or report it to its author"
    told = str(caught.value)
    assert told.startswith(NAMED)
    return told.removeprefix(NAMED)


def test_a_good_plug_in_is_as_it_says(plugged: Callable[..., VoiceChoice]) -> None:
    choice = plugged(voices=lambda: {"low": "a low one"}, more="ask", speeds=True)
    assert paced(choice, 1) == (choice, 1.0)
    made = make_voice("en", choice, Path())
    assert (made.key, made.credit, made.where) == ("whisper 1", "The Whisperer", "anywhere")
    assert made.speak("ab") == Whisper().speak("ab")
    found = engine("bad")
    assert (found.description, found.more, found.ready(), found.speeds) == ("is bad", "ask", "", True)
    assert found.voices() == {"low": "a low one"}


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"description": None}, "its description is not text, but None"),
        ({"more": b"x"}, "its more is not text, but b'x'"),
        ({"speeds": "yes"}, "its speeds is not true or false, but 'yes'"),
        ({"ready": lambda: None}, "its ready is not text, but None"),
        ({"ready": breaks}, "its ready broke off (LookupError: a part is missing)"),
        ({"ready": 7}, "its ready broke off (TypeError: 'int' object is not callable)"),
        ({"make": breaks}, "its make broke off (LookupError: a part is missing)"),
        ({"make": leaves}, "its make broke off (SystemExit: 0)"),
        ({"make": cannot_say}, "its make broke off (NamelessError)"),
        ({"make": None}, "its make broke off (TypeError: 'NoneType' object is not callable)"),
        (
            {"make": lambda *_: None},
            "its voice broke off (AttributeError: 'NoneType' object has no attribute 'key')",
        ),
        (
            {"make": lambda *_: Mute()},
            "its voice broke off (AttributeError: 'Mute' object has no attribute 'speak')",
        ),
        ({"make": lambda *_: Raises()}, "its voice broke off (LookupError: no key)"),
        ({"make": lambda *_: Locked()}, "its voice broke off (TypeError: it stays here)"),
        ({"make": lambda *_: Whisper(key=7)}, "its voice's key is not text, but 7"),
        ({"make": lambda *_: Whisper(credit=None)}, "its voice's credit is not text, but None"),
        (
            {"make": lambda *_: Whisper(where="there")},
            "its voice's where is not anywhere or here or online, but 'there'",
        ),
        (
            {"make": lambda *_: Whisper(where=["here"])},
            "its voice's where is not anywhere or here or online, but ['here']",
        ),
    ],
)
def test_what_is_wrong_with_a_plug_in_is_told_when_its_voice_is_made(
    plugged: Callable[..., VoiceChoice], fields: dict[str, Any], why: str
) -> None:
    choice = plugged(**fields)
    assert refused(lambda: make_voice("en", choice, Path())) == why


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (lambda: None, "its voices is not a mapping, but None"),
        (lambda: ["low"], "its voices is not a mapping, but ['low']"),
        (lambda: {1: "one"}, "its voices is not text, but 1"),
        (lambda: {"low": None}, "its voices is not text, but None"),
        (breaks, "its voices broke off (LookupError: a part is missing)"),
    ],
)
def test_what_is_wrong_with_its_voices_is_told_when_they_are_asked_for(
    plugged: Callable[..., VoiceChoice], found: Any, why: str
) -> None:
    plugged(voices=found)
    assert refused(engine("bad").voices) == why


@pytest.mark.parametrize("seconds", [-1, float("nan"), 10**6, "long"])
def test_the_time_that_it_takes_is_a_number(plugged: Callable[..., VoiceChoice], seconds: Any) -> None:
    class Slow(Whisper):
        pass

    Slow.seconds = seconds  # type: ignore[attr-defined]
    choice = plugged(make=lambda *_: Slow())
    assert refused(lambda: make_voice("en", choice, Path())).startswith("its voice's seconds is not a number")


def test_what_a_plug_in_says_itself_is_told_as_it_says_it(plugged: Callable[..., VoiceChoice]) -> None:
    def make(*_: object) -> Any:
        raise VoiceUnavailableError("there is no model", "fetch one")

    with pytest.raises(VoiceUnavailableError, match=r"^there is no model$") as caught:
        make_voice("en", plugged(make=make), Path())
    assert caught.value.hint == "fetch one"


def test_nothing_that_a_terminal_would_obey_gets_to_it(plugged: Callable[..., VoiceChoice]) -> None:
    choice = plugged(description="red \x1b[31m", make=lambda *_: Whisper(credit="A\x07" + "b" * 500))
    assert engine("bad").description == "red <U+001B>[31m"
    assert make_voice("en", choice, Path()).credit == f"A<U+0007>{'b' * 191}…"


def test_a_plug_in_that_ends_the_program_when_it_is_loaded_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("bad", f"{__name__}:ENGINES", voices.GROUP)
    monkeypatch.setattr(EntryPoint, "load", leaves)
    monkeypatch.setattr(voices, "_registered", lambda: {"bad": point})
    with pytest.raises(VoiceUnavailableError, match=r"cannot be loaded: SystemExit: 0"):
        engine("bad")
