"""What is seen of a book in the colours that reading systems offer, measured in Chromium."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urldefrag

from playwright.sync_api import Browser, Page

from hakawati.epub.package import ACTIVE_CLASS
from tests.goldens import Built, xpath

IN_PAGE = Path(__file__).with_suffix(".js")
Colour = tuple[float, float, float]
"""sRGB, 0 to 255."""


@dataclass(frozen=True)
class Theme:
    """What a reading system lays over the book's own style."""

    ink: str
    paper: str
    more: str = ""
    high_contrast: bool = False
    """Whether the system has few colours and takes those of the page away."""

    @property
    def css(self) -> str:
        return f"html, body {{ color: {self.ink}; background-color: {self.paper}; }} {self.more}"


# As Readium's night mode does: a book's own colours count for nothing.
_PLAIN = "body * { color: inherit !important; background-color: transparent !important; }"
THEMES = {
    "day": Theme("#000000", "#ffffff"),
    "sepia": Theme("#5b4636", "#f4ecd8"),
    "night": Theme("#dddddd", "#121212"),
    "plain night": Theme("#dddddd", "#121212", _PLAIN),
    "high contrast": Theme("#000000", "#ffffff", high_contrast=True),
}


@dataclass(frozen=True)
class SeenText:
    text: str
    ink: Colour
    behind: Colour


@dataclass(frozen=True)
class SeenMark:
    """What shows that an element is being read aloud."""

    page: Colour
    """What would be there if it were not lit."""
    shown: tuple[Colour, ...]
    """Behind the text, below it and around it."""


@dataclass(frozen=True)
class SeenLink:
    text: str
    marks: tuple[str, ...]
    """What it is known by besides its colour: `underlined`, `bold`, `raised`."""


@dataclass(frozen=True)
class Seen:
    """A page in a theme."""

    where: str
    theme: str
    texts: tuple[SeenText, ...]
    marks: tuple[SeenMark, ...]
    """Of all that lights up, where it is lit."""
    links: tuple[SeenLink, ...]


def luminance(colour: Colour) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [c / 255 for c in colour]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@functools.cache
def contrast(one: Colour, other: Colour) -> float:
    """From 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def look(browser: Browser, built: Built, folder: Path) -> Iterator[Seen]:
    """Every page of a book in every theme, first with nothing lit, then with all that lights up.

    `folder`: an empty one, to unpack the book into.
    """
    for name, data in built.files.items():
        if not name.endswith(".mp3"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
    items = {item.get("id"): item for item in xpath(built.package, "//opf:manifest/opf:item")}
    page = browser.new_page()
    for item in items.values():
        if item.get("media-type") != "application/xhtml+xml":
            continue
        page.goto((folder / "EPUB" / item.get("href")).as_uri())
        overlay = items.get(item.get("media-overlay"))
        parts = xpath(built.xml(overlay.get("href")), "//smil:text/@src") if overlay is not None else []
        lit = [urldefrag(reference).fragment for reference in parts]
        for theme in THEMES:
            yield _seen(page, theme, item.get("href"), [])
            if lit:
                yield _seen(page, theme, item.get("href"), lit)
    page.close()


def _seen(page: Page, theme: str, name: str, lit: list[str]) -> Seen:
    page.emulate_media(forced_colors="active" if THEMES[theme].high_contrast else "none")
    script = IN_PAGE.read_text(encoding="utf-8")
    found = page.evaluate(script, [THEMES[theme].css, lit, ACTIVE_CLASS])
    return Seen(
        where=f"{name}, {theme}{', lit' if lit else ''}",
        theme=theme,
        texts=tuple(SeenText(t["text"], tuple(t["ink"]), tuple(t["behind"])) for t in found["texts"]),
        marks=tuple(
            SeenMark(tuple(mark["page"]), tuple(map(tuple, mark["shown"]))) for mark in found["marks"]
        ),
        links=tuple(SeenLink(link["text"], tuple(link["marks"])) for link in found["links"]),
    )
