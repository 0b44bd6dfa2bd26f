"""What a build tells of its chapters' loudness, and what a listener's decoder has of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from hakawati.model import Audio, Edition, Levels, Metadata, Narration, Page, Report, Timeline
from hakawati.narration.clip_library import ClipRequest
from hakawati.publishing.acx import measured, noises, too_quiet
from hakawati.publishing.chapter_audio import JoinedAudio
from hakawati.publishing.finished import FINISHED_PART, FinishedPart
from hakawati.publishing.paths import EditionPaths
from tests.building import Reader, report
from tests.goldens import TIME, Shelf, build_here
from tests.narration.hearing import loudness, peak
from tests.narration.test_chapter_levels import floor
from tests.narration.test_recording_task import SENTENCES
from tests.publishing.test_chapter_audio import joined, take
from tests.publishing.test_recordings import AR, record
from tests.support import write_book

__all__ = ["take"]

YAML = "title: {ar: كتاب, en: A Book}\nlanguages: [ar, en]\ncover: none\n"
BOOK: dict[str, str | bytes] = {
    "book.yaml": YAML,
    "ar/01-one.md": "# الأول\n\nجاء الناس كلهم إلى المدينة الكبيرة، ثم عادوا منها ليلا.",
    "en/01-one.md": "# The First\n\nThen all of the people came to town, and they went away at night.",
    "ar/02-two.md": "# الثاني\n\nنص قصير هنا.\n\nونص آخر بعده.",
    "en/02-two.md": "# The Second\n\nA short text here.\n\nAnd another one after it.",
    "glossary.yaml": "- term: نص\n  translation: {en: text}\n",
}
NAMES = ["01-one", "02-two", "glossary"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_book(tmp_path / "project", dict(BOOK))


def change(project: Path, yaml: str) -> None:
    (project / "book" / "book.yaml").write_text(YAML + yaml)


def build(project: Path, shelf: Shelf) -> Report:
    return build_here(project, store=shelf.store, modified=TIME)


def told(project: Path) -> dict[str, dict[str, float]]:
    return {chapter["name"]: chapter["loudness"] for chapter in report(project)["chapters"]}


@pytest.mark.parametrize(
    "yaml", ["", "narration: {repeat: 2, pauses: {heading: 9000}}\naudio: {bitrate: 32}\n"]
)
def test_the_report_says_of_every_chapter_what_its_mp3_has(project: Path, shelf: Shelf, yaml: str) -> None:
    change(project, yaml)
    build(project, shelf)
    found = told(project)
    assert list(found) == NAMES
    for name, numbers in found.items():
        heard, _ = soundfile.read(project / "audio" / f"{name}.mp3")
        assert list(numbers) == ["rms", "peak", "floor"]
        assert numbers["rms"] == pytest.approx(loudness(heard), abs=0.5)
        assert numbers["peak"] == pytest.approx(peak(heard), abs=0.5)
        assert numbers["floor"] == pytest.approx(floor(heard), abs=0.5)
        assert all(number == round(number, 1) for number in numbers.values())


def test_it_does_for_chapters_that_are_not_read_again_and_for_a_book_with_nothing_to_do(
    project: Path, reader: Reader
) -> None:
    build_here(project, modified=TIME)
    before = told(project)
    page = project / "book" / "ar" / "02-two.md"
    page.write_text(page.read_text().replace("قصير", "قصير جدا"))
    edited = build_here(project, modified=TIME)
    after = told(project)
    assert after["01-one"] == before["01-one"]
    assert after["02-two"] != before["02-two"]
    assert next(chapter.why for chapter in edited.chapters) == "unchanged"
    same = build_here(project, modified=TIME)
    assert {chapter.why for chapter in same.chapters} == {"unchanged"}
    assert [chapter.loudness for chapter in same.chapters] == [
        chapter.loudness for chapter in edited.chapters
    ]
    assert same.notices == edited.notices == ()


def test_a_chapter_that_is_not_read_aloud_has_none(tmp_path: Path, reader: Reader) -> None:
    silent = {f"{lang}/02-two.md": "# * * *\n\n…\n" for lang in ("ar", "en")}
    project = write_book(tmp_path, {**BOOK, **silent})
    build_here(project, modified=TIME)
    assert [name for name, numbers in told(project).items() if numbers is None] == ["02-two"]
    again = build_here(project, modified=TIME)
    assert [chapter.name for chapter in again.chapters if chapter.loudness is None] == ["02-two"]


def test_pauses_that_make_chapters_too_quiet_are_told_of_once(project: Path, reader: Reader) -> None:
    change(project, "narration: {pauses: {sentence: 40000, paragraph: 40000, heading: 40000}}\n")
    (notice,) = build_here(project, modified=TIME).notices
    rms = told(project)["01-one"]["rms"]
    assert rms < -23
    assert (notice.path, notice.message, notice.hint) == (
        "audio/01-one.mp3",
        f"its RMS, pauses and all, is {rms} dB, and so it is with 1 more: ACX takes no less than -23",
        "shorten narration.pauses, or raise audio.loudness, in book.yaml",
    )
    (again,) = build_here(project, modified=TIME).notices
    assert again == notice


@pytest.mark.parametrize("chosen", ["-26", "-17.5"])
def test_a_loudness_that_acx_does_not_take_is_told_of_by_its_line_and_not_for_every_chapter(
    project: Path, reader: Reader, chosen: str
) -> None:
    change(project, f"audio:\n  loudness: {chosen}\neditions:\n  slow: {{narration: {{speed: 0.8}}}}\n")
    (notice,) = build_here(project, modified=TIME).notices
    assert (notice.path, notice.line, notice.message) == (
        "book/book.yaml",
        5,
        f"a loudness of {chosen} dB; ACX, if the audiobook is to be sold there, takes -23 to -18",
    )


@pytest.mark.parametrize("chosen", ["-23", "-18"])
def test_the_limits_themselves_are_no_matter(project: Path, reader: Reader, chosen: str) -> None:
    change(project, f"audio: {{loudness: {chosen}}}\n")
    assert not [n for n in build_here(project, modified=TIME).notices if n.path == "book/book.yaml"]


def test_the_room_that_a_person_reads_in_is_heard(tmp_path: Path, shelf: Shelf) -> None:
    project = write_book(
        tmp_path / "read", {"book.yaml": "title: كتاب\nlanguages: [ar]\n", "ar/01-city.md": AR}
    )
    record(project, "01-city")
    file = project / "book" / "recordings" / "ar" / "01-city.wav"
    sound, rate = soundfile.read(file)
    soundfile.write(file, sound + np.random.default_rng(1).normal(0, 0.001, len(sound)), rate)
    (notice,) = build(project, shelf).notices
    assert notice.path == "book/recordings/ar/01-city.wav"
    found = told(project)["01-city"]["floor"]
    assert notice.message.startswith(f"the quietest half second of audio/01-city.mp3 has {found} dB")
    heard, _ = soundfile.read(project / "audio" / "01-city.mp3")
    assert found == pytest.approx(floor(heard), abs=0.5)


# Without a build

MINUTE = bytes(2501)
QUIET = Levels(MINUTE, -24.04, -6, -96)


def edition(**narration: Any) -> Edition:
    return Edition(
        Metadata({"en": "A Book"}, ("en",), "urn:x:y", "a-book"),
        glossary=(),
        voices={},
        narration=Narration(("en",), **narration),
        audio=Audio(),
    )


def test_silence_to_repeat_sentences_in_is_wanted() -> None:
    chapters = {"01": QUIET, "02": Levels(MINUTE, -20, -6, -96)}
    (notice,) = too_quiet(edition(), EditionPaths("slow"), chapters)
    assert (notice.path, notice.message) == (
        "audio/slow/01.mp3",
        "its RMS, pauses and all, is -24.0 dB: ACX takes no less than -23",
    )
    assert list(too_quiet(edition(repeat=1.5), EditionPaths("slow"), chapters)) == []


def test_what_is_a_hair_too_quiet_is_told_as_it_is_reported() -> None:
    assert list(too_quiet(edition(), EditionPaths(), {"01": Levels(MINUTE, -23.04, -6, -96)})) == []
    assert len(list(too_quiet(edition(), EditionPaths(), {"01": Levels(MINUTE, -23.06, -6, -96)}))) == 1


def test_a_chapter_that_is_over_in_a_minute_may_be_as_quiet_as_its_titles_pause_makes_it() -> None:
    assert list(too_quiet(edition(), EditionPaths(), {"01": Levels(MINUTE[1:], -24, -6, -96)})) == []


def of(read: JoinedAudio, peak_: float, floor_: float) -> JoinedAudio:
    return JoinedAudio(read.timeline, read.said, (), Levels(b"", -20, peak_, floor_))


def test_a_noisy_recording_is_told_of_at_the_recording(take: ClipRequest) -> None:
    read = joined(take, *[(float(n), 1.0) for n in range(len(SENTENCES))])
    (notice,) = noises("audio/01.mp3", of(read, -6, -52.34))
    assert (notice.path, notice.message) == (
        take.voice,
        "the quietest half second of audio/01.mp3 has -52.3 dB, and ACX takes a noise floor below -60",
    )
    assert list(noises("audio/01.mp3", of(read, -3, -60))) == []


def test_an_engine_has_no_noise(take: ClipRequest) -> None:
    spoken = JoinedAudio(Timeline((), 0), (), ())
    assert list(noises("audio/01.mp3", of(spoken, -6, -30))) == []
    assert list(noises("audio/01.mp3", spoken)) == []


def test_peaks_that_are_too_high_are_told_of(take: ClipRequest) -> None:
    (notice,) = noises("audio/01.mp3", of(JoinedAudio(Timeline((), 0), (), ()), -2.9, -96))
    assert (notice.path, notice.message) == (
        "audio/01.mp3",
        "its peaks have -2.9 dB, and ACX takes what is below -3",
    )


def test_what_is_kept_of_a_chapter_has_its_envelope() -> None:
    levels = Levels(bytes(range(256)), -20.12, -6.5, -96.0)
    page = Page("01", "text/01.xhtml", "One", (), (), (), (), "", 0, "", "")
    finished = FinishedPart(page, (), 0, (), {}, (), levels=levels)
    found = FINISHED_PART.loads(FINISHED_PART.dumps(finished))
    assert found
    assert found.levels == levels
    bare = FINISHED_PART.loads(FINISHED_PART.dumps(FinishedPart(page, (), 0, (), {}, ())))
    assert bare
    assert bare.levels is None
    data = json.loads(FINISHED_PART.dumps(finished))
    for wrong in ("?", [1, 2], {**data["levels"], "envelope": "?"}, {**data["levels"], "rms": "1"}):
        with pytest.raises(ValueError, match="none of the types"):
            FINISHED_PART.loads(json.dumps({**data, "levels": wrong}).encode())


def test_it_is_told_to_a_tenth() -> None:
    assert measured(Levels(b"", -20.249, -5.96, -96.0)) == measured(Levels(b"", -20.2, -6.0, -96.0))
    assert np.isclose(measured(Levels(b"", -20.25, -6, -96)).rms, -20.2)
