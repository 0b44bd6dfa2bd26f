"""A reader sees what there is to be seen, in day, sepia and night: WCAG 2.2, 1.4.1, 1.4.3 and 1.4.11.

Measured on golden books that have everything the style speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from hakawati.epub.package import ACTIVE_CLASS
from tests.chromium import chromium
from tests.goldens import SEED, VARIANTS, Shelf, Variant, xpath
from tests.readers.contrast import THEMES, Seen, Theme, contrast, look

MEASURED = (
    *map(Variant, ("accessible", "code-and-rules", "headings", "links", "lists", "quotes", "terms", SEED)),
    Variant("three-languages").but("sync=paragraph"),
    Variant("notes").but("narration.notes=end", "sync=word"),
    Variant("notes").but("narration.notes=inline"),
    Variant("workbook").but("layout=popup", "narration.languages=[ar]", "chapter_words=true"),
    *(Variant("workbook").but(f"layout={layout}") for layout in ("sentences", "facing", "original")),
    Variant("workbook").but(
        "layout=interleaved",
        "narration.languages=[ar, en]",
        "narration.order=chapter",
        "fonts=[fonts/Tiny.ttf]",
    ),
    Variant("headings").but("narration.languages=[ar, en]", "narration.order=chapter"),
    *map(Variant, ("tables", "verses", "dialogue", "questions")),
)
TEXT, OTHER = 4.5, 3.0
"""The least contrast of text, and of what else tells something."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.005)
    assert contrast((255, 0, 0), (255, 0, 0)) == 1


@pytest.mark.parametrize("variant", MEASURED, ids=str)
def test_every_text_every_link_and_what_is_read_aloud_is_seen(
    variant: Variant, browser: Browser, shelf: Shelf, tmp_path: Path
) -> None:
    pages = list(look(browser, shelf[variant], tmp_path))
    assert all(page.texts for page in pages)
    assert {text for page in pages for text in faint(page)} == set()
    assert {(page.where, link) for page in pages for link in page.links if not link.marks} == set()
    marks = [(page, mark) for page in pages for mark in page.marks]
    dim = [page.where for page, mark in marks if max(contrast(c, mark.page) for c in mark.shown) < OTHER]
    assert dim == []
    assert {page.theme for page, _ in marks} == set(THEMES)


def faint(page: Seen) -> Iterator[tuple[str, str]]:
    for text in page.texts:
        if (found := contrast(text.ink, text.behind)) < TEXT:
            yield page.where, f"{text.text[:40]} ({found:.2f})"


def test_everything_that_the_style_speaks_of_is_among_what_is_measured(shelf: Shelf) -> None:
    measured, used = (
        {
            name
            for variant in variants
            for _, page in shelf[variant].pages()
            for value in xpath(page, "//@class")
            for name in value.split()
        }
        for variants in (MEASURED, VARIANTS)
    )
    assert measured == used
    files = shelf[SEED].files
    style = "".join(files[f"EPUB/{name}"].decode() for name in ("style.css", "refinements.css"))
    style = re.sub(r"(?s)/\*.*?\*/", "", style)
    assert set(re.findall(r"\.([a-z][\w-]*)(?=[^{}]*\{)", style)) <= used | {"kobo-smil-highlight"}


def test_faint_text_and_light_would_be_found(
    browser: Browser, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dim = f"em {{ opacity: 0.4 }} .{ACTIVE_CLASS} {{ box-shadow: none !important }}"
    monkeypatch.setitem(THEMES, "day", Theme("#000000", "#ffffff", dim))
    pages = [page for page in look(browser, shelf["accessible"], tmp_path) if page.theme == "day"]
    assert {text.split(" ")[0] for page in pages for _, text in faint(page)} == {"الباقون", "others"}
    marks = [mark for page in pages for mark in page.marks]
    assert marks
    assert all(max(contrast(c, mark.page) for c in mark.shown) < OTHER for mark in marks)
