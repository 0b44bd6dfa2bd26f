"""What the documentation shows is true."""

from __future__ import annotations

import re
import sys
import types
from pathlib import Path

import pytest

from hakawati import voices
from tests.goldens import ROOT, build_here
from tests.support import write_book
from tests.voices.test_voices import register

VOICES = (ROOT / "docs" / "voices.md").read_text(encoding="utf-8")


def test_the_engine_of_the_documentation_is_thirty_lines_and_builds_a_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", VOICES, re.S)
    assert len([line for line in code.splitlines() if line.strip()]) <= 30
    module = types.ModuleType("hakawati_hum")
    monkeypatch.setitem(sys.modules, "hakawati_hum", module)
    exec(code, vars(module))
    register(monkeypatch, "hum", "hakawati_hum:ENGINE")
    project = write_book(
        tmp_path, {"book.yaml": "title: كتاب\nlanguages: [ar]\nvoices: {ar: {engine: hum, pitch: 300}}\n"}
    )
    (chapter,) = build_here(project).chapters
    assert chapter.clips_made == 2
    assert (voices.engine("hum").name, dict(voices.engine("hum").voices())) == (
        "hum",
        {"hum": "the only one"},
    )


@pytest.mark.parametrize("engine", voices.engine_names())
def test_every_engine_is_described(engine: str) -> None:
    assert f"**{engine}** `{{engine: {engine}" in VOICES


def test_every_link_of_the_documentation_leads_to_a_file() -> None:
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            if page.name != "book-format.md" or not target.startswith(("02-", "images/map", "images/x")):
                assert (page.parent / target).exists(), f"{page.name}: {target}"
