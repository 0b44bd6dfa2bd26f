"""The sync of an EPUB with all that was heard on the way, which the check itself does not hand out."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

from hakawati.check import audio_analysis
from hakawati.check.audio_analysis import AudioAnalysis
from hakawati.check.forced_alignment import ForcedAligner
from hakawati.check.sync import measurement
from hakawati.check.sync.measurement import SyncReport, check_sync


def measure(epub: Path, aligner: ForcedAligner) -> tuple[SyncReport, AudioAnalysis]:
    """The report, and the analysis that it was made of; an empty one where there was nothing to hear."""
    analysis = AudioAnalysis()

    def analyse(*arguments: object) -> AudioAnalysis:
        nonlocal analysis
        analysis = audio_analysis.analyse_audio(*arguments)  # type: ignore[arg-type]
        return analysis

    with mock.patch.object(measurement, "analyse_audio", analyse):
        return check_sync(epub, epub.name, aligner), analysis


def sentence_count(analysis: AudioAnalysis) -> int:
    """How many sentences should be heard."""
    return sum(map(len, analysis.sentences.values()))


def lateness(analysis: AudioAnalysis) -> list[float]:
    """Seconds that sentences light up after they are heard, each file's first sentence apart.

    Those alone that begin a clip, and are heard in their own file.
    """
    found = [
        heard
        for heard in analysis.in_order()
        if heard.in_own_file and heard.sentence.begins_clip and not heard.is_first
    ]
    return [next(heard.clip_offsets())[2] for heard in found]
