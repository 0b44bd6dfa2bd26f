"""The server: pages, their audio, and a WebSocket for every open page."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import anyio.to_thread
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket, WebSocketDisconnect

from hakawati.common.signals import handled
from hakawati.preview import live_pages
from hakawati.preview.builder import WEB, PreviewProject
from hakawati.preview.builder_process import BuilderProcess
from hakawati.preview.connection import BrowserConnection, is_exhausted, wait_for_room
from hakawati.preview.guard import LARGEST_HEAD, AllowedHosts, Guard
from hakawati.preview.hub import Hub, PageState
from hakawati.preview.messages import BuilderMessage
from hakawati.preview.static_files import answer, find

MOST_PAGES = 1000
"""Sockets at a time."""
_WAITING = 128
"""Connections that wait to be taken."""
_HERE = '{"state": "here"}'
_BUSY = "Too many files are open. Close pages of the preview that you do not need, and load this one again.\n"
_VERSION = re.compile(r"[0-9]{1,9}", re.ASCII)
_PING = 20.0
"""Seconds between two questions whether a page is still there, and until an answer is overdue."""


def application(folder: Path, hub: Hub, own: AllowedHosts) -> ASGIApp:
    """The folder's files, the preview's own under /live/, and the socket; behind the guard."""

    async def file(request: Request) -> Response:
        path = request.scope["path"]
        # Before the file is read: better an old version with a new page than the reverse.
        version = hub.version
        if path == "/sw.js":  # a worker that keeps pages would show old ones
            return _not_there(path, hub, version)
        found = await anyio.to_thread.run_sync(find, folder, path)
        if found is None:
            return _not_there(path, hub, version)
        if isinstance(found, Response):
            return found
        if found.is_page:
            return await anyio.to_thread.run_sync(live_pages.page, found, request.headers, version, hub.run)
        return answer(found, request.headers, request.method)

    async def own_file(request: Request) -> Response:
        found = await anyio.to_thread.run_sync(find, live_pages.PAGE, f"/{request.path_params['name']}")
        if found is None or isinstance(found, Response):
            return PlainTextResponse("There is no such file.\n", 404)
        return answer(found, request.headers, request.method)

    async def listen(page: WebSocket) -> None:
        await _listen(page, hub)

    routes = [
        WebSocketRoute("/live/socket", listen),
        Route("/live/{name}", _available(own_file)),
        Route("/{path:path}", _available(file)),
    ]
    return Guard(Starlette(routes=routes), own)


def _available(route: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """The same, which answers too where no more files can be open."""

    async def answered(request: Request) -> Response:
        try:
            return await route(request)
        except OSError as error:
            if not is_exhausted(error):
                raise
            return PlainTextResponse(_BUSY, 503, {"retry-after": "1", "cache-control": "no-store"})

    return answered


def _not_there(path: str, hub: Hub, version: int) -> Response:
    name = path.rsplit("/", 1)[-1]
    if name and not name.endswith(".html"):
        return PlainTextResponse("There is no such file.\n", 404)
    if not hub.ready and not hub.version:
        return live_pages.waiting(version, hub.run)
    return live_pages.missing(path, version, hub.run)


async def _listen(page: WebSocket, hub: Hub) -> None:
    """Send a page all news until it goes away."""
    if hub.listeners >= MOST_PAGES:
        await page.close()
        return
    await page.accept()
    given = page.query_params
    known = given.get("run") == hub.run and _VERSION.fullmatch(given.get("version", ""))
    state = PageState(int(given["version"]) if known else None)
    with hub.listening() as event:
        sender = asyncio.create_task(_send_news(page, hub, event, state))
        try:
            while (await page.receive())["type"] != "websocket.disconnect":
                await page.send_text(_HERE)  # a page that has slept asks whether it is still connected
        except WebSocketDisconnect:
            pass
        finally:
            sender.cancel()
            with suppress(asyncio.CancelledError, WebSocketDisconnect):
                await sender


async def _send_news(page: WebSocket, hub: Hub, event: asyncio.Event, state: PageState) -> None:
    while await event.wait():
        event.clear()
        for text in hub.news(state):
            await page.send_text(text)


@dataclass(frozen=True)
class PreviewSettings:
    """What a preview is made of."""

    project: PreviewProject
    sockets: Sequence[socket.socket]
    """Bound, and not listening yet; the server closes them."""
    own: AllowedHosts


def serve(
    preview: PreviewSettings, notify: Callable[[BuilderMessage], None], started: Callable[[], None]
) -> None:
    """Serve until Ctrl-C, which is raised again when everything has ended.

    `notify`: called with every message of the builder; `started`: called when pages can be asked for.
    """
    asyncio.run(_serve(preview, notify, started))


async def _serve(
    preview: PreviewSettings, notify: Callable[[BuilderMessage], None], started: Callable[[], None]
) -> None:
    hub = Hub(secrets.token_hex(4))
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(wait_for_room)

    def take(message: BuilderMessage) -> None:
        hub.take(message)
        notify(message)

    def forward(message: BuilderMessage) -> None:
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(take, message)

    builder = BuilderProcess(preview.project, forward)
    app = application(preview.project.folder / WEB, hub, preview.own)
    await _PreviewServer(settings(app), builder, started).serve(list(preview.sockets))


def settings(app: ASGIApp) -> uvicorn.Config:
    """How an application is served."""
    return uvicorn.Config(
        app,
        http=BrowserConnection,
        backlog=_WAITING,
        ws="websockets-sansio",
        ws_max_size=1024,
        ws_per_message_deflate=False,  # takes memory for every page, and saves nothing on one machine
        ws_ping_interval=_PING,
        ws_ping_timeout=_PING,
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=LARGEST_HEAD,
        timeout_graceful_shutdown=1,
    )


class _PreviewServer(uvicorn.Server):
    """Runs a builder for as long as it serves."""

    def __init__(self, config: uvicorn.Config, builder: BuilderProcess, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._builder = builder
        self._started = started

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Uvicorn's own, and that a terminal is closed."""
        with super().capture_signals(), handled(self.handle_exit, "SIGHUP"):
            yield

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ctrl-C ends the builder too, and no other is started in its place."""
        self._builder.retire()
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._builder.start()
        # A browser may take its time to open, and it must find a server that answers.
        self._opening = asyncio.create_task(asyncio.to_thread(self._started))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # A browser that still holds half an MP3 is no error to report.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await asyncio.to_thread(self._builder.stop)
        await super().shutdown(sockets)
