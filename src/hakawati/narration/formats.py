"""Joined MP3 frames → a sound file of any format, marked as ours so that it may be replaced later."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from hakawati.common.decoding import quietly
from hakawati.model import SAMPLE_RATE

FORMATS: Mapping[str, tuple[str, str]] = {
    ".wav": ("WAV", "PCM_16"),
    ".flac": ("FLAC", "PCM_16"),
    ".ogg": ("OGG", "VORBIS"),
    ".mp3": ("MP3", ""),
}
"""By a file's ending: what libsndfile calls its format and the coding in it."""
_BLOCK = SAMPLE_RATE
"""Samples that are encoded at once: libvorbis has them all on its stack."""


def packed(frames: bytes, ending: str, mark: str) -> bytes:
    """A file of the format that `ending`, one of `FORMATS`, stands for. `mark`: the program that made it."""
    file = BytesIO(frames)
    if ending == ".mp3":
        from mutagen.id3 import ID3, TSSE, Encoding

        tags = ID3()
        tags.add(TSSE(encoding=Encoding.UTF8, text=mark))
        tags.save(file, padding=lambda _: 0)
        return file.getvalue()
    import soundfile

    samples, rate = soundfile.read(file, dtype="float32")
    kind, coding = FORMATS[ending]
    made = BytesIO()
    with soundfile.SoundFile(made, "w", rate, 1, coding, format=kind) as written:
        written.software = mark
        for begin in range(0, len(samples), _BLOCK):
            written.write(samples[begin : begin + _BLOCK])
    return made.getvalue()


def has_mark(file: Path, mark: str) -> bool:
    """Whether a file is a sound file of the program `mark`."""
    import soundfile

    try:
        with quietly(soundfile.SoundFile, file) as opened:
            return str(opened.software).startswith(mark)
    except (soundfile.LibsndfileError, RuntimeError, TypeError, OSError):
        return False
