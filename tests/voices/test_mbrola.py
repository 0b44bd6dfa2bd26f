"""By the real program and its databases, which `mbrola_packages` fetches."""

from __future__ import annotations

import itertools
import os
import pickle
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hakawati.arabic.phones import CONSONANTS, VOWELS, Phone, SpokenWord
from hakawati.arabic.phrases import IntonationPhrase
from hakawati.arabic.prosody import Prosody
from hakawati.model import Place, Speech, VoiceChoice, VoiceError, VoiceUnavailableError
from hakawati.voices import engine, make_voice, mbrola
from hakawati.voices.mbrola import Mbrola, make
from hakawati.voices.mbrola_score import DATABASES, score
from tests.goldens import build_here
from tests.support import write_book
from tests.voices import mbrola_packages

VOICES = ["ar1", "ar2"]
TEXT = "ذَهَبَ الْوَلَدُ إِلَى الْمَدْرَسَة، ثُمَّ عَادَ إِلَى الْبَيْت."


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program is on the path, its voices beside it; returns where `voices add` would put others."""
    monkeypatch.setenv("PATH", mbrola_packages.path())
    monkeypatch.setattr(mbrola, "_SHARE", tmp_path / "nothing")
    folder = tmp_path / "voices"
    monkeypatch.setattr(mbrola, "voices_folder", lambda: folder)
    return folder


def voice(lang: str = "ar", **options: object) -> Mbrola:
    made = make(lang, options, Path())
    assert isinstance(made, Mbrola)
    return made


def seconds(speech: Speech) -> float:
    return len(speech.pcm) / 2 / speech.rate


def loudness(speech: Speech, begin: float, end: float) -> float:
    """RMS between two moments, in samples."""
    samples = np.frombuffer(speech.pcm, np.int16).astype(float)[int(begin) : int(end)]
    return float(np.sqrt(np.mean(samples**2)))


@pytest.mark.parametrize("name", VOICES)
def test_a_text_is_spoken_with_the_onset_of_each_word(name: str) -> None:
    speech = voice(voice=name).speak(TEXT)
    assert [TEXT[offset:].split(maxsplit=1)[0].strip("،.") for offset, _ in speech.onsets] == [
        word.strip("،.") for word in TEXT.split()
    ]
    assert speech.rate == DATABASES[name].rate
    assert 3 < seconds(speech) < 7


@pytest.mark.parametrize("name", VOICES)
@pytest.mark.parametrize("word", ["مَات", "نَام", "لَام", "زَار", "دَار", "آب"])
def test_the_onsets_are_where_the_words_are_heard(name: str, word: str) -> None:
    """Each word is behind a pause, so that its beginning can be seen in the sound."""
    text = "، ".join([word] * 4)
    speech = voice(voice=name).speak(text)
    assert len(speech.onsets) == 4
    frame = speech.rate // 200
    samples = np.frombuffer(speech.pcm, np.int16).astype(float)
    levels = np.sqrt(np.mean(samples[: len(samples) // frame * frame].reshape(-1, frame) ** 2, axis=1))
    for _, told in speech.onsets:
        around = range(max(0, told // frame - 20), told // frame + 20)  # 100 ms
        heard = next(i for i in around if levels[i] > 0.08 * levels.max())
        assert abs(heard * frame - told) < 0.04 * speech.rate


@pytest.mark.parametrize("name", VOICES)
def test_the_lengths_of_the_phones_add_up_to_that_of_the_sound(name: str) -> None:
    text = " ".join([TEXT.replace("،", "").replace(".", "")] * 40)
    speech = voice(voice=name).speak(text)
    silent = loudness(speech, len(speech.pcm) / 2 - 0.04 * speech.rate, len(speech.pcm) / 2)
    assert silent < 100  # it ends with the silence that is asked for
    *_, (_, last) = speech.onsets
    assert 0.5 < seconds(speech) - last / speech.rate < 1


@pytest.mark.parametrize("name", VOICES)
def test_the_program_says_whatever_phones_follow_each_other(name: str, tmp_path: Path) -> None:
    """Every two of them, in a word, in two words, and with a pause between: no diphone is missing."""
    database = DATABASES[name]
    every = [Phone(symbol, long) for symbol in VOWELS for long in (False, True)]
    every += map(Phone, CONSONANTS)  # a doubled one is two
    for first in every:
        words = []
        for second in every:
            words += [(first, second), (Phone("sˤ"), first), (second, first), (first,), (Phone("a"), first)]
        phrases = [IntonationPhrase(tuple(SpokenWord(0, 1, word) for word in words), ",")]
        phrases += [IntonationPhrase((SpokenWord(0, 1, (first,)),), ".")] * 2
        lines = tmp_path / "all.pho"
        lines.write_text(score(phrases, Prosody(speed=2), database).text)
        base = mbrola_packages.database(name)
        done = subprocess.run(
            [mbrola_packages.PROGRAM, base, lines, tmp_path / "all.raw"], capture_output=True, check=False
        )
        assert (done.returncode, done.stdout + done.stderr) == (0, b""), first


@given(phones=st.lists(st.builds(Phone, st.sampled_from([*VOWELS, *CONSONANTS]), st.booleans()), min_size=1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_lines_last_as_long_as_the_score_says(phones: list[Phone]) -> None:
    for database in DATABASES.values():
        made = score([IntonationPhrase((SpokenWord(0, 1, tuple(phones)),), ".")] * 2, Prosody(), database)
        assert sum(int(line.split()[1]) for line in made.text.splitlines()) == made.ms
        assert [offset for offset, _ in made.onsets] == [0, 0]


@pytest.mark.parametrize(
    ("name", "text", "signs"),
    [
        ("ar2", "صَار", "s. a. r"),
        ("ar1", "صَار", "s. a. r"),
        ("ar1", "سَار", "s aa r"),
        ("ar2", "سَار", "s a r"),
        ("ar2", "رَدّ", "r a d d"),
        ("ar1", "أَب", "a b"),
        ("ar2", "أَب", "a b"),
        ("ar1", "رَأْس", "r a ? s"),
        ("ar1", "مَسْأَل", "m a s _ a l"),
        ("ar2", "مَسْأَل", "m a s ? a l"),
        ("ar1", "چَڤ", "t S a v"),
        ("ar2", "پَڤ", "b a f"),
    ],
)
def test_phones_are_given_in_the_signs_of_the_database(name: str, text: str, signs: str) -> None:
    from hakawati.arabic.phrases import phrases

    lines = score(phrases(text, str), Prosody(), DATABASES[name]).text.splitlines()
    assert " ".join(line.split()[0] for line in lines[1:-1]) == signs


def test_the_same_text_gives_the_same_sound() -> None:
    first = voice().speak(TEXT)
    voice().speak("شَيْءٌ آخَر")
    assert voice().speak(TEXT) == first


def test_the_voices_the_speeds_and_the_pitches_differ() -> None:
    kinds = [voice(), voice(voice="ar1"), voice(speed=0.8), voice(pitch=150)]
    sounds = [one.speak(TEXT) for one in kinds]
    assert len({one.pcm for one in sounds}) == len({one.key for one in kinds}) == 4
    assert seconds(sounds[2]) == pytest.approx(seconds(sounds[0]) / 0.8, rel=0.01)
    assert seconds(sounds[3]) == pytest.approx(seconds(sounds[0]), rel=0.01)


def test_foreign_words_are_said_in_arabic_sounds() -> None:
    text = "زَارَ Paris وَ NATO فِي 19"
    onsets = voice().speak(text).onsets
    assert [offset for offset, _ in onsets] == [text.index(word) for word in text.split()]


def test_a_long_sentence_is_spoken_whole() -> None:
    text = " ".join(["الْمَدْرَسَةُ"] * 500)
    speech = voice().speak(text)
    assert len(speech.onsets) == 500
    apart = {b - a for (_, a), (_, b) in itertools.pairwise(speech.onsets[5:-5])}
    assert max(apart) - min(apart) < 0.01 * speech.rate


def test_nothing_to_say_is_no_sound() -> None:
    assert voice().speak("…") == Speech(b"", 22_050, ())


@pytest.mark.parametrize("lang", ["ar", "ar-EG"])
def test_it_speaks_arabic(lang: str) -> None:
    assert voice(lang).credit == "MBROLA (ar2)"
    assert pickle.loads(pickle.dumps(voice(lang))) == voice(lang)
    assert voice(lang).where == "here"


@pytest.mark.parametrize(
    ("lang", "options", "message"),
    [
        ("en", {}, "mbrola speaks Arabic alone here, and “en” is another language"),
        ("ar", {"voice": "ar3"}, "mbrola has no voice “ar3”; did you mean “ar2”?"),
        ("ar", {"pitch": 20}, "mbrola's “pitch” goes from 60 to 250 Hz, and 20 does not"),
        ("ar", {"speed": 3.0}, "mbrola's “speed” goes from 0.5 to 2, and 3.0 does not"),
        ("ar", {"rate": 100}, "mbrola has no option “rate”; known here: pitch, speed, voice"),
    ],
)
def test_what_cannot_be_is_refused(lang: str, options: dict[str, object], message: str) -> None:
    with pytest.raises(VoiceError) as raised:
        voice(lang, **options)
    assert str(raised.value) == message


def test_without_the_program_it_says_what_to_type(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert engine("mbrola").ready().startswith("sudo apt install mbrola mbrola-ar2 (Debian: contrib and ")
    assert "macOS and Windows" in engine("mbrola").ready()
    with pytest.raises(VoiceUnavailableError, match="the engine “mbrola” is not installed") as raised:
        make_voice("ar", VoiceChoice("mbrola", {}, Place("book/book.yaml", 1)), Path())
    assert raised.value.hint == f"install it: {engine('mbrola').ready()}"
    with pytest.raises(VoiceUnavailableError, match="there is no program “mbrola” here"):
        voice()


def alone(folder: Path, monkeypatch: pytest.MonkeyPatch, program: Path = mbrola_packages.PROGRAM) -> Path:
    """Put a program where no voices are beside it, and return it."""
    (folder / "bin").mkdir()
    copied = Path(shutil.copy(program, folder / "bin" / "mbrola"))
    copied.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}{os.pathsep}{os.defpath}")
    return copied


def test_without_a_voice_it_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: Path
) -> None:
    alone(tmp_path, monkeypatch)
    assert engine("mbrola").ready() == "hakawati voices add ar2"
    (installed / "ar1").mkdir(parents=True)
    shutil.copy(mbrola_packages.database("ar1"), installed / "ar1" / "ar1")
    assert engine("mbrola").ready() == ""
    assert dict(engine("mbrola").voices()) == {"ar1": "Arabic, a man"}
    assert voice(voice="ar1").speak(TEXT).onsets
    with pytest.raises(VoiceUnavailableError, match="the voice “ar2” is not installed") as raised:
        voice()
    assert raised.value.hint == "hakawati voices add ar2; on Debian and Ubuntu: sudo apt install mbrola-ar2"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (
            "#!/bin/sh\necho 'Fatal error: cannot find a-b' >&2; exit 3",
            "“mbrola” ended with status 3: Fatal error",
        ),
        ("#!/bin/sh\nkill -9 $$", "“mbrola” was ended by SIGKILL"),
        ("#!/bin/sh\nexit 0", "“mbrola” wrote no sound"),
        ("#!/bin/sh\necho text > $3", "“mbrola” did not speak: what it answered is no sound"),
        ("#!/bin/sh\nsleep 1000", "“mbrola” took longer than 1 s"),
        ("\x7fELF nothing", "cannot be started"),
    ],
)
def test_a_program_that_is_broken_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: Path, script: str, message: str
) -> None:
    broken = tmp_path / "broken"
    broken.write_text(script)
    (installed / "ar2").mkdir(parents=True)
    (installed / "ar2" / "ar2").symlink_to(mbrola_packages.database("ar2"))
    alone(tmp_path, monkeypatch, broken)
    if "took longer" in message:
        monkeypatch.setattr(mbrola, "_SECONDS", 1)
    with pytest.raises(VoiceError) as raised:
        voice().speak(TEXT)
    assert message in str(raised.value)
    if "started" in message:
        assert raised.value.hint.startswith("install another: sudo apt install mbrola")


@pytest.mark.parametrize("which", [lambda v: v.program, lambda v: v.database])
def test_other_files_do_not_speak_under_the_same_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: Path, which: Callable[[Mbrola], Path]
) -> None:
    (installed / "ar2").mkdir(parents=True)
    shutil.copy(mbrola_packages.database("ar2"), installed / "ar2" / "ar2")
    alone(tmp_path, monkeypatch)
    made = voice()
    with which(made).open("ab") as file:
        file.write(b"more")
    assert voice().key != made.key
    with pytest.raises(VoiceUnavailableError, match="mbrola was changed while the book was made"):
        made.speak(TEXT)


def test_a_book_is_read_by_it(tmp_path: Path) -> None:
    project = write_book(
        tmp_path / "book",
        {
            "book.yaml": "title: كتاب\nlanguages: [ar]\nvoices: {ar: {engine: mbrola, speed: 0.9}}\n",
            "ar/01-one.md": "# عنوان\n\nقال الولد: «هل جاء أبي؟» ثم نام في بيته.\n",
        },
    )
    (chapter,) = build_here(project).chapters
    assert chapter.clips_made >= 2
    assert chapter.duration > 3
