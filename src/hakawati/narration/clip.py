"""A clip as it is kept: its key, and its form in the store."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.metadata import version

from hakawati.model import Audio, Clip, Pauses, Utterance
from hakawati.narration.mp3 import QUALITY

FORMAT = 1
"""To be raised whenever the same ingredients begin to give another clip."""


@cache
def tools() -> str:
    """The programs that every voice's clips go through, with their versions, joined by commas."""
    return ",".join(f"{name} {version(name)}" for name in ("lameenc", "piper-tts", "pydub", "soxr"))


def clip_key(utterance: Utterance, voice_key: str, audio: Audio, pauses: Pauses) -> str:
    """The content key: of all that the clip's sound depends on, and of nothing else.

    The printed words with the author's pronunciations stand for the spoken text, which follows from
    them by a tool whose version is in the key; so a build that speaks nothing needs no vowels either.
    """
    ingredients = {
        "format": FORMAT,
        "tools": tools(),
        "voice": voice_key,
        "audio": [audio.bitrate, float(audio.loudness), QUALITY],
        "pause": pauses.phrase if utterance.phrases else 0,
        "lang": utterance.lang,
        "text": utterance.text,
        "words": [(word.begin, word.end) for word in utterance.words],
        "given": utterance.given,
        "stops": utterance.stops,
        "phrases": utterance.phrases,
    }
    text = json.dumps(ingredients, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def pack(clip: Clip) -> bytes:
    """A line of JSON, then the frames."""
    head = {"samples": clip.samples, "spoken": clip.spoken, "onsets": clip.onsets}
    return json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" + clip.frames


def unpack(data: bytes) -> Clip:
    """The clip that was packed; raises `ValueError` for anything else."""
    head, _, frames = data.partition(b"\n")
    fields = json.loads(head)
    try:
        return Clip(frames, fields["samples"], fields["spoken"], tuple(fields["onsets"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"this is no clip: {error!r}") from error
