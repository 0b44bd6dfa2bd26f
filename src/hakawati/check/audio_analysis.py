"""A book is listened to, once, from beginning to end: how loud it is, and where each sentence is heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from hakawati.check.analysis_windows import AnalysisWindow, plan_windows
from hakawati.check.archive import Archive
from hakawati.check.audio_decoding import LONGEST, decode_audio
from hakawati.check.forced_alignment import ForcedAligner
from hakawati.check.language_identification import LanguageIdentifier, LanguageMismatch
from hakawati.check.overlay_sentences import OverlayClip, OverlaySentence, find_sentences
from hakawati.check.sound_envelope import LoudnessMeter, SoundEnvelope
from hakawati.check.sync.clip_findings import clip_finding, problem_findings
from hakawati.check.sync.rate_rules import SpeechSegment, expected_seconds
from hakawati.check.window_alignment import AudioSpan, LocatedSentence, WindowAligner
from hakawati.common.decoding import MissingDecoderError
from hakawati.errors import BookError
from hakawati.model import SAMPLE_RATE, Finding, Progress


@dataclass
class AudioAnalysis:
    """All that was heard."""

    sentences: dict[str, list[OverlaySentence]] = field(default_factory=dict)
    """The sentences that should be heard in each audio file."""
    envelopes: dict[str, SoundEnvelope] = field(default_factory=dict)
    """Of each audio file that can be decoded."""
    located: dict[OverlaySentence, LocatedSentence] = field(default_factory=dict)
    extras: list[AudioSpan] = field(default_factory=list)
    """What is like no sentence."""
    mismatches: list[LanguageMismatch] = field(default_factory=list)
    """What is read as if it were in another language."""
    findings: list[Finding] = field(default_factory=list)
    """What cannot be listened to."""

    def in_order(self) -> Iterator[LocatedSentence]:
        """The sentences that were listened to, in the book's order."""
        for of_audio in self.sentences.values():
            yield from (self.located[line] for line in of_audio if line in self.located)

    def unmatched(self) -> Iterator[OverlaySentence]:
        """The sentences that should be in what was decoded, and could not be compared with it."""
        for audio, of_audio in self.sentences.items():
            if audio in self.envelopes:
                yield from (line for line in of_audio if line not in self.located)

    def segments(self, aligner: ForcedAligner) -> Iterator[tuple[SpeechSegment, SoundEnvelope]]:
        """What is read from the beginning of a clip to the next, a sentence or more."""
        for audio, of_audio in self.sentences.items():
            if audio not in self.envelopes:
                continue
            groups: list[list[OverlaySentence]] = []
            for line in of_audio:
                if line.begins_clip or not groups:
                    groups.append([])
                groups[-1].append(line)
            ends = [group[0].begin for group in groups[1:]] + [inf]
            for group, end in zip(groups, ends, strict=True):
                if segment := self._segment(group, end, aligner):
                    yield segment, self.envelopes[audio]

    def _segment(
        self, group: Sequence[OverlaySentence], end: float, aligner: ForcedAligner
    ) -> SpeechSegment | None:
        languages = {line.expected.lang for line in group}
        if len(languages) > 1:
            return None
        located = [self.located.get(line) for line in group]
        if aligner.supports(group[0].expected.lang):
            known = [one for one in located if one]
            if len(known) < len(group):
                return None
            seconds = sum(one.match.reference_seconds for one in known)
        else:
            seconds = sum(expected_seconds(line.expected.text) for line in group)
        return SpeechSegment(
            clip=group[0].first_clip,
            lang=group[0].expected.lang,
            text=group[0].expected.text,
            words=sum(len(line.expected.words) for line in group),
            begin=group[0].begin,
            end=min(end, group[-1].last_clip.end),
            expected_seconds=seconds,
            is_judged=all(one is None or one.in_own_file for one in located),
        )


def analyse_audio(
    archive: Archive,
    files: Mapping[str, Sequence[OverlayClip]],
    aligner: ForcedAligner,
    progress: Progress | None = None,
) -> AudioAnalysis:
    """Listen to audio files. `files`: the clips of each, in order of time; files in the book's order.

    `progress`: its stage has a step for each second of sound.
    """
    position = _Position(progress, archive.name, files)
    analysis = AudioAnalysis({audio: find_sentences(of_audio, aligner) for audio, of_audio in files.items()})
    known = {
        audio: [line for line in of_audio if aligner.supports(line.expected.lang)]
        for audio, of_audio in analysis.sentences.items()
    }
    windows = plan_windows(known.items())
    firsts = {of_audio[0] for of_audio in analysis.sentences.values() if of_audio}
    window_aligner = WindowAligner(aligner, analysis.envelopes, firsts)
    identifier = LanguageIdentifier(aligner)
    done: set[str] = set()

    def compare(audio: str, reached: float) -> None:
        while windows and all(
            part.audio in done or (part.audio == audio and part.end <= reached)
            for part in windows[0].excerpts
        ):
            window = windows.pop(0)
            located, extras = window_aligner.align(window)
            analysis.mismatches += identifier.find_mismatches(located, window.excerpts)
            window.release()
            analysis.located |= located
            analysis.extras += extras

    for audio, of_audio in files.items():
        meter = LoudnessMeter()
        wanting = [part for window in windows for part in window.excerpts if part.audio == audio]
        try:
            at = 0
            for pcm in meter.passing(decode_audio(archive, audio)):
                for part in wanting:
                    part.take(at, pcm)
                at += len(pcm) // 2
                compare(audio, at / SAMPLE_RATE)
                position.move(audio, min(at / SAMPLE_RATE, _first_waiting(windows, audio)))
            analysis.envelopes[audio] = meter.envelope()
        except BookError as error:
            analysis.findings += problem_findings(error.problems, of_audio[0].overlay.chapter)
        except MissingDecoderError:
            message = "its sound was not listened to: decoding it needs FFmpeg’s libraries"
            hint = "pip install 'hakawati[m4a]'"
            analysis.findings.append(clip_finding(archive, of_audio[0], message, hint, severe=False))
        done.add(audio)
        compare(audio, inf)
        position.move(audio, inf)
    return analysis


def _first_waiting(windows: Sequence[AnalysisWindow], audio: str) -> float:
    """The second of a file from which on it waits to be compared; infinite where nothing of it does.

    `windows`: those that wait, the first of which holds the file's next part, if any does.
    """
    waiting = (part.span[0] for window in windows[:1] for part in window.excerpts if part.audio == audio)
    return next(waiting, inf)


class _Position:
    """How far files were listened to, in steps of a stage: a second each, as many as their clips say."""

    def __init__(
        self, progress: Progress | None, name: str, files: Mapping[str, Sequence[OverlayClip]]
    ) -> None:
        self._progress = progress
        self._left = {audio: _declared_seconds(of_audio) for audio, of_audio in files.items()}
        self._lengths = dict(self._left)
        if progress:
            progress.stage(f"Listening to {name}, in seconds", sum(self._left.values()))

    def move(self, audio: str, seconds: float) -> None:
        """So far a file was listened to; infinite where all of it was, or nothing can be."""
        length = self._lengths[audio]
        left = length - int(min(seconds, length))
        steps = max(0, self._left[audio] - left)
        self._left[audio] -= steps
        if self._progress and steps:
            self._progress.advance(steps)


def _declared_seconds(clips: Sequence[OverlayClip]) -> int:
    """Whole seconds of a file, as far as its clips tell; no more than are listened to."""
    ends = (clip.begin if clip.end == inf else clip.end for clip in clips)
    return int(min(max(ends, default=0.0), LONGEST))
