"""The web edition through edits: what changes, what stays, what goes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from hakawati.common.store import Store
from hakawati.errors import BookError
from hakawati.model import Report
from hakawati.publishing.state import State
from hakawati.publishing.web_edition import WebEdition
from tests.building import Reader, everything, left
from tests.goldens import TIME, build_here
from tests.support import draw, write_book

BOOK: dict[str, str | bytes] = {
    "book.yaml": """title: {ar: كتاب, en: A Book}
languages: [ar, en]
voices: {ar: {engine: espeak}, en: {engine: espeak}}
editions:
  both: {narration: {languages: [ar, en]}}
""",
    "ar/01-one.md": "# الأول\n\nجاء الناس كلهم إلى المدينة.\n",
    "en/01-one.md": "# The First\n\nAll of the people came to town.\n",
    "ar/02-two.md": "# الثاني\n\nنص قصير.\n",
    "en/02-two.md": "# The Second\n\nA short text.\n",
    "glossary.yaml": "- term: نص\n  translation: {en: text}\n",
}
LAYOUTS = ("interleaved", "sentences", "facing", "popup", "original")


@pytest.fixture
def project(tmp_path: Path, reader: Reader) -> Path:
    return write_book(tmp_path / "project", dict(BOOK))


def build(project: Path, *, web: bool = True) -> Report:
    return build_here(project, modified=TIME, web=web)


def pages(project: Path) -> set[str]:
    folder = project / "build" / "web"
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}


def written(before: dict[str, tuple[int, int, bytes]], project: Path) -> set[str]:
    """The pages that were written since."""
    after = everything(project / "build" / "web")
    return {name for name in after if name.endswith(".html") and after[name] != before.get(name)}


def test_every_edition_has_a_page_for_each_chapter_in_each_layout(project: Path) -> None:
    build(project)
    main = {
        f"{layout}/{name}.html" for layout in LAYOUTS for name in ("text/01-one", "text/02-two", "glossary")
    }
    both = {
        f"editions/both/{layout}/{name}.html"
        for layout in ("interleaved", "facing")
        for name in ("text/01-one", "text/02-two", "glossary")
    }
    assert pages(project) == main | both | {"index.html", "editions/both/index.html"}


def test_its_sounds_are_the_chapters(project: Path) -> None:
    build(project)
    for edition in ("", "both"):
        sounds = project / "build" / "web" / "editions" / edition if edition else project / "build" / "web"
        for name in ("01-one", "02-two", "glossary"):
            assert (sounds / "audio" / f"{name}.mp3").samefile(project / "audio" / edition / f"{name}.mp3")


def test_the_authors_images_are_copied_and_left_as_they_are(project: Path) -> None:
    cover = project / "book" / "cover.png"
    draw(cover)
    cover.chmod(0o400)
    config = project / "book" / "book.yaml"
    config.write_text(config.read_text() + "cover: cover.png\n")
    before = cover.stat()
    build(project)
    copy = project / "build" / "web" / "book" / "cover.png"
    assert copy.read_bytes() == cover.read_bytes()
    assert not copy.samefile(cover)
    assert (cover.stat().st_mode, cover.stat().st_nlink) == (before.st_mode, 1)


def test_an_edit_writes_the_pages_of_its_chapter_alone(project: Path) -> None:
    build(project)
    before = everything(project / "build" / "web")
    file = project / "book" / "ar" / "01-one.md"
    file.write_text(file.read_text().replace("المدينة", "القرية"))
    build(project)
    assert {name.rpartition("/")[2] for name in written(before, project)} == {"01-one.html"}
    assert "القرية" in (project / "build" / "web" / "facing" / "text" / "01-one.html").read_text()


def test_nothing_is_written_where_nothing_changed(project: Path) -> None:
    build(project)
    before = everything(project / "build" / "web")
    assert {chapter.why for chapter in build(project).chapters} == {"unchanged"}
    assert everything(project / "build" / "web") == before


def test_after_edits_the_folder_is_as_if_made_at_once(project: Path, tmp_path: Path) -> None:
    build(project)
    file = project / "book" / "ar" / "02-two.md"
    file.write_text("# الخاتمة\n\nجاء نص آخر.\n\nثم آخر.\n")
    (project / "book" / "en" / "02-two.md").write_text("# The End\n\nAnother text came.\n\nThen one more.\n")
    build(project)
    again = write_book(tmp_path / "again", {})
    for old in sorted((again / "book").rglob("*.md")):
        old.unlink()
    for path in (project / "book").rglob("*"):
        if path.is_file():
            (again / "book" / path.relative_to(project / "book")).parent.mkdir(parents=True, exist_ok=True)
            (again / "book" / path.relative_to(project / "book")).write_bytes(path.read_bytes())
    build(again)
    assert left(project) == left(again)


def test_pages_of_a_chapter_that_was_renamed_and_of_an_edition_that_is_no_more_go(project: Path) -> None:
    build(project)
    for lang in ("ar", "en"):
        (project / "book" / lang / "02-two.md").rename(project / "book" / lang / "03-three.md")
    file = project / "book" / "book.yaml"
    file.write_text(file.read_text().partition("editions:")[0])
    build(project)
    assert not any("02-two" in name or "editions" in name for name in pages(project))
    assert "sentences/text/03-three.html" in pages(project)


def test_a_build_without_it_leaves_it_and_the_next_with_it_brings_it_up_to_date(project: Path) -> None:
    build(project)
    before = everything(project / "build" / "web")
    file = project / "book" / "ar" / "01-one.md"
    file.write_text(file.read_text().replace("المدينة", "القرية"))
    build(project, web=False)
    assert everything(project / "build" / "web") == before
    build(project)
    assert {name.rpartition("/")[2] for name in written(before, project)} == {"01-one.html"}


def test_a_book_that_was_built_without_it_gets_it_and_nothing_is_spoken_again(
    project: Path, reader: Reader
) -> None:
    build(project, web=False)
    said = list(reader.said)
    assert pages(project) == set()
    build(project)
    assert "facing/text/01-one.html" in pages(project)
    assert reader.said == said


def test_a_page_that_the_store_lost_is_made_again(project: Path) -> None:
    build(project)
    whole = everything(project / "build" / "web").keys()
    store = Store(project / "build" / "store")
    for entry in store.root.rglob("*"):
        if entry.is_file() and b'<section role="doc-chapter"' in entry.read_bytes():
            entry.write_bytes(b"damaged")
    (project / "build" / "web" / "popup" / "text" / "01-one.html").unlink()
    build(project)
    assert everything(project / "build" / "web").keys() == whole


def test_it_is_whole_before_the_epub_is_written(project: Path) -> None:
    seen: list[tuple[bool, bool]] = []

    def published() -> None:
        page = project / "build" / "web" / "editions" / "both" / "facing" / "text" / "02-two.html"
        seen.append((page.exists(), any((project / "build").glob("*.epub"))))

    build_here(project, modified=TIME, web=True, published=published)
    assert seen == [(True, False)]


def test_an_edit_that_could_not_be_finished_and_is_taken_back_leaves_no_page(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(project)
    before = left(project)
    chapter = project / "book" / "en" / "01-one.md"
    text, write = chapter.read_text(), WebEdition.write
    chapter.write_text(text.replace("town", "the town"))

    def fail_in_the_second(edition: WebEdition, last: State) -> Mapping[str, str]:
        if edition.edition.name:
            raise OSError(28, "No space left on device", "page.html")
        return write(edition, last)

    with monkeypatch.context() as patched:
        patched.setattr(WebEdition, "write", fail_in_the_second)
        with pytest.raises(BookError, match="No space left"):
            build(project)
    assert left(project) != before
    chapter.write_text(text)
    build(project)
    assert left(project) == before
