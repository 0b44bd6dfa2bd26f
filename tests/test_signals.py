"""A command that is told to end, or is killed, at work: nothing of it is left, and no program that it ran."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from tests.building import Command, clips, left, run, soon
from tests.support import write_book

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")

STOPPED = "Stopped. What was spoken is kept, and the next build goes on from here."
ENDINGS = [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)]
VOICE = """
import os, subprocess, sys, time
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
subprocess.Popen(sleep)
subprocess.Popen(sleep, start_new_session=True)
if os.fork() == 0:
    os.setsid()
    subprocess.Popen(sleep, start_new_session=True)
    os._exit(0)
os.wait()
open(f"ready-{os.getpid()}", "w").close()
time.sleep(600)
"""
"""A voice that never ends, with processes of its own that go away as far as they can."""
EACH = 6
"""Processes for each sentence: the program, its three, the one that ends it, and the worker."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A book of two sentences that takes for ever."""
    made = tmp_path / "project"
    config = (
        "title: P\nlanguages: [en]\ncover: none\n"
        f"voices: {{en: {{engine: command, run: [{sys.executable}, voice.py], seconds: 3600}}}}\n"
    )
    write_book(made, {"book.yaml": config, "en/01-one.md": "# One\n\nTwo words.\n", "ar/x.md": ""})
    (made / "book" / "ar" / "x.md").unlink()
    (made / "book" / "ar").rmdir()
    (made / "voice.py").write_text(VOICE)
    return made


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Where temporary files are."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def at_work(tmp_path: Path, project: Path, scratch: Path) -> Iterator[Command]:
    """A build whose voice's program runs, for two sentences at once."""
    with Command(
        tmp_path, "build", project, "--workers", "2", environment={"TMPDIR": str(scratch)}
    ) as command:
        assert soon(lambda: len(list(project.glob("ready-*"))) == 2), command.told
        assert soon(lambda: len(command.pids()) >= 2 * EACH)
        yield command


def worker(command: Command) -> int:
    """One of its workers."""
    return next(pid for pid in command.pids() if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes())


def nothing_left(command: Command, scratch: Path) -> bool:
    return not command.pids() and not list(scratch.iterdir())


@pytest.mark.parametrize(("name", "status"), ENDINGS)
@pytest.mark.parametrize("send", [os.kill, os.killpg])
def test_a_signal_ends_a_build_with_the_programs_that_speak(
    at_work: Command, scratch: Path, name: str, status: int, send: Callable[[int, int], None]
) -> None:
    """Of a service that is stopped, of a terminal that is closed, of `timeout`."""
    send(at_work.process.pid, signal.Signals[name])
    assert at_work.ended() == status
    assert at_work.told.splitlines() == ["Speaking: 2", STOPPED]
    # It was waited for: all that is left to go is what ends by itself at the end of the command.
    assert not [pid for pid in at_work.pids() if b"sleep" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert list(scratch.iterdir()) == []
    assert soon(lambda: nothing_left(at_work, scratch))


def test_signals_that_come_again_do_not_break_off_the_clearing_up(at_work: Command, scratch: Path) -> None:
    for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGTERM") * 5:
        with suppress(ProcessLookupError):
            os.killpg(at_work.process.pid, signal.Signals[name])
        time.sleep(0.01)
    assert at_work.ended() == 143
    assert at_work.told.splitlines() == ["Speaking: 2", STOPPED]
    assert soon(lambda: nothing_left(at_work, scratch))


def test_a_build_that_is_killed_leaves_no_program(at_work: Command, scratch: Path) -> None:
    at_work.process.kill()
    assert soon(lambda: nothing_left(at_work, scratch)), at_work.pids()


def test_a_build_that_is_killed_with_its_workers_leaves_no_program(at_work: Command, scratch: Path) -> None:
    os.killpg(at_work.process.pid, signal.SIGKILL)
    assert soon(lambda: nothing_left(at_work, scratch)), at_work.pids()


def test_a_worker_that_is_killed_leaves_no_program(at_work: Command, project: Path, scratch: Path) -> None:
    before = set(at_work.pids())
    ready = set(project.glob("ready-*"))
    for _ in range(2):
        victim = worker(at_work)
        os.kill(victim, signal.SIGKILL)
        assert soon(lambda victim=victim: not Path(f"/proc/{victim}").exists())  # type: ignore[misc]
    # Each sentence is tried once more.
    assert soon(lambda: set(project.glob("ready-*")) - ready)
    assert soon(lambda: not before & set(at_work.pids()) - {at_work.process.pid} - trackers(before))
    at_work.process.terminate()
    assert at_work.ended() == 143
    assert soon(lambda: nothing_left(at_work, scratch))


def trackers(pids: set[int]) -> set[int]:
    """Python's own process among them, which keeps account of what the others share."""
    found = set()
    for pid in pids:
        with suppress(OSError):
            if b"tracker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.add(pid)
    return found


def test_what_is_to_be_ignored_stays_so(tmp_path: Path, project: Path, scratch: Path) -> None:
    """As `nohup` has it."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        command = Command(tmp_path, "build", project, environment={"TMPDIR": str(scratch)})
    finally:
        signal.signal(signal.SIGHUP, before)
    with command:
        assert soon(lambda: list(project.glob("ready-*")))
        os.kill(command.process.pid, signal.SIGHUP)
        time.sleep(0.5)
        assert command.process.poll() is None
        os.kill(command.process.pid, signal.SIGTERM)
        assert command.ended() == 143
        assert soon(lambda: nothing_left(command, scratch))


def quick(folder: Path) -> Path:
    """A book that is built in a moment."""
    made = write_book(
        folder,
        {"book.yaml": "title: P\nlanguages: [en]\ncover: none\n", "en/01-one.md": "# One\n", "ar/x.md": ""},
    )
    (made / "book" / "ar" / "x.md").unlink()
    (made / "book" / "ar").rmdir()
    return made


@pytest.mark.parametrize(("name", "status"), ENDINGS)
def test_a_signal_ends_a_build_that_watches(tmp_path: Path, name: str, status: int) -> None:
    project = quick(tmp_path / "project")
    with Command(tmp_path, "build", "--watch", project) as command:
        assert soon(lambda: "Watching." in command.told)
        command.process.send_signal(signal.Signals[name])
        assert command.ended() == status
        assert command.told.splitlines()[-1] == STOPPED
        assert soon(lambda: not command.pids())
    assert "Traceback" not in command.told


@pytest.mark.parametrize(("name", "status"), ENDINGS)
@pytest.mark.parametrize("send", [os.kill, os.killpg])
def test_a_signal_ends_a_preview_with_its_builder_and_the_programs_that_speak(
    tmp_path: Path, project: Path, scratch: Path, name: str, status: int, send: Callable[[int, int], None]
) -> None:
    arguments = ("preview", project, "--no-open", "--port", "0", "--workers", "2")
    with Command(tmp_path, *arguments, environment={"TMPDIR": str(scratch)}) as command:
        assert soon(lambda: len(list(project.glob("ready-*"))) == 2), command.told
        assert soon(lambda: "Preview: " in command.told)
        send(command.process.pid, signal.Signals[name])
        assert command.ended() == status, command.told
        assert command.told.splitlines()[-1] == STOPPED
        assert soon(lambda: nothing_left(command, scratch)), command.pids()
    assert "Traceback" not in command.told
    assert len(command.told.splitlines()) == 2, command.told


@pytest.mark.parametrize("group", [False, True])
def test_a_preview_that_is_killed_leaves_no_program(
    tmp_path: Path, project: Path, scratch: Path, group: bool
) -> None:
    # Both sentences' programs run: a worker that is killed while it makes a folder cannot leave none.
    arguments = ("preview", project, "--no-open", "--port", "0", "--workers", "2")
    with Command(tmp_path, *arguments, environment={"TMPDIR": str(scratch)}) as command:
        assert soon(lambda: len(list(project.glob("ready-*"))) == 2), command.told
        (os.killpg if group else os.kill)(command.process.pid, signal.SIGKILL)
        assert soon(lambda: nothing_left(command, scratch)), command.pids()


ACE = f"""#!{sys.executable}
import sys
if "--help" in sys.argv:
    print("Ace by DAISY")
    sys.exit()
{VOICE}"""


@pytest.fixture(scope="module")
def epub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a book that was built."""
    folder = tmp_path_factory.mktemp("epub")
    project = quick(folder / "project")
    assert run(folder, "build", project).ended() == 0
    return next((project / "build").glob("*.epub"))


@pytest.fixture
def checked(tmp_path: Path, scratch: Path) -> Mapping[str, str]:
    """The environment of a check whose Ace never ends."""
    program = tmp_path / "bin" / "ace"
    program.parent.mkdir()
    program.write_text(ACE.replace("ready-", f"{tmp_path}/ready-"))
    program.chmod(0o755)
    paths = os.pathsep.join([str(program.parent), os.environ["PATH"]])
    return {"TMPDIR": str(scratch), "PATH": paths}


@pytest.mark.parametrize(("name", "status"), [*ENDINGS, ("SIGKILL", -9)])
def test_a_signal_ends_a_check_with_the_programs_that_it_runs(
    tmp_path: Path, scratch: Path, checked: Mapping[str, str], epub: Path, name: str, status: int
) -> None:
    with Command(tmp_path, "check", "--quick", epub, environment=checked) as command:
        assert soon(lambda: list(tmp_path.glob("ready-*"))), command.told
        command.process.send_signal(signal.Signals[name])
        assert command.ended() == status, command.told
        assert soon(lambda: nothing_left(command, scratch)), command.pids()
    assert "Traceback" not in command.told
    assert status < 0 or command.told.splitlines()[-1] == STOPPED


def test_a_signal_ends_a_voice_that_is_tried(tmp_path: Path, project: Path, scratch: Path) -> None:
    environment = {"TMPDIR": str(scratch), "PWD": str(project)}
    here = Path.cwd()
    os.chdir(project)  # the one that is started has it as its own
    try:
        command = Command(tmp_path, "say", "One", "--language", "en", environment=environment)
    finally:
        os.chdir(here)
    with command:
        assert soon(lambda: list(project.glob("ready-*"))), command.told
        command.process.terminate()
        assert command.ended() == 143
        assert soon(lambda: nothing_left(command, scratch)), command.pids()
    assert not (project / "say.mp3").exists()


@pytest.fixture(scope="module")
def thirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of thirty sentences that was built."""
    folder = tmp_path_factory.mktemp("thirty")
    project = quick(folder / "project")
    chapter = project / "book" / "en" / "01-one.md"
    chapter.write_text("# One\n\n" + "\n\n".join(f"Sentence number {n}." for n in range(30)))
    whole = run(folder, "build", project)
    assert whole.ended() == 0, whole.told
    return project


@pytest.mark.parametrize("number", range(6))
def test_a_signal_at_any_moment_leaves_nothing_half_written(
    tmp_path: Path, thirty: Path, number: int
) -> None:
    project = tmp_path / "project"
    shutil.copytree(thirty, project)
    chapter = project / "book" / "en" / "01-one.md"
    book = left(project)
    chapter.write_text(chapter.read_text() + "\n\nOne more.\n")
    with Command(tmp_path, "build", project) as command:
        time.sleep(0.2 + 0.25 * number)
        with suppress(ProcessLookupError):
            command.process.send_signal((signal.SIGTERM, signal.SIGHUP)[number % 2])
        assert command.ended() in (0, 143, 129, -signal.SIGTERM, -signal.SIGHUP), command.told
        assert soon(lambda: not command.pids()), command.pids()
    assert "Traceback" not in command.told
    again = run(tmp_path, "build", project)
    assert again.ended() == 0, again.told
    assert left(project).keys() == book.keys()
    assert len(clips(project / "build" / "store")) == 32
    assert sorted(p.name for p in project.rglob(".*.part")) == []


@pytest.mark.parametrize(("name", "status"), ENDINGS)
def test_a_signal_while_a_class_is_made_gives_its_own_status(tmp_path: Path, name: str, status: int) -> None:
    """Python would end by SIGINT, where what was raised went through an `exec`: a dataclass has one."""
    module = tmp_path / "interrupted.py"
    module.write_text(f"""
import signal
from hakawati import __main__, cli

@cli.app.command()
def make() -> None:
    with cli.output.problems_reported():
        exec("signal.raise_signal(signal.{name})")

__main__.run()
""")
    done = subprocess.run(
        [sys.executable, "-m", "interrupted", "make"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (status, f"{STOPPED}\n")
