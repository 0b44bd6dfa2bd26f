"""What the project depends on: named in the documentation with a reason, and pinned."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version

import pytest

from tests.goldens import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
HEADER = "| package | what for | licence | last release | what would replace it |"


def normalised(name: str) -> str:
    """As indexes compare names (PEP 503), without extras."""
    return re.sub(r"[-_.]+", "-", name.partition("[")[0]).lower()


def named(requirement: str) -> str:
    match = re.match(r"[\w.-]+", requirement)
    assert match is not None
    return normalised(match[0])


DEPENDENCIES = {named(one) for one in PROJECT["project"]["dependencies"]}
EXTRAS = {
    extra: {named(one) for one in found}
    for extra, found in PROJECT["project"]["optional-dependencies"].items()
}
BUILDING = {named(one) for one in PROJECT["build-system"]["requires"]}


def rows() -> list[list[str]]:
    """The tables' rows, cell by cell."""
    found = [line for line in PAGE.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found]


def pins() -> dict[str, str]:
    """The versions of `constraints.txt`, by normalised name."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    wanted = (line.partition(";")[0].strip() for line in lines if line and not line.startswith("#"))
    split = [line.split("==") for line in wanted]
    return {normalised(name): pinned for name, pinned in split}


def test_every_dependency_is_on_the_page_once_and_nothing_else_is() -> None:
    found = [normalised(row[0].strip("`")) for row in rows()]
    assert len(found) == len(set(found))
    assert set(found) == DEPENDENCIES | set().union(*EXTRAS.values()) | BUILDING


def test_a_dependency_stands_under_what_it_is_for() -> None:
    _, making, extras, testing, *_ = PAGE.split("\n## ")
    for part, wanted in (
        (making, DEPENDENCIES),
        (extras, set().union(*(found for extra, found in EXTRAS.items() if extra != "dev"))),
    ):
        assert {normalised(name) for name in re.findall(r"^\| `(.*?)`", part, re.M)} == wanted
    there = {normalised(name) for name in re.findall(r"^\| `(.*?)`", testing, re.M)}
    assert there <= EXTRAS["dev"] | BUILDING


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0].strip("`"))
def test_what_it_is_for_its_licence_its_age_and_what_replaces_it_are_told(row: list[str]) -> None:
    assert PAGE.count(HEADER) == 3
    assert len(row) == 5
    assert all(row)
    assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", row[3])


def test_every_dependency_is_pinned() -> None:
    assert (DEPENDENCIES | set().union(*EXTRAS.values())) - pins().keys() == set()


def test_the_tests_run_with_what_is_pinned() -> None:
    wrong = {}
    for name in DEPENDENCIES - {"audioop-lts"}:  # which only newer Pythons need
        if version(name) != pins()[name]:
            wrong[name] = version(name)
    assert wrong == {}
