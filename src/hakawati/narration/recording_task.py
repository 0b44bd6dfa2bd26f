"""A recorded chapter: a person's recording and the sentences that should be in it → clips.

The recording is aligned once and cut into runs: what is read without another language in between. It is never
in memory as a whole, but read twice: to be measured and aligned, as it was spoken, and to be levelled, made
faster or slower, and encoded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from hakawati.model import (
    SAMPLE_RATE,
    AlignableRecording,
    Audio,
    Clip,
    SentenceSpan,
    Speech,
    SpokenSentence,
    Utterance,
    VoiceError,
)
from hakawati.narration.clip import CLIP
from hakawati.narration.lexicon import vowels_by
from hakawati.narration.mp3 import LOSS, encode
from hakawati.narration.spoken_form import SpokenForm, vocalise
from hakawati.narration.synthesis import (
    AT_LEAST,
    CEILING,
    PER_CHARACTER,
    Failure,
    Result,
    apart,
    word_onsets,
)

if TYPE_CHECKING:
    from hakawati.narration.tempo import Tempo


@dataclass(frozen=True, slots=True)
class RecordingTask:
    """A recording, all sentences that should be read in it, and how they are divided into clips."""

    recording: AlignableRecording
    utterances: tuple[Utterance, ...]
    begins: tuple[int, ...]
    """For each clip, the index of its first utterance; the first is 0."""
    audio: Audio
    speed: float = 1.0
    """How many times as fast it is to be made."""
    store: str = ""
    """The folder of the book's store, for what is looked up on the way; none where it has none."""

    @property
    def seconds(self) -> float:
        """How long it may take."""
        return AT_LEAST + PER_CHARACTER * sum(len(utterance.text) for utterance in self.utterances)

    def run(self) -> list[Result]:
        """A result for each clip."""
        try:
            return [CLIP.dumps(clip) for clip in clips_of(self)]
        except VoiceError as error:
            return [Failure.of(error)] * len(self.begins)


def clips_of(task: RecordingTask) -> list[Clip]:
    """Align, cut, level and encode a recording. Raises `VoiceError`."""
    from hakawati.narration.envelope import EnvelopeMeter
    from hakawati.narration.gain import Meter, levelled
    from hakawati.narration.tempo import Tempo

    recording, audio = task.recording, task.audio
    meter = Meter()
    spoken = [vocalise(utterance, vowels_by(task.store)) for utterance in task.utterances]
    heard, extras = recording.align(meter.passing(recording.sound()), (text.text for text in spoken))
    cuts = _cuts(task, heard, meter.samples)
    gain = meter.gain(audio.loudness + LOSS, CEILING)
    if not gain:
        raise VoiceError("it is silent")
    pieces = _pieces(levelled(recording.sound(), gain, CEILING), cuts)
    clips = []
    for (first, last), (begin, end), piece in zip(
        pairwise([*task.begins, len(spoken)]), pairwise(cuts), pieces, strict=True
    ):
        tempo, gauge = Tempo(task.speed), EnvelopeMeter()
        sound = gauge.passing(tempo.passing(piece))
        frames = encode(sound, SAMPLE_RATE, audio.bitrate) if end > begin else b""
        said = _said(spoken[first:last], heard[first:last], begin, tempo)
        inside = [(max(a, begin), min(b, end)) for a, b in extras if a < end and b > begin]
        begins, ends = (tempo.positions(at[i] - begin for at in inside) for i in (0, 1))
        loudness = gauge.loudness(frames, audio.bitrate)
        clips.append(Clip(frames, tempo.samples, said, tuple(zip(begins, ends, strict=True)), loudness))
    return clips


def _cuts(task: RecordingTask, heard: Sequence[SentenceSpan], samples: int) -> list[int]:
    """Where each clip begins, and the end: together they are the whole recording.

    A clip begins with the first of its sentences that is read; one in which none is has no sound.
    """
    cuts = [0]
    for first, last in pairwise([*task.begins, len(heard)]):
        read = [sentence.begin for sentence in heard[first:last] if sentence.found]
        if first:
            cuts.append(max(cuts[-1], read[0] if read else heard[first].end))
    return [*cuts, samples]


def _said(
    spoken: Sequence[SpokenForm], heard: Sequence[SentenceSpan], begin: int, tempo: Tempo
) -> tuple[SpokenSentence, ...]:
    """The sentences of a clip that begins at sample `begin`; all their words at least a millisecond apart."""
    onsets = [_onsets(text, sentence, begin) for text, sentence in zip(spoken, heard, strict=True)]
    moved = iter(apart(tempo.positions(onset for found in onsets for onset in found)))
    return tuple(
        SpokenSentence(text.text, tuple(islice(moved, len(found))), round(sentence.sure, 3), text.each)
        for text, sentence, found in zip(spoken, heard, onsets, strict=True)
    )


def _onsets(spoken: SpokenForm, heard: SentenceSpan, begin: int) -> list[int]:
    """Of a sentence's words, counted from sample `begin`; none where it is not read."""
    if not heard.found:
        return []
    marks = tuple((offset, sample - heard.begin) for offset, sample in heard.onsets)
    onsets = word_onsets(spoken, Speech(b"", SAMPLE_RATE, marks), heard.end - heard.begin)
    return [heard.begin - begin + onset for onset in onsets]


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
