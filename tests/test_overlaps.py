"""Two builds of one project that overlap, with an edit between them: the next build makes the right book."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

import pytest

from hakawati.common.atomic import write_atomically
from hakawati.errors import BookError
from hakawati.publishing.outputs import Outputs
from tests.building import Reader, left, without_builds
from tests.goldens import TIME, build_here
from tests.support import write_book

PAIRS = 20
SOAKED = 1_000
SENTENCES = [f"This is sentence number {n}." for n in range(12)]
YAML = """title: {ar: كتاب, en: A Book}
languages: [ar, en]
cover: none
editions: {slow: {narration: {speed: 0.8}}}
"""


def write(project: Path, chance: Random) -> None:
    """The book as an author saves it next."""
    text = "\n\n".join(chance.sample(SENTENCES, 3))
    chapter = project / "book" / "en" / f"0{chance.randint(1, 2)}-part.md"
    write_atomically(chapter, f"# A Part\n\n{text}\n".encode())  # as editors do


def book(project: Path) -> Path:
    files: dict[str, str | bytes] = {"book.yaml": YAML}
    for n in (1, 2):
        files |= {
            f"ar/0{n}-part.md": "# جزء\n\nنص.\n\nآخر.\n\nثالث.\n",
            f"en/0{n}-part.md": "# A Part\n\nText.\n",
        }
    return write_book(project, files)


def builder(pipe: Connection, seed: int) -> None:
    """A process that builds when it is asked, and dawdles at everything that it writes."""
    chance, writes = Random(seed), Outputs.replacing

    @contextmanager
    def dawdling(self: Outputs, name: str, **options: Any) -> Iterator[Path]:
        time.sleep(chance.choice((0, 0, 0.001, 0.01)))
        with writes(self, name, **options) as path:
            yield path
        time.sleep(chance.choice((0, 0, 0.001, 0.01)))

    reader = Reader()
    with (
        mock.patch("hakawati.voices.make_voice", reader.make_voice),
        mock.patch.object(Outputs, "replacing", dawdling),
    ):
        while project := pipe.recv():
            try:
                build_here(project, modified=TIME, web=chance.random() < 0.3, waiting=lambda _: None)
                pipe.send("")
            except BookError as error:
                pipe.send(str(error))


@contextmanager
def builders(seed: int) -> Iterator[list[Connection]]:
    context = multiprocessing.get_context("spawn")
    pipes, processes = [], []
    for n in range(2):
        ours, theirs = context.Pipe()
        process = context.Process(target=builder, args=(theirs, seed + n), daemon=True)
        process.start()
        pipes.append(ours)
        processes.append(process)
    try:
        yield pipes
    finally:
        for pipe, process in zip(pipes, processes, strict=True):
            pipe.send(None)
            process.join()


def overlap(folder: Path, pairs: int, seed: int) -> None:
    project, chance = book(folder / "project"), Random(seed)
    with builders(seed) as (one, other):
        for number in range(pairs):
            write(project, chance)
            one.send(project)
            time.sleep(chance.choice((0, 0.01, 0.05, 0.2)))
            write(project, chance)
            other.send(project)
            time.sleep(chance.choice((0, 0.01, 0.05)))
            if chance.random() < 0.3:  # the author goes on
                write(project, chance)
            assert [one.recv(), other.recv()] == ["", ""]
            one.send(project)
            assert one.recv() == ""
            fresh = without_builds(project, folder / str(number))
            other.send(fresh)
            assert other.recv() == ""
            seen = {name: data for name, data in left(project).items() if "/web/" not in name}
            wanted = {name: data for name, data in left(fresh).items() if "/web/" not in name}
            assert [n for n in seen.keys() | wanted.keys() if seen.get(n) != wanted.get(n)] == [], number
            outputs = Outputs.of(project)
            assert [name for name in outputs.known if not outputs.intact(name, compare=True)] == []
            assert json.loads((project / "build" / "report.json").read_bytes())["chapters"]


@pytest.mark.parametrize("seed", [1, 2])
def test_builds_that_overlap_leave_what_a_further_build_makes_right(tmp_path: Path, seed: int) -> None:
    overlap(tmp_path, PAIRS // 2, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 110))
def test_a_thousand_pairs_of_builds_that_overlap(tmp_path: Path, seed: int) -> None:
    overlap(tmp_path, SOAKED // 10, seed)
