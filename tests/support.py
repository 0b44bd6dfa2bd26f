"""Small books and images, written where a test asks for them."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

YAML = "title: كتاب\nlanguages: [ar]\n"
TWO_LANGUAGES = "title: {ar: كتاب, en: A Book}\nlanguages: [ar, en]\n"
PATIENCE = 300
"""Seconds after which what has not happened never does, on a machine with ten times as much to do as it can.

Tests wait for what happens, not for a length of time."""
CHAPTER = "# عنوان\n\nنص قصير.\n"


def write_book(project: Path, files: dict[str, str | bytes]) -> Path:
    """A project with these files in its `book/`, and a title and a chapter where they name none."""
    whole: dict[str, str | bytes] = {"book.yaml": YAML}
    if not any(name.startswith("ar/") for name in files):
        whole["ar/01-one.md"] = CHAPTER
    for name, content in (whole | files).items():
        file = project / "book" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return project


def draw(file: Path, kind: str = "PNG", size: tuple[int, int] = (4, 4)) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("1", size).save(file, kind)
