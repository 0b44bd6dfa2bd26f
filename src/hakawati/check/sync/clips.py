"""The clips of a book against its text, its audio and what its package declares (EPUB 3.3 §9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import inf

from hakawati.check.archive import Archive
from hakawati.check.clock import told
from hakawati.check.publication import Publication
from hakawati.check.shown import shown
from hakawati.check.spans import Clip
from hakawati.check.sync.messages import between, by, of_clip, quoted
from hakawati.errors import Problem
from hakawati.model import Finding

_OVERLAP = 0.05
"""Seconds. Less is rounding."""
_BEYOND = 0.15
"""Seconds that a clip may end behind the audio: decoders differ by an MP3's delay and padding."""
_PART, _TOTAL = 0.1, 1.0
"""Seconds that a duration may be wrong without a word, and without being severe (EPUBCheck: MED-016)."""


def against_text(archive: Archive, clips: Sequence[Clip]) -> Iterator[Finding]:
    """That every clip of an overlay lights up an element of its own, in the order of the page."""
    seen: set[tuple[str, str]] = set()
    last: Clip | None = None
    for clip in clips:
        cut = clip.cut
        if cut.text not in archive:
            hint = "name a document of this EPUB"
            yield of_clip(archive, clip, f"“{shown(cut.text)}” is not in the EPUB", hint)
            continue
        if clip.page is None:
            continue
        if cut.id and cut.id not in clip.page.places:
            message = f"there is no element “{shown(cut.id)}” in “{shown(cut.text)}”: nothing lights up"
            yield of_clip(archive, clip, message, "name an element that is there")
            continue
        if (cut.text, cut.id) in seen:
            message = f"“{shown(cut.id)}” ({quoted(clip.text)}) lights up twice"
            yield of_clip(archive, clip, message, "name each element once")
        seen.add((cut.text, cut.id))
        if last and last.cut.text == cut.text and clip.place[0] < last.place[0]:
            message = f"{quoted(clip.text)} stands before {quoted(last.text)}, and is read after it"
            hint = "put the clips into the order of the page"
            yield of_clip(archive, clip, message, hint, severe=False)
        last = clip


def against_each_other(archive: Archive, clips: Sequence[Clip]) -> Iterator[Finding]:
    """That the clips of an overlay are stretches of time that follow one another."""
    for clip in clips:
        if clip.end <= clip.begin:
            message = f"the clip of {quoted(clip.text)} ends at {told(clip.end)}, before it has begun"
            yield of_clip(archive, clip, message, "let it end later", span=(clip.begin, clip.begin))
    for one, other in pairwise(clips):
        if one.cut.audio != other.cut.audio or not one.cut.audio:
            continue
        if other.begin < one.begin:
            message = (
                f"the clip of {quoted(other.text)} begins at {told(other.begin)}, before the one before it"
            )
            yield of_clip(archive, other, message, "put the clips in the order in which they are heard")
        elif other.begin < one.end - _OVERLAP:
            end = min(one.end, other.end)
            message = (
                f"the clips of {quoted(one.text)} and {quoted(other.text)} overlap"
                f" by {by(end - other.begin)}, at {told(other.begin)}"
                if one.end != inf
                else f"the clip of {quoted(one.text)} does not end where {quoted(other.text)} begins"
            )
            yield of_clip(archive, other, message, "let one begin where the other ends")


def against_audio(
    archive: Archive, clips: Sequence[Clip], durations: Mapping[str, float]
) -> Iterator[Finding]:
    """That every clip of an overlay is in its audio. `durations`: of what could be decoded, in seconds."""
    for clip in clips:
        duration = durations.get(clip.cut.audio)
        if duration is None:
            continue
        late = clip.begin >= duration
        if late or (clip.end != inf and clip.end > duration + _BEYOND):
            what = "begins" if late else "ends"
            where = between(clip.begin, clip.end) if clip.end != inf else told(clip.begin)
            message = (
                f"the clip of {quoted(clip.text)} ({where}) {what} after the end of "
                f"“{shown(clip.cut.audio)}”, at {told(duration)}"
            )
            yield of_clip(archive, clip, message, "is the audio cut off? make it anew")


def lasting(clips: Sequence[Clip], durations: Mapping[str, float]) -> float:
    """How long an overlay takes: its clips, one after another."""
    total = 0.0
    for clip in clips:
        end = durations.get(clip.cut.audio, clip.begin) if clip.end == inf else clip.end
        total += max(0.0, end - clip.begin) if clip.cut.audio else 0.0
    return total


def against_package(
    archive: Archive,
    publication: Publication,
    chapters: Sequence[Sequence[Clip]],
    durations: Mapping[str, float],
) -> Iterator[Finding]:
    """That the package declares how long each overlay and all of them take, and declares it right."""
    total = 0.0
    for clips in chapters:
        overlay = clips[0].overlay
        long = lasting(clips, durations)
        total += long
        yield from _declared(archive, publication, overlay.id, long, f"“{shown(overlay.entry)}”", clips[0])
    yield from _declared(archive, publication, "", total, "the whole book", None)


def _declared(
    archive: Archive, publication: Publication, id_: str, long: float, what: str, clip: Clip | None
) -> Iterator[Finding]:
    written, line = publication.durations.get(id_, ("", 0))
    refines = f' refines="#{shown(id_)}"' if id_ else ""
    hint = f'write <meta property="media:duration"{refines}>{long:.3f}s</meta>'
    declared = publication.declared(id_)
    if not written:
        message = f"media:duration of {what} is missing"
    elif declared is None:
        message = f"“{shown(written)}” is no time for media:duration of {what}"
    elif abs(declared - long) > (_PART if id_ else _TOTAL):
        message = f"media:duration of {what} is {told(declared)}, but its clips take {told(long)}"
    else:
        return
    severe = declared is None or abs(declared - long) > _TOTAL
    problem: Problem = archive.wrong(publication.entry, message, hint, line)
    yield Finding("sync", problem, severe, clip.overlay.chapter if clip else "")
