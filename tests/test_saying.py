"""Trying a voice, and the words that deserve a look, without building a book."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import soundfile

from hakawati.errors import BookError
from hakawati.model import Place, VoiceChoice
from hakawati.saying import add_voice, doubtful, say
from hakawati.source.glossary import read_pronunciation
from tests.building import everything
from tests.goldens import ROOT
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
            "ar/01-one.md": "# قصة\n\nجاء ديجول إلى باريس.\n",
            "pronunciation.yaml": "ديجول: دِيغُول\n",
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
    assert said == unicodedata.normalize("NFC", "جاءَ الرَّجُل. ثُمَّ ذَهَب.")


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
    assert "ديجول" not in {doubt.written for doubt in doubtful(project)}
    (project / "book" / "pronunciation.yaml").unlink()
    (doubt,) = (doubt for doubt in doubtful(project) if doubt.written == "ديجول")
    assert [str(place.line) for place in doubt.places] == ["3"]
    assert doubt.places[0].path == "book/ar/01-one.md"


def test_the_books_own_words_can_be_pasted(tmp_path: Path) -> None:
    from hakawati.narration.doubts import pasteable

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
