"""What an engine delivers, in any of the formats that libsndfile reads → PCM."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from hakawati.decoding import quietly
from hakawati.model import VoiceError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def decoded(data: bytes) -> tuple[bytes, int]:
    """Signed 16-bit little-endian mono PCM and its rate in Hz, of a whole WAV, MP3, Ogg or FLAC file.

    The channels of one that has several are mixed. Raises `VoiceError` for what is no sound, or none of it.
    """
    import soundfile

    try:
        samples, rate = quietly(soundfile.read, BytesIO(data), dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError, TypeError):
        raise VoiceError(f"what it answered is no sound ({_shown(data)})") from None
    if not len(samples):
        raise VoiceError("the sound that it answered is empty")
    mono = samples.mean(axis=1) if samples.shape[1] > 1 else samples[:, 0]
    return as_pcm(mono), int(rate)


def as_pcm(samples: NDArray[np.float32]) -> bytes:
    """Signed 16-bit little-endian PCM of samples of full scale 1."""
    import numpy as np

    return np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes()


def _shown(data: bytes) -> str:
    begin = data[:60].decode("utf-8", "replace").strip()
    return f"{len(data)} bytes: {begin}" if begin.isprintable() and begin else f"{len(data)} bytes"
