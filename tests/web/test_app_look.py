"""What is seen: pop-ups, day and night, the buttons' languages, every size of window; and by everybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.chromium import violations
from tests.web.window import DESK, FIRST, PHONE, Browsing, Window

POPUP = "#hk-popup"
LINKS = {
    "term": (FIRST, "#book a.term", "من المسرد", "the king"),
    "note": (FIRST, "#book a.noteref", "حاشية", "من ليالي الشتاء"),
    "translation": ("popup/text/01-fisherman.html", "#b2s1 ~ a.translate", "الترجمة", "Once upon a time"),
}


@pytest.mark.parametrize("kind", LINKS)
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_link_opens_beside_the_text_with_the_mouse(
    browser: Browsing, kind: str, size: tuple[int, int]
) -> None:
    path, selector, name, text = LINKS[kind]
    with browser.open(path, size) as window:
        popup, link = window.page.locator(POPUP), window.page.locator(selector).first
        link.click()
        expect(popup).to_be_visible()
        expect(popup).to_contain_text(text)
        assert popup.get_attribute("role") == "dialog"
        expect(window.page.get_by_role("dialog", name=name)).to_be_visible()
        box = popup.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
        assert window.path == path
        window.page.locator("#book h1").click()  # beside it
        expect(popup).to_be_hidden()
        assert (window.plays, window.lit) == (False, "")  # that click meant no word


@pytest.mark.parametrize("kind", LINKS)
def test_a_link_opens_and_closes_with_the_keyboard_alone(browser: Browsing, kind: str) -> None:
    path, selector, _, text = LINKS[kind]
    with browser.open(path) as window:
        popup = window.page.locator(POPUP)
        window.page.locator(selector).first.focus()
        opener = window.focused
        window.press("Enter")
        expect(popup).to_contain_text(text)
        assert window.focused == "hk-popup"
        window.press("Tab")
        assert window.focused == "hk-close"
        window.press("Enter")
        expect(popup).to_be_hidden()
        assert window.focused == opener
        window.press("Enter")
        expect(popup).to_be_visible()
        window.press("Escape")
        expect(popup).to_be_hidden()
        assert window.focused == opener


def test_what_a_pop_up_shows_has_no_ids_of_the_page_and_no_way_back(window: Window) -> None:
    window.page.locator("#book a.noteref").first.click()
    assert window.page.locator(f"{POPUP} .inside [id]").count() == 0
    assert window.page.locator(f"{POPUP} a[role=doc-backlink]").count() == 0
    assert window.page.locator("#n1").count() == 1


def test_a_term_leads_on_to_the_glossary(window: Window) -> None:
    link = window.page.locator("#book a.term").first
    entry = str(link.get_attribute("href")).split("#")[1]
    link.click()
    window.page.locator(f"{POPUP} .more a").click()
    window.until("document.documentElement.dataset.chapter === 'glossary'")
    assert window.path == f"interleaved/glossary.html#{entry}"
    assert 0 < window.top(entry) < DESK[1]
    expect(window.page.locator(POPUP)).to_be_hidden()


def test_translations_on_demand_are_not_listed_as_well(browser: Browsing) -> None:
    with browser.open("popup/text/01-fisherman.html") as window:
        assert not window.page.locator("#b2s1-en").is_visible()
        assert window.page.locator("#n1").is_visible()


def test_everything_is_reached_with_the_tab_key(window: Window) -> None:
    seen: list[str] = []
    for _ in range(60):
        window.press("Tab")
        seen.append(window.focused)
        if window.focused == "hk-faster":
            break
    for name in ("skip", "contents-name", "rn1", "hk-loop", "hk-back", "hk-play", "hk-faster"):
        assert name in seen
    assert any(name.startswith("g-term") for name in seen)


def test_what_has_the_focus_is_not_under_a_bar(browser: Browsing) -> None:
    with browser.open(size=(500, 420)) as window:
        for back in (False, True):
            for _ in range(25):
                window.press("Shift+Tab" if back else "Tab")
                hidden = window.page.evaluate("""() => {
                    const it = document.activeElement;
                    if (!it.closest("#book") || it.id === "book") return false;
                    const { top, bottom } = it.getBoundingClientRect();
                    const bar = document.getElementById("bar").getBoundingClientRect().bottom;
                    const player = document.getElementById("player").getBoundingClientRect().top;
                    return top < bar || bottom > player;
                }""")
                assert not hidden


def test_a_panel_closes_with_escape_and_gives_the_focus_back(window: Window) -> None:
    window.page.locator("#contents summary").focus()
    window.press("Enter", "Tab")
    expect(window.page.locator("#contents details")).to_have_attribute("open", "")
    window.press("Escape")
    assert window.page.locator("#bar details[open]").count() == 0
    assert window.focused == "contents-name"
    window.view()
    window.page.locator("#b2s1-w1").click()
    assert window.page.locator("#bar details[open]").count() == 0
    assert not window.plays


def paper(window: Window) -> float:
    """How light it is, 0 to 255."""
    colour = str(window.page.evaluate("getComputedStyle(document.body).backgroundColor"))
    return float(colour.removeprefix("rgb(").split(",")[0])


def test_it_is_night_when_the_device_says_so_or_the_reader(browser: Browsing) -> None:
    with browser.open(color_scheme="dark") as window:
        assert paper(window) < 60
        window.press("n")
        assert paper(window) > 200
        window.page.reload()
        assert paper(window) > 200
        window.view()
        window.page.locator("[data-choice=light-night]").click()
        assert paper(window) < 60
        expect(window.page.locator("[data-choice=light-night]")).to_have_attribute("aria-pressed", "true")
        window.page.locator("[data-choice=light-auto]").click()
        window.page.emulate_media(color_scheme="light")
        assert paper(window) > 200


def test_the_text_grows_and_stays_so(window: Window) -> None:
    size = "parseFloat(getComputedStyle(document.querySelector('#b2')).fontSize)"
    before = window.page.evaluate(size)
    window.view()
    window.page.locator("#hk-larger").click()
    assert window.page.evaluate(size) > before
    window.page.reload()
    assert window.page.evaluate(size) > before


def test_the_buttons_speak_arabic_or_english(window: Window) -> None:
    page = window.page
    expect(page.locator("#contents summary")).to_have_text("المحتويات")
    window.view()
    page.locator("[data-choice=language-en]").click()
    expect(page.locator("#contents summary")).to_have_text("Contents")
    expect(page.locator("#hk-play")).to_have_attribute("aria-label", "Play")
    assert page.evaluate("getComputedStyle(document.getElementById('bar')).direction") == "ltr"
    assert page.evaluate("getComputedStyle(document.getElementById('book')).direction") == "rtl"
    title = page.locator("#title")
    assert (title.get_attribute("lang"), title.get_attribute("dir")) == ("ar", "rtl")
    page.reload()
    expect(page.locator("#contents summary")).to_have_text("Contents")
    unsaid = "[...document.querySelectorAll('[data-say], [data-say-label]')].filter((it) =>"
    unsaid += " !(it.textContent || it.getAttribute('aria-label') || it.value)).map((it) => it.outerHTML)"
    assert page.evaluate(unsaid) == []


def test_a_text_from_right_to_left_has_its_bars_so(window: Window) -> None:
    def left(selector: str) -> float:
        box = window.page.locator(selector).bounding_box()
        assert box is not None
        return box["x"]

    assert left("#hk-forward") < left("#hk-play") < left("#hk-back")
    assert left("#contents summary") > left("#title") > left("#views summary")


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
@pytest.mark.parametrize("layout", ["interleaved", "facing", "popup"])
def test_nothing_is_wider_than_the_window(browser: Browsing, width: int, layout: str) -> None:
    with browser.open(f"{layout}/text/01-fisherman.html", (width, 640)) as window:
        for open_ in ("", "#contents summary", "#views summary"):
            if open_:
                window.page.locator(open_).click()
            assert window.page.evaluate("document.documentElement.scrollWidth") <= width
        outside = window.page.evaluate("""() =>
            [...document.querySelectorAll("button, summary, input, #bar a")]
            .filter((it) => it.checkVisibility())
            .map((it) => [it.id || it.textContent, it.getBoundingClientRect()])
            .filter(([, { left, right }]) => left < 0 || right > innerWidth).map(([name]) => name)""")
        assert outside == []


def test_every_button_is_large_enough_for_a_finger(browser: Browsing) -> None:
    with browser.open(size=PHONE, has_touch=True) as window:
        window.view()
        small = window.page.evaluate("""() =>
            [...document.querySelectorAll("button, summary, .check, #views a, #player a")]
            .filter((it) => it.checkVisibility())
            .map((it) => [it.id || it.textContent, it.getBoundingClientRect()])
            .filter(([, { width, height }]) => width < 24 || height < 24).map(([name]) => name)""")
        assert small == []


def test_a_page_without_the_program_has_a_player_and_all_links(browser: Browsing) -> None:
    context = browser.browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{browser.origin}/{FIRST}")
        expect(page.locator("audio[controls]")).to_be_visible()
        expect(page.locator("#player a[rel=next]")).to_be_visible()
        page.locator("#contents summary").click()
        page.locator("#contents a").nth(1).click()
        assert page.url.endswith("02-short.html")
    finally:
        context.close()


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing(browser: Browsing, light: str, size: tuple[int, int]) -> None:
    with browser.open(size=size, color_scheme=light, reduced_motion="reduce") as window:
        window.page.evaluate("Hakawati.seek(Hakawati.cues.list[2].words[2])")
        assert violations(window.page) == []
        window.press("r")
        window.view()
        assert violations(window.page) == []
        window.press("Escape", "?")
        assert violations(window.page) == []
        window.press("Escape")
        for selector in ("#book a.term", "#book a.noteref"):
            window.page.locator(selector).first.click()
            assert violations(window.page) == []
            window.press("Escape")
