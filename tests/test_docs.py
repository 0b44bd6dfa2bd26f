"""What the documentation shows is true."""

from __future__ import annotations

import re
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

from hakawati import voices
from hakawati.source.book_yaml import BookYaml
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


def test_every_key_of_book_yaml_is_described_and_its_choices_are_named() -> None:
    told = (ROOT / "docs" / "book-format.md").read_text(encoding="utf-8")
    rows = "\n".join(line for line in told.splitlines() if line.startswith("| `"))

    def described(form: type[BaseModel], within: str = "") -> None:
        for name, field in form.model_fields.items():
            inner = field.annotation
            if isinstance(inner, type) and issubclass(inner, BaseModel) and name not in ("pauses",):
                described(inner, f"{name}.")
                continue
            row = next((line for line in rows.splitlines() if names(line) & {name, f"{within}{name}"}), "")
            assert row or f"{name}" in next(
                line for line in rows.splitlines() if "`accessibility`" in line
            ), name
            for choice in choices(inner):
                assert str(choice) in row, f"{name}: {choice}"

    def names(line: str) -> set[str]:
        return set(re.findall(r"`([^`]+)`", line.split("|")[1]))

    described(BookYaml)


def choices(annotation: object) -> Iterator[object]:
    """What a key can be, where these are named."""
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for inner in get_args(annotation):
            yield from choices(inner)
