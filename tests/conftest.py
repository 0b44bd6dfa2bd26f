from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Sequence
from pathlib import Path

import coverage
import hypothesis
import pytest

from tests.building import Reader
from tests.goldens import Shelf

hypothesis.settings.register_profile("all", deadline=None, print_blob=True)
hypothesis.settings.load_profile("all")

MEASURED = 8
"""About so many of a test's cases, from first to last, show what it reaches; measuring doubles their time."""
_UNMEASURED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    cases: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        cases[item.nodeid.partition("[")[0]].append(item)
    for alike in cases.values():
        step = max(1, len(alike) // MEASURED)
        for n, item in enumerate(alike):
            item.stash[_UNMEASURED] = n % step > 0 or item.get_closest_marker("unmeasured") is not None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Every test runs; whether it is measured while it does is decided here."""
    stopped = []
    # In a worker of pytest-xdist pytest-cov starts two measurements, and one goes on where the other stops.
    while item.stash[_UNMEASURED] and (measurement := coverage.Coverage.current()):
        measurement.stop()
        stopped.append(measurement)
    try:
        return (yield)
    finally:
        for measurement in reversed(stopped):
            measurement.start()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder for this run of the tests, the same in all of its processes."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def shelf(shared: Path) -> Shelf:
    """The golden books, built when they are asked for."""
    return Shelf(shared / "shelf")


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Every voice that is asked for while the test runs."""
    reader = Reader()
    monkeypatch.setattr("hakawati.voices.make_voice", reader.make_voice)
    return reader
