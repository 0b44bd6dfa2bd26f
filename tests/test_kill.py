"""Builds that are killed, at any moment: no wrong file is ever seen, and nothing is spoken twice."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import sys
import time
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from hakawati.narration.mp3 import frame_bytes
from tests.building import Command, clips, left, run, soon
from tests.support import write_book

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")

CHAPTERS = 3
SENTENCES = 8
"""In each chapter, with its title."""
ALL = CHAPTERS * SENTENCES
ROUNDS = 6
SOAK = 150
IN_HAND = 400
"""Sentences, of 1,200, that two workers may still finish: those of a batch are kept together, and a busy
machine takes a while to pass Ctrl-C on."""


def text(chapter: int, what: str, sentences: int) -> str:
    told = "\n\n".join(f"The {what} of day {chapter}, part {n}." for n in range(1, sentences))
    return f"# The {what} of day {chapter}\n\n{told}\n"


def write(project: Path, what: str, sentences: int) -> None:
    files: dict[str, str | bytes] = {"book.yaml": "title: {en: A Book}\nlanguages: [en]\n"}
    chapters = {f"en/0{n}-day.md": text(n, what, sentences) for n in range(1, CHAPTERS + 1)}
    write_book(project, {**files, **chapters})
    shutil.rmtree(project / "book" / "ar", ignore_errors=True)


@dataclass(frozen=True)
class Books:
    """A project with an old book, and what it and its new text should give."""

    project: Path
    old: Mapping[str, bytes]
    new: Mapping[str, bytes]
    seconds: float
    """That the new build takes."""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    folder = tmp_path_factory.mktemp("books")
    project = folder / "project"
    write(project, "dog", 3)
    assert run(folder, "build", project).ended() == 0
    old = left(project)
    fresh = folder / "fresh" / "project"
    write(fresh, "cat", SENTENCES)
    begin = time.monotonic()
    assert run(folder, "build", fresh).ended() == 0
    took = time.monotonic() - begin
    write(project, "cat", SENTENCES)
    return Books(project, old, left(fresh), took)


def assert_whole(project: Path, books: Books) -> None:
    """Everything that can be seen is whole, and either the old book's or the new one's."""
    for name, data in left(project).items():
        assert data in (books.old.get(name), books.new.get(name)), name
        if name.endswith(".mp3"):
            tag = 10 + int("".join(f"{byte:07b}" for byte in data[6:10]), 2)
            assert (len(data) - tag) % frame_bytes(64) == 0
            assert data[tag : tag + 2] == b"\xff\xf3"
        elif name.endswith(".epub"):
            assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
        else:
            json.loads(data)
    for name in ("report.json", "state.json"):
        json.loads((project / "build" / name).read_bytes())


def victim(command: Command, kind: str, chance: random.Random) -> int | None:
    """The build itself, or one of the processes that it started."""
    others = [pid for pid in command.pids() if pid != command.process.pid and b"tracker" not in line(pid)]
    return command.process.pid if kind == "main" else chance.choice(others) if others else None


def line(pid: int) -> bytes:
    """A process's command line: Python has a process of its own that tracks what the others share."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b"tracker"


def kill_at_some_moment(books: Books, folder: Path, number: int) -> None:
    chance = random.Random(number)
    kind = ("main", "other")[number % 2]
    project = folder / f"{number}" / "project"
    shutil.copytree(books.project, project)
    known = clips(project / "build" / "store")
    with Command(folder, "build", project) as command:
        time.sleep(chance.uniform(0.1, 1.1) * books.seconds)
        with suppress(ProcessLookupError):  # it may just have ended
            if (pid := victim(command, kind, chance)) is not None:
                os.kill(pid, signal.SIGKILL)
        status = command.ended()
        assert status in ((0, -signal.SIGKILL) if kind == "main" else (0, 1))
        assert soon(lambda: not command.pids()), command.pids()
        # A worker that Python was just starting, when its parent was killed, complains before it is ours.
        unborn = kind == "main" and "spawn_main" in command.told
        assert unborn or "Traceback" not in command.told
        if status == 1:
            assert "eSpeak NG broke off" in command.told
    assert_whole(project, books)

    finished = clips(project / "build" / "store")
    again = run(folder, "build", project, "--json")
    assert again.ended() == 0, again.told
    assert left(project) == books.new
    after = clips(project / "build" / "store")
    assert {key: after[key] for key in finished} == finished
    assert len(after) == len(known) + ALL
    made = [chapter["clips_made"] for chapter in json.loads(again.told)["chapters"]]
    assert sum(made) == len(after) - len(finished)
    shutil.rmtree(folder / f"{number}")


@pytest.mark.parametrize("number", range(ROUNDS))
def test_a_build_may_be_killed_at_any_moment(books: Books, tmp_path: Path, number: int) -> None:
    kill_at_some_moment(books, tmp_path, number)


@pytest.mark.soak
@pytest.mark.parametrize("number", range(ROUNDS, SOAK))
def test_a_build_may_be_killed_at_very_many_moments(books: Books, tmp_path: Path, number: int) -> None:
    kill_at_some_moment(books, tmp_path, number)


def is_further(command: Command, store: Path, clips_before: int) -> bool:
    return command.process.poll() is not None or len(clips(store)) > clips_before


def test_a_build_may_be_killed_again_and_again_and_goes_on_from_there(books: Books, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(books.project, project)
    store = project / "build" / "store"
    finished = clips(store)
    for _ in range(3):
        with Command(tmp_path, "build", project, "--workers", "1") as command:
            assert soon(partial(is_further, command, store, len(finished)))
            command.process.kill()
            command.ended()
            assert soon(lambda: not command.pids())
        found = clips(store)
        assert {key: found[key] for key in finished} == finished
        assert_whole(project, books)
        finished = found
    assert run(tmp_path, "build", project).ended() == 0
    assert {key: clips(store)[key] for key in finished} == finished
    assert left(project) == books.new


def test_ctrl_c_ends_a_build_at_once_and_keeps_what_was_spoken(tmp_path: Path) -> None:
    project = tmp_path / "project"
    write(project, "long story", 400)
    store = project / "build" / "store"
    with Command(tmp_path, "build", project, "--workers", "2") as command:
        assert soon(lambda: len(clips(store)) > 20)
        before = len(clips(store))
        command.interrupt()
        status = command.ended()
        assert soon(lambda: not command.pids()), command.pids()
    assert (status, command.told.splitlines()[-1]) == (
        130,
        "Stopped. What was spoken is kept, and the next build goes on from here.",
    )
    assert "Traceback" not in command.told
    assert left(project) == {}
    kept = clips(store)
    assert 20 < len(kept) < before + IN_HAND
    foretold = run(tmp_path, "build", project, "--dry-run", "--json")
    chapters = json.loads(foretold.told)["chapters"]
    assert sum(chapter["clips_reused"] for chapter in chapters) == len(kept)
    assert clips(store) == kept


@pytest.mark.parametrize("moment", [0.15, 0.5, 0.8, 0.95])
def test_ctrl_c_at_any_moment_leaves_the_old_book_or_the_new(
    books: Books, tmp_path: Path, moment: float
) -> None:
    project = tmp_path / "project"
    shutil.copytree(books.project, project)
    with Command(tmp_path, "build", project) as command:
        time.sleep(moment * books.seconds)
        with suppress(ProcessLookupError):
            command.interrupt()
        status = command.ended()
        assert soon(lambda: not command.pids()), command.pids()
    assert status in (0, 130, -signal.SIGINT), command.told  # by the signal itself before Python is ready
    assert_whole(project, books)
    assert run(tmp_path, "build", project).ended() == 0
    assert left(project) == books.new
    assert sorted(p.name for p in project.rglob(".*.part")) == []
