"""What our own rules say of any EPUB, where neither EPUBCheck nor Ace is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from hakawati.check import epubcheck
from hakawati.check.conformance import ConformanceResult, check_conformance
from tests.check.epubs import ACCESSIBLE, NAV, package, page, write_epub

NOWHERE = {"PATH": ""}
"""An environment in which there is no Ace."""
ARABIC = "كان في المدينة القديمة شيخ يحكي للناس كل مساء حكاية جديدة"
ENGLISH = "In the old town there was a man who told the people a new story every evening"


@pytest.fixture(autouse=True)
def without_epubcheck(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epubcheck, "is_installed", lambda: False)


def examined(file: Path) -> ConformanceResult:
    return check_conformance(file, "book.epub", NOWHERE)


def told(file: Path) -> list[str]:
    """Each finding in one line, `!` before what is severe."""
    return [
        f"{'!' if f.severe else ''}{f.problem.path.removeprefix('book.epub/EPUB/')}:{f.problem.line} "
        f"{f.problem.message}"
        for f in examined(file).findings
    ]


def test_a_sound_epub_has_no_findings_and_says_what_was_left_out(tmp_path: Path) -> None:
    found = examined(write_epub(tmp_path / "book.epub", {}))
    assert (found.findings, found.title, found.chapters) == ([], "A Book", {"one": "One"})
    assert found.left_out == [
        'EPUBCheck is not installed; get it: pip install "hakawati[check]"',
        "Ace by DAISY is not installed, and only a part of accessibility was checked; "
        "get it: npm install -g @daisy/ace",
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<p id="a">A</p><p id="a">B</p>', "!one.xhtml:4 the id “a” is in the document twice"),
        (
            '<p><a href="two.xhtml">There</a></p>',
            "!one.xhtml:4 “two.xhtml” leads to a file that is not in the EPUB",
        ),
        (
            '<p><a href="nav.xhtml#x">There</a></p>',
            "!one.xhtml:4 “nav.xhtml#x” leads to an id that is not in its document",
        ),
        (
            '<p><a href="#x">There</a></p>',
            "!one.xhtml:4 “#x” leads to an id that is not in its document",
        ),
        ('<p><a href="../../x">A</a></p>', "!one.xhtml:4 the link “../../x” leads out of the EPUB"),
        (
            '<p><a href="javascript:alert(1)">A</a></p>',
            "!one.xhtml:4 the link “javascript:alert(1)” leads out of the EPUB",
        ),
        (
            '\n<p><img src="http://example.org/a.png" alt="A"/></p>',
            "!one.xhtml:5 the file “http://example.org/a.png” leads out of the EPUB",
        ),
        (
            '<p><img src="a.png" alt="A"/></p>',
            "!one.xhtml:4 “a.png” leads to a file that is not in the EPUB",
        ),
        (
            '<p><img src="nav.xhtml"/></p>',
            "!one.xhtml:4 the image “nav.xhtml” has no alternative text",
        ),
        ('<p><a href="nav.xhtml"> </a></p>', "!one.xhtml:4 the link to “nav.xhtml” has no text"),
        ("<h1>A</h1><h3>B</h3>", "one.xhtml:4 a heading of level 3 after one of level 1"),
        ("<h1>A</h1><h2> </h2>", "one.xhtml:4 a heading without text"),
        (
            '<p><a epub:type="noteref" href="nav.xhtml">1</a></p>',
            "one.xhtml:4 epub:type “noteref” without the role that says it to a screen reader",
        ),
        ('<p lang="xx-nonsense1234">A</p>', "!one.xhtml:4 “xx-nonsense1234” is no language"),
        ('<p lang="Arabic">A</p>', "!one.xhtml:4 “Arabic” is no language"),
        (
            f"<p>{ARABIC}</p>",
            "one.xhtml:4 this says that it is in en, but its letters are Arabic",
        ),
        (
            f'<p><i lang="ar">{ENGLISH}</i></p>',
            "one.xhtml:4 this says that it is in ar, but its letters are Latin",
        ),
    ],
)
def test_tells_what_is_wrong_with_a_page(body: str, expected: str, tmp_path: Path) -> None:
    heading = "" if body.startswith("<h1") else "<h1>One</h1>"
    text = f'<p>{ENGLISH * 3}</p><p lang="ar">مقهى</p>' if "lang=" in body else f"<p>{ENGLISH * 3}</p>"
    made = {"one.xhtml": page(f"{heading}{body}{text}")}
    languages = {"content.opf": package(languages="en ar" if 'lang="ar"' in text else "en")}
    assert told(write_epub(tmp_path / "book.epub", {**made, **languages})) == [expected]


@pytest.mark.parametrize(
    "body",
    [
        '<p><a href="nav.xhtml"><img src="nav.xhtml" alt="Contents"/></a><img src="nav.xhtml" alt=""/></p>',
        '<p><a href="nav.xhtml" aria-label="Contents"/><a href="https://example.org/">There</a></p>',
        "<h2>A</h2><h3>B</h3><h1>C</h1>",
        '<section epub:type="chapter" role="doc-chapter"><p>A</p></section>',
        f'<p>He said <i lang="ar">{ARABIC}</i> and <i lang="ar-Latn">{ENGLISH}</i>.</p><p>{ENGLISH * 9}</p>',
        '<section epub:type="titlepage"><p>المؤلفون والناشرون وسائر الأسماء كلها</p></section>',
        f'<p lang="zh-Latn">{ENGLISH}</p><p>{ENGLISH * 9}</p>',
        '<p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="A"/></p>',
        "<p>مقهى</p>",
    ],
)
def test_says_nothing_of_a_sound_page(body: str, tmp_path: Path) -> None:
    both = {"content.opf": package(languages="en ar" if 'lang="ar"' in body else "en")}
    assert told(write_epub(tmp_path / "book.epub", {"one.xhtml": page(body), **both})) == []


def test_a_document_has_a_language_and_a_title(tmp_path: Path) -> None:
    made = {"one.xhtml": page("<p>A</p>", html="", head="<title> </title>")}
    assert told(write_epub(tmp_path / "book.epub", made)) == [
        "!one.xhtml:2 the document does not say its language",
        "!one.xhtml:2 the document has no title",
    ]


def test_two_languages_of_one_element_are_the_same(tmp_path: Path) -> None:
    made = {"one.xhtml": page("<p>A</p>", html='lang="en" xml:lang="en-GB"')}
    assert told(write_epub(tmp_path / "book.epub", made)) == [
        "one.xhtml:2 lang says “en”, but xml:lang “en-GB”"
    ]


def test_an_arabic_document_says_its_direction(tmp_path: Path) -> None:
    made = {"content.opf": package(languages="ar"), "nav.xhtml": page(NAV, html='lang="ar" dir="rtl"')}
    without = {**made, "one.xhtml": page(f"<p>{ARABIC}</p>", lang="ar")}
    assert told(write_epub(tmp_path / "book.epub", without)) == [
        "one.xhtml:2 the document is in ar, but does not say its direction"
    ]
    made["one.xhtml"] = page(f"<p>{ARABIC}</p>", html='lang="ar" dir="rtl"')
    assert told(write_epub(tmp_path / "book.epub", made)) == []


def test_the_packages_languages_are_those_of_the_text(tmp_path: Path) -> None:
    text = f'<p>{ENGLISH * 20}</p><p lang="ar">{ARABIC * 20}</p>'
    made = {"one.xhtml": page(text), "content.opf": package(languages="en fr")}
    assert told(write_epub(tmp_path / "book.epub", made)) == [
        "content.opf:0 43 % of the text is in ar, which the package does not name",
        "content.opf:0 the package names fr, but no text says that it is in that language",
    ]


def test_what_the_package_must_say_of_accessibility_is_missed(tmp_path: Path) -> None:
    found = told(write_epub(tmp_path / "book.epub", {"content.opf": package(metadata="")}))
    assert found == [
        "!content.opf:3 the package does not say schema:accessMode",
        "!content.opf:3 the package does not say schema:accessibilityFeature",
        "!content.opf:3 the package does not say schema:accessibilityHazard",
        "content.opf:3 the package does not say schema:accessibilitySummary",
        "content.opf:3 the package does not say schema:accessModeSufficient",
    ]


def test_what_the_package_says_of_accessibility_is_in_the_vocabulary(tmp_path: Path) -> None:
    more = (
        '<meta property="schema:accessMode">seeing</meta>'
        '<meta property="schema:accessibilityHazard">flashing</meta>'
    )
    found = examined(write_epub(tmp_path / "book.epub", {"content.opf": package(metadata=ACCESSIBLE + more)}))
    assert [finding.problem.message for finding in found.findings] == [
        "schema:accessMode cannot be “seeing”",
        "schema:accessibilityHazard says none, and another one",
    ]
    assert not any(finding.severe for finding in found.findings)


def test_pages_that_are_looked_up_only_are_looked_at_too(tmp_path: Path) -> None:
    made = {"nav.xhtml": page(NAV.replace("one.xhtml", "two.xhtml"))}
    assert told(write_epub(tmp_path / "book.epub", made)) == [
        "!nav.xhtml:5 “two.xhtml” leads to a file that is not in the EPUB"
    ]


def test_a_damaged_page_is_told_and_the_others_are_checked(tmp_path: Path) -> None:
    made = {"nav.xhtml": "<html", "one.xhtml": page('<p><img src="nav.xhtml"/></p>')}
    first, second = told(write_epub(tmp_path / "book.epub", made))
    assert first.startswith("!nav.xhtml:1 it is no well-formed XML: ")
    assert second == "!one.xhtml:4 the image “nav.xhtml” has no alternative text"


def test_a_hundred_wrong_blocks_are_not_told_a_hundred_times(tmp_path: Path) -> None:
    made = {"one.xhtml": page(f"<p>{ARABIC}</p>\n" * 100)}
    assert len(told(write_epub(tmp_path / "book.epub", made))) == 10


def test_no_epub_is_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "book.epub"
    file.write_text("This is no zip.")
    (finding,) = examined(file).findings
    assert (finding.check, finding.severe, finding.problem.path) == ("epub", True, "book.epub")
    (finding,) = examined(tmp_path / "other.epub").findings
    assert finding.severe
