"""A folder on 127.0.0.1, as any web host serves it: byte ranges, since browsers seek in sounds by them."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

RANGE = re.compile(r"bytes=(\d+)-(\d*)$")


@dataclass(frozen=True)
class Reply:
    """What a host answers instead of a file."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    lacking: int = 0
    """So many bytes it promises more than it gives."""


@dataclass
class Host:
    """What a host does besides giving files, which a test may change at any time."""

    down: bool = False
    """Whether it cannot be reached."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Of every file."""
    rule: Callable[[str], Reply | None] = lambda _: None
    """The answer to a request of this path, where it is not the file."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Of all requests the path, with its query, and the range."""


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *given: object, host: Host, directory: str) -> None:
        self.host = host
        super().__init__(*given, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        if self.host.down:
            self.close_connection = True
            return
        self.host.asked.append((self.path, self.headers.get("Range", "")))
        if reply := self.host.rule(self.path.partition("?")[0]):
            self._give(reply)
            return
        path = Path(self.translate_path(self.path))
        asked = RANGE.match(self.headers.get("Range", ""))
        if not asked or not path.is_file():
            super().do_GET()
            return
        data = path.read_bytes()
        begin, end = int(asked[1]), min(int(asked[2] or len(data)), len(data) - 1)
        headers = {
            "Content-Type": self.guess_type(str(path)),
            "Content-Range": f"bytes {begin}-{end}/{len(data)}",
        }
        self._give(Reply(206, headers, data[begin : end + 1]))

    def _give(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body) + reply.lacking))
        self.end_headers()
        self.wfile.write(reply.body)
        self.close_connection = self.close_connection or reply.lacking > 0

    def end_headers(self) -> None:
        for name, value in self.host.headers.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A browser that goes away in the middle of a sound is none."""


@contextmanager
def served(folder: Path, host: Host | None = None) -> Iterator[str]:
    """Serve it; where."""
    handler = partial(_Handler, host=host or Host(), directory=str(folder))
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
