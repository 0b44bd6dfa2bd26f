"""What the documentation shows is true."""

from __future__ import annotations

import importlib
import inspect
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

from hakawati import model, voices
from hakawati.model import SAMPLE_RATE
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
from tests.goldens import ROOT, Built, build_here
from tests.support import write_book
from tests.test_rules import JOINTS, ROOMS, SHARED
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


PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("benchmarks/*.md")])


def links(page: Path) -> list[str]:
    """What the links of a page lead to, but for those to the web and those in code."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.S)
    return [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]


def anchors(page: Path) -> set[str]:
    """What GitHub calls the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in links(page):
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_index_leads_to_every_page() -> None:
    index = ROOT / "docs" / "index.md"
    found = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    assert {page for page in PAGES if page.parent != ROOT / "benchmarks"} - {index} <= found
    assert "docs/index.md" in links(ROOT / "README.md")


DESIGN = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "src" / "hakawati"


def section(number: str) -> str:
    """A section of design.md, its heading first; empty where there is none."""
    parts = re.split(r"^## ", DESIGN, flags=re.M)
    return next((part for part in parts if part.startswith(f"{number}. ")), "")


def test_every_reference_to_the_design_is_to_a_section_and_rule_of_it() -> None:
    found = []
    code = (file for folder in ("src", "tests", "benchmarks") for file in ROOT.glob(f"{folder}/**/*.py"))
    for file in [ROOT / "pyproject.toml", *PAGES, *code]:
        text = file.read_text(encoding="utf-8")
        for number, rule in re.findall(r"design\.md §(\d+)(?:, rule (\d+))?", text):
            found.append(file.name)
            assert section(number), file
            assert not rule or f"\n{rule}. " in section(number), file
    assert {"mp3.py", "pyproject.toml", "test_rules.py"} <= set(found)


def test_the_design_names_modules_functions_and_tests_that_there_are() -> None:
    modules = re.findall(r"`([\w/]+\.py)`((?: `\w+`)*)", DESIGN)
    assert len(modules) > 40
    for path, names in modules:
        name = path if "/" in path else f"publishing/{path}"
        file = next(one for one in (ROOT / path, PACKAGE / path, PACKAGE / name) if one.exists())
        for inside in re.findall(r"\w+", names):
            defined = rf"^\s*(?:def|class) {inside}\b|^{inside} ="
            assert re.search(defined, file.read_text(encoding="utf-8"), re.M), f"{path}: {inside}"


def test_the_nouns_of_the_design_are_classes_and_none_of_the_model_is_missing() -> None:
    nouns = section("7")
    within_model, _, others = nouns.partition("\nElsewhere:")
    named = set(re.findall(r"`([A-Z]\w+)`", "".join(re.findall(r"^\|([^|]*)\|", within_model, re.M))))
    assert named == {name for name in model.__all__ if inspect.isclass(getattr(model, name))}
    rows = re.findall(r"^\| (`[A-Z][^|]*) \| ([^|]*) \|", others, re.M)
    assert len(rows) > 20
    for names, where in rows:
        paths = re.findall(r"`([\w.]+)`", where)
        for n, name in enumerate(re.findall(r"`(\w+)`", names)):
            module = importlib.import_module(f"hakawati.{paths[min(n, len(paths) - 1)]}")
            assert inspect.isclass(getattr(module, name)), name


def test_every_room_of_the_design_is_a_room_and_none_is_missing() -> None:
    table = re.findall(r"^\| (`[a-z][^|]*) \|", section("6"), re.M)
    rooms = set(re.findall(r"\w+", " ".join(table)))
    assert rooms == ROOMS | SHARED | JOINTS - {"__init__", "__main__"}


def test_the_sentence_of_the_design_becomes_what_the_design_says(tmp_path: Path) -> None:
    """Every line that it shows of a page and an overlay, and all that it says of the sentence's sound."""
    blocks = dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```", DESIGN, re.M | re.S))
    sources: dict[str, str | bytes] = {name: text for name, text in blocks.items() if "EPUB" not in name}
    project = write_book(tmp_path, sources)
    build_here(project)
    built = Built(project)
    shown = {name: text for name, text in blocks.items() if "EPUB" in name}
    assert sorted(shown) == ["EPUB/overlay/01-door.smil", "EPUB/text/01-door.xhtml"]
    for name, text in shown.items():
        assert text in built.files[name].decode(), name
    (timings,) = (chapter for chapter in built.timings() if chapter["chapter"] == "01-door")
    sentence, translation = timings["sentences"][2:]
    assert f"`{sentence['spoken']}`" in DESIGN
    assert [len(one["words"]) for one in (sentence, translation)] == [9, 11]
    for begin in (sentence["begin"], sentence["end"]):
        (samples,) = {
            figure
            for figure in re.findall(r"\d+,\d{3}", DESIGN)
            if round(int(figure.replace(",", "")) / SAMPLE_RATE, 3) == begin
        }
        assert f"= {samples}" in DESIGN


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
