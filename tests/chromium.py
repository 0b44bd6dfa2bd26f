"""A real browser for the tests, and what keeps people with disabilities from a page in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.readers import programs
from tests.support import PATIENCE

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""WCAG 2.2 AA, as far as axe-core can tell, and good practice."""


@contextmanager
def chromium(environment: Mapping[str, str] | None = None) -> Iterator[Browser]:
    """Chromium, in which sounds play without a click.

    What is expected of a page is waited for like any other event. Playwright leaves an event loop running in
    its thread, so that a module has one browser at a time.
    """
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=programs.chromium(),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
            env=dict(environment) if environment else None,
        )
        try:
            yield browser
        finally:
            browser.close()


def axe(page: Page, rules: list[str], within: str = "html") -> Mapping[str, Any]:
    """All that axe-core (Deque) says of what is `within` elements of a page: `violations`, `passes` …"""
    if not page.evaluate("'axe' in window"):
        source = programs.node_modules() / "axe-core" / "axe.min.js"
        page.evaluate(f"() => {{ {source.read_text(encoding='utf-8')} }}")
    found: Mapping[str, Any] = page.evaluate(
        "([within, runOnly]) => axe.run({ include: [[within]] }, { runOnly })", [within, rules]
    )
    return found


def violations(page: Page, within: str = "html") -> list[str]:
    """What breaks `RULES`, each with the element that it is about."""
    return [
        f"{violation['id']}: {violation['help']} ({node['html'][:120]}; {node['failureSummary']})"
        for violation in axe(page, RULES, within)["violations"]
        for node in violation["nodes"]
    ]
