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
    pcm, found = decoded(encoded(np.stack([tone, tone * 0.5], axis=1), rate, kind), 60)
    samples = np.frombuffer(pcm, "<i2") / 32768
    assert found == rate
    assert len(samples) == rate
    middle = slice(rate // 4, 3 * rate // 4)
    assert np.sqrt((samples[middle] ** 2).mean()) == pytest.approx(0.75 * 0.5 / np.sqrt(2), rel=0.05)


def test_a_full_scale_sound_is_not_turned_over() -> None:
    pcm, _ = decoded(encoded(np.ones(1000), 8_000, "FLAC"), 60)
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
        decoded(data, 60)


def unread(*_: object, **__: object) -> None:
    raise AssertionError("it was decoded")


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
def test_a_sound_that_is_too_long_is_refused_before_it_is_decoded(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = BytesIO()
    with soundfile.SoundFile(file, "w", 8_000, 1, format=kind) as long:
        for _ in range(600):  # in one piece, libsndfile's Ogg would overflow the stack
            long.write(np.zeros(8_000))
    monkeypatch.setattr(soundfile.SoundFile, "read", unread)
    with pytest.raises(VoiceError, match=r"^its sound lasts 600 s; 66 s are the most for this text$"):
        decoded(file.getvalue(), 66)


@pytest.mark.parametrize(
    ("samples", "rate", "told"),
    [
        (np.zeros(100), 7_999, "its sound has 7999 Hz; 8000 to 192000 can be used"),
        (np.zeros(100), 400_000, "its sound has 400000 Hz; 8000 to 192000 can be used"),
        (np.zeros((100, 17)), 8_000, "its sound has 17 channels; 16 are the most"),
    ],
)
def test_a_sound_that_would_take_much_memory_is_refused_before_it_is_decoded(
    samples: object, rate: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = encoded(samples, rate, "WAV")
    monkeypatch.setattr(soundfile.SoundFile, "read", unread)
    with pytest.raises(VoiceError) as caught:
        decoded(data, 60)
    assert str(caught.value) == told


def test_a_flac_without_its_length_is_refused() -> None:
    data = bytearray(encoded(np.zeros(8_000), 8_000, "FLAC"))
    data[21] &= 0xF0  # the number of samples, 36 bits, is 0: unknown
    data[22:26] = bytes(4)
    with pytest.raises(VoiceError, match="its sound does not say how long it is"):
        decoded(bytes(data), 60)


@pytest.mark.parametrize("sample", [np.nan, np.inf])
def test_samples_that_are_no_numbers_are_refused(sample: float) -> None:
    file = BytesIO()
    soundfile.write(file, np.array([0.5, sample]), 8_000, format="WAV", subtype="FLOAT")
    with pytest.raises(VoiceError, match="there are samples in it that are no numbers"):
        decoded(file.getvalue(), 60)
