"""Waiting in a page that forbids `eval`, with which Playwright's own `wait_for_function` looks again."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.support import PATIENCE

_WAIT = """async ([expected, limit]) => {
  const ask = %s;
  const end = performance.now() + limit;
  let found = await ask();
  while (found !== expected && performance.now() < end) {
    await new Promise((done) => setTimeout(done, 20));
    found = await ask();
  }
  return found;
}"""


def until(page: Page, ask: str, expected: object, seconds: float = PATIENCE) -> None:
    """Wait until a function of the page gives what is expected."""
    found = page.evaluate(_WAIT % ask, [expected, seconds * 1000])
    assert found == expected, f"{ask} gives {found!r} after {seconds} s"
