"""Silence where words should be, and sound where there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

from hakawati.check.archive import Archive
from hakawati.check.loudness import Loudness
from hakawati.check.shown import shown
from hakawati.check.spans import Clip
from hakawati.check.sync.messages import between, of_clip, quoted
from hakawati.model import Finding

_WORD = 0.3
"""Seconds. A shorter clip may be a stop consonant."""
_SPEECH, _EDGE = 0.4, 0.05
"""Seconds of sound, not counting what is next to a clip, from which on it is worth telling of."""


def silent(archive: Archive, clips: Sequence[Clip], sound: Loudness) -> Iterator[Finding]:
    """Clips of an audio file that have words, and no sound."""
    for clip in clips:
        end = min(clip.end, sound.seconds)
        if not any(c.isalnum() for c in clip.text) or end - clip.begin < _WORD:
            continue
        if not sound.sounding(clip.begin, end):
            message = (
                f"there is silence where {quoted(clip.text)} should be heard: {between(clip.begin, end)}"
            )
            yield of_clip(archive, clip, message)


def between_clips(archive: Archive, clips: Sequence[Clip], sound: Loudness) -> Iterator[Finding]:
    """Speech of an audio file that no clip has; it is played with the audio, but not with the book.

    `clips` are in order of time. Gaps are allowed, so this is a notice.
    """
    at = 0.0
    gaps: list[tuple[float, float, Clip]] = []
    for clip in clips:
        if clip.begin > at:
            gaps.append((at, clip.begin, clip))
        at = max(at, clip.end)
    if at != inf and at < sound.seconds:
        gaps.append((at, sound.seconds, clips[-1]))
    for begin, end, clip in gaps:
        if sound.spoken(begin + _EDGE, end - _EDGE) < _SPEECH:
            continue
        message = f"{between(begin, end)} of “{shown(clip.cut.audio)}” is heard in no clip, and is not silent"
        hint = "give it a clip, if it stands in the text; else this is as it should be"
        yield of_clip(archive, clip, message, hint, severe=False, span=(begin, end))
