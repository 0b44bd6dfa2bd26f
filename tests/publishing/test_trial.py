"""Trying a voice, and the words that deserve a look, without building a book."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np
import pytest
import soundfile

from hakawati.errors import BookError
from hakawati.model import Place, VoiceChoice
from hakawati.narration.formats import FORMATS
from hakawati.publishing.trial import add_voice, doubtful, say
from hakawati.source.glossary import read_pronunciation
from tests.building import everything
from tests.goldens import ROOT, build_here
from tests.narration.hearing import loudness
from tests.support import write_book

YAML = """\
title: كتاب
languages: [ar]
voices:
  ar: {engine: espeak, rate: 200}
  old-man: {engine: espeak, voice: ar+m3, pitch: 10}
"""


def voice(engine: str, **options: object) -> VoiceChoice:
    return VoiceChoice(engine, options, Place("--voice", 0))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_book(
        tmp_path / "p",
        {
            "book.yaml": YAML,
            "ar/01-one.md": "# قصة\n\nجاء كولتيتز إلى باريس.\n",
            "pronunciation.yaml": "ديجول: دِيغُول\nكولتيتز: شُولْتِيتْس\n",
        },
    )


def test_a_text_is_said_with_its_vowels_into_an_mp3(tmp_path: Path) -> None:
    trial = say("جاء الرجل. ثم ذهب.", tmp_path / "a.mp3", lang=None, voice=None, project=tmp_path)
    samples, rate = soundfile.read(tmp_path / "a.mp3")
    assert rate == 24_000
    assert len(samples) / rate == pytest.approx(trial.seconds, abs=0.001)
    assert loudness(samples) == pytest.approx(-22, abs=2)
    assert trial.credit == "eSpeak NG (ar)"
    said = unicodedata.normalize("NFC", trial.spoken)
    assert said == unicodedata.normalize("NFC", "جَاءَ الرَّجُل. ثُمَّ ذَهَب.")


@pytest.mark.parametrize("ending", FORMATS)
def test_the_files_ending_is_its_format_and_the_sound_the_same(tmp_path: Path, ending: str) -> None:
    heard = {}
    for name in (f"a{ending}", f"b{ending.upper()}", "c.mp3"):
        trial = say("One day. Then two.", tmp_path / name, lang="en", voice=None, project=tmp_path)
        with soundfile.SoundFile(tmp_path / name) as opened:
            assert (opened.format, opened.samplerate, opened.channels) == (
                FORMATS[Path(name).suffix.lower()][0],
                24_000,
                1,
            )
            heard[name] = opened.read()
        assert len(heard[name]) / 24_000 == pytest.approx(trial.seconds, abs=0.001)
    (sound, _, mp3) = heard.values()
    noise = np.sqrt(np.mean((sound - mp3) ** 2) / np.mean(mp3**2))
    assert noise < (0.3 if ending == ".ogg" else 0.001)


@pytest.mark.parametrize("name", ["notes.txt", "notes", "a.m4a", ".wav"])
def test_a_file_that_does_not_end_like_a_sound_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("precious")
    for force in (False, True):
        with pytest.raises(BookError, match=r"hakawati say writes \.wav, \.flac, \.ogg and \.mp3 files"):
            say("Hello.", tmp_path / name, lang="en", voice=None, project=tmp_path, force=force)
    assert (tmp_path / name).read_text() == "precious"


@pytest.mark.parametrize("ending", FORMATS)
def test_what_say_made_is_replaced_and_any_other_sound_is_not(
    tmp_path: Path, ending: str, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / f"a{ending}"

    def said(text: str, *, force: bool = False) -> float:
        return say(text, file, lang="en", voice=None, project=tmp_path, force=force).seconds

    assert said("One.") < said("One, two, three.")
    kind, coding = FORMATS[ending]
    other = np.sin(np.arange(24_000) / 20)
    soundfile.write(file, other, 24_000, format=kind, subtype=coding or None)
    for precious in (file.read_bytes(), b"precious", b""):
        file.write_bytes(precious)
        with pytest.raises(BookError, match="it is there already, and hakawati say did not make it"):
            said("One.")
        assert file.read_bytes() == precious
    said("One.", force=True)
    said("Two.")
    assert capfd.readouterr().err == ""


def test_a_chapter_of_a_book_is_not_taken_for_a_trial(project: Path) -> None:
    build_here(project)
    chapter = project / "audio" / "01-one.mp3"
    before = chapter.read_bytes()
    with pytest.raises(BookError, match="hakawati say did not make it"):
        say("نص", chapter, lang="ar", voice=None, project=project)
    assert chapter.read_bytes() == before


def test_nothing_is_spoken_where_it_could_not_be_written(tmp_path: Path) -> None:
    program = voice("command", run=["touch", str(tmp_path / "spoken")])
    with pytest.raises(BookError, match="there is no folder"):
        say("Hello.", tmp_path / "none" / "a.mp3", lang="en", voice=program, project=tmp_path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(BookError, match="touch cannot speak"):
        say("Hello.", tmp_path / "a.mp3", lang="en", voice=program, project=tmp_path)
    assert (tmp_path / "spoken").exists()


def test_the_language_is_guessed_or_given(tmp_path: Path) -> None:
    file = tmp_path / "a.mp3"
    assert say("Hello.", file, lang=None, voice=None, project=tmp_path).credit == "eSpeak NG (en)"
    assert say("Bonjour.", file, lang="fr", voice=None, project=tmp_path).credit == "eSpeak NG (fr)"


def test_in_a_project_its_voices_and_pronunciations_are_used(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.mp3"
    plain = say("جاء ديجول.", file, lang=None, voice=None, project=project)
    assert "دِيغُول" in plain.spoken
    fast = say("جاء ديجول.", file, lang=None, voice=voice("espeak"), project=project)
    assert plain.seconds < fast.seconds
    old = say("جاء ديجول.", file, lang=None, voice=voice("old-man"), project=project)
    assert old.credit == "eSpeak NG (ar+m3)"


def test_nothing_of_a_project_is_touched(project: Path, tmp_path: Path) -> None:
    before = everything(project)
    say("جاء ديجول.", tmp_path / "a.mp3", lang=None, voice=None, project=project)
    doubtful(project)
    assert everything(project) == before


@pytest.mark.parametrize(
    ("text", "lang", "chosen", "told"),
    [
        ("…", "ar", None, "there is no word in it"),
        ("", None, None, "there is no word in it"),
        ("نص", "Arabic", None, "“Arabic” is no language code"),
        ("نص", "ar", voice("nobody"), "there is no engine “nobody”"),
        ("نص", "ar", voice("espeak", voice="xx"), "espeak has no voice “xx”"),
        ("نص", "ar", voice("command", run=["false"]), "false cannot speak: "),
    ],
)
def test_what_cannot_be_said_is_a_problem_and_leaves_no_file(
    tmp_path: Path, text: str, lang: str | None, chosen: VoiceChoice | None, told: str
) -> None:
    with pytest.raises(BookError, match=told):
        say(text, tmp_path / "a.mp3", lang=lang, voice=chosen, project=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_book_with_problems_is_told_of(project: Path, tmp_path: Path) -> None:
    (project / "book" / "book.yaml").write_text("title: x\n")
    with pytest.raises(BookError, match="“languages” is missing"):
        say("نص", tmp_path / "a.mp3", lang="ar", voice=None, project=project)


def test_the_words_that_deserve_a_look_are_those_without_a_pronunciation(project: Path) -> None:
    assert "كولتيتز" not in {doubt.written for doubt in doubtful(project)}
    (project / "book" / "pronunciation.yaml").unlink()
    (doubt,) = (doubt for doubt in doubtful(project) if doubt.written == "كولتيتز")
    assert [str(place.line) for place in doubt.places] == ["3"]
    assert doubt.places[0].path == "book/ar/01-one.md"


def test_the_books_own_words_can_be_pasted(tmp_path: Path) -> None:
    from hakawati.narration.pronunciation_lines import pasteable

    found = doubtful(ROOT)
    read = read_pronunciation(pasteable(found), "pronunciation.yaml")
    assert len(read) == len(found)


def test_a_voice_whose_name_cannot_be_one_is_not_fetched() -> None:
    with pytest.raises(BookError, match="kareem"):
        add_voice("kareem")


def test_a_text_is_said_as_fast_as_is_asked_for_or_as_the_project_has_it(
    project: Path, tmp_path: Path
) -> None:
    file = tmp_path / "a.mp3"

    def seconds(speed: float | None = None, chosen: VoiceChoice | None = None) -> float:
        return say(
            "جاء الرجل إلى باريس.", file, lang="ar", voice=chosen, speed=speed, project=project
        ).seconds

    usual = seconds()
    assert seconds(0.5) == pytest.approx(2 * usual, rel=0.25)  # the pauses stay
    config = project / "book" / "book.yaml"
    config.write_text(f"{YAML}narration: {{speed: 0.5}}\n")
    assert seconds() == seconds(0.5)
    assert seconds(1) == usual
    config.write_text(f"{YAML}narration: {{speed: 0.5}}\n".replace("rate: 200", "rate: 200, speed: 1"))
    assert seconds() == usual
    with pytest.raises(BookError, match=r"“speed” goes from 0\.5 to 2, and 3\.0 does not"):
        seconds(3)
