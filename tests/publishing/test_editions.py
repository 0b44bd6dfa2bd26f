"""Several books made of the same texts."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from hakawati.errors import BookError
from hakawati.model import Report
from tests.building import Reader, everything, left, without_builds
from tests.goldens import TIME, build_here, xpath
from tests.support import write_book

BOOK: dict[str, str | bytes] = {
    "book.yaml": """title: {en: A Book, ar: كتاب}
languages: [en, ar]
voices: {en: {engine: espeak}, ar: {engine: espeak}}
editions:
  both: {layout: sentences, narration: {languages: [en, ar], pair: true}}
  slow: {narration: {repeat: 2}, cover: none}
  other-voice: {voices: {en: {engine: gtts}}, cards: false}
""",
    "en/01-one.md": "# The First\n\nA first sentence. A boat came.",
    "ar/01-one.md": "# الأول\n\nجملة أولى. جاء قارب.",
    "glossary.yaml": "- term: boat\n  translation: {ar: قارب}\n",
}


@pytest.fixture
def project(tmp_path: Path, reader: Reader) -> Path:
    return write_book(tmp_path / "project", dict(BOOK))


def build(project: Path) -> Report:
    return build_here(project, modified=TIME)


def package(epub: Path) -> etree._Element:
    with zipfile.ZipFile(epub) as archive:
        return etree.fromstring(archive.read("EPUB/content.opf"))


def test_each_edition_has_files_of_its_own(project: Path) -> None:
    report = build(project)
    names = ("", "both/", "slow/", "other-voice/")
    assert set(left(project)) == {
        *(f"audio/{name}{chapter}.mp3" for name in names for chapter in ("01-one", "glossary")),
        *(f"build/timings/{name}{chapter}.json" for name in names for chapter in ("01-one", "glossary")),
        *(f"build/a-book{name}.epub" for name in ("", "-both", "-slow", "-other-voice")),
        *(f"build/a-book{name}.apkg" for name in ("", "-both", "-slow")),
    }
    assert [edition.name for edition in report.editions] == ["both", "slow", "other-voice"]
    assert [edition.epub for edition in report.editions] == [
        f"build/a-book-{name}.epub" for name in ("both", "slow", "other-voice")
    ]


def test_what_editions_share_is_spoken_once(project: Path, reader: Reader) -> None:
    report = build(project)
    english = ["The First", "A first sentence.", "A boat came.", "Glossary", "boat"]
    for said in english:
        # in its own voice, and in the other edition's
        assert len([heard for heard in reader.said if heard == said]) == 2
    made = [sum(c.clips_made for c in edition.chapters) for edition in (report, *report.editions)]
    assert sum(made) == len(reader.said)
    assert made[2] == 0
    slow, plain = report.editions[1].chapters[0], report.chapters[0]
    assert slow.duration > plain.duration


def test_an_edition_is_what_its_keys_say(project: Path) -> None:
    report = build(project)
    identifiers = set()
    for edition in (report, *report.editions):
        found = package(project / edition.epub)
        identifiers.add(str(xpath(found, "//dc:identifier/text()")[0]))
        assert len(xpath(found, "//opf:item[@properties='cover-image']")) == (edition.name != "slow")
        timings = project / "build" / "timings" / edition.name / "01-one.json"
        languages = {sentence["lang"] for sentence in json.loads(timings.read_bytes())["sentences"]}
        assert languages == ({"en", "ar"} if edition.name == "both" else {"en"})
    assert len(identifiers) == 4


def test_an_edit_reaches_every_edition_and_gives_what_a_clean_build_gives(
    project: Path, tmp_path: Path, reader: Reader
) -> None:
    build(project)
    reader.said.clear()
    page = project / "book" / "en" / "01-one.md"
    page.write_text(page.read_text().replace("A boat came.", "No boat came."))
    build(project)
    assert reader.said == ["No boat came."] * 2
    clean = without_builds(project, tmp_path / "clean")
    build(clean)
    ours, theirs = left(project), left(clean)
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if ours[name] != theirs[name]] == []


def test_a_build_with_nothing_to_do_leaves_every_edition_alone(project: Path) -> None:
    build(project)
    before = everything(project)
    report = build(project)
    assert everything(project) == before
    assert {c.why for edition in (report, *report.editions) for c in edition.chapters} == {"unchanged"}


@pytest.mark.parametrize(
    "lost", ["build/a-book-slow.epub", "audio/both/01-one.mp3", "build/editions/slow.json"]
)
def test_what_is_lost_of_one_edition_is_made_again(project: Path, lost: str) -> None:
    build(project)
    before = left(project)
    (project / lost).unlink()
    build(project)
    assert left(project) == before


def test_an_edition_that_is_no_more_leaves_nothing(project: Path) -> None:
    build(project)
    mine = project / "audio" / "slow" / "mine.mp3"
    mine.write_bytes(b"not made by a build")
    config = project / "book" / "book.yaml"
    config.write_text("".join(line for line in config.read_text().splitlines(True) if "slow" not in line))
    build(project)
    assert [name for name in left(project) if "slow" in name] == ["audio/slow/mine.mp3"]
    mine.unlink()
    config.write_text(config.read_text().partition("editions")[0])
    build(project)
    assert not [*(project / "build" / "editions").glob("*")]
    names = sorted(p.name for p in (project / "audio").iterdir() if not p.name.startswith("."))
    assert names == ["01-one.mp3", "glossary.mp3", "slow"]


def test_a_mistake_in_one_edition_stops_all_and_is_told_once(project: Path) -> None:
    report = build(project)
    before = left(project)
    page = project / "book" / "en" / "01-one.md"
    page.write_text(page.read_text() + "\n\n[^x]\n")
    with pytest.raises(BookError) as raised:
        build(project)
    assert len(raised.value.problems) == 1
    config = project / "book" / "book.yaml"
    page.write_text(str(BOOK["en/01-one.md"]))
    config.write_text(config.read_text().replace("cover: none", "cover: missing.png"))
    with pytest.raises(BookError):
        build(project)
    assert left(project) == before
    assert (project / report.epub).exists()
