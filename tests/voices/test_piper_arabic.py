"""Arabic as Piper is given it. What eSpeak reads of it is told here, so that nothing is loaded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.arabic.connected_speech import spoken_words
from hakawati.voices.piper_arabic import PiperReading, piper_reading
from tests.arabic.test_pronunciation import ALPHABET

READ = {
    "1944": "ʔalf tisʕ",
    "3.5": "θalaːθa χamsa",
    "Paris": "pˈaɹɪs",
    "de": "də",
    "Gaulle's": "ɡˈɔːlz",
    "م": "miːm",
}


def read(word: str) -> list[list[str]]:
    return [list(READ.get(word, "x"))]


def reading(text: str) -> PiperReading:
    return piper_reading(text, read, list)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("فِي الْبَيْتِ، نَعَمْ.", ["fi lbˈaiti, nˈaʕam."]),
        ("نَعَمْ! لَا؟ بَلَى…", ["nˈaʕam!", "lˈaː?", "bˈalaː, "]),
        ("قَالَ: «نَعَمْ»؛ (لَا) – بَلَى", ["qˈaːla: nˈaʕam; lˈaː; bˈalaː"]),
        ("نَعَمْ - لَا-بَلَى", ["nˈaʕam; lˈaː bˈalaː"]),
        ("عَامَ 1944، 3.5.", ["ʕˈaːma ʔalf tisʕ, θalaːθa χamsa."]),
        # foreign words in Arabic sounds, which are all that the voice has learnt
        ("زَارَ Paris. وَ de Gaulle's.", ["zˈaːra bˈaris.", "wa da ɣˈuːlz."]),
        ("حَرْف م", ["ħˈarf miːm"]),
        ("، … نَعَمْ.!؟.", ["nˈaʕam."]),
        ("", []),
        ("« – »", []),
    ],
)
def test_phonemes_and_pauses(text: str, sentences: list[str]) -> None:
    assert ["".join(sentence) for sentence in reading(text).sentences] == sentences


def test_each_word_is_tied_to_its_first_phoneme() -> None:
    text = "عَامَ 1944: الْبَيْتُ. زَارَ Paris"
    found = reading(text)
    phonemes = [p for sentence in found.sentences for p in sentence]
    assert [offset for offset, _ in found.heads] == [0, 6, 12, 23, 29]
    assert ["".join(phonemes[at : at + 3]) for _, at in found.heads] == ["ʕˈa", "ʔal", "ʔal", "zˈa", "bˈa"]


def test_a_word_of_which_the_voice_knows_no_sound_has_no_onset() -> None:
    found = piper_reading("نَعَمْ لَا", read, lambda word: [c for c in word if c in "laː"])
    assert found.sentences == [["a", "a", " ", "l", "a", "ː"]]
    assert len(found.heads) == 2
    assert piper_reading("نَعَمْ", read, lambda _: []).heads == []


@given(st.text(ALPHABET + " ،.-:«1a…", max_size=40))
def test_every_word_of_any_text_is_said_in_its_turn(text: str) -> None:
    found = reading(text)
    offsets = [offset for offset, _ in found.heads]
    assert offsets == sorted(set(offsets))
    assert {word.begin for word in spoken_words(text)} <= set(offsets)
    heads = [at for _, at in found.heads]
    assert heads == sorted(set(heads))
    assert not heads or heads[-1] < sum(map(len, found.sentences))
