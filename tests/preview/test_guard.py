from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.preview.guard import AllowedHosts, hosts

OWN = hosts("127.0.0.1", 8571, "Machine")


@pytest.mark.parametrize("host", ["127.0.0.1:8571", "localhost:8571", "LocalHost:8571", "[::1]:8571"])
def test_its_own_names_are_known(host: str) -> None:
    assert OWN.allow(host)


FOREIGN = (
    *("", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8572", "localhost", "localhost.:8571", "evil.example:8571"),
    *("127.0.0.1.evil.example:8571", "localhost.evil.example:8571", "evil.example@127.0.0.1:8571"),
    *(
        "127.0.0.1:8571@evil.example",
        "127.0.0.1:8571 evil",
        "127.0.0.1:8571/",
        "127.0.0.2:8571",
        "0.0.0.0:8571",
    ),
    *("[::1%25eth0]:8571", "::1:8571", "127.1:8571", "2130706433:8571", "127.0.0.1:08571x", "127.0.0.1:٨٥٧١"),
    *("localhost:8571, evil.example:8571", "machine:8571", "192.168.1.7:8571"),
)


@pytest.mark.parametrize("host", FOREIGN)
def test_all_others_are_foreign(host: str) -> None:
    assert not OWN.allow(host)


def test_a_server_for_the_network_goes_by_any_address_and_by_its_own_name_but_no_other() -> None:
    for bound in ("0.0.0.0", "::"):
        own = hosts(bound, 80, "Machine")
        for host in ("192.168.1.7", "192.168.1.7:80", "[fe80::1]", "machine", "MACHINE.local", "localhost"):
            assert own.allow(host)
        for host in ("evil.example", "machine.evil.example", "192.168.1.7:81", "[fe80::zz]"):
            assert not own.allow(host)


@pytest.mark.parametrize(("bound", "host"), [("192.168.1.7", "192.168.1.7:9"), ("FE80::1", "[fe80::1]:9")])
def test_a_server_on_one_address_goes_by_that(bound: str, host: str) -> None:
    assert hosts(bound, 9, "machine").allow(host)
    assert not OWN.allow(host)


@given(st.text())
def test_no_other_text_is_a_host(host: str) -> None:
    known = {f"{name}:8571" for name in ("127.0.0.1", "localhost", "[::1]")}
    assert OWN.allow(host) == (host.lower() in known)


@given(st.ip_addresses(), st.integers(0, 99_999))
def test_any_address_is_known_only_where_it_listens_on_all(address: object, port: int) -> None:
    host = f"[{address}]:{port}" if ":" in str(address) else f"{address}:{port}"
    assert AllowedHosts(frozenset(), port, addresses=True).allow(host)
    assert not AllowedHosts(frozenset(), port).allow(host)
