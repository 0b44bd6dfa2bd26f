from __future__ import annotations

import ctypes
import hashlib
import os
import pickle
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import espeakng_loader
import pytest

from hakawati.model import Speech, VoiceError
from hakawati.voices import espeak
from hakawati.voices.espeak import Espeak, make, voices

ROOT = Path(__file__).parents[2]
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
ARABIC = "قَالَ الرَّجُلُ، إِنَّ 1944 وَ Eisenhower 😀 نَعَمْ."
ENGLISH = "Hello, the world in 1944 is very nice."


def words_at_marks(speech: Speech, text: str) -> list[str]:
    """For every mark, the word of the text that it points into."""
    found = []
    for offset, _ in speech.onsets:
        begin = text.rfind(" ", 0, offset) + 1
        end = text.find(" ", offset)
        found.append(text[begin : end if end >= 0 else len(text)])
    return found


# the same text, the same sound


@pytest.mark.parametrize(("voice", "text"), [("ar", ARABIC), ("en-us", ENGLISH), ("en-us+whisper", ENGLISH)])
def test_the_same_text_sounds_the_same_again_and_after_others(voice: str, text: str) -> None:
    speaker = Espeak(voice)
    first = speaker.speak(text)
    assert speaker.speak(text) == first
    Espeak("en-us", 300, 90).speak("Something else, in another voice!")
    Espeak("ar").speak("شَيْءٌ آخَر")
    assert speaker.speak(text) == first
    assert len(first.pcm) > first.rate  # half a second at least


SCRIPT = """
import hashlib, os, sys
fork, others = sys.argv[1] == "fork", sys.argv[2] == "others"
if not fork and hasattr(os, "fork"):
    del os.fork
from hakawati.voices.espeak import Espeak, make, voices
if others:
    voices()
    Espeak("en-us+f3", 250, 80).speak("Something else, in another voice!")
for voice, text in zip(sys.argv[3::2], sys.argv[4::2]):
    for _ in range(2):
        speech = make("ar", {"voice": voice}).speak(text)
        print(hashlib.sha256(speech.pcm + repr(speech.onsets).encode()).hexdigest())
"""


@pytest.mark.parametrize("others", ["others", "alone"])
@pytest.mark.parametrize("way", [pytest.param("fork", marks=forks), "fresh library"])
def test_every_process_gives_the_same_bytes_by_a_fork_and_by_a_fresh_library(way: str, others: str) -> None:
    said = ["ar", ARABIC, "en-us", ENGLISH, "ar", "نَعَم"]
    run = [sys.executable, "-c", SCRIPT, way, others, *said]
    out = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    expected = []
    for voice, text in zip(said[::2], said[1::2], strict=True):
        speech = Espeak(voice).speak(text)
        expected += [hashlib.sha256(speech.pcm + repr(speech.onsets).encode()).hexdigest()] * 2
    assert out == expected


@pytest.fixture
def own_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library beside the one that this process has, and no fork."""
    copy = tmp_path / "libespeak-ng.copy"
    shutil.copy(espeakng_loader.get_library_path(), copy)
    monkeypatch.setattr(espeakng_loader, "get_library_path", lambda: str(copy))
    monkeypatch.delattr(os, "fork", raising=False)


@forks
@pytest.mark.parametrize(("voice", "text"), [("ar", ARABIC), ("en-us", ENGLISH)])
def test_without_a_fork_the_sound_is_the_same(voice: str, text: str, request: pytest.FixtureRequest) -> None:
    forked = Espeak(voice).speak(text)
    request.getfixturevalue("own_library")
    assert Espeak(voice).speak(text) == forked
    assert Espeak(voice).speak(text) == forked


def test_a_library_loaded_for_once_is_closed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = []

    class Library(ctypes.CDLL):
        def __init__(self) -> None:  # the real one may be in use
            super().__init__(None)
            self.espeak_Terminate = lambda: ended.append("terminated")

    monkeypatch.delattr(os, "fork", raising=False)
    monkeypatch.setattr(espeak, "_load", lambda: (Library(), 22050))
    monkeypatch.setattr("_ctypes.dlclose", lambda _: ended.append("closed"), raising=False)
    with pytest.raises(ZeroDivisionError), espeak._library():
        raise ZeroDivisionError
    assert ended == ["terminated", "closed"]


def test_a_library_that_does_not_start_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    class Library:
        def __init__(self, path: str) -> None:
            assert path

        def espeak_Initialize(self, *_: object) -> int:  # noqa: N802
            return -1

    monkeypatch.setattr(ctypes, "CDLL", Library)
    with pytest.raises(VoiceError, match="eSpeak NG does not start; install Hakawati anew"):
        espeak._load()


def test_rate_and_pitch_are_heard() -> None:
    plain = Espeak("ar").speak("قَالَ نَعَمْ")
    fast = Espeak("ar", rate=320).speak("قَالَ نَعَمْ")
    high = Espeak("ar", pitch=90).speak("قَالَ نَعَمْ")
    assert len(fast.pcm) < 0.8 * len(plain.pcm)
    assert high.pcm != plain.pcm
    assert Espeak("ar+f3").speak("قَالَ نَعَمْ").pcm != plain.pcm


def test_a_voice_can_be_sent_to_a_worker() -> None:
    voice = make("ar", {"voice": "ar+f3", "rate": 140})
    copy = pickle.loads(pickle.dumps(voice))
    assert copy == voice
    assert copy.speak("نَعَم") == voice.speak("نَعَم")


def test_a_key_tells_every_setting_and_the_version() -> None:
    kinds = [Espeak("ar"), Espeak("ar+f3"), Espeak("en-us"), Espeak("ar", 120), Espeak("ar", 160, 40)]
    assert len({voice.key for voice in kinds}) == len(kinds)
    assert Espeak("ar").key.startswith("espeak 0.")
    assert Espeak("ar").credit == "eSpeak NG (ar)"


# marks


@pytest.mark.parametrize(
    ("voice", "text"),
    [
        ("en-us", "Hello the wide world"),
        ("en-us", "Hello, the (wide) “world”!"),
        ("en-us", "😀 Hello wide world"),
        ("ar", "قَالَ الرَّجُلُ نَعَمْ"),
        ("ar", "وَبِالْبَيْتِ هَذَا النَّازِيِّينَ وَالَّتِي كَتَبُوا لِلِانْتِقَامِ ثُمَّ"),
        ("ar", "قَالَ 1944 ثُمَّ 600 مِيلٍ"),
        ("ar", "قَالَ Eisenhower ثُمَّ London"),
    ],
)
def test_every_word_has_a_mark_in_order(voice: str, text: str) -> None:
    speech = Espeak(voice).speak(text)
    assert list(dict.fromkeys(words_at_marks(speech, text))) == text.split()
    samples = [sample for _, sample in speech.onsets]
    assert samples == sorted(samples)
    assert 0 <= samples[0] <= samples[-1] < len(speech.pcm) // 2


def test_a_number_may_have_several_marks_and_all_point_into_it() -> None:
    speech = Espeak("ar").speak("عَامَ 1944 ثُمَّ")
    pointed = words_at_marks(speech, "عَامَ 1944 ثُمَّ")
    assert pointed.count("1944") > 1
    assert set(pointed) == {"عَامَ", "1944", "ثُمَّ"}


def test_arabic_and_european_digits_are_read_alike() -> None:
    assert Espeak("ar").speak("عَامَ ١٩٤٤").pcm == Espeak("ar").speak("عَامَ 1944").pcm


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "...", "😀", "👨‍👩‍👧", "\u200f", "١٢٣", "ﷺ", "<b>&amp;</b>", "[[h@l]]", "<speak>", "%s%n",
        "e\u0301", "\ufffd", "漢字", "ـــ", "\u064e", "a" * 5000, "قَالَ " * 2000,
    ],
)  # fmt: skip
def test_odd_text_is_spoken_or_not_but_breaks_nothing(text: str) -> None:
    speech = Espeak("ar").speak(text)
    assert speech.rate == 22050
    assert len(speech.pcm) % 2 == 0
    assert all(0 <= offset <= len(text) for offset, _ in speech.onsets)


# options


@pytest.mark.parametrize(
    ("lang", "options", "voice"),
    [
        ("ar", {}, Espeak("ar", 160, 50)),
        ("en", {}, Espeak("en")),
        ("ar-EG", {}, Espeak("ar")),
        ("pt-BR", {}, Espeak("pt-br")),
        ("en-US", {}, Espeak("en-us")),
        ("zh-Hant-TW", {}, Espeak("zh")),
        ("ar", {"voice": "en-gb+f3"}, Espeak("en-gb+f3")),
        ("ar", {"rate": 80, "pitch": 0}, Espeak("ar", 80, 0)),
        ("ar", {"rate": 450, "pitch": 99}, Espeak("ar", 450, 99)),
        ("ar", {"voice": "ar+Mr serious"}, Espeak("ar+Mr serious")),
    ],
)
def test_options_make_a_voice_and_what_is_not_given_follows_the_language(
    lang: str, options: dict[str, object], voice: Espeak
) -> None:
    assert make(lang, options) == voice


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sped": 1}, "espeak has no option “sped”; "),
        ({"voices": "ar"}, "espeak has no option “voices”; did you mean “voice”?"),
        ({"rate": "fast"}, "espeak's “rate” should be a whole number, not “fast”"),
        ({"rate": 1.5}, "espeak's “rate” should be a whole number, not “1.5”"),
        ({"pitch": True}, "espeak's “pitch” should be a whole number, not “True”"),
        ({"voice": 7}, "espeak's “voice” should be text, not “7”"),
        ({"rate": 79}, "espeak's “rate” goes from 80 to 450 words a minute, and 79 does not"),
        ({"rate": 451}, "espeak's “rate” goes from 80 to 450 words a minute, and 451 does not"),
        ({"pitch": -1}, "espeak's “pitch” goes from 0 to 99, and -1 does not"),
        ({"pitch": 100}, "espeak's “pitch” goes from 0 to 99, and 100 does not"),
        ({"voice": "en-uk"}, "espeak has no voice “en-uk”; did you mean “en-us”?"),
        ({"voice": ""}, "espeak has no voice “”; known here: af, am, an, ar, "),
        ({"voice": "ar+whispr"}, "espeak has no variant “whispr”; did you mean “whisper”?"),
        ({"voice": "ar+"}, "espeak has no variant “”; known here: "),
    ],
)
def test_an_option_that_cannot_be_is_refused_with_a_hint(options: dict[str, object], message: str) -> None:
    with pytest.raises(VoiceError) as caught:
        make("ar", options)
    assert str(caught.value).startswith(message)


def test_a_language_that_no_voice_speaks_is_refused() -> None:
    with pytest.raises(VoiceError, match="espeak has no voice “xx”"):
        make("xx-YY", {})


def test_every_voice_that_is_listed_speaks() -> None:
    assert len(voices()) > 100
    assert list(voices()) == sorted(voices())
    assert voices()["en"] == voices()["en-gb"] == "English (Great Britain)"
    for tag in [*list(voices())[::12], "en", "en-gb", "fr", "fr-fr", "no", "zh", "es-mx", "pt-pt"]:
        assert len(Espeak(tag).speak("a 1").pcm) > 2000, tag


# what goes wrong


@forks
def test_a_child_that_is_killed_is_an_error_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "_synthesise", lambda *_: os.kill(os.getpid(), 9))
    with pytest.raises(VoiceError, match=r"eSpeak NG broke off \(signal 9\) at “a word”"):
        Espeak("en-us").speak("a word")


@forks
def test_a_child_that_fails_is_an_error_that_says_so_and_no_second_process_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(espeak, "_synthesise", fail)
    with pytest.raises(VoiceError, match=r"eSpeak NG broke off \(status 1\)"):
        Espeak("en-us").speak("a word")
    (tmp_path / str(os.getpid())).touch()
    assert len(list(tmp_path.iterdir())) == 1


def test_text_that_is_no_unicode_is_an_error() -> None:
    with pytest.raises(VoiceError, match="broke off"):
        Espeak("ar").speak("\ud800")


def test_a_voice_that_the_library_cannot_load_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Library:
        def __getattr__(self, name: str) -> object:
            return lambda *_: 1

    with pytest.raises(VoiceError, match="eSpeak NG cannot load its voice “sem/ar”"):
        espeak._synthesise(Library(), 22050, Espeak("ar"), "sem/ar", "text")  # type: ignore[arg-type]


def test_a_voice_made_by_hand_is_checked_when_it_speaks() -> None:
    with pytest.raises(VoiceError, match="espeak has no voice “nowhere”"):
        Espeak("nowhere").speak("text")


@forks
def test_many_sentences_leave_no_process_and_no_file_open() -> None:
    files = Path("/proc/self/fd")
    before = sum(1 for _ in files.iterdir()) if files.exists() else 0
    for i in range(50):
        Espeak("en-us").speak(f"word {i}")
    if before:
        assert sum(1 for _ in files.iterdir()) == before
    with suppress(ChildProcessError):
        assert os.waitpid(-1, os.WNOHANG) == (0, 0)
