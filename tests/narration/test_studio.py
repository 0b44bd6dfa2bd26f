"""What a book's studio needs, what it has, and how it names what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from hakawati.common.store import Store
from hakawati.model import Audio, NoProgress, Pauses, Utterance, Where
from hakawati.narration.booth import Batch, Failure
from hakawati.narration.session import Session
from hakawati.narration.studio import Studio
from tests.narration.making import Hum, Inline, crew, said, studio, take_all, utterance
from tests.narration.test_session import SENTENCES, reader, utterances


def test_only_what_is_missing_is_to_be_made_and_each_key_once(tmp_path: Path) -> None:
    executor = Inline()
    place = studio(tmp_path)
    crew(lambda _: executor).record(place, take_all(place, "one"), NoProgress())
    missing = place.missing(take_all(place, "one", "two", "three", "two", "one"))
    assert [t.utterance.text for t in missing.values()] == ["two", "three"]
    assert all(key == take.key for key, take in missing.items())
    crew(lambda _: executor).record(place, list(missing.values()), NoProgress())
    assert sorted(said(executor)) == ["one", "three", "two"]
    assert place.missing(take_all(place, "three", "two", "one")) == {}


def test_another_studio_of_the_same_store_has_nothing_left_to_make(tmp_path: Path) -> None:
    first = studio(tmp_path)
    crew(lambda _: Inline()).record(first, take_all(first, "one", "two"), NoProgress())
    second = studio(tmp_path)
    assert second.missing(take_all(second, "two", "one")) == {}


def test_another_voice_loudness_or_phrase_pause_is_another_clip(tmp_path: Path) -> None:
    one = utterance("one, two", phrases=(1,))
    keys = {
        studio(tmp_path).take(one).key,
        studio(tmp_path, {"v": Hum(settings="slow")}).take(one).key,
        studio(tmp_path, pauses=Pauses(phrase=200)).take(one).key,
        Studio(Store(tmp_path), {"v": Hum()}, Audio(loudness=-18), Pauses()).take(one).key,
    }
    slow = Studio(Store(tmp_path), {"v": Hum()}, Audio(), Pauses(), {"v": 0.8})
    keys.add(slow.take(one).key)
    assert len(keys) == 5
    assert studio(tmp_path, pauses=Pauses(sentence=1, paragraph=2, heading=3)).take(one).key in keys


def test_a_voice_has_its_own_speed_and_a_worker_is_told(tmp_path: Path) -> None:
    voices = {"v": Hum(), "w": Hum(16_000)}
    place = Studio(Store(tmp_path), voices, Audio(), Pauses(), {"w": 0.5})
    takes = [place.take(utterance("one two", voice=voice)) for voice in voices]
    crew(lambda _: Inline()).record(place, takes, NoProgress())
    usual, slow = (place.clip(take) for take in takes)
    assert usual is not None
    assert slow is not None
    assert slow.samples == pytest.approx(2 * usual.samples, rel=0.03)
    assert takes[0].key == studio(tmp_path).take(utterance("one two")).key


def test_an_entry_that_is_no_clip_is_a_missing_one(tmp_path: Path) -> None:
    place = studio(tmp_path)
    (take,) = take_all(place, "one")
    Store(tmp_path).put(take.key, b"sound bytes, but no clip")
    assert place.clip(take) is None


def test_a_take_is_its_utterance_and_key(tmp_path: Path) -> None:
    one: Utterance = utterance("one")
    take = studio(tmp_path).take(one)
    assert take.utterance is one
    assert len(take.key) == 64


# recordings


def test_a_recordings_takes_are_its_parts(tmp_path: Path) -> None:
    recorded, _ = reader()
    place = studio(tmp_path)
    takes = place.readings(recorded, utterances(), (0, 1, 3))
    assert [tuple(u.text for u in take.utterances) for take in takes] == [
        SENTENCES[:1],
        SENTENCES[1:3],
        SENTENCES[3:],
    ]
    assert len({take.key for take in takes}) == 3
    assert place.keys[recorded.path] == recorded.key
    assert {place.where(take) for take in takes} == {"here"}
    task = place.task(takes)
    assert isinstance(task, Session)
    assert (task.recorded, task.begins) == (recorded, (0, 1, 3))


def test_a_change_in_any_sentence_changes_the_key_of_all_parts_for_all_are_aligned_anew(
    tmp_path: Path,
) -> None:
    recorded, _ = reader()
    place = studio(tmp_path)
    before = place.readings(recorded, utterances(), (0, 2))
    other = (*utterances()[:3], utterance("seven eight nine"))
    after = place.readings(recorded, other, (0, 2))
    assert {take.key for take in before} & {take.key for take in after} == set()


def test_a_recordings_key_does_not_depend_on_pauses_voices_or_phrases(tmp_path: Path) -> None:
    recorded, _ = reader()
    keys = {
        place.readings(recorded, utterances(), (0,))[0].key
        for place in (
            studio(tmp_path),
            studio(tmp_path, {"v": Hum(settings="other")}),
            studio(tmp_path, pauses=Pauses(phrase=100)),
        )
    }
    assert len(keys) == 1
    louder = Studio(Store(tmp_path), {"v": Hum()}, Audio(loudness=-23), Pauses())
    assert louder.readings(recorded, utterances(), (0,))[0].key not in keys


# who can make it, and what is wrong


@dataclass(frozen=True)
class Elsewhere(Hum):
    where_: Where = "online"

    @property
    def where(self) -> Where:
        return self.where_


def test_a_take_is_made_where_its_voice_can_speak(tmp_path: Path) -> None:
    place = studio(tmp_path, {"v": Hum(), "o": Elsewhere()})
    one, other = place.take(utterance("one")), place.take(utterance("one", voice="o"))
    assert (place.where(one), place.where(other)) == ("anywhere", "online")
    assert isinstance(place.task([one]), Batch)


def test_a_problem_names_file_line_engine_and_cause(tmp_path: Path) -> None:
    place = studio(tmp_path)
    (take,) = take_all(place, "one")
    told = place.problem(take, Failure("it coughs"))
    assert (told.path, told.line) == ("book/en/01.md", 1)
    assert told.message == "The Hummer cannot speak this sentence: it coughs"
    assert "pronunciation.yaml" in told.hint
    gone = place.problem(take, Failure("it is offline", "connect", unavailable=True), waiting=3)
    assert gone.message == "The Hummer cannot speak: it is offline (3 more sentences wait for it)"
    assert gone.hint == "connect"


def test_a_problem_with_a_recording_names_its_file(tmp_path: Path) -> None:
    recorded, _ = reader()
    place = studio(tmp_path)
    said_ = tuple(utterance(text, voice=recorded.path) for text in SENTENCES)
    (take,) = place.readings(recorded, said_, (0,))
    told = place.problem(take, Failure("it is silent"))
    assert (told.path, told.line) == (recorded.path, 0)
    assert told.message == "this recording cannot be used: it is silent"
    assert "record it again" in told.hint
