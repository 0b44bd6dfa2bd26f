"""WCAG 2.2 AA as far as axe-core can tell: every kind of page, by day and night, on a desk and a phone."""

from __future__ import annotations

import pytest

from tests.chromium import violations
from tests.web.window import DESK, FIRST, PHONE, Browsing

PAGES = (
    "index.html",
    FIRST,
    "sentences/text/01-fisherman.html",
    "facing/text/01-fisherman.html",
    "popup/text/01-fisherman.html",
    "original/text/03-picture.html",
    "interleaved/glossary.html",
    "editions/both/sentences/text/01-fisherman.html",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_no_violation(browser: Browsing, size: tuple[int, int], scheme: str) -> None:
    found = {}
    for path in PAGES:
        with browser.open(path, size, color_scheme=scheme, reduced_motion="reduce") as window:
            found[path] = violations(window.page)
    assert found == {path: [] for path in PAGES}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nor_while_it_is_read_with_something_open(browser: Browsing, scheme: str) -> None:
    with browser.open(FIRST, color_scheme=scheme, reduced_motion="reduce") as window:
        window.play()
        window.page.wait_for_function("document.querySelector('.lit')")
        assert violations(window.page) == []
        window.page.locator("a.term").first.click()
        assert violations(window.page) == []
        window.press("Escape")
        window.page.locator("a.noteref").first.click()
        assert violations(window.page) == []
        window.press("Escape")
        window.view()
        assert violations(window.page) == []
        window.press("Escape")
        window.page.locator("#contents summary").click()
        assert violations(window.page) == []
        window.press("Escape", "?")
        assert violations(window.page) == []


@pytest.mark.parametrize("language", ["ar", "en"])
def test_nor_without_the_program(browser: Browsing, language: str) -> None:
    """The page as it comes: axe runs where the reader’s program is kept out."""
    context = browser.browser.new_context(locale=language)
    page = context.new_page()
    page.route("**/app/*/*.js", lambda route: route.abort())
    page.goto(f"{browser.origin}/{FIRST}")
    assert page.locator("audio[controls]").is_visible()
    assert violations(page) == []
    page.locator("#views summary").click()
    assert violations(page) == []
    context.close()
