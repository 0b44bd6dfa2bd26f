"""The report's page, as a browser reads it."""

from __future__ import annotations

import re

from lxml import etree, html

from hakawati.check.html_report import CheckReport, ReportChapter, render_report
from hakawati.errors import Problem
from hakawati.model import Finding
from tests.goldens import xpath

HOSTILE = '<script>alert(1)</script>" onload="x\' & {{ 7 * 7 }}'
SHEET = CheckReport(
    title="كتاب",
    findings=[
        Finding("epub", Problem("build", 0, "the book was not built yet", "build it"), severe=True),
        Finding("sources", Problem("book/ar/01-one.md", 2, "odd"), severe=False, chapter="01-one"),
        Finding("sync", Problem("book/ar/02-two.md", 9, "late"), True, "02-two", 61.26, 3700.0),
    ],
    parts=[
        ReportChapter(
            "01-one", "الأول", duration=62.04, loudness={"rms": -19.84, "peak": -3.0, "floor": -96.0}
        ),
        ReportChapter("01-one", "الأول", edition="slow", duration=80.0, strip="<svg><path d='M0 0'/></svg>"),
        ReportChapter("03-three", "الثالث"),
    ],
    left_out=["EPUBCheck is not installed"],
    excerpts={("book/ar/01-one.md", 2): [(1, "# عنوان"), (2, "نص"), (3, "")]},
)


def string(node: etree._Element, path: str) -> str:
    return str(node.xpath(path))


def words(node: etree._Element) -> str:
    return " ".join("".join(map(str, node.itertext())).split())


def test_tells_how_many_and_what_was_left_out() -> None:
    page = html.fromstring(render_report(SHEET))
    assert words(xpath(page, "//p[@class='verdict']")[0]) == "2 problems, 1 notice."
    assert [words(item) for item in xpath(page, "//header//li")] == ["EPUBCheck is not installed"]


def test_lists_every_chapter_with_its_length_and_loudness_and_what_was_found() -> None:
    rows = xpath(html.fromstring(render_report(SHEET)), "//tbody/tr")
    assert [[words(cell) for cell in row] for row in rows] == [
        ["The whole book", "", "", "", "", "", "1 problem"],
        ["الأول", "main", "1:02.0", "-19.8 dB", "-3.0 dB", "-96.0 dB", "1 notice"],
        ["slow", "1:20.0", "–", "–", "–"],
        ["الثالث", "main", "–", "–", "–", "–", "nothing"],
        ["02-two", "", "", "", "", "", "1 problem"],
    ]


def test_tells_each_finding_in_its_chapter_with_place_time_and_excerpt() -> None:
    page = html.fromstring(render_report(SHEET))
    found = {
        string(section, "string(.//h2/bdi)"): [words(item) for item in xpath(section, ".//li")]
        for section in xpath(page, "//section")
    }
    assert found == {
        "The whole book": ["Problem EPUB build the book was not built yet build it"],
        "الأول": ["Notice Sources book/ar/01-one.md:2 odd 1 # عنوان 2 نص 3"],
        "الثالث": [],
        "02-two": ["Problem Sync book/ar/02-two.md:9 1:01.3 – 1:01:40.0 late"],
    }
    assert len(xpath(page, "//section//figure//svg")) == 1
    for link in xpath(page, "//a/@href"):
        assert xpath(page, f"//*[@id='{link.removeprefix('#')}']")


def test_stands_alone_and_lets_nothing_in() -> None:
    page = html.fromstring(render_report(SHEET))
    policy = string(page, "string(//meta[@http-equiv='Content-Security-Policy']/@content)")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"
    assert xpath(page, "//script | //link | //img | //iframe | //@src") == []
    assert not re.search(r"url\(|@import", string(page, "string(//style)"))


def test_text_of_a_book_is_text() -> None:
    problem = Problem(HOSTILE, 3, HOSTILE, HOSTILE)
    sheet = CheckReport(
        HOSTILE,
        [Finding("epub", problem, severe=True, chapter=HOSTILE)],
        [ReportChapter(HOSTILE, HOSTILE, HOSTILE)],
        [HOSTILE],
        {(HOSTILE, 3): [(3, HOSTILE)]},
    )
    page = html.fromstring(render_report(sheet))
    assert xpath(page, "//script | //@onload") == []
    assert string(page, "string(//h1)") == HOSTILE
    assert words(xpath(page, "//p[@class='message']")[0]) == HOSTILE


def test_nothing_that_was_found_is_told_too() -> None:
    page = html.fromstring(render_report(CheckReport("A", [], [], [], {})))
    assert words(xpath(page, "//p[@class='verdict']")[0]) == "No problem, 0 notices."
    assert xpath(page, "//section | //table") == []
