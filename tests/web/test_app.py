"""What is heard is what is lit, and the sound does what it is told."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

import pytest
from playwright.sync_api import expect

from tests.web.window import NEAR, Browsing, Timings, Window

_LIT = """() => {
    window.changes = [];
    new MutationObserver(() => {
        const lit = document.querySelector(".lit")?.id ?? "";
        if (lit !== window.changes.at(-1)?.[1]) changes.push([Hakawati.player.audio.currentTime * 1000, lit]);
    }).observe(document.getElementById("book"), { subtree: true, attributeFilter: ["class"] });
}"""

_SOUGHT = """() => {
    const { audio } = Hakawati.player;
    window.sought = new Promise((done) => {
        audio.addEventListener("seeked", () => done(audio.currentTime * 1000), { once: true });
    });
}"""


def test_what_is_lit_is_what_is_heard(window: Window, timings: Timings) -> None:
    window.play()
    samples = window.samples(10, 350)
    assert len({lit for _, lit in samples}) >= 3
    assert [(ms, lit) for ms, lit in samples if lit not in timings.near(ms)] == []


@pytest.mark.parametrize("rate", [0.5, 2])
def test_every_word_is_lit_at_its_onset_at_any_speed(window: Window, timings: Timings, rate: float) -> None:
    window.page.evaluate("(rate) => Hakawati.memory.set('rate', rate)", rate)
    window.page.reload()
    window.page.evaluate(_LIT)
    window.play()
    window.until("changes.length > 4")
    changes = window.page.evaluate("changes")
    # Most of them: a machine that is busy may show one of them late.
    late = [ms - timings.onset(lit) for ms, lit in changes[1:]]
    assert abs(median(late)) <= NEAR, late


def test_the_word_and_its_sentence_are_lit_alone(window: Window) -> None:
    window.play()
    window.heard(1500)
    for name in ("lit", "reading"):
        assert window.page.locator(f".{name}").count() == 1
    sentence = window.page.locator(".reading").get_attribute("id")
    assert window.lit.startswith(f"{sentence}-w")


def test_a_click_on_a_word_reads_from_it(window: Window, timings: Timings) -> None:
    for word in ("b2s2-w3", "b4s1-w2", "b2s1-w5"):
        window.page.evaluate("Hakawati.player.pause()")
        window.page.evaluate(_SOUGHT)
        window.page.locator(f"#{word}").click()
        assert abs(window.page.evaluate("sought") - timings.onset(word)) <= 50
        assert window.lit == word
        window.heard(timings.onset(word) + 20)


def test_a_click_between_words_means_the_nearer_one(window: Window, timings: Timings) -> None:
    box = window.page.locator("#b2s1-w4").bounding_box()
    assert box is not None
    window.page.mouse.click(box["x"] - 1, box["y"] + box["height"] / 2)  # the text runs to the left
    assert window.place["sentence"] == "b2s1"
    assert window.place["word"] in (4, 5)


def test_selecting_text_does_not_play(window: Window) -> None:
    for word, press in (("b2s1-w2", window.page.mouse.down), ("b2s1-w5", window.page.mouse.up)):
        box = window.page.locator(f"#{word}").bounding_box()
        assert box is not None
        window.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        press()
    assert window.page.evaluate("getSelection().toString().length") > 5
    assert not window.plays
    assert window.lit == ""


def test_keys_lead_from_sentence_to_sentence_in_the_direction_of_the_text(window: Window) -> None:
    window.press("ArrowLeft")
    assert window.place["sentence"] == "b2s1"
    window.press("ArrowLeft", "ArrowLeft")
    assert window.place["sentence"] == "b2s3"
    window.press("ArrowRight")
    assert window.place["sentence"] == "b2s2"
    window.press("Shift+ArrowLeft")
    assert (window.place["word"], window.lit) == (2, "b2s2-w2")
    window.press("Shift+ArrowRight", "Shift+ArrowRight")
    assert window.place["sentence"] == "b2s1"
    assert not window.plays


def test_back_leads_to_the_sentence_itself_once_it_is_under_way(window: Window, timings: Timings) -> None:
    begin, _ = timings.sentence("b2s1")
    window.page.evaluate("(ms) => Hakawati.seek(ms)", begin + 2000)
    window.press("ArrowRight")
    assert abs(window.time - begin) <= 50
    window.press("ArrowRight")
    assert window.place["sentence"] == "b1s1"
    window.press("ArrowRight")
    assert window.time == 0


@pytest.mark.parametrize("key", ["Space", "k"])
def test_a_key_plays_and_pauses(window: Window, key: str) -> None:
    window.press(key)
    window.heard()
    expect(window.page.locator("#hk-play")).to_have_attribute("aria-label", "إيقاف مؤقت")
    window.press(key)
    assert not window.plays
    expect(window.page.locator("#hk-play")).to_have_attribute("aria-label", "تشغيل")


def test_keys_are_found_by_their_place_on_an_arabic_keyboard(window: Window) -> None:
    press = (
        "([key, code, shift]) => document.body.dispatchEvent(new KeyboardEvent('keydown',"
        " { key, code, shiftKey: shift, bubbles: true, cancelable: true }))"
    )
    window.page.evaluate(press, ["ن", "KeyK", False])
    window.heard()
    window.page.evaluate(press, ["د", "BracketRight", False])
    assert window.page.evaluate("Hakawati.player.rate()") == 1.1
    window.page.evaluate(press, ["؟", "Slash", True])
    expect(window.page.locator("#hk-help")).to_be_visible()


def test_no_key_works_with_a_modifier_or_where_one_types(window: Window) -> None:
    window.press("Control+k", "Alt+k", "Meta+k")
    assert not window.plays
    window.page.locator("#hk-position").focus()
    window.press("k", "ArrowLeft")
    assert not window.plays
    assert abs(window.time - 1000) < 1  # the slider's own step


def test_the_keys_can_be_turned_off(window: Window) -> None:
    window.view()
    window.page.locator("#hk-keys-on").uncheck()
    window.press("Escape", "k")
    assert not window.plays


def test_slower_and_faster_keep_the_pitch_and_are_remembered(window: Window) -> None:
    window.press("]", "]", "+")
    assert window.page.evaluate("Hakawati.player.audio.playbackRate") == 1.5
    assert window.page.evaluate("Hakawati.player.audio.preservesPitch")
    expect(window.page.locator("#hk-rate")).to_have_text("1.5×")
    window.page.reload()
    assert window.page.evaluate("Hakawati.player.audio.playbackRate") == 1.5
    window.press(*("[" for _ in range(12)))
    assert window.page.evaluate("Hakawati.player.audio.playbackRate") == 0.5
    expect(window.page.locator("#hk-slower")).to_have_attribute("aria-disabled", "true")
    window.press(*("-+="))
    assert window.page.evaluate("Hakawati.player.audio.playbackRate") == 0.7


@pytest.mark.parametrize("hidden", [False, True])
def test_a_sentence_is_repeated_also_where_nobody_looks(
    window: Window, timings: Timings, hidden: bool
) -> None:
    begin, end = timings.sentence("b3s1")
    window.press("r")
    expect(window.page.locator("#hk-loop")).to_have_attribute("aria-pressed", "true")
    window.page.evaluate("(ms) => Hakawati.seek(ms, { play: true })", end - 700)
    if hidden:
        window.hide()
    times = [ms for ms, _ in window.samples(30, 60)]
    assert any(later < earlier for earlier, later in pairwise(times))
    assert max(times) <= end + (300 if hidden else NEAR)
    assert min(times) >= begin - 1
    window.press("r")
    expect(window.page.locator("#hk-loop")).to_have_attribute("aria-pressed", "false")


def test_the_last_sentence_of_a_chapter_is_repeated_too(browser: Browsing) -> None:
    with browser.open("interleaved/text/02-short.html") as window:
        window.press("ArrowLeft", "r", "k")
        begin = window.time
        window.until("Hakawati.player.audio.currentTime * 1000 > Hakawati.cues.duration - 200")
        window.until("Hakawati.player.audio.currentTime * 1000 < ms", begin + 500)
        assert window.plays
        assert window.path.endswith("02-short.html")


def test_the_slider_leads_anywhere_and_gives_the_keys_back(window: Window) -> None:
    slider = window.page.locator("#hk-position")
    box = slider.bounding_box()
    assert box is not None
    window.page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] / 2)
    share = window.time / window.page.evaluate("Hakawati.cues.duration")
    assert 0.7 < share < 0.8  # from the right
    assert window.focused == "BODY"
    assert window.lit
    spoken = str(slider.get_attribute("aria-valuetext"))
    assert " من " in spoken


def test_the_page_follows_what_is_read_until_the_reader_moves_it(browser: Browsing) -> None:
    with browser.open(size=(500, 420)) as window:
        window.page.evaluate("Hakawati.seek(Hakawati.cues.list.at(-2).begin, { play: true })")
        window.until("scrollY > 200")
        window.still()
        inside = "(() => { const { top, bottom } = document.querySelector('.lit').getBoundingClientRect();"
        assert window.page.evaluate(f"{inside} return top >= 0 && bottom <= innerHeight; }})()")
        window.page.mouse.move(200, 200)
        window.page.mouse.wheel(0, -5000)
        window.until("scrollY === 0")
        back = window.page.locator("#hk-return")
        expect(back).to_be_visible()
        window.page.wait_for_timeout(600)
        assert window.scrolled == 0
        back.click()
        window.until("scrollY > 200")
        expect(back).to_be_hidden()


def test_a_page_whose_sound_is_gone_says_so(browser: Browsing) -> None:
    with browser.open(trouble=True) as window:
        window.page.route("**/*.mp3*", lambda route: route.fulfill(status=404))
        window.press("k")
        expect(window.page.locator("#hk-trouble")).to_have_text("تعذّر تشغيل الصوت.")


def test_the_system_s_keys_lead_through_the_sentences(browser: Browsing) -> None:
    script = """
        window.answers = {};
        MediaSession.prototype.setActionHandler = (name, answer) => { answers[name] = answer; };
    """
    with browser.open("index.html") as window:
        window.page.add_init_script(script)
        window.go()
        window.page.evaluate("answers.nexttrack()")
        assert window.place["sentence"] == "b2s1"
        window.page.evaluate("answers.play()")
        window.heard()
        told = window.page.evaluate("(({ title, album }) => [title, album])(navigator.mediaSession.metadata)")
        assert told == ["الملك والصياد", "حكايات"]
        window.page.evaluate("answers.pause()")
        assert not window.plays
        window.page.evaluate("answers.seekto({ seekTime: 1 })")
        assert window.time == 1000
