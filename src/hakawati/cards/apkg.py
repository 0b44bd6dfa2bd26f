"""Cards → an .apkg file, for Anki to import, reproducible byte for byte.

genanki makes the collection, a SQLite database. Its own writer needs each sound in a file and writes the
present time; this one takes sounds one by one, and gives every entry the same time.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from string import Template

import genanki

from hakawati.cards.fields import FIELDS, escape, fields, tags
from hakawati.common import zip_entries as zipped
from hakawati.model import Card, Deck, direction


def write(path: Path, deck: Deck, cards: Iterable[Card], modified: int) -> None:
    """Write the deck to `path`; the same arguments give the same bytes. Raises `OSError`.

    `cards`: in the order in which they are learnt, as `deck.cards` gives them; `modified`: seconds since the
    epoch. Anki replaces a note that it has only by one that was modified later.
    """
    note_type = _note_type(deck)
    made = genanki.Deck(number(deck.identifier, "deck"), _name(deck), _about(deck))
    made.add_model(note_type)
    with zipfile.ZipFile(path, "w") as archive:
        sounds = _MediaFiles(archive, deck.slug)
        for place, card in enumerate(cards, start=1):
            names = sounds.add(card.term_sound), sounds.add(card.sentence_sound)
            made.add_note(
                genanki.Note(
                    model=note_type,
                    fields=list(fields(card, deck.lang, *names)),
                    guid=genanki.guid_for(deck.identifier, card.term.id),
                    tags=tags(card, deck),
                    due=place,
                )
            )
        archive.writestr(zipped.entry("media", stored=False), json.dumps(sounds.names))
        archive.writestr(zipped.entry("collection.anki2", stored=False), _collection(made, modified))


def number(identifier: str, what: str) -> int:
    """Anki's id of the book's deck or note type, from 2^30 to 2^31 as genanki advises.

    `what`: `deck` or `note type`.
    """
    digest = hashlib.sha256(f"{what} {identifier}".encode()).digest()
    return (1 << 30) + int.from_bytes(digest[:4], "big") % (1 << 30)


def _note_type(deck: Deck) -> genanki.Model:
    here = files("hakawati.cards").joinpath("templates")

    def read(name: str) -> str:
        return here.joinpath(name).read_text(encoding="utf-8")

    def template(name: str) -> str:
        latin = f"{deck.lang.split('-', maxsplit=1)[0]}-Latn"
        return Template(read(name)).substitute(lang=deck.lang, dir=direction(deck.lang), latin=latin)

    back = template("back.html")
    return genanki.Model(
        number(deck.identifier, "note type"),
        f"Hakawati: {_name(deck)}",
        fields=[{"name": name, "rtl": _runs_left(name, deck)} for name in FIELDS],
        templates=[
            {"name": "Recognition", "qfmt": template("recognition.html"), "afmt": back},
            {"name": "Production", "qfmt": template("production.html"), "afmt": back},
        ],
        css=read("card.css"),
    )


def _runs_left(field: str, deck: Deck) -> bool:
    """Whether Anki's editor shows a field from right to left."""
    original = field in ("Term", "Definition", "Sentence", "Chapter")
    return field == "Root" or (original and direction(deck.lang) == "rtl")


def _name(deck: Deck) -> str:
    return deck.name.replace("::", ":")  # which would divide a deck from a deck inside it


def _about(deck: Deck) -> str:
    return "<br>".join(escape(line) for line in deck.about)


class _MediaFiles:
    """The media files in the archive, each once, under names of the book's own: Anki has one folder."""

    def __init__(self, archive: zipfile.ZipFile, slug: str) -> None:
        self.archive = archive
        self.slug = slug
        self.names: dict[str, str] = {}
        """By the names of the archive's entries, numbers."""
        self._known: set[str] = set()

    def add(self, sound: bytes) -> str:
        """The name that a note can use; empty for no sound."""
        if not sound:
            return ""
        name = f"{self.slug}-{hashlib.sha256(sound).hexdigest()[:16]}.mp3"
        if name not in self._known:
            self._known.add(name)
            entry = str(len(self.names))
            self.names[entry] = name
            self.archive.writestr(zipped.entry(entry, stored=True), sound)
        return name


def _collection(made: genanki.Deck, modified: int) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "collection.anki2"
        try:
            with closing(sqlite3.connect(file)) as connection:
                connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
                ids = itertools.count(modified * 1000 + 1)
                genanki.Package(made).write_to_db(connection.cursor(), modified, ids)
                connection.commit()
        except sqlite3.OperationalError as error:  # a disk that is full, a folder that cannot be written to
            raise OSError(f"the cards cannot be made in {folder}: {error}") from error
        return file.read_bytes()
