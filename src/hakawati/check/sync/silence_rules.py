"""Silence where words should be, and sound where there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

from hakawati.check.archive import Archive
from hakawati.check.overlay_sentences import OverlayClip
from hakawati.check.printable_text import printable
from hakawati.check.sound_envelope import SoundEnvelope
from hakawati.check.sync.clip_findings import clip_finding, format_span, quote
from hakawati.model import Finding

_WORD = 0.3
"""Seconds. A shorter clip may be a stop consonant."""
_SPEECH, _EDGE = 0.4, 0.05
"""Seconds of sound, not counting what is next to a clip, from which on it is worth telling of."""


def check_silence(archive: Archive, clips: Sequence[OverlayClip], sound: SoundEnvelope) -> Iterator[Finding]:
    """Clips of an audio file that have words, and no sound."""
    for clip in clips:
        end = min(clip.end, sound.seconds)
        if not any(c.isalnum() for c in clip.text) or end - clip.begin < _WORD:
            continue
        if not sound.sounding_seconds(clip.begin, end):
            message = (
                f"there is silence where {quote(clip.text)} should be heard: {format_span(clip.begin, end)}"
            )
            yield clip_finding(archive, clip, message)


def check_gaps(archive: Archive, clips: Sequence[OverlayClip], sound: SoundEnvelope) -> Iterator[Finding]:
    """Speech of an audio file that no clip has; it is played with the audio, but not with the book.

    `clips` are in order of time. Gaps are allowed, so this is a notice.
    """
    at = 0.0
    gaps: list[tuple[float, float, OverlayClip]] = []
    for clip in clips:
        if clip.begin > at:
            gaps.append((at, clip.begin, clip))
        at = max(at, clip.end)
    if at != inf and at < sound.seconds:
        gaps.append((at, sound.seconds, clips[-1]))
    for begin, end, clip in gaps:
        if sound.speech_seconds(begin + _EDGE, end - _EDGE) < _SPEECH:
            continue
        audio = printable(clip.par.audio)
        message = f"{format_span(begin, end)} of “{audio}” is heard in no clip, and is not silent"
        hint = "give it a clip, if it stands in the text; else this is as it should be"
        yield clip_finding(archive, clip, message, hint, severe=False, span=(begin, end))
