from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web import tales
from tests.web.served import Host, served
from tests.web.visitor import Visitor, visiting
from tests.web.window import Browsing, Timings, Window, browsing


@pytest.fixture(scope="session")
def web(shared: Path) -> Path:
    """The web edition of `tales`."""
    return tales.built(shared / "tales")


@pytest.fixture(scope="session")
def timings(web: Path) -> Timings:
    """Of its long chapter."""
    return Timings.read(web.parent / "timings" / "01-fisherman.json")


@pytest.fixture(scope="module")
def browser(web: Path) -> Iterator[Browsing]:
    with browsing(web) as found:
        yield found


@pytest.fixture
def window(browser: Browsing) -> Iterator[Window]:
    """The long chapter, in a window of its own."""
    with browser.open() as found:
        yield found


@pytest.fixture
def top(web: Path, tmp_path: Path) -> Path:
    """A host's folder, with a book in `a/`."""
    shutil.copytree(web, tmp_path / "host" / "a")
    return tmp_path / "host"


@pytest.fixture
def host() -> Host:
    """One that lets browsers take everything for fresh for an hour."""
    return Host(headers={"Cache-Control": "max-age=3600"})


@pytest.fixture
def visitor(browser: Browsing, top: Path, host: Host) -> Iterator[Visitor]:
    """Somebody who visits that host for the first time."""
    with served(top, host) as origin, visiting(browser.browser, host, origin) as visitor:
        yield visitor
