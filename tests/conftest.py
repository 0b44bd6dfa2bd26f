from __future__ import annotations

from pathlib import Path

import hypothesis
import pytest

from tests.building import Reader
from tests.goldens import Shelf

hypothesis.settings.register_profile("all", deadline=None, print_blob=True)
hypothesis.settings.load_profile("all")


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
