from __future__ import annotations

from hakawati.model import Sentence, TimedSentence, Timeline, VowelCounts, Word, WordSpeech
from hakawati.narration.vowel_counts import vowel_counts


def timed(name: str, lang: str, *sure: float) -> TimedSentence:
    words = tuple(Word(n, n + 1) for n in range(len(sure)))
    sentence = Sentence(name, "ا" * len(sure), 1, words, ())
    said = tuple(WordSpeech("ا", one) for one in sure)
    return TimedSentence(sentence, "b1", lang, "ا", 0, 1, tuple(range(len(sure))), said=said)


def test_a_word_is_counted_by_how_sure_its_vowels_are() -> None:
    found = vowel_counts(Timeline((timed("s1", "ar", 1.0, 0.9, 0.2), timed("s2", "ar-EG", 0.5)), 1))
    assert found == VowelCounts(words=4, guesses=3, doubtful=2)


def test_a_sentence_that_is_repeated_is_counted_once_and_other_languages_are_not() -> None:
    found = vowel_counts(
        Timeline((timed("s1", "ar", 0.2), timed("s1", "ar", 0.2), timed("s2", "en", 0.2)), 1)
    )
    assert found == VowelCounts(words=1, guesses=1, doubtful=1)
