"""MP3 frames that join as bytes (docs/design.md §4).

Mono, 24 kHz, constant bit rate, no Xing header: a frame is 576 samples, 24 ms, and 3 bytes for each
kbit/s, without padding. Streams encoded apart may be laid end to end, and decode sample for sample
in order; so a position in the file, a frame's number and a time are the same thing.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import lameenc

from hakawati.model import SAMPLE_RATE

FRAME_SAMPLES = 576
LEAD_IN = 1105
"""Samples from a stream's first frame to its signal: LAME's delay of 576 and the decoder's of 529.

It is the same with and without resampling, at every quality and bit rate."""
LOSS = 0.4455
"""dB by which LAME lowers what it is given: it multiplies by 0.95, at every bit rate."""
QUALITY = 7
"""LAME's -q: 0 is the slowest. Chosen by `benchmarks/quality.py`."""


def frame_bytes(bitrate: int) -> int:
    """Bytes of a frame, at a bit rate in kbit/s."""
    return bitrate * 1000 * FRAME_SAMPLES // (8 * SAMPLE_RATE)


def encode(pcm: bytes | Iterable[bytes], rate: int, bitrate: int) -> bytes:
    """A whole stream of frames for 16-bit mono PCM at `rate` Hz, resampled to 24 kHz where it differs.

    The sound may be given in blocks, so that it is never all in memory.
    """
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_in_sample_rate(rate)
    encoder.set_out_sample_rate(SAMPLE_RATE)
    encoder.set_bit_rate(bitrate)
    encoder.set_quality(QUALITY)
    blocks = [pcm] if isinstance(pcm, bytes) else pcm
    stream = b"".join([*(encoder.encode(block) for block in blocks), encoder.flush()])
    size = frame_bytes(bitrate)
    if len(stream) % size or any(stream[i : i + 2] != b"\xff\xf3" for i in range(0, len(stream), size)):
        raise ValueError(f"{len(stream)} bytes are not whole frames of {bitrate} kbit/s")
    return stream


@cache
def silence(bitrate: int) -> bytes:
    """One silent frame that points to no earlier data, and so may stand anywhere."""
    stream = encode(bytes(2 * FRAME_SAMPLES * 8), SAMPLE_RATE, bitrate)
    size = frame_bytes(bitrate)
    return stream[4 * size : 5 * size]


def frames(stream: bytes, bitrate: int) -> int:
    """The number of frames in a stream."""
    return len(stream) // frame_bytes(bitrate)


_HEAD = 13
"""Bytes of a mono frame's header and side information (ISO/IEC 13818-3 §2.4.1)."""
_BACK = 255
"""Bytes of earlier frames that a frame may use, at most: its main_data_begin has eight bits."""


def excerpt(stream: bytes, begin: int, end: int, bitrate: int) -> bytes:
    """A stream of its own with what is heard from sample `begin` of a stream to `end`, where more begins.

    It begins up to 170 ms earlier, since a frame is decoded out of those before it; but of a clip that was
    encoded apart, at its first frame. The silent frames at its end are left out.
    """
    size, count, silent = frame_bytes(bitrate), frames(stream, bitrate), silence(bitrate)

    def after_silence(n: int) -> bool:
        return n > 0 and stream[(n - 1) * size : n * size] == silent

    first = max(0, begin - LEAD_IN) // FRAME_SAMPLES
    earliest = max(0, first + -_BACK // (size - _HEAD))
    # The fifth byte is main_data_begin: what a frame uses of those before it.
    while first > earliest and stream[first * size + 4] and not after_silence(first):
        first -= 1
    last = count if end >= count * FRAME_SAMPLES else max(first, (end - LEAD_IN) // FRAME_SAMPLES)
    while last > first and after_silence(last):
        last -= 1
    return stream[first * size : last * size]


_WARM = 2
"""Frames that are decoded before another, so that it is right: their ends are heard in it."""


def separate(stream: bytes, wanted: Iterable[int], bitrate: int) -> tuple[bytes, list[int]]:
    """A shorter stream in which some frames sound as in the whole one, and their numbers in it.

    `wanted`: their numbers in the whole one, rising. Before each comes what it is decoded out of: two frames
    as they are, and those that hold data for these as carriers, which are silent but for others' data.
    """
    size, quiet = frame_bytes(bitrate), silence(bitrate)[4:_HEAD]
    reach = _WARM + -(-_BACK // (size - _HEAD))
    pieces: list[bytes] = []
    places: list[int] = []
    taken = 0
    for number in wanted:
        first = max(taken, number - _WARM)
        for other in range(max(taken, number - reach), first):
            frame = stream[other * size : (other + 1) * size]
            pieces.append(frame[:4] + quiet + frame[_HEAD:])
        pieces += [stream[other * size : (other + 1) * size] for other in range(first, number + 1)]
        places.append(len(pieces) - 1)
        taken = number + 1
    return b"".join(pieces), places
