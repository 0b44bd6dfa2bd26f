"""A book's flash cards: its glossary, the sentences that use it, and how both sound."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from hakawati.cards import deck
from hakawati.model import Edition, Occurrence, Term
from hakawati.publishing.formats.base import BookContent, Format, Output
from hakawati.publishing.paths import EditionPaths


class FlashCardsFormat(Format):
    """`build/SLUG.apkg`, for Anki."""

    needs_sound = False
    in_build = ("apkg",)

    def is_wanted(self, edition: Edition) -> bool:
        """Where there is something to learn with cards, and the author wants it so."""
        return edition.cards and any(map(deck.is_learnable, edition.glossary))

    def book_paths(self, paths: EditionPaths, edition: Edition) -> Sequence[str]:
        """One file."""
        return [paths.book(edition.metadata.slug, "apkg")]

    def book_outputs(self, content: BookContent) -> Iterator[Output]:
        """One file."""
        (path,) = self.book_paths(content.paths, content.edition)
        yield path, lambda file: _write(file, content)


def _write(path: Path, content: BookContent) -> None:
    from hakawati.cards.apkg import write
    from hakawati.epub.xhtml import in_latin

    edition = content.edition
    terms = {one.term: one for part in content.parts for one in reversed(part.spoken_terms)}
    uses = [use for part in content.parts for use in part.occurrences]
    latin = {term.id: in_latin(term, edition.transliteration) for term in edition.glossary}
    shown = {id_: spoken.text for id_, spoken in terms.items()}
    durations = {part.page.name: part.page.duration for part in content.parts}
    # One for each, since each remembers the chapter that it was asked about last.
    term_excerpt, sentence_excerpt = (
        _Excerpts(durations, content.audio, edition.audio.bitrate) for _ in range(2)
    )

    def term_sound(term: Term) -> bytes:
        return term_excerpt(terms[term.id]) if term.id in terms else b""

    cards = deck.cards(edition.glossary, uses, shown, latin, term_sound, sentence_excerpt)
    write(path, deck.deck(edition.metadata), cards, content.modified)


class _Excerpts:
    """The sound of occurrences, cut out of their MP3s; one of these at a time is in memory."""

    def __init__(self, durations: Mapping[str, int], audio: Callable[[str], Path], bitrate: int) -> None:
        """`durations`: of the MP3s, by chapter, in samples; `audio`: where they are."""
        self.durations = durations
        self.audio = audio
        self.bitrate = bitrate
        self._name = ""
        self._frames = b""

    def __call__(self, use: Occurrence) -> bytes:
        from hakawati.narration.mp3 import FRAME_SAMPLES, excerpt, frame_bytes

        if use.chapter != self._name:
            length = self.durations[use.chapter] // FRAME_SAMPLES * frame_bytes(self.bitrate)
            # What is before the frames is the tag.
            self._frames = self.audio(use.chapter).read_bytes()[-length:]
            self._name = use.chapter
        return excerpt(self._frames, use.heard_from, use.heard_to, self.bitrate)
