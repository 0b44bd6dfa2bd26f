"""Everything that a build does to its files fails once; so does every sentence, and every process.

A build says what failed and leaves the last good book, each file old or new; the next one is right.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from hakawati.errors import BookError, Problem
from hakawati.model import Speech, VoiceError
from tests.building import Reader, left, run, without_builds
from tests.faulty import Disk, final
from tests.goldens import TIME, build_here
from tests.narration.making import Hum
from tests.support import draw, write_book

pytestmark = pytest.mark.unmeasured

BOOK: dict[str, str | bytes] = {
    "book.yaml": """title: {ar: كتاب, en: A Book}
languages: [ar, en]
cover: images/cover.png
site: https://example.org/
listening: [lrc, playlist, audiobook, feed]
editions:
  both: {narration: {languages: [ar, en]}, layout: facing, listening: []}
""",
    "ar/01-one.md": "# الأول\n\nجاء الناس.\n",
    "en/01-one.md": "# The First\n\nThe people came.\n",
    "ar/02-two.md": "# الثاني\n\nنص قصير.\n",
    "en/02-two.md": "# The Second\n\nA short text.\n",
    "glossary.yaml": "- term: نص\n  translation: {en: text}\n",
}
EDITS: Mapping[str, str | None] = {
    "book.yaml": str(BOOK["book.yaml"]).replace("A Book", "The Book").replace("both:", "two:"),
    "ar/02-two.md": None,
    "en/02-two.md": None,
    "ar/03-three.md": "# الثالث\n\nنص آخر.\n",
    "en/03-three.md": "# The Third\n\nAnother text.\n",
}
"""A chapter, an edition and a title less, and others more."""
SHARES = 8
SAMPLE = 100
"""Each how many-th fault is tried every time."""
KINDS = {"make", "open", "write", "fsync", "replace", "link", "mkdir", "unlink", "rmdir"}
HINT = "what was built before is still there, and what was spoken is kept"


def edit(project: Path) -> None:
    for name, text in EDITS.items():
        path = project / "book" / name
        path.unlink() if text is None else path.write_text(text)


@dataclass(frozen=True)
class Books:
    """A book that was built and then edited, what it left, and what it should give now."""

    project: Path
    before: Path
    """As it was built, without the edit."""
    old: Mapping[str, bytes]
    new: Mapping[str, bytes]


@pytest.fixture
def books(tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> Books:
    project = tmp_path / "first" / "project"
    draw(project / "book" / "images" / "cover.png", size=(40, 60))
    write_book(project, dict(BOOK))
    build(project)
    old = left(project)
    before = tmp_path / "before" / "project"
    shutil.copytree(project, before)
    edit(project)
    fresh = without_builds(project, tmp_path / "fresh")
    build(fresh)
    # What is made in the system's folder for such files is seen, too.
    (tmp_path / "system").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "system"))
    return Books(project, before, old, left(fresh))


def build(project: Path) -> tuple[Problem, ...]:
    try:
        build_here(project, modified=TIME, web=True)
    except BookError as error:
        return tuple(error.problems)
    return ()


def copied(project: Path, folder: Path) -> Path:
    """Files and links as they are, but those into the sources."""
    copy = folder / project.name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(project, copy)
    return copy


def tried(books: Books, tmp_path: Path, faults: Iterable[int]) -> Counter[str]:
    """Have each of these things fail in a build of its own; returns what kinds they were of."""
    kinds: Counter[str] = Counter()
    for number in faults:
        copy = copied(books.project, tmp_path / "copy")
        disk = Disk(copy, tmp_path / "system", failing=number, error=(errno.EIO, errno.ENOSPC)[number % 2])
        with disk.at_work():
            problems = build(copy)
        if disk.failed is None:
            break
        what, path = disk.failed
        kinds[what] += 1
        case = (number, what, path)
        if problems:
            (problem,) = problems
            assert os.strerror(disk.error) in str(problem), case
            assert problem.path.startswith(final(path)) or path in problem.message or "system" in path, (
                case,
                problem,
            )
            assert problem.hint == HINT, case
        elif what in ("unlink", "rmdir"):  # to clear up may fail
            assert different(left(copy), books.new) in ([], [copied_name(path, copy)]), case
        else:  # and so may what can be done in another way
            assert what in ("link", "mkdir", "make", "open") or path.endswith("/build/.lock.json"), case
            assert different(left(copy), books.new) == [], case
        for name, data in left(copy).items():
            assert data in (books.old.get(name), books.new.get(name)), (case, name)
        if number % 3:
            assert build(copy) == (), case
            assert different(left(copy), books.new) == [], case
        else:  # the author takes back what she had changed
            shutil.rmtree(copy / "book")
            shutil.copytree(books.before / "book", copy / "book")
            assert build(copy) == (), case
            assert different(left(copy), books.old) == [], case
        assert not list(copy.rglob("*.part")), case
        for folder in (tmp_path / "system").iterdir():
            assert (what, path) == ("rmdir", str(folder)), case
            folder.rmdir()
    return kinds


def copied_name(path: str, copy: Path) -> str:
    return Path(path).relative_to(copy).as_posix() if path.startswith(str(copy)) else ""


def different(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def done(books: Books, tmp_path: Path) -> list[str]:
    """What a build does to its files."""
    disk = Disk(copied(books.project, tmp_path / "copy"), tmp_path / "system")
    with disk.at_work():
        build(tmp_path / "copy" / "project")
    return [what for what, _ in disk.done]


def test_what_a_build_does_to_files_fails_here_and_there(books: Books, tmp_path: Path) -> None:
    does = done(books, tmp_path)
    number = len(does)
    assert number > 500
    assert set(does) == KINDS
    kinds = tried(books, tmp_path, range(7, number, SAMPLE))
    assert kinds.total() == len(range(7, number, SAMPLE))


@pytest.mark.soak
@pytest.mark.parametrize("share", range(SHARES))
def test_everything_that_a_build_does_to_files_fails_once(books: Books, tmp_path: Path, share: int) -> None:
    number = len(done(books, tmp_path))
    kinds = tried(books, tmp_path, range(share, number, SHARES))
    print(f"{kinds.total()} faults: {kinds}")  # noqa: T201
    assert kinds.total() == len(range(share, number, SHARES))


# Engines and processes


@pytest.mark.parametrize("error", [VoiceError("it will not"), RuntimeError("a bug"), OSError(5, "Broken")])
def test_every_sentence_fails_once(
    books: Books, tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    reader.said.clear()
    build(copied(books.project, tmp_path / "copy"))
    sentences = len(reader.said)
    assert sentences > 2
    speak = Hum.speak
    for number in range(sentences):
        copy = copied(books.project, tmp_path / "copy")
        reader.said.clear()

        def fail(hum: Hum, text: str, number: int = number) -> Speech:
            if len(reader.said) == number + 1:
                raise error
            return speak(hum, text)

        with monkeypatch.context() as patch:
            patch.setattr(Hum, "speak", fail)
            (problem,) = build(copy)
        assert problem.message.startswith("The Reader cannot speak this sentence")
        assert str(error.args[-1]) in problem.message
        assert problem.line > 0
        assert different(left(copy), books.old) == []
        reader.said.clear()
        assert build(copy) == ()
        assert len(reader.said) == 1
        assert different(left(copy), books.new) == []


FAULTY = """
import os, subprocess, sys
from pathlib import Path

def counted(name, function):
    def wrapped(*args, **kwargs):
        folder = Path(os.environ["TEST_FAULTS"])
        for number in range(1000):
            try:
                (folder / f"{name} {number}").touch(exist_ok=False)
                break
            except FileExistsError:
                continue
        if os.environ["TEST_FAULT"] == f"{name} {number}":
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return function(*args, **kwargs)
    return wrapped

os.fork = counted("fork", os.fork)
subprocess.Popen.__init__ = counted("program", subprocess.Popen.__init__)
import multiprocessing.util
multiprocessing.util.spawnv_passfds = counted("worker", multiprocessing.util.spawnv_passfds)
"""
"""A module that Python loads in every process: the processes that they start are counted, and one is not."""


def command(tmp_path: Path, project: Path, fault: str) -> tuple[int, str, set[str]]:
    """Build in processes of its own; its status, what it says, and all processes that were to be started."""
    site, faults = tmp_path / "site", tmp_path / "faults"
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(FAULTY)
    shutil.rmtree(faults, ignore_errors=True)
    faults.mkdir()
    path = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])
    given = {"PYTHONPATH": path, "TEST_FAULTS": str(faults), "TEST_FAULT": fault}
    done = run(tmp_path, "build", project, "--workers", "2", "--web", environment=given)
    return done.ended(), done.told, {file.name for file in faults.iterdir()}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process is forked")
def test_every_process_cannot_be_started_once(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "book.yaml": "title: {en: A Book}\nlanguages: [en]\ncover: none\n",
        "en/01-one.md": "# The First\n\nA sentence.\n",
    }
    project = write_book(tmp_path / "first" / "project", files)
    shutil.rmtree(project / "book" / "ar")
    assert command(tmp_path, project, "")[0] == 0
    old = left(project)
    (project / "book" / "en" / "01-one.md").write_text("# The First\n\nAnother one.\n\nAnd another.\n")
    fresh = without_builds(project, tmp_path / "fresh")
    status, told, processes = command(tmp_path, fresh, "")
    assert (status, {name.split()[0] for name in processes}) == (0, {"worker", "program", "fork"}), told
    new = left(fresh)
    failed = 0
    for fault in sorted(processes):
        copy = copied(project, tmp_path / "copy")
        status, told, _ = command(tmp_path, copy, fault)
        assert "Traceback" not in told, (fault, told)
        failed += status == 1
        assert status in (0, 1), (fault, told)
        assert ("temporarily unavailable" in told or "start no process" in told) == (status == 1), (
            fault,
            told,
        )
        assert different(left(copy), new if status == 0 else old) == [], fault
        status, told, _ = command(tmp_path, copy, "")
        assert status == 0, (fault, told)
        assert different(left(copy), new) == [], fault
    assert failed >= 3
