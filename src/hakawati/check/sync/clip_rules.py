"""The clips of a book against its text, its audio and what its package declares (EPUB 3.3 §9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import inf

from hakawati.check.archive import Archive
from hakawati.check.overlay_sentences import OverlayClip
from hakawati.check.printable_text import printable
from hakawati.check.publication import Publication
from hakawati.check.sync.clip_findings import clip_finding, format_length, format_span, quote
from hakawati.common.wording import format_tenths
from hakawati.errors import Problem
from hakawati.model import Finding

_OVERLAP = 0.05
"""Seconds. Less is rounding."""
_BEYOND = 0.15
"""Seconds that a clip may end behind the audio: decoders differ by an MP3's delay and padding."""
_PART, _TOTAL = 0.1, 1.0
"""Seconds that a duration may be wrong without a word, and without being severe (EPUBCheck: MED-016)."""


def check_text(archive: Archive, clips: Sequence[OverlayClip]) -> Iterator[Finding]:
    """That every clip of an overlay lights up an element of its own, in the order of the page."""
    seen: set[tuple[str, str]] = set()
    last: OverlayClip | None = None
    for clip in clips:
        par = clip.par
        if par.text not in archive:
            hint = "name a document of this EPUB"
            yield clip_finding(archive, clip, f"“{printable(par.text)}” is not in the EPUB", hint)
            continue
        if clip.document is None:
            continue
        if par.id and par.id not in clip.document.ranges:
            message = (
                f"there is no element “{printable(par.id)}” in “{printable(par.text)}”: nothing lights up"
            )
            yield clip_finding(archive, clip, message, "name an element that is there")
            continue
        if (par.text, par.id) in seen:
            message = f"“{printable(par.id)}” ({quote(clip.text)}) lights up twice"
            yield clip_finding(archive, clip, message, "name each element once")
        seen.add((par.text, par.id))
        if last and last.par.text == par.text and clip.text_range[0] < last.text_range[0]:
            message = f"{quote(clip.text)} stands before {quote(last.text)}, and is read after it"
            hint = "put the clips into the order of the page"
            yield clip_finding(archive, clip, message, hint, severe=False)
        last = clip


def check_order(archive: Archive, clips: Sequence[OverlayClip]) -> Iterator[Finding]:
    """That the clips of an overlay are stretches of time that follow one another."""
    for clip in clips:
        if clip.end <= clip.begin:
            message = f"the clip of {quote(clip.text)} ends at {format_tenths(clip.end)}, before it has begun"
            yield clip_finding(archive, clip, message, "let it end later", span=(clip.begin, clip.begin))
    for one, other in pairwise(clips):
        if one.par.audio != other.par.audio or not one.par.audio:
            continue
        if other.begin < one.begin:
            begin = format_tenths(other.begin)
            message = f"the clip of {quote(other.text)} begins at {begin}, before the one before it"
            yield clip_finding(archive, other, message, "put the clips in the order in which they are heard")
        elif other.begin < one.end - _OVERLAP:
            end = min(one.end, other.end)
            message = (
                f"the clips of {quote(one.text)} and {quote(other.text)} overlap"
                f" by {format_length(end - other.begin)}, at {format_tenths(other.begin)}"
                if one.end != inf
                else f"the clip of {quote(one.text)} does not end where {quote(other.text)} begins"
            )
            yield clip_finding(archive, other, message, "let one begin where the other ends")


def check_audio(
    archive: Archive, clips: Sequence[OverlayClip], durations: Mapping[str, float]
) -> Iterator[Finding]:
    """That every clip of an overlay is in its audio. `durations`: of what could be decoded, in seconds."""
    for clip in clips:
        duration = durations.get(clip.par.audio)
        if duration is None:
            continue
        late = clip.begin >= duration
        if late or (clip.end != inf and clip.end > duration + _BEYOND):
            what = "begins" if late else "ends"
            where = format_span(clip.begin, clip.end) if clip.end != inf else format_tenths(clip.begin)
            message = (
                f"the clip of {quote(clip.text)} ({where}) {what} after the end of "
                f"“{printable(clip.par.audio)}”, at {format_tenths(duration)}"
            )
            yield clip_finding(archive, clip, message, "is the audio cut off? make it again")


def overlay_duration(clips: Sequence[OverlayClip], durations: Mapping[str, float]) -> float:
    """How long an overlay takes: its clips, one after another."""
    total = 0.0
    for clip in clips:
        end = durations.get(clip.par.audio, clip.begin) if clip.end == inf else clip.end
        total += max(0.0, end - clip.begin) if clip.par.audio else 0.0
    return total


def check_durations(
    archive: Archive,
    publication: Publication,
    chapters: Sequence[Sequence[OverlayClip]],
    durations: Mapping[str, float],
) -> Iterator[Finding]:
    """That the package declares how long each overlay and all of them take, and declares it right."""
    total = 0.0
    for clips in chapters:
        overlay = clips[0].overlay
        long = overlay_duration(clips, durations)
        total += long
        yield from _check_declared(
            archive, publication, overlay.id, long, f"“{printable(overlay.entry)}”", clips[0]
        )
    yield from _check_declared(archive, publication, "", total, "the whole book", None)


def _check_declared(
    archive: Archive, publication: Publication, id_: str, long: float, what: str, clip: OverlayClip | None
) -> Iterator[Finding]:
    written, line = publication.durations.get(id_, ("", 0))
    refines = f' refines="#{printable(id_)}"' if id_ else ""
    hint = f'write <meta property="media:duration"{refines}>{long:.3f}s</meta>'
    declared = publication.declared(id_)
    if not written:
        message = f"media:duration of {what} is missing"
    elif declared is None:
        message = f"“{printable(written)}” is no time for media:duration of {what}"
    elif abs(declared - long) > (_PART if id_ else _TOTAL):
        message = (
            f"media:duration of {what} is {format_tenths(declared)}, but its clips take {format_tenths(long)}"
        )
    else:
        return
    severe = declared is None or abs(declared - long) > _TOTAL
    problem: Problem = archive.wrong(publication.entry, message, hint, line)
    yield Finding("sync", problem, severe, clip.overlay.chapter if clip else "")
