"""The command line, as its users meet it: real processes, real terminals."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import select
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

import hakawati
from hakawati import __main__, cli
from hakawati.cli import output
from hakawati.publishing.shelf import Outcome
from hakawati.source.starter import escape
from tests.building import everything, soon
from tests.goldens import Inline
from tests.support import PATIENCE, write_book

HAKAWATI = (sys.executable, "-m", "hakawati")
COMMANDS = ("new", "build", "check", "store", "preview", "say", "words", "voices")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command in this process, without worker processes."""
    monkeypatch.setattr("hakawati.narration.dispatcher.local_executor", lambda _: Inline())
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)

    def run(*arguments: str | Path) -> Result:
        return CliRunner().invoke(cli.app, [str(a) for a in arguments], catch_exceptions=False)

    return run


def process(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "100"}
    environment.pop("SOURCE_DATE_EPOCH", None)
    return subprocess.run(
        [*HAKAWATI, *map(str, arguments)], capture_output=True, text=True, check=False, env=environment
    )


# Finding one's way


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)])
def test_help_says_what_a_command_does(command: tuple[str, ...], run: Callable[..., Result]) -> None:
    told = run(*command, "--help")
    assert (told.exit_code, told.stderr) == (0, "")
    assert told.stdout.startswith("Usage: ")


def test_every_command_option_and_argument_is_explained() -> None:
    commands = vars(get_command(cli.app))["commands"]
    assert tuple(commands) == COMMANDS
    for command in commands.values():
        assert len(command.help) > 60
        for parameter in command.params:
            assert vars(parameter).get("help") or parameter.name == "help", parameter.name


def test_without_a_command_it_helps_and_says_that_this_was_no_use(run: Callable[..., Result]) -> None:
    told = run()
    assert told.exit_code == 2
    assert "Usage: " in told.output


def test_says_its_version(run: Callable[..., Result]) -> None:
    assert run("--version").stdout == f"hakawati {hakawati.__version__}\n"


def test_is_a_module_and_a_program() -> None:
    program = Path(sys.executable).with_name("hakawati")
    for command in (HAKAWATI, (str(program),)):
        done = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, f"hakawati {hakawati.__version__}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("biuld",),
        ("build", "--fast"),
        ("build", "--watch", "--json"),
        ("build", "--watch", "--dry-run"),
        ("store", ".", "."),
        ("build", "--voice", "ar"),
        ("build", "--voice", "=espeak"),
        ("build", "--voice", "ar="),
        ("build", "--workers", "0"),
        ("build", "--workers", "many"),
        ("new",),
        ("new", "x", "--text", "y", "--language", "Arabic"),
        ("new", "x", "--text", "y", "--translation", "../en"),
        ("new", "x", "--language", "ar"),
    ],
)
def test_wrong_usage_is_told_with_status_2(
    arguments: tuple[str, ...], run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = run(*arguments)
    assert (told.exit_code, told.stdout) == (2, "")
    assert told.stderr
    assert "Traceback" not in told.stderr
    assert list(tmp_path.iterdir()) == []


# Building


def test_builds_the_project_it_stands_in_and_sums_up(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_book(tmp_path, {"en/01-one.md": "", "ar/01-one.md": "# عنوان\n\nنص قصير."})
    monkeypatch.chdir(tmp_path)
    told = run("build")
    assert told.exit_code == 0
    *chapters, total, vowels, epub, audio = told.stdout.splitlines()
    assert [line.split()[0] for line in chapters] == ["01-one"]
    assert re.fullmatch(r"The vowels of [1-3] of 3 Arabic words are guesses(, . of them doubtful.*)?", vowels)
    assert re.fullmatch(r"0:0\d min of narration, 2 sentences spoken and 0 reused, in \d+\.\d s", total)
    assert Path(epub.strip()).is_file()
    assert audio.strip() == f"audio{os.sep}*.mp3"
    assert told.stderr.splitlines() == ["Speaking: 2", "Joining: 1", "Binding: 1"]
    again = run("build")
    assert "0 sentences spoken and 2 reused" in again.stdout
    assert again.stdout.splitlines()[0].split() == [*chapters[0].split()[:3], "unchanged"]
    assert again.stderr == ""  # there was nothing to do
    config = tmp_path / "book" / "book.yaml"
    config.write_text(config.read_text() + "narration: {pauses: {heading: 1000}}\n")
    joined = run("build")
    assert "0 sentences spoken and 2 reused" in joined.stdout
    assert joined.stderr.splitlines() == ["Joining: 1", "Binding: 1"]


def test_problems_go_to_stderr_all_at_once_with_their_places_and_hints(tmp_path: Path) -> None:
    files = {"ar/01-one.md": "no title [^x]", "book.yaml": "title: X\nlanguages: [ar]\nsynk: word\n"}
    told = process("build", write_book(tmp_path, dict(files)))
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == (
        "book/ar/01-one.md:1: the chapter does not begin with its title\n"
        "    hint: begin with a heading: # Title\n"
        "book/ar/01-one.md:1: the note [^x] is not defined\n"
        "    hint: add a line “[^x]: …” at the end of the file\n"
        "book/book.yaml:3: unknown key “synk”\n"
        "    hint: did you mean “sync”?\n"
        "3 problems; nothing was built.\n"
    )
    assert all(p.name.startswith(".") for p in (tmp_path / "build").iterdir())


def test_what_is_worth_a_look_is_told_and_stops_nothing(run: Callable[..., Result], tmp_path: Path) -> None:
    files = {"book.yaml": "title: X\nlanguages: [ar, en]\n"}
    told = run("build", write_book(tmp_path, dict(files)))
    assert told.exit_code == 0
    assert "book/ar/01-one.md: no en translation of this chapter" in told.stderr


def test_a_folder_without_a_book_is_a_problem(run: Callable[..., Result], tmp_path: Path) -> None:
    told = run("build", tmp_path)
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.splitlines()[-1] == "1 problem; nothing was built."


def test_json_is_all_that_is_printed(run: Callable[..., Result], tmp_path: Path) -> None:
    project = write_book(tmp_path, {})
    told = run("build", project, "--json")
    assert (told.exit_code, told.stderr) == (0, "")
    report = json.loads(told.stdout)
    assert report["epub"] == "build/" + next((tmp_path / "build").glob("*.epub")).name
    assert json.loads((tmp_path / "build" / "report.json").read_bytes()) == report
    (project / "book" / "book.yaml").write_text("{}")
    told = run("build", project, "--json")
    assert (told.exit_code, told.stderr) == (1, "")
    problems = json.loads(told.stdout)
    assert list(problems) == ["problems"]
    assert [p["message"] for p in problems["problems"]] == ["“languages” is missing", "“title” is missing"]
    assert all(set(p) == {"path", "line", "message", "hint"} for p in problems["problems"])


def test_a_voice_can_be_chosen_for_this_build(run: Callable[..., Result], tmp_path: Path) -> None:
    project = write_book(
        tmp_path, {"book.yaml": "title: X\nlanguages: [en]\n", "en/01.md": "# Hello", "ar/1.md": ""}
    )
    assert run("build", project, "--voice", "en=espeak:en-gb").exit_code == 0
    first = (project / "audio" / "01.mp3").read_bytes()
    assert run("build", project, "--voice", "en=espeak").exit_code == 0
    assert (project / "audio" / "01.mp3").read_bytes() != first
    told = run("build", project, "--voice", "en=espeak:xx")
    assert told.exit_code == 1
    assert told.stderr.startswith("--voice: the voice for en: espeak has no voice “xx”")


def test_clips_can_be_kept_elsewhere(run: Callable[..., Result], tmp_path: Path) -> None:
    project = write_book(tmp_path / "project", {})
    told = run("build", project, "--store", tmp_path / "store", "--workers", "1")
    assert told.exit_code == 0
    assert any((tmp_path / "store").iterdir())
    assert not (project / "build" / "store").exists()


def test_the_date_can_be_given_as_reproducible_builds_do(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = write_book(tmp_path, {})
    found = []
    for epoch in ("0", "86400", "86400"):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        assert run("build", project).exit_code == 0
        found.append(next((project / "build").glob("*.epub")).read_bytes())
    assert found[0] != found[1] == found[2]


@pytest.mark.parametrize("epoch", ["yesterday", "-1", "1.5", "9" * 20])
def test_a_date_that_is_none_is_wrong_usage(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    told = run("build", write_book(tmp_path, {}))
    assert (told.exit_code, told.stdout) == (2, "")
    assert "SOURCE_DATE_EPOCH" in told.stderr


def test_a_disk_that_fails_is_told_without_a_traceback(run: Callable[..., Result], tmp_path: Path) -> None:
    project = write_book(tmp_path, {})
    (project / "audio").write_text("a file where a folder should be")
    told = run("build", project)
    assert told.exit_code == 1
    at, hint, total = told.stderr.splitlines()[-3:]
    assert at.startswith(str(project / "audio"))
    assert hint.startswith("    hint: what was built before is still there")
    assert total == "1 problem; nothing was built."
    assert "Traceback" not in told.stderr


def test_a_long_build_tells_of_each_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    lines = output._ProgressLines()
    lines.stage("Speaking", 250)
    for _ in range(250):
        lines.advance()
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "Speaking: 250"
    assert [line.split()[1] for line in told[1:]] == [str(n) for n in range(25, 251, 25)]


def test_a_terminals_bar_goes_from_stage_to_stage(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr", terminal := Terminal())
    with output.progress(quiet=False) as progress:
        for name in ("Speaking", "Joining"):
            progress.stage(name, 4)
            progress.advance()
            progress.advance(3)
    assert "Joining" in terminal.getvalue()
    assert "4/4" in terminal.getvalue()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_program_runs_the_command_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["hakawati", "--version"])
    with pytest.raises(SystemExit) as ended:
        __main__.run()
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("hakawati ")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.4, "0:00 min"), (59.6, "1:00 min"), (754, "12:34 min"), (3600, "1:00:00"), (36_061, "10:01:01")],
)
def test_durations_are_told_as_clocks_tell_them(seconds: float, told: str) -> None:
    assert output.minutes(seconds) == told


# On a terminal

MARK = "TEST_OF_HAKAWATI"
"""Of the environment of all that a test starts on a terminal."""


def living(child: int) -> list[str]:
    """What a child has started, in whatever session, and is at work, where the system tells (Linux does)."""
    found = []
    mark = f"{MARK}={child}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state, *_ = (process / "stat").read_text().rpartition(")")[2].split()
            if state != "Z" and mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_text())
    return found


def on_a_terminal(command: list[str], stop_at: Callable[[], bool] | None = None) -> tuple[int, str]:
    """Run a command with a terminal of its own, and press Ctrl-C there when it is time to stop.

    Returns its status and what was seen; makes sure that none of its processes is left.
    """
    child, terminal = pty.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # which a test run in the background may be deaf to
        os.environ["TERM"] = "xterm"
        os.environ[MARK] = str(os.getpid())
        os.execv(command[0], command)
    seen = b""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                data = os.read(terminal, 4096)
            except OSError:  # the other side is closed
                break
            if not data:
                break
            seen += data
        if stop_at and stop_at():
            if Path("/proc").exists():
                assert any("espeak_speaker" in command for command in living(child))
            os.write(terminal, b"\x03")
            stop_at = None
    else:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert soon(lambda: not living(child)), living(child)
    return os.waitstatus_to_exitcode(status), seen.decode(errors="replace")


def test_a_terminal_shows_a_bar_and_then_the_summary(tmp_path: Path) -> None:
    project = write_book(tmp_path, {})
    status, seen = on_a_terminal([*HAKAWATI, "build", str(project)])
    assert status == 0
    assert "━" in seen
    assert " min of narration, " in seen.splitlines()[-4]


def test_ctrl_c_leaves_no_process_and_keeps_what_was_spoken(tmp_path: Path) -> None:
    paragraphs = [f"هذه هي الفقرة رقم {n}، وفيها كلام طويل لا ينتهي." for n in range(3000)]
    project = write_book(tmp_path, {"ar/01-one.md": "# عنوان\n\n" + "\n\n".join(paragraphs)})
    store = project / "build" / "store"

    def kept() -> bool:
        return any(not p.name.startswith(".") for p in store.glob("[0-9a-f][0-9a-f]/*"))

    status, seen = on_a_terminal([*HAKAWATI, "build", str(project)], stop_at=kept)
    assert status == 130
    assert "Stopped. What was spoken is kept" in seen
    assert "Traceback" not in seen
    assert kept()
    assert list((project / "build").glob("*.epub")) == []


def test_an_interrupt_anywhere_ends_with_status_130(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> list[Outcome]:
        raise KeyboardInterrupt

    monkeypatch.setattr("hakawati.publishing.shelf.build_all", interrupt)
    told = run("build", tmp_path)
    assert told.exit_code == 130


# Voices


def test_lists_the_engines_and_their_voices(run: Callable[..., Result]) -> None:
    told = run("voices")
    assert (told.exit_code, told.stderr) == (0, "")
    engines = {line.partition(":")[0] for line in told.stdout.splitlines() if not line.startswith(" ")}
    assert engines == {"espeak", "command", "edge", "gtts", "mbrola", "piper"}
    first, ready, *voices = told.stdout.splitlines()
    assert (first.partition(":")[0], ready) == ("espeak", "  ready")
    assert {"ar", "en-us", "fr", "ar-EG-SalmaNeural"} <= {name for line in voices for name in line.split()}
    assert all(len(line) <= 100 for line in told.stdout.splitlines())


def test_lists_the_voices_of_one_language(run: Callable[..., Result]) -> None:
    told = run("voices", "--language", "en").stdout.splitlines()
    voices = {line.split()[0] for line in told if line.startswith("    ")}
    assert {voice.replace("_", "-").split("-")[0] for voice in voices} == {"en"}
    assert {"en-us", "en-gb"} <= voices


def test_lists_voices_for_programs(run: Callable[..., Result]) -> None:
    told = json.loads(run("voices", "--language", "ar", "--json").stdout)
    assert set(told) == {"espeak", "command", "edge", "gtts", "mbrola", "piper"}
    assert told["espeak"] == {
        "name": "espeak",
        "description": "eSpeak NG: comes with Hakawati, works offline",
        "ready": True,
        "command": "",
        "voices": {"ar": "Arabic"},
        "more": "",
    }
    assert told["piper"]["more"] == "hakawati voices add ar_JO-kareem-medium"


def test_an_engine_that_is_not_installed_says_what_makes_it_ready(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "edge_tts", None)
    told = run("voices").stdout.splitlines()
    at = next(i for i, line in enumerate(told) if line.startswith("edge:"))
    assert told[at + 1] == "  not ready; get it: pip install 'hakawati[edge]'"
    assert told[at + 2] == "  more voices: edge-tts --list-voices"


# Beginning a project


def test_a_new_project_builds_at_once(run: Callable[..., Result], tmp_path: Path) -> None:
    told = run("new", tmp_path / "my book")
    assert (told.exit_code, told.stderr) == (0, "")
    *files, then = told.stdout.splitlines()
    assert all(Path(file.strip()).is_file() for file in files)
    assert shlex.split(then)[-1] == str(tmp_path / "my book")
    built = run("build", tmp_path / "my book")
    assert built.exit_code == 0
    assert "hint" not in built.stderr
    assert (tmp_path / "my book" / "build" / "the-storyteller.epub").is_file()


def test_a_new_project_out_of_a_text_builds_at_once(run: Callable[..., Result], tmp_path: Path) -> None:
    text = tmp_path / "Old tales.txt"
    text.write_text(
        "Of the fox\n\nA fox *went* out; it was #1.\n\nOf the crow\n\nThe crow stayed.\n\nAnd slept."
    )
    told = run("new", tmp_path / "p", "--text", text, "--translation", "ar", "--translation", "ar")
    assert told.exit_code == 0
    assert run("build", tmp_path / "p").exit_code == 0
    book = hakawati.load(tmp_path / "p")
    assert book.edition.metadata.title == {"en": "Old tales"}
    assert book.edition.metadata.languages == ("en", "ar")
    assert [chapter.title() for chapter in book.chapters] == ["Of the fox", "Of the crow"]
    assert (tmp_path / "p" / "build" / "old-tales.epub").is_file()


@pytest.mark.parametrize("language", ["pt-BR", "ar-EG", "zh", "no", "en"])
def test_a_new_project_builds_in_any_language_that_has_a_voice(
    run: Callable[..., Result], tmp_path: Path, language: str
) -> None:
    (tmp_path / "text.txt").write_text("Olá.")
    assert run("new", tmp_path / "p", "--text", tmp_path / "text.txt", "--language", language).exit_code == 0
    told = run("build", tmp_path / "p")
    assert told.exit_code == 0, told.stderr
    assert hakawati.load(tmp_path / "p").edition.metadata.languages == (language,)


@pytest.mark.parametrize(
    "title",
    [
        '"C #" & <b>: {x} \\',
        "two\nlines",
        "\x00\x07",
        " ",
        "no",
        "2024",
        "'",
        "%TAG - *x [y",
        "e\u0301\u200c",
    ],
)
def test_a_new_project_can_have_any_title(run: Callable[..., Result], tmp_path: Path, title: str) -> None:
    (tmp_path / "text.txt").write_text("A text without a heading.")
    told = run("new", tmp_path / "p", "--text", tmp_path / "text.txt", "--title", title)
    assert told.exit_code == 0
    book = hakawati.load(tmp_path / "p")
    kept = " ".join(title.replace("\x00", "").replace("\x07", "").split()) or "Book"
    assert book.edition.metadata.title == {"en": kept}
    assert book.chapters[0].title() == kept
    assert escape(kept)


def test_a_text_whose_name_is_no_text_still_makes_a_book(run: Callable[..., Result], tmp_path: Path) -> None:
    text = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9 \x01.txt"))
    text.write_text("A text.")
    assert run("new", tmp_path / "p", "--text", text).exit_code == 0
    assert hakawati.load(tmp_path / "p").edition.metadata.title == {"en": "caf"}


def test_a_book_that_is_there_is_never_overwritten(run: Callable[..., Result], tmp_path: Path) -> None:
    project = write_book(tmp_path, {})
    before = {p: p.read_bytes() for p in project.rglob("*") if p.is_file()}
    told = run("new", project)
    assert (told.exit_code, told.stdout) == (1, "")
    assert "there is a book in it already" in told.stderr
    assert {p: p.read_bytes() for p in project.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("options", [(), ("--text", "text.txt")])
def test_what_is_in_a_folder_already_stays_beside_a_new_book(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("text.txt").write_text("One two.")
    Path(".gitignore").write_text("mine")
    before = everything(tmp_path)
    told = run("new", ".", *options)
    assert told.exit_code == 0
    assert ".gitignore" not in told.stdout
    assert before.items() <= everything(tmp_path).items()
    assert Path("book/book.yaml").exists()


@pytest.mark.parametrize("make", [Path.touch, lambda path: path.symlink_to("nowhere")], ids=["file", "link"])
def test_a_project_cannot_be_begun_in_what_is_no_folder(
    run: Callable[..., Result], tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "old")
    told = run("new", tmp_path / "old")
    assert (told.exit_code, told.stderr) == (
        1,
        f"{tmp_path / 'old'}: this is no folder\n    hint: name a new one\n",
    )


def test_a_link_that_should_be_a_book_is_not_replaced(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "book").symlink_to("nowhere")
    told = run("new", tmp_path)
    assert told.exit_code == 1
    assert "there is a book in it already" in told.stderr


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00", b"MZ\x00\x01"])
def test_a_text_that_cannot_be_read_is_a_problem(
    run: Callable[..., Result], tmp_path: Path, content: bytes | None
) -> None:
    text = tmp_path / "text.txt"
    if content is not None:
        text.write_bytes(content)
    told = run("new", tmp_path / "p", "--text", text)
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.startswith(str(text))
    assert not (tmp_path / "p").exists()


# Trying a voice


def test_says_a_text_into_an_mp3(run: Callable[..., Result], tmp_path: Path) -> None:
    told = run("say", "جاء الرجل.", "--voice", "espeak:ar+f2", "--out", tmp_path / "x.mp3")
    assert (told.exit_code, told.stderr) == (0, "")
    first, spoken = told.stdout.splitlines()
    assert re.fullmatch(rf"{re.escape(str(tmp_path))}/x\.mp3: \d\.\d s by eSpeak NG \(ar\+f2\)", first)
    assert "\u0651" in spoken  # a shadda that the text does not have
    assert (tmp_path / "x.mp3").stat().st_size > 5000


def test_says_over_the_file_of_somebody_else_only_by_force(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    (file := tmp_path / "x.wav").write_text("precious")
    told = run("say", "جاء الرجل.", "--out", file)
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr == (
        f"{file}: it is there already, and hakawati say did not make it\n"
        "    hint: name another file with --out, or replace it with --force\n"
    )
    assert file.read_text() == "precious"
    assert run("say", "جاء الرجل.", "--out", file, "--force").exit_code == 0
    assert file.read_bytes().startswith(b"RIFF")


def test_a_text_that_cannot_be_said_is_no_traceback(run: Callable[..., Result], tmp_path: Path) -> None:
    told = run("say", "نص", "--voice", "espaek", "--out", tmp_path / "x.mp3")
    assert told.exit_code == 1
    assert "there is no engine “espaek”; did you mean “espeak”?" in told.stderr
    assert "Traceback" not in told.output


def test_lists_words_ready_to_be_pasted(run: Callable[..., Result], tmp_path: Path) -> None:
    project = write_book(tmp_path, {"ar/01-one.md": "# قصة\n\nجاء كولتيتز إلى باريس. كان في NATO.\n"})
    told = run("words", project)
    assert told.exit_code == 0
    assert re.search(r"^كولتيتز: \S+ +# foreign, 1×; book/ar/01-one\.md:3$", told.stdout, re.M)
    assert re.search(r"NATO.*# script", told.stdout)
    listed = json.loads(run("words", project, "--json").stdout)
    assert {"written", "spoken", "why", "places", "others", "count"} == set(listed[0])
    (project / "book" / "pronunciation.yaml").write_text(told.stdout)
    again = run("words", project)
    assert (again.exit_code, again.stdout, again.stderr) == (0, "", "No word deserves a look.\n")


def test_adds_a_voice_to_the_place_that_projects_share(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(name: str, folder: Path) -> Path:
        return folder / f"{name}.onnx"

    monkeypatch.setattr("hakawati.voices.piper_download.add_voice", fetch)
    monkeypatch.setattr("hakawati.voices.piper_neural.voices_folder", lambda: tmp_path)
    told = run("voices", "add", "ar_JO-kareem-medium")
    assert told.stdout == f"ar_JO-kareem-medium: {tmp_path}/ar_JO-kareem-medium.onnx\n"


def test_a_voice_that_cannot_be_fetched_is_a_problem(run: Callable[..., Result]) -> None:
    told = run("voices", "add", "kareem")
    assert told.exit_code == 1
    assert told.stderr.startswith("kareem: ")
    assert "hint: " in told.stderr
