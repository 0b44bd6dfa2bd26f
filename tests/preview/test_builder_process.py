"""The builder's process: what it tells, and that it is there for as long as the server, and no longer."""

from __future__ import annotations

import os
import queue
import signal
import sys
import time
from collections.abc import Iterator
from multiprocessing.context import SpawnProcess
from pathlib import Path

import pytest

from hakawati.preview.builder_process import BuilderProcess
from hakawati.preview.messages import BuilderExit, BuilderMessage, BuildProgress, FinishedBuild, PageUpdate
from tests.building import soon
from tests.preview.serving import CHAPTER, LineProject, Process, alive, make_project, save
from tests.support import PATIENCE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


class Kept:
    """A builder, and what it told."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.told: queue.Queue[BuilderMessage] = queue.Queue()
        self.builder = BuilderProcess(LineProject(project), self.told.put, rest=0.05)

    def built(self) -> FinishedBuild:
        """The next result."""
        while not isinstance(told := self.told.get(timeout=PATIENCE), FinishedBuild):
            assert isinstance(told, BuildProgress)
        return told

    def lost(self) -> BuilderExit:
        """The next builder's death."""
        while not isinstance(told := self.told.get(timeout=PATIENCE), BuilderExit):
            assert isinstance(told, BuildProgress)
        return told

    @property
    def pid(self) -> int:
        """The builder's, once there is one."""

        def found() -> int:
            process = self.builder._process
            return process.pid or 0 if process else 0

        assert soon(found)
        return found()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    found = Kept(make_project(tmp_path))
    found.builder.start()
    yield found
    found.builder.stop()


def test_the_book_is_built_at_once_and_with_every_save_and_what_changed_is_told(kept: Kept) -> None:
    first = kept.built()
    assert first.problems == ()
    assert first.changed == ("index.html", "one.html", "strips/one.svg")
    assert first.chapters[0].name == "one"
    save(kept.project, "first line\nanother line\n")
    second = kept.built()
    assert second.changed == ("one.html",)
    assert "another line" in (kept.project / "build/web/one.html").read_text()
    save(kept.project, "first line\nanother line\n")
    assert kept.built().changed == ()


def test_a_mistake_is_told_with_its_lines_and_the_last_good_book_stays(kept: Kept) -> None:
    kept.built()
    save(kept.project, "first\nthis has a mistake\nlast doubt\n")
    told = kept.built()
    ((problem, excerpt),) = [(shown.problem, shown.excerpt) for shown in told.problems]
    assert (problem.path, problem.line) == (CHAPTER, 2)
    assert excerpt == ((1, "first"), (2, "this has a mistake"), (3, "last doubt"), (4, ""))
    assert told.changed == ()
    assert "first line" in (kept.project / "build/web/one.html").read_text()
    save(kept.project, "first\nthis is mended\n")
    told = kept.built()
    assert (told.problems, told.changed) == ((), ("one.html",))


def test_new_pages_are_told_before_the_rest_is_made(kept: Kept) -> None:
    kept.built()
    save(kept.project, "packing takes long\n")
    while isinstance(told := kept.told.get(timeout=PATIENCE), BuildProgress):
        pass
    assert told == PageUpdate(("one.html",))


def test_a_builder_that_is_killed_is_followed_by_another_and_all_may_have_changed(kept: Kept) -> None:
    kept.built()
    first = kept.pid
    os.kill(first, signal.SIGKILL)
    lost = kept.lost()
    assert (lost.how, lost.wait_first) == ("signal 9", False)
    again = kept.built()
    assert again.changed is None
    assert kept.pid != first
    save(kept.project, "other\n")
    assert kept.built().changed == ("one.html",)


def test_a_book_that_kills_its_builder_is_tried_twice_and_then_waits_for_a_save(kept: Kept) -> None:
    kept.built()
    save(kept.project, "here they die\n")
    assert not kept.lost().wait_first
    assert kept.lost().wait_first
    assert kept.pid
    time.sleep(1)
    with pytest.raises(queue.Empty):
        kept.told.get_nowait()

    def heard() -> bool:
        save(kept.project, "mended\n")  # again where the next builder is not yet watching
        return soon(lambda: not kept.told.empty(), 2)

    assert soon(heard)
    assert kept.built().changed is None
    assert "mended" in (kept.project / "build/web/one.html").read_text()


@pytest.mark.parametrize("text", ["first\n", "a slow one\n"])
def test_when_it_is_told_to_end_it_does_and_is_not_killed(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it waits for a save, and in the middle of a build, which takes longer than it has to end."""
    killed: list[int | None] = []
    really_kill = SpawnProcess.kill

    def kill(process: SpawnProcess) -> None:
        killed.append(process.pid)
        really_kill(process)

    monkeypatch.setattr("hakawati.preview.builder_process.GRACE", PATIENCE)
    monkeypatch.setattr(SpawnProcess, "kill", kill)
    kept = Kept(make_project(tmp_path, text))
    kept.builder.start()
    assert isinstance(kept.told.get(timeout=PATIENCE), BuildProgress)
    pid = kept.pid
    kept.builder.stop()
    assert not alive(pid)
    assert killed == []


def test_it_ends_even_before_the_builder_has_begun(tmp_path: Path) -> None:
    kept = Kept(make_project(tmp_path))
    kept.builder.start()
    pid = kept.pid
    kept.builder.stop()
    assert not alive(pid)


def test_a_builder_that_will_not_end_is_killed(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hakawati.preview.builder_process.GRACE", 0.2)
    kept.built()
    pid = kept.pid
    os.kill(pid, signal.SIGSTOP)
    kept.builder.stop()
    assert not alive(pid)


@pytest.mark.parametrize("text", ["first\n", "a slow one\n"])
def test_ctrl_c_ends_all_without_a_word_of_complaint(tmp_path: Path, text: str) -> None:
    with Process(make_project(tmp_path, text)) as preview:
        assert int(preview.line())
        preview.until("BuildProgress" if "slow" in text else "FinishedBuild")
        os.killpg(preview.process.pid, signal.SIGINT)
        out, err = preview.process.communicate(timeout=PATIENCE)
        assert out.splitlines()[-1] == "ended"
        assert err == ""
        assert soon(lambda: not preview.children())


def test_a_server_that_is_killed_takes_the_builder_with_it(tmp_path: Path) -> None:
    with Process(make_project(tmp_path)) as preview:
        assert int(preview.line())
        preview.until("FinishedBuild")
        assert len(preview.children()) > 1
        os.kill(preview.process.pid, signal.SIGKILL)
        assert soon(lambda: not preview.children())


def test_a_server_that_is_told_to_terminate_takes_the_builder_with_it(tmp_path: Path) -> None:
    with Process(make_project(tmp_path)) as preview:
        assert int(preview.line())
        preview.until("FinishedBuild")
        preview.process.terminate()
        assert preview.process.wait(PATIENCE) == -signal.SIGTERM
        assert soon(lambda: not preview.children())
