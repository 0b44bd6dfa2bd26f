"""Who is answered, and with what security headers.

A preview is for the user of this machine. No page of another site can read it (DNS rebinding, sockets
across origins), and no page of the book, whatever it contains, can reach anything but this server.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_HEAD = 32_768
"""Bytes of a request's headers and path together."""
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[0-9a-z_.-]+)(?::([0-9]{1,5}))?", re.IGNORECASE)
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_METHODS = ("GET", "HEAD")


@dataclass(frozen=True)
class AllowedHosts:
    """The hosts that a request to this server may name."""

    names: Collection[str]
    """In lower case; addresses of IPv6 in brackets."""
    port: int
    addresses: bool = False
    """Whether any IP address is allowed: the server listens on all, and DNS cannot rebind an address."""

    def allow(self, host: str) -> bool:
        """Whether a `Host` header names this server."""
        match = _HOST.fullmatch(host)
        if not match or int(match[2] or 80) != self.port:
            return False
        name = match[1].lower()
        return name in self.names or (self.addresses and _is_address(name))


def hosts(bound: str, port: int, own_name: str) -> AllowedHosts:
    """The hosts of a server that listens on an address or name. `own_name`: of this machine."""
    everywhere = bound in ("", "0.0.0.0", "::")
    given = {_bracketed(bound.lower())} if not everywhere else {own_name.lower(), f"{own_name.lower()}.local"}
    return AllowedHosts(frozenset((*_LOOPBACK, *given)) - {""}, port, everywhere)


def _bracketed(name: str) -> str:
    return f"[{name}]" if ":" in name else name


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


class Guard:
    """ASGI middleware: refuses foreign requests, and adds the security headers to every answer."""

    def __init__(self, app: ASGIApp, own: AllowedHosts) -> None:
        self.app = app
        self.own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        policy = _policy(headers.get("host", "") if refusal is None else "")

        async def guarded(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                told = MutableHeaders(scope=message)
                for name, value in policy.items():
                    told[name] = value
            await send(message)

        await (refusal or self.app)(scope, receive, guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        size = len(scope["raw_path"]) + len(scope["query_string"])
        if size + sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEAD:
            return _refused(431, "The request is too large.")
        given = headers.getlist("host")
        if len(given) != 1 or not self.own.allow(given[0]):
            return _refused(421, "This server answers to its own name only.")
        if scope["type"] == "websocket":
            if headers.getlist("origin") != [f"http://{given[0]}"]:
                return _refused(403, "Only the preview's own pages may listen.")
        elif scope["method"] not in _METHODS:
            return _refused(405, "Nothing can be changed here.", {"allow": ", ".join(_METHODS)})
        if not scope["path"].startswith("/"):
            return _refused(400, "This is no path.")
        return None


def _refused(status: int, why: str, headers: dict[str, str] | None = None) -> Response:
    """The connection is closed, so the rest of the request is not read."""
    return PlainTextResponse(f"{why}\n", status, {"connection": "close", **(headers or {})})


def _policy(host: str) -> dict[str, str]:
    """`host`: the server's, as this browser names it."""
    socket = f" ws://{host}" if host else ""  # older browsers do not take it for 'self'
    content = (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
        f"media-src 'self' blob:; connect-src 'self'{socket}; manifest-src 'self'; worker-src 'none'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "content-security-policy": content,
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
