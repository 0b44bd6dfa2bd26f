"""What open pages are told, however many they are and however they go."""

from __future__ import annotations

import json
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from hakawati.preview.messages import BuildProgress, FinishedBuild
from tests.building import soon
from tests.preview.serving import Served, served, until
from tests.support import PATIENCE

PAGES = 100


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as here:
        yield here


def test_a_hundred_pages_all_hear_of_a_build(server: Served) -> None:
    with ExitStack() as stack:
        pages = [stack.enter_context(server.listen("?version=0&run=run")) for _ in range(PAGES)]
        for page in pages:
            assert json.loads(page.recv(PATIENCE))["state"] == "building"
        server.tell(FinishedBuild(changed=("a.html",)))
        for page in pages:
            told = json.loads(page.recv(PATIENCE))
            assert (told["state"], told["version"], told["changed"]) == ("ready", 1, ["a.html"])
        assert server.hub.listeners == PAGES
    assert soon(lambda: server.hub.listeners == 0)


def test_a_page_that_vanishes_keeps_no_other_from_hearing(server: Served) -> None:
    with server.listen() as page, server.listen() as gone:
        assert soon(lambda: server.hub.listeners == 2)
        gone.socket.shutdown(socket.SHUT_RDWR)
        server.tell(FinishedBuild(changed=("a.html",)))
        assert until(page, "ready")["version"] == 1
        assert soon(lambda: server.hub.listeners == 1)


def test_a_page_that_never_listens_keeps_no_other_from_hearing(server: Served) -> None:
    with server.listen() as page, server.listen(max_queue=1, close_timeout=0.1):
        for n in range(300):
            server.tell(FinishedBuild(changed=tuple(f"{n}/{m}.html" for m in range(300))))
            server.tell(BuildProgress("Speaking", n, 300))
        server.tell(FinishedBuild(changed=("last.html",)))
        while "last.html" not in (until(page, "ready")["changed"] or ()):
            pass


def test_a_page_that_comes_back_hears_what_it_missed(server: Served) -> None:
    server.tell(FinishedBuild(changed=("a.html",)))
    with server.listen("?version=0&run=run") as page:
        assert until(page, "ready")["changed"] == ["a.html"]
    server.tell(FinishedBuild(changed=("b.html",)))
    server.tell(FinishedBuild(changed=("c.html",)))
    with server.listen("?version=1&run=run") as page:
        assert until(page, "ready")["changed"] == ["b.html", "c.html"]
    with server.listen("?version=3&run=run") as page:
        assert until(page, "ready")["changed"] == []


@pytest.mark.parametrize(
    "query", ["", "?version=1", "?version=1&run=other", "?version=x&run=run", "?version=-1&run=run"]
)
def test_of_a_page_that_nobody_knows_all_may_have_changed(server: Served, query: str) -> None:
    server.tell(FinishedBuild(changed=("a.html",)))
    with server.listen(query) as page:
        assert until(page, "ready")["changed"] is None


def test_a_page_that_asks_is_answered(server: Served) -> None:
    with server.listen() as page:
        for _ in range(50):
            page.send("?")
        for _ in range(50):
            until(page, "here")
        page.send(b"\0")
        until(page, "here")


def test_a_page_that_says_too_much_is_shown_out(server: Served) -> None:
    with server.listen() as page:
        page.send("x" * 5000)
        with pytest.raises(ConnectionClosed):
            until(page, "here")
    assert soon(lambda: server.hub.listeners == 0)


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        ("http://evil.example", None, 403),
        (None, None, 403),
        ("null", None, 403),
        ("https://127.0.0.1:{port}", None, 403),
        ("http://localhost:{port}", None, 403),
        ("http://127.0.0.1:1", None, 403),
        ("http://evil.example:{port}", "evil.example:{port}", 421),
    ],
)
def test_pages_of_others_do_not_hear_anything(
    server: Served, origin: str | None, host: str | None, status: int
) -> None:
    given = origin.format(port=server.port) if origin else None
    named = {"Host": host.format(port=server.port)} if host else {}
    if host:
        assert handshake(server, given or "", named["Host"]) == status
        return
    with pytest.raises(InvalidStatus) as refused:
        connect(
            f"ws://127.0.0.1:{server.port}/live/socket", origin=Origin(given) if given else None, proxy=None
        )
    assert refused.value.response.status_code == status
    assert server.hub.listeners == 0


def handshake(server: Served, origin: str, host: str, path: str = "/live/socket") -> int:
    head = (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE) as connection:
        connection.sendall(head.encode())
        return int(connection.recv(1000).split(b" ")[1])


def test_there_is_one_socket_and_its_own_page_may_listen(server: Served) -> None:
    own = f"127.0.0.1:{server.port}"
    assert handshake(server, f"http://{own}", own) == 101
    for path in ("/", "/live/live.js", "/socket", "/live/socket/"):
        assert handshake(server, f"http://{own}", own, path) in (403, 404)


# The connection is cut, the server comes back


def test_a_page_whose_connection_is_cut_comes_back_and_has_missed_nothing(server: Served) -> None:
    server.tell(FinishedBuild(changed=("a.html",)))
    with server.listen("?version=0&run=run") as page:
        until(page, "ready")
        server.cut()
        with pytest.raises(ConnectionClosed):
            page.recv(PATIENCE)
    assert soon(lambda: server.hub.listeners == 0)
    server.tell(FinishedBuild(changed=("b.html",)))
    with server.listen("?version=1&run=run") as page:
        assert until(page, "ready")["changed"] == ["b.html"]


def test_a_server_that_comes_back_at_its_port_tells_its_pages_all(tmp_path: Path) -> None:
    with served(tmp_path) as first:
        port = first.port
        first.tell(FinishedBuild(changed=("a.html",)))
        with first.listen("?version=1&run=run") as page:
            until(page, "ready")
            assert first.server
            first.server.should_exit = True
            with pytest.raises(ConnectionClosed):
                page.recv(PATIENCE)
    with served(tmp_path, port) as second:
        second.hub.run = "another"
        second.tell(FinishedBuild(changed=("a.html",)))
        with second.listen("?version=1&run=run") as page:
            told = until(page, "ready")
            assert (told["run"], told["changed"]) == ("another", None)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_memory_does_not_grow_with_pages_that_come_and_go(server: Served) -> None:
    """Not by as much as a page's messages, for hundreds of pages that each break off."""
    server.tell(FinishedBuild(changed=tuple(f"{n}.html" for n in range(2000))))

    def come_and_go(times: int) -> None:
        for n in range(times):
            with server.listen(f"?version={n % 2}&run=run") as page:
                until(page, "ready")
                if n % 2:
                    page.socket.shutdown(socket.SHUT_RDWR)
        assert soon(lambda: server.hub.listeners == 0)

    come_and_go(50)
    before = memory()
    begin = time.monotonic()
    come_and_go(300)
    assert memory() - before < 3_000_000, f"after {time.monotonic() - begin:.1f} s"


def memory() -> int:
    """Bytes that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
