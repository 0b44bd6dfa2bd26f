"""The sync of an EPUB with overlays, measured: its every clip and sentence, against its decoded audio."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hakawati.check.archive import Archive, open_archive
from hakawati.check.audio_analysis import AudioAnalysis, analyse_audio
from hakawati.check.document_text import DocumentText, read_document_text
from hakawati.check.forced_alignment import ForcedAligner
from hakawati.check.overlay_sentences import OverlayClip, read_clips
from hakawati.check.overlays import MediaOverlay, read_overlay
from hakawati.check.publication import Publication, read_publication
from hakawati.check.sync import clip_rules as sync_clips
from hakawati.check.sync import silence_rules as sync_sound
from hakawati.check.sync.clip_findings import clip_finding, problem_findings
from hakawati.check.sync.onset_rules import check_languages, check_onsets, check_unwritten, find_unread
from hakawati.check.sync.rate_rules import check_rates
from hakawati.errors import BookError, Problem
from hakawati.model import Finding, Progress


@dataclass(frozen=True, slots=True)
class ChapterMeasurement:
    """A chapter's sound in one file."""

    chapter: str
    duration: float
    """Seconds."""
    loudness: float
    """dB RMS of the speech in it, full scale 0."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What was measured."""

    findings: tuple[Finding, ...]
    """In the order of the book."""
    chapters: tuple[ChapterMeasurement, ...]


def check_sync(path: Path, name: str, aligner: ForcedAligner, progress: Progress | None = None) -> SyncReport:
    """Measure the sync of an EPUB.

    `name`: the file as the user named it; `progress`: its stage has a step for each second of sound. What
    keeps the rest from being measured is a finding. Raises `BookError` where it cannot be read at all.
    """
    with open_archive(path, name) as archive:
        publication, problems = read_publication(archive)
        findings = problem_findings(problems)
        try:
            return _measure(archive, publication, findings, aligner, progress)
        except BookError as error:
            raise BookError([*problems, *error.problems]) from None


def _measure(
    archive: Archive,
    publication: Publication,
    findings: list[Finding],
    aligner: ForcedAligner,
    progress: Progress | None,
) -> SyncReport:
    overlays = list(_read_overlays(archive, publication, findings))
    if not overlays:
        message = "no part of it is read aloud: there is no overlay in it"
        findings.append(Finding("sync", Problem(archive.name, 0, message), severe=False))
        return SyncReport(tuple(findings), ())
    pages = dict(_read_texts(archive, publication, overlays, findings))
    chapters = [made for overlay in overlays if (made := list(read_clips(overlay, pages)))]
    if not publication.active_class:
        hint = '<meta property="media:active-class">-epub-media-overlay-active</meta>'
        message = "media:active-class is missing: readers do not know how to show what is read"
        findings.append(Finding("sync", archive.wrong(publication.entry, message, hint), severe=False))
    for chapter in chapters:
        findings += sync_clips.check_text(archive, chapter)
        findings += sync_clips.check_order(archive, chapter)
    files = _group_by_audio(archive, chapters, findings)
    analysis = analyse_audio(archive, files, aligner, progress)
    findings += analysis.findings
    durations = {audio: sound.seconds for audio, sound in analysis.envelopes.items()}
    for chapter in chapters:
        findings += sync_clips.check_audio(archive, chapter, durations)
    findings += sync_clips.check_durations(archive, publication, chapters, durations)
    findings += _check_sound(archive, files, analysis, aligner)
    order = {overlay.chapter: n for n, overlay in enumerate(overlays)}
    findings.sort(key=lambda f: (order.get(f.chapter, -1), f.begin))
    return SyncReport(tuple(findings), tuple(_measure_chapters(files, analysis)))


def _read_overlays(
    archive: Archive, publication: Publication, findings: list[Finding]
) -> Iterator[MediaOverlay]:
    read: set[str] = set()
    for document in publication.documents:
        if not document.overlay or document.overlay in read:
            continue
        read.add(document.overlay)
        item = publication.items.get(document.overlay)
        if item is None:
            message = f"the overlay of “{document.entry}” is not in the manifest"
            findings += problem_findings([archive.wrong(publication.entry, message, "", document.line)])
            continue
        try:
            overlay, problems = read_overlay(archive, item.id, item.entry, document.entry)
        except BookError as error:
            findings += problem_findings(error.problems)
            continue
        findings += problem_findings(problems, overlay.chapter)
        yield overlay


def _read_texts(
    archive: Archive, publication: Publication, overlays: Sequence[MediaOverlay], findings: list[Finding]
) -> Iterator[tuple[str, DocumentText]]:
    usual = next(iter(publication.languages), "")
    for overlay in overlays:
        for entry in dict.fromkeys(par.text for par in overlay.pars):
            if entry not in archive:
                continue
            try:
                yield entry, read_document_text(archive, entry, usual)
            except BookError as error:
                findings += problem_findings(error.problems, overlay.chapter)


def _group_by_audio(
    archive: Archive, chapters: Sequence[Sequence[OverlayClip]], findings: list[Finding]
) -> dict[str, list[OverlayClip]]:
    """The clips of each audio file in order of time; files in the order in which they are first heard."""
    files: dict[str, list[OverlayClip]] = {}
    for clip in (clip for chapter in chapters for clip in chapter if clip.par.audio):
        files.setdefault(clip.par.audio, []).append(clip)
    for audio in [audio for audio in files if audio not in archive]:
        lost = files.pop(audio)
        message = f"the audio “{audio}” is not in the EPUB: {len(lost)} clips are silent"
        findings.append(clip_finding(archive, lost[0], message, "put it in, or build the book again"))
    return {audio: sorted(of_audio, key=lambda clip: clip.begin) for audio, of_audio in files.items()}


def _check_sound(
    archive: Archive,
    files: Mapping[str, Sequence[OverlayClip]],
    analysis: AudioAnalysis,
    aligner: ForcedAligner,
) -> Iterator[Finding]:
    """What is wrong with what was listened to."""
    located = list(analysis.in_order())
    silent = find_unread(located, analysis.extras)
    located = [one for one in located if one.sentence not in silent]
    found = [*check_onsets(archive, located), *check_languages(archive, analysis.mismatches)]
    lost = {one.sentence.first_clip for one in located if not one.in_own_file}
    for audio, sound in analysis.envelopes.items():
        found += (
            f for f in sync_sound.check_silence(archive, [c for c in files[audio] if c not in lost], sound)
        )
        found += sync_sound.check_gaps(archive, files[audio], sound)
    found += check_rates(archive, list(analysis.segments(aligner)))
    excused = [
        (line.first_clip.par.audio, line.begin - 1, line.last_clip.end + 1)
        for line in [*(one.sentence for one in located if not one.in_own_file), *analysis.unmatched()]
    ]
    found += check_unwritten(archive, analysis.extras, files, located, excused)
    yield from found
    yield from _report_unsupported(archive, analysis)


def _report_unsupported(archive: Archive, analysis: AudioAnalysis) -> Iterator[Finding]:
    """Languages that no one here can listen to, once each."""
    languages: dict[str, list[OverlayClip]] = {}
    for line in analysis.unmatched():
        languages.setdefault(line.expected.lang, []).append(line.first_clip)
    for lang, owners in sorted(languages.items()):
        what = f"in “{lang}”" if lang else "whose language is not declared"
        message = (
            f"{len(owners)} sentences {what} were not compared with their sound, only their pace and silence"
        )
        hint = (
            "eSpeak NG, which is compared with, does not speak this language" if lang else "declare xml:lang"
        )
        yield clip_finding(archive, owners[0], message, hint, severe=False)


def _measure_chapters(
    files: Mapping[str, Sequence[OverlayClip]], analysis: AudioAnalysis
) -> Iterator[ChapterMeasurement]:
    for audio, sound in analysis.envelopes.items():
        for overlay in dict.fromkeys(clip.overlay for clip in files[audio]):
            yield ChapterMeasurement(overlay.chapter, sound.seconds, sound.rms())
