"""What an engine delivers, in any of the formats that libsndfile reads → PCM."""

from __future__ import annotations

from io import BytesIO

from hakawati.model import VoiceError


def decoded(data: bytes) -> tuple[bytes, int]:
    """Signed 16-bit little-endian mono PCM and its rate in Hz, of a whole WAV, MP3, Ogg or FLAC file.

    The channels of one that has several are mixed. Raises `VoiceError` for what is no sound, or none of it.
    """
    import numpy as np
    import soundfile

    try:
        samples, rate = soundfile.read(BytesIO(data), dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, RuntimeError, TypeError):
        raise VoiceError(f"what it answered is no sound ({_shown(data)})") from None
    if not len(samples):
        raise VoiceError("the sound that it answered is empty")
    mono = samples.mean(axis=1) if samples.shape[1] > 1 else samples[:, 0]
    return np.clip(np.rint(mono * 32768), -32768, 32767).astype("<i2").tobytes(), int(rate)


def _shown(data: bytes) -> str:
    begin = data[:60].decode("utf-8", "replace").strip()
    return f"{len(data)} bytes: {begin}" if begin.isprintable() and begin else f"{len(data)} bytes"
