"""What engines may answer: a sound with times, or a problem of their sentence."""

from __future__ import annotations

import math
from array import array
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakawati.model import Audio, Speech, VoiceError, VoiceUnavailableError
from hakawati.narration.clip import CLIP
from hakawati.narration.synthesis import Failure, SpeechTask, synthesise
from hakawati.narration.voice_answer import checked, spoken_by
from tests.narration.making import Hum, Scripted, utterance

TEXT = "one two red"
PCM = array("h", [round(9000 * math.sin(i / 20)) for i in range(24_000)]).tobytes()
GOOD = Speech(PCM, 24_000, ((0, 0), (4, 9_000), (8, 18_000)), 0.5)
NAN = float("nan")


def wrong(**fields: Any) -> Speech:
    return replace(GOOD, **fields)


class UnspeakableError(Exception):
    def __str__(self) -> str:
        raise ValueError


class Subtle(int):
    def __repr__(self) -> str:
        raise ValueError


ANSWERS: list[tuple[object, str]] = [
    (None, "it is None, not a Speech"),
    ("hello", "it is a str, not a Speech"),
    ((PCM, 24_000, ()), "it is a tuple, not a Speech"),
    (wrong(pcm=None), "its pcm is None, not bytes"),
    (wrong(pcm="abc"), "its pcm is a str, not bytes"),
    (wrong(pcm=bytearray(PCM)), "its pcm is a bytearray, not bytes"),
    (wrong(pcm=PCM[:-1]), "its pcm has 47999 bytes, and each sample takes two"),
    (wrong(pcm=bytes(2 * 24_000 * 83)), "its sound lasts 83 s; 82 s are the most for this text"),
    (wrong(rate=0), "its rate is 0, not a whole number from 8000 to 192000"),
    (wrong(rate=-1), "its rate is -1, not a whole number from 8000 to 192000"),
    (wrong(rate=7_999), "its rate is 7999, not a whole number from 8000 to 192000"),
    (wrong(rate=10**9), "its rate is 1000000000, not a whole number from 8000 to 192000"),
    (wrong(rate=22_050.5), "its rate is 22050.5, not a whole number from 8000 to 192000"),
    (wrong(rate=NAN), "its rate is nan, not a whole number from 8000 to 192000"),
    (wrong(rate="24000"), "its rate is '24000', not a whole number from 8000 to 192000"),
    (wrong(rate=None), "its rate is None, not a whole number from 8000 to 192000"),
    (wrong(onsets=None), "its onsets are None, not a tuple"),
    (wrong(onsets=iter(())), "its onsets are a tuple_iterator, not a tuple"),
    (wrong(onsets=(0, 4)), "its onset 0 is not a pair of whole numbers"),
    (wrong(onsets=((0, 1, 2),)), "its onset (0, 1, 2) is not a pair of whole numbers"),
    (wrong(onsets=((0, NAN),)), "its onset (0, nan) is not a pair of whole numbers"),
    (wrong(onsets=((0, 0.5),)), "its onset (0, 0.5) is not a pair of whole numbers"),
    (wrong(onsets=((None, 5),)), "its onset (None, 5) is not a pair of whole numbers"),
    (wrong(onsets=((0, -5),)), "its onset (0, -5) is outside of the sound, which has 24000 samples"),
    (wrong(onsets=((0, 24_001),)), "its onset (0, 24001) is outside of the sound, which has 24000 samples"),
    (wrong(onsets=((-1, 5),)), "its onset (-1, 5) is outside of the text, which has 11 characters"),
    (wrong(onsets=((12, 5),)), "its onset (12, 5) is outside of the text, which has 11 characters"),
    (wrong(onsets=((0, 9), (4, 8))), "its onset (4, 8) is before the one that precedes it"),
    (wrong(onsets=((0, 0), (4, Subtle(-8)))), "ValueError"),
    (wrong(sure=NAN), "its sure is nan, not a number from 0 to 1"),
    (wrong(sure=1.5), "its sure is 1.5, not a number from 0 to 1"),
    (wrong(sure="yes"), "its sure is 'yes', not a number from 0 to 1"),
]


@pytest.mark.parametrize(("answer", "why"), ANSWERS, ids=[why for _, why in ANSWERS])
def test_a_wrong_answer_is_an_error_that_says_what_is_wrong_and_where(answer: Any, why: str) -> None:
    with pytest.raises(VoiceError) as caught:
        spoken_by(Scripted(answer), TEXT, by_person=False)
    assert str(caught.value) == f"its answer cannot be used ({why}) at “{TEXT}”"
    assert caught.value.hint == "choose another voice, or report it to the author of this one"


@pytest.mark.parametrize(("answer", "why"), ANSWERS, ids=[why for _, why in ANSWERS])
def test_the_other_sentences_do_not_suffer_from_a_wrong_answer(answer: Any, why: str) -> None:
    said = (utterance(TEXT, voice="bad"), utterance("two words", voice="good"))
    wrong_, good = SpeechTask(said, {"bad": Scripted(answer), "good": Hum()}, Audio(), 0).run()
    assert isinstance(wrong_, Failure)
    assert why in wrong_.message
    assert not isinstance(good, Failure)


def test_a_good_answer_is_taken_whatever_kind_of_numbers_it_has() -> None:
    times = [np.array([0, 5]).tolist(), (np.int64(4), np.uint8(7)), (11, 24_000)]
    answer = Speech(PCM, np.int32(24_000), times, np.float32(0.5))  # type: ignore[arg-type]
    assert checked(answer, TEXT, 60) == Speech(PCM, 24_000, ((0, 5), (4, 7), (11, 24_000)), 0.5)
    assert spoken_by(Scripted(GOOD), TEXT, by_person=False) == GOOD
    assert spoken_by(Scripted(wrong(onsets=())), TEXT, by_person=False) == wrong(onsets=())


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (SystemExit(0), "SystemExit: 0"),
        (RecursionError("too deep"), "RecursionError: too deep"),
        (MemoryError(), "MemoryError"),
        (UnspeakableError(), "UnspeakableError"),
        (KeyError("x" * 1000), f"KeyError: '{'x' * 289}…"),
    ],
)
def test_whatever_it_raises_is_an_error_of_the_voice(error: BaseException, told: str) -> None:
    with pytest.raises(VoiceError) as caught:
        spoken_by(Raising(error), TEXT, by_person=False)
    assert str(caught.value) == f"it broke off ({told}) at “{TEXT}”"


class Raising(Hum):
    def __init__(self, error: BaseException) -> None:
        object.__setattr__(self, "error", error)

    def speak(self, text: str) -> Speech:  # noqa: ARG002
        raise self.error  # type: ignore[attr-defined]


def test_what_a_voice_says_of_itself_is_told_where_it_can_be_read() -> None:
    error = VoiceUnavailableError("offline", "go online")
    with pytest.raises(VoiceUnavailableError) as caught:
        spoken_by(Raising(error), TEXT, by_person=False)
    assert caught.value is error
    error.hint = 7  # type: ignore[assignment]
    with pytest.raises(VoiceError, match=r"it broke off \(VoiceUnavailableError: offline\)"):
        spoken_by(Raising(error), TEXT, by_person=False)
    assert len(Failure.of(VoiceError("x" * 10**6)).message) < 1100


def test_ctrl_c_in_a_worker_is_the_engines_and_a_problem_of_its_sentence() -> None:
    said = (utterance(TEXT, voice="bad"), utterance("two words", voice="good"))
    results = SpeechTask(said, {"bad": Raising(KeyboardInterrupt()), "good": Hum()}, Audio(), 0).run()
    assert results[0] == Failure(
        f"it broke off (KeyboardInterrupt) at “{TEXT}”",
        "choose another voice, or report it to the author of this one",
    )
    assert isinstance(results[1], bytes)


def test_a_person_may_be_slower_than_an_engine() -> None:
    slow = Speech(PCM * 600, 24_000, ())
    assert spoken_by(Scripted(slow), TEXT, by_person=True) == slow
    with pytest.raises(VoiceError, match="its sound lasts 623 s; 622 s are the most"):
        spoken_by(Scripted(Speech(PCM * 623, 24_000, ())), TEXT, by_person=True)
    synthesise(utterance(TEXT, voice="book/recordings/en/01/b1s1.wav"), Scripted(slow), Audio(), 0)
    with pytest.raises(VoiceError, match="its sound lasts 600 s"):
        synthesise(utterance(TEXT), Scripted(slow), Audio(), 0)


SAMPLES = st.sampled_from([0, 1, 2, 9, 300, 8_000, 30_000])
RATES = st.sampled_from([8_000, 8_001, 22_050, 24_000, 192_000])
SHAPES = st.sampled_from([-32_768, 1, 700, 32_767])


@settings(deadline=None, max_examples=150)
@given(SAMPLES, RATES, SHAPES, st.lists(st.floats(0, 1), max_size=5), st.sampled_from([0.5, 1, 1.3, 2]))
def test_any_sound_that_is_one_becomes_a_clip_or_a_problem(
    samples: int, rate: int, shape: int, times: list[float], speed: float
) -> None:
    pcm = (np.resize([shape, 0, -shape // 2], samples)).astype("<i2").tobytes()
    onsets = tuple((4 * (i % 3), int(at * samples)) for i, at in enumerate(sorted(times)))
    with suppress(VoiceError):
        clip = synthesise(utterance(TEXT), Scripted(Speech(pcm, rate, onsets)), Audio(), 0, speed)
        assert CLIP.loads(CLIP.dumps(clip)) == clip
        assert len(clip.sentences[0].onsets) == 3
        assert clip.sentences[0].onsets[-1] < clip.samples
