"""Programs and what they start: all of it ends, whoever is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from hakawati.programs import Program, run
from tests.building import soon

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")

LONG = 300
SLEEP = f"import time; time.sleep({LONG})"
AWAY = """
import os, subprocess, sys, time
sleep = [sys.executable, "-c", "import time; time.sleep(300)", sys.argv[1]]
subprocess.Popen(sleep)
subprocess.Popen(sleep, start_new_session=True)
if os.fork() == 0:  # a daemon, of which nobody's environment tells
    os.setsid()
    if os.fork() == 0:
        subprocess.Popen(sleep, env={}, start_new_session=True)
    os._exit(0)
os.wait()
open(sys.argv[2], "w").close()
time.sleep(float(sys.argv[3]))
"""
"""A program that starts others in every way, and waits."""
ALL = 5
"""Processes that then have the marker: the three, the program, and the one that ends it."""
FEW = 20
"""Seconds in which a process that is killed has ended, however busy the machine is."""


def running(marker: str) -> list[int]:
    """The processes that have this among their arguments."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if marker.encode() in (process / "cmdline").read_bytes().split(b"\0"):
                found.append(int(process.name))
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    return made


@pytest.fixture
def marker(tmp_path: Path) -> str:
    return f"marker-{os.getpid()}-{tmp_path.name}"


def away(marker: str, ready: Path, seconds: float) -> list[str]:
    return [sys.executable, "-c", AWAY, marker, str(ready), str(seconds)]


def test_a_program_is_run_and_its_words_and_status_are_known(folder: Path) -> None:
    code = (
        "import sys; print('said'); print('complained', file=sys.stderr); sys.exit(len(sys.stdin.read()) + 3)"
    )
    done = run([sys.executable, "-c", code], folder, FEW)
    assert (done.status, done.output, done.errors) == (3, b"said\n", b"complained\n")


def test_one_that_is_ended_by_a_signal_says_which(folder: Path) -> None:
    done = run([sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"], folder, FEW)
    assert done.status == -signal.SIGSEGV


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (["/no/such/program"], FileNotFoundError),
        ([str(Path(__file__))], PermissionError),
        (["true", "x" * 3_000_000], OSError),
    ],
)
def test_what_cannot_be_started_is_an_error_of_the_system(
    folder: Path, command: list[str], error: type[OSError]
) -> None:
    with pytest.raises(error):
        run(command, folder, FEW)


def test_it_has_the_environment_the_folder_and_the_input_that_it_is_given(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "input").write_text("a line")
    code = "import os, sys; print(os.environ['NAME'], os.getcwd(), sys.stdin.read())"
    with Program(
        [sys.executable, "-c", code],
        folder,
        stdin=tmp_path / "input",
        stdout=tmp_path / "output",
        stderr=tmp_path / "errors",
        cwd=folder,
        environment={"NAME": "value"},
    ) as program:
        assert soon(lambda: program.ended() is not None)
    assert (tmp_path / "output").read_text() == f"value {folder} a line\n"


def test_it_begins_with_no_signal_ignored_or_held_back(folder: Path) -> None:
    code = (
        "import signal; print(signal.pthread_sigmask(0, ()), "
        "[signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)])"
    )
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    try:
        told = run([sys.executable, "-c", code], folder, FEW).output.decode()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    assert told.startswith("set() [<built-in function default_int_handler>")
    assert told.count("SIG_DFL") == 2


def test_one_that_takes_too_long_is_ended_and_its_folder_removed(folder: Path, marker: str) -> None:
    with pytest.raises(TimeoutError):
        run([sys.executable, "-c", SLEEP, marker], folder, 0.2)
    assert running(marker) == []
    assert not folder.exists()


def test_what_one_leaves_behind_when_it_ends_is_ended(folder: Path, tmp_path: Path, marker: str) -> None:
    assert run(away(marker, tmp_path / "ready", 0), folder, FEW).status == 0
    assert running(marker) == []
    assert folder.exists()


def test_an_exception_ends_it_with_all_that_it_started(folder: Path, tmp_path: Path, marker: str) -> None:
    ready = tmp_path / "ready"

    def use() -> None:
        with started(away(marker, ready, LONG), folder):
            assert soon(lambda: len(running(marker)) == ALL)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        use()
    assert running(marker) == []


def started(command: list[str], folder: Path) -> Program:
    return Program(command, folder, stdout=folder / "output", stderr=folder / "errors")


def killed(process: subprocess.Popen[bytes]) -> None:
    process.kill()


def killed_with_its_group(process: subprocess.Popen[bytes]) -> None:
    os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("kill", [killed, killed_with_its_group])
def test_who_runs_it_may_be_killed(
    folder: Path, tmp_path: Path, marker: str, kill: Callable[[subprocess.Popen[bytes]], None]
) -> None:
    ready = tmp_path / "ready"
    code = f"""
from pathlib import Path
from hakawati.programs import run
run({away(marker, ready, LONG)!r}, Path({str(folder)!r}), {LONG})
"""
    process = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
    try:
        assert soon(lambda: len(running(marker)) == ALL)
    finally:
        kill(process)
        process.wait()
    assert soon(lambda: not running(marker), FEW)
    assert soon(lambda: not folder.exists(), FEW)


def test_the_process_between_takes_no_notice_of_signals_and_the_program_goes_with_it(folder: Path) -> None:
    with started([sys.executable, "-c", SLEEP], folder) as program:
        supervisor = program._supervisor
        (child,) = (int(n) for n in children(supervisor.pid))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            supervisor.send_signal(number)
        time.sleep(0.2)
        assert program.ended() is None
        supervisor.kill()
        assert soon(lambda: program.ended() is not None, FEW)
        assert soon(lambda: not Path(f"/proc/{child}").exists(), FEW)


def children(pid: int) -> list[str]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if stat.read_text().rpartition(")")[2].split()[1] == str(pid):
                found.append(stat.parent.name)
    return found
