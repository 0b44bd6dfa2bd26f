"""The socket to listen on, and its address."""

from __future__ import annotations

import errno
import os
import socket

from hakawati.errors import ToolError

PORT = 8571
"""The first that is tried when none is given; no service has it registered."""
_TRIED = 20


def bind(host: str, port: int | None) -> socket.socket:
    """A socket bound to the port; where none is given, to the first free one from `PORT` on.

    Raises `ToolError` where the host cannot be listened on, or the port given is taken.
    """
    for candidate in (port,) if port is not None else (*range(PORT, PORT + _TRIED), 0):
        try:
            return _bound(host, candidate)
        except UnicodeError:
            raise ToolError(f"cannot listen on {host}: this is no name of a host") from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                why = error.strerror or str(error)
                raise ToolError(f"cannot listen on {host}, port {candidate}: {why}") from None
    raise ToolError(f"port {port} is taken by another program; name another one, or none")


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    made = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # elsewhere it would take the port away from another program
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        if port == 0 or os.name == "posix":
            made.listen()  # now: two programs may bind a port, and only one may listen
    except BaseException:
        made.close()
        raise
    return made


def address(host: str, port: int) -> str:
    """The URL to open in a browser on this machine."""
    name = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
    return f"http://{f'[{name}]' if ':' in name and not name.startswith('[') else name}:{port}/"
