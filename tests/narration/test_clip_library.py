"""Which clips a book needs, which it has, and how it names what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from hakawati.common.store import Store
from hakawati.model import Audio, NoProgress, Pauses, Utterance, Where
from hakawati.narration.clip_library import ClipLibrary
from hakawati.narration.recording_task import RecordingTask
from hakawati.narration.synthesis import Failure, SpeechTask
from tests.narration.making import Hum, Inline, dispatcher, library, said, take_all, utterance
from tests.narration.test_recording_task import SENTENCES, reader, utterances


def test_only_what_is_missing_is_to_be_made_and_each_key_once(tmp_path: Path) -> None:
    executor = Inline()
    place = library(tmp_path)
    dispatcher(lambda _: executor).run(place, take_all(place, "one"), NoProgress())
    missing = place.missing(take_all(place, "one", "two", "three", "two", "one"))
    assert [t.utterance.text for t in missing.values()] == ["two", "three"]
    assert all(key == request.key for key, request in missing.items())
    dispatcher(lambda _: executor).run(place, list(missing.values()), NoProgress())
    assert sorted(said(executor)) == ["one", "three", "two"]
    assert place.missing(take_all(place, "three", "two", "one")) == {}


def test_another_studio_of_the_same_store_has_nothing_left_to_make(tmp_path: Path) -> None:
    first = library(tmp_path)
    dispatcher(lambda _: Inline()).run(first, take_all(first, "one", "two"), NoProgress())
    second = library(tmp_path)
    assert second.missing(take_all(second, "two", "one")) == {}


def test_another_voice_loudness_or_phrase_pause_is_another_clip(tmp_path: Path) -> None:
    one = utterance("one, two", phrases=(1,))
    keys = {
        library(tmp_path).request(one).key,
        library(tmp_path, {"v": Hum(settings="slow")}).request(one).key,
        library(tmp_path, pauses=Pauses(phrase=200)).request(one).key,
        ClipLibrary(Store(tmp_path), {"v": Hum()}, Audio(loudness=-18), Pauses()).request(one).key,
    }
    slow = ClipLibrary(Store(tmp_path), {"v": Hum()}, Audio(), Pauses(), {"v": 0.8})
    keys.add(slow.request(one).key)
    assert len(keys) == 5
    assert library(tmp_path, pauses=Pauses(sentence=1, paragraph=2, heading=3)).request(one).key in keys


def test_a_voice_has_its_own_speed_and_a_worker_is_told(tmp_path: Path) -> None:
    voices = {"v": Hum(), "w": Hum(16_000)}
    place = ClipLibrary(Store(tmp_path), voices, Audio(), Pauses(), {"w": 0.5})
    requests = [place.request(utterance("one two", voice=voice)) for voice in voices]
    dispatcher(lambda _: Inline()).run(place, requests, NoProgress())
    usual, slow = (place.clip(request) for request in requests)
    assert usual is not None
    assert slow is not None
    assert slow.samples == pytest.approx(2 * usual.samples, rel=0.03)
    assert requests[0].key == library(tmp_path).request(utterance("one two")).key


def test_an_entry_that_is_no_clip_is_a_missing_one(tmp_path: Path) -> None:
    place = library(tmp_path)
    (request,) = take_all(place, "one")
    Store(tmp_path).put(request.key, b"sound bytes, but no clip")
    assert place.clip(request) is None


def test_a_take_is_its_utterance_and_key(tmp_path: Path) -> None:
    one: Utterance = utterance("one")
    request = library(tmp_path).request(one)
    assert request.utterance is one
    assert len(request.key) == 64


# recordings


def test_a_recordings_takes_are_its_parts(tmp_path: Path) -> None:
    recorded, _ = reader()
    place = library(tmp_path)
    requests = place.readings(recorded, utterances(), (0, 1, 3))
    assert [tuple(u.text for u in request.utterances) for request in requests] == [
        SENTENCES[:1],
        SENTENCES[1:3],
        SENTENCES[3:],
    ]
    assert len({request.key for request in requests}) == 3
    assert place.keys[recorded.path] == recorded.key
    assert {place.where(request) for request in requests} == {"here"}
    task = place.task(requests)
    assert isinstance(task, RecordingTask)
    assert (task.recording, task.begins) == (recorded, (0, 1, 3))


def test_a_change_in_any_sentence_changes_the_key_of_all_parts_for_all_are_aligned_anew(
    tmp_path: Path,
) -> None:
    recorded, _ = reader()
    place = library(tmp_path)
    before = place.readings(recorded, utterances(), (0, 2))
    other = (*utterances()[:3], utterance("seven eight nine"))
    after = place.readings(recorded, other, (0, 2))
    assert {request.key for request in before} & {request.key for request in after} == set()


def test_a_recordings_key_does_not_depend_on_pauses_voices_or_phrases(tmp_path: Path) -> None:
    recorded, _ = reader()
    keys = {
        place.readings(recorded, utterances(), (0,))[0].key
        for place in (
            library(tmp_path),
            library(tmp_path, {"v": Hum(settings="other")}),
            library(tmp_path, pauses=Pauses(phrase=100)),
        )
    }
    assert len(keys) == 1
    louder = ClipLibrary(Store(tmp_path), {"v": Hum()}, Audio(loudness=-23), Pauses())
    assert louder.readings(recorded, utterances(), (0,))[0].key not in keys


# who can make it, and what is wrong


@dataclass(frozen=True)
class Elsewhere(Hum):
    where_: Where = "online"

    @property
    def where(self) -> Where:
        return self.where_


def test_a_take_is_made_where_its_voice_can_speak(tmp_path: Path) -> None:
    place = library(tmp_path, {"v": Hum(), "o": Elsewhere()})
    one, other = place.request(utterance("one")), place.request(utterance("one", voice="o"))
    assert (place.where(one), place.where(other)) == ("anywhere", "online")
    assert isinstance(place.task([one]), SpeechTask)


def test_a_problem_names_file_line_engine_and_cause(tmp_path: Path) -> None:
    place = library(tmp_path)
    (request,) = take_all(place, "one")
    told = place.problem(request, Failure("it coughs"))
    assert (told.path, told.line) == ("book/en/01.md", 1)
    assert told.message == "The Hummer cannot speak this sentence: it coughs"
    assert "pronunciation.yaml" in told.hint
    gone = place.problem(request, Failure("it is offline", "connect", unavailable=True), waiting=3)
    assert gone.message == "The Hummer cannot speak: it is offline (3 more sentences wait for it)"
    assert gone.hint == "connect"


def test_a_problem_with_a_recording_names_its_file(tmp_path: Path) -> None:
    recorded, _ = reader()
    place = library(tmp_path)
    said_ = tuple(utterance(text, voice=recorded.path) for text in SENTENCES)
    (request,) = place.readings(recorded, said_, (0,))
    told = place.problem(request, Failure("it is silent"))
    assert (told.path, told.line) == (recorded.path, 0)
    assert told.message == "this recording cannot be used: it is silent"
    assert "record it again" in told.hint
