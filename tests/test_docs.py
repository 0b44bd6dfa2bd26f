"""What the documentation shows is true."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest
import yaml
from pydantic import BaseModel

from hakawati import voices
from hakawati.source import (
    book_yaml,
    files,
    folder,
    glossary,
    inline,
    markdown,
    new_project,
    parser,
    sentences,
)
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


def test_the_workflow_of_the_documentation_builds_checks_and_gathers_a_book(tmp_path: Path) -> None:
    """Each of its own steps as it stands there, but for the installation, in a repository with a new book."""
    (text,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "ci.md").read_text(encoding="utf-8"), re.S)
    jobs = yaml.safe_load(text)["jobs"]
    steps = {step["name"]: step["run"] for step in jobs["book"]["steps"] if "run" in step}
    assert list(steps) == ["Install", "Build", "Check", "Gather"]
    assert jobs["publish"]["needs"] == "book"
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    identity = {f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

    def run(command: str) -> None:
        done = subprocess.run(
            ["bash", "-e", "-c", command],
            cwd=tmp_path,
            env={**os.environ, **identity, "PATH": programs},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"

    run("hakawati new . && printf '/audio/\\n/build/\\n' > .gitignore")
    run("git init -q && git add . && git commit -qm 'A book'")
    for name in ("Build", "Check", "Gather"):
        run(steps[name])
    site = sorted(path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*.*"))
    assert {"index.html", "report.html"} < set(site)
    assert sum(name.endswith(".epub") for name in site) == 1
    page = (tmp_path / "site" / "index.html").read_text()
    for link in re.findall(r'href="([^"]+)"', page):
        assert (tmp_path / "site" / link).is_file()
    assert any(name.startswith("audio/") and name in page for name in site)


def test_the_bounds_of_a_book_are_told() -> None:
    whole = (ROOT / "docs" / "book-format.md").read_text(encoding="utf-8")
    told = whole.partition("## How much there may be")[2].partition("\n## ")[0]
    for bound in (
        f"{files.MAX_BYTES // 1_000_000} MB; {parser.MAX_TEXTS:,} lines",
        f"{new_project.MAX_CHAPTERS:,} chapters; {folder.MAX_SENTENCES:,} sentences",
        f"{files.MAX_PART // 1_000_000} MB; an image {files.MAX_PIXELS // 1_000_000} million pixels",
        f"a name of {files.MAX_NAME} bytes",
        f"{book_yaml.MOST} entries, `editions` {book_yaml.MOST_EDITIONS} |",
        f"{glossary.MOST} characters; a translation or definition {glossary.MOST_EXPLAINED:,} |",
        f"| {parser.MAX_ADDRESS:,} characters |",
        f"| {inline.MAX_NESTED} levels |",
        f"more than {sentences.MAX_SENTENCE:,} characters",
    ):
        assert bound in told
    assert inline.MAX_NESTED == markdown.MAX_DEPTH
