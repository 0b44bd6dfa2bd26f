from __future__ import annotations

import pytest

from hakawati.model import VoiceError
from hakawati.voices.options import Options

KNOWN = {"name": str, "rate": int, "speed": float, "slow": bool, "run": list}


def options(**given: object) -> Options:
    return Options("x", given, KNOWN)


def test_what_is_not_given_is_the_default() -> None:
    none = options()
    assert none.text("name", "ar") == "ar"
    assert none.whole("rate", 5, 0, 9) == 5
    assert none.number("speed", 1.5, 0.5, 2) == 1.5
    assert none.yes("slow") is False
    assert none.texts("run") == ()


def test_what_is_given_is_taken() -> None:
    given = options(name="en", rate=7, speed=2, slow=True, run=["a", 1, 2.5])
    assert given.text("name", "ar") == "en"
    assert given.whole("rate", 5, 0, 9) == 7
    assert given.number("speed", 1.5, 0.5, 2) == 2.0
    assert given.yes("slow") is True
    assert given.texts("run") == ("a", "1", "2.5")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"nmae": "x"}, "x has no option “nmae”; did you mean “name”?"),
        ({"name": 3}, "x's “name” should be text, not “3”"),
        ({"rate": "3"}, "x's “rate” should be a whole number, not “3”"),
        ({"rate": True}, "x's “rate” should be a whole number, not “True”"),
        ({"speed": "fast"}, "x's “speed” should be a number, not “fast”"),
        ({"slow": "yes"}, "x's “slow” should be true or false, not “yes”"),
        ({"run": "ls"}, "x's “run” should be a list, not “ls”"),
    ],
)
def test_what_an_option_cannot_be_is_refused(given: dict[str, object], told: str) -> None:
    with pytest.raises(VoiceError) as caught:
        options(**given)
    assert str(caught.value) == told


def test_bounds_are_told_with_their_unit() -> None:
    with pytest.raises(VoiceError, match="x's “rate” goes from 0 to 9 words, and 10 does not"):
        options(rate=10).whole("rate", 5, 0, 9, "words")
    with pytest.raises(VoiceError, match=r"x's “speed” goes from 0\.5 to 2, and 2\.5 does not"):
        options(speed=2.5).number("speed", 1, 0.5, 2)


def test_an_empty_text_and_a_list_of_lists_are_refused() -> None:
    with pytest.raises(VoiceError, match="x's “name” is empty"):
        options(name=" ").text("name", "ar")
    with pytest.raises(VoiceError, match="x's “run” should be a list of texts, and “None” is none"):
        options(run=["a", None]).texts("run")
