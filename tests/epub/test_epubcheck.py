"""EPUBCheck has nothing to say against any golden book, at any sync."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.epub import epubcheck
from tests.goldens import VARIANTS, Shelf, Variant, locked

REMARKS = {
    "OPF-097",  # a cover that is shown by the reader, not by a page
    "ACC-009",
}
"""Usage messages that say nothing about a mistake."""


@pytest.fixture(scope="session")
def findings(shelf: Shelf, shared: Path, worker_id: str) -> dict[Variant, Path]:
    """The file with EPUBCheck's findings, for every variant."""
    # Processes begin at different ends, so that they share the work.
    backwards = worker_id not in ("master", "gw0")
    epubs = {variant: shelf[variant].epub for variant in VARIANTS[:: -1 if backwards else 1]}
    with locked(shared / "epubcheck.lock"):
        todo = [epub for epub in epubs.values() if not epubcheck.report(epub).exists()]
        if todo:
            epubcheck.check(todo)
    return {variant: epubcheck.report(epub) for variant, epub in epubs.items()}


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_epubcheck_finds_no_fault(variant: Variant, findings: dict[Variant, Path]) -> None:
    messages: list[dict[str, Any]] = json.loads(findings[variant].read_bytes())["messages"]
    assert [_told(m) for m in messages if m["severity"] != "USAGE" or m["ID"].startswith("MED")] == []


def _told(message: dict[str, Any]) -> str:
    places = [f"{place['path']}:{place['line']}" for place in message["locations"]]
    return f"{message['severity']} {message['ID']}: {message['message']} ({', '.join(places)})"
