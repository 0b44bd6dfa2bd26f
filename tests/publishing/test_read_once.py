"""How often a build or a check reads a book: once, however many editions it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hakawati.epub import xhtml
from hakawati.publishing import composing
from hakawati.publishing.project_check import check_project
from hakawati.publishing.publication_check import CheckOptions
from hakawati.source import folder
from hakawati.source.files import Files
from tests.building import Reader
from tests.goldens import build_here
from tests.support import write_book

EDITIONS = (
    "editions:\n  slow: {narration: {speed: 0.8}}\n  facing: {layout: facing}\n  short: {vowels: print}\n"
)
CHAPTERS = ("01-one", "02-two", "03-three")


@pytest.fixture
def project(tmp_path: Path, reader: Reader) -> Path:
    """Three chapters in two languages, with four editions."""
    config = "title: {ar: كتاب, en: A Book}\nlanguages: [ar, en]\ncover: none\n" + EDITIONS
    files: dict[str, str | bytes] = {"book.yaml": config, "glossary.yaml": "- term: نص\n"}
    for name in CHAPTERS:
        files[f"ar/{name}.md"] = f"# عنوان\n\nنص قصير {name[3:]}.\n"
        files[f"en/{name}.md"] = f"# A title\n\nA short text, {name[3:]}.\n"
    return write_book(tmp_path, files)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each of a few functions was called, by name."""
    counted: Counter[str] = Counter()

    def count(owner: Any, name: str) -> None:
        original: Callable[..., Any] = getattr(owner, name)

        def counting(*args: Any, **kwargs: Any) -> Any:
            counted[name] += 1
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, counting)

    count(folder, "read_chapter")
    count(folder, "read_config")
    count(folder.Source, "__init__")
    count(Files, "text")
    count(composing, "with_printed_sentences")
    count(xhtml, "chapter_xhtml")
    return counted


def test_a_cold_build_parses_every_file_once_for_all_editions(project: Path, calls: Counter[str]) -> None:
    build_here(project)
    assert calls["read_chapter"] == len(CHAPTERS) * 2
    assert calls["text"] == len(CHAPTERS) * 2 + len(["book.yaml", "glossary.yaml", "pronunciation.yaml"])
    assert (calls["__init__"], calls["read_config"]) == (1, 1)


def test_an_edit_parses_no_other_chapter(project: Path, calls: Counter[str]) -> None:
    build_here(project)
    calls.clear()
    page = project / "book" / "en" / "02-two.md"
    page.write_text(page.read_text().replace("short", "shorter"))
    build_here(project)
    assert (calls["read_chapter"], calls["__init__"]) == (2, 1)


def test_a_build_with_nothing_to_do_parses_nothing(project: Path, calls: Counter[str]) -> None:
    build_here(project)
    calls.clear()
    build_here(project)
    assert calls == {}


@pytest.mark.parametrize("built", [False, True])
def test_a_check_reads_the_book_folder_once(project: Path, calls: Counter[str], built: bool) -> None:
    if built:
        build_here(project)
        calls.clear()
    found = check_project(project, CheckOptions({}, listen=False))
    assert found.title == "كتاب"
    assert (calls["read_chapter"], calls["__init__"]) == (len(CHAPTERS) * 2, 1)


def test_a_chapter_gets_its_printed_sentences_once(project: Path, calls: Counter[str]) -> None:
    build_here(project)
    assert calls["with_printed_sentences"] == 4 * (len(CHAPTERS) + 1)  # of every edition, the glossary too


def test_a_page_is_made_once_where_no_web_edition_is(project: Path, calls: Counter[str]) -> None:
    build_here(project)
    assert calls["chapter_xhtml"] == 4 * len(CHAPTERS)
