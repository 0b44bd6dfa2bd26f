from __future__ import annotations

import pytest

from hakawati.model import Place, VoiceChoice, VoiceError
from hakawati.voices import DEFAULT_ENGINE, ENGINES, make_voice
from hakawati.voices.espeak import Espeak


def choice(engine: str, **options: object) -> VoiceChoice:
    return VoiceChoice(engine, options, Place("book/book.yaml", 3))


def test_the_voice_that_was_chosen_is_made() -> None:
    assert make_voice("ar", choice("espeak", rate=120)) == Espeak("ar", 120)


def test_an_unknown_engine_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(VoiceError, match=r"there is no engine “espaek”; did you mean “espeak”\?"):
        make_voice("ar", choice("espaek"))


def test_the_default_engine_is_there_and_says_what_it_has() -> None:
    engine = ENGINES[DEFAULT_ENGINE]
    assert engine.name == DEFAULT_ENGINE
    assert engine.description
    assert {"ar", "en-us"} <= set(engine.names())
    assert all(name == engine.name for name, engine in ENGINES.items())
