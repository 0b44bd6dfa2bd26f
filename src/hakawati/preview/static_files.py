"""The files of one folder, and nothing outside it, as answers to requests."""

from __future__ import annotations

import os
import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from hakawati.preview.connection import is_exhausted
from hakawati.preview.ranges import RangeNotSatisfiableError, part

KINDS = {
    ".css": "text/css; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mp3": "audio/mpeg",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""Media types by suffix. Systems differ in theirs, and a browser runs no script that is sent as text."""
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that is open for reading; the caller closes it."""

    name: str
    file: BinaryIO
    status: os.stat_result

    @property
    def is_page(self) -> bool:
        return self.name.endswith(".html")


def find(root: Path, path: str) -> OpenFile | Response | None:
    """The file that a URL's path, decoded, leads to in the folder; a folder's is its `index.html`.

    A redirection where a folder is named without its slash. None for everything that is not there, or not in
    the folder: names with `..` or a backslash, hidden files, links that lead out, pipes. Raises `OSError`
    where no more files can be open.
    """
    names = path.removeprefix("/").split("/")
    if (
        not path.startswith("/")
        or any(map(_is_strange, names[:-1]))
        or (names[-1] and _is_strange(names[-1]))
    ):
        return None
    try:
        inside = root.resolve(strict=True)
        there = inside.joinpath(*names).resolve(strict=True)
        if not there.is_relative_to(inside):
            return None
        if there.is_dir():
            if names[-1]:
                return RedirectResponse(quote(f"{path}/"))
            there = (there / "index.html").resolve(strict=True)
        elif not names[-1]:
            return None
        return _opened(there) if there.is_relative_to(inside) else None
    except (OSError, ValueError, RuntimeError) as error:  # a name that no file can have; a loop of links
        if is_exhausted(error):
            raise
        return None


def _is_strange(name: str) -> bool:
    return not name or name.startswith(".") or "\\" in name or not name.isprintable()


def _opened(there: Path) -> OpenFile | None:
    """The file, whose status is read after it is opened: a build may replace it at any moment."""
    # Without O_NONBLOCK, opening a pipe would wait for ever.
    number = os.open(there, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    file = os.fdopen(number, "rb")
    status = os.fstat(number)
    if stat.S_ISREG(status.st_mode):
        return OpenFile(there.name, file, status)
    file.close()
    return None


def etag(status: os.stat_result) -> str:
    """The entity tag of a file. It changes when the file is replaced; bytes written in place may keep it."""
    return f'"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"'


def is_known(headers: Headers, tag: str) -> bool:
    """Whether `If-None-Match` says that the browser has the version with this entity tag."""
    known = [given.strip().removeprefix("W/") for given in headers.get("if-none-match", "").split(",")]
    return tag.removeprefix("W/") in known or known == ["*"]


def answer(found: OpenFile, headers: Headers, method: str) -> Response:
    """The whole file, the range that is asked for, or 304 where the browser has it; closes the file."""
    tag, size = etag(found.status), found.status.st_size
    told = {
        # Never “unchanged for a while”: an edit that is taken back gives a URL its old content again.
        "cache-control": "no-cache",
        "etag": tag,
        "last-modified": formatdate(found.status.st_mtime, usegmt=True),
    }
    if is_known(headers, tag):
        found.file.close()
        return Response(status_code=304, headers=told)
    told["accept-ranges"] = "bytes"
    kind = KINDS.get(Path(found.name).suffix.lower(), "application/octet-stream")
    given = headers.get("range", "") if method == "GET" else ""
    if headers.get("if-range", tag) not in (tag, told["last-modified"]):
        given = ""
    try:
        asked = part(given, size)
    except RangeNotSatisfiableError:
        found.file.close()
        return Response(status_code=416, headers=told | {"content-range": f"bytes */{size}"})
    begin, end = asked or (0, size)
    told["content-length"] = str(end - begin)
    if asked:
        told["content-range"] = f"bytes {begin}-{end - 1}/{size}"
    if method == "HEAD":
        found.file.close()
        return Response(status_code=200, headers=told, media_type=kind)
    return _FileSliceResponse(found.file, begin, end, 206 if asked else 200, told, kind)


class _FileSliceResponse(StreamingResponse):
    """A part of an open file."""

    def __init__(
        self, file: BinaryIO, begin: int, end: int, status: int, headers: dict[str, str], kind: str
    ) -> None:
        super().__init__(_chunks(file, begin, end), status, headers, kind)
        self._file = file

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._file:
            await super().__call__(scope, receive, send)


async def _chunks(file: BinaryIO, begin: int, end: int) -> AsyncIterator[bytes]:
    file.seek(begin)
    while begin < end:
        chunk = await anyio.to_thread.run_sync(file.read, min(_CHUNK, end - begin))
        begin += len(chunk)
        yield chunk
        if not chunk:
            raise OSError("the file has become shorter")
