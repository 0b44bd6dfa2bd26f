"""What the tests hear: MP3 decoded, and where in it a known sound begins."""

from __future__ import annotations

import io
from typing import cast

import numpy as np
import numpy.typing as npt
import soundfile

from hakawati.model import SAMPLE_RATE
from hakawati.narration.mp3 import FRAME_SAMPLES, frames

Samples = npt.NDArray[np.float64]


def decode(stream: bytes, bitrate: int = 64) -> Samples:
    """The samples of an MP3 stream, full scale 1; makes sure that the decoder lost and added none."""
    samples, rate = soundfile.read(io.BytesIO(stream), dtype="float64")
    assert rate == SAMPLE_RATE
    assert len(samples) == frames(stream, bitrate) * FRAME_SAMPLES
    return cast(Samples, samples)


def from_pcm(pcm: bytes) -> Samples:
    return np.frombuffer(pcm, "<i2") / 32768.0


def to_pcm(samples: Samples) -> bytes:
    return (np.clip(samples, -1, 1) * 32767).round().astype("<i2").tobytes()


def resample(samples: Samples, rate: int) -> Samples:
    """At 24 kHz, by the discrete Fourier transform; zeros around it, so that its ends do not meet."""
    padded = np.concatenate([samples, np.zeros(-len(samples) % rate + rate)])
    spectrum = np.fft.rfft(padded)
    count = len(padded) // rate * SAMPLE_RATE
    bins = count // 2 + 1
    fitted = np.zeros(bins, complex)
    fitted[: min(bins, len(spectrum))] = spectrum[:bins]
    stretched = np.fft.irfft(fitted, count) * (count / len(padded))
    return stretched[: round(len(samples) * SAMPLE_RATE / rate)]


def locate(sound: Samples, known: Samples) -> tuple[int, float]:
    """Where `known` fits best in `sound`, and how well: 1 where they are alike but for their loudness."""
    size = 1 << (len(sound) + len(known)).bit_length()
    product = np.fft.rfft(sound, size) * np.conj(np.fft.rfft(known, size))
    correlation = np.fft.irfft(product, size)[: len(sound) - len(known) + 1]
    at = int(correlation.argmax())
    there = sound[at : at + len(known)]
    power = float(np.sqrt((there**2).sum() * (known**2).sum()))
    return at, float(correlation[at]) / power if power else 0.0


def decibels(amplitude: float) -> float:
    return 20 * float(np.log10(amplitude)) if amplitude else -np.inf


def loudness(samples: Samples) -> float:
    """dB RMS relative to full scale."""
    return decibels(float(np.sqrt((samples**2).mean())))


def peak(samples: Samples) -> float:
    """dBFS."""
    return decibels(float(np.abs(samples).max(initial=0)))


def noise(seed: int, seconds: float, rate: int = SAMPLE_RATE) -> Samples:
    """A burst without a period, between 300 and 3,000 Hz, the same at every rate, that fades in and out."""
    random = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate)) / rate
    parts = [
        np.sin(2 * np.pi * hertz * t + phase)
        for hertz, phase in zip(random.uniform(300, 3000, 40), random.uniform(0, 6.3, 40), strict=True)
    ]
    return cast(Samples, np.sum(parts, axis=0) * np.sin(np.pi * t / seconds) ** 2 / 60)


def pitches(sound: Samples, at: npt.ArrayLike, rate: int = SAMPLE_RATE) -> Samples:
    """The voice's pitch in Hz in the 40 ms around each of these samples, by autocorrelation; 0 for none."""
    size = rate // 25
    padded = np.concatenate([np.zeros(size), sound, np.zeros(size)])
    begins = np.clip(np.asarray(at, int), 0, len(sound)) + size - size // 2
    windows = np.lib.stride_tricks.sliding_window_view(padded, size)[begins] * np.hanning(size)
    power = np.abs(np.fft.rfft(windows, 4 * size)) ** 2
    bell = np.fft.irfft(np.abs(np.fft.rfft(np.hanning(size), 4 * size)) ** 2)[: size // 2]
    alike = np.fft.irfft(power)[:, : size // 2] / bell
    alike /= np.maximum(alike[:, :1], 1e-12)
    lags = np.arange(rate // 400, size // 2 - 1)
    # The shortest period that is nearly as good as the best, at its own peak: never two of them.
    peaks = (alike[:, lags] >= alike[:, lags - 1]) & (alike[:, lags] >= alike[:, lags + 1])
    good = peaks & (alike[:, lags] >= 0.9 * np.where(peaks, alike[:, lags], 0).max(axis=1, keepdims=True))
    found = lags[good.argmax(axis=1)]
    rows = np.arange(len(found))
    before, here, after = (alike[rows, found + shift] for shift in (-1, 0, 1))
    bend = np.minimum(before - 2 * here + after, -1e-9)
    loud = (windows**2).mean(axis=1) > 0.01 * (windows**2).mean(axis=1).max()
    voiced = good.any(axis=1) & (here > 0.7) & loud
    return cast(Samples, np.where(voiced, rate / (found + (before - after) / (2 * bend)), 0.0))


def begins(sound: Samples, silence: float, rate: int = SAMPLE_RATE, quiet: float = 0.01) -> list[int]:
    """The samples at which there is sound, `quiet` of full scale, after so many seconds of none."""
    loud = np.flatnonzero(np.abs(sound) >= quiet)
    gaps = np.diff(loud, prepend=-len(sound))
    return [int(at) for at in loud[gaps > silence * rate]]
