from __future__ import annotations

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hakawati.narration.pool import OverdueError, Pool
from hakawati.narration.worker_calls import has_parent, in_parent
from hakawati.narration.workers import interrupts_held, pool_of
from tests.building import soon
from tests.support import PATIENCE

BIG = 30_000_000
"""Bytes: more than a pipe holds, so that to send them takes a while."""


def nothing() -> None:
    pass


def note_process(file: Path) -> None:
    file.write_text(str(os.getpid()))


def square(n: int) -> int:
    return n * n


def big() -> bytes:
    return bytes(BIG)


def unsent() -> Callable[[], None]:
    return lambda: None


def refuse(error: Exception) -> None:
    raise error


def deafness() -> bool:
    return {signal.SIGINT, signal.SIGHUP} <= signal.pthread_sigmask(signal.SIG_BLOCK, ())


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else 0


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(2, nothing)
    yield made
    made.end_workers()
    made.shutdown(cancel_futures=True)
    assert multiprocessing.active_children() == []


def test_what_is_submitted_is_done_by_other_processes(pool: Pool) -> None:
    futures = [pool.submit(pow, n, 2) for n in range(20)]
    assert [future.result(PATIENCE) for future in futures] == [n * n for n in range(20)]
    pids = {future.result(PATIENCE) for future in [pool.submit(os.getpid) for _ in range(20)]}
    assert os.getpid() not in pids
    assert len(pids) <= 2


def test_no_more_are_started_than_there_is_work_for(pool: Pool) -> None:
    assert pool.submit(abs, -1).result(PATIENCE) == 1
    assert len(multiprocessing.active_children()) == 1


def test_a_worker_that_was_started_early_does_the_first_task(pool: Pool, tmp_path: Path) -> None:
    note = tmp_path / "prepared by"
    pool.start_worker(note_process, note)
    pid = pool.submit(os.getpid).result(PATIENCE)
    assert note.read_text() == str(pid)
    assert len(multiprocessing.active_children()) == 1


def test_one_that_cannot_prepare_itself_works_all_the_same(pool: Pool) -> None:
    pool.start_worker(os.abort)
    assert pool.submit(abs, -1).result(PATIENCE) == 1


def test_what_a_task_raises_is_raised_and_tells_where_it_was(pool: Pool) -> None:
    with pytest.raises(KeyError, match="lost") as caught:
        pool.submit(refuse, KeyError("lost")).result(PATIENCE)
    assert "in refuse" in "".join(caught.value.__notes__)
    assert pool.submit(abs, -1).result(PATIENCE) == 1


def test_what_cannot_be_sent_is_an_error_and_the_pool_goes_on(pool: Pool) -> None:
    with pytest.raises(TypeError, match="cannot be sent"):
        pool.submit(unsent).result(PATIENCE)
    with pytest.raises((AttributeError, TypeError, ValueError, Exception), match="pickle"):
        pool.submit(unsent()).result(PATIENCE)
    assert pool.submit(abs, -1).result(PATIENCE) == 1


def test_what_a_worker_asks_is_done_by_its_parent(pool: Pool) -> None:
    assert pool.submit(in_parent, os.getpid).result(PATIENCE) == os.getpid()
    futures = [pool.submit(in_parent, square, n) for n in range(20)]
    assert [future.result(PATIENCE) for future in futures] == [n * n for n in range(20)]
    with pytest.raises(KeyError, match="lost"):
        pool.submit(in_parent, refuse, KeyError("lost")).result(PATIENCE)
    with pytest.raises(TypeError, match="cannot be sent"):
        pool.submit(in_parent, unsent).result(PATIENCE)
    assert pool.submit(has_parent).result(PATIENCE)
    assert not has_parent()
    with pytest.raises(RuntimeError, match="no worker"):
        in_parent(os.getpid)


def test_a_task_that_kills_its_worker_is_lost_and_no_other(pool: Pool) -> None:
    others = [pool.submit(pow, n, 2) for n in range(5)]
    deadly = pool.submit(os._exit, 3)
    more = [pool.submit(pow, n, 2) for n in range(5)]
    with pytest.raises(BrokenExecutor):
        deadly.result(PATIENCE)
    assert [future.result(PATIENCE) for future in [*others, *more]] == [n * n for n in range(5)] * 2


def test_a_worker_that_is_killed_while_it_sends_is_not_waited_for() -> None:
    with pool_of(Pool(1, nothing)) as pool:
        for delay in (0.0, 0.002, 0.005, 0.01, 0.02):
            assert pool.submit(abs, -1).result(PATIENCE) == 1
            future = pool.submit(big)
            time.sleep(delay)
            (worker,) = multiprocessing.active_children()
            worker.kill()
            worker.join()
            with suppress(BrokenExecutor):  # the last one may have been done
                assert len(future.result(PATIENCE)) == BIG


def test_one_that_dies_while_it_has_nothing_to_do_is_replaced(pool: Pool) -> None:
    pids = {pool.submit(os.getpid).result(PATIENCE)}
    (worker,) = multiprocessing.active_children()
    worker.kill()
    worker.join()
    assert pool.submit(os.getpid).result(PATIENCE) not in pids


@pytest.mark.parametrize("task", [partial(time.sleep, 2 * PATIENCE), big])
@pytest.mark.parametrize("delay", [0.0, 0.02, 0.3])
def test_what_breaks_off_the_work_ends_the_workers_at_once(task: Callable[[], Any], delay: float) -> None:
    pool = Pool(3, nothing)
    with pytest.raises(KeyboardInterrupt), pool_of(pool):  # noqa: PT012
        futures = [pool.submit(task) for _ in range(6)]
        time.sleep(delay)
        begin = time.monotonic()
        raise KeyboardInterrupt
    assert time.monotonic() - begin < PATIENCE  # what they do would take twice that
    assert all(future.done() for future in futures)
    assert multiprocessing.active_children() == []


# how workers end

posix = pytest.mark.skipif(sys.platform == "win32", reason="no signals of this kind")


def clears_up(begun: Path, ended: Path) -> None:
    """Works for long, and has something to clear up."""
    try:
        begun.touch()
        time.sleep(300)
    finally:
        ended.touch()


def hears_nothing(begun: Path) -> None:
    """Works for long, whatever it is told."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    begun.touch()
    time.sleep(300)


def swallows_all(begun: Path) -> None:
    """The same, of another kind."""
    begun.touch()
    while True:
        with suppress(BaseException):
            time.sleep(300)


def interrupted_by(begun: Path, task: Callable[..., Any], *arguments: Path) -> None:
    """Have a worker begin, and then break off."""
    with pool_of(Pool(1, nothing)) as pool:
        pool.submit(task, begun, *arguments)
        assert soon(begun.exists)
        raise KeyboardInterrupt


@posix
def test_a_worker_that_is_to_end_clears_up(tmp_path: Path) -> None:
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    with pytest.raises(KeyboardInterrupt):
        interrupted_by(begun, clears_up, ended)
    assert ended.exists()
    assert multiprocessing.active_children() == []


@posix
@pytest.mark.parametrize("task", [hears_nothing, swallows_all])
def test_one_that_does_not_end_by_itself_is_killed(
    task: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hakawati.narration.pool.GRACE", 0.5)
    with pytest.raises(KeyboardInterrupt):
        interrupted_by(tmp_path / "begun", task)
    assert multiprocessing.active_children() == []


@posix
def test_one_that_someone_else_ends_clears_up_and_loses_its_task(pool: Pool, tmp_path: Path) -> None:
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    future = pool.submit(clears_up, begun, ended)
    assert soon(begun.exists)
    for worker in multiprocessing.active_children():
        worker.terminate()
    with pytest.raises(BrokenExecutor):
        future.result(60)
    assert ended.exists()
    assert pool.submit(abs, -1).result(60) == 1


@posix
def test_one_that_has_nothing_to_do_ends_without_a_word(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted_by(tmp_path / "begun", Path.touch)
    assert multiprocessing.active_children() == []
    # What measures the tests may say that it was broken off, too.
    said = [
        line for line in capfd.readouterr().err.splitlines() if not re.search("[Cc]overage|self.warn", line)
    ]
    assert said == []


@dataclass(frozen=True)
class Task:
    """Stops its own process, or does what it is for."""

    stops: bool
    seconds: float = 60.0

    def do(self) -> str:
        if self.stops:
            os.kill(os.getpid(), signal.SIGSTOP)
        return "done"


@posix
def test_a_worker_that_never_answers_is_ended_after_the_time_that_its_task_may_take(pool: Pool) -> None:
    assert pool.submit(Task.do, Task(stops=False)).result(60) == "done"
    with pytest.raises(OverdueError, match=r"there was no answer within 1 seconds"):
        pool.submit(Task.do, Task(stops=True, seconds=1.0)).result(60)
    assert pool.submit(Task.do, Task(stops=False)).result(60) == "done"
    assert len(multiprocessing.active_children()) <= 2


def test_what_waits_when_it_is_shut_is_done_or_cancelled() -> None:
    for cancelled in (False, True):
        pool = Pool(1, nothing)
        first = pool.submit(time.sleep, 0.3)
        assert soon(first.running)
        second = pool.submit(abs, -1)
        pool.shutdown(cancel_futures=cancelled)
        assert first.done()
        assert second.cancelled() == cancelled
    assert multiprocessing.active_children() == []


def test_workers_are_born_without_ctrl_c_and_the_terminal(pool: Pool) -> None:
    assert pool.submit(deafness).result(PATIENCE)
    with interrupts_held():
        future = pool.submit(deafness)
    assert future.result(PATIENCE)


BORN = """
import sys
from hakawati.narration.pool import Pool
from tests.narration.test_pool import deafness, nothing

if __name__ == "__main__":
    pool = Pool(1, nothing)
    sys.stdout.write(str(pool.submit(deafness).result(60)))
    pool.shutdown()
"""


@posix
def test_so_is_the_first_one_of_a_process(tmp_path: Path) -> None:
    """Python's own process, which is started before it, lets the signals come again."""
    assert in_a_new_process(tmp_path, BORN) == "True"


def in_a_new_process(folder: Path, code: str) -> str:
    """What the code prints there."""
    script = folder / "script.py"
    script.write_text(code)
    paths = os.pathsep.join([*sys.path, str(Path(__file__).parents[2])])
    return subprocess.run(
        [sys.executable, script],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
        check=True,
        timeout=120,
    ).stdout


def test_a_worker_that_cannot_be_started_is_an_error(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*_: object) -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    before = descriptors()
    with monkeypatch.context() as patch:
        patch.setattr("multiprocessing.util.spawnv_passfds", start)
        with pytest.raises(BlockingIOError):
            pool.submit(abs, -1).result(PATIENCE)
    assert descriptors() <= before + 1  # the process that keeps account of what all share has a pipe, too
    assert pool.submit(abs, -1).result(PATIENCE) == 1


UNSTARTED = """
import multiprocessing.util, sys
from hakawati.narration.pool import Pool
from tests.narration.test_pool import nothing

def start(*_):
    raise BlockingIOError(11, "Resource temporarily unavailable")

if __name__ == "__main__":
    multiprocessing.util.spawnv_passfds = start
    pool = Pool(1, nothing)
    try:
        pool.submit(abs, -1).result(60)
    except OSError as error:
        sys.stdout.write(type(error).__name__)
    pool.shutdown()
"""


def test_so_it_is_where_no_process_at_all_can_be_started(tmp_path: Path) -> None:
    assert in_a_new_process(tmp_path, UNSTARTED) == "BlockingIOError"


def test_nothing_is_left_open(pool: Pool) -> None:
    pool.submit(abs, -1).result(PATIENCE)
    before = descriptors()
    for _ in range(5):
        with pool_of(Pool(2, nothing)) as other:
            assert [f.result(PATIENCE) for f in [other.submit(abs, -1) for _ in range(4)]] == [1] * 4
    assert descriptors() == before
