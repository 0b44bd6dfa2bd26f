"""A finished book's flash cards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import hakawati
from hakawati.cards.deck import occurrences
from hakawati.model import SAMPLE_RATE, Occurrence, Sentence, Text, TimedSentence, Timeline
from hakawati.narration.mp3 import FRAME_SAMPLES, frame_bytes
from hakawati.publishing.formats.flash_cards import FlashCardsFormat
from hakawati.source.spoken_glossary import SPOKEN
from tests.cards.making import Packed, packed
from tests.goldens import BOOKS, SEED, Built, Shelf, build_here
from tests.narration.hearing import Samples, decode, locate
from tests.support import write_book


def timelines(built: Built) -> dict[str, Timeline]:
    """By chapter, from the timings, which are rounded to milliseconds; without words."""
    chapters = {chapter.name: chapter for chapter in built.book.chapters}
    found = {}
    for told in built.timings():
        written = {}
        if told["chapter"] in chapters:
            texts = [*chapters[told["chapter"]].texts()]
            written = {sentence.id: (text, sentence) for text in texts for sentence in text.sentences}
        timed = []
        for sentence in told["sentences"]:
            unknown = Text("", "", "", ()), Sentence(sentence["id"], sentence["text"], 0, (), ())
            text, one = written.get(sentence["id"], unknown)
            begin, end = (round(sentence[key] * SAMPLE_RATE) for key in ("begin", "end"))
            timed.append(TimedSentence(one, text.id, text.lang, sentence["spoken"], begin, end, ()))
        found[told["chapter"]] = Timeline(tuple(timed), round(told["duration"] * SAMPLE_RATE))
    return found


def learned(built: Built, folder: Path) -> Packed:
    """The cards that the build left."""
    return packed(built.epub.with_suffix(".apkg"), folder)


def letters(text: str) -> str:
    return "".join(c for c in text if c.isalpha())


def sound(built: Built, name: str, timeline: Timeline) -> Samples:
    """What is heard of a chapter."""
    bitrate = built.book.edition.audio.bitrate
    data = (built.project / "audio" / f"{name}.mp3").read_bytes()
    return decode(data[-(timeline.duration // FRAME_SAMPLES * frame_bytes(bitrate)) :], bitrate)


@pytest.mark.parametrize("case", ["terms", SEED])
def test_a_card_sounds_like_its_sentence_in_the_chapter(shelf: Shelf, case: str, tmp_path: Path) -> None:
    made, lines = learned(shelf[case], tmp_path), timelines(shelf[case])
    sounds = {name: sound(shelf[case], name, line) for name, line in lines.items()}
    first: dict[str, Occurrence] = {}
    for use in (u for c in shelf[case].book.chapters for u in occurrences(c, lines.get(c.name))):
        first.setdefault(use.term, use)
    heard = [note for note in made.notes if note["fields"]["Sentence sound"]]
    names = [note["fields"]["Sentence sound"].removeprefix("[sound:").removesuffix("]") for note in heard]
    # Terms that stand in one sentence share its sound.
    sentences = dict(zip(names, first.values(), strict=True))
    assert len(sentences) == len({(use.chapter, use.heard_from) for use in first.values()})
    for name, use in sentences.items():
        cut = decode(made.media[name])
        earliest = max(0, use.heard_from - SAMPLE_RATE // 5)
        at, likeness = locate(sounds[use.chapter][earliest : use.heard_to], cut)
        assert likeness > 0.9999
        at += earliest
        assert 0 <= use.heard_from - at <= 0.17 * SAMPLE_RATE
        assert -SAMPLE_RATE <= at + len(cut) - use.heard_to <= 0


def test_a_card_says_its_term_as_the_glossary_does(shelf: Shelf, tmp_path: Path) -> None:
    built = shelf["terms"]
    made, line = learned(built, tmp_path), timelines(built)["glossary"]
    whole = sound(built, "glossary", line)
    for term in built.book.edition.glossary:
        (note,) = (n for n in made.notes if letters(n["fields"]["Term"]) == letters(term.say or term.term))
        cut = decode(made.media[note["fields"]["Term sound"].removeprefix("[sound:").removesuffix("]")])
        (timed,) = (t for t in line.sentences if t.sentence.id == f"{term.id}{SPOKEN}s1")
        at, likeness = locate(whole[max(0, timed.begin - SAMPLE_RATE // 5) : timed.end], cut)
        assert likeness > 0.9999
        assert 0 <= min(timed.begin, SAMPLE_RATE // 5) - at <= 0.17 * SAMPLE_RATE


def test_a_card_is_transliterated_as_the_glossary_is(shelf: Shelf, tmp_path: Path) -> None:
    made = learned(shelf[SEED], tmp_path)
    (note,) = (note for note in made.notes if note["fields"]["Term"] == "اِنْتِفَاضَة")
    assert (note["fields"]["Transliteration"], note["fields"]["Root"]) == ("intifāḍah", "ن ف ض")


def test_a_term_whose_vowels_the_author_did_not_write_has_those_that_are_spoken(tmp_path: Path) -> None:
    project = write_book(tmp_path / "project", {"glossary.yaml": "- term: نص\n  definition: {ar: كلام}\n"})
    build_here(project)
    (note,) = packed(project / "build" / "project.apkg", tmp_path).notes
    assert note["fields"]["Term"] != "نص"
    assert letters(note["fields"]["Term"]) == "نص"


def test_a_book_whose_author_wants_no_cards_any_more_has_none(tmp_path: Path) -> None:
    project = write_book(tmp_path / "project", {"glossary.yaml": "- term: نص\n  definition: {ar: كلام}\n"})
    build_here(project)
    assert [p.name for p in (project / "build").glob("*.apkg")] == ["project.apkg"]
    config = project / "book" / "book.yaml"
    config.write_text(config.read_text() + "cards: false\n")
    build_here(project)
    assert [*(project / "build").glob("*.apkg")] == []


def test_there_are_cards_where_the_author_wants_them_and_there_is_something_to_learn() -> None:
    edition = hakawati.load(BOOKS / "terms").edition
    assert FlashCardsFormat().is_wanted(edition)
    assert not FlashCardsFormat().is_wanted(replace(edition, cards=False))
    assert not FlashCardsFormat().is_wanted(replace(edition, glossary=()))
    bare = [replace(term, translation={}, definition={}) for term in edition.glossary]
    assert not FlashCardsFormat().is_wanted(replace(edition, glossary=tuple(bare)))
