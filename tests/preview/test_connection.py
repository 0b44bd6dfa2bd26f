"""Browsers that open connections and leave them, and a system that has no more of them to give."""

from __future__ import annotations

import errno
import os
import queue
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from hakawati.preview import connection, static_files
from hakawati.preview.builder_process import BuilderProcess
from hakawati.preview.messages import BuilderMessage, FinishedBuild
from tests.building import soon
from tests.preview.serving import (
    CHAPTER,
    PAGE,
    LineProject,
    Process,
    Served,
    asked,
    make_project,
    save,
    served,
    status,
    until,
)
from tests.support import PATIENCE

BIG = 50_000_000
"""Bytes: more than the buffers between a server and a client hold."""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """One that waits for no request longer than a moment."""
    monkeypatch.setattr(connection, "REQUEST_TIMEOUT", 0.3)
    (tmp_path / "index.html").write_text(PAGE)
    with (tmp_path / "big.mp3").open("wb") as big:
        big.truncate(BIG)
    with served(tmp_path) as here:
        assert here.server
        here.server.config.timeout_keep_alive = 1
        yield here


def request(server: Served, path: str = "/", more: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{more}\r\n".encode()


def opened(server: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), PATIENCE)


def rest(client: socket.socket) -> bytes:
    """What comes until the server closes the connection."""
    answer = bytearray()
    with suppress(ConnectionError):
        while part := client.recv(1 << 16):
            answer += part
    return bytes(answer)


def page(client: socket.socket) -> bytes:
    """An answer with a page, after which the connection stays open."""
    answer = b""
    while not answer.endswith(b"</html>\n"):
        answer += client.recv(1 << 16)
    return answer


@pytest.mark.parametrize(
    "begun", ["", "G", "GET / HTTP/1.1", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: x\r\nX-Y: "]
)
def test_a_request_that_does_not_come_is_not_waited_for(server: Served, begun: str) -> None:
    assert asked(server.port, begun.encode(), PATIENCE) == b""


def test_nor_is_one_that_comes_drop_by_drop(server: Served) -> None:
    with opened(server) as client:
        assert soon(lambda: _is_refused(client), PATIENCE)


def _is_refused(client: socket.socket) -> bool:
    try:
        client.sendall(b"G")
    except ConnectionError:
        return True
    return False


@pytest.mark.parametrize("begun", [b"", b"GET / HT"])
def test_nor_the_next_one_after_an_answer(server: Served, begun: bytes) -> None:
    with opened(server) as client:
        client.sendall(request(server) + begun)
        assert status(rest(client)) == 200
    with opened(server) as client:
        client.sendall(request(server))
        assert status(page(client)) == 200
        client.sendall(begun)
        assert rest(client) == b""


def test_nor_the_body_of_one_that_is_answered(server: Served) -> None:
    with opened(server) as client:
        client.sendall(request(server, more="Content-Length: 10\r\n"))
        assert status(page(client)) == 200
        client.sendall(b"x")
        assert rest(client) == b""


def test_a_page_that_listens_and_a_slow_reader_stay(server: Served) -> None:
    with server.listen() as listener, opened(server) as reader:
        until(listener, "building")
        reader.sendall(request(server, "/big.mp3", "Connection: close\r\n"))
        answer = reader.recv(1000)
        for _ in range(3):
            assert asked(server.port, b"GET / HT", PATIENCE) == b""
        listener.send("?")
        until(listener, "here")
        head, _, body = (answer + rest(reader)).partition(b"\r\n\r\n")
        assert status(head) == 200
        assert len(body) == BIG


# No more files


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
def test_a_page_that_cannot_be_opened_now_is_not_said_to_be_missing(
    server: Served, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def full(_: Path) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(static_files, "_opened", full)
        for path in ("/", "/big.mp3", "/live/live.js"):
            answer = asked(server.port, request(server, path, "Connection: close\r\n"), PATIENCE)
            assert status(answer) == 503
            assert b"Too many files are open." in answer
            assert b"\r\nx-content-type-options: nosniff\r\n" in answer
    assert status(asked(server.port, request(server, more="Connection: close\r\n"), PATIENCE)) == 200


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_preview_that_has_no_descriptors_left_answers_when_it_has_some(tmp_path: Path) -> None:
    with Process(make_project(tmp_path)) as preview:
        port, pid = int(preview.line()), preview.process.pid
        preview.until("FinishedBuild")

        def count() -> int:
            return len(list(Path(f"/proc/{pid}/fd").iterdir()))

        limit = count() + 10
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (limit, limit))
        clients = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(30)]
        assert soon(lambda: count() == limit, PATIENCE)
        late = socket.create_connection(("127.0.0.1", port), PATIENCE)
        late.sendall(
            f"GET /one.html HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
        )
        for client in clients:
            client.close()
        with late:
            answer = rest(late)
        assert status(answer) == 200
        assert b"first line" in answer
        save(tmp_path / "project", "another line\n")
        preview.until("FinishedBuild")
        os.killpg(pid, signal.SIGINT)
        out, err = preview.process.communicate(timeout=PATIENCE)
        assert (out.splitlines()[-1], err) == ("ended", "")


def test_a_builder_is_started_when_the_system_has_room_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, told = make_project(tmp_path), queue.Queue[BuilderMessage]()
    builder = BuilderProcess(LineProject(project), told.put, rest=0.01)
    context, tries = builder._context, iter(range(3))
    pipe = context.Pipe

    def full() -> object:
        if next(tries, None) is not None:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return pipe()

    monkeypatch.setattr(context, "Pipe", full)
    builder.start()
    try:
        while not isinstance(news := told.get(timeout=PATIENCE), FinishedBuild):
            pass
        assert news.problems == ()
        assert (project / CHAPTER).is_file()
    finally:
        builder.stop()
