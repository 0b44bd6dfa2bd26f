"""An engine's sound file, in any format that libsndfile reads → PCM."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from hakawati.common.decoding import quietly, to_pcm
from hakawati.model import LEAST_RATE, MOST_RATE, VoiceError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_MOST_CHANNELS = 16
_UNKNOWN = 1 << 40
"""More samples than any sound has: what libsndfile says of one whose length is written nowhere."""


def decoded(data: bytes, longest: int) -> tuple[bytes, int]:
    """Signed 16-bit little-endian mono PCM and its rate in Hz, of a whole WAV, MP3, Ogg or FLAC file.

    The channels of one that has several are mixed. Raises `VoiceError` for what is no sound, or none of it,
    and for one of more than `longest` seconds, before any of it is decoded.
    """
    import soundfile

    try:
        samples, rate = quietly(_read, data, longest)
    except (soundfile.LibsndfileError, RuntimeError, TypeError):
        raise VoiceError(f"what it answered is no sound ({_shown(data)})") from None
    if not len(samples):
        raise VoiceError("the sound that it answered is empty")
    mono = samples.mean(axis=1) if samples.shape[1] > 1 else samples[:, 0]
    return as_pcm(mono), rate


def _read(data: bytes, longest: int) -> tuple[NDArray[np.float32], int]:
    import soundfile

    with soundfile.SoundFile(BytesIO(data)) as opened:
        rate = int(opened.samplerate)
        check_form(rate, opened.channels)
        _check_length(opened.frames, rate, longest)
        return opened.read(dtype="float32", always_2d=True), rate


def check_form(rate: int, channels: int) -> None:
    """Raise `VoiceError` for a sound that it would take too much memory to decode."""
    if not LEAST_RATE <= rate <= MOST_RATE:
        raise VoiceError(f"its sound has {rate} Hz; {LEAST_RATE} to {MOST_RATE} can be used")
    if channels > _MOST_CHANNELS:
        raise VoiceError(f"its sound has {channels} channels; {_MOST_CHANNELS} are the most")


def _check_length(samples: int, rate: int, longest: int) -> None:
    if samples > _UNKNOWN:
        raise VoiceError("its sound does not say how long it is, which only WAV need not")
    if samples > longest * rate:
        raise VoiceError(f"its sound lasts {samples // rate} s; {longest} s are the most for this text")


def as_pcm(samples: NDArray[np.float32]) -> bytes:
    """Signed 16-bit little-endian PCM of samples of full scale 1. Raises `VoiceError`."""
    import numpy as np

    if not np.isfinite(samples).all():
        raise VoiceError("there are samples in it that are no numbers")
    return to_pcm(samples)


def _shown(data: bytes) -> str:
    begin = data[:60].decode("utf-8", "replace").strip()
    return f"{len(data)} bytes: {begin}" if begin.isprintable() and begin else f"{len(data)} bytes"
