"""A clip as it is kept: its key, and its form in the store."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version

from hakawati.common import checked_json
from hakawati.model import AlignableRecording, Audio, Clip, Loudness, Pauses, SpokenSentence, Utterance
from hakawati.narration.mp3 import QUALITY

FORMAT = 3
"""To be raised whenever the same ingredients begin to give another clip."""
TEMPO = 1
"""To be raised whenever `tempo` begins to make another sound of the same."""


@cache
def tools() -> str:
    """The programs that every voice's clips go through, with their versions, joined by commas."""
    return ",".join(f"{name} {version(name)}" for name in ("lameenc", "piper-tts", "pydub", "soxr"))


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
    return [utterance.lang, utterance.text, words, utterance.given, utterance.stops]


def _digest(*ingredients: object) -> str:
    whole = [FORMAT, tools(), *ingredients]
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def pack(clip: Clip) -> bytes:
    """A line of JSON, then the frames."""
    said = [(one.spoken, one.onsets, one.sure) for one in clip.sentences]
    loud = clip.loudness
    levels = (b64encode(loud.envelope).decode(), loud.energy, loud.peak)
    head = {"samples": clip.samples, "said": said, "extras": clip.extras, "loudness": levels}
    return json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" + clip.frames


def unpack(data: bytes) -> Clip:
    """The clip that was packed; raises `ValueError` for anything else."""
    head, _, frames = data.partition(b"\n")
    try:
        fields = checked_json.loads(head)
        sentences = tuple(SpokenSentence(spoken, tuple(at), sure) for spoken, at, sure in fields["said"])
        extras = tuple((a, b) for a, b in fields["extras"])
        envelope, energy, peak = fields["loudness"]
        loudness = Loudness(b64decode(envelope, validate=True), energy, peak)
        clip = Clip(frames, fields["samples"], sentences, extras, loudness)
        if _is_sound(clip):
            return clip
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"this is no clip: {error!r}") from error
    raise ValueError("this is no clip: there are numbers in it that cannot be")


def _is_sound(clip: Clip) -> bool:
    """Whether its numbers can be times and sizes: JSON may hold any, and NaN."""
    times = [time for extra in clip.extras for time in extra]
    for sentence in clip.sentences:
        onsets = sentence.onsets
        times += onsets
        if (
            not isinstance(sentence.spoken, str)
            or not 0 <= sentence.sure <= 1
            or list(onsets) != sorted(onsets)
        ):
            return False
    numbers = (clip.samples, clip.loudness.energy, clip.loudness.peak, *times)
    return all(type(number) is int and number >= 0 for number in numbers)
