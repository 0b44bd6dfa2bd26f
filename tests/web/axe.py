"""axe-core (Deque) in a page: what bars people with disabilities, by WCAG 2.2 AA and good practice."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.readers import programs

_RUN = """() => axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
})"""


def violations(page: Page) -> list[str]:
    """Each with the elements that it is about. The page's context has to let scripts in: `bypass_csp`."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=programs.node_modules() / "axe-core" / "axe.min.js")
    found = page.evaluate(_RUN)
    return [
        f"{violation['id']}: {violation['help']} ({node['html'][:120]}; {node['failureSummary']})"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
