"""A clip in the store: its key and its format."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from hakawati.arabic import vowels
from hakawati.arabic.marks import is_arabic
from hakawati.common.codec import JsonCodec
from hakawati.model import (
    AlignableRecording,
    Audio,
    Clip,
    Loudness,
    Pauses,
    SpokenSentence,
    Utterance,
    WordSpeech,
)
from hakawati.narration.mp3 import QUALITY

FORMAT = 4
"""To be raised whenever the same ingredients begin to give another clip."""
TEMPO = 1
"""To be raised whenever `tempo` begins to make another sound of the same."""


@cache
def tools() -> str:
    """The programs that every voice's clips go through, with their versions, joined by commas."""
    return ",".join(f"{name} {version(name)}" for name in ("lameenc", "pydub", "soxr"))


def clip_key(utterance: Utterance, voice_key: str, audio: Audio, pauses: Pauses, speed: float = 1.0) -> str:
    """The content key: of all that the clip's sound depends on, and of nothing else.

    The printed words with the author's pronunciations stand for the spoken text, which follows from
    them by a tool whose version is in the key; so a build that speaks nothing needs no vowels either.
    """
    return _digest(
        voice_key,
        [audio.bitrate, float(audio.loudness), QUALITY],
        pauses.phrase if utterance.phrases else 0,
        _ingredients(utterance),
        utterance.phrases,
        *_tempo(speed),
    )


def reading_key(
    recorded: AlignableRecording,
    utterances: Sequence[Utterance],
    begin: int,
    end: int,
    audio: Audio,
    speed: float = 1.0,
) -> str:
    """The key of the clip with sentences `begin` to `end` of a recording.

    It depends on all `utterances` of the recording, since they are aligned together.
    """
    return _digest(
        recorded.key,
        [audio.bitrate, float(audio.loudness), QUALITY],
        [_ingredients(utterance) for utterance in utterances],
        [begin, end],
        *_tempo(speed),
    )


def _tempo(speed: float) -> list[object]:
    """What a clip depends on besides, where its tempo is changed."""
    return [] if speed == 1 else [{"speed": float(speed), "tempo": TEMPO}]


def _ingredients(utterance: Utterance) -> list[object]:
    words = [(word.begin, word.end) for word in utterance.words]
    figures = [utterance.figures] if utterance.figures else []
    by = [vowels.method()] if is_arabic(utterance.lang) else []
    return [utterance.lang, utterance.text, words, utterance.given, utterance.stops, *figures, *by]


def _digest(*ingredients: object) -> str:
    whole = [FORMAT, tools(), *ingredients]
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _ClipHeader:
    """All of a clip but its frames."""

    samples: int
    said: tuple[tuple[str, tuple[int, ...], float, tuple[tuple[str, float], ...]], ...]
    """What is spoken, its onsets, how sure that is, each word and how sure that is: of each sentence."""
    extras: tuple[tuple[int, int], ...]
    loudness: tuple[bytes, int, int]
    """Envelope, energy, peak."""


_HEADER = JsonCodec(_ClipHeader)


class ClipCodec:
    """A clip as bytes: a line of JSON, then the frames."""

    def dumps(self, clip: Clip) -> bytes:
        """The clip as bytes."""
        said = tuple(
            (one.spoken, one.onsets, one.sure, tuple((word.text, word.sure) for word in one.words))
            for one in clip.sentences
        )
        loud = clip.loudness
        header = _ClipHeader(clip.samples, said, clip.extras, (loud.envelope, loud.energy, loud.peak))
        return _HEADER.dumps(header) + b"\n" + clip.frames

    def loads(self, data: bytes) -> Clip:
        """The clip that was dumped; raises `ValueError` for anything else."""
        line, _, frames = data.partition(b"\n")
        header = _HEADER.loads(line)
        sentences = tuple(
            SpokenSentence(spoken, onsets, sure, tuple(WordSpeech(*word) for word in words))
            for spoken, onsets, sure, words in header.said
        )
        clip = Clip(frames, header.samples, sentences, header.extras, Loudness(*header.loudness))
        if not _is_sound(clip):
            raise ValueError("this is no clip: there are numbers in it that cannot be")
        return clip


CLIP = ClipCodec()


def _is_sound(clip: Clip) -> bool:
    """Whether its numbers can be times and sizes: JSON may hold any."""
    times = [clip.samples, clip.loudness.energy, clip.loudness.peak]
    times += [time for extra in clip.extras for time in extra]
    for sentence in clip.sentences:
        times += sentence.onsets
        sure = [sentence.sure, *(word.sure for word in sentence.words)]
        if min(sure) < 0 or max(sure) > 1 or list(sentence.onsets) != sorted(sentence.onsets):
            return False
    return min(times) >= 0
