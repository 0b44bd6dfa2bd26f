"""Clips joined into a chapter, and the time of each sentence and word in it, to the sample."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from hakawati.model import SAMPLE_RATE, Clip, Levels, SpokenSentence, TimedSentence, Timeline
from hakawati.narration.chapter_levels import ChapterLevels
from hakawati.narration.mp3 import FRAME_SAMPLES, LEAD_IN, frames, silence
from hakawati.narration.reading_order import Cue


@dataclass(frozen=True, slots=True)
class PlacedClip:
    """A clip in its chapter: the frames that are joined for it, and when its sentences are heard."""

    stream: bytes
    """The clip's frames and the silent ones after it."""
    start: int
    """Where its sound begins, in samples of the chapter."""
    sentences: tuple[SpokenSentence, ...]
    """The clip's, their onsets in samples of the chapter."""


class Joiner:
    """Lays clips end to end; remembers only how far it has come, and how loud that was."""

    def __init__(self, bitrate: int) -> None:
        self.bitrate = bitrate
        self.frames = 0
        self._levelling = ChapterLevels()

    @property
    def seconds(self) -> float:
        """How long the chapter is by now."""
        return self.frames * FRAME_SAMPLES / SAMPLE_RATE

    def levels(self) -> Levels | None:
        """How loud the chapter is by now; None while there is no sound."""
        return self._levelling.levels()

    def place(self, clip: Clip, pause: int, repeat: float = 0.0) -> PlacedClip:
        """Append a clip and `pause` ms of silence between the end of its speech and the next one's start.

        Exact to half a frame, 12 ms; never shorter than the encoder's own lead-in and run-out, nor than
        `repeat` times the clip.
        """
        start = self.frames * FRAME_SAMPLES + LEAD_IN
        count = frames(clip.frames, self.bitrate)
        run_out = count * FRAME_SAMPLES - LEAD_IN - clip.samples
        missing = max(pause * SAMPLE_RATE // 1000, round(repeat * clip.samples)) - run_out - LEAD_IN
        silent = max(0, round(missing / FRAME_SAMPLES))
        self.frames += count + silent
        self._levelling.add(clip.loudness, count, silent)
        said = tuple(replace(said, onsets=tuple(start + o for o in said.onsets)) for said in clip.sentences)
        return PlacedClip(clip.frames + silence(self.bitrate) * silent, start, said)


def timeline(cues: Iterable[Cue], said: Iterable[SpokenSentence], total: int) -> Timeline:
    """The timeline of a chapter of `total` frames.

    Each sentence begins at its first word's onset and ends where the next begins; the first begins at 0. One
    that a reader left out has no part in it.
    """
    duration = total * FRAME_SAMPLES
    rows = [(cue, told) for cue, told in zip(cues, said, strict=True) if told.onsets]
    begins = [0, *(told.onsets[0] for _, told in rows[1:])]
    ends = [*begins[1:], duration]
    return Timeline(tuple(_timed(rows, begins, ends)), duration)


def _timed(
    rows: Sequence[tuple[Cue, SpokenSentence]], begins: Sequence[int], ends: Sequence[int]
) -> Iterator[TimedSentence]:
    for (cue, said), begin, end in zip(rows, begins, ends, strict=False):
        words = (begin, *said.onsets[1:])
        yield TimedSentence(
            sentence=cue.sentence,
            within=cue.within,
            lang=cue.text.lang,
            spoken=said.spoken,
            begin=begin,
            end=end,
            words=words,
            said=said.words,
            pair=cue.pair,
        )
