"""How loud a sound is, stretch by stretch and as a whole.

An envelope is a row of bytes, each the RMS of a stretch of sound: so many `STEP`s below full scale. Full
scale is a sample of 32,768; a constant signal of that size has 0 dB, so a sine wave of it has -3 dB.
"""

from __future__ import annotations

from dataclasses import dataclass

STEP = 0.375
"""dB from one byte of an envelope to the next: 256 of them are the range of 16 bits."""
STILL = 255
"""The byte of an envelope for silence, and for all that is quieter than 95.4 dB below full scale."""
SILENCE = -96.0
"""dB: what digital silence is said to have, since no number is as low as it."""
STRETCH = 576
"""Samples for each byte of an envelope: an MP3 frame, 24 ms."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """How loud a clip is when it is decoded."""

    envelope: bytes = b""
    """A byte for each `STRETCH`, so for each of its MP3 frames."""
    energy: int = 0
    """The sum of the squares of its samples."""
    peak: int = 0
    """The size of its highest sample."""


@dataclass(frozen=True, slots=True)
class Levels:
    """How loud a chapter's MP3 is when it is decoded: all of it, pauses too, as ACX measures it.

    https://help.acx.com/s/article/what-are-the-acx-audio-submission-requirements
    """

    envelope: bytes
    """A byte for each `STRETCH`, pauses too."""
    rms: float
    """dB: of the whole file."""
    peak: float
    """dBFS: its highest sample."""
    floor: float
    """dB RMS: its quietest half second."""
