from __future__ import annotations

import json
import os
import pickle
import sys
import tempfile
import time
from pathlib import Path

import pytest

from hakawati.model import Speech, VoiceError, VoiceUnavailableError
from hakawati.source.sentences import words
from hakawati.voices.command import ENGINE, Command, make
from hakawati.voices.espeak import Espeak
from tests.building import soon
from tests.support import PATIENCE

TEXT = "The teller of tales came into the town at night."
SPEAK = """
import io, sys
import numpy as np, soundfile, soxr
from hakawati.voices.espeak import Espeak

def sound(text, rate=22050, channels=1, kind="WAV"):
    said = Espeak("en-us").speak(text)
    samples = soxr.resample(np.frombuffer(said.pcm, np.int16) / 32768, said.rate, rate)
    file = io.BytesIO()
    soundfile.write(file, np.repeat(samples[:, None], channels, axis=1), rate, format=kind)
    return file.getvalue()
"""
BEEP = """
import io, sys, wave
def beep(rate=8000):
    file = io.BytesIO()
    with wave.open(file, "wb") as w:
        w.setparams((1, 2, rate, 0, "NONE", ""))
        w.writeframes(bytes([0, 32, 0, 224]) * rate)
    return file.getvalue()
"""


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made; nothing may be left there."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def script(project: Path, code: str, name: str = "say.py") -> str:
    """A program in the project's folder, as it is named in `run`."""
    project.mkdir(exist_ok=True)
    file = project / name
    file.write_text(f"#!{sys.executable}\n{code}", encoding="utf-8")
    file.chmod(0o755)
    return f"./{name}"


def voice(project: Path, *run: str, **options: object) -> Command:
    made = make("en", {"run": list(run), **options}, project)
    assert isinstance(made, Command)
    return made


def refused(project: Path, code: str, *arguments: str, **options: object) -> str:
    """Why a program is of no use."""
    with pytest.raises(VoiceError) as raised:
        voice(project, script(project, code), *arguments, **options).speak(TEXT)
    return str(raised.value)


def gone(marker: str) -> bool:
    """Whether no process has this among its arguments, soon: one that is killed takes a moment to go."""
    return soon(lambda: not _running(marker))


def _running(marker: str) -> bool:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if marker.encode() in (process / "cmdline").read_bytes():
                return True
        except OSError:
            continue
    return False


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000])
def test_a_program_that_writes_a_file_is_heard_with_its_words(
    tmp_path: Path, rate: int, channels: int
) -> None:
    code = f"{SPEAK}\nopen(sys.argv[1], 'wb').write(sound(sys.argv[2], {rate}, {channels}))"
    said = voice(tmp_path, script(tmp_path, code), "{wav}", "{text}").speak(TEXT)
    own = Espeak("en-us").speak(TEXT)
    assert said.rate == rate
    assert len(said.pcm) / 2 / rate == pytest.approx(len(own.pcm) / 2 / own.rate, abs=0.001)
    assert [offset for offset, _ in said.onsets] == [offset for offset, _ in own.onsets]
    for (_, heard), (_, true) in zip(said.onsets, own.onsets, strict=True):
        assert heard / rate == pytest.approx(true / own.rate, abs=0.05)


def test_a_program_without_placeholders_reads_a_line_and_its_output_is_the_sound(tmp_path: Path) -> None:
    code = f"{SPEAK}\nline = sys.stdin.buffer.read().decode()\nassert line.endswith('night.\\n'), line\n"
    code += "sys.stdout.buffer.write(sound(line.strip()))"
    said = voice(tmp_path, script(tmp_path, code)).speak(TEXT)
    assert [offset for offset, _ in said.onsets] == [w.begin for w in words(TEXT)]


@pytest.mark.parametrize("kind", ["FLAC", "OGG", "MP3", "AIFF"])
def test_any_format_that_can_be_read_will_do(tmp_path: Path, kind: str) -> None:
    code = f"{SPEAK}\nsys.stdout.buffer.write(sound(sys.stdin.read(), 24000, 1, {kind!r}))"
    assert voice(tmp_path, script(tmp_path, code)).speak(TEXT).rate == 24_000


def test_a_sound_whose_length_was_not_known_when_it_began_is_read_to_its_end(tmp_path: Path) -> None:
    code = f"{BEEP}\nb = beep(); unknown = bytes([255, 255, 255, 255])\n"
    code += "sys.stdout.buffer.write(b[:4] + unknown + b[8:40] + unknown + b[44:])"
    assert len(voice(tmp_path, script(tmp_path, code)).speak(TEXT).pcm) == 32_000


def test_arguments_arrive_as_they_are(tmp_path: Path) -> None:
    code = f"{BEEP}\nimport json\njson.dump(sys.argv[1:], open('told', 'w'))\n"
    code += "open(sys.argv[-1][6:], 'wb').write(beep())"
    run = [
        "-v",
        "$HOME; echo `ls`",
        "{text}",
        "--text={text}!",
        "{lang}/{lang}",
        "{",
        "{}",
        "{a b}",
        "--out={wav}",
    ]
    text = "-n “قال” {wav} {nothing} $(id) \"'"
    said = voice(tmp_path, script(tmp_path, code), *run).speak(text)
    assert said.rate == 8_000
    *given, wav = json.loads((tmp_path / "told").read_text())
    assert given == ["-v", "$HOME; echo `ls`", text, f"--text={text}!", "en/en", "{", "{}", "{a b}"]
    assert wav.startswith(f"--out={tempfile.gettempdir()}/")


def test_standard_input_is_empty_where_the_text_is_an_argument(tmp_path: Path) -> None:
    code = f"{BEEP}\nassert sys.stdin.read() == ''\nsys.stdout.buffer.write(beep())"
    assert voice(tmp_path, script(tmp_path, code), "{text}").speak(TEXT).pcm


def test_a_long_text_that_nobody_reads_blocks_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # eSpeak would take a minute for it.
    monkeypatch.setattr("hakawati.voices.command.timed", lambda pcm, rate, *_: Speech(pcm, rate, ()))
    code = f"{BEEP}\nsys.stdout.buffer.write(beep())"
    assert voice(tmp_path, script(tmp_path, code)).speak("word " * 100_000).pcm


def test_a_text_that_is_too_long_for_an_argument_is_refused(tmp_path: Path) -> None:
    program = script(tmp_path, BEEP)
    with pytest.raises(VoiceError, match="the text is too long for the command line"):
        voice(tmp_path, program, "{text}").speak("word " * 1_000_000)


def test_nothing_is_left_behind(tmp_path: Path, scratch: Path) -> None:
    litter = "import os\nopen(os.path.join(os.path.dirname(sys.argv[1]), 'litter'), 'w').write('x')\n"
    code = f"{BEEP}\n{litter}open(sys.argv[1], 'wb').write(beep())"
    voice(tmp_path, script(tmp_path, code), "{wav}").speak(TEXT)
    refused(tmp_path, f"{BEEP}\n{litter}sys.exit(1)", "{wav}")
    assert list(scratch.iterdir()) == []


def test_the_folder_of_the_sound_is_private(tmp_path: Path) -> None:
    code = f"{BEEP}\nimport os\nassert os.stat(os.path.dirname(sys.argv[1])).st_mode & 0o77 == 0\n"
    code += "open(sys.argv[1], 'wb').write(beep())"
    assert voice(tmp_path, script(tmp_path, code), "{wav}").speak(TEXT).pcm


def test_a_program_that_takes_too_long_is_ended_with_its_children(tmp_path: Path, scratch: Path) -> None:
    marker = f"sleeper-{os.getpid()}-{tmp_path.name}"
    sleep = f"[sys.executable, '-c', 'import time; time.sleep(600)', {marker!r}]"
    code = f"import subprocess, sys\nsubprocess.run({sleep})"
    begin = time.monotonic()
    assert refused(tmp_path, code, seconds=1) == "“say.py” took longer than 1 s"
    assert time.monotonic() - begin < PATIENCE
    assert gone(marker)
    assert list(scratch.iterdir()) == []


def test_a_child_that_a_program_leaves_behind_is_not_waited_for(tmp_path: Path) -> None:
    marker = f"left-{os.getpid()}-{tmp_path.name}"
    sleep = f"[sys.executable, '-c', 'import time; time.sleep(600)', {marker!r}]"
    code = f"{BEEP}\nimport subprocess\nsubprocess.Popen({sleep})\nsys.stdout.buffer.write(beep())"
    begin = time.monotonic()
    assert voice(tmp_path, script(tmp_path, code)).speak(TEXT).pcm
    assert time.monotonic() - begin < PATIENCE
    assert gone(marker)


def test_a_program_that_fails_is_quoted(tmp_path: Path) -> None:
    lines = ["first", "second", "no model", "\x1b[31mat\x07 all\x1b[0m", "Error: \udcff"]
    code = f"import sys\nfor line in {lines}: print(line, file=sys.stderr)\nsys.exit(3)"
    code = code.replace(
        "print(line, file=sys.stderr)",
        "sys.stderr.buffer.write(line.encode('utf-8', 'surrogateescape') + b'\\n')",
    )
    assert refused(tmp_path, code) == "“say.py” ended with status 3: no model / at all / Error: \ufffd"


def test_what_a_program_says_on_its_output_is_quoted_where_its_sound_is_a_file(tmp_path: Path) -> None:
    assert refused(tmp_path, "print('no such voice')", "{wav}") == "“say.py” wrote no sound: no such voice"


def test_a_quotation_is_short(tmp_path: Path) -> None:
    code = "import sys\nsys.stderr.write('x' * 5_000_000 + '!')\nsys.exit(1)"
    told = refused(tmp_path, code)
    assert len(told) < 350
    assert told.endswith("xx!")


def test_a_program_that_is_ended_by_a_signal_says_which(tmp_path: Path) -> None:
    code = "import os, signal, sys\nsys.stderr.write('oh')\nsys.stderr.flush()\n"
    assert (
        refused(tmp_path, f"{code}os.kill(os.getpid(), signal.SIGSEGV)")
        == "“say.py” was ended by SIGSEGV: oh"
    )
    assert refused(tmp_path, f"{code}os.kill(os.getpid(), 40)") == "“say.py” was ended by signal 40: oh"


@pytest.mark.parametrize("arguments", [(), ("{wav}",)])
def test_a_program_that_writes_nothing_is_told_of(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    code = "import sys\nsys.stderr.write('nothing to say')"
    assert refused(tmp_path, code, *arguments) == "“say.py” wrote no sound: nothing to say"
    assert refused(tmp_path, "", *arguments) == "“say.py” wrote no sound"


@pytest.mark.parametrize("made", ["os.mkfifo", "os.mkdir", "lambda p: os.symlink('/dev/zero', p)"])
def test_what_is_no_file_is_no_sound(tmp_path: Path, made: str) -> None:
    code = f"import os, sys\n({made})(sys.argv[1])"
    assert refused(tmp_path, code, "{wav}") == "“say.py” wrote no sound"


def test_a_page_instead_of_a_sound_is_quoted(tmp_path: Path) -> None:
    told = refused(tmp_path, "import sys\nprint('<html>Too many requests')\nsys.stderr.write('429')")
    assert told.startswith("“say.py” did not speak: what it answered is no sound (")
    assert told.endswith(" bytes: <html>Too many requests): 429")


def test_a_sound_without_samples_is_none(tmp_path: Path) -> None:
    code = f"{BEEP}\nsys.stdout.buffer.write(beep()[:40] + bytes(4))"
    assert refused(tmp_path, code) == "“say.py” did not speak: the sound that it answered is empty"


def test_a_sound_of_too_low_a_rate_is_refused(tmp_path: Path) -> None:
    code = f"{BEEP}\nsys.stdout.buffer.write(beep(4000))"
    told = "“say.py” did not speak: its sound has 4000 Hz; 8000 to 192000 can be used"
    assert refused(tmp_path, code) == told


def test_complaints_without_end_block_nothing(tmp_path: Path) -> None:
    code = f"{BEEP}\nsys.stderr.write('x' * 20_000_000)\nsys.stdout.buffer.write(beep())"
    assert voice(tmp_path, script(tmp_path, code)).speak(TEXT).pcm


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_program_that_writes_without_end_is_ended(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch, stream: str
) -> None:
    monkeypatch.setattr("hakawati.voices.command._MOST", 1_000_000)
    code = f"import sys\nwhile True: sys.{stream}.write('x' * 10_000)"
    assert refused(tmp_path, code) == "“say.py” wrote more than 1,000,000 bytes"
    assert list(scratch.iterdir()) == []


def test_an_interruption_ends_the_program(
    tmp_path: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = f"interrupted-{os.getpid()}-{tmp_path.name}"

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    waiting = voice(tmp_path, script(tmp_path, "import time\ntime.sleep(600)"), marker)
    with monkeypatch.context() as patch:
        patch.setattr("hakawati.voices.command.Program.ended", interrupted)
        with pytest.raises(KeyboardInterrupt):
            waiting.speak(TEXT)
    assert gone(marker)
    assert list(scratch.iterdir()) == []


def test_a_program_that_is_not_installed_is_named() -> None:
    with pytest.raises(VoiceUnavailableError, match="there is no program “no-such-speaker” here") as raised:
        voice(Path(), "no-such-speaker")
    assert raised.value.hint.startswith("install it, or name it with its folder")


def test_a_program_that_is_not_in_the_project_is_named(tmp_path: Path) -> None:
    with pytest.raises(VoiceUnavailableError, match=r"there is no program “\./say\.py”") as raised:
        voice(tmp_path, "./say.py")
    assert raised.value.hint == f"it was looked for from the project's folder, {tmp_path}"


def test_a_program_that_may_not_be_run_says_how_to_let_it(tmp_path: Path) -> None:
    program = script(tmp_path, "")
    (tmp_path / "say.py").chmod(0o644)
    with pytest.raises(VoiceUnavailableError, match="is not a program that can be run") as raised:
        voice(tmp_path, program)
    assert raised.value.hint == "chmod +x ./say.py, or name its interpreter first"


def test_a_program_without_its_first_line_says_so(tmp_path: Path) -> None:
    script(tmp_path, "")
    (tmp_path / "say.py").write_text("print()")
    with pytest.raises(VoiceUnavailableError, match="cannot be started: Exec format error") as raised:
        voice(tmp_path, "./say.py").speak(TEXT)
    assert "#!/bin/sh" in raised.value.hint


def test_a_program_that_goes_away_is_named(tmp_path: Path) -> None:
    speaker = voice(tmp_path, script(tmp_path, ""))
    (tmp_path / "say.py").unlink()
    with pytest.raises(VoiceUnavailableError, match="there is no program"):
        speaker.speak(TEXT)


def test_a_program_is_found_on_the_path_and_in_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = f"{BEEP}\nsys.stdout.buffer.write(beep())"
    script(tmp_path / "bin", code)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert voice(elsewhere, "say.py").speak(TEXT).pcm
    assert voice(tmp_path, "bin/say.py").speak(TEXT).pcm
    assert voice(elsewhere, str(tmp_path / "bin" / "say.py")).speak(TEXT).pcm


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "command needs a “run”: a list of the program and its arguments"),
        ({"run": []}, "command needs a “run”: a list of the program and its arguments"),
        ({"run": [" "]}, "command needs a “run”: a list of the program and its arguments"),
        ({"run": "say {text}"}, "command's “run” should be a list, not “say {text}”"),
        ({"run": ["say", True]}, "command's “run” should be a list of texts, and “True” is none"),
        ({"run": ["say", "{txt}"]}, "command has no placeholder “{txt}”; did you mean “{text}”?"),
        (
            {"run": ["say", "-o={WAV}"]},
            "command has no placeholder “{WAV}”; known here: {lang}, {text}, {wav}",
        ),
        ({"run": ["say-{lang}"]}, "command's “run” begins with the program, and “say-{lang}” is none"),
        ({"run": ["say", "a\0b"]}, "command's “run” has a null character in it"),
        ({"run": ["sh"], "seconds": 0}, "command's “seconds” goes from 1 to 3600, and 0 does not"),
        ({"run": ["sh"], "seconds": 3601}, "command's “seconds” goes from 1 to 3600, and 3601 does not"),
        ({"run": ["sh"], "version": ""}, "command's “version” is empty"),
        ({"run": ["sh"], "version": True}, "command's “version” should be text, not “True”"),
        (
            {"run": ["sh"], "shell": True},
            "command has no option “shell”; known here: run, seconds, speed, version",
        ),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(VoiceError) as raised:
        make("en", options, Path())
    assert str(raised.value) == message


def test_the_key_is_what_the_author_wrote(tmp_path: Path) -> None:
    for project in (tmp_path / "here", tmp_path / "there"):
        script(project, "")
    run = ["./say.py", "--voice", "{lang}", "{text}"]
    usual = voice(tmp_path / "here", *run)
    assert usual.key == voice(tmp_path / "there", *run, seconds=5).key
    assert str(tmp_path) not in usual.key
    others = [
        voice(tmp_path / "here", *run[:-1]).key,
        voice(tmp_path / "here", "./say.py", "--voice {lang}", "{text}").key,
        voice(tmp_path / "here", *run, version="1").key,
        make("ar", {"run": run}, tmp_path / "here").key,
    ]
    assert len({usual.key, *others}) == 5
    assert voice(tmp_path / "here", *run, version=1).key == others[2]


def test_it_is_credited_by_its_name_and_speaks_here(tmp_path: Path) -> None:
    speaker = voice(tmp_path, script(tmp_path, ""))
    assert speaker.credit == "say.py"
    assert speaker.where == "here"
    assert pickle.loads(pickle.dumps(speaker)) == speaker
    assert ENGINE.voices() == {}
