"""A book's flash cards: its glossary, the sentences that use it, and how both sound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from hakawati.cards import deck
from hakawati.model import Chapter, Edition, Occurrence, Term, Timeline
from hakawati.narration.printed import fitted
from hakawati.source.spoken_glossary import GLOSSARY, SPOKEN


def has_cards(edition: Edition) -> bool:
    """Whether there is something to learn with cards, and the author wants it so."""
    return edition.cards and bool(deck.learnable(edition.glossary))


def occurrences(chapter: Chapter, timeline: Timeline | None) -> tuple[Occurrence, ...]:
    """The sentences in which a chapter uses terms; of the glossary, the terms, as they are spoken."""
    if chapter.role != GLOSSARY:
        return deck.occurrences(chapter, timeline)
    return tuple(
        Occurrence(
            term=timed.within.removesuffix(SPOKEN),
            chapter=chapter.name,
            title=chapter.title(),
            text=fitted(timed.sentence.text, timed.spoken),
            begin=0,
            end=0,
            translations={},
            heard_from=timed.begin,
            heard_to=timed.end,
        )
        for timed in (timeline.sentences if timeline else ())
        if timed.within.endswith(SPOKEN)
    )


def write_cards(
    path: Path,
    edition: Edition,
    found: Iterable[Occurrence],
    *,
    durations: Mapping[str, int],
    audio: Callable[[str], Path],
    modified: int,
) -> None:
    """Write the cards of a book whose chapters are finished. Raises `OSError`.

    `found`: of all chapters, in their order, and of the glossary; `durations`: of what is read aloud, by
    name, in samples; `audio`: where an MP3 of that name is; `modified`: seconds since the epoch.
    """
    from hakawati.cards.package import write
    from hakawati.epub.xhtml import in_latin

    uses: list[Occurrence] = []
    spoken: dict[str, Occurrence] = {}
    for occurrence in found:
        if occurrence.chapter == GLOSSARY:
            spoken.setdefault(occurrence.term, occurrence)
        else:
            uses.append(occurrence)
    latin = {term.id: in_latin(term, edition.transliteration) for term in edition.glossary}
    shown = {id_: occurrence.text for id_, occurrence in spoken.items()}
    terms, sentences = (_Sounds(durations, audio, edition.audio.bitrate) for _ in range(2))

    def term_sound(term: Term) -> bytes:
        return terms(spoken[term.id]) if term.id in spoken else b""

    made = deck.cards(edition.glossary, uses, shown, latin, term_sound, sentences)
    write(path, deck.deck(edition.metadata), made, modified)


class _Sounds:
    """What is heard of occurrences, cut out of their MP3s; one of these at a time is in memory."""

    def __init__(self, durations: Mapping[str, int], audio: Callable[[str], Path], bitrate: int) -> None:
        self.durations = durations
        self.audio = audio
        self.bitrate = bitrate
        self._name = ""
        self._stream = b""

    def __call__(self, use: Occurrence) -> bytes:
        from hakawati.narration.mp3 import FRAME_SAMPLES, excerpt, frame_bytes

        if use.chapter != self._name:
            length = self.durations[use.chapter] // FRAME_SAMPLES * frame_bytes(self.bitrate)
            # What stands before the frames is the tag.
            self._stream = self.audio(use.chapter).read_bytes()[-length:]
            self._name = use.chapter
        return excerpt(self._stream, use.heard_from, use.heard_to, self.bitrate)
