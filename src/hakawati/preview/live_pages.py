"""What the preview adds to the book's pages, and its own pages."""

from __future__ import annotations

import hashlib
import html
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response

from hakawati.preview.static_files import OpenFile, is_known

PAGE = Path(__file__).parent / "page"
"""The preview's own scripts and styles, served under /live/."""
_SCRIPTS = ("socket.js", "place.js", "problems.js", "drawing.js", "strips.js", "panel.js", "live.js")
"""In the order in which they build on each other."""
_STYLES = ("live.css", "panel.css")
_HEAD = b"</head>"


def add_scripts(data: bytes, version: int, run: str) -> bytes:
    """A page of the book with the preview's scripts, which follows every build from this version on.

    `run`: which server counts the versions.
    """
    before, head, rest = data.partition(_HEAD)
    if not head:
        return data
    return before + _added(version, run) + head + rest


def _added(version: int, run: str) -> bytes:
    scripts = "".join(f'<script defer src="/live/{name}"></script>\n' for name in _SCRIPTS)
    # An element with an id, so that the reader's own scripts can see that this is a preview.
    meta = f'<meta id="live" content="{version}" data-run="{html.escape(run)}">\n'
    styles = "".join(f'<link rel="stylesheet" href="/live/{name}">\n' for name in _STYLES)
    return f"{meta}{styles}{scripts}".encode()


def page(found: OpenFile, headers: Headers, version: int, run: str) -> Response:
    """A page of the book, or 304 where the browser has it; closes the file.

    A page that the browser has may follow builds from an earlier version on, which does no harm.
    """
    with found.file:
        data = found.file.read()
    digest = hashlib.sha256(data + _added(0, "")).hexdigest()[:32]
    told = {"cache-control": "no-cache", "etag": f'W/"{run}-{digest}"'}
    if is_known(headers, told["etag"]):
        return Response(status_code=304, headers=told)
    return Response(add_scripts(data, version, run), headers=told, media_type="text/html; charset=utf-8")


def waiting(version: int, run: str) -> Response:
    """Shown while there is no book yet; it goes on to the book by itself."""
    return _own("waiting.html", {}, 503, version, run)


def missing(path: str, version: int, run: str) -> Response:
    """Shown where there is no such page; it becomes the page when that is built."""
    return _own("missing.html", {"path": path}, 404, version, run)


def _own(name: str, texts: dict[str, str], status: int, version: int, run: str) -> Response:
    text = (PAGE / name).read_text("utf-8")
    for key, value in texts.items():
        text = text.replace(f"{{{key}}}", html.escape(value))
    data = add_scripts(text.encode("utf-8", "replace"), version, run)
    return Response(data, status, {"cache-control": "no-store"}, "text/html; charset=utf-8")
