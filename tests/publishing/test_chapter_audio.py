"""A chapter's MP3, and what is told of a person's reading."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hakawati.model import SAMPLE_RATE, SpokenSentence, Timeline, Utterance
from hakawati.narration.clip_library import ClipLibrary, ClipRequest
from hakawati.narration.mp3 import FRAME_SAMPLES, frame_bytes
from hakawati.narration.reading_order import Cue
from hakawati.narration.timeline import timeline
from hakawati.publishing.chapter_audio import JoinedAudio, join, misreadings
from tests.narration.hearing import decode, loudness, peak
from tests.narration.making import Inline, Tally, dispatcher, in_text, library, sentence, take_all, utterance
from tests.narration.test_recording_task import SENTENCES, reader

RATE = SAMPLE_RATE


@pytest.fixture
def take(tmp_path: Path) -> ClipRequest:
    """Of a recording."""
    recorded, _ = reader()
    said: list[Utterance] = [utterance(text, voice=recorded.path) for text in SENTENCES]
    return library(tmp_path).readings(recorded, said, (0,))[0]


def joined(
    take: ClipRequest, *said: tuple[float | None, float], extras: tuple[tuple[float, float], ...] = ()
) -> JoinedAudio:
    """(second at which a sentence begins, if it does; how sure) of each sentence; extras in seconds."""
    cues = [Cue(one := sentence(text, *text.split()), in_text(one), 0) for text in SENTENCES[: len(said)]]
    told = [
        SpokenSentence(text, () if at is None else (round(at * RATE),), sure)
        for text, (at, sure) in zip(SENTENCES, said, strict=False)
    ]
    made = timeline(cues, told, 1000)
    stretches = tuple((take, round(a * RATE), round(b * RATE)) for a, b in extras)
    return JoinedAudio(made, tuple(zip(cues, [take] * len(cues), told, strict=True)), stretches)


def test_what_is_read_as_it_is_written_is_not_told_of(take: ClipRequest) -> None:
    assert list(misreadings("audio/01.mp3", joined(take, (0, 1.0), (2, 0.5), (4, 0.9)))) == []


@pytest.mark.parametrize("sure", [0.0, 0.3, 0.49])
def test_a_sentence_that_is_not_read_is_told_of_however_near_to_sure_that_was(
    take: ClipRequest, sure: float
) -> None:
    (problem,) = misreadings("audio/01.mp3", joined(take, (0, 1.0), (None, sure), (65, 0.9)))
    assert problem.path == take.voice
    assert problem.message == (
        f"“four five” (book/ar/01.md:7) is not read here, or read differently: 0:00 to 1:05 of audio/01.mp3, "
        f"{sure:.0%} sure"
    )


def test_the_times_of_a_long_chapter_have_hours(take: ClipRequest) -> None:
    (problem,) = misreadings("audio/01.mp3", joined(take, (3599, 1.0), (None, 0.0), (3723, 0.9)))
    assert "read differently: 59:59 to 1:02:03 of audio/01.mp3" in problem.message


def test_one_that_is_read_but_hardly_sure_is_read_differently(take: ClipRequest) -> None:
    (problem,) = misreadings("audio/01.mp3", joined(take, (0, 1.0), (3, 0.2), (8, 0.9)))
    assert "“four five” (book/ar/01.md:7) is read differently here: 0:03 to 0:08" in problem.message


def test_what_is_said_between_the_sentences_is_told_of_and_not_what_stands_before_and_after(
    take: ClipRequest,
) -> None:
    made = joined(take, (5, 1.0), (10, 1.0), (15, 1.0), extras=((0, 4), (8, 9), (20, 22)))
    (problem,) = misreadings("audio/01.mp3", made)
    assert (
        problem.message == "something is heard that does not stand in the text: 0:08 to 0:09 of audio/01.mp3"
    )


def test_an_engines_sentences_are_never_in_doubt(tmp_path: Path, take: ClipRequest) -> None:
    spoken = library(tmp_path).request(utterance("one"))
    made = joined(take, (0, 0.0))
    ((cue, _, said),) = made.said
    assert list(misreadings("audio/01.mp3", JoinedAudio(made.timeline, ((cue, spoken, said),), ()))) == []


@pytest.fixture
def place(tmp_path: Path) -> ClipLibrary:
    return library(tmp_path / "store")


@pytest.fixture
def spoken(place: ClipLibrary) -> list[ClipRequest]:
    takes = take_all(place, *SENTENCES)
    dispatcher(lambda _: Inline()).run(place, takes, Tally())
    sentences = [sentence(text, *text.split()) for text in SENTENCES]
    return [
        replace(take, cues=(Cue(one, in_text(one), 350),)) for one, take in zip(sentences, takes, strict=True)
    ]


def test_the_tag_is_told_every_time_and_stands_before_the_frames(
    tmp_path: Path, place: ClipLibrary, spoken: list[ClipRequest]
) -> None:
    told: list[Timeline] = []

    def tag(made: Timeline) -> bytes:
        told.append(made)
        return f"tag of {len(made.sentences)}".encode()

    path = tmp_path / "01.mp3"
    made = join(place, spoken, lambda made: replace(made, duration=made.duration), tag, path)
    assert told == [made.timeline]
    frames = path.read_bytes().removeprefix(f"tag of {len(SENTENCES)}".encode())
    assert len(frames) == made.timeline.duration // FRAME_SAMPLES * frame_bytes(place.audio.bitrate)
    assert frames[:2] == b"\xff\xf3"
    assert made.levels
    heard = decode(frames)
    assert made.levels.rms == pytest.approx(loudness(heard), abs=0.1)
    assert made.levels.peak == pytest.approx(peak(heard), abs=0.5)
    join(place, spoken, lambda made: made, lambda _: b"", tmp_path / "bare.mp3")
    assert (tmp_path / "bare.mp3").read_bytes() == frames


def test_where_the_tag_cannot_be_made_nothing_is_written(
    tmp_path: Path, place: ClipLibrary, spoken: list[ClipRequest]
) -> None:
    def full(_: Timeline) -> bytes:
        raise OSError("no space left")

    (tmp_path / "audio").mkdir()
    with pytest.raises(OSError, match="no space"):
        join(place, spoken, lambda made: made, full, tmp_path / "audio" / "01.mp3")
    assert [file.read_bytes() for file in (tmp_path / "audio").iterdir()] in ([], [b""])
