"""A cover that is drawn: in the EPUB and the MP3s, kept until something on it changes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from mutagen import id3
from PIL import Image

import hakawati
from hakawati.common.store import Store
from hakawati.cover import design
from hakawati.cover.drawn_cover import DrawnCover
from hakawati.epub import resource_paths
from hakawati.listening.id3 import small_cover
from hakawati.model import Metadata, Report
from tests.building import Reader, age, left
from tests.goldens import TIME, build_here
from tests.support import TWO_LANGUAGES, write_book
from tests.tiny_font import tiny_font

BOOK: dict[str, str | bytes] = {"book.yaml": TWO_LANGUAGES, "en/01-one.md": "# A Title\n\nA text."}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_book(tmp_path / "project", dict(BOOK))


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the covers that are drawn."""
    found: list[str] = []

    def draw(metadata: Metadata, fonts: design.Fonts) -> DrawnCover:
        found.append("/".join(metadata.title.values()))
        return drawn(metadata, fonts)

    drawn = design.draw_cover
    monkeypatch.setattr(design, "draw_cover", draw)
    return found


def build(project: Path) -> Report:
    return build_here(project, modified=TIME)


def write(project: Path, more: str, name: str = "book.yaml") -> None:
    file = project / "book" / name
    file.write_text(file.read_text() + more)


def cover(project: Path) -> bytes | None:
    with zipfile.ZipFile(project / "build" / "a-book.epub") as archive:
        name = f"EPUB/{resource_paths.COVER}"
        return archive.read(name) if name in archive.namelist() else None


def tagged(project: Path) -> list[bytes]:
    """The pictures in the chapter's MP3."""
    return [frame.data for frame in id3.ID3(project / "audio" / "01-one.mp3").getall("APIC")]


def test_the_cover_is_in_the_epub_and_small_in_the_audio_and_nowhere_else(
    project: Path, reader: Reader
) -> None:
    assert build(project).notices == ()
    drawn = cover(project)
    assert drawn
    assert tagged(project) == [small_cover(drawn)]
    with Image.open(io.BytesIO(tagged(project)[0])) as image:
        assert image.size == (600, 960)
    assert set(left(project)) == {"audio/01-one.mp3", "build/a-book.epub", "build/timings/01-one.json"}


def test_who_wants_no_cover_has_none(project: Path, reader: Reader, drawings: list[str]) -> None:
    write(project, "cover: none\n")
    build(project)
    assert (cover(project), tagged(project), drawings) == (None, [], [])


def test_a_cover_is_drawn_again_only_where_something_on_it_changes(
    project: Path, reader: Reader, drawings: list[str]
) -> None:
    build(project)
    first = cover(project)
    write(project, "\nMore.\n", "ar/01-one.md")
    write(project, "rights: free\nsync: word\n")
    build(project)
    assert (cover(project), drawings) == (first, ["كتاب/A Book"])
    assert tagged(project) == [small_cover(first or b"")]
    write(project, "authors: Somebody\n")
    build(project)
    assert cover(project) != first
    write(project, "fonts: [{file: a.ttf, languages: [ar]}]\n")
    (project / "book" / "a.ttf").write_bytes(tiny_font("كتاب"))
    build(project)
    (project / "book" / "a.ttf").write_bytes(tiny_font("كتابة"))
    build(project)
    assert drawings == ["كتاب/A Book"] * 4


def test_what_the_store_keeps_of_a_cover_is_not_unused(
    project: Path, reader: Reader, drawings: list[str]
) -> None:
    build(project)
    store = Store(project / "build" / "store")
    age(store.root)
    assert store.prune().entries == 0
    write(project, "\nMore.\n", "ar/01-one.md")
    build(project)
    assert len(drawings) == 1
    write(project, "cover: none\n")
    build(project)
    age(store.root)
    assert store.prune().size > 100_000


def test_a_cover_that_was_lost_is_drawn_the_same_again(project: Path, reader: Reader) -> None:
    build(project)
    before = left(project)
    for entry in (project / "build" / "store").glob("[0-9a-f][0-9a-f]/*"):
        entry.write_bytes(entry.read_bytes()[:-1])
    (project / "build" / "a-book.epub").unlink()
    build(project)
    assert left(project) == before


def test_a_title_in_letters_that_no_font_has_is_told_in_every_build(project: Path, reader: Reader) -> None:
    config = project / "book" / "book.yaml"
    config.write_text("title: {ar: كتاب, en: A Book, he: ספר}\nlanguages: [ar, en, he]\n")
    write_book(project, {"book.yaml": config.read_text(), "he/01-one.md": "# א\n\nב."})
    first = build(project)
    (notice,) = first.notices
    assert str(notice) == (
        "book/book.yaml: the drawn cover goes without the title in he: no font here has its letters\n"
        "    hint: name one that has its letters, under “fonts”; or give a cover, or write cover: none"
    )
    write(project, "\nMore.\n", "ar/01-one.md")
    write(project, "\n\nMore.\n", "en/01-one.md")
    write(project, "\n\nMore.\n", "he/01-one.md")
    assert build(project).notices == first.notices


def test_the_built_in_fonts_come_with_their_licence() -> None:
    folder = Path(hakawati.__file__).parent / "cover" / "fonts"
    assert sorted(file.name for file in folder.iterdir()) == [
        "Amiri-Bold.ttf",
        "Amiri-Regular.ttf",
        "OFL.txt",
    ]
    licence = (folder / "OFL.txt").read_text(encoding="utf-8")
    assert licence.startswith("Copyright 2010-2022 The Amiri Project Authors")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Reserved Font Name" not in licence.splitlines()[0]
