"""The loudness of a clip, frame by frame before it is encoded, and its peak after it is decoded.

LAME keeps the power of a sound, to a few hundredths of a dB, but not its peaks, which it raises by up to
3 dB. So the frames in which the peak can be are decoded: a twentieth of them all, with the highest samples.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hakawati.model import STEP, STILL, Loudness
from hakawati.narration.mp3 import FRAME_SAMPLES, LEAD_IN, frames, separate

_FULL = 32768
_GAIN = 361, 400
"""What LAME makes of a sound's power: 0.95 squared, `mp3.LOSS`."""
_SHARE, _LEAST = 20, 12
"""One of so many frames is decoded, and no fewer than these. The peak that is found is the true one at 64
kbit/s and more, and at 32 at most 0.4 dB lower."""


@cache
def _bounds() -> NDArray[np.float64]:
    """The powers, sums over a frame, at which one byte of an envelope gives way to the next, rising."""
    middles = (STEP * (step + 0.5) for step in range(STILL - 1, -1, -1))
    # Whole numbers, and sums of whole numbers: every machine finds the same byte.
    return np.array([round(FRAME_SAMPLES * _FULL**2 * 10 ** (-below / 10)) for below in middles], np.float64)


class EnvelopeMeter:
    """Measures a sound on its way into an encoder."""

    def __init__(self) -> None:
        # Each frame is measured where it is heard, so behind the encoder's lead-in.
        self._rest = np.zeros(LEAD_IN, np.int16)
        self._powers: list[NDArray[np.float64]] = []
        self._peaks: list[NDArray[np.int32]] = []

    def passing(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The same blocks, signed 16-bit little-endian mono PCM; they are measured as they are taken."""
        for block in blocks:
            sound = np.concatenate([self._rest, np.frombuffer(block, "<i2")])
            whole = len(sound) // FRAME_SAMPLES * FRAME_SAMPLES
            self._measure(sound[:whole].reshape(-1, FRAME_SAMPLES))
            self._rest = sound[whole:]
            yield block

    def loudness(self, stream: bytes, bitrate: int) -> Loudness:
        """Of what has passed, as it is heard in `stream`, which was made of it."""
        count = frames(stream, bitrate)
        if not count:
            return Loudness()
        last = np.zeros((1, FRAME_SAMPLES), np.int16)
        last[0, : len(self._rest)] = self._rest
        self._measure(last)
        powers: NDArray[np.float64] = np.concatenate(self._powers)[:count]
        peaks = np.concatenate(self._peaks)[:count]
        gain, of = _GAIN
        envelope = np.full(count, STILL, np.uint8)
        envelope[: len(powers)] = STILL - _bounds().searchsorted(powers * (gain / of), side="right")
        peak = _peak(stream, bitrate, np.pad(peaks, (0, count - len(peaks))))
        return Loudness(envelope.tobytes(), int(powers.sum()) * gain // of, peak)

    def _measure(self, sound: NDArray[np.int16]) -> None:
        """(frames, samples)."""
        wide = sound.astype(np.float64)
        self._powers.append(np.einsum("fs,fs->f", wide, wide))
        self._peaks.append(
            np.maximum(sound.max(axis=1).astype(np.int32), -sound.min(axis=1).astype(np.int32))
        )


def _peak(stream: bytes, bitrate: int, peaks: NDArray[np.int32]) -> int:
    """The size of the highest sample of a stream; `peaks`: what its frames had before they were encoded."""
    import soundfile

    highest = np.sort(np.argsort(-peaks, kind="stable")[: max(_LEAST, len(peaks) // _SHARE)])
    # What a frame holds is heard in it and in the next one, so a peak may move into either neighbour.
    near = np.unique(np.clip(highest[:, None] + np.array([-1, 0, 1]), 0, len(peaks) - 1))
    cut, places = separate(stream, near.tolist(), bitrate)
    decoded, _ = soundfile.read(io.BytesIO(cut), dtype="float32")
    found = decoded.reshape(-1, FRAME_SAMPLES)[places]
    return round(float(np.abs(found).max()) * _FULL)
