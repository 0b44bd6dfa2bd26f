"""What ACX, by way of which audiobooks are sold, wants of a chapter's loudness, and which chapters miss it.

https://help.acx.com/s/article/what-are-the-acx-audio-submission-requirements: an RMS of -23 to -18 dB, peaks
below -3 dB, a noise floor below -60 dB, each measured in a chapter's whole file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hakawati.errors import Problem
from hakawati.model import LOUDEST, QUIETEST, SAMPLE_RATE, STRETCH, AcxLevels, Edition, Levels
from hakawati.publishing.chapter_audio import JoinedAudio
from hakawati.publishing.paths import EditionPaths

_PEAK = -3.0
_FLOOR = -60.0
_MINUTE = 60 * SAMPLE_RATE // STRETCH
"""In bytes of an envelope."""


def measured(levels: Levels) -> AcxLevels:
    """To a tenth of a dB, as it is told."""
    return AcxLevels(round(levels.rms, 1), round(levels.peak, 1), round(levels.floor, 1))


def noises(audio: str, joined: JoinedAudio) -> Iterator[Problem]:
    """What is wrong with one chapter, whose file is `audio`.

    A noise floor is a person's alone: an engine has none, and where its pauses are shorter than what the
    floor is measured in, that is the author's choice.
    """
    if joined.levels is None:
        return
    found = measured(joined.levels)
    if found.peak > _PEAK:
        message = f"its peaks have {found.peak} dB, and ACX takes what is below {_PEAK:g}"
        yield Problem(audio, 0, message, "lower audio.loudness in book.yaml")
    reading = next((request for _, request, _ in joined.said if request.by_person), None)
    if reading and found.floor > _FLOOR:
        message = (
            f"the quietest half second of {audio} has {found.floor} dB, and ACX takes a noise floor below "
            f"{_FLOOR:g}"
        )
        hint = (
            "record where it is quieter, or take the noise out of it; leave half a second between paragraphs"
        )
        yield Problem(reading.voice, 0, message, hint)


def too_quiet(
    edition: Edition, paths: EditionPaths, chapters: Mapping[str, Levels | None]
) -> Iterator[Problem]:
    """Which chapters, by their names, pauses make too quiet: told of once, together.

    Not where the author chose another loudness, of which `source` tells; nor silence to repeat sentences in,
    which no one wants to do without. Nor of what is over in a minute, and has little but its title's pause.
    """
    if not QUIETEST <= edition.audio.loudness <= LOUDEST or edition.narration.repeat:
        return
    found = {name: one for name, one in chapters.items() if one and len(one.envelope) > _MINUTE}
    quiet = {name: rms for name, one in found.items() if (rms := measured(one).rms) < QUIETEST}
    if not quiet:
        return
    first, rms = next(iter(quiet.items()))
    others = len(quiet) - 1
    so = f", and so it is with {others} more" if others else ""
    message = f"its RMS, pauses and all, is {rms} dB{so}: ACX takes no less than {QUIETEST:g}"
    hint = "shorten narration.pauses, or raise audio.loudness, in book.yaml"
    yield Problem(paths.audio(first), 0, message, hint)
