"""Finished books in a real reader: foliate-js plays, turns and searches them, and shows their notes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

import pytest

from hakawati.epub.resource_paths import chapter_path
from hakawati.model import Chapter, Text, direction
from tests.epub.test_smil import overlays
from tests.goldens import SEED, Built, Shelf, Variant, xpath
from tests.readers.foliate import PHONE, Foliate, Opened, Part, foliate
from tests.readers.printed import one_line, printed

PLAYED = (
    Variant("one-word"),
    Variant("notes"),
    Variant("notes").but("narration.notes=end", "sync=sentence"),
    Variant("notes").but("narration.notes=inline"),
    Variant("left-to-right").but("sync=sentence"),
    Variant("headings").but("sync=paragraph"),
    Variant("lists"),
    Variant("links"),
    Variant("images").but("layout=original"),
    Variant("terms").but("sync=word"),
    Variant("vowelled").but("sync=word"),
    Variant("recorded"),
    Variant("silent-chapter"),
    Variant("three-languages"),
    Variant("three-languages").but("layout=sentences", "sync=sentence"),
    Variant("three-languages").but("layout=facing", "narration.order=chapter"),
    Variant("three-languages").but("layout=facing", "narration.pair=true"),
    Variant("terms").but("layout=popup"),
    Variant("terms").but("vowels=print", "sync=word"),
    Variant("verses"),
    Variant("dialogue"),
    Variant("tables"),
    Variant("questions"),
    Variant(SEED),
)
"""What is read aloud from beginning to end."""
TEXTS = (
    Variant("notes"),
    Variant("terms").but("sync=word"),
    Variant("vowelled").but("sync=word"),
    Variant("links"),
    Variant("lists"),
    Variant("quotes"),
    Variant("punctuation").but("sync=word"),
    Variant("markup"),
    Variant("three-languages"),
    Variant("verses"),
    Variant("dialogue"),
    Variant("tables"),
    Variant("questions"),
)
"""What is looked at page by page, copied and searched."""


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Foliate]:
    """Not for longer than this module: while Playwright runs, nothing else in its process may use asyncio."""
    with foliate(tmp_path_factory.mktemp("foliate")) as reader:
        yield reader


@pytest.fixture(scope="module", params=TEXTS, ids=str)
def opened(request: pytest.FixtureRequest, shelf: Shelf, reader: Foliate) -> Iterator[tuple[Built, Opened]]:
    """Each of `TEXTS` as it was built and in the reader, for several tests."""
    variant: Variant = request.param
    built = shelf[variant]
    with reader.open(built.epub) as opened:
        yield built, opened


def parts(built: Built) -> Iterator[Part]:
    """What the overlays say, in the spine's order."""
    for overlay in overlays(built):
        for par in overlay.pars():
            text = f"EPUB/{overlay.page_path}#{par.id}"
            yield Part(text, par.begin / 1000, par.end / 1000, overlay.audio_path)


def heard(built: Built) -> dict[str, list[tuple[float, str]]]:
    """The words that are read aloud, and when, in each document."""
    return {
        f"EPUB/{overlay.page_path}": [
            (word["begin"], word["text"]) for s in overlay.timings["sentences"] for word in s["words"]
        ]
        for overlay in overlays(built)
    }


@pytest.mark.parametrize("variant", PLAYED, ids=str)
def test_every_part_lights_up_in_its_turn_and_where_it_is_seen(
    variant: Variant, shelf: Shelf, reader: Foliate
) -> None:
    built = shelf[variant]
    wanted = list(parts(built))
    words = heard(built)
    with reader.open(built.epub) as opened:
        seen = opened.play(wanted)
    assert [lit.text for lit in seen] == [part.text for part in wanted]
    for part, lit in zip(wanted, seen, strict=True):
        assert part.begin <= lit.at + 0.001
        assert lit.at < part.end + 0.1
        assert lit.alone
        assert lit.background != "rgba(0, 0, 0, 0)"
        assert lit.box is not None
        left, top, width, height = lit.box
        assert left >= -1
        assert top >= -1
        assert left + width <= PHONE[0] + 1
        assert top + height <= PHONE[1] + 1
        at = 0
        said = [text for begin, text in words[_file(part.text)] if part.begin <= begin < part.end]
        assert said
        for word in said:
            at = lit.shown.index(word, at) + len(word)


def _file(reference: str) -> str:
    return reference.partition("#")[0]


@pytest.mark.parametrize(
    ("case", "forward", "back"),
    [("terms", "ArrowLeft", "ArrowRight"), ("left-to-right", "ArrowRight", "ArrowLeft")],
)
def test_the_arrow_to_where_the_script_runs_turns_forward_through_the_whole_book(
    case: str, forward: str, back: str, shelf: Shelf, reader: Foliate
) -> None:
    with reader.open(shelf[case].epub) as opened:
        places = [opened.place]
        while not opened.at_end:
            opened.press(forward)
            assert opened.place > places[-1]
            places.append(opened.place)
        assert [section for section, _ in groupby(places, key=lambda place: place[0])] == list(
            range(len(opened.sections))
        )
        opened.press(back)
        assert opened.place == places[-2]


def test_every_text_is_set_in_the_direction_of_its_language(opened: tuple[Built, Opened]) -> None:
    _, book = opened
    for path in book.sections:
        book.go(path)
        found = [pair.split() for pair in book.directions()]
        assert found
        assert found == [[lang, direction(lang)] for lang, _ in found]


def test_a_text_is_copied_and_told_to_a_screen_reader_as_the_author_wrote_it(
    opened: tuple[Built, Opened],
) -> None:
    built, book = opened
    for chapter in built.book.chapters:
        wanted = {text.id: printed(chapter, text) for text in _on_the_page(built, chapter)}
        book.go(f"EPUB/{chapter_path(chapter.name)}")
        copied = [one_line(text) for text in book.copied(list(wanted))]
        assert dict(zip(wanted, copied, strict=True)) == wanted
        spoken = book.spoken()
        assert {id_: one_line(spoken[id_]) for id_ in wanted} == wanted


def _on_the_page(built: Built, chapter: Chapter) -> list[Text]:
    """The texts that are shown, but notes, which this reader shows only when they are asked for."""
    page = built.xml(chapter_path(chapter.name))
    shown = {str(id_) for id_ in xpath(page, "//@id[not(ancestor::*[@epub:type='footnote'])]")}
    return [text for text in chapter.texts() if text.id in shown]


@pytest.mark.parametrize("variant", [Variant("notes"), Variant("terms"), Variant("links")], ids=str)
def test_a_reference_brings_up_its_note_in_its_own_language(
    variant: Variant, shelf: Shelf, reader: Foliate
) -> None:
    built = shelf[variant]
    with reader.open(built.epub) as opened:
        for chapter in built.book.chapters:
            path = chapter_path(chapter.name)
            notes = {note.id: note for note in chapter.notes}
            for reference in xpath(
                built.xml(path), "//h:a[@epub:type='noteref'][@id][not(ancestor::h:aside)]"
            ):
                id_, _, lang = reference.get("href").removeprefix("#").partition("-")
                lang = lang or built.book.edition.metadata.original
                texts = [t for block in notes[id_].blocks for t in block.texts if t.lang == lang]
                opened.go(f"EPUB/{path}")
                shown = opened.pop_up(reference.get("id"))
                wanted = " ".join(printed(chapter, text) for text in texts)
                assert one_line(shown.text) == f"{notes[id_].number} {wanted}"
                assert shown.directions == [f"{lang} {direction(lang)}"]
                assert _inside(shown.box)


@pytest.mark.parametrize("case", ["terms", "three-languages"])
def test_a_sentences_translation_pops_up_in_its_own_direction(
    case: str, shelf: Shelf, reader: Foliate
) -> None:
    built = shelf[Variant(case).but("layout=popup", "narration.languages=[ar]")]
    chapter = built.book.chapters[0]
    groups = [
        group
        for block in chapter.blocks
        for leaf in block.leaves()
        for group in leaf.passages("sentence", built.book.edition.languages)
        if len(group) > 1
    ]
    assert groups
    with reader.open(built.epub) as opened:
        for group in groups[:5]:
            opened.go(f"EPUB/{chapter_path(chapter.name)}")
            shown = opened.pop_up(f"{group[0].id}-t-ref")
            for passage in group[1:]:
                wanted = printed(chapter, replace(passage.text, sentences=passage.sentences))
                assert wanted in one_line(shown.text)
                assert f"{passage.text.lang} {direction(passage.text.lang)}" in shown.directions


def test_nothing_is_left_on_the_page_of_notes_that_this_reader_hides(shelf: Shelf, reader: Foliate) -> None:
    with reader.open(shelf["notes"].epub) as opened:
        opened.go("EPUB/text/02-more.xhtml")
        notes = opened.frame().locator("section.notes")
        assert notes.count() == 1
        assert notes.evaluate("section => section.getBoundingClientRect().height") == 0


def _inside(box: tuple[float, float, float, float] | None) -> bool:
    return box is not None and box[0] >= 0 and box[0] + box[2] <= PHONE[0] and 0 <= box[1] <= PHONE[1]


def test_a_term_brings_up_what_it_means(shelf: Shelf, reader: Foliate) -> None:
    built = shelf["terms"]
    terms = {term.id: term for term in built.book.edition.glossary}
    chapter = built.book.chapters[0]
    path = chapter_path(chapter.name)
    links = xpath(built.xml(path), "//h:a[@epub:type='glossref'][@id]")
    assert len(links) == 4
    with reader.open(built.epub) as opened:
        for link in links:
            opened.go(f"EPUB/{path}")
            shown = opened.pop_up(link.get("id"))
            term = terms[link.get("href").partition("#")[2]]
            assert shown.text.split("\n")[0] == (term.say or term.term)
            assert set(term.translation.values()) <= set(shown.text.split("\n"))
            assert shown.directions == ["ar rtl", "en ltr"]


def test_a_sentence_is_found_by_its_words_across_what_lights_up(opened: tuple[Built, Opened]) -> None:
    built, book = opened
    searched = 0
    for chapter in built.book.chapters:
        path = f"EPUB/{chapter_path(chapter.name)}"
        for text in _on_the_page(built, chapter):
            for sentence in text.sentences:
                if not any(mark.kind == "noteref" for mark in sentence.marks) and "\n" not in sentence.text:
                    assert (path, sentence.text) in book.search(sentence.text)
                    searched += 1
    assert searched


def test_a_vowelled_text_is_found_by_its_bare_letters(shelf: Shelf, reader: Foliate) -> None:
    built = shelf[Variant("vowelled").but("sync=word")]
    (chapter,) = built.book.chapters
    sentence = chapter.blocks[1].texts[0].sentences[0]
    bare = "حدث الحارث بن همام قال"
    with reader.open(built.epub) as opened:
        ((path, found),) = opened.search(bare)
    assert path == f"EPUB/{chapter_path(chapter.name)}"
    assert sentence.text.startswith(found)
    assert _without_marks(found) == bare != found


def _without_marks(text: str) -> str:
    return "".join(c for c in text if unicodedata.category(c) != "Mn")
