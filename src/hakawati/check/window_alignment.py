"""A window's sound compared with its sentences; and again, closer, where it seems that they do not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hakawati.check.analysis_windows import AnalysisWindow, AudioExcerpt
from hakawati.check.forced_alignment import ExpectedSentence, ForcedAligner, SentenceMatch
from hakawati.check.overlay_sentences import OverlayClip, OverlaySentence
from hakawati.check.sound_envelope import SoundEnvelope
from hakawati.model import SAMPLE_RATE

SENTENCE_TOLERANCE, WORD_TOLERANCE = 0.2, 0.3
"""Seconds that a sentence may light up too early or late, and a part of one, which is placed less surely."""
_EDGE = 0.5
"""Seconds of sound before and after what is listened to closer."""
AudioSpan = tuple[str, float, float]
"""(audio, begin, end) of what is like no sentence, in seconds."""


@dataclass(frozen=True, slots=True)
class LocatedSentence:
    """A sentence as it was listened to."""

    line: OverlaySentence
    told: SentenceMatch
    audio: str
    """Where it was heard."""
    begin: float
    end: float
    words: tuple[float, ...]
    """The onset of each word, in seconds of `audio`."""
    sounds: Mapping[str, SoundEnvelope]
    """Of all audio files."""
    first: bool
    """Whether nothing is read before it in its file."""

    @property
    def sound(self) -> SoundEnvelope:
        """Of its own file."""
        return self.sounds[self.line.owner.cut.audio]

    @property
    def here(self) -> bool:
        """Whether it is heard in its own file."""
        return self.told.found and self.audio == self.line.owner.cut.audio

    @property
    def fits(self) -> bool:
        """Whether it is heard where its clips are."""
        return self.here and all(abs(late) <= SENTENCE_TOLERANCE for _, _, late in self.marks())

    def marks(self) -> Iterator[tuple[int, OverlayClip, float]]:
        """(word, clip, seconds that the clip begins too late) for each clip that begins in it."""
        for word, clip in self.line.marks:
            yield word, clip, clip.begin - self.words[word]


class WindowAligner:
    """Compares windows with what an ear hears in them."""

    def __init__(
        self, ear: ForcedAligner, sounds: Mapping[str, SoundEnvelope], firsts: set[OverlaySentence]
    ) -> None:
        """`sounds`: filled while it is listened; `firsts`: the first sentence of each file."""
        self._ear, self._sounds, self._firsts = ear, sounds, firsts

    def compare(
        self, window: AnalysisWindow
    ) -> tuple[dict[OverlaySentence, LocatedSentence], list[AudioSpan]]:
        """What is heard of each sentence that is judged in the window, and besides.

        Where something is wrong in files that were heard together, each is heard by itself too: what is wrong
        with one should not be told of another.
        """
        heard, extras = self._hear(window.parts)
        if len(window.parts) > 1 and not all(one.fits for one in heard.values()):
            for part in window.parts:
                again, besides = self._hear([part])
                if sum(one.fits for one in again.values()) >= sum(heard[line].fits for line in again):
                    heard |= again
                    extras = [extra for extra in extras if extra[0] != part.audio] + besides
        parts = {part.audio: part for part in window.parts}
        return {line: self._closer(one, parts) for line, one in heard.items()}, extras

    def _hear(
        self, parts: Sequence[AudioExcerpt]
    ) -> tuple[dict[OverlaySentence, LocatedSentence], list[AudioSpan]]:
        parts = [part for part in parts if part.pcm]
        asked = [both for part in parts for both in part.lines]
        if not asked:
            return {}, []
        window = AnalysisWindow(list(parts))
        told, extras = self._ear.hear(window.sound(), [line.asked for line, _ in asked])
        clock = window.clock()
        heard: dict[OverlaySentence, LocatedSentence] = {}
        for (line, judged), one in zip(asked, told, strict=True):
            if one is None or not judged:
                continue
            audio, begin = clock.at(one.begin)
            words = tuple(begin + (word - one.begin) / SAMPLE_RATE for word in one.words)
            end = begin + (one.end - one.begin) / SAMPLE_RATE
            heard[line] = LocatedSentence(
                line, one, audio, begin, end, words, self._sounds, line in self._firsts
            )
        stretches = []
        for first, last in extras:
            audio, begin = clock.at(first)
            end = begin + (last - first) / SAMPLE_RATE
            # What is like none of the sentences that are there for others' sake is told with those.
            spans = [part.span for part in parts if part.audio == audio]
            if any(low <= (begin + end) / 2 < high for low, high in spans):
                stretches.append((audio, begin, end))
        return heard, stretches

    def _closer(self, one: LocatedSentence, parts: Mapping[str, AudioExcerpt]) -> LocatedSentence:
        """The same, its words placed anew from the first that does not fit, if the sentence itself does.

        A sentence that says the same again and again can be heard one repetition off.
        """
        off = next((word for word, _, late in one.marks() if abs(late) > WORD_TOLERANCE), 0)
        if not one.here or not off:
            return one
        asked = one.line.asked
        at = asked.words[off][0]
        rest = ExpectedSentence(
            asked.lang, asked.text[at:], tuple((a - at, b - at) for a, b in asked.words[off:])
        )
        begin = dict(one.line.marks)[off].begin - _EDGE
        pieces = list(parts[one.audio].between(begin, max(one.end, one.line.last.begin) + _EDGE))
        if not pieces:
            return one
        (told,), _ = self._ear.hear([pcm for _, pcm in pieces], [rest])
        if told is None or not told.found:
            return one
        words = tuple(pieces[0][0] + word / SAMPLE_RATE for word in told.words)
        again = replace(one, words=(*one.words[:off], *words))
        return again if _count_misplaced(again) < _count_misplaced(one) else one


def _count_misplaced(one: LocatedSentence) -> int:
    """How many of a sentence's clips do not begin with their words."""
    return sum(abs(late) > WORD_TOLERANCE for _, _, late in one.marks())
