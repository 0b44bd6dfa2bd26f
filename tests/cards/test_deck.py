"""What is on the cards."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

import hakawati
from hakawati.cards.deck import cards, deck, learnable, occurrences
from hakawati.epub.page import linked_terms
from hakawati.model import Book, Card, Chapter, Metadata, Occurrence, Term, TimedSentence, Timeline
from tests.goldens import BOOKS, CASES, ROOT
from tests.support import TWO_LANGUAGES, write_book


def found(book: Book) -> list[Occurrence]:
    return [occurrence for chapter in book.chapters for occurrence in occurrences(chapter, None)]


def made(book: Book, **instead: dict[str, str]) -> list[Card]:
    """Cards whose sounds say what they should be of."""
    return list(
        cards(
            book.edition.glossary,
            found(book),
            shown=instead.get("shown", {}),
            latin=instead.get("latin", {}),
            term_sound=lambda term: term.term.encode(),
            sentence_sound=lambda use: f"{use.chapter} {use.heard_from}".encode(),
        )
    )


@pytest.fixture(scope="module")
def terms() -> Book:
    return hakawati.load(BOOKS / "terms")


@pytest.mark.parametrize("project", [*(BOOKS / case for case in CASES), ROOT], ids=lambda path: path.name)
def test_a_chapters_occurrences_are_the_terms_that_its_page_links_to(project: Path) -> None:
    book = hakawati.load(project)
    for chapter in book.chapters:
        uses = occurrences(chapter, None)
        assert sorted(use.term for use in uses) == sorted(linked_terms(chapter))
        texts = [sentence.text for text in chapter.texts() for sentence in text.sentences]
        assert all(use.text in texts and use.text[use.begin : use.end].strip() for use in uses)


def test_an_occurrence_is_its_sentence_and_the_term_as_it_stands_there(terms: Book) -> None:
    first, *_ = occurrences(terms.chapters[1], None)
    assert (first.chapter, first.title, first.text) == (
        *("02-again", "من جديد", "للمقاومين قنابل المولوتوف."),
    )
    assert first.text[first.begin : first.end] == "للمقاومين"
    assert first.translations == {"en": "The resistants have Molotov cocktails."}
    assert (first.heard_from, first.heard_to) == (0, 0)


def test_an_occurrence_knows_when_its_sentence_is_heard(terms: Book) -> None:
    (chapter,) = terms.chapters[1:]
    sentences = [(text, sentence) for text in chapter.texts() for sentence in text.sentences]
    (title, heading), _, (text, sentence), _ = sentences
    timed = (
        TimedSentence(heading, title.id, title.lang, "", 0, 24_000, (0,)),
        TimedSentence(sentence, text.id, text.lang, "", 24_000, 96_000, (24_000,)),
    )
    heard = {(use.heard_from, use.heard_to) for use in occurrences(chapter, Timeline(timed, 96_000))}
    assert heard == {(24_000, 96_000)}
    silent = occurrences(chapter, Timeline(timed[:1], 24_000))
    assert {(use.heard_from, use.heard_to) for use in silent} == {(0, 0)}


@pytest.mark.parametrize(
    ("arabic", "english", "translation"),
    [
        ("هذا نص. وهذا شيء.", "This is a text. And this a thing.", "And this a thing."),
        ("هذا نص وهذا شيء.", "This is a text. And this a thing.", "This is a text. And this a thing."),
        (
            "هذا نص. وهذا شيء. وهنا.",
            "This is a text and this a thing. And here.",
            "This is a text and this a thing.",
        ),
        ("هذا نص. وهذا شيء.", None, None),
    ],
)
def test_a_translation_is_shown_where_it_is_known_which_sentence_it_is_of(
    tmp_path: Path, arabic: str, english: str | None, translation: str | None
) -> None:
    files: dict[str, str | bytes] = {
        "book.yaml": TWO_LANGUAGES,
        "glossary.yaml": "- term: شيء",
        "ar/01-one.md": f"# عنوان\n\n{arabic}\n",
    }
    if english:
        files["en/01-one.md"] = f"# Title\n\n{english}\n"
    (use,) = found(hakawati.load(write_book(tmp_path, files)))
    assert use.translations.get("en") == translation


@pytest.mark.parametrize("project", [BOOKS / "terms", ROOT], ids=lambda path: path.name)
def test_an_occurrence_survives_json(project: Path) -> None:
    uses = found(hakawati.load(project))
    again = json.loads(json.dumps([asdict(use) for use in uses], ensure_ascii=False))
    assert [Occurrence(**fields) for fields in again] == uses != []


def test_cards_come_in_the_books_order_and_what_the_book_does_not_use_comes_last(terms: Book) -> None:
    assert [(card.term.term, card.chapters) for card in made(terms)] == [
        ("قنابل المولوتوف", ("01-terms", "02-again")),
        ("المقاومون", ("01-terms", "02-again")),
        ("الجنود الألمان", ("01-terms",)),
        ("ليلة بيضاء، طويلة جدا، باردة هنا", ("01-terms",)),
        ("غير موجود", ()),
    ]


def test_a_card_shows_the_first_sentence_and_has_the_sounds_of_that_and_of_the_term(terms: Book) -> None:
    uses = [replace(use, heard_from=7, heard_to=9) for use in found(terms)]
    first, *_, last = cards(
        *(terms.edition.glossary, uses, {}, {}),
        term_sound=lambda term: term.term.encode(),
        sentence_sound=lambda use: f"{use.chapter} {use.heard_from}".encode(),
    )
    assert first.occurrence == uses[0]
    assert (first.term_sound.decode(), first.sentence_sound) == ("قنابل المولوتوف", b"01-terms 7")
    assert (last.occurrence, last.sentence_sound) == (None, b"")


def test_a_sentence_that_is_not_read_aloud_is_not_asked_for(terms: Book) -> None:
    assert {card.sentence_sound for card in made(terms)} == {b""}


def test_the_authors_vowels_come_before_any_other(tmp_path: Path) -> None:
    glossary = "".join(f"- {{term: {term}, translation: {{en: x}}{say}}}\n" for term, say in _SAYS.items())
    book = hakawati.load(write_book(tmp_path, {"book.yaml": TWO_LANGUAGES, "glossary.yaml": glossary}))
    ids = {term.term: term.id for term in book.edition.glossary}
    shown = {ids["نص"]: "غير هذا", ids["قصير"]: "قَصِيرٌ"}
    made_ = {
        card.term.term: (card.shown, card.transliteration)
        for card in made(book, shown=shown, latin={ids["قصير"]: "qaṣīr"})
    }
    assert made_ == {"نص": ("نَصّ", ""), "قصير": ("قَصِيرٌ", "qaṣīr"), "عنوان": ("عنوان", "")}


_SAYS = {"نص": ", say: نَصّ", "قصير": "", "عنوان": ""}


def test_a_term_without_an_answer_makes_no_card() -> None:
    book = hakawati.load(BOOKS / "glossary-only")
    assert [term.term for term in book.edition.glossary] == ["كتاب", "قلم", "ورقة", "حبر"]
    assert [term.term for term in learnable(book.edition.glossary)] == ["كتاب", "قلم", "ورقة"]
    assert [card.term.term for card in made(book)] == ["كتاب", "قلم", "ورقة"]


def test_sounds_are_asked_for_one_card_at_a_time(terms: Book) -> None:
    asked: list[str] = []

    def sound(term: Term) -> bytes:
        asked.append(term.term)
        return b""

    coming = cards(terms.edition.glossary, found(terms), {}, {}, sound, lambda _: b"")
    assert asked == []
    next(coming)
    assert asked == ["قنابل المولوتوف"]


def test_a_deck_says_what_book_it_is_of() -> None:
    meta = Metadata(
        {"ar": "كتاب", "en": "A Book"}, ("ar", "en"), "urn:x", "a-book", rights="©", authors=("A",)
    )
    made_ = deck(meta)
    assert (made_.identifier, made_.slug, made_.lang, made_.name) == ("urn:x", "a-book", "ar", "كتاب")
    assert made_.about == ("كتاب", "A Book", "A", "©")


def test_a_chapter_without_terms_has_no_occurrence() -> None:
    assert occurrences(Chapter("01", "chapter", ()), None) == ()
