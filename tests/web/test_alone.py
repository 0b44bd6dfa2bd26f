"""The web edition where there is less: no network, no server, no program."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page

from tests.support import PATIENCE
from tests.web.until import until
from tests.web.window import FIRST, Browsing, Timings

TEXT = "كان في قديم الزمان ملك يحب الحكايات"


@contextmanager
def window(browser: Browsing, **given: bool) -> Iterator[tuple[BrowserContext, Page, list[str]]]:
    """A window of its own, and what it reports as errors."""
    context = browser.browser.new_context(**given)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    try:
        yield context, page, errors
    finally:
        context.close()


def test_without_the_program_the_pages_are_pages_with_players(browser: Browsing) -> None:
    with window(browser, java_script_enabled=False) as (_, page, _):
        page.goto(f"{browser.origin}/index.html")
        page.locator("main .parts a").first.click()
        assert page.url == f"{browser.origin}/{FIRST}"
        assert TEXT in page.locator("main").inner_text()
        assert page.locator("audio[controls]").is_visible()
        page.locator("#contents summary").click()
        page.locator("#contents a", has_text="قصة").click()
        assert "قصة" in page.locator("h1").inner_text()
        page.locator("a[rel=next]").click()
        page.locator("#views summary").click()
        page.locator("#layouts a[data-layout=facing]").click()
        assert "/facing/text/03-picture.html" in page.url
        assert page.locator("main img").evaluate("image => image.complete && image.naturalWidth > 0")


def test_without_the_program_a_term_leads_to_the_glossary_and_back(browser: Browsing) -> None:
    with window(browser, java_script_enabled=False) as (_, page, _):
        page.goto(f"{browser.origin}/{FIRST}")
        page.locator("a.term").first.click()
        assert "/interleaved/glossary.html#term-" in page.url
        page.locator("dd a").first.click()
        assert page.url.startswith(f"{browser.origin}/{FIRST}#g-term-")


def test_it_is_read_from_a_folder_without_a_server(browser: Browsing, web: Path, timings: Timings) -> None:
    with window(browser) as (_, page, errors):
        page.goto((web / "index.html").as_uri())
        page.locator("main .parts a").first.click()
        page.locator("#hk-controls").wait_for()
        word = timings.sentences[3][0] + "-w1"
        page.locator(f"[id='{word}']").click()
        page.locator(f"[id='{word}'].lit").wait_for()
        time = page.evaluate("Hakawati.player.audio.currentTime * 1000")
        assert timings.onset(word) - 60 <= time < timings.sentences[4][1]
        # To another layout, with the place; to the next chapter; to another edition.
        page.locator("#views summary").click()
        page.locator("#layouts a[data-layout=facing]").click()
        page.wait_for_url("**/facing/text/01-fisherman.html*")
        until(page, "() => Hakawati.place()?.sentence", timings.sentences[3][0])
        assert errors == []


def test_the_program_can_be_installed(web: Path) -> None:
    manifest = json.loads((web / "manifest.webmanifest").read_bytes())
    assert manifest["name"] == "حكايات"
    assert (manifest["lang"], manifest["dir"], manifest["display"]) == ("ar", "rtl", "standalone")
    assert (web / manifest["start_url"]).is_file()
    for icon in manifest["icons"]:
        assert (web / icon["src"]).is_file()
        if icon["type"] == "image/png":
            with Image.open(web / icon["src"]) as image:
                assert icon["sizes"] == "{}x{}".format(*image.size)


def test_chromium_finds_nothing_that_keeps_it_from_being_installed(browser: Browsing) -> None:
    with window(browser) as (context, page, _):
        page.goto(f"{browser.origin}/index.html")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        found = context.new_cdp_session(page).send("Page.getInstallabilityErrors")
        # Windows that leave no trace cannot install anything; that is all there is to say.
        assert {error["errorId"] for error in found["installabilityErrors"]} <= {"in-incognito"}
        manifest = context.new_cdp_session(page).send("Page.getAppManifest")
        assert manifest["errors"] == []


@pytest.fixture
def offline(browser: Browsing) -> Iterator[Page]:
    """The first chapter, heard a while, with all connections gone then."""
    with window(browser) as (context, page, _):
        page.goto(f"{browser.origin}/index.html")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.goto(f"{browser.origin}/{FIRST}")
        page.locator("#hk-play").click()
        until(page, "() => Hakawati.player.playing()", True)
        page.evaluate(
            """async () => {
              const name = Hakawati.player.audio.currentSrc;
              while (!(await caches.match(name))) {
                await new Promise((done) => setTimeout(done, 50));
              }
            }"""
        )
        context.set_offline(True)
        yield page


def test_a_chapter_that_was_heard_plays_without_a_network(offline: Page, timings: Timings) -> None:
    offline.reload()
    offline.wait_for_function("document.querySelector('#hk-controls')")
    assert TEXT in offline.locator("main").inner_text()
    late = timings.sentences[-2]
    offline.locator(f"[id='{late[0]}-w1']").click()
    offline.wait_for_function(
        "(ms) => Hakawati.player.playing() && Hakawati.player.audio.currentTime * 1000 > ms",
        arg=late[1] + 100,
    )
    assert offline.evaluate("Hakawati.player.audio.currentTime * 1000") < late[2] + 1000


def test_a_page_that_was_never_read_is_missed_in_plain_words_only(offline: Page) -> None:
    """The browser says itself that there is no network; nothing else is broken by it."""
    offline.goto("/".join([*offline.url.split("/")[:3], "index.html"]))
    assert offline.locator("main .parts a").count() > 2
