from __future__ import annotations

import ctypes
import hashlib
import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import espeakng_loader
import pytest

from hakawati.model import Speech, VoiceError
from hakawati.voices import espeak, espeak_library
from hakawati.voices.espeak import Espeak, make, voices
from hakawati.voices.espeak_speaker import Speaker
from tests.building import soon
from tests.support import PATIENCE

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
from pathlib import Path
from hakawati.voices.espeak import Espeak, make, voices
if others:
    voices()
    Espeak("en-us+f3", 250, 80).speak("Something else, in another voice!")
for voice, text in zip(sys.argv[3::2], sys.argv[4::2]):
    for _ in range(2):
        speech = make("ar", {"voice": voice}, Path()).speak(text)
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
        speech = make("ar", {"voice": voice}, Path()).speak(text)
        expected += [hashlib.sha256(speech.pcm + repr(speech.onsets).encode()).hexdigest()] * 2
    assert out == expected


FRESH = """
import hashlib, sys
from hakawati.voices.espeak_library import newly_loaded, synthesise
for file, text in zip(sys.argv[1::2], sys.argv[2::2]):
    with newly_loaded() as (library, rate):
        pcm, rate, marks = synthesise(library, rate, file, 160, 50, text, False)
    print(hashlib.sha256(bytes(pcm) + repr((rate, marks)).encode()).hexdigest())
"""


@forks
def test_the_speaker_gives_the_bytes_of_a_library_that_is_newly_loaded() -> None:
    said = ["sem/ar", ARABIC, "gmw/en-US", ENGLISH, "gmw/en-US+whisper", ENGLISH, "sem/ar", "نَعَم"]
    run = [sys.executable, "-c", FRESH, *said]
    fresh = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    spoken = []
    with speaking() as speaker:
        for file, text in zip(said[::2], said[1::2], strict=True):
            sound = speaker.say((file, 160, 50, text, False))
            assert sound is not None
            pcm, rate, marks = sound
            spoken.append(hashlib.sha256(bytes(pcm) + repr((rate, marks)).encode()).hexdigest())
    assert spoken == fresh
    assert len(set(spoken)) == 4


@pytest.fixture
def own_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library beside the one that this process has, and no fork."""
    copy = tmp_path / "libespeak-ng.copy"
    shutil.copy(espeakng_loader.get_library_path(), copy)
    voices()  # which are asked of the library that is there
    monkeypatch.setattr(espeakng_loader, "get_library_path", lambda: str(copy))
    monkeypatch.setattr(espeak, "_FORKS", False)


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

    monkeypatch.setattr(espeak_library, "_load", lambda: (Library(), 22050))
    monkeypatch.setattr("_ctypes.dlclose", lambda _: ended.append("closed"), raising=False)
    with pytest.raises(ZeroDivisionError), espeak_library.newly_loaded():
        raise ZeroDivisionError
    assert ended == ["terminated", "closed"]


def test_a_library_that_does_not_start_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    class Library:
        def __init__(self, path: str) -> None:
            assert path

        def espeak_Initialize(self, *_: object) -> int:  # noqa: N802
            return -1

    monkeypatch.setattr(ctypes, "CDLL", Library)
    with (
        pytest.raises(VoiceError, match="eSpeak NG does not start; reinstall Hakawati"),
        espeak_library.newly_loaded(),
    ):
        raise AssertionError("it has not started")


def test_rate_and_pitch_are_heard() -> None:
    plain = Espeak("ar").speak("قَالَ نَعَمْ")
    fast = Espeak("ar", rate=320).speak("قَالَ نَعَمْ")
    high = Espeak("ar", pitch=90).speak("قَالَ نَعَمْ")
    assert len(fast.pcm) < 0.8 * len(plain.pcm)
    assert high.pcm != plain.pcm
    assert Espeak("ar+f3").speak("قَالَ نَعَمْ").pcm != plain.pcm


def test_a_voice_can_be_sent_to_a_worker() -> None:
    voice = make("ar", {"voice": "ar+f3", "rate": 140}, Path())
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
        ("ar", {}, Espeak("ar", 130, 50)),
        ("en", {}, Espeak("en")),
        ("ar-EG", {}, Espeak("ar", 130)),
        ("pt-BR", {}, Espeak("pt-br")),
        ("en-US", {}, Espeak("en-us")),
        ("zh-Hant-TW", {}, Espeak("zh")),
        ("ar", {"voice": "en-gb+f3"}, Espeak("en-gb+f3")),
        ("ar", {"rate": 80, "pitch": 0}, Espeak("ar", 80, 0)),
        ("ar", {"rate": 450, "pitch": 99}, Espeak("ar", 450, 99)),
        ("ar", {"voice": "ar+Mr serious"}, Espeak("ar+Mr serious", 130)),
    ],
)
def test_options_make_a_voice_and_what_is_not_given_follows_the_language(
    lang: str, options: dict[str, object], voice: Espeak
) -> None:
    assert make(lang, options, Path()) == voice


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
        ({"voice": ""}, "espeak's “voice” is empty"),
        ({"voice": "ar+whispr"}, "espeak has no variant “whispr”; did you mean “whisper”?"),
        ({"voice": "ar+"}, "espeak has no variant “”; known here: "),
    ],
)
def test_an_option_that_cannot_be_is_refused_with_a_hint(options: dict[str, object], message: str) -> None:
    with pytest.raises(VoiceError) as caught:
        make("ar", options, Path())
    assert str(caught.value).startswith(message)


def test_a_language_that_no_voice_speaks_is_refused() -> None:
    with pytest.raises(VoiceError, match="espeak has no voice “xx”"):
        make("xx-YY", {}, Path())


def test_every_voice_that_is_listed_speaks() -> None:
    assert len(voices()) > 100
    assert list(voices()) == sorted(voices())
    assert voices()["en"] == voices()["en-gb"] == "English (Great Britain)"
    for tag in [*list(voices())[::12], "en", "en-gb", "fr", "fr-fr", "no", "zh", "es-mx", "pt-pt"]:
        assert len(Espeak(tag).speak("a 1").pcm) > 2000, tag


# what goes wrong

LONG = "a great many words, " * 40_000
"""Some ten seconds of work, and hours of speech."""
REQUEST = ("gmw/en-US", 160, 50, LONG, False)


@contextmanager
def speaking() -> Iterator[Speaker]:
    """A speaker of one's own."""
    speaker = Speaker()
    try:
        yield speaker
    finally:
        speaker.close()


def children(pid: int) -> list[int]:
    told = subprocess.run(
        ["ps", "-o", "pid=,stat=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(pid) for pid, state in map(str.split, told.stdout.splitlines()) if state[0] != "Z"]


def group(leader: int) -> list[int]:
    """The processes of a group that have not ended."""
    told = subprocess.run(
        ["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True, check=False
    ).stdout
    found = [line.split() for line in told.splitlines()]
    return [int(pid) for pid, pgid, state in found if int(pgid) == leader and state[0] != "Z"]


def running(pid: int) -> bool:
    """Whether a process is there; one that has ended and was not yet asked for its status is not."""
    told = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return told.stdout.strip()[:1] not in ("", "Z")


def at_work(pid: int) -> bool:
    """Whether a process has had a second of a processor."""
    told = subprocess.run(["ps", "-o", "time=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(set(told.stdout) & set("123456789"))


@contextmanager
def long_text_being_spoken() -> Iterator[tuple[Future[Speech], Speaker, int]]:
    """What will come of it; this process's speaker; and its child that is at work."""
    Espeak("en-us").speak("a word")
    speaker = espeak._speaker()
    with ThreadPoolExecutor(1) as threads:
        future = threads.submit(Espeak("en-us").speak, LONG)
        # One that was only just forked may still hold its parent's signals back.
        assert soon(lambda: any(map(at_work, children(speaker.pid))))
        (child,) = children(speaker.pid)
        yield future, speaker, child


@forks
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_child_that_is_killed_is_an_error_that_says_so_and_the_next_text_is_spoken(number: int) -> None:
    expected = Espeak("en-us").speak(ENGLISH)
    with long_text_being_spoken() as (future, speaker, child):
        os.kill(child, number)
        with pytest.raises(VoiceError) as raised:
            future.result(PATIENCE)
    assert str(raised.value) == f"eSpeak NG broke off (signal {int(number)}) at “{LONG[:80]}”"
    assert soon(lambda: not running(speaker.pid))
    assert speaker.closed
    assert Espeak("en-us").speak(ENGLISH) == expected
    assert espeak._speaker() is not speaker


@forks
def test_a_speaker_that_is_killed_with_its_child_is_an_error_that_says_so() -> None:
    expected = Espeak("en-us").speak(ENGLISH)
    with long_text_being_spoken() as (future, speaker, child):
        os.kill(speaker.pid, signal.SIGKILL)
        os.kill(child, signal.SIGKILL)
        with pytest.raises(VoiceError, match=r"eSpeak NG broke off \(signal 9\) at “a great many"):
            future.result(PATIENCE)
    assert Espeak("en-us").speak(ENGLISH) == expected
    assert espeak._speaker() is not speaker


@forks
def test_a_speaker_that_was_killed_between_two_texts_is_replaced_and_nobody_notices() -> None:
    expected = Espeak("en-us").speak(ENGLISH)
    for _ in range(3):
        speaker = espeak._speaker()
        os.kill(speaker.pid, signal.SIGKILL)
        assert soon(lambda pid=speaker.pid: not running(pid))  # type: ignore[misc]
        assert Espeak("en-us").speak(ENGLISH) == expected
        assert speaker.closed
        assert espeak._speaker() is not speaker


@forks
def test_a_child_that_fails_is_an_error_that_says_so_and_no_second_process_goes_on() -> None:
    with speaking() as speaker:
        with pytest.raises(VoiceError, match=r"eSpeak NG broke off \(status 1\) at “a word”"):
            speaker.say(("no/such", 160, 50, "a word", False))
        assert not running(speaker.pid)
        assert children(speaker.pid) == []
        assert speaker.say(("gmw/en-US", 160, 50, "a word", False)) is None


@forks
def test_a_speaker_whose_text_was_interrupted_never_gives_its_sound_for_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(*_: object) -> bytes:
        raise KeyboardInterrupt

    with speaking() as speaker:
        assert group(speaker.pid) == [speaker.pid]
        monkeypatch.setattr(speaker, "_read", interrupt)
        with pytest.raises(KeyboardInterrupt):
            speaker.say(REQUEST)
        monkeypatch.undo()
        assert speaker.say(("gmw/en-US", 160, 50, "a word", False)) is None
        assert not running(speaker.pid)
        assert soon(lambda: not group(speaker.pid))


PARENT = """
import sys, threading, time
from hakawati.voices import espeak
espeak.Espeak("en-us").speak("a word")
if sys.argv[1] == "speaking":
    threading.Thread(target=espeak.Espeak("en-us").speak, args=("a great many words, " * 40_000,)).start()
print(espeak._speaker().pid, flush=True)
time.sleep(600)
"""


@forks
@pytest.mark.parametrize("doing", ["waiting", "speaking"])
def test_a_speaker_does_not_outlive_a_parent_that_is_killed(doing: str) -> None:
    command = [sys.executable, "-c", PARENT, doing]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        speaker = int(parent.stdout.readline())
        assert running(speaker)
        assert doing == "waiting" or soon(lambda: children(speaker))
        family = [speaker, *children(speaker)]
        parent.kill()
    assert soon(lambda: not any(map(running, family)))


@forks
def test_a_speaker_leaves_an_interrupt_to_its_parent() -> None:
    with speaking() as speaker:
        first = speaker.say(("gmw/en-US", 160, 50, "a word", False))
        os.kill(speaker.pid, signal.SIGINT)
        assert os.getpgid(speaker.pid) != os.getpgid(0)
        assert speaker.say(("gmw/en-US", 160, 50, "a word", False)) == first


@forks
def test_a_speaker_is_found_whatever_stands_in_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pickle.py", "struct.py", "hakawati.py"):
        (tmp_path / name).write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    with speaking() as speaker:
        assert speaker.say(("gmw/en-US", 160, 50, "a word", False)) is not None


@forks
def test_threads_can_speak_at_once_and_each_gets_its_own() -> None:
    texts = [f"sentence number {i}" for i in range(24)]
    expected = [Espeak("en-us").speak(text) for text in texts]
    espeak._speaker().close()
    with ThreadPoolExecutor(4) as threads:  # which need a new speaker, all at once
        assert list(threads.map(Espeak("en-us").speak, texts)) == expected
        speaker = espeak._speaker().pid
        os.kill(speaker, signal.SIGKILL)
        assert soon(lambda: not running(speaker))
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(Espeak("en-us").speak, texts)) == expected
    assert len([pid for pid in children(os.getpid()) if "espeak_speaker" in command_of(pid)]) == 1


def command_of(pid: int) -> str:
    command = ["ps", "-ww", "-o", "args=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@forks
def test_a_fork_of_this_process_has_a_speaker_of_its_own() -> None:
    expected = Espeak("en-us").speak(ENGLISH)
    speaker = espeak._speaker().pid
    child = os.fork()
    if child == 0:
        try:
            same = Espeak("en-us").speak(ENGLISH) == expected and espeak._speaker().pid != speaker
            espeak._speaker().close()
            os._exit(0 if same else 1)
        finally:
            os._exit(2)
    assert Espeak("en-us").speak(ENGLISH) == expected
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert espeak._speaker().pid == speaker


def test_text_that_is_no_unicode_is_an_error() -> None:
    with pytest.raises(VoiceError, match="broke off"):
        Espeak("ar").speak("\ud800")


def test_a_voice_that_the_library_cannot_load_is_an_error() -> None:
    class Library:
        def __getattr__(self, name: str) -> object:
            return lambda *_: 1

    with pytest.raises(VoiceError, match="eSpeak NG cannot load its voice “sem/ar”"):
        espeak_library.synthesise(Library(), 22050, "sem/ar", 160, 50, "text", False)  # type: ignore[arg-type]


def test_a_voice_made_by_hand_is_checked_when_it_speaks() -> None:
    with pytest.raises(VoiceError, match="espeak has no voice “nowhere”"):
        Espeak("nowhere").speak("text")


@forks
def test_many_sentences_leave_no_process_and_no_file_open() -> None:
    files = Path("/proc/self/fd")

    def opened() -> int:
        return sum(1 for _ in files.iterdir()) if files.exists() else 0

    Espeak("en-us").speak("a word")
    before, speaker = opened(), espeak._speaker()
    for i in range(50):
        Espeak("en-us").speak(f"word {i}")
    assert opened() == before
    assert espeak._speaker() is speaker
    assert soon(lambda: children(speaker.pid) == [])
    for _ in range(5):
        with suppress(VoiceError):
            Espeak("en-us").speak("\ud800")  # which ends the speaker
    Espeak("en-us").speak("a word")
    assert opened() == before
    espeak._speaker().close()
    assert opened() <= before - 2
    with suppress(ChildProcessError):
        assert os.waitpid(-1, os.WNOHANG) == (0, 0)
