"""Features of speech: log spectra, and cepstra that compare across voices, rooms and microphones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Spectra = NDArray[np.float16]
"""(frames, BANDS): natural logarithm of the power in each band, one frame every `HOP` seconds."""

HOP = 0.005
"""Seconds from frame to frame; frame n is centred on n * HOP."""
WINDOW = 0.020
"""Seconds of sound in a frame."""
BANDS = 26
CEPSTRA = 13
_LOW = 80.0
_HIGH = 7000.0
_BLOCK = 1024
"""Frames worked on at once."""
_HIGH_RATE = 32_000
"""Hz. From here on two samples are taken as one: nothing above 7 kHz is looked at."""


def spectra(blocks: Iterable[bytes], rate: int, top: float) -> Spectra:
    """The spectra of signed 16-bit mono PCM that comes in blocks of any size.

    `top` is the highest frequency looked at, in Hz; both sides of a comparison need the same one. There are
    samples // (rate * HOP) + 1 frames; around the sound there is silence.
    """
    while rate >= _HIGH_RATE:
        blocks = _halved(blocks)
        rate //= 2
    width = round(WINDOW * rate)
    step = HOP * rate
    window = np.hanning(width + 2)[1:-1].astype(np.float32)
    size = 1 << (width - 1).bit_length()
    bank = _filters(size, rate, top)
    made: list[Spectra] = []
    ahead = np.zeros(width // 2, np.float32)  # sound from sample `at` on that is not used up
    at = -(width // 2)
    frame = 0
    for block in _regular(blocks, int(_BLOCK * step)):
        last = len(block) == 0
        end = at + len(ahead)
        fresh = np.zeros(width, np.float32) if last else block
        ahead = np.concatenate([ahead, fresh])
        stop = int(end // step) + 1 if last else int((end + len(block) - width // 2 - 1) // step)
        if stop > frame:
            begins = np.rint(np.arange(frame, stop) * step).astype(np.int64) - width // 2
            frames = np.lib.stride_tricks.sliding_window_view(ahead, width)[begins - at] * window
            spectrum = np.fft.rfft(frames, size)
            power = spectrum.real**2 + spectrum.imag**2
            made.append(np.log(power.astype(np.float32) @ bank + 1.0).astype(np.float16))
            frame = stop
            done = round(stop * step) - width // 2 - at
            ahead, at = ahead[done:], at + done
    return np.concatenate(made) if made else np.zeros((0, BANDS), np.float16)


def _regular(blocks: Iterable[bytes], size: int) -> Iterator[Floats]:
    """The samples in blocks of at least `size` but for the last, then an empty block."""
    held: list[bytes] = []
    length = 0
    for block in blocks:
        for begin in range(0, len(block), 4 * size):
            part = block[begin : begin + 4 * size]
            held.append(part)
            length += len(part)
            if length >= 2 * size:
                joined = b"".join(held)
                yield _samples(joined)
                held, length = [joined[len(joined) & ~1 :]], len(joined) & 1
    if length >= 2:
        yield _samples(b"".join(held))
    yield np.zeros(0, np.float32)


def _samples(pcm: bytes) -> Floats:
    return np.frombuffer(pcm[: len(pcm) & ~1], "<i2").astype(np.float32)


def _halved(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """PCM at half the rate, by the mean of two neighbours."""
    rest = b""
    for block in blocks:
        joined = rest + block
        whole = len(joined) & ~3
        rest = joined[whole:]
        pairs = np.frombuffer(joined[:whole], "<i2").reshape(-1, 2)
        yield ((pairs[:, 0].astype(np.int32) + pairs[:, 1]) >> 1).astype("<i2").tobytes()


def _filters(size: int, rate: int, top: float) -> Floats:
    """(size // 2 + 1, BANDS): triangles that stand at equal distances on the mel scale."""
    mels = np.linspace(_mel(_LOW), _mel(min(top, _HIGH, 0.48 * rate)), BANDS + 2)
    edges = 700 * (10 ** (mels / 2595) - 1)
    edges = np.maximum.accumulate(edges)
    at = np.arange(size // 2 + 1)[:, None] * rate / size
    low, centre, high = edges[:-2], edges[1:-1], edges[2:]
    width = rate / size  # a triangle narrower than a bin would hear nothing
    rise = (at - low + width / 2) / np.maximum(centre - low, width)
    fall = (high - at + width / 2) / np.maximum(high - centre, width)
    return np.clip(np.minimum(rise, fall), 0, 1).astype(np.float32)


def _mel(frequency: float) -> float:
    return float(2595 * np.log10(1 + frequency / 700))


@dataclass(frozen=True, slots=True)
class CepstralTransform:
    """How spectra become cepstra: the voice's level in each band, and the floor under which is noise."""

    level: Floats
    """(BANDS,): log power of the speech."""
    floor: Floats
    """(BANDS,): power of the noise, as part of the speech's; it is added."""
    turn: Floats
    """(CEPSTRA, CEPSTRA): what is made of the cepstra of power, as a product from the right."""
    shift: Floats
    """(CEPSTRA,): what is added to that."""

    def cepstra(self, spectra: Spectra) -> Floats:
        """(frames, CEPSTRA)."""
        power = np.exp(spectra.astype(np.float32) - self.level)
        power += self.floor
        made: Floats = np.log(power) @ (_COSINES @ self.turn)
        made += self.shift
        return made

    def mapped(self, turn: Floats, shift: Floats) -> CepstralTransform:
        """The transform that gives `cepstra @ turn + shift` where this one gives cepstra."""
        return CepstralTransform(self.level, self.floor, self.turn @ turn, self.shift @ turn + shift)

    def silence(self, floor: Floats) -> Floats:
        """(CEPSTRA,): the cepstra of a silence whose noise has the power `floor`, (BANDS,)."""
        made: Floats = np.log(floor) @ (_COSINES @ self.turn) + self.shift
        return made


def _cosines() -> Floats:
    """(BANDS, CEPSTRA): the discrete cosine transform, orthonormal."""
    n, k = np.arange(BANDS)[:, None], np.arange(CEPSTRA)
    base = np.cos(np.pi * (n + 0.5) * k / BANDS) * np.sqrt(2 / BANDS)
    base[:, 0] /= np.sqrt(2)
    made: Floats = base.astype(np.float32)
    return made


_MIDDLE = np.float32(16)  # logarithms go from 0 to some 32; powers should not leave the range of float32
_COSINES = _cosines()
_RANGE = 1e-4
"""What is this much weaker than the speech, in power, is not heard."""


def cepstral_transforms(
    recording: Spectra, reference: Spectra
) -> tuple[CepstralTransform, CepstralTransform]:
    """Transforms that make the two alike: level and noise the same in every band, same mean and spread."""
    theirs, ours = _level(recording), _level(reference)
    noise = np.minimum(np.maximum(np.exp(_quiet(recording) - theirs), _RANGE), 0.5).astype(np.float32)
    made = []
    for spectra, level, floor in ((recording, theirs, noise), (reference, ours, 2 * noise)):
        transform = CepstralTransform(
            level, floor, np.eye(CEPSTRA, dtype=np.float32), np.zeros(CEPSTRA, np.float32)
        )
        heard = transform.cepstra(spectra[_loud(spectra)])
        scale = 1 / np.maximum(heard.std(axis=0), 0.05)
        made.append(transform.mapped(np.diag(scale), -heard.mean(axis=0) * scale))
    return made[0], made[1]


def loudness(spectra: Spectra) -> Floats:
    """(frames,): log power of all bands together."""
    every = np.full(BANDS, np.exp(_MIDDLE), np.float32)
    blocks = (spectra[i : i + _BLOCK] for i in range(0, len(spectra), _BLOCK))
    total: Floats = np.log(np.concatenate([np.exp(b.astype(np.float32) - _MIDDLE) @ every for b in blocks]))
    return total


def _loud(spectra: Spectra) -> NDArray[np.intp]:
    """The frames that are speech: not 30 dB weaker than the loudest twentieth."""
    loud = loudness(spectra)
    found: NDArray[np.intp] = np.flatnonzero(loud > np.quantile(loud, 0.95) - 6.9)
    return found[:: max(1, len(found) // 20_000)]


def _level(spectra: Spectra) -> Floats:
    speech = spectra[_loud(spectra)].astype(np.float64)
    level: Floats = np.log(np.exp(speech).mean(axis=0)).astype(np.float32)
    return level


def _quiet(spectra: Spectra) -> Floats:
    """(BANDS,): log power of the recording's background, from its quietest twentieth."""
    loud = loudness(spectra)
    audible = loud > np.quantile(loud, 0.95) - 18  # digital silence tells nothing of the room
    quiet = spectra[audible & (loud <= np.quantile(loud[audible], 0.05))].astype(np.float64)
    level: Floats = np.log(np.exp(quiet).mean(axis=0)).astype(np.float32)
    return level


STRIDE = 16
"""Fine frames in a coarse one."""
_DELTA = 4
"""Frames before and after, between which change is measured."""


def coarse_features(transform: CepstralTransform, spectra: Spectra) -> Floats:
    """(frames / STRIDE, 2 * CEPSTRA): the first and the second half of every coarse frame.

    Each is a mean that reaches into its neighbours, so that it matters little where the frames begin.
    """
    parts = []
    for begin in range(0, len(spectra), 1024 * STRIDE):
        x = transform.cepstra(spectra[begin : begin + 1024 * STRIDE])
        parts.append(x.reshape(-1, STRIDE // 2, CEPSTRA).mean(axis=1))
    halves = np.pad(np.concatenate(parts), ((1, 1), (0, 0)), mode="edge")
    made: Floats = (halves[:-2] + halves[2:]) / 4 + halves[1:-1] / 2
    return made.reshape(-1, 2 * CEPSTRA)


def fine_features(transform: CepstralTransform, spectra: Spectra, at: NDArray[np.intp]) -> Floats:
    """(len(at), 2 * CEPSTRA): the cepstra of chosen frames, and how they are changing there."""
    low, high = int(at.min()) - _DELTA, int(at.max()) + _DELTA + 1
    x = transform.cepstra(spectra[np.clip(np.arange(low, high), 0, len(spectra) - 1)])
    return np.hstack([x[at - low], x[at - low + _DELTA] - x[at - low - _DELTA]])
