"""The place in the book is kept: between layouts and chapters, over a reload, under an edit."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web import tales
from tests.web.served import served
from tests.web.window import DESK, FIRST, PHONE, Browsing, Timings, Window

SHORT = "interleaved/text/02-short.html"
WORD = "b5s1-w2"
"""In the middle of the long chapter."""


def read_on(window: Window, timings: Timings, word: str = WORD) -> None:
    """Play from a word, until it is seen where it stands."""
    window.page.evaluate("(ms) => Hakawati.seek(ms, { play: true })", timings.onset(word))
    window.until("document.querySelector('.lit')")
    window.seen()


def change(window: Window, layout: str) -> None:
    """By the keyboard: to click, Playwright would move the page."""
    window.page.locator("#views summary").focus()
    window.press("Enter")
    window.page.locator(f"[data-layout={layout}]").focus()
    window.press("Enter")
    window.until(f"document.documentElement.dataset.layout === {layout!r}")


@pytest.mark.parametrize("layout", ["sentences", "facing", "popup", "original"])
def test_another_layout_goes_on_playing_at_the_same_place(
    browser: Browsing, timings: Timings, layout: str
) -> None:
    with browser.open(size=(700, 500)) as window:
        read_on(window, timings)
        window.page.evaluate(
            "Hakawati.player.audio.addEventListener('seeking', () => { window.sought = true; })"
        )
        before, sentence = window.time, window.page.locator(".reading").get_attribute("id")
        change(window, layout)
        assert window.path == f"{layout}/text/01-fisherman.html"
        window.heard(before)
        assert window.time - before < 5000
        assert not window.page.evaluate("window.sought ?? false")  # nothing of it was heard
        assert window.lit
        assert 0 < window.top(str(sentence)) < 500
        assert window.focused != "BODY"
        expect(window.page.locator("#views details")).to_have_attribute("open", "")
        expect(window.page.locator("[data-layout][aria-current]")).to_have_attribute("data-layout", layout)


def test_another_layout_keeps_what_was_seen_though_nothing_plays(browser: Browsing) -> None:
    with browser.open(size=(360, 400)) as window:
        window.page.evaluate("document.getElementById('b4s1').scrollIntoView({ block: 'start' })")
        before = window.top("b4s1")
        change(window, "original")
        assert abs(window.top("b4s1") - before) < 2
        assert not window.plays
        assert window.lit == ""


def test_another_edition_goes_on_at_the_same_word(browser: Browsing, timings: Timings, web: Path) -> None:
    both = Timings.read(web.parent / "timings" / "both" / "01-fisherman.json")
    with browser.open(size=(700, 500)) as window:
        read_on(window, timings)
        window.view()
        window.page.locator("[data-edition=both]").click()
        window.until("document.documentElement.dataset.edition === 'both' && Hakawati.player.playing()")
        window.until("!Hakawati.player.audio.seeking && Hakawati.player.audio.readyState > 2")
        assert window.path == "editions/both/sentences/text/01-fisherman.html"
        assert both.onset(WORD) - 1 <= window.time < both.onset(WORD) + 4000
        lit = window.page.locator("div.pair.reading")
        assert lit.count() == 1  # a sentence and its translation, together
        assert "/editions/both/book/style.css" in window.page.locator("link[rel=stylesheet]").first.evaluate(
            "(link) => link.href"
        )


def test_the_place_is_remembered_over_a_reload(browser: Browsing, timings: Timings) -> None:
    with browser.open(size=(500, 450)) as window:
        read_on(window, timings)
        window.page.evaluate("Hakawati.player.pause()")
        place = window.place
        window.go()
        assert window.place == {
            **place,
            "time": round(timings.onset(f"{place['sentence']}-w{place['word']}")),
        }
        assert window.lit == f"{place['sentence']}-w{place['word']}"
        assert 0 < window.top(window.lit) < 450
        assert not window.plays
        window.play()
        window.heard(timings.onset(window.lit) - 1)
        assert window.time < place["time"] + 3000


def test_the_first_page_leads_back_to_the_place(browser: Browsing, timings: Timings) -> None:
    with browser.open("index.html") as window:
        expect(window.page.locator("#hk-continue")).to_have_count(0)
        window.go()
        read_on(window, timings)
        window.page.evaluate("Hakawati.player.pause()")
        window.go("index.html")
        link = window.page.locator("#hk-continue a")
        expect(link).to_contain_text("الملك والصياد")
        link.click()
        window.until("document.querySelector('.lit')")
        assert window.path == FIRST
        assert window.place["sentence"] == WORD.split("-", maxsplit=1)[0]


def test_what_was_seen_is_remembered_though_nothing_was_played(browser: Browsing) -> None:
    with browser.open(size=(500, 450)) as window:
        window.page.evaluate("document.getElementById('b5s1').scrollIntoView({ block: 'start' })")
        before = window.top("b5s1")
        window.go()
        assert abs(window.top("b5s1") - before) < 2
        assert window.lit == ""


def test_the_next_chapter_goes_on_by_itself(browser: Browsing) -> None:
    with browser.open(SHORT) as window:
        window.page.evaluate("window.same = true")
        window.page.evaluate("Hakawati.seek(Hakawati.cues.duration - 300, { play: true })")
        window.until("document.documentElement.dataset.chapter === '03-picture'")
        window.heard(100)
        assert window.path == "interleaved/text/03-picture.html"
        assert window.page.evaluate("same")  # the document stayed, and with it the right to play
        assert window.page.title() == "صورة · حكايات"
        assert window.page.locator("#contents [aria-current]").text_content() == "صورة"
        assert window.lit.startswith("b1s1-")
        window.page.go_back()
        window.until("document.documentElement.dataset.chapter === '02-short'")
        assert window.path == SHORT


def test_a_silent_chapter_is_passed_over_and_the_last_one_is_the_end(browser: Browsing) -> None:
    with browser.open(f"editions/english/{SHORT}") as window:
        end = "Hakawati.seek(Hakawati.cues.duration - 300, { play: true })"
        window.page.evaluate(end)
        window.until("document.documentElement.dataset.chapter === '04-end'")
        window.heard(100)
        window.page.locator("#player a[rel=prev]").click()
        window.until("document.documentElement.dataset.chapter === '03-picture'")
        assert not window.page.evaluate("Hakawati.player.has()")
        expect(window.page.locator("#hk-play")).to_be_hidden()
        expect(window.page.locator("#player a[rel=next]")).to_be_visible()


def test_links_lead_through_the_book_without_leaving_the_document(browser: Browsing) -> None:
    with browser.open("index.html") as window:
        window.page.evaluate("window.same = true")
        window.page.locator("#book .parts a").first.click()
        window.until("document.documentElement.dataset.chapter === '01-fisherman'")
        assert window.focused == "book"
        window.play()
        window.page.locator("#contents summary").click()
        window.page.locator("#contents a", has_text="قصة").click()
        window.until("document.documentElement.dataset.chapter === '02-short'")
        window.heard()
        assert window.page.evaluate("same")
        assert window.time < 5000
        window.page.locator("#title a").click()
        window.until("!Hakawati.player.playing()")
        assert window.path == "index.html"
        assert window.page.evaluate("same")


def test_a_page_that_is_gone_is_left_to_the_browser(browser: Browsing) -> None:
    with browser.open(trouble=True) as window:
        window.page.evaluate("document.querySelector('#contents li:nth-child(2) a').href = 'gone.html'")
        window.page.locator("#contents summary").click()
        window.page.locator("#contents li:nth-child(2) a").click()
        window.page.wait_for_url("**/gone.html")


def test_a_chapter_in_a_folder_without_a_server_is_read_like_any_page(web: Path, browser: Browsing) -> None:
    with browser.open(origin=web.as_uri()) as window:
        assert window.page.url.startswith("file:")
        window.play()
        window.until("document.querySelector('.lit')")
        window.view()
        window.page.locator("[data-layout=facing]").click()
        window.page.wait_for_url("**/facing/text/01-fisherman.html")
        window.heard()
        window.page.evaluate(
            "Hakawati.player.audio.playbackRate = 2; Hakawati.seek(Hakawati.cues.duration - 300)"
        )
        window.page.wait_for_url("**/facing/text/02-short.html")
        window.heard()


# What the preview does: the same page, as it is now


EDITS = {
    "another sentence before it": ("جاء إليه صياد فقير يوما.", "كانت ليلة باردة. جاء إليه صياد فقير يوما."),
    "other words in it": ("رأيت سمكة من ذهب. قالت لي السمكة", "رأيت سمكة من ذهب. نادتني السمكة وقالت لي"),
    "another paragraph before it": ("جاء إليه صياد", "وكانت تلك السنة سنة جوع.\n\nجاء إليه صياد"),
    "gone": (" قالت لي السمكة: أعدني إلى البحر.", ""),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_page_takes_the_place_of_the_old_one_where_one_was(
    browser: Browsing, web: Path, tmp_path: Path, edit: str
) -> None:
    project = tmp_path / "tales"
    shutil.copytree(web.parent.parent, project)
    folder = project / "build" / "web"
    chapter = project / "book" / "ar" / "01-fisherman.md"
    timings = Timings.read(project / "build" / "timings" / "01-fisherman.json")
    with served(folder) as origin, browser.open(size=(700, 500), origin=origin) as window:
        read_on(window, timings, "b5s2-w4")
        window.page.evaluate("Hakawati.player.pause()")
        text = window.page.locator(".reading").inner_text()
        word, top = window.page.locator(".lit").inner_text(), window.top(window.lit)
        old, new = EDITS[edit]
        chapter.write_text(chapter.read_text().replace(old, new))
        assert new in chapter.read_text()
        tales.built(project)
        window.page.evaluate("(url) => Hakawati.swap(url, { keep: true })", window.page.url)
        now = window.page.locator(".reading").inner_text()
        assert (now == text) == (edit in ("another sentence before it", "another paragraph before it"))
        if edit == "other words in it":
            assert now.startswith("نادتني")
        if edit != "gone":
            assert window.page.locator(".lit").inner_text() == word
            assert abs(window.top(window.lit) - top) < 80
        assert window.path == FIRST


def test_a_swap_that_fails_leaves_all_as_it_is(window: Window, timings: Timings) -> None:
    read_on(window, timings)
    failed = "Hakawati.swap('/app/icon.svg', { keep: true }).then(() => false, () => true)"
    assert window.page.evaluate(failed)
    assert window.plays
    assert window.path == FIRST
    assert window.lit


def test_the_last_of_many_swaps_wins(window: Window) -> None:
    names = window.page.evaluate(
        """async () => {
            const layouts = ["facing", "popup", "original", "sentences"];
            const done = layouts.map((name) => Hakawati.swap(`../../${name}/text/01-fisherman.html`));
            return (await Promise.allSettled(done)).map(({ status, reason }) => reason?.name ?? status);
        }"""
    )
    assert names == ["AbortError", "AbortError", "AbortError", "fulfilled"]
    assert window.path == "sentences/text/01-fisherman.html"


def test_swaps_leave_nothing_behind(window: Window) -> None:
    count = "document.querySelectorAll('*').length"
    again = "Hakawati.swap(location.href, { keep: true })"
    window.page.evaluate(again)
    before = window.page.evaluate(count)
    window.page.evaluate(f"(async () => {{ for (let n = 0; n < 20; n += 1) await {again}; }})()")
    assert window.page.evaluate(count) == before


def test_a_book_that_was_opened_is_read_without_a_network(browser: Browsing) -> None:
    with browser.open(SHORT, worker=True) as window:
        window.page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
        window.until("navigator.serviceWorker.controller")
        window.go(SHORT)
        window.play()
        window.page.evaluate("Hakawati.player.pause()")
        window.until("caches.match(Hakawati.player.audio.currentSrc)")
        window.page.context.set_offline(True)
        window.go(SHORT)
        window.page.evaluate("Hakawati.seek(500, { play: true })")
        window.heard(600)


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_place_that_is_remembered_wrongly_does_no_harm(browser: Browsing, size: tuple[int, int]) -> None:
    with browser.open(size=size, trouble=True) as window:
        key = window.page.evaluate("`hakawati:${document.documentElement.dataset.book}`")
        for kept in (
            "{",
            "[]",
            "7",
            '{"settings": {"rate": 77, "size": "x", "light": 3, "language": "toString"}}',
            '{"place": {"chapter": "01-fisherman", "sentence": "gone", "word": -4, "seen": 5}}',
        ):
            window.page.goto(f"{window.origin}/manifest.webmanifest")  # where nothing else remembers
            window.page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [key, kept])
            window.go()
            window.press("ArrowLeft")
            assert window.place["sentence"] == "b2s1"
