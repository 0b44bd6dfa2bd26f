"""Arabic as eSpeak NG is given it: in phonemes, with the onset of every printed word."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from hakawati.arabic.phones import VERSION
from hakawati.narration.spoken_form import prepare, shadda_first
from hakawati.source.folder import read_book
from hakawati.voices.espeak import Espeak
from tests.arabic.words import IRREGULAR, JUDGED, UNVOWELLED, rows
from tests.goldens import ROOT

GAPS = (
    *(" ", " ", " ", " ", " ", "، ", " «", "» ", " (", ") ", ": ", " – ", " - ", ". ", "! ", "؟ "),
    *("؛ ", "… ", ' "', '" '),
)


def onsets(text: str) -> list[tuple[int, int]]:
    """(offset, sample) of each word that has an onset, the first where it has several."""
    found: dict[int, int] = {}
    for offset, sample in Espeak("ar").speak(text).onsets:
        begin = offset
        while begin and not text[begin - 1].isspace() and text[begin - 1] not in '«("':
            begin -= 1
        found.setdefault(begin, sample)
    return list(found.items())


@pytest.mark.parametrize("seed", range(10))
def test_every_word_has_its_onset_whatever_is_between_words(seed: int) -> None:
    chance = random.Random(seed)
    words = [word for table in (JUDGED, IRREGULAR, UNVOWELLED) for word, _ in rows(table)]
    chosen = chance.choices([*words, "1944", "٣٠", "Paris", "م"], k=200)
    text, begins = "", []
    for word in chosen:
        begins.append(len(text))
        text += word + chance.choice(GAPS)
    found = onsets(shadda_first(text))
    assert [begin for begin, _ in found] == begins
    assert all(a < b for (_, a), (_, b) in pairwise(found))


def test_every_word_of_a_long_text_without_a_stop_has_its_onset() -> None:
    words = [word for word, _ in rows(JUDGED)] * 6
    text = shadda_first(" ".join(words))
    assert len(onsets(text)) == len(words)


def test_every_word_of_the_book_has_its_onset_without_vowels_too() -> None:
    chapter = read_book(ROOT).chapters[0]
    said = 0
    for text in chapter.texts():
        for sentence in text.sentences if text.lang == "ar" else ():
            bare = prepare(sentence, text, "ar")
            offsets = [offset for offset, _ in Espeak("ar").speak(bare.text).onsets]
            heard = {i for i, w in enumerate(bare.words) for at in offsets if w.begin <= at < w.end}
            assert heard == set(range(len(bare.words))), bare.text
            said += len(heard)
    assert said > 300


def test_the_same_text_gives_the_same_bytes() -> None:
    text = " ".join(word for word, _ in rows(JUDGED))
    assert Espeak("ar").speak(text) == Espeak("ar").speak(text)


def test_a_clip_of_another_version_of_the_phones_is_not_reused() -> None:
    assert Espeak("ar").key.endswith(f"phones={VERSION}")
    assert Espeak("ar+f3").key.endswith(f"phones={VERSION}")
    assert "phones" not in Espeak("en-us").key


def test_brackets_in_another_language_are_read_as_text() -> None:
    assert Espeak("en-us").speak("[[h@l]]").pcm != Espeak("en-us").speak("hull").pcm
    assert len(Espeak("en-us").speak("see [[this note]] here").onsets) == 4
