"""Anki itself imports what was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from anki.collection import Collection, ImportAnkiPackageRequest
from anki.consts import CARD_TYPE_REV, QUEUE_TYPE_REV
from anki.import_export_pb2 import ImportResponse
from anki.sound import SoundOrVideoTag

from hakawati.cards.apkg import write
from hakawati.model import Card, Deck
from tests.cards.making import DECK, TIME, card


class Anki:
    """A learner's collection."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.collection = Collection(str(folder / "collection.anki2"))

    def take(self, *cards: Card, deck: Deck = DECK, modified: int = TIME) -> ImportResponse.Log:
        """Import a deck of these cards, with the choices that Anki's dialogue offers first."""
        package = self.folder / "book.apkg"
        write(package, deck, cards, modified)
        presets = self.collection._backend.get_import_anki_package_presets()
        request = ImportAnkiPackageRequest(package_path=str(package), options=presets)
        return self.collection.import_anki_package(request).log

    def notes(self) -> dict[str, dict[str, str]]:
        """The fields of all notes, by term."""
        notes = [self.collection.get_note(id_) for id_ in self.collection.find_notes("")]
        return {note["Term"]: dict(note.items()) for note in notes}


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Anki]:
    made = Anki(tmp_path / "anki")
    yield made
    made.collection.close()


def test_a_deck_is_taken_whole(anki: Anki) -> None:
    log = anki.take(card("نص"), card("عنوان"))
    assert (len(log.new), log.found_notes) == (2, 2)
    assert anki.collection.card_count() == 4
    assert "كتاب" in [deck.name for deck in anki.collection.decks.all_names_and_ids()]
    media = anki.collection.media.check()
    assert ([*media.missing], [*media.unused]) == ([], [])
    assert len([*Path(anki.collection.media.dir()).iterdir()]) == 3
    assert anki.collection.fix_integrity() == ("Database rebuilt and optimized.", True)


def test_new_cards_come_in_the_books_order(anki: Anki) -> None:
    anki.take(card("نص"), card("عنوان"), card("جديد"))
    found = [anki.collection.get_card(id_) for id_ in anki.collection.find_cards("is:new", order="c.due")]
    assert list(dict.fromkeys(card.note()["Term"] for card in found)) == ["نص", "عنوان", "جديد"]
    assert len({card.due for card in found}) == 3


def test_the_same_deck_again_changes_nothing(anki: Anki) -> None:
    anki.take(card("نص"), card("عنوان"))
    before = anki.notes()
    log = anki.take(card("نص"), card("عنوان"))
    assert (len(log.new), len(log.updated), len(log.duplicate)) == (0, 0, 2)
    assert anki.notes() == before


def test_a_later_version_updates_and_adds_and_leaves_what_was_learned(anki: Anki) -> None:
    anki.take(card("نص"), card("عنوان"))
    (id_,) = anki.collection.find_cards("Term:عنوان card:1")
    learned = anki.collection.get_card(id_)
    learned.ivl, learned.reps, learned.due = 30, 7, 99
    learned.queue, learned.type = QUEUE_TYPE_REV, CARD_TYPE_REV
    anki.collection.update_card(learned)
    later = card("عنوان", meaning="heading", sentence="عنوان آخر.", term_sound=b"said anew")
    log = anki.take(card("جديد"), later, card("نص"), modified=TIME + 60)
    assert (len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting)) == (1, 2, 0, 0)
    notes = anki.notes()
    assert [*notes] == ["نص", "عنوان", "جديد"]
    assert "heading" in notes["عنوان"]["Translation"]
    assert notes["عنوان"]["Sentence"] == "<mark>عنوان</mark> آخر."
    assert [*anki.collection.media.check().missing] == []
    again = anki.collection.get_card(id_)
    assert (again.ivl, again.reps, again.due, again.note()["Term"]) == (30, 7, 99, "عنوان")


def test_a_version_in_another_language_more_still_updates(anki: Anki) -> None:
    one = card()
    anki.take(one)
    more = replace(one.term, translation={"en": "text", "fr": "texte"}, definition={"ar": "كلام"})
    log = anki.take(replace(one, term=more), deck=replace(DECK, name="كتاب آخر"), modified=TIME + 1)
    assert (len(log.new), len(log.updated), len(log.conflicting)) == (0, 1, 0)
    assert "texte" in anki.notes()["نص"]["Translation"]


def test_an_older_version_takes_nothing_back(anki: Anki) -> None:
    anki.take(card(meaning="new"), modified=TIME + 60)
    anki.take(card(meaning="old"), modified=TIME)
    assert "new" in anki.notes()["نص"]["Translation"]


def test_text_that_looks_like_ankis_own_marks_is_text(anki: Anki) -> None:
    text = r"[sound:x.mp3] [latex]\pi[/latex] [$]1[/$] \(x\) {{Term}} {{c1::x}} <b>نص</b> & «نص»"
    anki.take(card(sentence=text, sentence_sound=b"frames", term_sound=b""))
    (id_,) = anki.collection.find_cards("card:1")
    made = anki.collection.get_card(id_)
    (sound,) = made.answer_av_tags()
    assert isinstance(sound, SoundOrVideoTag)
    assert sound.filename.startswith("a-book-")
    assert "{{Term}} {{c1::x}} &lt;b&gt;<mark>نص</mark>&lt;/b&gt; &amp;" in made.answer()
    assert [*anki.collection.media.check().missing] == []


@pytest.mark.parametrize("modified", [0, 1, TIME])
def test_a_book_of_any_time_is_taken(anki: Anki, modified: int) -> None:
    log = anki.take(card("نص"), card("عنوان"), modified=modified)
    assert len(log.new) == 2
    assert anki.collection.fix_integrity() == ("Database rebuilt and optimized.", True)
