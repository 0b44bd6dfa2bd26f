"""Every page fits the smallest phone: nothing runs off its side, but a table that is scrolled by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.chromium import chromium
from tests.goldens import Built, Shelf, Variant, build_here
from tests.support import write_book

WIDTH = 320
"""CSS pixels: WCAG 2.2, 1.4.10."""
LONG = "إستراتيجياتهم" * 12
BOOKS = (
    *map(Variant, ("tables", "verses", "dialogue", "questions", "markup", "images", "long-sentence")),
    *(Variant("workbook").but(f"layout={layout}") for layout in ("interleaved", "sentences", "facing")),
    Variant("workbook").but("layout=popup", "narration.languages=[ar]", "chapter_words=true"),
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def widths(browser: Browser, built: Built, folder: Path) -> dict[str, int]:
    """How wide each page would have to be to show all of its width."""
    for name, content in built.files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    page = browser.new_page(viewport={"width": WIDTH, "height": 568})
    found = {}
    for name, _ in built.pages():
        page.goto((folder / "EPUB" / name).as_uri())
        found[name] = int(page.evaluate("document.scrollingElement.scrollWidth"))
    page.close()
    return found


@pytest.mark.parametrize("variant", BOOKS, ids=str)
def test_every_page_fits_a_phone(variant: Variant, browser: Browser, shelf: Shelf, tmp_path: Path) -> None:
    found = widths(browser, shelf[variant], tmp_path)
    assert {name: width for name, width in found.items() if width > WIDTH} == {}


def test_a_word_longer_than_the_page_is_broken(browser: Browser, tmp_path: Path) -> None:
    project = write_book(
        tmp_path / "project",
        {
            "ar/01-one.md": f"# {LONG}\n\nنص {LONG} نص.\n\n- {LONG}\n\n> {LONG}\n",
            "glossary.yaml": f"- term: {LONG}\n  definition: {{ar: {LONG}}}\n",
        },
    )
    build_here(project)
    assert {*widths(browser, Built(project), tmp_path / "pages").values()} == {WIDTH}


def test_a_wide_table_is_scrolled_by_itself(browser: Browser, tmp_path: Path) -> None:
    row = "|".join([""] + ["قسطنطينية"] * 9 + [""])
    rule = "|".join([""] + ["---"] * 9 + [""])
    project = write_book(tmp_path / "project", {"ar/01-one.md": f"# جدول\n\n{row}\n{rule}\n{row}\n"})
    build_here(project)
    assert {*widths(browser, Built(project), tmp_path / "pages").values()} == {WIDTH}
