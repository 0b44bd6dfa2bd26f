"""What builds left is damaged at random: it is noticed and made again, or refused, and never packed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from unittest import mock

import pytest

from hakawati.common import stamps
from hakawati.common.stamps import Stamp
from hakawati.errors import BookError
from tests.building import Reader, left, without_builds
from tests.goldens import TIME, build_here
from tests.support import draw, write_book

pytestmark = pytest.mark.unmeasured

DAMAGES = 25
SOAKED = 10_000
BOOK: dict[str, str | bytes] = {
    "book.yaml": """title: {ar: كتاب, en: A Book}
languages: [ar, en]
cover: images/cover.png
listening: [lrc, playlist, audiobook]
editions: {slow: {narration: {speed: 0.8}, vowels: print}}
""",
    "ar/01-one.md": "# الأول\n\nجاء الناس.\n",
    "en/01-one.md": "# The First\n\nThe people came.\n",
    "ar/02-two.md": "# الثاني\n\nنص قصير.\n",
    "en/02-two.md": "# The Second\n\nA short text.\n",
    "glossary.yaml": "- term: نص\n  translation: {en: text}\n",
}
EDIT = "# The Second\n\nA shorter text.\n"


@dataclass(frozen=True)
class Books:
    """A project that was built, and what it and an edit of it give."""

    project: Path
    wanted: dict[str, bytes]
    edited: dict[str, bytes]


@pytest.fixture
def books(tmp_path: Path, reader: Reader) -> Books:
    project = tmp_path / "whole" / "project"
    draw(project / "book" / "images" / "cover.png", size=(16, 24))
    write_book(project, dict(BOOK))
    build(project)
    fresh = without_builds(project, tmp_path / "fresh")
    (fresh / "book" / "en" / "02-two.md").write_text(EDIT)
    build(fresh)
    return Books(project, left(project), left(fresh))


def build(project: Path, *, verify: bool = False) -> str:
    """What went wrong; empty where nothing did."""
    try:
        build_here(project, modified=TIME, web=True, verify=verify)
    except BookError as error:
        return str(error)
    return ""


def flip(file: Path, chance: Random) -> None:
    data = bytearray(file.read_bytes())
    for _ in range(chance.choice((1, 1, 8, 200))):
        place = chance.randrange(len(data))
        data[place] ^= 1 << chance.randrange(8)
    over(file, bytes(data))


def cut(file: Path, chance: Random) -> None:
    over(file, file.read_bytes()[: chance.randrange(file.stat().st_size)])


def clear(file: Path, _: Random) -> None:
    size = file.stat().st_size
    over(file, bytes(size))


def over(file: Path, data: bytes) -> None:
    """Write into the file as it is on the disk: whoever has a second name for it has the damage, too."""
    with file.open("r+b") as opened:
        opened.write(data)
        opened.truncate()


def exchange(file: Path, chance: Random) -> None:
    alike = [other for other in every(file.parents[0]) if other.suffix == file.suffix and other != file]
    if not alike:
        flip(file, chance)
        return
    other = chance.choice(alike)
    one, two = file.read_bytes(), other.read_bytes()
    time = other.stat().st_mtime_ns
    over(file, two)
    over(other, one)
    os.utime(other, ns=(time, time))


KINDS: tuple[Callable[[Path, Random], None], ...] = (flip, flip, cut, clear, exchange)


def every(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file() and file.stat().st_size)


def damage(project: Path, chance: Random) -> list[str]:
    """Damage one file or several; returns which."""
    files = [*every(project / "audio"), *every(project / "build")]
    # Most files are entries of the store and pages; the others are to have their turn, too.
    few = [file for file in files if not {"store", "web"} & set(file.parts)]
    found = []
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        file = chance.choice(few if chance.random() < 0.5 else files)
        before = file.stat()
        chance.choice(KINDS)(file, chance)
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
        found.append(file.relative_to(project).as_posix())
    return found


@contextmanager
def forgetful(chance: Random) -> Iterator[None]:
    """Half of the time on a disk that does not even note that a file was changed, as bits that rot do."""
    sees = stamps.stamp

    def stamp(path: Path) -> Stamp | None:
        found = sees(path)
        return found and found._replace(changed=0)

    if chance.random() < 0.5:
        with (
            mock.patch("hakawati.common.stamps.stamp", stamp),
            mock.patch("hakawati.publishing.outputs.stamp", stamp),
        ):
            yield
    else:
        yield


def try_damages(books: Books, folder: Path, count: int, seed: int) -> tuple[int, int]:
    """Damage the project so many times; returns how often it was refused, and how often it was edited."""
    chance, refused, edited = Random(seed), 0, 0
    with forgetful(chance):
        shutil.rmtree(books.project / "build")
        shutil.rmtree(books.project / "audio")
        assert not build(books.project)
        for number in range(count):
            copy = folder / "copy" / "project"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(books.project, copy, copy_function=shutil.copy2)
            assert not build(copy)  # which notes that it is a copy
            case = (seed, number, damage(copy, chance))
            is_edited = chance.random() < 0.3
            if is_edited:
                (copy / "book" / "en" / "02-two.md").write_text(EDIT)
            # An edit is followed by the usual build: what it packs is read, and so it is noticed, too.
            problem = build(copy, verify=not is_edited)
            refused, edited = refused + bool(problem), edited + is_edited
            wanted = books.edited if is_edited else books.wanted
            for name, data in left(copy).items():
                # What is packed, and what it is packed from; copies for the web are for --verify.
                is_packed = name.endswith((".epub", ".mp3", ".apkg", ".audiobook")) and "/web/" not in name
                if problem:  # nothing new was packed
                    assert "in the way" in problem, (case, problem)
                elif is_packed or not is_edited:
                    assert data == wanted.get(name), (case, name)
            if not problem:
                assert left(copy).keys() == wanted.keys(), case
    return refused, edited


def test_what_was_damaged_is_made_again_or_refused(books: Books, tmp_path: Path) -> None:
    refused, edited = try_damages(books, tmp_path, DAMAGES, seed=1)
    assert refused < DAMAGES / 4
    assert edited > DAMAGES / 10


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 120))
def test_ten_thousand_damages(books: Books, tmp_path: Path, seed: int) -> None:
    try_damages(books, tmp_path, SOAKED // 20, seed)
