"""A project checked as its author checks it: sources, what was built, and what is led back."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hakawati.check import epubcheck
from hakawati.check.conformance import SourceTracer
from hakawati.common.destination import Destination
from hakawati.errors import Problem
from hakawati.model import Finding
from hakawati.publishing.project_check import (
    HTML_REPORT,
    CheckResult,
    check_epub,
    check_project,
    report_destination,
    write_report,
)
from hakawati.publishing.publication_check import CheckOptions, map_book
from tests.check.sources.test_sources import JUSTIFIED
from tests.goldens import CASES, SEED, VARIANTS, Shelf, Variant, build_here, text_of, xpath
from tests.support import TWO_LANGUAGES, draw, write_book

LATIN = {
    "markup": {
        "book/ar/01-markup.md:9: this says that it is in ar, but its letters are Latin; "
        "in the EPUB: EPUB/text/01-markup.xhtml:30"
    }
}
"""Arabic paragraphs of golden books that have markup in them, and no Arabic."""
QUICK = CheckOptions({"PATH": ""}, listen=False)
"""Without Ace, and without listening, which has tests of its own."""
BOOK: dict[str, str | bytes] = {
    "book.yaml": TWO_LANGUAGES,
    "ar/01-one.md": "# عنوان\n\nنص قصير.[^a] ونص آخر\nفي سطر ثان.\n\n![صورة](images/a.png)\n\n"
    "- بند\n- بند آخر\n\n[^a]: كلام.\n",
    "en/01-one.md": "# A Title\n\nA short text.[^a] And another text\non a second line.\n\n"
    "![An image](images/a.png)\n\n- An item\n- Another item\n\n[^a]: Words.\n",
    "glossary.yaml": "- term: كتاب\n  translation: {en: book}\n- term: نص\n  translation: {en: text}\n",
}


@pytest.fixture(autouse=True)
def without_epubcheck(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """EPUBCheck takes seconds; every golden book goes through it elsewhere."""
    if "with_epubcheck" not in request.node.name:
        monkeypatch.setattr(epubcheck, "is_installed", lambda: False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project that was built."""
    made = write_book(tmp_path, BOOK)
    draw(made / "book" / "images" / "a.png")
    build_here(made)
    return made


def change(epub: Path, entry: str, edit: Callable[[str], str]) -> None:
    """Edit a file in an EPUB."""
    with zipfile.ZipFile(epub) as archive:
        files = {info: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(epub, "w") as archive:
        for info, data in files.items():
            if info.filename == entry:
                assert edit(data.decode()) != data.decode()
            archive.writestr(info, edit(data.decode()) if info.filename == entry else data)


def severe(made: CheckResult) -> list[str]:
    return [str(finding.problem) for finding in made.findings if finding.severe]


def said(made: CheckResult) -> set[str]:
    """What is said, but of words that may be mispronounced."""
    told = {str(finding.problem).splitlines()[0] for finding in made.findings}
    return {line for line in told if not re.search(r"would be said|has no vowels: ", line)}


# Sound books


@pytest.mark.parametrize("case", [*CASES, SEED])
def test_nothing_is_wrong_with_a_golden_book(case: str, shelf: Shelf) -> None:
    built = shelf[Variant(case)]
    made = check_project(built.project, QUICK)
    assert severe(made) == []
    noticed = {str(n).splitlines()[0] for n in [*built.book.notices, *map(_problem, built.report["notices"])]}
    assert said(made) == JUSTIFIED.get(case, set()) | LATIN.get(case, set()) | noticed


def _problem(told: dict[str, Any]) -> Problem:
    return Problem(**told)


@pytest.mark.parametrize("layout", ["sentences", "popup", "facing", "original"])
def test_nothing_is_wrong_with_the_other_layouts(layout: str, shelf: Shelf) -> None:
    case = next(v for v in VARIANTS if f"layout={layout}" in v.changes and v.case == "three-languages")
    built = shelf[case]
    made = check_project(built.project, QUICK)
    assert severe(made) == []
    assert said(made) == {str(notice).splitlines()[0] for notice in built.book.notices}


# What was built, and what was not


def test_a_project_that_was_not_built_is_told_to_be(tmp_path: Path) -> None:
    made = check_project(write_book(tmp_path, {}), QUICK)
    assert severe(made) == ["build: the book was not built yet\n    hint: hakawati build; then check again"]
    assert made.parts == []


def test_a_book_that_changed_after_its_build_is_told_to_be_built(project: Path) -> None:
    chapter = project / "book" / "en" / "01-one.md"
    before = chapter.read_text()
    chapter.write_text(before.replace("short", "brief"))
    assert severe(check_project(project, QUICK)) == [
        "build: the book was changed after it was built, so its EPUB was not checked\n"
        "    hint: hakawati build; then check again"
    ]
    chapter.write_text(before)
    assert severe(check_project(project, QUICK)) == []


def test_choices_of_a_build_do_not_make_it_old(project: Path) -> None:
    build_here(project, modified=1_700_000_000)
    assert severe(check_project(project, QUICK)) == []


def test_an_epub_that_was_removed_is_missed(project: Path) -> None:
    (project / "build" / "a-book.epub").unlink()
    assert severe(check_project(project, QUICK)) == [
        "build/a-book.epub: it is not there any more\n    hint: hakawati build"
    ]


def test_what_a_build_refuses_is_severe_and_nothing_else_is_said(project: Path) -> None:
    chapter = project / "book" / "ar" / "01-one.md"
    chapter.write_text(chapter.read_text().replace("آخر", "[آخر](x:y) («"))
    made = check_project(project, QUICK)
    assert [(f.check, f.severe, f.problem.path, f.problem.line, f.chapter) for f in made.findings] == [
        ("sources", True, "book/ar/01-one.md", 3, "01-one"),
        ("sources", True, "book/ar/01-one.md", 9, "01-one"),
    ]


def test_a_folder_without_a_book_is_no_project(tmp_path: Path) -> None:
    (finding,) = check_project(tmp_path, QUICK).findings
    assert (finding.problem.path, finding.severe) == ("book", True)


def test_every_edition_is_checked_and_what_they_share_is_told_once(tmp_path: Path) -> None:
    yaml = f"{TWO_LANGUAGES}editions: {{slow: {{narration: {{speed: 0.8}}}}}}\n"
    project = write_book(tmp_path, {**BOOK, "book.yaml": yaml})
    draw(project / "book" / "images" / "a.png")
    build_here(project)
    for epub in (project / "build").glob("*.epub"):
        change(epub, "EPUB/text/01-one.xhtml", lambda text: text.replace(' alt="صورة"', ""))
    change(
        project / "build" / "a-book-slow.epub",
        "EPUB/content.opf",
        lambda text: text.replace("dc:", "dc:", 1) + " ",
    )
    made = check_project(project, QUICK)
    damaged = [f"build/{name}.epub: it is not what was built" for name in ("a-book", "a-book-slow")]
    found = severe(made)
    assert [one for one in found if one.startswith(tuple(damaged))] == found[:2]
    assert len(found) == 3
    assert [(part.edition, part.name) for part in made.parts] == [
        ("", "01-one"),
        ("", "glossary"),
        ("slow", "01-one"),
        ("slow", "glossary"),
    ]
    assert all(part.duration > 1 for part in made.parts)


# Leading back


def test_a_mistake_in_the_epub_is_led_back_to_the_line_that_it_was_made_of(project: Path) -> None:
    epub = project / "build" / "a-book.epub"
    change(epub, "EPUB/text/01-one.xhtml", lambda text: text.replace(' alt="صورة"', ""))
    _, told = severe(check_project(project, QUICK))
    message, hint = told.splitlines()
    assert re.fullmatch(
        r"book/ar/01-one\.md:6: the image “\.\./images/a\.png” has no alternative text; "
        r"in the EPUB: EPUB/text/01-one\.xhtml:\d+",
        message,
    )
    assert hint == "    hint: say what it shows: alt=“…”; alt=“” where it only adorns"


def test_messages_of_the_real_checker_are_led_back_with_epubcheck(project: Path) -> None:
    epub = project / "build" / "a-book.epub"
    change(
        epub,
        "EPUB/overlay/01-one.smil",
        lambda text: text.replace('src="../text/01-one.xhtml#b2s2', 'src="../text/01-one.xhtml#x'),
    )
    change(epub, "EPUB/text/01-one.xhtml", lambda text: text.replace('id="b4-2-1-en"', 'id="b4-1-1-en"'))
    found = [f for f in check_project(project, QUICK).findings if "EPUBCheck" in f.problem.message]
    assert [(f.problem.path, f.problem.line, f.problem.message.rpartition("; ")[0]) for f in found] == [
        ("book/ar/01-one.md", 3, "Fragment identifier is not defined (EPUBCheck RSC-012)"),
        ("book/en/01-one.md", 8, 'Error while parsing file: Duplicate ID "b4-1-1-en" (EPUBCheck RSC-005)'),
        ("book/en/01-one.md", 8, 'Error while parsing file: Duplicate ID "b4-1-1-en" (EPUBCheck RSC-005)'),
    ]
    assert {f.chapter for f in found} == {"01-one"}


@pytest.mark.parametrize("case", ["workbook", "notes", "questions", "three-languages", "verses", "tables"])
def test_every_element_of_every_page_is_led_back_to_its_own_line(case: str, shelf: Shelf) -> None:
    built = shelf[Variant(case)]
    known = map_book(built.book)
    checked = 0
    for chapter in built.book.chapters:
        entry = f"EPUB/text/{chapter.name}.xhtml"
        data = built.files[entry]
        lines = data.decode().splitlines()
        for text in chapter.texts():
            for sentence in text.sentences:
                tag = f'id="{sentence.id}"'
                number = next((n for n, line in enumerate(lines, start=1) if tag in line), 0)
                if number:
                    column = lines[number - 1].index(tag) + len(tag) + 2
                    place = known.place(entry, data, number, column)
                    assert place is not None
                    assert (place.path, place.line) == (text.path, sentence.line)
                    checked += 1
    assert checked > 5


def test_what_is_no_chapters_is_led_back_to_its_file(project: Path) -> None:
    from hakawati import load

    known = map_book(load(project))
    with zipfile.ZipFile(project / "build" / "a-book.epub") as archive:
        glossary, nav, smil, package = (
            archive.read(f"EPUB/{name}")
            for name in ("glossary.xhtml", "nav.xhtml", "overlay/01-one.smil", "content.opf")
        )

    def place(entry: str, data: bytes, near: str) -> tuple[str, int]:
        line = next(n for n, text in enumerate(data.decode().splitlines(), start=1) if near in text)
        found = known.place(f"EPUB/{entry}", data, line)
        assert found is not None
        return found.path, found.line

    assert place("glossary.xhtml", glossary, "book") == ("book/glossary.yaml", 1)
    assert place("glossary.xhtml", glossary, ">نص") == ("book/glossary.yaml", 3)
    assert place("nav.xhtml", nav, "01-one.xhtml") == ("book/ar/01-one.md", 0)
    assert place("overlay/01-one.smil", smil, "#b4-2") == ("book/ar/01-one.md", 9)
    assert place("content.opf", package, "<dc:title") == ("book/book.yaml", 0)
    assert known.place("EPUB/style.css", b"p {}", 1) is None
    assert known.place("EPUB/text/01-one.xhtml", b"no XML", 1) is not None


def test_a_finding_of_the_sync_is_told_of_its_sentence(project: Path) -> None:
    from hakawati import load
    from hakawati.check.archive import open_archive

    name = "build/a-book.epub"
    with open_archive(project / name, name) as archive:
        smil = archive.read("EPUB/overlay/01-one.smil").decode().splitlines()
        line = next(n for n, text in enumerate(smil, start=1) if "#b2s2" in text)
        tracer = SourceTracer(archive, map_book(load(project)))
        problem = Problem(f"{name}/EPUB/overlay/01-one.smil", line, "late")
        traced = tracer.trace(Finding("sync", problem, severe=True, chapter="01-one", begin=1, end=2))
    assert (traced.problem.path, traced.problem.line, traced.begin) == ("book/ar/01-one.md", 3, 1)
    assert traced.problem.message == f"late; in the EPUB: EPUB/overlay/01-one.smil:{line}"


# Listening


def test_the_narration_is_listened_to(project: Path) -> None:
    made = check_project(project, CheckOptions({"PATH": ""}))
    assert severe(made) == []
    assert not any("not listened" in what for what in made.left_out)
    assert [part.loudness.keys() >= {"rms"} for part in made.parts] == [True, True]


def test_an_epub_without_its_sources_is_checked_by_itself(project: Path) -> None:
    epub = project / "build" / "a-book.epub"
    made = check_epub(epub, QUICK)
    assert (made.title, made.findings) == ("كتاب", [])
    assert "01-one" in [part.name for part in made.parts]
    change(epub, "EPUB/text/01-one.xhtml", lambda text: text.replace(' alt="صورة"', ""))
    (told,) = severe(check_epub(epub, QUICK))
    assert re.match(rf"{re.escape(str(epub))}/EPUB/text/01-one\.xhtml:\d+: the image ", told)


# The report


def place(project: Path) -> Destination:
    found = report_destination(None, project, force=False)
    assert found
    assert found.path == project / HTML_REPORT
    return found


def test_the_report_quotes_the_lines_that_are_meant(project: Path) -> None:
    from lxml import html

    change(
        project / "build" / "a-book.epub",
        "EPUB/text/01-one.xhtml",
        lambda text: text.replace(' alt="صورة"', ""),
    )
    made = check_project(project, QUICK)
    write_report(made, place(project), project)
    page = html.fromstring((project / HTML_REPORT).read_bytes())
    here = [" ".join(text_of(line).split()) for line in xpath(page, "//p[@class='here']")]
    assert "6 ![صورة](images/a.png)" in here
    assert text_of(xpath(page, "//title")[0]) == "كتاب: what the check found"


def test_the_same_check_gives_the_same_report(project: Path) -> None:
    pages = []
    for _ in range(2):
        write_report(check_project(project, QUICK), place(project), project)
        pages.append((project / HTML_REPORT).read_bytes())
    assert pages[0] == pages[1]
