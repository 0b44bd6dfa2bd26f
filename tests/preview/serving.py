"""Servers to be asked, and a project whose book is one file: a builder that narrates nothing."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from hakawati.common.watching import changes
from hakawati.errors import Problem
from hakawati.model import Progress
from hakawati.preview.builder import BuildResult
from hakawati.preview.guard import hosts
from hakawati.preview.hub import Hub
from hakawati.preview.messages import BuilderMessage, ChapterSummary
from hakawati.preview.ports import bind
from hakawati.preview.server import PreviewSettings, application, serve, settings
from tests.support import PATIENCE

CHAPTER = "book/en/one.md"
PAGE = """<!DOCTYPE html>
<html lang="en" dir="ltr" data-book="urn:x" data-edition="" data-layout="interleaved" data-chapter="one"
 data-root="" data-home="index.html">
<head><meta charset="utf-8"><title>One</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="style.css">
<script defer src="app.js"></script></head>
<body><nav id="contents"><a href="index.html">Start</a> <a href="one.html">One</a></nav>
<main id="book" tabindex="-1">{blocks}</main></body></html>
"""
STRIP = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 20">
<rect width="100" height="20" fill="#888"/></svg>"""


@dataclass(frozen=True)
class LineProject:
    """Lines of `book/en/one.md` become the paragraphs of `one.html`.

    `mistake` in it is a problem in its line, `doubt` a notice; at `die` the builder dies.
    """

    folder: Path
    chapters: tuple[ChapterSummary, ...] = (ChapterSummary("", "one", 1.5, 1, 0, "text changed"),)

    def saves(self) -> Iterator[None]:
        return changes([self.folder])

    def build(
        self,
        progress: Progress,
        published: Callable[[], None],
        waiting: Callable[[str], None],  # noqa: ARG002
    ) -> BuildResult:
        lines = (self.folder / CHAPTER).read_text().splitlines()
        progress.stage("Speaking", len(lines))
        blocks, problems, notices = [], [], []
        for number, line in enumerate(lines, start=1):
            progress.advance()
            if "die" in line:
                os.kill(os.getpid(), signal.SIGKILL)
            if "slow" in line:
                time.sleep(2 * PATIENCE)
            if "mistake" in line:
                problems.append(Problem(CHAPTER, number, "this is a mistake", "mend it"))
            if "doubt" in line:
                notices.append(Problem(CHAPTER, number, "this deserves a look"))
            blocks.append(f'<p class="s" id="b{number}" data-line="{CHAPTER}:{number}">{line}</p>')
        if not problems:
            write(self.folder, "one.html", PAGE.format(blocks="\n".join(blocks)))
            write(self.folder, "strips/one.svg", STRIP)
            write(self.folder, "index.html", PAGE.format(blocks="<p>The book</p>"))
        if "packing" in lines[0]:
            published()
            progress.stage("Binding", 1)
            time.sleep(2 * PATIENCE)
        return BuildResult(tuple(problems), tuple(notices), self.chapters)


def make_project(folder: Path, text: str = "first line\nsecond line\n") -> Path:
    """A project whose one chapter has this text, with a program in place of the reader's."""
    project = folder / "project"
    save(project, text)
    app = (Path(__file__).parent / "app.js").read_text()
    write(project, "app.js", app)
    write(project, "style.css", "body { color: rgb(1, 2, 3) }")
    return project


def save(project: Path, text: str) -> None:
    """As a careful editor does: whole or not at all."""
    file = project / CHAPTER
    file.parent.mkdir(parents=True, exist_ok=True)
    new = project / "new"
    new.write_text(text)
    new.replace(file)


def write(project: Path, name: str, text: str) -> None:
    """Write a file of the pages, where it is another one."""
    file = project / "build" / "web" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists() or file.read_text() != text:
        file.write_text(text)


@dataclass
class Served:
    """A server in a thread of this process, without a builder: the test tells the hub."""

    folder: Path
    port: int = 0
    hub: Hub = field(default_factory=lambda: Hub("run"))
    loop: asyncio.AbstractEventLoop | None = None
    server: uvicorn.Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def tell(self, message: BuilderMessage) -> None:
        assert self.loop
        self.loop.call_soon_threadsafe(self.hub.take, message)

    def cut(self) -> None:
        """Break all connections off, as a network that is gone does."""
        assert self.loop
        assert self.server
        for connection in list(self.server.server_state.connections):
            self.loop.call_soon_threadsafe(connection.transport.abort)

    def listen(
        self, query: str = "", max_queue: int = 16, close_timeout: float = PATIENCE
    ) -> ClientConnection:
        """A page's socket."""
        address = f"ws://127.0.0.1:{self.port}/live/socket{query}"
        return connect(
            address, origin=Origin(self.url), proxy=None, max_queue=max_queue, close_timeout=close_timeout
        )


@contextmanager
def served(folder: Path, port: int | None = 0) -> Iterator[Served]:
    listener = bind("127.0.0.1", port)
    here = Served(folder, listener.getsockname()[1])
    here.server = uvicorn.Server(settings(application(folder, here.hub, hosts("127.0.0.1", here.port, "me"))))

    async def run() -> None:
        here.loop = asyncio.get_running_loop()
        assert here.server
        await here.server.serve([listener])

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    try:
        while not here.server.started:
            time.sleep(0.005)
        yield here
    finally:
        here.server.should_exit = True
        thread.join()


def asked(port: int, request: bytes, seconds: float = PATIENCE) -> bytes:
    """What a server answers to these very bytes until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), seconds) as connection:
        found = b""
        try:
            connection.sendall(request)
            while part := connection.recv(1 << 16):
                found += part
        except ConnectionError:
            pass
        return found


def status(answer: bytes) -> int:
    """Of a raw answer; 0 where there is none."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def until(page: ClientConnection, state: str) -> dict[str, Any]:
    """The first message that tells of this state."""
    end = time.monotonic() + PATIENCE
    while True:
        message: dict[str, Any] = json.loads(page.recv(max(0.01, end - time.monotonic())))
        if message["state"] == state:
            return message


def alive(pid: int) -> bool:
    """Whether there is such a process, and it is no mere entry in a table."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


class Process:
    """A whole preview in a process of its own."""

    def __init__(self, project: Path, port: int = 0) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.preview.serving", str(project), str(port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def until(self, text: str) -> None:
        while (line := self.line()) != text:
            assert line, self.process.stderr and self.process.stderr.read()

    def children(self) -> list[int]:
        found = []
        for entry in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                if int(entry.read_text().rpartition(")")[2].split()[2]) == self.process.pid:
                    found.append(int(entry.parent.name))
        return [pid for pid in found if alive(pid)]

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


def main(project: str, port: str) -> None:
    """A whole preview with its builder, in a process of its own: tells its port, then every result."""
    listener = bind("127.0.0.1", int(port))
    number = listener.getsockname()[1]
    preview = PreviewSettings(LineProject(Path(project)), [listener], hosts("127.0.0.1", number, "me"))

    def say(text: object) -> None:
        print(text, flush=True)  # noqa: T201

    try:
        serve(preview, lambda message: say(type(message).__name__), lambda: say(number))
    except KeyboardInterrupt:
        say("ended")


if __name__ == "__main__":
    main(*sys.argv[1:])
