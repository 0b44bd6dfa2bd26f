"""The browsers' connections: closed when no request comes, and accepted later when the system has no room."""

from __future__ import annotations

import asyncio
import errno
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

REQUEST_TIMEOUT = 10.0
"""Seconds in which a new connection must make a request, and any other the rest of one that it has begun."""
_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EAGAIN)


class BrowserConnection(H11Protocol):
    """Closed when a request takes longer than `REQUEST_TIMEOUT`; uvicorn limits only the time between two."""

    _overdue: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        """Have the rest of a request in time, if there is a rest."""
        is_socket = self.transport.get_protocol() is not self
        if is_socket or (self.cycle and not self.cycle.response_complete):
            self._wait_no_more()
        elif self._overdue is None and not self.transport.is_closing():
            self._overdue = self.loop.call_later(REQUEST_TIMEOUT, self.transport.abort)

    def _wait_no_more(self) -> None:
        if self._overdue:
            self._overdue.cancel()
        self._overdue = None


def is_exhausted(error: BaseException | None) -> bool:
    """Whether an error says that the system has no descriptors, memory or processes left at present."""
    return isinstance(error, OSError) and error.errno in _EXHAUSTED


def wait_for_room(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Handle exceptions of an event loop, and report none where a connection cannot be accepted.

    asyncio tries again every second, and would report each of thousands of attempts.
    """
    if not is_exhausted(context.get("exception")):
        loop.default_exception_handler(context)
