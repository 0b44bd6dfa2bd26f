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

    sentence: OverlaySentence
    match: SentenceMatch
    audio: str
    """Where it was heard."""
    begin: float
    end: float
    words: tuple[float, ...]
    """The onset of each word, in seconds of `audio`."""
    envelopes: Mapping[str, SoundEnvelope]
    """Of all audio files."""
    is_first: bool
    """Whether nothing is read before it in its file."""

    @property
    def envelope(self) -> SoundEnvelope:
        """Of its own file."""
        return self.envelopes[self.sentence.first_clip.par.audio]

    @property
    def in_own_file(self) -> bool:
        """Whether it is heard in its own file."""
        return self.match.found and self.audio == self.sentence.first_clip.par.audio

    @property
    def fits(self) -> bool:
        """Whether it is heard where its clips are."""
        return self.in_own_file and all(abs(late) <= SENTENCE_TOLERANCE for _, _, late in self.clip_offsets())

    def clip_offsets(self) -> Iterator[tuple[int, OverlayClip, float]]:
        """(word, clip, seconds that the clip begins too late) for each clip that begins in it."""
        for word, clip in self.sentence.clip_starts:
            yield word, clip, clip.begin - self.words[word]


class WindowAligner:
    """Aligns the sentences of windows with their sound."""

    def __init__(
        self, aligner: ForcedAligner, sounds: Mapping[str, SoundEnvelope], firsts: set[OverlaySentence]
    ) -> None:
        """`sounds`: filled while it is listened; `firsts`: the first sentence of each file."""
        self._aligner, self._envelopes, self._firsts = aligner, sounds, firsts

    def align(self, window: AnalysisWindow) -> tuple[dict[OverlaySentence, LocatedSentence], list[AudioSpan]]:
        """What is heard of each sentence that is judged in the window, and besides.

        Where something is wrong in files that were heard together, each is heard by itself too: what is wrong
        with one should not be reported of another.
        """
        located, extras = self._align(window.excerpts)
        if len(window.excerpts) > 1 and not all(one.fits for one in located.values()):
            for part in window.excerpts:
                again, besides = self._align([part])
                if sum(one.fits for one in again.values()) >= sum(located[line].fits for line in again):
                    located |= again
                    extras = [extra for extra in extras if extra[0] != part.audio] + besides
        parts = {part.audio: part for part in window.excerpts}
        return {line: self._refine(one, parts) for line, one in located.items()}, extras

    def _align(
        self, parts: Sequence[AudioExcerpt]
    ) -> tuple[dict[OverlaySentence, LocatedSentence], list[AudioSpan]]:
        parts = [part for part in parts if part.pcm]
        expected = [both for part in parts for both in part.sentences]
        if not expected:
            return {}, []
        window = AnalysisWindow(list(parts))
        matches, extras = self._aligner.align(window.sound(), [line.expected for line, _ in expected])
        clock = window.sample_map()
        located: dict[OverlaySentence, LocatedSentence] = {}
        for (line, judged), one in zip(expected, matches, strict=True):
            if one is None or not judged:
                continue
            audio, begin = clock.locate(one.begin)
            words = tuple(begin + (word - one.begin) / SAMPLE_RATE for word in one.words)
            end = begin + (one.end - one.begin) / SAMPLE_RATE
            located[line] = LocatedSentence(
                line, one, audio, begin, end, words, self._envelopes, line in self._firsts
            )
        stretches = []
        for first, last in extras:
            audio, begin = clock.locate(first)
            end = begin + (last - first) / SAMPLE_RATE
            # What is like none of the sentences that are there for others' sake is reported with those.
            spans = [part.span for part in parts if part.audio == audio]
            if any(low <= (begin + end) / 2 < high for low, high in spans):
                stretches.append((audio, begin, end))
        return located, stretches

    def _refine(self, one: LocatedSentence, parts: Mapping[str, AudioExcerpt]) -> LocatedSentence:
        """The same, its words placed again from the first that does not fit, if the sentence itself does.

        A sentence that says the same again and again can be heard one repetition off.
        """
        off = next((word for word, _, late in one.clip_offsets() if abs(late) > WORD_TOLERANCE), 0)
        if not one.in_own_file or not off:
            return one
        expected = one.sentence.expected
        at = expected.words[off][0]
        rest = ExpectedSentence(
            expected.lang, expected.text[at:], tuple((a - at, b - at) for a, b in expected.words[off:])
        )
        begin = dict(one.sentence.clip_starts)[off].begin - _EDGE
        pieces = list(parts[one.audio].between(begin, max(one.end, one.sentence.last_clip.begin) + _EDGE))
        if not pieces:
            return one
        (match,), _ = self._aligner.align([pcm for _, pcm in pieces], [rest])
        if match is None or not match.found:
            return one
        words = tuple(pieces[0][0] + word / SAMPLE_RATE for word in match.words)
        again = replace(one, words=(*one.words[:off], *words))
        return again if _count_misplaced(again) < _count_misplaced(one) else one


def _count_misplaced(one: LocatedSentence) -> int:
    """How many of a sentence's clips do not begin with their words."""
    return sum(abs(late) > WORD_TOLERANCE for _, _, late in one.clip_offsets())
