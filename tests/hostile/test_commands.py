"""The other ways into the program: a plain text that becomes a book, the list of words, folders' names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.bounds import as_bytes, command, outcome
from tests.support import CHAPTER, write_book

TEXTS = {
    "markup": "*_[<#.\n\n`a` | b | \\ & ~ {voice=a} :::.\n\n" * 1_000,
    "what begins a block": "- a.\n\n1) b.\n\n> c.\n\n# d.\n\n| e |\n\n::: verse\n\n```\n\n    f.\n\n[^g]: h.",
    "what looks like YAML": "---\na: b.\n---\n\n: x.\n\n'\n\n\"\n",
    "a word without end": "ك" * 500_000,
    "a line without end": "كلمة. " * 8_000,
    "stops": "." * 500_000,
    "signs alone": ". " * 100_000,
    "every kind of line end": "a.\r\nb.\rc.\nd.\u2028e.\u2029f.\x85g.\n",
    "emoji": "😀" * 50_000,
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_book_is_made_of_any_text(name: str, tmp_path: Path) -> None:
    (text := tmp_path / "text.txt").write_text(TEXTS[name], encoding="utf-8")
    done = command(tmp_path, "new", tmp_path / "made", "--text", text)
    assert done.status == 0
    assert outcome(tmp_path / "made") == []


@pytest.mark.parametrize("text", ["a\n" * 200_000, "a\n\n" * 200_000, "a\u2028" * 200_000])
def test_a_text_of_short_lines_is_not_made_into_as_many_files(text: str, tmp_path: Path) -> None:
    (file := tmp_path / "text.txt").write_text(text, encoding="utf-8")
    done = command(tmp_path, "new", tmp_path / "made", "--text", file)
    assert (done.status, "chapters would be made of it" in done.said) == (1, True)
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("name", ["-rf.txt", "a\nb.txt", "\u202etxt.gnp", "'\"$`\\.txt", "ك" * 100 + ".txt"])
def test_a_text_of_any_name_becomes_a_book(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("كلمة.")
    assert command(tmp_path, "new", tmp_path / "made", "--text", tmp_path / name).status == 0
    assert outcome(tmp_path / "made") == []


def test_a_project_of_any_name_can_be_built(tmp_path: Path) -> None:
    project = write_book(tmp_path / f"-rf \n\u202egnp '\"$`\\ {'ك' * 60}", {})
    done = command(tmp_path / "log", "build", "--", project)
    assert done.status == 0
    assert [file.name for file in (project / "build").glob("*.epub")] == ["rf-gnp.epub"]


def test_a_project_whose_name_is_no_text_can_be_built(tmp_path: Path) -> None:
    project = write_book(as_bytes(tmp_path, b"\xff\xfe"), {})
    assert command(tmp_path / "log", "build", project).status == 0
    assert command(tmp_path / "log", "build", "--json", project).status == 0


@pytest.mark.parametrize(
    "text",
    [
        "ك" * 100_000,
        "ب" + "\u0651\u064b" * 100_000,
        "د." * 50_000,
        "a-" * 50_000,
        "*a_ " * 5_000,
        "1." * 50_000,
    ],
)
def test_the_words_that_deserve_a_look_are_listed_in_seconds(text: str, tmp_path: Path) -> None:
    project = write_book(tmp_path / "project", {"ar/01-one.md": f"{CHAPTER}\n{text}\n"})
    assert command(tmp_path, "words", project).status == 0
