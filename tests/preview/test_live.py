"""The preview in Chromium, with a book of one file: what an author sees who saves, errs and mends."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.chromium import chromium, violations
from tests.preview.serving import Process, make_project, save, write
from tests.support import PATIENCE

HOSTILE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 20" onload="window.hacked = 1">
<script>window.hacked = 1</script><foreignObject/><image href="/style.css"/>
<rect width="100" height="20"/></svg>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


class Author:
    """Somebody with a project, its preview, and a page of it open."""

    def __init__(self, project: Path, preview: Process, page: Page) -> None:
        self.project = project
        self.preview = preview
        self.page = page
        self.port = int(preview.line())
        self.url = f"http://127.0.0.1:{self.port}/"
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda told: self.errors.append(told.text) if told.type == "error" else None)

    def open(self, path: str = "one.html") -> None:
        self.preview.until("FinishedBuild")
        self.page.goto(self.url + path)
        expect(self.chip).to_contain_text("Ready")
        self.page.evaluate("window.same = true")

    def save(self, text: str) -> None:
        save(self.project, text)

    @property
    def chip(self) -> Locator:
        return self.page.locator("#live-chip")

    def is_same(self) -> bool:
        """Whether the page was never loaded again."""
        return bool(self.page.evaluate("window.same === true"))


@pytest.fixture
def author(tmp_path: Path, browser: Browser) -> Iterator[Author]:
    project = make_project(tmp_path)
    with Process(project) as preview, browser.new_page() as page:
        page.set_default_timeout(PATIENCE * 1000)
        author = Author(project, preview, page)
        yield author
        assert author.errors == []


def test_an_edit_is_seen_without_loading_the_page_again(author: Author) -> None:
    author.open()
    author.save("first line\nsecond line, edited\n")
    expect(author.page.locator("#b2")).to_have_text("second line, edited")
    assert author.is_same()
    assert author.page.evaluate("Hakawati.swaps") == [{"keep": True}]
    assert author.page.evaluate("Hakawati.live") is True


def test_an_edit_is_seen_before_the_rest_of_the_book_is_made(author: Author) -> None:
    author.open()
    author.save("packing takes long\n")
    expect(author.page.locator("#b1")).to_have_text("packing takes long")
    expect(author.chip).to_contain_text("Binding")
    assert author.is_same()


def test_another_page_is_left_alone(author: Author) -> None:
    author.open("index.html")
    author.save("first line\nsecond line, edited\n")
    author.preview.until("FinishedBuild")
    author.save("all new\n")
    author.preview.until("FinishedBuild")
    expect(author.chip).to_have_text("Ready")
    assert author.page.evaluate("Hakawati.swaps") == []


def test_a_mistake_is_shown_with_its_lines_and_goes_when_it_is_mended(author: Author) -> None:
    author.open()
    card = author.page.locator("#live-mistake")
    author.save('first line\n<img src=x onerror="window.hacked = 1"> a mistake\nlast line\n')
    expect(author.chip).to_have_text("1 problem")
    for text in ("book/en/one.md:2", "this is a mistake", "mend it", "last line"):
        expect(card).to_contain_text(text)
    expect(card.locator(".live-line")).to_have_text('<img src=x onerror="window.hacked = 1"> a mistake')
    assert card.locator("img").count() == 0
    expect(author.page.locator("#b2")).to_have_text("second line")
    author.save("first line\nmended\n")
    expect(author.page.locator("#b2")).to_have_text("mended")
    expect(card).to_have_count(0)
    assert author.is_same()
    assert author.page.evaluate("window.hacked === undefined")


def test_a_page_that_is_opened_while_there_is_a_mistake_shows_it_too(author: Author) -> None:
    author.open()
    author.save("a mistake\n")
    expect(author.chip).to_have_text("1 problem")
    author.page.reload()
    expect(author.page.locator("#live-mistake")).to_contain_text("book/en/one.md:1")
    expect(author.page.locator("#b1")).to_have_text("first line")


def test_the_panel_leads_to_the_lines_by_keyboard_alone(author: Author) -> None:
    author.save("first line\n" * 80 + "a doubt\nanother doubt\n")
    author.open()
    expect(author.chip).to_have_text("Ready, 2 notices")
    page = author.page
    page.keyboard.press("p")
    panel = page.locator("#live-panel")
    expect(panel.locator("h2").first).to_be_focused()
    assert author.chip.get_attribute("aria-expanded") == "true"
    page.keyboard.press("Tab")
    expect(panel.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(panel.locator(".live-line").first).to_have_text("a doubt")
    expect(page.locator("#b81")).to_be_in_viewport()
    expect(page.locator("#b81")).to_have_class("s live-here")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(author.chip).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()


def test_who_wants_no_letters_for_keys_has_the_button(author: Author) -> None:
    author.open()
    author.page.evaluate("Hakawati.memory = { settings: { keys: false } }")
    author.page.keyboard.press("p")
    expect(author.page.locator("#live-panel")).to_be_hidden()
    author.chip.press("Enter")
    expect(author.page.locator("#live-panel")).to_be_visible()


def test_a_notice_of_another_page_leads_there(author: Author) -> None:
    author.save("first line\na doubt\n")
    author.open("index.html")
    author.chip.click()
    author.page.locator("#live-panel summary").click()
    expect(author.page.locator("#b2")).to_have_class("s live-here")
    assert author.page.url == author.url + "one.html"
    assert author.is_same()


def test_what_is_looked_at_in_the_panel_stays_while_its_notices_do(author: Author) -> None:
    author.save("first line\na doubt\n")
    author.open()
    author.chip.click()
    author.page.locator("#live-panel summary").click()
    author.save("first line, edited\na doubt\n")
    expect(author.page.locator("#b1")).to_have_text("first line, edited")
    expect(author.page.locator("#live-panel details")).to_have_attribute("open", "")
    expect(author.page.locator("#live-panel summary")).to_be_focused()


def test_a_strip_plays_from_where_it_is_clicked_and_by_keys(author: Author) -> None:
    author.open()
    (author.project / "build/web/strips/one.svg").write_text(HOSTILE)
    author.chip.click()
    page = author.page
    strip = page.get_by_role("slider", name="One")
    expect(strip.locator("svg rect")).to_be_visible()
    assert strip.locator("script, foreignObject, image").count() == 0
    box = strip.bounding_box()
    assert box
    strip.click(position={"x": box["width"] / 2, "y": 5})
    strip.focus()
    page.keyboard.press("Home")
    page.keyboard.press("End")
    (middle, _), *others = page.evaluate("Hakawati.sought")
    assert middle == pytest.approx(750, abs=5)
    assert others == [[0, {"play": True}], [1499, {"play": True}]]
    assert page.evaluate("window.hacked === undefined")
    author.errors.clear()  # what the policy has to say to the drawing
    expect(strip).to_have_attribute("aria-valuetext", "0:01")


def test_a_style_that_changes_is_seen_at_once(author: Author) -> None:
    author.open()
    write(author.project, "style.css", "body { color: rgb(9, 9, 9) }")
    author.save("first line\n")
    expect(author.page.locator("body")).to_have_css("color", "rgb(9, 9, 9)")
    assert author.is_same()
    assert author.page.locator('link[href*="style.css"]').count() == 1


def test_a_new_program_of_the_reader_is_loaded(author: Author) -> None:
    author.open()
    file = author.project / "build" / "web" / "app.js"
    file.write_text(file.read_text() + "window.isNew = true;")
    with author.page.expect_navigation():
        author.save("first line\n")
    assert author.page.evaluate("window.isNew")


def test_a_page_that_is_no_more_says_so_and_comes_back(author: Author) -> None:
    author.open()
    author.errors.append("expected")
    (author.project / "build/web/one.html").unlink()
    author.save("a mistake\n")
    expect(author.page.locator("h1")).to_have_text("There is no such page")
    author.save("here again\n")
    expect(author.page.locator("#b1")).to_have_text("here again")
    assert any("404" in error for error in author.errors)
    author.errors.clear()


def test_before_there_is_a_book_its_problems_are_shown_and_then_the_book(author: Author) -> None:
    author.save("a mistake\n")
    author.preview.until("FinishedBuild")
    (author.project / "build/web/index.html").unlink(missing_ok=True)
    author.page.goto(author.url)
    expect(author.page.locator("h1")).to_have_text("The book cannot be built yet")
    expect(author.page.locator("#live-mistake")).to_contain_text("book/en/one.md:1")
    author.save("mended\n")
    expect(author.page.locator("#book")).to_have_text("The book")
    assert all("503" in error for error in author.errors)
    author.errors.clear()


def test_when_the_server_is_gone_the_page_says_so_and_goes_on_when_it_is_back(author: Author) -> None:
    author.open()
    os.killpg(author.preview.process.pid, signal.SIGKILL)
    expect(author.chip).to_have_text("Connection lost")
    expect(author.page.locator("#b2")).to_have_text("second line")
    author.save("first line\nedited meanwhile\n")
    with Process(author.project, author.port) as again:
        assert int(again.line()) == author.port
        expect(author.page.locator("#b2")).to_have_text("edited meanwhile")
        expect(author.chip).to_have_text("Ready")
    assert author.is_same()
    assert all("ERR_CONNECTION_REFUSED" in error for error in author.errors)
    author.errors.clear()


def test_after_a_sleep_a_dead_connection_is_noticed_and_made_anew(author: Author) -> None:
    """The server is there and does not answer: as a connection that a network has forgotten."""
    author.open()
    os.kill(author.preview.process.pid, signal.SIGSTOP)
    author.page.evaluate("dispatchEvent(new Event('online'))")
    expect(author.chip).to_have_text("Connection lost")
    author.save("first line\nedited meanwhile\n")
    os.kill(author.preview.process.pid, signal.SIGCONT)
    author.page.evaluate("dispatchEvent(new Event('online'))")
    expect(author.page.locator("#b2")).to_have_text("edited meanwhile")
    expect(author.chip).to_have_text("Ready")
    assert author.is_same()
    author.errors.clear()


@pytest.mark.parametrize("light", ["day", "night"])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_what_the_preview_shows_is_accessible(author: Author, light: str, direction: str) -> None:
    author.save("first line\na doubt\n")
    author.open()
    author.page.evaluate(
        "([light, dir]) => Object.assign(document.documentElement, { dir }).dataset.light = light",
        [light, direction],
    )
    author.save("first line\na mistake\na doubt\n")
    author.chip.click()
    expect(author.page.locator("#live-mistake")).to_be_visible()
    for summary in author.page.locator("#live-panel summary").all():
        summary.click()
    assert violations(author.page, within=".live") == []


def test_on_a_phone_the_panel_takes_the_whole_width_and_nothing_is_cut(author: Author) -> None:
    author.page.set_viewport_size({"width": 320, "height": 640})
    author.save("first line\na doubt " + "verylongword" * 20 + "\n")
    author.open()
    author.chip.click()
    author.page.locator("#live-panel summary").click()
    box = author.page.locator("#live-panel").bounding_box()
    assert box
    assert (box["x"], box["width"]) == (0, 320)
    wide = "[...document.querySelectorAll('.live, .live *')].filter((e) => e.scrollWidth > innerWidth).length"
    assert author.page.evaluate(wide) == 0
