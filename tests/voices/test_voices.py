from __future__ import annotations

import doctest
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from hakawati import voices
from hakawati.model import Place, VoiceChoice, VoiceError, VoiceUnavailableError
from hakawati.voices import DEFAULT_ENGINE, Engine, engine, engine_names, make_voice, paced
from hakawati.voices.espeak import Espeak

HERE = Path()


def choice(engine: str, **options: object) -> VoiceChoice:
    return VoiceChoice(engine, options, Place("book/book.yaml", 3))


def register(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    points = {name: EntryPoint(name, value, voices.GROUP)}
    monkeypatch.setattr(voices, "_registered", lambda: points)


def test_the_voice_that_was_chosen_is_made() -> None:
    made, own = make_voice("ar", choice("espeak", rate=120), HERE), Espeak("ar", 120)
    assert (made.key, made.credit, made.where) == (own.key, own.credit, own.where)
    assert made.speak("نَصٌّ") == own.speak("نَصٌّ")


def test_an_unknown_engine_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(VoiceError, match=r"there is no engine “espaek”; did you mean “espeak”\?"):
        make_voice("ar", choice("espaek"), HERE)


def test_every_engine_that_is_registered_is_one_and_bears_its_name() -> None:
    assert engine_names() == ["espeak", "command", "edge", "gtts", "mbrola", "piper"]
    for name in engine_names():
        assert engine(name).name == name
        assert engine(name).description


def test_the_default_engine_is_ready_and_says_what_it_has() -> None:
    default = engine(DEFAULT_ENGINE)
    assert not default.ready()
    assert {"ar", "en-us"} <= set(default.voices())


def test_a_plug_in_that_cannot_be_loaded_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch, "broken", "no_such_module:ENGINE")
    with pytest.raises(VoiceUnavailableError, match=r"“broken” \(no_such_module:ENGINE\) cannot be loaded"):
        engine("broken")


def test_a_plug_in_that_is_no_engine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch, "pathlib", "pathlib:Path")
    with pytest.raises(VoiceUnavailableError, match=r"is no hakawati\.voices\.Engine"):
        engine("pathlib")


def test_an_engine_that_is_not_ready_says_what_makes_it_so(monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch, "later", f"{__name__}:LATER")
    with pytest.raises(VoiceUnavailableError) as raised:
        make_voice("ar", choice("later"), HERE)
    assert str(raised.value) == "the engine “later” is not installed"
    assert raised.value.hint == "install it: pip install later"


LATER = Engine("later", "comes later", lambda *_: Espeak("ar"), dict, lambda: "pip install later")


# Speed


def test_a_voice_has_its_own_speed_or_that_of_all() -> None:
    assert paced(choice("espeak", rate=120), 0.8) == (choice("espeak", rate=120), 0.8)
    assert paced(choice("espeak", rate=120, speed=0.9), 0.8) == (choice("espeak", rate=120), 0.9)
    assert paced(choice("gtts", speed=1), 0.8) == (choice("gtts"), 1.0)


def test_an_engine_with_a_speed_of_its_own_is_told_it_and_changed_no_more() -> None:
    assert paced(choice("piper"), 0.8) == (choice("piper", speed=0.8), 1.0)
    assert paced(choice("piper", speed=1.3), 0.8) == (choice("piper", speed=1.3), 1.0)
    assert paced(choice("piper"), 1) == (choice("piper"), 1.0)


@pytest.mark.parametrize(
    ("speed", "told"),
    [
        (0.4, "espeak's “speed” goes from 0.5 to 2, and 0.4 does not"),
        (2.5, "espeak's “speed” goes from 0.5 to 2, and 2.5 does not"),
        (float("nan"), "espeak's “speed” goes from 0.5 to 2, and nan does not"),
        ("slow", "espeak's “speed” should be a number, not “slow”"),
        (True, "espeak's “speed” should be a number, not “True”"),
        (None, "espeak's “speed” should be a number, not “None”"),
    ],
)
def test_a_speed_that_cannot_be_is_refused(speed: object, told: str) -> None:
    with pytest.raises(VoiceError) as caught:
        paced(choice("espeak", speed=speed), 1)
    assert str(caught.value) == told


def test_a_misspelt_speed_is_recognised() -> None:
    with pytest.raises(VoiceError, match="did you mean “speed”"):
        make_voice("ar", paced(choice("espeak", sped=0.8), 1)[0], HERE)


def test_the_documented_examples_run() -> None:
    failed, attempted = doctest.testmod(voices)
    assert (failed, attempted > 0) == (0, True)
