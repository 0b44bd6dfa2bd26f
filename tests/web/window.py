"""The reader of `build/web/` in Chromium, and what a person sees, hears and does there."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.chromium import chromium
from tests.support import PATIENCE
from tests.web.served import served

FIRST = "interleaved/text/01-fisherman.html"
"""The long chapter of `tales`."""
DESK, PHONE = (1100, 800), (360, 640)
"""Windows, in CSS pixels."""
NEAR = 60
"""So far, in milliseconds, what is lit may be from what is heard."""

TROUBLE = ("error", "warning")

_SAMPLES = """async ([count, every]) => {
    const audio = Hakawati.player.audio, found = [];
    for (let n = 0; n < count; n += 1) {
        await new Promise((done) => setTimeout(done, every));
        found.push([audio.currentTime * 1000, document.querySelector(".lit")?.id ?? ""]);
    }
    return found;
}"""
_HIDE = """() => {
    Object.defineProperty(document, "hidden", { get: () => true, configurable: true });
    window.requestAnimationFrame = () => 0;
    document.dispatchEvent(new Event("visibilitychange"));
}"""


@dataclass(frozen=True)
class Timings:
    """When each word of a chapter is heard, by the project's own timings, in milliseconds."""

    words: Sequence[tuple[str, float]]
    """The ids of the elements and their onsets, in order."""
    sentences: Sequence[tuple[str, float, float]]

    @classmethod
    def read(cls, file: Path) -> Timings:
        told = json.loads(file.read_bytes())["sentences"]
        words = [
            (f"{sentence['id']}-w{n}", word["begin"] * 1000)
            for sentence in told
            for n, word in enumerate(sentence["words"], start=1)
        ]
        return cls(words, [(s["id"], s["begin"] * 1000, s["end"] * 1000) for s in told])

    def heard(self, ms: float) -> str:
        """The word at a time."""
        at = bisect_right([onset for _, onset in self.words], ms) - 1
        return self.words[max(0, at)][0]

    def near(self, ms: float) -> set[str]:
        """The words that may be lit at a time."""
        return {self.heard(ms + by) for by in (-NEAR, 0, NEAR)}

    def onset(self, word: str) -> float:
        return dict(self.words)[word]

    def sentence(self, id_: str) -> tuple[float, float]:
        """When it begins and ends."""
        return next((begin, end) for found, begin, end in self.sentences if found == id_)


class Window:
    """A page of the book in a window."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.origin = origin

    def go(self, path: str = FIRST) -> None:
        self.page.goto(f"{self.origin}/{path}")
        self.until("document.querySelector('#hk-controls')")

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(f"{self.origin}/")

    @property
    def place(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate("Hakawati.place()")
        return found

    @property
    def time(self) -> float:
        """Of the sound, in milliseconds, as the browser tells it."""
        return float(self.page.evaluate("Hakawati.player.audio.currentTime * 1000"))

    @property
    def plays(self) -> bool:
        return bool(self.page.evaluate("!Hakawati.player.audio.paused"))

    @property
    def lit(self) -> str:
        return str(self.page.evaluate("document.querySelector('.lit')?.id ?? ''"))

    @property
    def focused(self) -> str:
        """The id or the name of what has the focus."""
        return str(
            self.page.evaluate(
                "(({ id, className, tagName }) => id || className || tagName)(document.activeElement)"
            )
        )

    @property
    def scrolled(self) -> float:
        return float(self.page.evaluate("scrollY"))

    def top(self, id_: str) -> float:
        """How far below the window's top an element is."""
        return float(
            self.page.evaluate("(id) => document.getElementById(id).getBoundingClientRect().top", id_)
        )

    def play(self) -> None:
        """Begin, and wait until it is heard."""
        self.page.locator("#hk-play").click()
        self.heard()

    def heard(self, after: float = 0.0) -> None:
        """Wait until it plays, past a time in milliseconds."""
        self.until("Hakawati.player.playing() && Hakawati.player.audio.currentTime * 1000 > ms", after)

    def samples(self, count: int, every: int) -> list[tuple[float, str]]:
        """The time and what is lit, so many times, every so many milliseconds."""
        return [(time, lit) for time, lit in self.page.evaluate(_SAMPLES, [count, every])]

    def seen(self) -> None:
        """Wait until what is lit is in the window."""
        self.until(
            "(({ top, bottom }) => top > 0 && bottom < innerHeight)"
            "(document.querySelector('.lit').getBoundingClientRect())"
        )
        self.still()

    def still(self) -> None:
        """Wait until the page has stopped moving."""
        self.page.wait_for_function(
            "() => { const before = window.before; window.before = scrollY; return before === scrollY; }",
            polling=100,
        )

    def hide(self) -> None:
        """As a tab in the background is: no frame is drawn."""
        self.page.evaluate(_HIDE)

    def until(self, true: str, *given: object) -> None:
        """Wait for an expression to be true, in which `ms` is what is given."""
        self.page.wait_for_function(f"(ms) => {true}", arg=given[0] if given else None)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def view(self) -> None:
        """Open the panel of how the book is shown."""
        self.page.locator("#views summary").click()
        expect(self.page.locator("#views .panel")).to_be_visible()


def told(said: ConsoleMessage) -> str:
    return f"{said.text} ({said.location['url']})"


class Browsing:
    """A browser and a book to read in it."""

    def __init__(self, browser: Browser, origin: str) -> None:
        self.browser = browser
        self.origin = origin

    @contextmanager
    def open(
        self,
        path: str = FIRST,
        size: tuple[int, int] = DESK,
        *,
        origin: str = "",
        trouble: bool = False,
        worker: bool = False,
        **given: Any,
    ) -> Iterator[Window]:
        """A window of its own, which remembers nothing; what the browser reports is an error.

        `trouble`: unless it is asked for; `worker`: whether it keeps itself for when there is no network.
        """
        given |= {"viewport": {"width": size[0], "height": size[1]}}
        context = self.browser.new_context(**given)
        context.set_default_timeout(PATIENCE * 1000)
        if not worker:
            context.add_init_script("window.Hakawati = { live: true };")
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(told(said)) if said.type in TROUBLE else None)
        try:
            window = Window(page, origin or self.origin)
            window.go(path)
            yield window
            assert trouble or not errors, errors
        finally:
            context.close()


@contextmanager
def browsing(folder: Path) -> Iterator[Browsing]:
    """Serve the web edition, and have a browser for it."""
    with served(folder) as origin, chromium() as browser:
        yield Browsing(browser, origin)
