"""A project from a stranger, whatever its `build/` and `audio/` hold, changes nothing outside of itself."""

from __future__ import annotations

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from hakawati.cli import app
from hakawati.common import checked_json
from hakawati.common.memo import recall
from hakawati.common.stamps import NEVER, content, stamp
from hakawati.common.store import Store
from hakawati.errors import BookError
from hakawati.publishing.finished import FINISHED_PART
from hakawati.publishing.outputs import LIST, Outputs
from hakawati.publishing.state import State
from tests.building import Reader
from tests.goldens import TIME, build_here
from tests.support import write_book

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege")

BOOK: dict[str, str | bytes] = {
    "book.yaml": "title: {ar: كتاب}\nlanguages: [ar]\ncover: none\nlistening: [lrc]\n",
    "ar/01-one.md": "# الأول\n\nجاء الناس.\n",
    "ar/02-two.md": "# الثاني\n\nنص قصير.\n",
    "glossary.yaml": "- term: نص\n",
}
HOME = (
    "thesis.txt",
    "audio/01-one.mp3",
    "build/a.epub",
    "Résumé/notes.mp3",
    "web/index.html",
    "ab/" + "0" * 62,
)
"""What the user has beside the project."""
PLACES = (
    *("audio", "build", "build/timings", "build/web", "build/web/text", "build/store", "build/editions"),
    *(
        "audio/01-one.mp3",
        "audio/99-more.mp3",
        "build/.lock",
        "build/.lock.json",
        f"build/{LIST}",
        f"audio/{LIST}",
    ),
    *(
        "build/state.json",
        "build/report.json",
        "build/timings/01-one.json",
        "build/store/books",
        "build/store/ab",
    ),
    *(
        "build/report.html",
        "build/x.epub",
        "build/web/index.html",
        "build/store/hakawati.common.store",
        "audio/.x.part",
    ),
)
"""Where the stranger may have put a link."""


@dataclass
class Gift:
    """A project that was given, in a folder with things of the user's."""

    folder: Path
    chance: Random

    @property
    def project(self) -> Path:
        return self.folder / "gift"

    def elsewhere(self) -> str:
        """A path in the project that leads out of it, or would on some systems."""
        name = self.chance.choice(HOME)
        name = self.chance.choice((name, name.upper(), unicodedata.normalize("NFD", name)))
        ways = (
            f"audio/../../home/{name}",
            f"build/web/../../../home/{name}",
            f"../home/{name}",
            str(self.folder / "home" / name),
            f"audio//../../home/{name}",
            f"build\\..\\..\\home\\{name}",
            f"build/web/./../../../home/{name}",
        )
        return self.chance.choice(ways)


def link(gift: Gift) -> None:
    place = gift.project / gift.chance.choice(PLACES)
    target = (
        gift.folder
        / "home"
        / gift.chance.choice(("", "thesis.txt", "audio", "build", "web", "ab", "empty", "nothing"))
    )
    if any(parent.is_symlink() for parent in place.parents) or not place.parent.is_dir():
        return
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
    place.symlink_to(gift.chance.choice((target, os.path.relpath(target, place.parent))))


def list_of_files(gift: Gift) -> None:
    """The list says that builds made files elsewhere; sometimes with what is really in them."""
    outputs = Outputs.of(gift.project)
    for _ in range(3):
        name = gift.elsewhere()
        file = gift.project / name
        found = stamp(file)
        outputs.known[name] = found._replace(digest=content(file)) if found else NEVER
    outputs.whole = False
    _quietly(outputs.mend)


def state(gift: Gift) -> None:
    path = gift.project / "build" / "state.json"
    last = State.load(path)
    forged = replace(last, web={gift.elsewhere(): "x"}, editions=gift.chance.choice(((), ("../../home/x",))))
    _quietly(lambda: path.write_bytes(forged.packed()))


def page(gift: Gift) -> None:
    """The store holds a chapter's page under its right key, and that leads elsewhere."""
    store = Store(gift.project / "build" / "store")
    for key in State.load(gift.project / "build" / "state.json").pages.values():
        if finished := recall(store, key, FINISHED_PART):
            name = gift.elsewhere()
            forged = replace(finished.page, images=(name,))
            forged = replace(forged, name=name) if gift.chance.random() < 0.5 else replace(forged, path=name)
            files = {
                **finished.files,
                f"audio/../../{name}": "",
                name: next(iter(finished.files.values()), ""),
            }
            pack = FINISHED_PART.dumps(replace(finished, page=forged, files=files))
            _quietly(lambda key=key, pack=pack: store.put(key, pack))  # type: ignore[misc]


def report(gift: Gift) -> None:
    path = gift.project / "build" / "report.json"
    forged = {"chapters": [{"name": gift.elsewhere()}], "epub": gift.elsewhere(), "editions": []}
    _quietly(lambda: path.write_text(json.dumps(forged)))


def nested(gift: Gift) -> None:
    names = ("build/state.json", "build/report.json", f"build/{LIST}", f"audio/{LIST}", "build/.lock.json")
    _quietly(lambda: (gift.project / gift.chance.choice(names)).write_bytes(b"[" * 100_000))


def old_state(gift: Gift) -> None:
    """As a version wrote it that had no list."""
    names = {gift.elsewhere(): [1, 1] for _ in range(3)}
    for folder in ("audio", "build"):
        _quietly((gift.project / folder / LIST).unlink)
    _quietly(lambda: (gift.project / "build" / "state.json").write_text(json.dumps({"files": names})))


def note(gift: Gift) -> None:
    """The store says that it is used by nobody, and holds links."""
    store = gift.project / "build" / "store"
    data = checked_json.dumps("books of a store", {"project": "/", "machine": "x", "keys": []})
    _quietly(lambda: (store / "books" / "0123456789abcdef.json").write_bytes(data))
    _quietly(lambda: (store / "ac").symlink_to(gift.folder / "home" / "ab"))


def _quietly(do: Callable[[], object]) -> None:
    with suppress(OSError, BookError):  # another trick was here before
        do()


TRICKS = (link, link, list_of_files, state, page, report, nested, old_state, note)


def everything(folder: Path) -> dict[str, tuple[object, ...]]:
    """What there is: whose content, mode and time."""
    found: dict[str, tuple[object, ...]] = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        data = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        found[path.relative_to(folder).as_posix()] = (status.st_mode, status.st_size, data) + (
            (status.st_mtime_ns, status.st_nlink) if path.is_file() else ()
        )
    return found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = write_book(tmp_path_factory.mktemp("stranger") / "gift", dict(BOOK))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hakawati.voices.make_voice", Reader().make_voice)
        build_here(project, modified=TIME, web=True)
    return project


def try_gift(built: Path, folder: Path, seed: int) -> None:
    chance = Random(seed)
    shutil.rmtree(folder, ignore_errors=True)
    home = folder / "home"
    for name in HOME:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("precious")
    (home / "thesis.txt").chmod(0o600)
    (home / "empty").mkdir()
    gift = Gift(folder, chance)
    shutil.copytree(built, gift.project, copy_function=shutil.copy2, symlinks=True)
    tricks = chance.choices(TRICKS, k=chance.choice((1, 1, 2, 4)))
    for trick in tricks:
        trick(gift)
    before, written = everything(home), everything(gift.project / "book")
    if chance.random() < 0.5:  # the first thing that its new owner does
        edited = (gift.project / "book" / "ar" / "02-two.md").read_text() + "\nوآخر.\n"
        (gift.project / "book" / "ar" / "03-three.md").write_text(edited)
        (gift.project / "book" / "ar" / "02-two.md").unlink()
        written = everything(gift.project / "book")
    case = (seed, [trick.__name__ for trick in tricks])
    for options in chance.sample(({"web": True}, {}, {"verify": True}, {"force": True, "web": True}), 2):
        _quietly(lambda options=options: build_here(gift.project, modified=TIME, **options))  # type: ignore[misc]
        assert everything(home) == before, (case, options)
    for command in (["store", str(gift.project), "--prune"], ["check", "--quick", str(gift.project)]):
        if command[0] == "store" or chance.random() < 0.1:
            done = CliRunner().invoke(app, command)
            assert done.exit_code in (0, 1), (case, command, done.exception)
            assert done.exception is None or isinstance(done.exception, SystemExit), (case, command)
        assert everything(home) == before, (case, command)
    assert everything(gift.project / "book") == written, case


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_a_project_from_a_stranger_changes_nothing_elsewhere(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr("hakawati.voices.make_voice", Reader().make_voice)
    try_gift(built, tmp_path / "downloads", seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(20))
def test_a_thousand_projects_from_strangers_change_nothing_elsewhere(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr("hakawati.voices.make_voice", Reader().make_voice)
    for number in range(50):
        try_gift(built, tmp_path / "downloads", seed * 1000 + number)
