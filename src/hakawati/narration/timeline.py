"""Clips one after another → when each sentence and word is heard, to the sample."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hakawati.model import SAMPLE_RATE, Clip, TimedSentence, Timeline
from hakawati.narration.mp3 import FRAME_SAMPLES, LEAD_IN, frames, silence
from hakawati.narration.script import Cue


@dataclass(frozen=True, slots=True)
class Placed:
    """A clip in its chapter: the frames that are joined for it, and the time of its sentence's words."""

    stream: bytes
    """The clip's frames and the silent ones after it."""
    onsets: tuple[int, ...]
    """Of the printed words, in samples of the chapter."""


class Joiner:
    """Lays clips end to end; remembers only how far it has come."""

    def __init__(self, bitrate: int) -> None:
        self.bitrate = bitrate
        self.frames = 0

    def place(self, clip: Clip, pause: int) -> Placed:
        """Append a clip and `pause` ms of silence between the end of its speech and the next one's start.

        Exact to half a frame, 12 ms, and never shorter than the encoder's own lead-in and run-out.
        """
        start = self.frames * FRAME_SAMPLES + LEAD_IN
        count = frames(clip.frames, self.bitrate)
        run_out = count * FRAME_SAMPLES - LEAD_IN - clip.samples
        missing = pause * SAMPLE_RATE // 1000 - run_out - LEAD_IN
        silent = max(0, round(missing / FRAME_SAMPLES))
        self.frames += count + silent
        return Placed(clip.frames + silence(self.bitrate) * silent, tuple(start + o for o in clip.onsets))


def timeline(
    cues: Iterable[Cue], spoken: Iterable[str], onsets: Iterable[tuple[int, ...]], total: int
) -> Timeline:
    """The timeline of a chapter of `total` frames.

    Each sentence begins at its first word's onset and ends where the next begins; the first begins at 0.
    """
    duration = total * FRAME_SAMPLES
    rows = list(zip(cues, spoken, onsets, strict=True))
    begins = [0, *(words[0] for _, _, words in rows[1:])]
    ends = [*begins[1:], duration]
    return Timeline(tuple(_timed(rows, begins, ends)), duration)


def _timed(
    rows: list[tuple[Cue, str, tuple[int, ...]]], begins: list[int], ends: list[int]
) -> Iterator[TimedSentence]:
    for (cue, spoken, words), begin, end in zip(rows, begins, ends, strict=False):
        yield TimedSentence(cue.sentence, cue.text.id, cue.text.lang, spoken, begin, end, (begin, *words[1:]))
