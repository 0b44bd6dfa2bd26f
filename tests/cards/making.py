"""Decks for the tests of this room, and what is in a package."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hakawati.cards.apkg import write
from hakawati.cards.fields import FIELDS
from hakawati.model import Card, Deck, Occurrence, Place, Term

DECK = Deck("urn:uuid:1", "a-book", "ar", "كتاب", ("كتاب", "A <Book>"))
TIME = 1_700_000_000


def card(name: str = "نص", meaning: str = "text", sentence: str = "هذا نص قصير.", **more: Any) -> Card:
    term = Term("term-" + name, name, (), {"en": meaning}, {"en": f"What {meaning} is."}, "", Place("g", 1))
    begin = max(0, sentence.find(name))
    use = Occurrence(term.id, "01-one", "عنوان", sentence, begin, begin + len(name), {"en": "A sentence."})
    sounds = {"term_sound": name.encode(), "sentence_sound": sentence.encode()}
    return Card(term, name, occurrence=use, chapters=("01-one",), **(sounds | more))


@dataclass(frozen=True)
class Packed:
    """What is in a package."""

    names: list[str]
    media: dict[str, bytes]
    """By the names that the notes use."""
    deck: dict[str, Any]
    note_type: dict[str, Any]
    notes: list[dict[str, Any]]
    """The columns of the database, and the fields by name."""
    cards: list[dict[str, Any]]


def packed(path: Path, scratch: Path) -> Packed:
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        media = {name: archive.read(entry) for entry, name in json.loads(archive.read("media")).items()}
        scratch.mkdir(exist_ok=True)
        file = archive.extract("collection.anki2", scratch)
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        (col,) = connection.execute("SELECT decks, models FROM col")
        notes = [dict(row) for row in connection.execute("SELECT * FROM notes ORDER BY id")]
        cards = [dict(row) for row in connection.execute("SELECT * FROM cards ORDER BY id")]
    (note_type,) = json.loads(col["models"]).values()
    (deck,) = (deck for id_, deck in json.loads(col["decks"]).items() if id_ != "1")
    for note in notes:
        note["fields"] = dict(zip(FIELDS, note["flds"].split("\x1f"), strict=True))
    return Packed(names, media, deck, note_type, notes, cards)


def write_and_read(folder: Path, *cards: Card, deck: Deck = DECK, modified: int = TIME) -> Packed:
    folder.mkdir(exist_ok=True)
    write(folder / "book.apkg", deck, cards, modified)
    return packed(folder / "book.apkg", folder / "scratch")
