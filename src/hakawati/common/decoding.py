"""A sound file of any kind that libsndfile or FFmpeg’s libraries read → mono sound, in blocks."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, ParamSpec, TypeVar

from hakawati.model import SAMPLE_RATE

if TYPE_CHECKING:
    import av
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

P = ParamSpec("P")
T = TypeVar("T")

_BLOCK = 56 * 1152
"""Samples that are decoded at once: of an MP3 a whole number of frames, since soundfile seeks after each
block, and libmpg123 complains of a place inside of one."""
_BY_FFMPEG = frozenset([".aac", ".m4a", ".m4b", ".mp4"])
"""What libsndfile does not read, and FFmpeg's libraries do."""
_RATES = range(1_000, 1_000_001)
"""Hz. From a rate of 1 Hz, a small file would become days of sound."""
_LOUDEST = 1e6
"""Full scale is 1. What is beyond this, or no number at all, is damage."""


class DamagedError(Exception):
    """A file that is no sound, or a damaged one."""


class MissingDecoderError(Exception):
    """FFmpeg's libraries, which decode such a file, are not installed."""


def decode(file: Path | IO[bytes], suffix: str) -> Iterator[bytes]:
    """Signed 16-bit little-endian mono PCM at `SAMPLE_RATE`, in blocks.

    `suffix`: of the file's name, `.mp3`. Raises `DamagedError`; `MissingDecoderError`.
    """
    if suffix.lower() in _BY_FFMPEG:
        yield from _decode_by_ffmpeg(file)
    else:
        yield from map(to_pcm, blocks(file))


def to_pcm(samples: Floats) -> bytes:
    """Signed 16-bit little-endian PCM of samples of full scale 1."""
    import numpy as np

    return np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes()


def _decode_by_ffmpeg(file: Path | IO[bytes]) -> Iterator[bytes]:
    try:
        import av
    except ImportError:
        raise MissingDecoderError from None
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
    try:
        with av.open(str(file) if isinstance(file, Path) else file, "r") as opened:
            for frame in opened.decode(audio=0):
                yield from map(_pcm_of, resampler.resample(frame))
            yield from map(_pcm_of, resampler.resample(None))
    except Exception:  # noqa: BLE001 - it may be any of FFmpeg's
        raise DamagedError from None


def _pcm_of(frame: av.AudioFrame) -> bytes:
    return bytes(frame.planes[0])[: 2 * frame.samples]


def blocks(file: Path | IO[bytes]) -> Iterator[Floats]:
    """(samples,) of each block: mono, full scale 1, at `SAMPLE_RATE`. Raises `DamagedError`.

    Of an MP3 with something else at its beginning libsndfile needs the path, which ends in “.mp3”.
    """
    import numpy as np
    import soundfile
    import soxr

    try:
        with quietly(soundfile.SoundFile, file) as opened:
            if opened.samplerate not in _RATES:
                raise DamagedError
            resampler = soxr.ResampleStream(opened.samplerate, SAMPLE_RATE, 1, dtype="float32")
            # Not `opened.blocks`: it goes on to the length that libsndfile reckons from the file's size, with
            # its tags, and repeats itself where the sound is over.
            while len(block := quietly(opened.read, _BLOCK, dtype="float32", always_2d=True)):
                if not (np.abs(block) < _LOUDEST).all():
                    raise DamagedError
                yield resampler.resample_chunk(block.mean(axis=1))
            yield resampler.resample_chunk(np.zeros(0, np.float32), last=True)
    except (soundfile.LibsndfileError, RuntimeError, TypeError, ValueError, MemoryError) as error:
        raise DamagedError from error


def quietly(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """What a function returns; what a library in C writes to the terminal meanwhile is lost.

    libmpg123, by which libsndfile decodes MP3, writes notes about damaged files, and cannot be told not to.
    """
    with _TURN:
        try:
            terminal = os.dup(2)
        except OSError:  # there is none
            return function(*args, **kwargs)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 2)
            return function(*args, **kwargs)
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)
            os.close(nowhere)


_TURN = threading.Lock()
"""Two threads at once would each restore what the other one has put in the terminal's place."""
