"""A recorded chapter: a person's recording and the sentences that should be in it → clips.

The recording is aligned once and cut into runs: what is read without another language in between. It is never
in memory as a whole, but read twice: to be measured and aligned, and to be levelled and encoded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hakawati.model import (
    SAMPLE_RATE,
    Audio,
    Clip,
    HeardSentence,
    Recorded,
    Said,
    Speech,
    Utterance,
    VoiceError,
)
from hakawati.narration.booth import CEILING, Failure, Result, apart, word_onsets
from hakawati.narration.clip import pack
from hakawati.narration.mp3 import LOSS, encode
from hakawati.narration.spoken import Spoken, vocalise
from hakawati.narration.tashkeel import diacritize


@dataclass(frozen=True, slots=True)
class Session:
    """A recording, all sentences that should be read in it, and how they are divided into clips."""

    recorded: Recorded
    utterances: tuple[Utterance, ...]
    begins: tuple[int, ...]
    """For each clip, the index of its first utterance; the first is 0."""
    audio: Audio

    def record(self) -> list[Result]:
        """A result for each clip."""
        try:
            return [pack(clip) for clip in perform(self)]
        except VoiceError as error:
            return [Failure.of(error)] * len(self.begins)


def perform(session: Session) -> list[Clip]:
    """Align, cut, level and encode a recording. Raises `VoiceError`."""
    from hakawati.narration.level import Meter, levelled

    recorded, audio = session.recorded, session.audio
    meter, measure = Meter(), _Measure()
    spoken = [vocalise(utterance, diacritize) for utterance in session.utterances]
    sound = measure.passing(meter.passing(recorded.sound()))
    heard, extras = recorded.heard(sound, (text.text for text in spoken))
    cuts = _cuts(session, heard, measure.samples)
    gain = meter.gain(audio.loudness + LOSS, CEILING)
    if not gain:
        raise VoiceError("it is silent")
    pieces = _pieces(levelled(recorded.sound(), gain, CEILING), cuts)
    clips = []
    for (first, last), (begin, end), piece in zip(
        pairwise([*session.begins, len(spoken)]), pairwise(cuts), pieces, strict=True
    ):
        said = _said(spoken[first:last], heard[first:last], begin)
        inside = tuple(
            (max(a, begin) - begin, min(b, end) - begin) for a, b in extras if a < end and b > begin
        )
        frames = encode(piece, SAMPLE_RATE, audio.bitrate) if end > begin else b""
        clips.append(Clip(frames, end - begin, said, inside))
    return clips


class _Measure:
    """Counts the samples of a sound that passes."""

    samples = 0

    def passing(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        for block in blocks:
            self.samples += len(block) // 2
            yield block


def _cuts(session: Session, heard: Sequence[HeardSentence], samples: int) -> list[int]:
    """Where each clip begins, and the end: together they are the whole recording.

    A clip begins with the first of its sentences that is read; one in which none is has no sound.
    """
    cuts = [0]
    for first, last in pairwise([*session.begins, len(heard)]):
        read = [sentence.begin for sentence in heard[first:last] if sentence.found]
        if first:
            cuts.append(max(cuts[-1], read[0] if read else heard[first].end))
    return [*cuts, samples]


def _said(spoken: Sequence[Spoken], heard: Sequence[HeardSentence], begin: int) -> tuple[Said, ...]:
    """The sentences of a clip that begins at sample `begin`; all their words at least a millisecond apart."""
    flat: list[int] = []
    counts = []
    for text, sentence in zip(spoken, heard, strict=True):
        found: list[int] = []
        if sentence.found:
            marks = tuple((offset, sample - sentence.begin) for offset, sample in sentence.onsets)
            onsets = word_onsets(text, Speech(b"", SAMPLE_RATE, marks), sentence.end - sentence.begin)
            found = [sentence.begin - begin + onset for onset in onsets]
        counts.append(len(found))
        flat += found
    flat = apart(flat)
    said = []
    for text, sentence, count in zip(spoken, heard, counts, strict=True):
        said.append(Said(text.text, tuple(flat[:count]), round(sentence.sure, 3)))
        flat = flat[count:]
    return tuple(said)


def _pieces(blocks: Iterable[bytes], cuts: Sequence[int]) -> Iterator[Iterator[bytes]]:
    """The sound between each two cuts; each piece must be taken before the next."""
    source = iter(blocks)
    held = b""

    def piece(length: int) -> Iterator[bytes]:
        nonlocal held
        while length > 0:
            block = held or next(source, b"")
            if not block:
                return
            held = block[2 * length :]
            block = block[: 2 * length]
            length -= len(block) // 2
            yield block

    for begin, end in pairwise(cuts):
        yield piece(end - begin)
