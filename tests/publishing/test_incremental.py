"""An edit costs the edit, and what comes of it is what a build from nothing gives."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from hakawati.errors import BookError
from hakawati.model import Report
from hakawati.publishing import shelf as pipeline
from hakawati.source.folder import ChapterSource, Source
from tests.building import Reader, everything, left, report, unzipped, without_builds
from tests.goldens import TIME, build_here
from tests.support import draw, write_book

BOOK: dict[str, str | bytes] = {
    "book.yaml": "title: {en: A Book, ar: كتاب}\nlanguages: [en, ar]\ncover: images/cover.png\n"
    "narration: {glossary: false}\n",
    "en/01-one.md": "# The First\n\nA first sentence. A boat came to Paris.\n\nA last paragraph.",
    "ar/01-one.md": "# الأول\n\nجملة أولى. جاء قارب إلى باريس.\n\nفقرة أخيرة.",
    "en/02-two.md": "# The Second\n\nThere is an old book in the house. It rains on Paris.",
    "ar/02-two.md": "# الثاني\n\nفي البيت كتاب قديم. تمطر على باريس.",
    "en/03-three.md": "# The Third\n\nThis was the end of the story, or so they say.",
    "ar/03-three.md": "# الثالث\n\nنهاية.",
    "glossary.yaml": "- term: book\n  translation: {ar: كتاب}\n  definition: {en: Many pages.}\n",
}
ALL = 9
"""Sentences."""
AUDIO = {f"audio/{name}.mp3" for name in ("01-one", "02-two", "03-three")}
TIMINGS = {f"build/timings/{name}.json" for name in ("01-one", "02-two", "03-three")}
EPUB = "build/a-book.epub/EPUB"
PAGES = {f"{EPUB}/text/{name}.xhtml" for name in ("01-one", "02-two", "03-three")}
OVERLAYS = {f"{EPUB}/overlay/{name}.smil" for name in ("01-one", "02-two", "03-three")}
BOUND = {f"{EPUB}/{name}" for name in AUDIO}
PACKAGE = {f"{EPUB}/content.opf"}
CARDS = {"build/a-book.apkg"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    draw(tmp_path / "project" / "book" / "images" / "cover.png")
    return write_book(tmp_path / "project", dict(BOOK))


def build(project: Path) -> Report:
    return build_here(project, modified=TIME)


def whys(project: Path) -> dict[str, str]:
    return {chapter["name"]: chapter["why"] for chapter in report(project)["chapters"]}


def change(name: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(book: Path) -> None:
        before = (book / name).read_text()
        assert old in before
        (book / name).write_text(before.replace(old, new))

    return edit


def write(name: str, text: str) -> Callable[[Path], None]:
    def edit(book: Path) -> None:
        (book / name).write_text(text)

    return edit


def rename(old: str, new: str) -> Callable[[Path], None]:
    def edit(book: Path) -> None:
        for lang in ("en", "ar"):
            (book / lang / f"{old}.md").rename(book / lang / f"{new}.md")

    return edit


def remove(name: str) -> Callable[[Path], None]:
    def edit(book: Path) -> None:
        for lang in ("en", "ar"):
            (book / lang / f"{name}.md").unlink()

    return edit


def both(*edits: Callable[[Path], None]) -> Callable[[Path], None]:
    def edit(book: Path) -> None:
        for one in edits:
            one(book)

    return edit


def of(name: str, *folders: set[str]) -> set[str]:
    return {file for files in folders for file in files if name in file}


@dataclass(frozen=True)
class Edit:
    apply: Callable[[Path], None]
    said: tuple[str, ...] | int
    """The sentences that are spoken, in their order, or how many."""
    why: dict[str, str]
    """Of the chapters that are not as they were."""
    changed: set[str] | None = None
    """The files that are other ones afterwards, where that is worth telling."""


NOTHING = "read again, nothing to speak"
MADE = (AUDIO, TIMINGS, PAGES, OVERLAYS, BOUND, PACKAGE)
EVERY_CHAPTER = ("01-one", "02-two", "03-three")
EDITS = {
    "a word": Edit(
        change("en/02-two.md", "an old book", "an old and good book"),
        ("There is an old and good book in the house.",),
        {"02-two": "1 sentence: text changed"},
        of("02-two", *MADE) | PACKAGE | CARDS,  # the package holds the chapter's duration
    ),
    "a translation": Edit(
        change("ar/02-two.md", "قديم", "قديم جدا"),
        (),
        {"02-two": NOTHING},
        of("02-two", PAGES) | CARDS,
    ),
    "emphasis": Edit(
        change("en/03-three.md", "the end", "the *end*"),
        (),
        {"03-three": NOTHING},
        of("03-three", PAGES),
    ),
    "a pronunciation": Edit(
        write("pronunciation.yaml", "Paris: Paree\n"),
        ("A boat came to Paree.", "It rains on Paree."),
        {
            "01-one": "1 sentence: pronunciation of Paris",
            "02-two": "1 sentence: pronunciation of Paris",
            "03-three": NOTHING,
        },
    ),
    "a voice": Edit(
        change("book.yaml", "cover:", "voices: {en: {engine: espeak, rate: 200}}\ncover:"),
        ALL,
        {
            "01-one": "4 sentences: voice for en changed",
            "02-two": "3 sentences: voice for en changed",
            "03-three": "2 sentences: voice for en changed",
        },
    ),
    "the bit rate": Edit(
        change("book.yaml", "cover:", "audio: {bitrate: 48}\ncover:"),
        ALL,
        {
            "01-one": "4 sentences: audio settings changed",
            "02-two": "3 sentences: audio settings changed",
            "03-three": "2 sentences: audio settings changed",
        },
    ),
    "a pause between phrases": Edit(
        change("book.yaml", "glossary:", "pauses: {phrase: 300}, glossary:"),
        ("This was the end of the story, or so they say.",),
        {"01-one": NOTHING, "02-two": NOTHING, "03-three": "1 sentence: phrase pause changed"},
        (of("03-three", *MADE) | PACKAGE) - PAGES,
    ),
    "a pause between paragraphs": Edit(
        change("book.yaml", "glossary:", "pauses: {paragraph: 3000}, glossary:"),
        (),
        dict.fromkeys(EVERY_CHAPTER, NOTHING),
    ),
    "a new chapter": Edit(
        both(write("en/04-four.md", "# The Fourth\n\nMore."), write("ar/04-four.md", "# الرابع\n\nمزيد.")),
        ("The Fourth", "More."),
        {**dict.fromkeys(EVERY_CHAPTER, NOTHING), "04-four": "2 sentences: text changed"},
    ),
    "a chapter less": Edit(remove("02-two"), (), dict.fromkeys(("01-one", "03-three"), NOTHING)),
    "a chapter's name": Edit(
        rename("02-two", "02-other"), (), dict.fromkeys(("01-one", "02-other", "03-three"), NOTHING)
    ),
    "a chapter's place": Edit(
        rename("03-three", "00-three"), (), dict.fromkeys(("00-three", "01-one", "02-two"), NOTHING)
    ),
    "a sentence in another chapter": Edit(
        both(
            change("en/01-one.md", "\n\nA last paragraph.", ""),
            change("ar/01-one.md", "\n\nفقرة أخيرة.", ""),
            change("en/03-three.md", "say.", "say.\n\nA last paragraph."),
            change("ar/03-three.md", "نهاية.", "نهاية.\n\nفقرة أخيرة."),
        ),
        (),
        {"01-one": NOTHING, "03-three": NOTHING},
        of("01-one", *MADE) | of("03-three", *MADE) | PACKAGE,
    ),
    "the glossary": Edit(
        change("glossary.yaml", "Many pages", "A great many pages"),
        (),
        dict.fromkeys(EVERY_CHAPTER, NOTHING),
        {f"{EPUB}/glossary.xhtml"} | CARDS,
    ),
    "a term's root and transliteration": Edit(
        change("glossary.yaml", "  definition", "  root: ك ت ب\n  transliteration: buk\n  definition"),
        (),
        dict.fromkeys(EVERY_CHAPTER, NOTHING),
        {f"{EPUB}/glossary.xhtml"} | CARDS,
    ),
    "the cover": Edit(
        lambda book: draw(book / "images" / "cover.png", size=(8, 6)),
        (),
        dict.fromkeys(EVERY_CHAPTER, NOTHING),
    ),
    "what lights up": Edit(
        change("book.yaml", "cover:", "sync: word\ncover:"),
        (),
        dict.fromkeys(EVERY_CHAPTER, NOTHING),
        PAGES | OVERLAYS | PACKAGE,  # whose summary says how finely
    ),
    "the title": Edit(change("book.yaml", "A Book", "The Book"), (), dict.fromkeys(EVERY_CHAPTER, NOTHING)),
    "the time of a file": Edit(lambda book: (book / "en" / "01-one.md").touch(), (), {}, set()),
    "nothing": Edit(lambda _: None, (), {}, set()),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_costs_the_edit_and_gives_what_a_clean_build_gives(
    edit: Edit, project: Path, reader: Reader, tmp_path: Path
) -> None:
    build(project)
    assert len(reader.said) == ALL
    before = left(project)
    reader.said.clear()
    edit.apply(project / "book")

    untouched = everything(project)
    (foretold,) = pipeline.build_all([project], replace(options(), dry_run=True))
    assert foretold.report is not None
    assert everything(project) == untouched
    assert reader.said == []

    done = build(project)
    assert (reader.said if isinstance(edit.said, tuple) else len(reader.said)) == (
        list(edit.said) if isinstance(edit.said, tuple) else edit.said
    )
    assert {c.name: c.why for c in done.chapters if c.why != "unchanged"} == edit.why
    assert whys(project) == {c.name: c.why for c in done.chapters} or not edit.why
    assert [(c.name, c.clips_made, c.clips_reused, c.why) for c in foretold.report.chapters] == [
        (c.name, c.clips_made, c.clips_reused, c.why) for c in done.chapters
    ]
    after = left(project)
    if edit.changed is not None:
        old, new = unzipped(before, tmp_path / "old"), unzipped(after, tmp_path / "new")
        assert {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)} == edit.changed
    clean = without_builds(project, tmp_path / "clean")
    build(clean)
    assert after == left(clean)


def options() -> pipeline.BuildOptions:
    return pipeline.BuildOptions(workers=1, modified=TIME)


@pytest.mark.parametrize("name", [name for name in EDITS if name not in ("nothing", "the time of a file")])
def test_an_edit_taken_back_speaks_nothing_and_gives_the_book_there_was(
    name: str, project: Path, reader: Reader
) -> None:
    build(project)
    before = left(project)
    whole = {file: file.read_bytes() for file in (project / "book").rglob("*") if file.is_file()}
    EDITS[name].apply(project / "book")
    build(project)
    reader.said.clear()
    for file in [file for file in (project / "book").rglob("*") if file.is_file()]:
        file.unlink()
    for file, data in whole.items():
        file.write_bytes(data)
    build(project)
    assert reader.said == []
    assert left(project) == before


def test_an_edit_leaves_every_other_chapters_files_unwritten(project: Path, reader: Reader) -> None:
    build(project)
    before = everything(project)
    EDITS["a word"].apply(project / "book")
    build(project)
    after = everything(project)
    same = [name for name in AUDIO | TIMINGS if before[name] == after[name]]
    assert sorted(same) == sorted((AUDIO | TIMINGS) - of("02-two", AUDIO, TIMINGS))


def test_a_build_with_nothing_to_do_writes_nothing(project: Path, reader: Reader) -> None:
    build(project)
    before = everything(project)
    build(project)
    assert everything(project) == before


def test_a_save_while_the_book_is_read_and_taken_back_afterwards_leaves_no_trace(
    project: Path, reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = project / "book" / "en" / "02-two.md"
    written, read = page.read_text(), Source.read
    saves = [written + "\n\nA sentence that is taken back."]

    def read_late(source: Source, name: str) -> ChapterSource:
        if saves:
            page.write_text(saves.pop())
        return read(source, name)

    monkeypatch.setattr(Source, "read", read_late)
    build(project)
    assert "A sentence that is taken back." in reader.said
    page.write_text(written)
    build(project)
    clean = without_builds(project, tmp_path / "clean")
    build(clean)
    assert left(project) == left(clean)


def test_a_book_that_never_stops_changing_is_a_problem(
    project: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, read = project / "book" / "en" / "02-two.md", Source.read

    def read_late(source: Source, name: str) -> ChapterSource:
        page.write_text(page.read_text() + " And on.")
        return read(source, name)

    monkeypatch.setattr(Source, "read", read_late)
    with pytest.raises(BookError) as caught:
        build(project)
    assert [(p.path, p.message) for p in caught.value.problems] == [("book", "it changes while it is read")]
    assert reader.said == []


@pytest.mark.parametrize("second", ["a pronunciation", "a voice", "a chapter's name", "the glossary"])
@pytest.mark.parametrize("first", ["a word", "a chapter less", "what lights up"])
def test_edits_one_after_another_and_at_once_give_the_same_book(
    first: str, second: str, project: Path, reader: Reader, tmp_path: Path
) -> None:
    if (first, second) == ("a chapter less", "a chapter's name"):
        second = "a new chapter"
    build(project)
    for name in (first, second):
        EDITS[name].apply(project / "book")
        build(project)
    clean = without_builds(project, tmp_path / "clean")
    build(clean)
    assert left(project) == left(clean)


def test_edits_in_any_order_without_builds_in_between_give_the_same_book(
    project: Path, reader: Reader, tmp_path: Path
) -> None:
    names = ("a word", "a translation", "a pause between phrases")
    found = []
    for number, order in enumerate(itertools.permutations(names)):
        copy = without_builds(project, tmp_path / str(number))
        build(copy)
        for name in order:
            EDITS[name].apply(copy / "book")
        build(copy)
        found.append(left(copy))
    assert all(book == found[0] for book in found)


def test_the_broadest_reason_is_told(project: Path, reader: Reader) -> None:
    build(project)
    EDITS["a word"].apply(project / "book")
    EDITS["a voice"].apply(project / "book")
    build(project)
    assert whys(project)["02-two"] == "3 sentences: voice for en changed"


def test_what_is_said_twice_is_spoken_once(project: Path, reader: Reader) -> None:
    build(project)
    reader.said.clear()
    change("en/01-one.md", "A last paragraph.", "It was so.")(project / "book")
    change("en/03-three.md", "This was the end of the story, or so they say.", "It was so.")(project / "book")
    build(project)
    assert reader.said == ["It was so."]
    assert whys(project) == {
        "01-one": "1 sentence: text changed",
        "02-two": "unchanged",
        "03-three": NOTHING,
    }


def test_a_first_build_was_never_spoken_before(project: Path, reader: Reader) -> None:
    build(project)
    assert set(whys(project).values()) == {
        "2 sentences: never spoken before",
        "3 sentences: never spoken before",
        "4 sentences: never spoken before",
    }


def test_clips_that_are_gone_are_spoken_again_and_the_book_stays_the_same(
    project: Path, reader: Reader
) -> None:
    build(project)
    before = left(project)
    reader.said.clear()
    for entry in (project / "build" / "store").glob("[0-9a-f][0-9a-f]/*"):
        entry.unlink()
    (project / "audio" / "03-three.mp3").unlink()
    build(project)
    assert left(project) == before
    assert len(reader.said) in (2, ALL)


def test_what_a_dry_run_of_a_new_book_says_is_what_is_done(project: Path, reader: Reader) -> None:
    before = everything(project)
    (foretold,) = pipeline.build_all([project], replace(options(), dry_run=True))
    assert foretold.report is not None
    assert everything(project) == before
    assert [path.name for path in project.iterdir()] == ["book"]
    done = build(project)
    assert [(c.name, c.clips_made, c.why) for c in foretold.report.chapters] == [
        (c.name, c.clips_made, c.why) for c in done.chapters
    ]
