"""Books that a person reads: whole chapters, single sentences, and what is told where she does not."""

from __future__ import annotations

import json
import os
import re
import shutil
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from mutagen.id3 import ID3

import hakawati
from hakawati.arabic.vowels import diacritize
from hakawati.errors import BookError
from hakawati.model import Report
from hakawati.narration.reading_order import reading_order
from hakawati.narration.spoken_form import prepare, vocalise
from hakawati.publishing import shelf as pipeline
from hakawati.voices.espeak import Espeak
from hakawati.voices.recording import UnreadableError
from tests.building import Reader, left, run, without_builds
from tests.goldens import NAMESPACES, TIME, Shelf, build_here
from tests.narration.hearing import Samples, from_pcm, locate, loudness, pitches
from tests.support import write_book

AR = (
    "# المدينة\n\n"
    "تجمع رجال الشرطة أمام الكاتدرائية يوم السبت. دوى صوت الطلقات النارية في الشوارع القريبة.\n\n"
    "رفع الأطفال الأعلام فوق البيوت القديمة. ثم دقت الأجراس في كل أنحاء المدينة.\n"
)
OTHER = "# السوق\n\nاشترت أمي خبزا وزيتونا من السوق القديم. كان الجو حارا جدا في ذلك اليوم الطويل.\n"
YAML = "title: كتاب\nlanguages: [ar]\n"
READER = Espeak("ar+f2", 145, 60)
RATE = 22_050


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_book(
        tmp_path / "project", {"book.yaml": YAML, "ar/01-city.md": AR, "ar/02-market.md": OTHER}
    )


@cache
def say(text: str) -> Samples:
    return from_pcm(READER.speak(text).pcm)


def spoken(project: Path, name: str) -> dict[str, str]:
    """What is said of a chapter, by sentence."""
    book = hakawati.load(project)
    chapter = next(c for c in book.chapters if c.name == name)
    return {
        cue.sentence.id: vocalise(prepare(cue.sentence, cue.text, "ar"), diacritize).text
        for cue in reading_order(chapter, book.edition.narration)
    }


def record(
    project: Path, name: str, *, without: str = "", instead: str = "", remark: bool = False, end: str = ".wav"
) -> dict[str, float]:
    """Read a chapter into its recording; returns when each sentence begins, in seconds."""
    pieces = [np.zeros(RATE)]
    begins = {}
    if remark:
        pieces += [say(diacritize("هذا تسجيل من مكتبة الأصوات، يقرؤه عليكم متطوع.")), np.zeros(RATE)]
    for id_, text in spoken(project, name).items():
        if id_ == without:
            continue
        begins[id_] = sum(map(len, pieces)) / RATE
        said = instead if instead and id_ == "b2s2" else text
        pieces += [say(said), np.zeros(RATE // 3)]
    file = project / "book" / "recordings" / "ar" / f"{name}{end}"
    file.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(file, np.concatenate([*pieces, np.zeros(RATE)]) * 0.3, RATE)
    return begins


def build(project: Path, shelf: Shelf) -> Report:
    return build_here(project, store=shelf.store, modified=TIME)


def timings(project: Path, name: str) -> dict[str, dict[str, Any]]:
    data = json.loads((project / "build" / "timings" / f"{name}.json").read_bytes())
    return {sentence["id"]: sentence for sentence in data["sentences"]}


def heard(project: Path, name: str) -> Samples:
    samples, rate = soundfile.read(project / "audio" / f"{name}.mp3")
    assert rate == 24_000
    return np.asarray(samples)


# Whole chapters


@pytest.mark.parametrize("end", [".wav", ".flac", ".ogg", ".mp3"])
def test_a_recorded_chapter_is_that_recording_in_sync(project: Path, shelf: Shelf, end: str) -> None:
    begins = record(project, "01-city", end=end)
    report = build(project, shelf)
    assert report.notices == ()
    told = timings(project, "01-city")
    assert told.keys() == begins.keys()
    for id_, begin in list(begins.items())[1:]:
        assert told[id_]["begin"] == pytest.approx(begin + 0.046, abs=0.03), id_
    assert told["b1s1"]["begin"] == 0
    sound = heard(project, "01-city")
    assert len(sound) / 24_000 == pytest.approx(max(s["end"] for s in told.values()), abs=0.001)
    assert loudness(sound[np.abs(sound) > 0.01]) == pytest.approx(-19, abs=1.5)


def test_a_recorded_chapter_can_be_slower_and_is_as_much_in_sync(project: Path, shelf: Shelf) -> None:
    begins = record(project, "01-city")
    build(project, shelf)
    before, sound = timings(project, "01-city"), heard(project, "01-city")
    (project / "book" / "book.yaml").write_text(f"{YAML}narration: {{speed: 0.8}}\n")
    report = build(project, shelf)
    assert report.notices == ()
    assert report.chapters[0].why == "5 sentences: speed changed"
    after, slow = timings(project, "01-city"), heard(project, "01-city")
    assert len(slow) * 0.8 == pytest.approx(len(sound), rel=0.02)
    for id_, begin in list(begins.items())[1:]:
        assert after[id_]["begin"] == pytest.approx(begin / 0.8 + 0.046, abs=0.05), id_
        words = [[w["begin"] for w in told[id_]["words"]] for told in (before, after)]
        assert words[1] == pytest.approx([(at - 0.046) / 0.8 + 0.046 for at in words[0]], abs=0.03)
    assert loudness(slow[np.abs(slow) > 0.01]) == pytest.approx(-19, abs=1.5)
    at = np.arange(0, len(sound), 240)
    low, high = pitches(sound, at), pitches(slow, at / 0.8)
    both = (low > 0) & (high > 0)
    assert np.median(high[both] / low[both]) == pytest.approx(1, abs=0.01)


def test_a_remark_before_the_text_is_tolerated_and_the_text_is_found(project: Path, shelf: Shelf) -> None:
    begins = record(project, "01-city", remark=True)
    assert build(project, shelf).notices == ()
    told = timings(project, "01-city")
    assert told["b2s1"]["begin"] == pytest.approx(begins["b2s1"] + 0.046, abs=0.03)


def test_a_sentence_that_was_not_read_is_named_and_lights_up_nowhere(project: Path, shelf: Shelf) -> None:
    begins = record(project, "01-city", without="b2s2")
    (notice,) = build(project, shelf).notices
    assert (notice.path, notice.line) == ("book/recordings/ar/01-city.wav", 0)
    assert "“دوى صوت الطلقات" in notice.message
    assert "(book/ar/01-city.md:3) is not read here" in notice.message
    assert re.search(r"\d:\d\d to \d:\d\d of audio/01-city\.mp3, \d+% sure", notice.message)
    told = timings(project, "01-city")
    assert told.keys() == begins.keys()
    assert told["b3s1"]["begin"] == pytest.approx(begins["b3s1"] + 0.046, abs=0.3)


def test_a_sentence_that_is_read_differently_is_named_too(project: Path, shelf: Shelf) -> None:
    other = diacritize("كانت القطة تنام تحت الكرسي حين بدأ المطر يهطل فوق الحديقة.")
    record(project, "01-city", instead=other)
    notices = build(project, shelf).notices
    assert any("دوى صوت الطلقات" in notice.message for notice in notices)
    assert "b2s2" not in timings(project, "01-city")


def test_another_chapters_recording_is_refused_and_nothing_is_built(project: Path, shelf: Shelf) -> None:
    record(project, "01-city")
    folder = project / "book" / "recordings" / "ar"
    (folder / "01-city.wav").rename(folder / "02-market.wav")
    with pytest.raises(BookError) as caught:
        build(project, shelf)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("book/recordings/ar/02-market.wav", 0)
    assert "nothing in it sounds like this chapter" in problem.message


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "it is no WAV"), (b"<html>no sound</html>", "it is no WAV"), (None, "it is silent")],
)
def test_a_file_that_is_no_recording_is_a_problem_and_no_traceback(
    project: Path, shelf: Shelf, content: bytes | None, told: str
) -> None:
    file = project / "book" / "recordings" / "ar" / "01-city.wav"
    file.parent.mkdir(parents=True)
    if content is None:
        soundfile.write(file, np.zeros(RATE), RATE)
    else:
        file.write_bytes(content)
    with pytest.raises(BookError) as caught:
        build(project, shelf)
    (problem,) = caught.value.problems
    assert problem.path == "book/recordings/ar/01-city.wav"
    assert problem.message.startswith("this recording cannot be used: ")
    assert told in problem.message or "nothing in it sounds like" in problem.message
    assert str(project) not in problem.message


# Single sentences


def sentence(project: Path, id_: str, samples: Samples) -> Path:
    file = project / "book" / "recordings" / "ar" / "01-city" / f"{id_}.wav"
    file.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(file, samples, RATE)
    return file


def test_a_voice_fills_in_around_a_recorded_sentence_at_the_same_loudness(
    project: Path, shelf: Shelf
) -> None:
    said = say(spoken(project, "01-city")["b2s2"])
    sentence(project, "b2s2", np.concatenate([np.zeros(RATE), said * 0.02, np.zeros(RATE)]))
    report = build(project, shelf)
    assert report.notices == ()
    told, sound = timings(project, "01-city"), heard(project, "01-city")
    parts = {k: sound[round(24_000 * s["begin"]) : round(24_000 * s["end"])] for k, s in told.items()}
    levels = {k: loudness(part[np.abs(part) > 0.01]) for k, part in parts.items() if k != "b1s1"}
    assert max(levels.values()) - min(levels.values()) < 1.5
    begin = round(24_000 * told["b2s2"]["begin"])
    at, likeness = locate(sound[begin - 2400 :], decode_at_24(said)[:20_000])
    assert likeness > 0.9
    assert abs(at - 2400) < 24_000 * 0.05


def test_a_recorded_sentence_has_the_books_speed(project: Path, shelf: Shelf) -> None:
    said = say(spoken(project, "01-city")["b2s2"])
    sentence(project, "b2s2", said)
    build(project, shelf)
    usual = timings(project, "01-city")["b2s2"]
    (project / "book" / "book.yaml").write_text(f"{YAML}narration: {{speed: 0.8}}\n")
    build(project, shelf)
    slow = timings(project, "01-city")["b2s2"]
    words = [[w["begin"] - told["begin"] for w in told["words"]] for told in (usual, slow)]
    assert words[1] == pytest.approx([at / 0.8 for at in words[0]], abs=0.03)


def decode_at_24(samples: Samples) -> Samples:
    import soxr

    return np.asarray(soxr.resample(samples, RATE, 24_000))


def test_a_recorded_sentence_that_is_far_too_long_for_its_text_is_named(project: Path, shelf: Shelf) -> None:
    sentence(project, "b2s2", np.tile(say(spoken(project, "01-city")["b3s1"]), 8))
    (notice,) = build(project, shelf).notices
    assert notice.path == "book/recordings/ar/01-city/b2s2.wav"
    assert "“دوى صوت الطلقات" in notice.message
    assert "(book/ar/01-city.md:3) is read differently here" in notice.message
    assert "b2s2" in timings(project, "01-city")


@pytest.mark.parametrize("end", [".mp3", ".wav"])
def test_a_sentences_recording_that_is_no_sound_is_a_problem_of_the_recording(
    project: Path, end: str
) -> None:
    file = sentence(project, "b2s2", np.zeros(RATE)).with_suffix(end)
    file.write_bytes(b"<html>no sound</html>")
    file.with_suffix(".wav" if end == ".mp3" else ".mp3").unlink(missing_ok=True)
    done = run(project.parent, "build", project)
    fault = f"this recording cannot be used: it is no {end[1:].upper()}, or a damaged one"
    assert done.told.splitlines()[-3:] == [
        f"book/recordings/ar/01-city/b2s2{end}: {fault}",
        f"    hint: {UnreadableError.hint}",
        "1 problem; nothing was built.",
    ]
    assert "Note:" not in done.told


# Building again


def test_only_the_chapter_whose_recording_changed_is_made_again(project: Path, shelf: Shelf) -> None:
    record(project, "01-city")
    build(project, shelf)
    before = left(project)
    assert all(c.why == "unchanged" for c in build(project, shelf).chapters)
    file = sentence_like(project)
    report = build(project, shelf)
    first, second = report.chapters
    assert first.why == f"5 sentences: recording book/recordings/ar/{file.name} changed"
    assert second.why == "unchanged"
    after = left(project)
    assert before["audio/01-city.mp3"] != after["audio/01-city.mp3"]
    assert before["audio/02-market.mp3"] == after["audio/02-market.mp3"]


def sentence_like(project: Path) -> Path:
    """Read the chapter anew, somewhat louder."""
    file = project / "book" / "recordings" / "ar" / "01-city.wav"
    samples, rate = soundfile.read(file)
    soundfile.write(file, np.concatenate([np.zeros(5000), samples]), rate)
    return file


def test_a_recording_taken_away_gives_the_chapter_back_to_the_voice(project: Path, shelf: Shelf) -> None:
    build(project, shelf)
    spoken_by_voice = left(project)
    record(project, "01-city")
    build(project, shelf)
    (project / "book" / "recordings" / "ar" / "01-city.wav").unlink()
    report = build(project, shelf)
    assert sum(c.clips_made for c in report.chapters) == 0
    assert left(project)["audio/01-city.mp3"] == spoken_by_voice["audio/01-city.mp3"]


def test_a_recorded_book_is_the_same_wherever_it_is_built(
    project: Path, shelf: Shelf, tmp_path: Path
) -> None:
    record(project, "01-city")
    build(project, shelf)
    copy = without_builds(project, tmp_path / "copy")
    build_here(copy, modified=TIME)
    assert left(copy) == left(project)


def test_a_recording_in_a_language_that_is_not_read_aloud_is_told_of(tmp_path: Path, reader: Reader) -> None:
    project = write_book(
        tmp_path / "p",
        {
            "book.yaml": "title: {ar: كتاب, en: A}\nlanguages: [ar, en]\n",
            "en/01-one.md": "# Title\n\nText.\n",
            "recordings/en/01-one.wav": b"",
        },
    )
    (notice,) = build_here(project).notices
    assert notice.path == "book/recordings/en/01-one.wav"
    assert notice.message == "en is not read aloud, and this recording is not heard"
    assert notice.hint == "book.yaml: narration: {languages: [ar, en]}"


# Who is credited


def credited(project: Path, report: Report) -> tuple[list[str], dict[str, list[str]]]:
    """The EPUB's narrators, and each chapter's artists."""
    import zipfile

    from lxml import etree

    with zipfile.ZipFile(project / report.epub) as archive:
        package = etree.fromstring(archive.read("EPUB/content.opf"))
    found = package.xpath("//opf:meta[@property='media:narrator']/text()", namespaces=NAMESPACES)
    assert isinstance(found, list)
    artists = {
        c.name: [str(a) for a in ID3(project / "audio" / f"{c.name}.mp3")["TPE1"].text]
        for c in report.chapters
    }
    return [str(name) for name in found], artists


def test_the_reader_whom_the_author_names_is_credited_for_what_she_reads(project: Path, shelf: Shelf) -> None:
    (project / "book" / "book.yaml").write_text(YAML + "narrators: ليلى\n")
    record(project, "01-city")
    narrators, artists = credited(project, build(project, shelf))
    assert narrators == ["ليلى"]
    assert artists == {"01-city": ["ليلى"], "02-market": ["ليلى"]}


def test_a_reader_whom_the_recording_itself_names_is_credited_beside_the_voice(
    project: Path, shelf: Shelf
) -> None:
    record(project, "01-city", end=".mp3")
    tags = ID3()
    from mutagen.id3 import TPE1

    tags.add(TPE1(encoding=3, text="Layla"))
    tags.save(project / "book" / "recordings" / "ar" / "01-city.mp3")
    narrators, artists = credited(project, build(project, shelf))
    assert narrators == ["Layla", "eSpeak NG (ar)"]
    assert artists == {"01-city": ["Layla"], "02-market": ["eSpeak NG (ar)"]}


def test_a_voice_that_fills_in_is_credited_after_the_reader(project: Path, shelf: Shelf) -> None:
    (project / "book" / "book.yaml").write_text(YAML + "narrators: ليلى\n")
    sentence(project, "b2s2", say(spoken(project, "01-city")["b2s2"]))
    _, artists = credited(project, build(project, shelf))
    assert artists["01-city"] == ["ليلى", "eSpeak NG (ar)"]


def test_the_golden_book_lights_up_word_by_word_in_both_languages(shelf: Shelf) -> None:
    built = shelf["recorded"]
    assert built.report["notices"] == []
    for told in built.timings():
        langs = [s["lang"] for s in told["sentences"]]
        assert {"ar", "en"} == set(langs)
        assert told["sentences"][0]["begin"] == 0
        assert told["sentences"][-1]["end"] == told["duration"]
        edges = [(s["begin"], s["end"]) for s in told["sentences"]]
        assert all(a[1] == b[0] for a, b in pairwise(edges))


# Saved while the book is built


def say_into(project: Path, text: str) -> None:
    """A recording of the second sentence of the first chapter."""
    file = project / "book" / "recordings" / "ar" / "01-city" / "b2s1.wav"
    file.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(file, say(diacritize(text)) * 0.3, RATE)


@pytest.mark.parametrize("whole", [False, True])
def test_a_recording_that_is_saved_while_the_book_is_built_is_not_taken_for_the_old_one(
    project: Path, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    store = tmp_path / "store"
    if whole:
        record(project, "01-city")
    else:
        say_into(project, "تجمع رجال الشرطة أمام الكاتدرائية يوم السبت.")
    (recording,) = (project / "book" / "recordings").rglob("*.wav")
    old = tmp_path / "old.wav"
    shutil.copy2(recording, old)
    speak = pipeline._speak

    def late(*arguments: Any) -> None:
        """The author's editor saves when the build has looked at the recording, and not read it."""
        data, rate = soundfile.read(old)
        soundfile.write(recording, data * 0.9, rate)
        os.utime(recording, ns=(old.stat().st_atime_ns, old.stat().st_mtime_ns))
        speak(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "_speak", late)
        build_here(project, store=store, modified=TIME)
    new = left(project)
    # She takes it back; and then clean builds of both say what is right.
    shutil.copy2(old, recording)
    build_here(project, store=store, modified=TIME)
    clean = without_builds(project, tmp_path / "clean")
    build_here(clean, store=shelf.store, modified=TIME)
    assert left(project) == left(clean)
    assert new["audio/01-city.mp3"] != left(clean)["audio/01-city.mp3"]


def test_a_retake_of_equal_size_and_time_is_heard(project: Path, shelf: Shelf) -> None:
    say_into(project, "تجمع رجال الشرطة أمام الكاتدرائية يوم السبت.")
    (recording,) = (project / "book" / "recordings").rglob("*.wav")
    build(project, shelf)
    before, status = left(project), recording.stat()
    data, rate = soundfile.read(recording)
    soundfile.write(recording, data[::-1] * 0.5, rate)
    os.utime(recording, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert recording.stat().st_size == status.st_size
    build(project, shelf)
    assert left(project)["audio/01-city.mp3"] != before["audio/01-city.mp3"]
