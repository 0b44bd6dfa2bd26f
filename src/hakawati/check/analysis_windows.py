"""Long audio heard piece by piece: which sound, and which sentences, are compared at once.

A piece is some minutes: enough to know the reader, and little enough to be in memory. Short files are taken
together, for the same reason.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil, inf

from hakawati.check.overlay_sentences import OverlaySentence
from hakawati.model import SAMPLE_RATE

LONGEST = 300.0
"""Seconds of sound that are heard at once."""
_LEAST = 60.0
"""Seconds. A shorter piece is heard with the next file: little sound tells little."""
_MOST = 1800.0
"""Seconds that are heard at once at most, where a clip is so long that it cannot be divided."""
_CONTEXT = 2
"""Sentences before and after a piece that are heard for its sake."""
_AROUND = 15.0
"""Seconds before and after a sentence in which it is looked for."""
_EDGE = 0.3
"""Seconds of sound that may belong to a sentence that is not looked for."""


@dataclass
class AudioExcerpt:
    """What of one audio file is heard."""

    audio: str
    stretches: list[tuple[float, float]]
    """In seconds, in order."""
    sentences: list[tuple[OverlaySentence, bool]]
    """In order; whether it is judged here, or there for the sake of others."""
    span: tuple[float, float]
    """In seconds: what is judged here. The spans of a file's parts tile it."""
    pcm: list[tuple[float, bytes]] = field(default_factory=list)
    """The sound: (where it begins in the file, in seconds; PCM)."""

    @property
    def length(self) -> float:
        """About how much that is."""
        return _declared_end(self.sentences[-1][0]) - self.sentences[0][0].begin

    @property
    def end(self) -> float:
        return self.stretches[-1][1]

    def take(self, at: int, block: bytes) -> None:
        """Keep what is wanted of a block of PCM that begins at a sample of the file."""
        for begin, end in self.stretches:
            first = max(0, round(begin * SAMPLE_RATE) - at)
            last = len(block) // 2 if end == inf else min(len(block) // 2, round(end * SAMPLE_RATE) - at)
            if first < last:
                self.pcm.append(((at + first) / SAMPLE_RATE, block[2 * first : 2 * last]))

    def between(self, begin: float, end: float) -> Iterator[tuple[float, bytes]]:
        """What was kept of a stretch: (where it begins in the file, in seconds; PCM)."""
        for at, pcm in self.pcm:
            first = max(0, round((begin - at) * SAMPLE_RATE))
            last = min(len(pcm) // 2, round((end - at) * SAMPLE_RATE))
            if first < last:
                yield at + first / SAMPLE_RATE, pcm[2 * first : 2 * last]


@dataclass
class AnalysisWindow:
    """What is heard at once."""

    excerpts: list[AudioExcerpt]

    @property
    def length(self) -> float:
        return sum(part.length for part in self.excerpts)

    def sound(self) -> Iterator[bytes]:
        for part in self.excerpts:
            yield from (pcm for _, pcm in part.pcm)

    def release(self) -> None:
        for part in self.excerpts:
            part.pcm.clear()

    def sample_map(self) -> SampleMap:
        """Where the samples of the sound are in the files."""
        at = 0
        rows: list[tuple[int, str, float]] = []
        for part in self.excerpts:
            for begin, pcm in part.pcm:
                rows.append((at, part.audio, begin))
                at += len(pcm) // 2
        return SampleMap(tuple(rows))


@dataclass(frozen=True, slots=True)
class SampleMap:
    """Samples of a window's sound to places in files."""

    rows: tuple[tuple[int, str, float], ...]

    def locate(self, sample: int) -> tuple[str, float]:
        """The file and the second."""
        n = max(0, bisect_right(self.rows, sample, key=lambda row: row[0]) - 1)
        first, audio, begin = self.rows[n]
        return audio, begin + (sample - first) / SAMPLE_RATE


def plan_windows(files: Iterable[tuple[str, Sequence[OverlaySentence]]]) -> list[AnalysisWindow]:
    """How (audio, its sentences in order of time) are heard."""
    windows: list[AnalysisWindow] = []
    for audio, lines in files:
        parts = list(_cut_excerpts(audio, lines))
        for n, part in enumerate(parts):
            if windows and n == 0 and windows[-1].length < _LEAST:
                windows[-1].excerpts.append(part)
            else:
                windows.append(AnalysisWindow([part]))
    return windows


def _cut_excerpts(audio: str, lines: Sequence[OverlaySentence]) -> Iterator[AudioExcerpt]:
    if not lines:
        return
    # Cut where a clip begins with a sentence: within one, nobody knows where its sentences are.
    starts = [0, *(n for n, line in enumerate(lines) if n and line.begins_clip)]
    length = _declared_end(lines[-1]) - lines[0].begin
    width = length / max(1, ceil(length / LONGEST))
    first = 0
    while first < len(starts):
        last = first + 1
        stop = lines[starts[first]].begin + width
        while last < len(starts) and lines[starts[last]].begin < stop:
            last += 1
        yield _make_excerpt(audio, lines, starts, first, last)
        first = last


def _make_excerpt(
    audio: str, lines: Sequence[OverlaySentence], starts: Sequence[int], first: int, last: int
) -> AudioExcerpt:
    """The part from the start of that number to the next one's; and what is heard for its sake."""
    edges = [*starts, len(lines)]
    low, high = edges[max(0, first - _CONTEXT)], edges[min(len(starts), last + _CONTEXT)]
    chosen = [(lines[n], edges[first] <= n < edges[last]) for n in range(low, high)]
    left = max(0.0, lines[low].begin - _EDGE) if low else 0.0
    right = _declared_end(lines[high - 1]) + _EDGE if high < len(lines) else inf
    stretches: list[tuple[float, float]] = []
    for line, _ in chosen:
        begin, end = max(left, line.begin - _AROUND), min(right, line.last_clip.end + _AROUND)
        if stretches and begin <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
        elif begin < end:
            stretches.append((begin, end))
    begin = lines[edges[first]].begin if first else 0.0
    end = lines[edges[last]].begin if last < len(starts) else inf
    return AudioExcerpt(audio, list(_limit_stretches(stretches)), chosen, (begin, end))


def _limit_stretches(stretches: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """No more than can be held in memory, where a single clip is an hour."""
    left = _MOST
    for begin, end in stretches:
        if left > 0:
            yield begin, min(end, begin + left)
        left -= end - begin


def _declared_end(line: OverlaySentence) -> float:
    """When it is over, as far as that is declared."""
    return line.last_clip.end if line.last_clip.end != inf else line.last_clip.begin
