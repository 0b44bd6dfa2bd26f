"""The build from end to end: what it leaves, what it reuses, and what it never does."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import soundfile

import hakawati
from hakawati.common import checked_json
from hakawati.common.stamps import NEVER, stamp
from hakawati.errors import BookError
from hakawati.model import NoProgress, Place, Report, VoiceChoice
from hakawati.publishing import shelf as pipeline
from hakawati.publishing.outputs import Outputs
from hakawati.publishing.state import State
from tests.goldens import SEED, SYNCS, TIME, Shelf, Variant, build_here
from tests.support import write_book

CHAPTERS: Mapping[str, str | bytes] = {
    "book.yaml": "title: {ar: كتاب, en: A Book}\nlanguages: [ar, en]\n",
    "ar/01-one.md": "# الأول\n\nجملة أولى. جملة ثانية هنا.\n\nفقرة أخرى.",
    "en/01-one.md": "# The First\n\nA first sentence. A second one here.\n\nAnother paragraph.",
    "ar/02-two.md": "# الثاني\n\nفي البيت كتاب قديم.",
    "en/02-two.md": "# The Second\n\nThere is an old book in the house.",
    "ar/03-three.md": "# الثالث\n\nنهاية.",
    "en/03-three.md": "# The Third\n\nAn end.",
    "glossary.yaml": "- term: كتاب\n  translation: {en: book}\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_book(tmp_path / "project", dict(CHAPTERS))


@pytest.fixture
def store(shelf: Shelf) -> Path:
    """The clips that all golden books share: most of what is said here was said before."""
    return shelf.store


def made(project: Path) -> dict[str, bytes]:
    """Every file that a build leaves to be seen, but the store, and what holds times."""
    return {
        str(file.relative_to(project)): file.read_bytes()
        for folder in ("audio", "build")
        for file in sorted((project / folder).rglob("*"))
        if file.is_file() and "store" not in file.parts and file.name not in ("report.json", "state.json")
        if not file.name.startswith(".")
    }


def entries(epub: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(epub) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def timings(project: Path) -> Iterator[dict[str, Any]]:
    for file in sorted((project / "build" / "timings").glob("*.json")):
        yield json.loads(file.read_bytes())


class Heard:
    """A `Progress` that remembers."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, int]] = []
        self.steps = 0

    def stage(self, name: str, total: int) -> None:
        assert self.steps == sum(total for _, total in self.stages)
        self.stages.append((name, total))

    def advance(self, steps: int = 1) -> None:
        self.steps += steps


def test_leaves_the_book_its_audio_its_timings_and_a_report(project: Path, store: Path) -> None:
    build_here(project, store=store)
    assert sorted(made(project)) == [
        "audio/01-one.mp3",
        "audio/02-two.mp3",
        "audio/03-three.mp3",
        "audio/glossary.mp3",
        "build/a-book.apkg",
        "build/a-book.epub",
        "build/timings/01-one.json",
        "build/timings/02-two.json",
        "build/timings/03-three.json",
        "build/timings/glossary.json",
    ]
    assert (project / "build" / "report.json").is_file()
    assert (project / "build" / "state.json").is_file()


def test_writes_nothing_into_the_authors_folder(project: Path, store: Path) -> None:
    before = {
        p: (p.stat().st_mtime_ns, p.is_file() and p.read_bytes()) for p in (project / "book").rglob("*")
    }
    build_here(project, store=store)
    after = {p: (p.stat().st_mtime_ns, p.is_file() and p.read_bytes()) for p in (project / "book").rglob("*")}
    assert after == before


def test_two_builds_are_the_same_bytes(project: Path, store: Path) -> None:
    build_here(project, store=store)
    first = made(project)
    build_here(project, store=store)
    assert made(project) == first


def test_two_builds_with_empty_stores_and_real_workers_are_the_same_bytes(tmp_path: Path) -> None:
    found = []
    for name, workers in (("a", 1), ("b", 2)):
        project = write_book(tmp_path / name, dict(CHAPTERS))
        options = pipeline.BuildOptions(workers=workers, modified=TIME)
        report = hakawati.build(project, options)
        assert sum(chapter.clips_made for chapter in report.chapters) == 11
        assert (project / "build" / "store").is_dir()
        found.append(made(project))
    assert found[0] == found[1]


def test_the_date_of_the_book_is_that_of_its_newest_source(project: Path, store: Path) -> None:
    for file in (project / "book").rglob("*.*"):
        os.utime(file, (TIME, TIME))
    os.utime(project / "book" / "ar" / "02-two.md", (TIME + 86_400, TIME + 86_400))
    report = build_here(project, store=store)
    assert b">2023-11-15T22:13:20Z<" in entries(project / report.epub)["EPUB/content.opf"]


def test_a_given_date_takes_the_place_of_the_sources(project: Path, store: Path) -> None:
    report = build_here(project, store=store, modified=0)
    assert b">1970-01-01T00:00:00Z<" in entries(project / report.epub)["EPUB/content.opf"]


def test_an_edit_changes_its_own_chapter_and_speaks_one_sentence(project: Path, store: Path) -> None:
    report = build_here(project, store=store, modified=TIME)
    before = entries(project / report.epub)
    page = project / "book" / "ar" / "01-one.md"
    page.write_text(page.read_text().replace("جملة ثانية هنا", "جملة ثانية، لم تقل من قبل، هناك"))
    report = build_here(project, store=store, modified=TIME)
    after = entries(project / report.epub)
    assert [(c.name, c.clips_made) for c in report.chapters] == [
        ("01-one", 1),
        ("02-two", 0),
        ("03-three", 0),
        ("glossary", 0),
    ]
    assert list(after) == list(before)
    assert {name for name in after if after[name] != before[name]} == {
        "EPUB/content.opf",  # which holds the chapter's duration
        "EPUB/text/01-one.xhtml",
        "EPUB/overlay/01-one.smil",
        "EPUB/audio/01-one.mp3",
    }


def test_an_edit_of_a_translation_that_is_not_read_aloud_changes_one_page(project: Path, store: Path) -> None:
    report = build_here(project, store=store, modified=TIME)
    before = entries(project / report.epub)
    page = project / "book" / "en" / "02-two.md"
    page.write_text(page.read_text().replace("an old book", "a very old book"))
    report = build_here(project, store=store, modified=TIME)
    after = entries(project / report.epub)
    assert sum(chapter.clips_made for chapter in report.chapters) == 0
    assert {name for name in after if after[name] != before[name]} == {"EPUB/text/02-two.xhtml"}


def test_a_longer_pause_speaks_nothing_anew(project: Path, store: Path) -> None:
    build_here(project, store=store)
    shorter = [t["duration"] for t in timings(project)]
    config = project / "book" / "book.yaml"
    config.write_text(config.read_text() + "narration: {pauses: {sentence: 2000, paragraph: 2000}}\n")
    report = build_here(project, store=store)
    assert sum(chapter.clips_made for chapter in report.chapters) == 0
    assert all(a < b for a, b in zip(shorter, [t["duration"] for t in timings(project)], strict=True))


def test_what_was_made_for_a_chapter_that_is_gone_is_removed(project: Path, store: Path) -> None:
    build_here(project, store=store)
    mine = project / "audio" / "99-mine.mp3"
    mine.write_bytes(b"not made by a build")
    for lang in ("ar", "en"):
        (project / "book" / lang / "02-two.md").rename(project / "book" / lang / "02-other.md")
        (project / "book" / lang / "03-three.md").write_text("# …\n\n🙂")
    build_here(project, store=store)
    assert sorted(name for name in made(project) if not name.endswith(".epub")) == [
        "audio/01-one.mp3",
        "audio/02-other.mp3",
        "audio/99-mine.mp3",
        "audio/glossary.mp3",
        "build/a-book.apkg",
        "build/timings/01-one.json",
        "build/timings/02-other.json",
        "build/timings/glossary.json",
    ]


def test_a_book_under_a_new_title_replaces_the_one_under_the_old(project: Path, store: Path) -> None:
    build_here(project, store=store)
    config = project / "book" / "book.yaml"
    config.write_text(config.read_text().replace("A Book", "Another Book"))
    build_here(project, store=store)
    assert [p.name for p in (project / "build").glob("*.epub")] == ["another-book.epub"]


@pytest.mark.parametrize(
    "epub", ["book/book.yaml", "../outside.epub", "build/../book/x.epub", "/etc/hostname.epub", 7, None]
)
def test_a_report_and_a_list_that_were_tampered_with_remove_nothing_else(
    project: Path, store: Path, epub: object
) -> None:
    build_here(project, store=store, modified=TIME)
    outside = project.parent / "outside.epub"
    outside.write_bytes(b"")
    (project / "book" / "x.epub").write_bytes(b"")
    chapters = [{"name": name} for name in ("../book/ar/01-one", "../../outside")]
    (project / "build" / "report.json").write_text(json.dumps({"epub": epub, "chapters": chapters}))
    names = [str(epub), "", ".", "..", "audio", "audio/../../outside.epub", "book/ar/01-one.md"]
    tampered = Outputs.of(project)
    tampered.known |= dict.fromkeys(names, NEVER)
    tampered.whole = False
    tampered.mend()
    assert Outputs.of(project).known.keys() >= set(names)
    before = made(project)
    build_here(project, store=store, modified=TIME)
    assert made(project) == before
    assert outside.exists()
    assert (project / "book" / "x.epub").exists()
    assert (project / "book" / "book.yaml").exists()


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b'{"chapters": 3}'])
def test_a_report_that_makes_no_sense_is_replaced(project: Path, store: Path, content: bytes) -> None:
    build_here(project, store=store)
    report = project / "build" / "report.json"
    report.write_bytes(content)
    build_here(project, store=store)
    assert set(json.loads(report.read_bytes())) == {
        *("chapters", "notices", "epub", "seconds", "name", "editions")
    }


@pytest.mark.parametrize(
    "change",
    [
        {"pages": 3},
        {"pages": {"01-one": 7}},
        {"pages": ["01-one"]},
        {"settings": None},
        {"tools": 7},
        {"inputs": []},
        {"unknown": 1},
    ],
    ids=str,
)
def test_a_state_that_makes_no_sense_is_replaced(
    project: Path, store: Path, change: dict[str, object]
) -> None:
    build_here(project, store=store, modified=TIME)
    before = made(project)
    state = project / "build" / "state.json"
    sound = json.loads(state.read_bytes())["data"]
    state.write_bytes(checked_json.dumps("state of the edition ", sound | change))
    assert State.load(state) == State()
    (project / "book" / "en" / "03-three.md").write_text("# The Third\n\nThe very end.")
    build_here(project, store=store)
    assert set(json.loads(state.read_bytes())["data"]) == set(sound)
    (project / "book" / "en" / "03-three.md").write_text("# The Third\n\nAn end.")
    build_here(project, store=store, modified=TIME)
    assert made(project) == before


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("ar/02-two.md", "no title"),
        ("book.yaml", "title: {ar: كتاب}\nlanguages: [ar]\nvoices: {ar: {engine: nobody}}\n"),
        ("glossary.yaml", "x: y"),
    ],
)
def test_a_build_that_fails_leaves_all_that_was_there(
    project: Path, store: Path, file: str, content: str
) -> None:
    build_here(project, store=store)
    before = made(project)
    (project / "book" / file).write_text(content)
    with pytest.raises(BookError):
        build_here(project, store=store)
    assert made(project) == before


def test_a_full_disk_leaves_the_last_book(
    project: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = build_here(project, store=store)
    before = (project / report.epub).read_bytes()
    (project / "book" / "en" / "02-two.md").write_text("# The Second\n\nSomething else.")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zipfile.ZipFile.open", full)
    with pytest.raises(BookError, match="No space left") as raised:
        build_here(project, store=store)
    (problem,) = raised.value.problems
    assert problem.hint
    assert (project / report.epub).read_bytes() == before
    assert [*project.rglob("*.part")] == []


def test_the_report_says_what_was_done(project: Path, tmp_path: Path) -> None:
    first = build_here(project, store=tmp_path / "store")
    assert json.loads((project / "build" / "report.json").read_bytes()) == as_json(first)
    assert [(c.name, c.clips_made, c.clips_reused) for c in first.chapters] == [
        ("01-one", 4, 0),
        ("02-two", 2, 0),
        ("03-three", 2, 0),
        ("glossary", 3, 0),
    ]
    assert all(chapter.why for chapter in first.chapters)
    assert set(first.seconds) == {"read", "speak", "join", "bind"}
    assert first.epub == "build/a-book.epub"
    second = build_here(project, store=tmp_path / "store")
    assert [(c.clips_made, c.clips_reused) for c in second.chapters] == [(0, 4), (0, 2), (0, 2), (0, 3)]
    assert [c.duration for c in second.chapters] == [c.duration for c in first.chapters]


def as_json(report: Report) -> Any:
    from dataclasses import asdict

    return json.loads(json.dumps(asdict(report)))


def test_the_report_holds_what_is_worth_a_look(project: Path, store: Path) -> None:
    (project / "book" / "en" / "03-three.md").unlink()
    report = build_here(project, store=store)
    assert [notice.path for notice in report.notices] == ["book/ar/03-three.md"]
    (notice,) = json.loads((project / "build" / "report.json").read_bytes())["notices"]
    assert set(notice) == {"path", "line", "message", "hint"}


def test_progress_is_told_stage_by_stage_to_the_end(project: Path, tmp_path: Path) -> None:
    heard = Heard()
    pipeline.build(project, pipeline.BuildOptions(store=tmp_path / "store"), heard)
    assert heard.stages == [("Speaking", 11), ("Joining", 4), ("Binding", 1)]
    assert heard.steps == 16


NOTES = [Variant("notes"), *(Variant("notes").but(f"sync={sync}") for sync in SYNCS if sync != "phrase")]
VARIANTS = [Variant(SEED), *NOTES, Variant("phrases")]


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_timings_name_every_sentence_and_word_in_order(shelf: Shelf, variant: Variant) -> None:
    built = shelf[variant]
    book = built.book
    timed = {told["chapter"]: told for told in built.timings()}
    assert timed.pop("glossary", None) or not book.edition.glossary
    for chapter, told in zip(book.chapters, timed.values(), strict=True):
        assert set(told) == {"chapter", "audio", "duration", "sentences"}
        assert (told["chapter"], told["audio"]) == (chapter.name, f"audio/{chapter.name}.mp3")
        written = {s.id: (text.lang, s) for text in chapter.texts() for s in text.sentences}
        end = 0.0
        for sentence in told["sentences"]:
            assert set(sentence) == {"id", "lang", "text", "spoken", "begin", "end", "words"}
            lang, source = written[sentence["id"]]
            assert (sentence["lang"], sentence["text"]) == (lang, source.text)
            assert [w["text"] for w in sentence["words"]] == [
                source.text[w.begin : w.end] for w in source.words
            ]
            assert sentence["begin"] == sentence["words"][0]["begin"] == end
            for word in sentence["words"]:
                assert set(word) == {"text", "spoken", "sure", "begin", "end"}
                assert word["spoken"] in sentence["spoken"]
                assert 0 <= word["sure"] <= 1
                assert word["begin"] == end
                assert word["end"] > word["begin"]
                end = word["end"]
            assert sentence["end"] == end
        assert end == told["duration"]


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_the_decoded_audio_is_as_long_as_the_timings_say(shelf: Shelf, variant: Variant) -> None:
    built = shelf[variant]
    for told in built.timings():
        samples, rate = soundfile.read(io.BytesIO((built.project / told["audio"]).read_bytes()))
        assert rate == 24_000
        assert round(len(samples) / rate, 3) == told["duration"]


def test_sync_changes_what_lights_up_and_not_what_is_heard(shelf: Shelf) -> None:
    found = [shelf[variant] for variant in NOTES]
    assert (
        len({tuple((b.project / "audio" / "01-notes.mp3").read_bytes() for b in [built]) for built in found})
        == 1
    )
    assert len({built.epub.read_bytes() for built in found}) == len(SYNCS)


def test_voices_can_be_chosen_for_one_build(project: Path, store: Path) -> None:
    build_here(project, store=store)
    before = made(project)
    other = VoiceChoice("espeak", {"voice": "ar", "pitch": 70}, Place("--voice", 0))
    report = build_here(project, store=store, voices={"ar": other})
    assert sum(chapter.clips_made for chapter in report.chapters) == 10  # all but the term's translation
    assert made(project)["audio/02-two.mp3"] != before["audio/02-two.mp3"]
    build_here(project, store=store)
    assert made(project) == before


@pytest.mark.parametrize(
    ("voice", "message"),
    [
        ("{engine: espaek}", "the voice for ar: there is no engine “espaek”; did you mean “espeak”?"),
        ("{engine: espeak, voice: arr}", "the voice for ar: espeak has no voice “arr”;"),
        ("{engine: espeak, tempo: 3}", "the voice for ar: espeak has no option “tempo”;"),
    ],
)
def test_a_voice_that_cannot_be_had_is_a_problem_with_its_line(
    project: Path, voice: str, message: str
) -> None:
    config = project / "book" / "book.yaml"
    config.write_text(config.read_text() + f"voices:\n  en: {{engine: espeak}}\n  ar: {voice}\n")
    with pytest.raises(BookError) as raised:
        build_here(project)
    (problem,) = raised.value.problems
    assert (problem.path, problem.line) == ("book/book.yaml", 5)
    assert problem.message.startswith(message)
    assert problem.hint


def test_a_language_without_a_voice_of_its_own_is_a_problem(tmp_path: Path) -> None:
    project = write_book(
        tmp_path, {"book.yaml": "title: X\nlanguages: [qqq]\n", "qqq/01.md": "# X", "ar/01.md": "# X"}
    )
    with pytest.raises(BookError, match="the voice for qqq: espeak has no voice “qqq”"):
        build_here(project)


def test_a_language_that_nobody_knows_can_borrow_a_voice(tmp_path: Path) -> None:
    config = "title: X\nlanguages: [qqq]\nvoices: {qqq: {engine: espeak, voice: eo}}\n"
    project = write_book(tmp_path, {"book.yaml": config, "qqq/01.md": "# Iks", "ar/01.md": "# X"})
    build_here(project)
    assert (project / "audio" / "01.mp3").is_file()


def test_a_damaged_clip_is_made_again(project: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    build_here(project, store=store)
    before = made(project)
    for n, entry in enumerate(p for p in store.rglob("*") if p.is_file()):
        data = entry.read_bytes()
        entry.write_bytes([data[: len(data) // 2], b"", data[:-1] + b"x", b"\0" * 64][n % 4])
    build_here(project, store=store)
    assert made(project) == before


def test_an_mp3_that_rots_is_made_again_when_it_is_packed(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a disk that does not note the change, so that only its content says so.
    monkeypatch.setattr(
        "hakawati.publishing.outputs.stamp", lambda path: (s := stamp(path)) and s._replace(changed=0)
    )
    build_here(project)
    sound = (project / "audio" / "01-one.mp3").read_bytes()
    before = (project / "audio" / "01-one.mp3").stat()
    with (project / "audio" / "01-one.mp3").open("r+b") as file:
        file.write(b"rot")
    os.utime(project / "audio" / "01-one.mp3", ns=(before.st_atime_ns, before.st_mtime_ns))
    (project / "book" / "en" / "03-three.md").write_text("# The Third\n\nAnother end.")
    report = build_here(project)
    assert (project / "audio" / "01-one.mp3").read_bytes() == sound
    with zipfile.ZipFile(project / report.epub) as epub:
        assert epub.read("EPUB/audio/01-one.mp3") == sound


def test_a_store_that_keeps_nothing_ends_the_build_with_a_message(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hakawati.common.store.Store.get", lambda *_: None)
    with pytest.raises(BookError, match="does not keep what is put into it"):
        build_here(project, store=tmp_path / "store")


def test_a_sentence_that_cannot_be_spoken_stops_the_build_and_the_others_are_kept(
    project: Path, tmp_path: Path
) -> None:
    (project / "book" / "ar" / "03-three.md").write_text("# الثالث\n\nنهاية.\n\n---\n\n⁂ ֎א")
    (project / "book" / "en" / "03-three.md").unlink()
    store = tmp_path / "store"
    (project / "book" / "pronunciation.yaml").write_text("א: '...'\n")
    with pytest.raises(BookError) as raised:
        build_here(project, store=store)
    (problem,) = raised.value.problems
    assert (problem.path, problem.line) == ("book/ar/03-three.md", 7)
    assert problem.hint
    (project / "book" / "ar" / "03-three.md").write_text("# الثالث\n\nنهاية.")
    report = build_here(project, store=store)
    assert sum(chapter.clips_made for chapter in report.chapters) == 0


def test_a_store_can_be_shared_and_moved(project: Path, tmp_path: Path) -> None:
    build_here(project, store=tmp_path / "store")
    shutil.move(tmp_path / "store", tmp_path / "elsewhere")
    shutil.copytree(project / "book", tmp_path / "copy" / "book")
    report = build_here(tmp_path / "copy", store=tmp_path / "elsewhere")
    assert sum(chapter.clips_made for chapter in report.chapters) == 0
    assert not (tmp_path / "copy" / "build" / "store").exists()


def test_the_public_interface_is_build_and_load(project: Path, store: Path) -> None:
    assert hakawati.load(str(project)).edition.metadata.title["en"] == "A Book"
    assert hakawati.build is pipeline.build
    assert isinstance(build_here(project, store=store), Report)
    assert not hasattr(hakawati, "anything_else")
    NoProgress().stage("", 1)


def test_what_is_not_shown_cannot_be_read_aloud(project: Path, store: Path) -> None:
    config = project / "book" / "book.yaml"
    config.write_text(config.read_text() + "layout: original\nnarration: {languages: [ar, en]}\n")
    with pytest.raises(BookError, match="en is read aloud"):
        build_here(project, store=store)


def test_languages_are_read_in_the_order_of_the_page(project: Path, store: Path) -> None:
    config = project / "book" / "book.yaml"
    config.write_text(config.read_text() + "narration: {languages: [en, ar]}\n")
    build_here(project, store=store)
    assert [s["lang"] for s in next(timings(project))["sentences"]] == [
        "ar",
        "en",
        "ar",
        "ar",
        "en",
        "en",
        "ar",
        "en",
    ]


def test_a_language_code_that_is_malformed_is_a_problem(tmp_path: Path) -> None:
    config = "title: X\nlanguages: [en-us-us]\nvoices: {en-us-us: {engine: espeak, voice: en}}\n"
    project = write_book(tmp_path, {"book.yaml": config, "en-us-us/01.md": "# Iks", "ar/01.md": "# X"})
    with pytest.raises(BookError, match="no language code"):
        build_here(project)
