from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web import tales
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
