"""Somebody who reads books on a web host: what the browser keeps, and what is there without the host."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, Response

from tests.support import PATIENCE
from tests.web.served import Host
from tests.web.until import until

ONE, TWO = "interleaved/text/01-fisherman.html", "interleaved/text/02-short.html"
PICTURE = "interleaved/text/03-picture.html"
"""Chapters of `tales`."""
OLD, NEW = "انتهت", "تمّت"
"""A word of the second one, and another."""
PAGE = {"Content-Type": "text/html; charset=utf-8"}

LATEST = """async (limit) => {
  const never = new Promise((_, fail) => setTimeout(fail, limit, new Error("there is no worker")));
  const registration = await Promise.race([navigator.serviceWorker.ready, never]);
  await registration.update().catch(() => {});
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  while (!["activated", "redundant"].includes(worker.state)) {
    await new Promise((done) => worker.addEventListener("statechange", done, { once: true }));
  }
  return worker.state;
}"""
"""Has the worker updated, and waits until the new one works or is given up."""
CACHED = """async (cache) => {
  const names = {};
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) {
      const at = decodeURIComponent(url.slice(url.indexOf("/", 8) + 1));
      if (!cache || name === cache || name.endsWith(`/${cache}`)) names[at] = [...(names[at] ?? []), name];
    }
  }
  return names;
}"""


class Visitor:
    """Somebody whose browser has never been there."""

    def __init__(self, page: Page, host: Host, origin: str) -> None:
        self.page = page
        self.host = host
        self.origin = origin

    def read(self, path: str) -> None:
        """Open a page, once, and wait until its worker keeps it as it is now."""
        text = self.open(path).text()
        address = f"{self.origin}/{re.split('[?#]', path)[0]}"
        self.page.evaluate(LATEST, PATIENCE * 1000)
        same = f"(await (await caches.match({json.dumps(address)}))?.text()) === {json.dumps(text)}"
        until(self.page, f"async () => {same}", True)

    def open(self, path: str) -> Response:
        """Open a page, whatever it shows."""
        answer = self.page.goto(f"{self.origin}/{path}")
        assert answer
        return answer

    def hear(self, path: str) -> None:
        """Open a chapter and play it, until its sound is kept."""
        self.read(path)
        until(self.page, "() => Boolean(navigator.serviceWorker.controller)", True)
        self.play()
        until(self.page, "async () => Boolean(await caches.match(Hakawati.player.audio.currentSrc))", True)

    def play(self) -> None:
        """Play from the beginning, until it is heard."""
        self.page.evaluate("Hakawati.seek(0, { play: true })")
        until(self.page, "() => Hakawati.player.playing() && Hakawati.player.audio.currentTime > 0.05", True)
        self.page.evaluate("Hakawati.player.pause()")

    def text(self, path: str) -> str:
        """What a page shows; empty where it cannot be had."""
        try:
            self.open(path)
        except Error:  # the page that the browser shows instead is still on its way
            self.page.close()
            self.page = self.page.context.new_page()
            return ""
        return self.page.locator("body").inner_text()

    def runs(self) -> bool:
        """Whether the reader's program does."""
        until(self.page, "() => Boolean(document.querySelector('#hk-controls'))", True)
        return True

    @property
    def version(self) -> str | None:
        """Of the program that the page comes with."""
        return self.page.locator("html").get_attribute("data-program")

    def cached(self, cache: str = "") -> Mapping[str, list[str]]:
        """The paths that are kept, each with the names of its caches.

        `cache`: only what is in this one; that of a book is named by the book's folder.
        """
        names: Mapping[str, list[str]] = self.page.evaluate(CACHED, cache)
        return names

    def fill(self, cache: str, *paths: str) -> None:
        """Put into a cache what the host has at these paths."""
        put = """async ([cache, urls]) => {
            for (const url of urls) await (await caches.open(cache)).put(url, await fetch(url));
        }"""
        self.page.evaluate(put, [cache, [f"/{path}" for path in paths]])

    def waits_for(self, path: str, *, there: bool = True) -> None:
        """Wait until a path is kept, or is no more."""
        address = json.dumps(f"{self.origin}/{path}")
        until(self.page, f"async () => Boolean(await caches.match(encodeURI({address})))", there)

    def updates(self) -> bool:
        """Whether the new worker works."""
        return bool(self.page.evaluate(LATEST, PATIENCE * 1000) == "activated")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """As long as the host cannot be reached."""
        self.host.down = True
        yield
        self.host.down = False


@contextmanager
def visiting(browser: Browser, host: Host, origin: str) -> Iterator[Visitor]:
    """In a window that remembers nothing."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE * 1000)
    try:
        yield Visitor(context.new_page(), host, origin)
    finally:
        context.close()


def published(folder: Path) -> str:
    """The version of the program that is published in a folder."""
    (program,) = [path.name for path in (folder / "app").iterdir() if path.is_dir()]
    return program


def publish(folder: Path, *, version: str = "", texts: Mapping[str, str] | None = None) -> None:
    """Publish a book again: with another version of its program, and with other texts in its pages.

    A host tells by the second whether a file is another one.
    """
    before = published(folder)
    if version:
        (folder / "app" / before).rename(folder / "app" / version)
    for file in (*folder.rglob("*.html"), folder / "sw.js"):
        text = file.read_text()
        made = text.replace(before, version or before)
        if file.suffix == ".html":
            for old, new in (texts or {}).items():
                made = made.replace(old, new)
        if made != text:
            later = file.stat().st_mtime + 10
            file.write_text(made)
            os.utime(file, (later, later))


def source(page: Path) -> str:
    """The address of a page's sound, as it has it."""
    (address,) = re.findall(r'<audio [^>]*src="([^"]+)"', page.read_text())
    return str(address)


def word(visitor: Visitor, path: str) -> str:
    """Which of the two words a page of the second chapter shows; all of it where that is neither."""
    text = visitor.text(path)
    return OLD if OLD in text else NEW if NEW in text else text
