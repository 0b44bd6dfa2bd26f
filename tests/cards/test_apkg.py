"""The file that Anki imports."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hakawati.cards.apkg import number, write
from hakawati.cards.fields import FIELDS
from hakawati.model import Card
from tests.cards.making import DECK, TIME, card, write_and_read


def test_every_card_is_a_note_with_a_card_each_way_in_the_order_given(tmp_path: Path) -> None:
    made = write_and_read(tmp_path, card("نص"), card("عنوان"))
    assert [note["fields"]["Term"] for note in made.notes] == ["نص", "عنوان"]
    places = [(c["nid"], c["ord"], c["due"]) for c in made.cards]
    first, second = (note["id"] for note in made.notes)
    assert places == [(first, 0, 1), (first, 1, 1), (second, 0, 2), (second, 1, 2)]
    assert {c["did"] for c in made.cards} == {made.deck["id"]}
    assert (made.deck["name"], made.deck["desc"]) == ("كتاب", "كتاب<br>A &lt;Book&gt;")


def test_a_sound_is_in_the_file_once_under_a_name_made_of_the_book_and_its_content(tmp_path: Path) -> None:
    shared: dict[str, Any] = {"sentence": "هذا نص.", "sentence_sound": b"\xff\xf3 sentence"}
    made = write_and_read(
        tmp_path, card("نص", **shared, term_sound=b"\xff\xf3 1"), card("هذا", **shared, term_sound=b"")
    )
    one, sentence = (
        f"a-book-{hashlib.sha256(sound).hexdigest()[:16]}.mp3"
        for sound in (b"\xff\xf3 1", b"\xff\xf3 sentence")
    )
    assert made.media == {one: b"\xff\xf3 1", sentence: b"\xff\xf3 sentence"}
    assert [(note["fields"]["Term sound"], note["fields"]["Sentence sound"]) for note in made.notes] == [
        (f"[sound:{one}]", f"[sound:{sentence}]"),
        ("", f"[sound:{sentence}]"),
    ]


def test_a_later_version_of_a_book_updates_the_same_notes(tmp_path: Path) -> None:
    """What Anki's importer goes by: the note's guid, its note type, and that it was modified later."""
    first = write_and_read(tmp_path / "1", card("نص"), card("عنوان"))
    later = write_and_read(
        tmp_path / "2",
        card("جديد"),
        card("عنوان", meaning="heading", sentence="عنوان آخر.", term_sound=b"said anew"),
        card("نص"),
        deck=replace(DECK, name="كتاب آخر", slug="another"),
        modified=TIME + 60,
    )
    old, new = ({note["fields"]["Term"]: note for note in made.notes} for made in (first, later))
    assert {name: note["guid"] for name, note in new.items() if name in old} == {
        name: note["guid"] for name, note in old.items()
    }
    assert len({note["guid"] for note in new.values()}) == 3
    assert (later.note_type["id"], later.deck["id"]) == (first.note_type["id"], first.deck["id"])
    assert {note["mid"] for note in [*first.notes, *later.notes]} == {int(first.note_type["id"])}
    assert {note["mod"] for note in first.notes} | {first.note_type["mod"]} == {TIME}
    assert {note["mod"] for note in later.notes} | {later.note_type["mod"]} == {TIME + 60}
    changed = [name for name in FIELDS if old["عنوان"]["fields"][name] != new["عنوان"]["fields"][name]]
    expected = ["Translation", "Explanation", "Sentence", "Term sound", "Sentence sound"]
    assert changed == expected


def test_the_fields_of_the_notes_stay_whatever_languages_the_book_has(tmp_path: Path) -> None:
    plain, more = card(), card()
    more = replace(
        more, term=replace(more.term, translation={"en": "text", "fr": "texte"}, definition={"ar": "كلام"})
    )
    types = [write_and_read(tmp_path / str(n), one).note_type for n, one in enumerate((plain, more))]
    assert [[field["name"] for field in note_type["flds"]] for note_type in types] == [[*FIELDS], [*FIELDS]]
    assert types[0]["tmpls"] == types[1]["tmpls"]


def test_another_book_has_other_notes_another_note_type_and_another_deck(tmp_path: Path) -> None:
    here = write_and_read(tmp_path / "1", card())
    there = write_and_read(tmp_path / "2", card(), deck=replace(DECK, identifier="urn:uuid:2"))
    assert here.notes[0]["guid"] != there.notes[0]["guid"]
    assert len({here.note_type["id"], there.note_type["id"], here.deck["id"], there.deck["id"]}) == 4
    assert all(1 << 30 <= number(name, "deck") < 1 << 31 for name in ("", "urn:x", "كتاب"))


def test_a_title_does_not_divide_the_deck(tmp_path: Path) -> None:
    made = write_and_read(tmp_path, card(), deck=replace(DECK, name="One::Two"))
    assert (made.deck["name"], made.note_type["name"]) == ("One:Two", "Hakawati: One:Two")


@pytest.mark.parametrize("given", [{"en": "text"}, {}])
def test_a_term_without_translation_is_asked_for_by_its_definition(
    tmp_path: Path, given: dict[str, str]
) -> None:
    one = card()
    one = replace(one, term=replace(one.term, translation=given, definition={"ar": "كلام"}))
    assert [c["ord"] for c in write_and_read(tmp_path, one).cards] == [0, 1]


def test_the_same_cards_are_the_same_bytes_in_any_process_and_folder(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from hakawati.cards.apkg import write
from tests.cards.making import DECK, TIME, card
write(Path(sys.argv[1]), DECK, [card(name, sentence_sound=b"same") for name in ("نص", "عنوان", "شيء")], TIME)
"""
    (tmp_path / "elsewhere").mkdir()
    files = [tmp_path / "a.apkg", tmp_path / "elsewhere" / "b.apkg"]
    for seed, file in enumerate(files):
        environment = {"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": str(seed)}
        subprocess.run([sys.executable, "-c", code, str(file)], check=True, env=environment)
    one, other = (file.read_bytes() for file in files)
    assert one == other


def test_nothing_in_the_file_tells_when_or_where_it_was_made(tmp_path: Path) -> None:
    write_and_read(tmp_path, card())
    with zipfile.ZipFile(tmp_path / "book.apkg") as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["0", "1", "collection.anki2", "media"]
        for info in archive.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert (info.create_system, info.external_attr >> 16, info.extra) == (3, 0o644, b"")
            stored = info.filename.isdigit()
            assert info.compress_type == (zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)


def test_a_sound_that_cannot_be_read_is_not_left_out_silently(tmp_path: Path) -> None:
    def failing() -> Iterator[Card]:
        yield card()
        raise OSError("the chapter's audio is gone")

    with pytest.raises(OSError, match="gone"):
        write(tmp_path / "book.apkg", DECK, failing(), TIME)


def test_an_empty_deck_is_one_too(tmp_path: Path) -> None:
    made = write_and_read(tmp_path, modified=0)
    assert (made.notes, made.cards, made.media) == ([], [], {})
