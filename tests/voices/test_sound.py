from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
import soundfile

from hakawati.model import VoiceError
from hakawati.voices.sound import decoded


def encoded(samples: object, rate: int, kind: str) -> bytes:
    buffer = BytesIO()
    soundfile.write(buffer, samples, rate, format=kind)
    return buffer.getvalue()


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
def test_any_format_at_any_rate_becomes_mono_pcm(rate: int, kind: str) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(rate) / rate) * 0.5
    pcm, found = decoded(encoded(np.stack([tone, tone * 0.5], axis=1), rate, kind))
    samples = np.frombuffer(pcm, "<i2") / 32768
    assert found == rate
    assert len(samples) == rate
    middle = slice(rate // 4, 3 * rate // 4)
    assert np.sqrt((samples[middle] ** 2).mean()) == pytest.approx(0.75 * 0.5 / np.sqrt(2), rel=0.05)


def test_a_full_scale_sound_is_not_turned_over() -> None:
    pcm, _ = decoded(encoded(np.ones(1000), 8_000, "FLAC"))
    assert np.frombuffer(pcm, "<i2").min() > 32_000


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", r"is no sound \(0 bytes\)"),
        (b"<html>Sorry</html>", r"is no sound \(18 bytes: <html>Sorry</html>\)"),
        (b"\x00\xff" * 100, r"is no sound \(200 bytes\)"),
        (encoded(np.zeros(0), 8_000, "WAV"), "the sound that it answered is empty"),
    ],
)
def test_what_is_no_sound_is_refused_and_shown(data: bytes, told: str) -> None:
    with pytest.raises(VoiceError, match=told):
        decoded(data)
