"""Many edits, one after another: what every build leaves is what a build from nothing gives."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from hakawati.common.store import Store
from hakawati.errors import BookError
from hakawati.model import Report
from tests.building import Reader, left, without_builds
from tests.editing import UNSPEAKABLE, Author, save
from tests.faulty import Disk
from tests.goldens import TIME, build_here

pytestmark = pytest.mark.unmeasured

SHORT = (1, 2)
EDITS = 10
"""For each seed in a short run."""
SOAK = range(100, 110)
SOAKED = 100


class Life:
    """A project that is edited and built, and each time built from nothing, too."""

    def __init__(self, folder: Path, seed: int, reader: Reader) -> None:
        self.folder = folder
        self.project = folder / "life" / "project"
        self.reader = reader
        self.reader.refuses = UNSPEAKABLE
        self.author = Author(seed)
        self.chance = Random(seed)
        self.modified = TIME if seed % 2 else None
        self.refused = 0
        """How many edits were mistakes."""
        save(self.project / "book", self.author.draft.files())
        self._build(self.project, web=False)

    def step(self) -> None:
        """One edit, and what may happen to what was built; then the two builds."""
        files = self.author.edit()
        save(self.project / "book", files)
        self._upset()
        web = self.chance.random() < 0.4
        before = _book(self.project, web=True)
        made = self._build(self.project, web=web)
        fresh = without_builds(self.project, self.folder / "fresh")
        # With clips that were spoken before, to be fast; but now and then without.
        store = self.folder / "clips" if self.chance.random() < 0.9 else None
        wanted = self._build(fresh, web=web, store=store)
        assert made == wanted
        if isinstance(made, Report):
            self.author.accept()
            assert _different(_book(self.project, web=web), _book(fresh, web=web)) == []
            if not web:  # the web edition is of an older book, but whole
                assert _different(_web(before), _web(_book(self.project, web=True))) == []
        else:
            self.refused += 1
            self.author.refuse()
            assert _different(before, _book(self.project, web=True)) == []
        assert not list(self.project.rglob("*.part"))
        shutil.rmtree(self.folder / "fresh")

    def _build(self, project: Path, *, web: bool, store: Path | None = None) -> Report | list[str]:
        """What it says of the book, whatever had to be made for it; or the problems."""
        try:
            report = build_here(project, modified=self.modified, web=web, store=store)
        except BookError as error:
            return sorted(map(str, error.problems))
        return _timeless(report)

    def _upset(self) -> None:
        """What may happen between two builds."""
        chance, project = self.chance, self.project
        made = [project / name for name in sorted(_book(project, web=True))]
        happens = chance.randrange(40)
        if happens == 0:
            self.author.did[-1] += "; the store is lost"
            shutil.rmtree(project / "build" / "store", ignore_errors=True)
        elif happens == 1:
            self.author.did[-1] += "; the store is cleared up"
            Store(project / "build" / "store").prune()
        elif happens == 2 and made:
            gone = chance.choice(made)
            self.author.did[-1] += f"; {gone.relative_to(project)} is lost"
            gone.unlink()
        elif happens == 3:
            self.author.did[-1] += "; the report is lost"
            (project / "build" / "report.json").unlink(missing_ok=True)
        elif happens in (4, 5):
            disk = Disk(project, failing=chance.randrange(300))
            with disk.at_work():
                self._build(project, web=chance.random() < 0.5)
            self.author.did[-1] += f"; a build fails at {disk.failed}"


def _timeless(report: Report) -> Report:
    chapters = tuple(replace(chapter, clips_made=0, clips_reused=0, why="") for chapter in report.chapters)
    editions = tuple(map(_timeless, report.editions))
    return replace(report, seconds={}, chapters=chapters, editions=editions)


def _book(project: Path, *, web: bool) -> dict[str, bytes]:
    return {name: data for name, data in left(project).items() if web or not name.startswith("build/web/")}


def _web(book: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in book.items() if name.startswith("build/web/")}


def _different(old: dict[str, bytes], new: dict[str, bytes]) -> list[str]:
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


@contextmanager
def told(author: Author, seed: int) -> Iterator[None]:
    """Say how to do it again, where something goes wrong."""
    try:
        yield
    except BaseException:
        print(f"seed {seed}:", *(f"{n}. {did}" for n, did in enumerate(author.did, 1)), sep="\n  ")  # noqa: T201
        raise


def live(folder: Path, seed: int, edits: int, reader: Reader) -> None:
    life = Life(folder, seed, reader)
    with told(life.author, seed):
        for _ in range(edits):
            life.step()
        assert edits < SOAKED or 0 < life.refused < edits / 2


@pytest.mark.parametrize("seed", SHORT)
def test_every_edit_gives_what_a_build_from_nothing_gives(tmp_path: Path, seed: int, reader: Reader) -> None:
    live(tmp_path, seed, EDITS, reader)


@pytest.mark.soak
@pytest.mark.parametrize("seed", SOAK)
def test_a_thousand_edits_each_give_what_a_build_from_nothing_gives(
    tmp_path: Path, seed: int, reader: Reader
) -> None:
    live(tmp_path, seed, SOAKED, reader)
