"""Ace by DAISY, the accessibility checker for EPUB, on many files: `ace.cjs`, run by Node."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.readers import programs

SCRIPT = Path(__file__).with_name("ace.cjs")


@dataclass(frozen=True)
class Violation:
    """One place where a book breaks a rule."""

    rule: str
    impact: str
    """`minor`, `moderate`, `serious` or `critical`."""
    page: str
    what: str

    def __str__(self) -> str:
        return f"{self.page}: {self.rule} ({self.impact}): {self.what}"


@dataclass(frozen=True)
class Report:
    """What Ace found out about a book."""

    violations: tuple[Violation, ...]
    pages: frozenset[str]
    """What it looked at: the package document by its path in the EPUB, pages by theirs from there."""
    missing: tuple[str, ...]
    """Accessibility metadata that the package might have, and has not."""


def check(files: Sequence[Path]) -> None:
    """Check the files, in this order. Raises `RuntimeError` where Ace itself fails."""
    # The browser's socket has a short name at most, and so its folder has.
    with tempfile.TemporaryDirectory(prefix="ace-") as home:
        environment = programs.environment(Path(home))
        # Five seconds for the browser's start, as it is without, are few on a busy machine.
        environment |= {"ACE_TIMEOUT_INITIAL": "120000", "TMPDIR": home}
        command = [str(programs.node()), str(SCRIPT), *map(str, files)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    missing = [file.name for file in files if not _left(file).exists()]
    if done.returncode or missing:
        raise RuntimeError(f"Ace stopped, without {missing}:\n{done.stdout}\n{done.stderr}")


def is_checked(file: Path) -> bool:
    return _left(file).exists()


def report(file: Path) -> Report:
    """What `check` found in a file."""
    told: dict[str, Any] = json.loads(_left(file).read_bytes())
    return Report(
        violations=tuple(_violations(told)),
        pages=frozenset(str(subject["earl:testSubject"]["url"]) for subject in told["assertions"]),
        missing=tuple(told["a11y-metadata"]["missing"]),
    )


def _left(file: Path) -> Path:
    return file.with_name(f"{file.name}.ace.json")


def _violations(told: dict[str, Any]) -> Iterator[Violation]:
    for subject in told["assertions"]:
        for found in subject["assertions"]:
            test, result = found["earl:test"], found["earl:result"]
            if result["earl:outcome"] != "pass":
                yield Violation(
                    rule=test["dct:title"],
                    impact=test["earl:impact"],
                    page=subject["earl:testSubject"]["url"],
                    what=f"{result.get('html', '')} {result['dct:description']}".strip(),
                )
