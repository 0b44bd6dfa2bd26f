"""The sync of a finished EPUB, measured: planted errors are found, and sound books are left in peace."""

from __future__ import annotations

import random
import re
import struct
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from hakawati.check import analysis_windows
from hakawati.check.forced_alignment import ExpectedSentence, SentenceMatch, SentenceRange
from hakawati.check.sync.measurement import SyncReport, check_sync
from hakawati.errors import BookError
from hakawati.model import Finding
from hakawati.publishing.espeak_aligner import EspeakAligner
from tests.check.hostile import FILES, PACKAGE, SMIL, WAV, epub
from tests.check.measuring import lateness, measure, sentence_count
from tests.check.planting import PLANTS, chapters, write
from tests.goldens import TIME, Built, build_here, locked
from tests.support import write_book

BOOK = {
    "book.yaml": (
        "title: {ar: المدينة, en: The City}\nlanguages: [ar, en]\nslug: city\n"
        "narration: {languages: [ar, en]}\nsync: SYNC\n"
    ),
    "ar/01-day.md": (
        "# اليوم\n\nخرج الناس من بيوتهم في الصباح، ثم ذهبوا إلى السوق القديم.\n\n"
        "كانت الشوارع هادئة جدا. اشترى الرجل خبزا وتمرا من دكان صغير."
    ),
    "en/01-day.md": (
        "# The Day\n\nThe people left their houses in the morning, then they went to the old market.\n\n"
        "The streets were very quiet. The man bought bread and dates in a small shop."
    ),
    "ar/02-night.md": (
        "# الليل\n\nدقت الأجراس في كل أنحاء المدينة، وسمعها الجميع.\n\n"
        "جلس الشيخ أمام الباب ونظر إلى النجوم. نام الأطفال قبل أن يعود أبوهم من السفر."
    ),
    "en/02-night.md": (
        "# The Night\n\nThe bells rang all over the city, and everybody heard them.\n\n"
        "The old man sat before the door and looked at the stars. "
        "The children slept before their father came back from his journey."
    ),
}


@pytest.fixture(scope="module")
def made(shared: Path) -> Callable[[str], Built]:
    """A small book of two chapters and two languages, built once for each sync."""

    def build(sync: str) -> Built:
        project = shared / "sync" / sync
        with locked(shared / "sync" / f"{sync}.lock"):
            if not (project / "build" / "report.json").exists():
                files = {name: text.replace("SYNC", sync) for name, text in BOOK.items()}
                write_book(project, dict(files))
                build_here(project, store=shared / "sync" / "store", modified=TIME)
        return Built(project)

    return build


def listened(files: Mapping[str, bytes], folder: Path) -> SyncReport:
    return check_sync(write(files, folder / "a.epub"), "a.epub", EspeakAligner())


def told(sync: SyncReport) -> list[str]:
    return [str(finding.problem) for finding in sync.findings]


def is_there(finding: Finding, chapter: str, begin: float, end: float) -> bool:
    return finding.severe and finding.chapter == chapter and finding.begin <= end and begin <= finding.end


@pytest.mark.parametrize("sync", ["word", "paragraph"])
def test_a_sound_book_is_left_in_peace(made: Callable[[str], Built], tmp_path: Path, sync: str) -> None:
    found, analysis = measure(write(made(sync).files, tmp_path / "a.epub"), EspeakAligner())
    assert told(found) == []
    assert sentence_count(analysis) == len(analysis.located) == 16
    assert max(map(abs, lateness(analysis))) < 0.03
    assert [chapter.chapter for chapter in found.chapters] == ["01-day", "02-night"]
    for chapter, timings in zip(found.chapters, made(sync).timings(), strict=True):
        assert chapter.duration == pytest.approx(timings["duration"], abs=0.001)
        assert chapter.loudness == pytest.approx(-20, abs=1.5)
    for lines, timings in zip(analysis.sentences.values(), made(sync).timings(), strict=True):
        assert [line.expected.lang for line in lines] == [s["lang"] for s in timings["sentences"]]


@pytest.mark.parametrize("kind", PLANTS)
def test_what_was_planted_is_found_where_it_is(
    made: Callable[[str], Built], tmp_path: Path, kind: str
) -> None:
    files = made("phrase").files
    planted = PLANTS[kind](files, random.Random(kind))
    assert planted
    found = listened(planted.files, tmp_path)
    for where in planted.where:
        assert any(is_there(finding, *where) for finding in found.findings), (where, told(found))
    if kind not in ("exchanged", "missing", "truncated", "relabelled"):  # after which much is wrong
        others = [f for f in found.findings if not any(is_there(f, *where) for where in planted.where)]
        assert [f.problem for f in others if f.chapter and f.severe] == []


def test_a_clip_that_is_off_is_told_with_its_text_its_time_and_by_how_much(
    made: Callable[[str], Built], tmp_path: Path
) -> None:
    files = made("sentence").files
    chapter = chapters(files)[1]
    before, par = chapter.pars[4:6]
    before.set(end=par.begin + 0.5)
    par.set(begin=par.begin + 0.5)
    found = listened({**files, **chapter.written()}, tmp_path)
    (finding,) = found.findings
    assert finding.chapter == "02-night"
    assert (finding.begin, finding.end) == pytest.approx((par.begin, par.begin + 0.5), abs=0.03)
    assert finding.problem.path == "a.epub/EPUB/overlay/02-night.smil"
    message = re.fullmatch(
        "“(.*)” lights up 0[.](..) s too late: at (.*), and is heard at (.*)", finding.problem.message
    )
    assert message
    assert message[1].startswith("نام الأطفال قبل أن")
    assert int(message[2]) == pytest.approx(50, abs=3)


def test_a_chapter_that_is_anothers_is_said_to_be_so_once(
    made: Callable[[str], Built], tmp_path: Path
) -> None:
    files = made("phrase").files
    names = "EPUB/audio/01-day.mp3", "EPUB/audio/02-night.mp3"
    found = listened({**files, names[0]: files[names[1]], names[1]: files[names[0]]}, tmp_path)
    others = [f for f in found.findings if "is not the text of this chapter" in f.problem.message]
    assert others
    assert {f.chapter for f in found.findings if f.severe} == {"01-day", "02-night"}


def test_voices_that_were_exchanged_are_noticed(shared: Path, tmp_path: Path) -> None:
    files = {name: text.replace("SYNC", "phrase") for name, text in BOOK.items()}
    files["book.yaml"] += "voices: {ar: {engine: espeak, voice: en-us}, en: {engine: espeak, voice: ar}}\n"
    project = write_book(tmp_path / "exchanged", dict(files))
    build_here(project, store=shared / "sync" / "store", modified=TIME)
    found = check_sync(Built(project).epub, "a.epub", EspeakAligner())
    assert {finding.chapter for finding in found.findings if finding.severe} == {"01-day", "02-night"}


class Steps:
    """A `Progress` that remembers."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, int]] = []
        self.steps: list[int] = []

    def stage(self, name: str, total: int) -> None:
        self.stages.append((name, total))

    def advance(self, steps: int = 1) -> None:
        self.steps.append(steps)


def test_progress_is_shown_by_seconds_of_what_was_compared(
    made: Callable[[str], Built], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis_windows, "LONGEST", 10.0)
    monkeypatch.setattr(analysis_windows, "_LEAST", 0.0)
    progress, compared = Steps(), []

    class Noting(EspeakAligner):
        def align(
            self, sound: Iterable[bytes], asked: Sequence[ExpectedSentence]
        ) -> tuple[list[SentenceMatch | None], list[tuple[int, int]]]:
            compared.append(sum(progress.steps))
            return super().align(sound, asked)

    epub = write(made("sentence").files, tmp_path / "a.epub")
    check_sync(epub, "book.epub", Noting(), progress)
    lengths = [int(timings["duration"]) for timings in made("sentence").timings()]
    assert progress.stages == [("Listening to book.epub, in seconds", sum(lengths))]
    assert sum(progress.steps) == sum(lengths)
    assert all(steps > 0 for steps in progress.steps)
    assert compared == sorted(compared)
    assert compared[0] == 0
    assert lengths[0] in compared  # the next file waits until the first is compared
    assert any(0 < seconds < lengths[0] for seconds in compared)


def test_progress_goes_to_the_end_past_what_cannot_be_listened_to(tmp_path: Path) -> None:
    progress = Steps()
    file = epub(tmp_path / "a.epub", {"EPUB/text.wav": b""})
    check_sync(file, "a.epub", Deaf(), progress)
    assert progress.stages == [("Listening to a.epub, in seconds", 2)]
    assert progress.steps == [2]


def test_a_clip_that_says_it_is_endless_makes_no_endless_progress(tmp_path: Path) -> None:
    progress = Steps()
    smil = SMIL.replace('clipEnd="2s"', 'clipEnd="99999999999999999h"')
    assert smil != SMIL
    file = epub(tmp_path / "a.epub", {"EPUB/text.smil": smil, "EPUB/text.wav": sound((2, 9000))})
    check_sync(file, "a.epub", Deaf(), progress)
    assert progress.stages == [("Listening to a.epub, in seconds", 50 * 3600)]
    assert sum(progress.steps) == 50 * 3600


# What is not heard is tested with an aligner that knows no language.


class Deaf:
    """An aligner that knows no language."""

    def split(self, text: str, lang: str) -> Sequence[SentenceRange]:  # noqa: ARG002
        words = tuple(m.span() for m in re.finditer(r"\w+", text))
        return [SentenceRange(0, len(text), words)] if words else []

    def supports(self, lang: str) -> bool:  # noqa: ARG002
        return False

    def align(
        self, sound: Iterable[bytes], asked: Sequence[ExpectedSentence]
    ) -> tuple[list[SentenceMatch | None], list[tuple[int, int]]]:
        raise AssertionError((sound, asked))


def sound(*parts: tuple[float, int]) -> bytes:
    """A WAV of (seconds, loudness of a hum) after one another."""
    pcm = bytearray()
    for seconds, loudness in parts:
        for n in range(round(seconds * 24_000)):
            pcm += struct.pack("<h", loudness if n // 60 % 2 else -loudness)
    head = WAV[:4] + struct.pack("<L", 36 + len(pcm)) + WAV[8:40] + struct.pack("<L", len(pcm))
    return head + bytes(pcm)


def book(
    folder: Path, pars: Sequence[tuple[str, str, str]], wav: bytes, changed: Mapping[str, str] = {}
) -> SyncReport:
    """What an aligner that knows no language finds. `pars`: (id, clipBegin, clipEnd)."""
    smil = '<smil xmlns="http://www.w3.org/ns/SMIL" version="3.0"><body>'
    for id_, begin, end in pars:
        times = f'clipBegin="{begin}"' + (f' clipEnd="{end}"' if end else "")
        smil += f'<par><text src="text.xhtml#{id_}"/><audio src="text.wav" {times}/></par>'
    text = "".join(f'<p id="{id_}">One two three four five.</p>' for id_ in "abcdefghij")
    text = f'<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><body>{text}</body></html>'
    files: dict[str, str | bytes | None] = {
        "EPUB/text.smil": f"{smil}</body></smil>",
        "EPUB/text.xhtml": text,
        "EPUB/text.wav": wav,
    }
    return check_sync(epub(folder / "a.epub", {**files, **changed}), "a.epub", Deaf())


def messages(found: SyncReport) -> list[str]:
    """All but that the language is not known."""
    return [f.problem.message for f in found.findings if "not compared" not in f.problem.message]


def test_a_language_that_no_one_here_speaks_is_said_once(tmp_path: Path) -> None:
    found = book(tmp_path, [("a", "0s", "1s"), ("b", "1s", "2s")], sound((2, 9000)))
    assert [(f.severe, f.problem.message) for f in found.findings] == [
        (False, "2 sentences in “en” were not compared with their sound, only their pace and silence")
    ]


def test_clips_may_have_silence_between_them_but_no_speech(tmp_path: Path) -> None:
    pars = [("a", "0s", "0.5s"), ("b", "1.5s", "2s")]
    assert messages(book(tmp_path, pars, sound((0.5, 9000), (1, 0), (0.5, 9000)), duration("1s"))) == []
    found = book(tmp_path, pars, sound((2, 9000)), duration("1s"))
    assert messages(found) == ["0:00.5 to 0:01.5 of “EPUB/text.wav” is heard in no clip, and is not silent"]
    assert not any(finding.severe for finding in found.findings)


def duration(long: str) -> dict[str, str]:
    return {"EPUB/content.opf": PACKAGE.replace(">2.000s<", f">{long}<")}


def test_words_without_sound_are_told_of(tmp_path: Path) -> None:
    found = book(tmp_path, [("a", "0s", "1s"), ("b", "1s", "2s")], sound((1, 9000), (1, 0)))
    assert messages(found) == [
        "there is silence where “One two three four five.” should be heard: 0:01.0 to 0:02.0"
    ]


def test_a_text_that_is_read_much_faster_or_slower_than_the_others_is_told_of(tmp_path: Path) -> None:
    lengths = [1.5] * 6 + [0.4, 1.5, 5, 1.5]
    begins = [sum(lengths[:n]) for n in range(11)]
    pars = [(id_, f"{a}s", f"{b}s") for id_, a, b in zip("abcdefghij", begins, begins[1:], strict=False)]
    text = " ".join(["abcdefgh"] * 6)
    page = "".join(f'<p id="{id_}">{text}</p>' for id_ in "abcdefghij")
    changed = duration(f"{begins[-1]}s") | {"EPUB/text.xhtml": f'<html lang="en"><body>{page}</body></html>'}
    found = book(tmp_path, pars, sound((begins[-1], 9000)), changed)
    (fast, slow) = messages(found)
    assert re.search(
        "takes [34].% of the time that texts of its length take in this book: 0:09.0 to 0:09.4", fast
    )
    assert re.search("takes 2.9 times as long as texts of its length do in this book: 0:10.9 to 0:15.9", slow)


@pytest.mark.parametrize(
    ("pars", "wanted"),
    [
        ([("a", "0s", "1s"), ("b", "0.5s", "2s")], "overlap by 0.50 s, at 0:00.5"),
        ([("a", "1s", "2s"), ("b", "0s", "1s")], "begins at 0:00.0, before the one before it"),
        ([("a", "0s", ""), ("b", "1s", "2s")], "does not end where “One two three four five.” begins"),
        ([("a", "0s", "1s"), ("b", "1s", "1s")], "ends at 0:01.0, before it has begun"),
        ([("a", "0s", "1s"), ("b", "1s", "2.5s")], "ends after the end of “EPUB/text.wav”, at 0:02.0"),
        ([("a", "0s", "1s"), ("b", "7s", "8s")], "begins after the end of “EPUB/text.wav”, at 0:02.0"),
        ([("a", "0s", "1s"), ("a", "1s", "2s")], "lights up twice"),
        ([("b", "0s", "1s"), ("a", "1s", "2s")], "stands before"),
        ([("a", "0s", "1s"), ("x", "1s", "2s")], "there is no element “x” in “EPUB/text.xhtml”"),
        ([("a", "0s", "1s"), ("b", "soon", "2s")], "“soon” is no time for “clipBegin”"),
    ],
)
def test_clips_that_do_not_follow_each_other_in_text_and_audio_are_told_of(
    tmp_path: Path, pars: Sequence[tuple[str, str, str]], wanted: str
) -> None:
    assert any(wanted in message for message in messages(book(tmp_path, pars, sound((2, 9000)))))


WHOLE = '<meta property="media:duration">2.000s</meta>'


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        (
            ">2.000s</meta><meta",
            ">4s</meta><meta",
            "of “EPUB/text.smil” is 0:04.0, but its clips take 0:02.0",
        ),
        (WHOLE, WHOLE.replace("2.000s", "4s"), "of the whole book is 0:04.0, but its clips take 0:02.0"),
        (WHOLE, WHOLE.replace("2.000s", "soon"), "“soon” is no time for media:duration of the whole book"),
        (WHOLE, "", "media:duration of the whole book is missing"),
    ],
)
def test_durations_must_be_declared_and_right(tmp_path: Path, before: str, after: str, wanted: str) -> None:
    assert before in PACKAGE
    changed = {"EPUB/content.opf": PACKAGE.replace(before, after)}
    found = book(tmp_path, [("a", "0s", "1s"), ("b", "1s", "2s")], sound((2, 9000)), changed)
    (message,) = messages(found)
    assert wanted in message
    assert [f.severe for f in found.findings if f.problem.message == message] == [True]


def test_times_may_be_written_in_all_of_smils_forms(tmp_path: Path) -> None:
    smil = SMIL.replace('clipBegin="0s" clipEnd="2s"', 'clipBegin="0:00:00" clipEnd="2000ms"')
    assert smil != SMIL
    changed: dict[str, str | bytes | None] = {"EPUB/text.smil": smil, "EPUB/text.wav": sound((2, 9000))}
    assert messages(check_sync(epub(tmp_path / "a.epub", changed), "a.epub", Deaf())) == []


@pytest.mark.parametrize(
    ("wav", "wanted"),
    [
        (b"", "it cannot be decoded"),
        (b"RIFF" + bytes(100), "it cannot be decoded"),
        (random.Random(1).randbytes(10_000), "it cannot be decoded"),
        (WAV[:44], "there is no sound in it"),
        (None, "is not in the EPUB"),
    ],
)
def test_audio_that_cannot_be_decoded_is_told_of(tmp_path: Path, wav: bytes | None, wanted: str) -> None:
    found = check_sync(epub(tmp_path / "a.epub", {"EPUB/text.wav": wav}), "a.epub", Deaf())
    assert any(wanted in f.problem.message and f.severe for f in found.findings)


def test_a_book_that_is_not_read_aloud_has_no_sync(tmp_path: Path) -> None:
    package = re.sub(' media-overlay="o"|<meta .*?</meta>', "", str(FILES["EPUB/content.opf"]))
    found = check_sync(epub(tmp_path / "a.epub", {"EPUB/content.opf": package}), "a.epub", Deaf())
    assert [(f.severe, f.problem.message) for f in found.findings] == [
        (False, "no part of it is read aloud: there is no overlay in it")
    ]


def test_everything_that_is_wrong_with_the_file_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BookError) as error:
        check_sync(epub(tmp_path / "a.epub", {"mimetype": None, "EPUB/content.opf": "<"}), "a.epub", Deaf())
    assert {p.path for p in error.value.problems} >= {"a.epub/EPUB/content.opf"}


def test_audio_whose_decoder_is_not_installed_is_a_notice_that_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    changed: dict[str, str | bytes | None] = {
        name: str(FILES[name]).replace("text.wav", "text.m4a")
        for name in ("EPUB/content.opf", "EPUB/text.smil")
    }
    file = epub(tmp_path / "a.epub", {**changed, "EPUB/text.wav": None, "EPUB/text.m4a": b"AAC"})
    (finding,) = check_sync(file, "a.epub", Deaf()).findings
    assert finding.problem.message == "its sound was not listened to: decoding it needs FFmpeg’s libraries"
    assert finding.problem.hint == "pip install 'hakawati[m4a]'"
    assert not finding.severe
