"""How fast each sentence of a chapter is read, and what sounds wrong: gaps, rushed and clipped sentences.

All of it is found in a chapter's envelope and the times of its sentences, without its sound, so for chapters
that a build does not read again too. Times are in milliseconds of the chapter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median
from typing import Literal

from hakawati.common import checked_json
from hakawati.model import SAMPLE_RATE, STEP, STILL, STRETCH, Levels, Pauses, Timeline, milliseconds

MS = STRETCH * 1000 // SAMPLE_RATE
"""Of a byte of the envelope."""
_QUIET = 25.0
"""dB below what is loud in the chapter: what is quieter is no speech."""
_NOISE = 6.0
"""dB above the noise floor: what is quieter is none either."""
_AT_LEAST = 14.0
"""dB below what is loud: what is louder is speech, however noisy the room."""
_BREATH = 240
"""Silence as long as this is no part of speaking; a shorter one is a consonant's."""
_INSIDE, _AFTER = 1500, 1000
"""Silence inside a sentence that is a gap; and after one, beyond the longest pause that is asked for."""
_RUSHED = 1.5
"""Times as fast as the others in its language."""
_LETTERS = 15
"""A sentence with fewer says little of how fast it is read."""
_DIGIT = 4
"""Letters for a digit, which is read as a word."""
_EDGE = 6
"""Bytes before a sentence's end in one of which it has to be silent. Two thirds of all cuts through speech
are found so, and no end of an engine's sentence, though the next one follows without a pause."""

FlawKind = Literal["gap", "rushed", "clipped"]


@dataclass(frozen=True, slots=True)
class SentenceInterval:
    """A sentence that is read aloud; each begins where the one before ends."""

    id: str
    lang: str
    text: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class SpeechRate:
    """How a sentence is read."""

    sentence: SentenceInterval
    begin: int
    """Where it is first heard; where nothing is, its own."""
    end: int
    """Where it is last heard."""
    speed: float
    """Letters a second, while it is heard; 0 where nothing is."""
    ratio: float
    """Its speed, to the median of its language in the chapter; 1 for sentences too short to tell."""


@dataclass(frozen=True, slots=True)
class AudioFlaw:
    """Something to listen to."""

    kind: FlawKind
    sentence_id: str
    """The id of the sentence that it is in."""
    begin: int
    end: int
    """Of a gap, of its silence; of a rushed sentence, of its sound; of a clipped one, of its last moment."""
    amount: float
    """Of a gap, its seconds; of a rushed sentence, how many times as fast as the others it is; of a clipped
    one, how many dB its last moment is below what is loud."""


def list_intervals(timeline: Timeline) -> tuple[SentenceInterval, ...]:
    """The sentences of a timeline."""
    return tuple(
        SentenceInterval(
            timed.sentence.id,
            timed.lang,
            timed.sentence.text,
            milliseconds(timed.begin),
            milliseconds(timed.end),
        )
        for timed in timeline.sentences
    )


def parse_timings(data: bytes) -> tuple[SentenceInterval, ...]:
    """The sentences of a chapter's `build/timings/NAME.json`. Raises `ValueError` for anything else."""
    try:
        return tuple(
            SentenceInterval(
                str(one["id"]),
                str(one["lang"]),
                str(one["text"]),
                round(one["begin"] * 1000),
                round(one["end"] * 1000),
            )
            for one in checked_json.loads(data)["sentences"]
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"these are no timings: {error!r}") from error


def measure_rates(levels: Levels, sentences: Sequence[SentenceInterval]) -> tuple[SpeechRate, ...]:
    """How each sentence is read, in their order."""
    detector = _SpeechDetector(levels)
    bounds = [detector.measure(sentence) for sentence in sentences]
    counts = [_count_letters(sentence.text) for sentence in sentences]
    speeds = [
        count * 1000 / spoken if spoken else 0.0 for count, (*_, spoken) in zip(counts, bounds, strict=True)
    ]
    telling: dict[str, list[float]] = {}
    for sentence, count, speed in zip(sentences, counts, speeds, strict=True):
        if speed and count >= _LETTERS:
            telling.setdefault(sentence.lang, []).append(speed)
    usual = {lang: median(found) for lang, found in telling.items()}
    return tuple(
        SpeechRate(
            sentence, begin, end, speed, speed / usual[sentence.lang] if speed and count >= _LETTERS else 1.0
        )
        for sentence, count, speed, (begin, end, _) in zip(sentences, counts, speeds, bounds, strict=True)
    )


def find_flaws(
    levels: Levels, sentences: Sequence[SentenceInterval], pauses: Pauses | None = None, repeat: float = 0.0
) -> tuple[AudioFlaw, ...]:
    """What to listen to, in the order it is heard.

    `pauses`, `repeat`: the silence that was asked for, as in `model.Narration`.
    """
    detector = _SpeechDetector(levels)
    found: list[AudioFlaw] = []
    asked = pauses or Pauses()
    longest = max(asked.sentence, asked.paragraph, asked.heading)
    for rate in measure_rates(levels, sentences):
        after = max(longest, round(repeat * (rate.end - rate.begin))) + _AFTER
        found += detector.gaps(rate.sentence, max(_INSIDE, asked.phrase + _AFTER), max(_INSIDE, after))
        if rate.ratio >= _RUSHED:
            found.append(AudioFlaw("rushed", rate.sentence.id, rate.begin, rate.end, round(rate.ratio, 2)))
        found += detector.clipped(rate.sentence)
    return tuple(sorted(found, key=lambda one: (one.begin, one.end, one.kind)))


def _count_letters(text: str) -> int:
    return sum(_DIGIT if c.isdigit() else c.isalpha() for c in text)


class _SpeechDetector:
    """Tells speech from silence."""

    def __init__(self, levels: Levels) -> None:
        self.envelope = levels.envelope
        sounding = sorted(byte for byte in self.envelope if byte < STILL)
        # A tenth of the sound is louder.
        self.loud: float = sounding[len(sounding) // 10] if sounding else 0
        least = self.loud + _AT_LEAST / STEP
        noise = (-levels.floor - _NOISE) / STEP
        self.quiet = min(STILL, max(least, min(self.loud + _QUIET / STEP, noise)))
        """The byte from which on what is heard is no speech."""

    def measure(self, sentence: SentenceInterval) -> tuple[int, int, int]:
        """Where a sentence is first and last heard, and for how long it is without its pauses."""
        runs = list(self._runs(sentence))
        spoken = [(begin, end) for loud, begin, end in runs if loud]
        if not spoken:
            return sentence.begin, sentence.begin, 0
        first, last = spoken[0][0], spoken[-1][1]
        pauses = (end - begin for loud, begin, end in runs if not loud and first < begin and end < last)
        return first, last, last - first - sum(pause for pause in pauses if pause >= _BREATH)

    def gaps(self, sentence: SentenceInterval, inside: int, after: int) -> Iterator[AudioFlaw]:
        """Silence in a sentence, and after it, that is longer than these."""
        for loud, begin, end in self._runs(sentence):
            # A byte may be of this sentence and the next one, whose first word may begin silently.
            most = after if end >= sentence.end - 2 * MS else inside
            if not loud and end - begin > most:
                yield AudioFlaw("gap", sentence.id, begin, end, round((end - begin) / 1000, 2))

    def clipped(self, sentence: SentenceInterval) -> Iterator[AudioFlaw]:
        """The end of a sentence whose sound has not faded by then."""
        end = min(sentence.end // MS, len(self.envelope))
        begin = max(sentence.begin // MS, end - _EDGE)
        last = max(self.envelope[begin:end], default=STILL)
        if last < self.quiet:
            below = round((last - self.loud) * STEP, 1)
            yield AudioFlaw("clipped", sentence.id, max(begin * MS, sentence.begin), sentence.end, below)

    def _runs(self, sentence: SentenceInterval) -> Iterator[tuple[bool, int, int]]:
        """(whether it is loud, begin, end) of each run of bytes in a sentence."""
        first, last = sentence.begin // MS, min(len(self.envelope), -(-sentence.end // MS))
        at = first
        for loud, run in groupby(self.envelope[first:last], lambda byte: byte < self.quiet):
            begin, at = at, at + len(list(run))
            yield loud, max(begin * MS, sentence.begin), min(at * MS, sentence.end)
