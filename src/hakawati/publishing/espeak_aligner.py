"""Where the sentences of a finished book are in its sound, found by eSpeak's voice.

As recordings are aligned: each sentence gets its vowels, eSpeak speaks it, and its sound is warped onto the
book's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hakawati.alignment import AlignedSentence, Reference, align
from hakawati.arabic.vowels import diacritize
from hakawati.check.forced_alignment import ExpectedSentence, SentenceMatch, SentenceRange
from hakawati.model import SAMPLE_RATE, Sentence, Speech, Text, Word
from hakawati.narration.spoken_form import SpokenForm, prepare, vocalise
from hakawati.narration.synthesis import word_onsets
from hakawati.source.sentences import split, words
from hakawati.voices.espeak import voice_for
from hakawati.voices.timing import reference_speech


class EspeakAligner:
    """The `ForcedAligner` of checks."""

    def split(self, text: str, lang: str) -> list[SentenceRange]:
        """The sentences of a text, as a book's own are found."""
        found = []
        for begin, end in split(text, lang):
            inside = tuple((word.begin, word.end) for word in words(text[begin:end]))
            if inside:
                found.append(SentenceRange(begin, end, inside))
        return found

    def supports(self, lang: str) -> bool:
        """Whether eSpeak speaks a language."""
        return voice_for(lang) is not None

    def align(
        self, sound: Iterable[bytes], expected: Sequence[ExpectedSentence]
    ) -> tuple[list[SentenceMatch | None], list[tuple[int, int]]]:
        """What is heard of each sentence; None where eSpeak says nothing. Raises `VoiceError`."""
        spoken_sentences: list[_ExpectedSpeech] = []

        def references() -> Iterator[Reference]:
            for n, sentence in enumerate(expected):
                spoken = _prepare(sentence.lang, sentence.text, sentence.words)
                found = reference_speech(spoken.text, sentence.voice or sentence.lang)
                if found is not None:
                    spoken_sentences.append(_ExpectedSpeech(n, spoken, found.offsets, found.seconds))
                    yield found.reference

        found = align(sound, SAMPLE_RATE, references())
        matches: list[SentenceMatch | None] = [None] * len(expected)
        for one, aligned in zip(spoken_sentences, found.sentences, strict=True):
            matches[one.number] = one.to_match(aligned)
        return matches, list(found.extras)


@dataclass(frozen=True, slots=True)
class _ExpectedSpeech:
    """A sentence as eSpeak said it."""

    number: int
    spoken: SpokenForm
    offsets: tuple[int, ...]
    seconds: float

    def to_match(self, aligned: AlignedSentence) -> SentenceMatch:
        onsets = [aligned.begin] * len(self.spoken.words)
        if aligned.found:
            marks = tuple(
                (offset, sample - aligned.begin)
                for offset, sample in zip(self.offsets, aligned.words, strict=True)
            )
            within = word_onsets(self.spoken, Speech(b"", SAMPLE_RATE, marks), aligned.end - aligned.begin)
            onsets = [aligned.begin + onset for onset in within]
        return SentenceMatch(
            aligned.begin,
            aligned.end,
            tuple(onsets),
            aligned.confidence,
            aligned.found,
            self.seconds,
            aligned.evidence,
        )


@lru_cache(maxsize=256)
def _prepare(lang: str, text: str, ranges: tuple[tuple[int, int], ...]) -> SpokenForm:
    """A sentence with its vowels; kept for a while, since it may be asked for again, in another voice."""
    sentence = Sentence("", text, 0, tuple(Word(begin, end) for begin, end in ranges), ())
    return vocalise(prepare(sentence, Text("", lang, "", (sentence,)), ""), diacritize)
