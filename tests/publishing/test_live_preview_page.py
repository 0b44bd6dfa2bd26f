"""The preview's page in Chromium: the real command, a real book, and an author who saves files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.building import Command, soon
from tests.chromium import chromium
from tests.web import tales
from tests.web.until import until

CHAPTER = "interleaved/text/01-fisherman.html"
_HEARD = """async () => {
  const sound = await (await fetch(Hakawati.player.audio.currentSrc)).arrayBuffer();
  const digest = await crypto.subtle.digest("SHA-256", sound);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}"""
"""A digest of the sound that is played."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tales.written(tmp_path_factory.mktemp("preview") / "project")


@pytest.fixture(scope="module")
def command(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    folder = tmp_path_factory.mktemp("command")
    with Command(folder, "preview", project, "--no-open", "--port", "0", "--workers", "1") as command:
        assert soon(lambda: "Built in" in command.told), command.told
        yield command


@pytest.fixture(scope="module")
def page(command: Command) -> Iterator[Page]:
    """The long chapter of the tales in the preview."""
    found = re.search(r"http://127\.0\.0\.1:[0-9]+", command.told)
    assert found
    with chromium() as browser:
        page = browser.new_page()
        page.goto(f"{found[0]}/{CHAPTER}")
        page.locator("#hk-controls").wait_for()
        yield page


@pytest.fixture
def chapter(project: Path) -> Iterator[Path]:
    """Its source, which is as it was afterwards."""
    file = project / "book" / "ar" / "01-fisherman.md"
    before = file.read_text()
    yield file
    file.write_text(before)


def test_an_edit_is_seen_and_heard_at_the_same_place_while_it_plays(
    page: Page, chapter: Path, project: Path
) -> None:
    page.evaluate("window.stayed = true")
    page.locator("[id='b3s3-w1']").click()  # “ضحك”
    page.keyboard.press("r")  # again and again, as an author listens to one sentence
    until(page, "() => Hakawati.player.playing()", True)
    before = page.evaluate(_HEARD)
    assert before == hashlib.sha256((project / "audio" / "01-fisherman.mp3").read_bytes()).hexdigest()
    text = chapter.read_text()
    chapter.write_text(text.replace("ملك يحب", "ملك عظيم كبير يحب").replace("\n\nخرجت", " ثم سكتوا.\n\nخرجت"))
    expect(page.locator("#b2s1")).to_contain_text("ملك عظيم كبير يحب")
    assert page.evaluate("window.stayed"), "the page was not loaded again"
    until(page, "() => Hakawati.player.playing()", True)
    assert page.evaluate("Hakawati.place().sentence") == "b3s3"
    page.keyboard.press("r")
    after = page.evaluate(_HEARD)
    assert after == hashlib.sha256((project / "audio" / "01-fisherman.mp3").read_bytes()).hexdigest()
    assert after != before
    # The new sentence is heard as it is seen: its first word is lit at its own time in the new sound.
    page.locator("[id='b3s4-w1']").click()
    expect(page.locator(".lit")).to_have_text("ثم")


def test_a_mistake_appears_with_its_line_the_last_good_book_stays_and_it_goes(
    page: Page, chapter: Path
) -> None:
    good = chapter.read_text()
    shown = page.locator("#book").inner_text()
    chapter.write_text(good + "\n![](images/none.png)\n")
    mistake = page.locator("#live-mistake")
    line = len(good.splitlines()) + 2
    expect(mistake).to_contain_text(f"book/ar/01-fisherman.md:{line}")
    assert page.locator("#book").inner_text() == shown
    chapter.write_text(good)
    expect(mistake).to_be_hidden()


def test_each_chapter_has_its_strip_in_the_panel(page: Page) -> None:
    page.keyboard.press("p")
    strips = page.locator("#live-panel svg")
    expect(strips.first).to_be_visible()
    page.keyboard.press("Escape")


def test_it_goes_on_when_the_connection_was_lost(page: Page, chapter: Path) -> None:
    page.context.set_offline(True)
    page.wait_for_timeout(300)
    chapter.write_text(chapter.read_text().replace("سمكة من ذهب", "سمكة من فضة"))
    page.context.set_offline(False)
    expect(page.locator("#b5s1")).to_contain_text("فضة")
