"""Chapters as strips: what stands in the SVG, and what is seen of it in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from playwright.sync_api import Browser, Page

from hakawati.model import SILENCE, Levels
from hakawati.waveform.speech_rate import AudioFlaw, SentenceInterval, find_flaws, measure_rates
from hakawati.waveform.waveform_svg import ARABIC, ENGLISH, WaveformLabels, draw_waveform
from tests.chromium import axe, chromium
from tests.pacing import Line, chapter, good

SVG = "{http://www.w3.org/2000/svg}"
BAD = [
    *good(3),
    Line(20),  # rushed
    Line(silent=90),  # a gap
    Line(44 + 70, hole=70),  # and one inside
    Line(80),  # slow
    Line(silent=0, faded=False),  # clipped
    *good(3),
    Line(silent=0, faded=False),  # by the chapter's end
]
TITLE = "The Uprising"


def drawn(
    lines: Sequence[Line], labels: WaveformLabels = ENGLISH, title: str = TITLE
) -> tuple[str, tuple[AudioFlaw, ...], tuple[SentenceInterval, ...]]:
    levels, sentences = chapter(*lines)
    found = find_flaws(levels, sentences)
    return (
        draw_waveform(levels, measure_rates(levels, sentences), found, title=title, labels=labels),
        found,
        sentences,
    )


def parsed(svg: str) -> etree._Element:
    return etree.fromstring(svg.encode())


def groups(root: etree._Element) -> list[etree._Element]:
    return [group for group in root.iter(f"{SVG}g") if group.get("data-sentence")]


def test_every_sentence_has_a_group_with_its_times() -> None:
    svg, _, sentences = drawn(BAD)
    found = [(g.get("data-sentence"), g.get("data-begin"), g.get("data-end")) for g in groups(parsed(svg))]
    assert found == [(read.id, str(read.begin), str(read.end)) for read in sentences]


def test_the_tab_key_stops_once_and_all_can_have_the_focus() -> None:
    root = parsed(drawn(BAD)[0])
    assert [group.get("tabindex") for group in groups(root)] == ["0", *["-1"] * (len(BAD) - 1)]
    assert {group.get("role") for group in groups(root)} == {"button"}


def test_what_is_wrong_is_said_where_it_is() -> None:
    svg, found, _ = drawn(BAD)
    assert {one.kind for one in found} == {"gap", "rushed", "clipped"}
    root = parsed(svg)
    assert root.get("aria-label") == f"{TITLE}. to listen to: {len(found)}"
    told = {g.get("data-sentence"): g.get("aria-label") or "" for g in groups(root)}
    for one in found:
        assert ENGLISH.of(one) in told[one.sentence_id]
    quiet = [label for id_, label in told.items() if id_ not in {one.sentence_id for one in found}]
    usual = re.compile("\u2068.*\u2069; [\\d.]+ letters a second; [\\d.]+ times the usual speed")
    assert all(usual.fullmatch(label) for label in quiet)
    titles = {g.get("data-sentence"): g.findtext(f"{SVG}title") or "" for g in groups(root)}
    assert {id_: title.split("\n") for id_, title in titles.items()} == {
        id_: label.split("; ") for id_, label in told.items()
    }


def test_a_good_chapter_has_no_sign_and_is_lower() -> None:
    root, bad = parsed(drawn(good(9))[0]), parsed(drawn(BAD)[0])
    assert signs(root) == []
    assert root.get("aria-label") == TITLE
    assert int(bad.get("height") or 0) == int(root.get("height") or 0) + 3 * 16


def signs(root: etree._Element) -> list[str]:
    """The kinds of the signs: each is a drawing of its own, in its kind's colour."""
    shapes: dict[str, set[str | None]] = {}
    kinds = []
    for path in root.iter(f"{SVG}path"):
        if found := re.match(r"var\(--strip-(\w+),", path.get("stroke") or ""):
            shapes.setdefault(found[1], set()).add(path.get("d"))
            kinds.append(found[1])
    assert all(len(drawings) == 1 for drawings in shapes.values())
    assert len(set().union(*shapes.values())) == len(shapes)
    return kinds


def test_every_finding_has_its_sign_and_each_kind_its_own() -> None:
    svg, found, _ = drawn(BAD)
    assert signs(parsed(svg)) == [one.kind for one in found]


def test_it_speaks_the_language_of_the_interface_and_time_runs_to_the_right_all_the_same() -> None:
    svg, found, _ = drawn(BAD, ARABIC, "الانتفاضة")
    root = parsed(svg)
    assert root.get("direction") == "ltr"
    assert root.get("aria-label") == f"الانتفاضة. مواضع تستحق الاستماع: {len(found)}"
    label = groups(root)[4].get("aria-label") or ""
    assert "صمت، بالثواني: " in label
    begins = [bar(group) for group in groups(root)]
    assert begins == sorted(begins)


def bar(group: etree._Element) -> float:
    return float((group.find(f"{SVG}rect").get("x") or "").rstrip("%"))  # type: ignore[union-attr]


def test_long_sentences_are_cut_between_words() -> None:
    svg, _, _ = drawn([Line(text="word " * 100)])
    (title,) = (g.findtext(f"{SVG}title") or "" for g in groups(parsed(svg)))
    assert title.split("\n")[0] == f"\u2068{' '.join(['word'] * 12)}…\u2069"
    assert drawn([Line(text="x" * 200)])[0]


def test_it_has_neither_script_nor_style_nor_anything_from_elsewhere() -> None:
    root = parsed(drawn(BAD)[0])
    tags = {str(element.tag).removeprefix(SVG) for element in root.iter()}
    assert tags == {"svg", "g", "rect", "path", "line", "text", "title"}
    names = {str(name) for element in root.iter() for name in element.attrib}
    assert not {name for name in names if name.startswith("on") or name in ("style", "href", "id")}


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))


@given(TEXT, st.text("<>&\"'x"))
def test_text_is_text_whatever_is_in_it(text: str, title: str) -> None:
    svg, _, _ = drawn([Line(text=text)], title=title)
    root = parsed(svg)
    assert len(groups(root)) == 1
    assert root.get("aria-label") == title


@pytest.mark.parametrize("count", [0, 1])
def test_nothing_can_be_drawn_too(count: int) -> None:
    levels = Levels(b"\xff" * count, SILENCE, SILENCE, SILENCE)
    assert groups(parsed(draw_waveform(levels, (), (), title=""))) == []


def test_a_long_chapters_wave_is_no_bigger_than_a_short_ones() -> None:
    levels, sentences = chapter(*good(4))
    long = replace(levels, envelope=levels.envelope * 100)
    sizes = [len(draw_waveform(one, measure_rates(one, sentences), (), title="")) for one in (levels, long)]
    assert sizes[1] < sizes[0] * 2.5
    assert draw_waveform(long, measure_rates(long, sentences), (), title="") == draw_waveform(
        long, measure_rates(long, sentences), (), title=""
    )


@pytest.mark.parametrize(
    ("seconds", "times"),
    [
        (4, ["0:00"]),
        (20, ["0:00", "0:05", "0:10", "0:15"]),
        (300, ["0:00", "2:00", "4:00"]),
        (900, ["0:00", "5:00", "10:00"]),
        (9000, ["0:00", "1:00:00", "2:00:00"]),
    ],
)
def test_the_clock_has_a_few_round_times(seconds: int, times: list[str]) -> None:
    levels = Levels(bytes(seconds * 1000 // 24), SILENCE, SILENCE, SILENCE)
    root = parsed(draw_waveform(levels, (), (), title=""))
    assert [text.text for text in root.iter(f"{SVG}text")] == times


# In a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(params=[320, 1200])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page without room for what it does not show, in whose interface all runs from the right."""
    page = browser.new_page(viewport={"width": request.param, "height": 600})
    # As a page has it that is served: nothing but what the element itself says may colour it.
    policy = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
    page.set_content(
        f"<!doctype html><html lang='en' dir='rtl'><head><title>A strip</title>{policy}</head>"
        f"<body><main>{drawn(BAD * 4)[0]}</main></body></html>"
    )
    yield page
    page.close()


SIGNS = "svg.strip > g[aria-hidden] > svg > g > path"
BOXES = """selector => [...document.querySelectorAll(selector)].map(e => {
    const {left, right, top, bottom} = e.getBoundingClientRect(); return [left, right, top, bottom]})"""


def boxes(page: Page, selector: str) -> list[list[float]]:
    found: list[list[float]] = page.evaluate(BOXES, selector)
    return found


def test_all_of_it_is_in_sight(page: Page) -> None:
    ((left, right, top, bottom),) = boxes(page, "svg.strip")
    assert right - left == page.viewport_size["width"] - 16  # type: ignore[index]
    inside = boxes(page, ":is(rect, path, line, text)")
    assert min(box[0] for box in inside) >= left - 1
    assert max(box[1] for box in inside) <= right + 1
    assert min(box[2] for box in inside) >= top
    assert max(box[3] for box in inside) <= bottom
    assert page.evaluate("document.scrollingElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]


def test_signs_keep_their_size_and_stand_at_their_place(page: Page) -> None:
    ((left, right, *_),) = boxes(page, "svg.strip")
    _, found, sentences = drawn(BAD * 4)
    seen = boxes(page, SIGNS)
    assert len(seen) == len(found)
    for (a, b, top, bottom), one in zip(seen, found, strict=True):
        assert 8 <= b - a <= 15
        assert 8 <= bottom - top <= 15
        at = one.end if one.kind == "clipped" else (one.begin + one.end) / 2
        place = left + (right - left) * at / sentences[-1].end
        assert a - 3 <= place <= b + 3
    rows = {one.kind: (top, bottom) for (_, _, top, bottom), one in zip(seen, found, strict=True)}
    assert rows["gap"][1] <= rows["rushed"][0] < rows["rushed"][1] <= rows["clipped"][0]


def test_a_click_anywhere_in_a_sentence_is_a_click_on_it(page: Page) -> None:
    asked = """([x, y]) => document.elementFromPoint(x, y).closest('[data-sentence]')?.dataset.sentence"""
    _, _, sentences = drawn(BAD * 4)
    for read, (a, b, top, bottom) in zip(sentences, boxes(page, "[data-sentence]"), strict=True):
        for y in (top + 2, (top + bottom) / 2, bottom - 2):
            assert page.evaluate(asked, [(a + b) / 2, y]) == read.id


def test_the_first_sentence_is_reached_by_the_tab_key_and_the_focus_is_seen(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.sentence") == "b1s1"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.sentence ?? null") is None


def test_it_needs_no_style_of_its_pages(page: Page) -> None:
    assert strokes(page) == {"rgb(43, 127, 212)", "rgb(217, 72, 15)", "rgb(156, 95, 208)"}


def test_its_pages_may_choose_the_colours(page: Page) -> None:
    page.evaluate("document.body.style.setProperty('--strip-gap', 'rgb(1, 2, 3)')")
    assert strokes(page) == {"rgb(1, 2, 3)", "rgb(217, 72, 15)", "rgb(156, 95, 208)"}


def strokes(page: Page) -> set[str]:
    """The colours of the signs."""
    strokes = f"[...document.querySelectorAll('{SIGNS}')].map(sign => getComputedStyle(sign).stroke)"
    return set(page.evaluate(strokes))


@pytest.mark.parametrize("paper", [(255, 255, 255), (30, 30, 30), (0, 0, 0)])
def test_signs_can_be_told_from_any_paper(paper: tuple[int, int, int]) -> None:
    """WCAG 2.2, 1.4.11: 3 : 1 for what is no text."""
    for colour in set(re.findall(r"#[0-9a-f]{6}", drawn(BAD)[0])):
        ink = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        bright = sorted((luminance(ink), luminance(paper)))
        assert (bright[1] + 0.05) / (bright[0] + 0.05) >= 3, colour


def luminance(colour: Sequence[int]) -> float:
    """WCAG 2.2's relative luminance."""
    linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_no_barrier_is_found_in_it(page: Page) -> None:
    found = axe(page, ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    assert found["violations"] == []
    assert {one["id"] for one in found["passes"]} >= {"aria-command-name"}
