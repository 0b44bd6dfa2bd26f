"""What the checks of sources say of small books that are written here."""

from __future__ import annotations

from pathlib import Path

from hakawati.check.sources import check_sources
from hakawati.source.folder import read_book
from tests.support import write_book

ENGLISH = "title: A Book\nlanguages: [en]\n"


def english(project: Path, *paragraphs: str) -> list[str]:
    """The notices of an English chapter with these paragraphs, the first of them in line 3."""
    text = "\n\n".join(["# One", *paragraphs])
    project.mkdir(parents=True, exist_ok=True)
    for name, content in {"book.yaml": ENGLISH, "en/01-one.md": text}.items():
        file = project / "book" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    return noticed(project)


def arabic(project: Path, *paragraphs: str) -> list[str]:
    """The same of an Arabic one."""
    return noticed(write_book(project, {"ar/01-one.md": "\n\n".join(["# واحد", *paragraphs])}))


def noticed(project: Path) -> list[str]:
    """What is said of a project."""
    return [str(finding.problem) for finding in check_sources(read_book(project), texts(project))]


def texts(project: Path) -> dict[str, str]:
    """The text of every source file."""
    return {
        file.relative_to(project).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted((project / "book").rglob("*"))
        if file.suffix in (".md", ".yaml")
    }
