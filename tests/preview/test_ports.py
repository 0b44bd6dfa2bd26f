from __future__ import annotations

import pytest

from hakawati.errors import ToolError
from hakawati.preview.ports import PORT, address, bind


def test_the_next_port_is_taken_where_the_first_one_is_taken() -> None:
    with bind("127.0.0.1", None) as first, bind("127.0.0.1", None) as second:
        ports = [first.getsockname()[1], second.getsockname()[1]]
    assert PORT <= ports[0] < ports[1]


def test_a_port_that_is_asked_for_and_taken_is_told() -> None:
    with bind("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(ToolError, match=f"port {port} is taken"):
            bind("127.0.0.1", port)


@pytest.mark.parametrize("host", ["203.0.113.7", "a..b", "x" * 300])
def test_a_host_that_is_not_here_is_told(host: str) -> None:
    with pytest.raises(ToolError, match=f"cannot listen on {host}"):
        bind(host, None)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:9/"),
        ("0.0.0.0", "http://127.0.0.1:9/"),
        ("::", "http://[::1]:9/"),
        ("fe80::1", "http://[fe80::1]:9/"),
        ("machine.local", "http://machine.local:9/"),
    ],
)
def test_the_address_is_one_that_a_browser_here_can_open(host: str, url: str) -> None:
    assert address(host, 9) == url
