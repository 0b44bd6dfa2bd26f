"""What LAME's quality setting costs and what it gains, on the voice's own speech.

    python benchmarks/quality.py

For each setting: how many times real time it encodes, and how far the decoded sound is from what was encoded,
as a log-spectral distance in dB, of the frames that are not silent.
"""

from __future__ import annotations

import io
import time
from unittest import mock

import numpy as np
import numpy.typing as npt
import soundfile

from hakawati.arabic.vowels import diacritize
from hakawati.model import SAMPLE_RATE, Speech
from hakawati.narration import mp3
from hakawati.narration.synthesis import _resampled
from hakawati.voices.espeak import Espeak
from long_book import sentences

Sound = npt.NDArray[np.float64]


def spectra(sound: Sound) -> Sound:
    """Power in dB by frame of 20 ms and frequency."""
    frame = SAMPLE_RATE // 50
    cut = sound[: len(sound) // frame * frame].reshape(-1, frame) * np.hanning(frame)
    return np.asarray(10 * np.log10(np.abs(np.fft.rfft(cut)) ** 2 + 1e-3))


def distance(original: Sound, decoded: Sound) -> float:
    """Log-spectral distance between 100 Hz and 8 kHz, in dB."""
    gain = np.dot(original, decoded) / np.dot(decoded, decoded)
    ours, theirs = spectra(original), spectra(decoded * gain)
    loud = ours.max(axis=1) > ours.max() - 50
    band = slice(2, 160)
    return float(np.sqrt(((ours - theirs)[loud, band] ** 2).mean(axis=1)).mean())


def main() -> None:
    voice = Espeak("ar")
    speeches: list[Speech] = [_resampled(voice.speak(diacritize(text))) for text in sentences(6_000)]
    for bitrate in (48, 64):
        for quality in (0, 2, 5, 7, 9):
            with mock.patch.object(mp3, "QUALITY", quality):
                begin = time.process_time()
                streams = [mp3.encode(speech.pcm, SAMPLE_RATE, bitrate) for speech in speeches]
                took = time.process_time() - begin
            total, far = 0.0, []
            for speech, stream in zip(speeches, streams, strict=True):
                original = np.frombuffer(speech.pcm, np.int16) / 32768
                decoded, _ = soundfile.read(io.BytesIO(stream))
                far.append(distance(original, decoded[mp3.LEAD_IN :][: len(original)]))
                total += len(original) / SAMPLE_RATE
            print(
                f"{bitrate} kbit/s, quality {quality}: {total / took:5.0f} × real time, {np.mean(far):.2f} dB"
            )


if __name__ == "__main__":
    main()
