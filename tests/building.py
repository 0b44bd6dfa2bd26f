"""Small books that are built again and again: what builds leave, and builds in processes of their own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hakawati.common.store import Store
from hakawati.model import Speech, VoiceError, Where
from hakawati.narration.clip import CLIP
from tests.goldens import TIME
from tests.narration.making import Hum
from tests.support import PATIENCE

HAKAWATI = (sys.executable, "-m", "hakawati")
_MARK = "TEST_MARK"


def left(project: Path) -> dict[str, bytes]:
    """The book that a build left: every file that can be seen, but what it notes for itself."""
    return {
        file.relative_to(project).as_posix(): file.read_bytes()
        for folder in ("audio", "build")
        for file in sorted((project / folder).rglob("*"))
        if file.is_file()
        and not file.name.startswith(".")
        and file.relative_to(project).parts[:2] not in (("build", "store"), ("build", "editions"))
        and file.name not in ("report.json", "state.json")
    }


def unzipped(files: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """The same files, and those in their EPUBs."""
    found = dict(files)
    for name in [name for name in files if name.endswith(".epub")]:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "book.epub").write_bytes(found.pop(name))
        with zipfile.ZipFile(folder / "book.epub") as archive:
            found |= {f"{name}/{entry}": archive.read(entry) for entry in archive.namelist()}
    return found


def age(store: Path) -> None:
    """Have what is in a store be from yesterday: what is young stays there though nobody uses it."""
    yesterday = time.time() - 86_400
    for file in store.rglob("*"):
        os.utime(file, (yesterday, yesterday))


def everything(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every file, and when it was last written."""
    return {
        file.relative_to(folder).as_posix(): (file.stat().st_ino, file.stat().st_mtime_ns, file.read_bytes())
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def without_builds(project: Path, copy: Path) -> Path:
    """A copy of a project in which nothing was ever built, under the same name."""
    shutil.copytree(project / "book", copy / project.name / "book")
    return copy / project.name


def clips(store: Path) -> dict[str, tuple[int, int]]:
    """The sound clips in a store, by key: which file it is, and when it was written."""
    found = {}
    for path in store.glob("[0-9a-f][0-9a-f]/[0-9a-f]*"):
        data = Store(store).get(key := path.parent.name + path.name)
        with suppress(ValueError):
            CLIP.loads(data or b"")
            found[key] = (path.stat().st_ino, path.stat().st_mtime_ns)
    return found


@dataclass
class Reader:
    """Makes voices that hum, and remembers what they were asked to say."""

    said: list[str] = field(default_factory=list)
    refuses: str = "\0"

    def make_voice(self, lang: str, choice: Any, project: Path) -> Any:  # noqa: ARG002
        return _Voice(self, f"{lang} {choice.engine} {sorted(choice.options.items())}")


@dataclass(frozen=True)
class _Voice:
    reader: Reader
    key: str
    credit: str = "The Reader"
    where: Where = "anywhere"

    def speak(self, text: str) -> Speech:
        if self.reader.refuses in text:
            raise VoiceError("it will not")
        self.reader.said.append(text)
        return Hum().speak(text)


class Command:
    """A `hakawati` in a session of its own, whose processes are known however far they went away."""

    def __init__(self, folder: Path, *arguments: str | Path, environment: Mapping[str, str] | None = None):
        self.mark = uuid.uuid4().hex
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / f"{self.mark}.log"
        given = {**os.environ, "SOURCE_DATE_EPOCH": str(TIME), _MARK: self.mark, **(environment or {})}
        with self.log.open("wb") as log, _open_to_interrupts():
            self.process = subprocess.Popen(
                [*HAKAWATI, *map(str, arguments)],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                env=given,
            )

    @property
    def told(self) -> str:
        return self.log.read_text(errors="replace")

    def pids(self) -> list[int]:
        """Its processes that live, wherever they are."""
        return marked(self.mark)

    def interrupt(self) -> None:
        """As Ctrl-C does: to the whole group."""
        os.killpg(self.process.pid, signal.SIGINT)

    def ended(self) -> int:
        return self.process.wait(PATIENCE)

    def __enter__(self) -> Command:
        return self

    def __exit__(self, *_: object) -> None:
        for pid in self.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


def marked(mark: str) -> list[int]:
    wanted = f"{_MARK}={mark}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return sorted(found)


@contextmanager
def _open_to_interrupts() -> Iterator[None]:
    """A test run in the background is deaf to Ctrl-C, and so would be what it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def run(folder: Path, *arguments: str | Path, environment: Mapping[str, str] | None = None) -> Command:
    """The command when it has ended."""
    command = Command(folder, *arguments, environment=environment)
    command.ended()
    return command


def soon(true: Callable[[], object], seconds: float = PATIENCE) -> bool:
    """Whether it comes true; `seconds` are given only where it is not to."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.01)
    return bool(true())


def ends(command: Command) -> None:
    """Ctrl-C ends a command, with all of its processes and no traceback."""
    command.interrupt()
    assert command.ended() == 130, command.told
    assert soon(lambda: not command.pids()), command.pids()
    assert "Traceback" not in command.told
    assert command.told.splitlines()[-1].startswith("Stopped. ")


def report(project: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project / "build" / "report.json").read_bytes())
    return found


def spoken(project: Path) -> int:
    """How many sentences the last build spoke."""
    return sum(chapter["clips_made"] for chapter in report(project)["chapters"])
