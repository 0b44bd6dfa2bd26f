"""The sync of an EPUB with overlays, measured: its every clip and sentence, against its decoded audio."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hakawati.check.archive import Archive, opened
from hakawati.check.comparing import Heard
from hakawati.check.ear import Ear
from hakawati.check.listening import Advance, Listened, listen
from hakawati.check.overlays import Overlay, read_overlay
from hakawati.check.pages import Page, read_page
from hakawati.check.publication import Publication, read_publication
from hakawati.check.spans import Clip, Line, clips
from hakawati.check.sync import clips as sync_clips
from hakawati.check.sync import sound as sync_sound
from hakawati.check.sync.messages import of_clip, of_problems
from hakawati.check.sync.pace import unusual
from hakawati.check.sync.words import judged, spoken_as, unread, unwritten
from hakawati.errors import BookError, Problem
from hakawati.model import Finding

OVERLAY = "application/smil+xml"
_POINTS = 600
"""Levels by which a chapter's sound is drawn."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sentence of a chapter's strip."""

    text: str
    lang: str
    begin: float
    """Seconds of `Strip.audio`, as its clip says."""
    late: float | None
    """Seconds that it lights up after it is heard, negative before; None where it was not heard."""


@dataclass(frozen=True, slots=True)
class Strip:
    """A chapter's sound in one file, to be drawn and listed."""

    chapter: str
    audio: str
    duration: float
    loudness: float
    """dB RMS of the speech in it, full scale 0."""
    levels: tuple[int, ...]
    """The loudest level, in dB above -100, in each of so many equal parts."""
    sentences: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Sync:
    """What was measured."""

    findings: tuple[Finding, ...]
    """In the order of the book."""
    strips: tuple[Strip, ...]
    sentences: int
    """How many should be heard."""
    compared: int
    """How many of them were compared with the sound."""


def check_sync(path: Path, name: str, ear: Ear, advance: Advance | None = None) -> Sync:
    """Measure the sync of an EPUB.

    `name`: the file as the user named it; `advance` is told of each audio file that was listened to. What
    keeps the rest from being measured is a finding. Raises `BookError` where it cannot be read at all.
    """
    with opened(path, name) as archive:
        publication, problems = read_publication(archive)
        findings = of_problems(problems)
        try:
            return _measured(archive, publication, findings, ear, advance or (lambda _: None))
        except BookError as error:
            raise BookError([*problems, *error.problems]) from None


def _measured(
    archive: Archive, publication: Publication, findings: list[Finding], ear: Ear, advance: Advance
) -> Sync:
    overlays = list(_overlays(archive, publication, findings))
    if not overlays:
        message = "no part of it is read aloud: there is no overlay in it"
        findings.append(Finding("sync", Problem(archive.name, 0, message), severe=False))
        return Sync(tuple(findings), (), 0, 0)
    pages = dict(_pages(archive, publication, overlays, findings))
    chapters = [made for overlay in overlays if (made := list(clips(overlay, pages)))]
    if not publication.active_class:
        hint = '<meta property="media:active-class">-epub-media-overlay-active</meta>'
        message = "media:active-class is missing: readers do not know how to show what is read"
        findings.append(Finding("sync", archive.wrong(publication.entry, message, hint), severe=False))
    for chapter in chapters:
        findings += sync_clips.against_text(archive, chapter)
        findings += sync_clips.against_each_other(archive, chapter)
    files = _files(archive, chapters, findings)
    listened = listen(archive, files, ear, advance)
    findings += listened.findings
    durations = {audio: sound.seconds for audio, sound in listened.sounds.items()}
    for chapter in chapters:
        findings += sync_clips.against_audio(archive, chapter, durations)
    findings += sync_clips.against_package(archive, publication, chapters, durations)
    findings += _heard(archive, files, listened, ear)
    order = {overlay.chapter: n for n, overlay in enumerate(overlays)}
    findings.sort(key=lambda f: (order.get(f.chapter, -1), f.begin))
    every = [line for of_audio in listened.lines.values() for line in of_audio]
    return Sync(tuple(findings), tuple(_strips(files, listened)), len(every), len(listened.heard))


def _overlays(archive: Archive, publication: Publication, findings: list[Finding]) -> Iterator[Overlay]:
    read: set[str] = set()
    for document in publication.documents:
        if not document.overlay or document.overlay in read:
            continue
        read.add(document.overlay)
        item = publication.items.get(document.overlay)
        if item is None:
            message = f"the overlay of “{document.entry}” is not in the manifest"
            findings += of_problems([archive.wrong(publication.entry, message, "", document.line)])
            continue
        try:
            overlay, problems = read_overlay(archive, item.id, item.entry, document.entry)
        except BookError as error:
            findings += of_problems(error.problems)
            continue
        findings += of_problems(problems, overlay.chapter)
        yield overlay


def _pages(
    archive: Archive, publication: Publication, overlays: Sequence[Overlay], findings: list[Finding]
) -> Iterator[tuple[str, Page]]:
    usual = next(iter(publication.languages), "")
    for overlay in overlays:
        for entry in dict.fromkeys(cut.text for cut in overlay.cuts):
            if entry not in archive:
                continue
            try:
                yield entry, read_page(archive, entry, usual)
            except BookError as error:
                findings += of_problems(error.problems, overlay.chapter)


def _files(
    archive: Archive, chapters: Sequence[Sequence[Clip]], findings: list[Finding]
) -> dict[str, list[Clip]]:
    """The clips of each audio file in order of time; files in the order in which they are first heard."""
    files: dict[str, list[Clip]] = {}
    for clip in (clip for chapter in chapters for clip in chapter if clip.cut.audio):
        files.setdefault(clip.cut.audio, []).append(clip)
    for audio in [audio for audio in files if audio not in archive]:
        lost = files.pop(audio)
        message = f"the audio “{audio}” is not in the EPUB: {len(lost)} clips are silent"
        findings.append(of_clip(archive, lost[0], message, "put it in, or build the book anew"))
    return {audio: sorted(of_audio, key=lambda clip: clip.begin) for audio, of_audio in files.items()}


def _heard(
    archive: Archive, files: Mapping[str, Sequence[Clip]], listened: Listened, ear: Ear
) -> Iterator[Finding]:
    """What is wrong with what was listened to."""
    heard = list(listened.in_order())
    silent = unread(heard, listened.extras)
    heard = [one for one in heard if one.line not in silent]
    told = [*judged(archive, heard), *spoken_as(archive, listened.tongues)]
    lost = {one.line.owner for one in heard if not one.here}
    for audio, sound in listened.sounds.items():
        told += (f for f in sync_sound.silent(archive, [c for c in files[audio] if c not in lost], sound))
        told += sync_sound.between_clips(archive, files[audio], sound)
    told += unusual(archive, list(listened.passages(ear)))
    excused = [
        (line.owner.cut.audio, line.begin - 1, line.last.end + 1)
        for line in [*(one.line for one in heard if not one.here), *listened.unheard()]
    ]
    told += unwritten(archive, listened.extras, files, heard, excused)
    yield from told
    yield from _unheard(archive, listened)


def _unheard(archive: Archive, listened: Listened) -> Iterator[Finding]:
    """Languages that no one here can listen to, once each."""
    languages: dict[str, list[Clip]] = {}
    for line in listened.unheard():
        languages.setdefault(line.asked.lang, []).append(line.owner)
    for lang, owners in sorted(languages.items()):
        what = f"in “{lang}”" if lang else "whose language is not declared"
        message = (
            f"{len(owners)} sentences {what} were not compared with their sound, only their pace and silence"
        )
        hint = (
            "eSpeak NG, which is compared with, does not speak this language" if lang else "declare xml:lang"
        )
        yield of_clip(archive, owners[0], message, hint, severe=False)


def _strips(files: Mapping[str, Sequence[Clip]], listened: Listened) -> Iterator[Strip]:
    for audio, sound in listened.sounds.items():
        for overlay in dict.fromkeys(clip.overlay for clip in files[audio]):
            yield Strip(
                chapter=overlay.chapter,
                audio=audio,
                duration=sound.seconds,
                loudness=sound.rms(),
                levels=sound.strip(_POINTS),
                sentences=tuple(
                    _stretch(line, listened.heard.get(line))
                    for line in listened.lines[audio]
                    if line.owner.overlay is overlay
                ),
            )


def _stretch(line: Line, heard: Heard | None) -> Stretch:
    late = line.begin - heard.words[0] if heard and heard.here and line.starts else None
    return Stretch(line.asked.text, line.asked.lang, line.begin, late)
