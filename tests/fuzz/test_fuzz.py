"""Whatever stands in a file of a book: a book, or problems that have lines; never anything else.

Hypothesis tries some inputs in every run and many with -m soak; `python -m tests.fuzz` has atheris try more.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hakawati.errors import BookError
from hakawati.model import Speech, Where
from tests.fuzz.contract import check_epub, check_problems
from tests.fuzz.inputs import inputs
from tests.fuzz.targets import TARGETS, Target, base
from tests.goldens import TIME, build_here

SECONDS = 10
"""Of CPU, which no input of some kilobytes may take."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return base(tmp_path / "project")


def hold(target: Target, data: bytes, project: Path) -> None:
    begin = time.process_time()
    target(data, project)
    assert time.process_time() - begin < SECONDS


KEPT = [(target, file) for target in TARGETS.values() for file in target.corpus]


@pytest.mark.parametrize(("target", "file"), KEPT, ids=[f"{t.name}-{file.name}" for t, file in KEPT])
def test_an_input_that_is_kept_makes_a_book_or_problems(target: Target, file: Path, project: Path) -> None:
    hold(target, file.read_bytes(), project)


@pytest.mark.parametrize("name", TARGETS)
def test_a_file_makes_a_book_or_problems_whatever_stands_in_it(name: str, project: Path) -> None:
    _try(TARGETS[name], project, 100)


@pytest.mark.soak
@pytest.mark.parametrize("name", TARGETS)
def test_a_file_makes_a_book_or_problems_however_long_one_tries(name: str, project: Path) -> None:
    _try(TARGETS[name], project, 60_000)


def _try(target: Target, project: Path, examples: int) -> None:
    @settings(max_examples=examples, suppress_health_check=list(HealthCheck), database=None)
    @given(inputs(target))
    def attempt(data: bytes) -> None:
        hold(target, data, project)

    attempt()


class Buzz:
    """A voice that costs nothing: 50 ms for each word."""

    key = credit = "buzz"
    where: Where = "anywhere"

    def speak(self, text: str) -> Speech:
        words = text.split() or [text]
        onsets, at = [], 0
        for n, word in enumerate(words):
            onsets.append((at, 1200 * n))
            at += len(word) + 1
        return Speech(b"\0\x20\0\xe0" * 600 * len(words), 24_000, tuple(onsets))


@pytest.fixture
def buzzing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever voice is chosen, none is asked: a program that an input names is not run."""

    def make_voice(lang: str, choice: Any, project: Path) -> Buzz:
        return Buzz()

    monkeypatch.setattr("hakawati.voices.make_voice", make_voice)


@pytest.mark.usefixtures("buzzing")
def test_a_book_is_built_or_refused_whatever_stands_in_its_files(project: Path) -> None:
    _build(project, 15)


@pytest.mark.soak
@pytest.mark.usefixtures("buzzing")
def test_a_book_is_built_or_refused_however_long_one_tries(project: Path) -> None:
    _build(project, 3_000)


def _build(project: Path, examples: int) -> None:
    anything = st.fixed_dictionaries({}, optional={name: inputs(target) for name, target in TARGETS.items()})

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck), database=None)
    @given(anything)
    def attempt(given: dict[str, bytes]) -> None:
        base(project)
        for name, data in given.items():
            for file, content in TARGETS[name].files(data).items():
                (project / "book" / file).write_bytes(content)
        try:
            report = build_here(project, modified=TIME)
        except BookError as refused:
            check_problems(project, refused.problems)
        else:
            check_epub(project / report.epub)

    attempt()
