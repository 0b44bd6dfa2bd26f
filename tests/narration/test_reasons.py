"""Why a sentence is spoken again, and what its clip's key is made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hakawati.common.store import Store
from hakawati.model import Audio, Pauses, Place, Utterance, Word
from hakawati.narration.clip import clip_key, tools
from hakawati.narration.clip_library import ClipLibrary, ClipRequest
from hakawati.narration.reasons import Reasons, described, sentences, settings
from tests.narration.making import Hum, utterance

indices = st.integers(0, 5)
texts = st.text(max_size=12)
numbers = st.lists(indices, max_size=3).map(tuple)
utterances = st.builds(
    Utterance,
    lang=st.sampled_from(["en", "ar", "ar-EG", "fr"]),
    text=texts,
    words=st.lists(st.builds(Word, indices, indices), max_size=3).map(tuple),
    given=st.lists(st.tuples(indices, indices, texts), max_size=2).map(tuple),
    stops=numbers,
    phrases=numbers,
    voice=texts,
    place=st.builds(Place, texts, indices),
    figures=st.lists(st.tuples(indices, indices, texts), max_size=2).map(tuple),
)
audios = st.builds(Audio, bitrate=st.sampled_from([32, 48, 64]), loudness=st.floats(-40, -10))
pauses = st.builds(Pauses, *[st.integers(0, 3000)] * 4)
keyed = st.tuples(utterances, texts, audios, pauses)


def key(ingredients: tuple[Utterance, str, Audio, Pauses]) -> str:
    return clip_key(*ingredients)


def sound(ingredients: tuple[Utterance, str, Audio, Pauses]) -> tuple[Any, ...]:
    """All that shapes the sound."""
    said, voice, audio, pause = ingredients
    heard = (said.lang, said.text, said.words, said.given, said.stops, said.phrases, said.figures)
    return (*heard, voice, audio, pause.phrase if said.phrases else None)


@given(one=keyed, other=keyed)
def test_keys_are_the_same_exactly_where_the_sound_is(one: Any, other: Any) -> None:
    assert (key(one) == key(other)) == (sound(one) == sound(other))


@pytest.mark.parametrize("name", ["lang", "text", "words", "given", "stops", "phrases", "figures"])
@given(data=st.data(), one=keyed, other=utterances)
def test_a_change_to_an_ingredient_of_the_utterance_changes_the_key(
    name: str, data: st.DataObject, one: Any, other: Utterance
) -> None:
    said, *rest = one
    value = getattr(other, name)
    assume(value != getattr(said, name))
    assert key((replace(said, **{name: value}), *rest)) != key(one)


@given(one=keyed, voice=texts, audio=audios)
def test_a_change_to_the_voice_or_the_encoding_changes_the_key(one: Any, voice: str, audio: Audio) -> None:
    said, old_voice, old_audio, pause = one
    assert (key((said, voice, old_audio, pause)) == key(one)) == (voice == old_voice)
    assert (key((said, old_voice, audio, pause)) == key(one)) == (audio == old_audio)


@given(one=keyed, place=st.builds(Place, texts, indices), name=texts, pause=pauses)
def test_where_a_sentence_stands_and_what_follows_it_changes_nothing(
    one: Any, place: Place, name: str, pause: Pauses
) -> None:
    said, voice, audio, old = one
    moved = replace(said, place=place, voice=name)
    assert key((moved, voice, audio, replace(pause, phrase=old.phrase))) == key(one)


def test_every_field_of_an_utterance_is_an_ingredient_or_is_not_heard() -> None:
    heard = {"lang", "text", "words", "given", "stops", "phrases", "figures"}
    assert {field.name for field in fields(Utterance)} - heard == {"voice", "place"}
    assert {field.name for field in fields(Audio)} == {"bitrate", "loudness"}
    assert {field.name for field in fields(Pauses)} == {"phrase", "sentence", "paragraph", "heading"}


# Reasons


def library(folder: Path, *, rate: int = 22050, audio: Audio | None = None, phrase: int = 0) -> ClipLibrary:
    return ClipLibrary(Store(folder), {"v": Hum(rate)}, audio or Audio(), Pauses(phrase=phrase))


def why(
    last: ClipLibrary, before: list[Utterance], now: ClipLibrary, said: Utterance, tools_then: str = ""
) -> str:
    reasons = Reasons(
        tools_then or tools(), settings(last), settings(now), sentences(map(last.request, before))
    )
    ((reason, count),) = reasons.why([now.request(said)]).items()
    assert count == 1
    return reason


SAID = utterance("two phrases here", phrases=(1,))
SPOKEN_OTHERWISE = utterance("two phrases here", phrases=(1,), given=((1, 2, "frases"),))


@pytest.mark.parametrize(
    ("now", "said", "told"),
    [
        (library, utterance("two other phrases"), "text changed"),
        (library, utterance("two phrases here", lang="ar"), "text changed"),
        (library, SPOKEN_OTHERWISE, "pronunciation of phrases"),
        (library, replace(SAID, figures=((0, 1, "too"),)), "pronunciation of two"),
        (library, SAID, "not in the store any more"),
        (lambda folder: library(folder, rate=16000), SAID, "voice for v changed"),
        (lambda folder: library(folder, audio=Audio(48)), SAID, "audio settings changed"),
        (lambda folder: library(folder, audio=Audio(64, -18)), SAID, "audio settings changed"),
        (lambda folder: library(folder, phrase=100), SAID, "phrase pause changed"),
        (
            lambda folder: library(folder, phrase=100),
            utterance("two phrases here"),
            "not in the store any more",
        ),
        (lambda folder: library(folder, phrase=100), utterance("a new one", phrases=(1,)), "text changed"),
        (lambda folder: library(folder, rate=16000, phrase=100), utterance("new"), "voice for v changed"),
    ],
)
def test_tells_what_changed(
    now: Callable[[Path], ClipLibrary], said: Utterance, told: str, tmp_path: Path
) -> None:
    assert why(library(tmp_path), [SAID], now(tmp_path), said) == told


def test_a_pronunciation_that_is_taken_back_is_named_too(tmp_path: Path) -> None:
    place = library(tmp_path)
    assert why(place, [SPOKEN_OTHERWISE], place, SAID) == "pronunciation of phrases"
    both = replace(SPOKEN_OTHERWISE, given=((0, 1, "tu"), (1, 2, "frases")))
    assert why(place, [SPOKEN_OTHERWISE], place, both) == "pronunciation of two"
    assert why(place, [SAID], place, both) == "pronunciation of phrases and two"


def test_without_a_last_build_nothing_was_spoken_before(tmp_path: Path) -> None:
    place = library(tmp_path)
    found = Reasons("", {}, settings(place), {}).why([place.request(SAID), place.request(utterance("x"))])
    assert found == Counter({"never spoken before": 2})


def test_a_tool_that_was_updated_is_named(tmp_path: Path) -> None:
    place = library(tmp_path)
    then = ",".join("lameenc 0.1" if tool.startswith("lameenc ") else tool for tool in tools().split(","))
    (now,) = (tool for tool in tools().split(",") if tool.startswith("lameenc "))
    assert why(place, [SAID], place, SAID, then) == f"updated: {now}"


def test_other_vowels_are_told_of_arabic_alone(tmp_path: Path) -> None:
    place = library(tmp_path)
    arabic = utterance("جملة", lang="ar")
    last = settings(place)
    for then in (last | {"vowels": "vowels 0 by nobody"}, {k: v for k, v in last.items() if k != "vowels"}):
        found = Reasons(tools(), then, last, sentences([place.request(arabic), place.request(SAID)]))
        assert found.why([place.request(arabic)]) == {"vowels: new model: everything in Arabic": 1}
        assert found.why([place.request(SAID)]) == {"not in the store any more": 1}


def test_the_keys_of_arabic_clips_hold_what_vowels_them(tmp_path: Path) -> None:
    place = library(tmp_path)
    arabic = utterance("جملة", lang="ar-EG")
    before = [place.request(one).key for one in (arabic, SAID)]
    with mock.patch("hakawati.arabic.vowels.method", return_value="vowels 0 by nobody"):
        now = [place.request(one).key for one in (arabic, SAID)]
    assert (now[0] != before[0], now[1] != before[1]) == (True, False)


def test_the_voice_of_another_language_is_no_reason(tmp_path: Path) -> None:
    last = ClipLibrary(Store(tmp_path), {"v": Hum(), "w": Hum()}, Audio(), Pauses())
    now = ClipLibrary(Store(tmp_path), {"v": Hum(), "w": Hum(16000)}, Audio(), Pauses())
    assert why(last, [SAID], now, utterance("new")) == "text changed"
    assert why(last, [SAID], now, utterance("new", voice="w")) == "voice for w changed"


def test_takes_are_counted_by_reason() -> None:
    assert described({}) == "unchanged"
    assert described({"text changed": 1}) == "1 sentence: text changed"
    counted = {"text changed": 3, "pronunciation of ديجول": 6}
    assert described(counted) == "6 sentences: pronunciation of ديجول; 3 sentences: text changed"


def test_a_take_is_told_by_what_is_printed_in_it() -> None:
    (one,) = sentences([ClipRequest((SAID,), "k")])
    (other,) = sentences([ClipRequest((SPOKEN_OTHERWISE,), "l")])
    assert one == other
    assert sentences([ClipRequest((SPOKEN_OTHERWISE,), "l")])[other] == {"phrases": "frases"}


def test_another_speed_is_told_but_not_to_have_none_noted_by_an_earlier_program(tmp_path: Path) -> None:
    def at(speed: float | None) -> ClipLibrary:
        speeds = None if speed is None else {"v": speed}
        return ClipLibrary(Store(tmp_path), {"v": Hum(), "w": Hum()}, Audio(), Pauses(), speeds)

    assert why(at(None), [SAID], at(0.8), SAID) == "speed changed"
    assert why(at(0.8), [SAID], at(None), utterance("new")) == "speed changed"
    assert why(at(1), [SAID], at(None), utterance("new")) == "text changed"
    assert why(at(None), [SAID], at(0.8), utterance("new", voice="w")) == "text changed"
    earlier = {name: key for name, key in settings(at(None)).items() if "speed" not in name}
    for speed, told in ((None, "text changed"), (0.8, "speed changed")):
        now = at(speed)
        found = Reasons(tools(), earlier, settings(now), sentences([now.request(SAID)]))
        assert found.why([now.request(utterance("new"))]) == Counter([told])
