"""A book's MP3s → one audiobook file with chapters and a cover, `.m4b`: AAC in MPEG-4, for Apple's players.

The audio is encoded again: MP3 is allowed in MPEG-4, but the players that want this format play AAC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from hakawati.model import SAMPLE_RATE, Metadata, Track

if TYPE_CHECKING:
    from av import AudioFrame
    from av.container.core import Chapter

_FRAME = 1024
"""Samples in a frame of AAC."""


def write(
    path: Path,
    meta: Metadata,
    tracks: Sequence[Track],
    *,
    narrators: Sequence[str],
    cover: bytes,
    audio: Callable[[str], Path],
    bitrate: int,
) -> None:
    """Write the audiobook to `path`. Raises `OSError`.

    `tracks`: in reading order, durations in samples; `cover`: a JPEG, or empty; `audio`: the MP3 of the track
    of a name; `bitrate`: in kbit/s. The same arguments give the same bytes, with the same FFmpeg.
    """
    import av

    try:
        _encode(path, tracks, audio, bitrate)
    except av.FFmpegError as error:  # which is an `OSError` for some causes only
        raise OSError(error.errno, error.strerror, str(path)) from None
    _tag(path, meta, narrators, cover)


def _encode(file: Path, tracks: Sequence[Track], audio: Callable[[str], Path], bitrate: int) -> None:
    import av

    # Without `bitexact` it would tell the time at which it was made.
    options = {"fflags": "+bitexact", "movflags": "+faststart"}
    with av.open(str(file), "w", format="ipod", options=options) as made:
        stream = made.add_stream("aac", rate=SAMPLE_RATE, layout="mono")
        assert isinstance(stream, av.AudioStream)
        stream.bit_rate = bitrate * 1000
        stream.codec_context.flags |= av.codec.context.Flags.bitexact
        made.set_chapters(_chapters(tracks))
        for frame in _sound(audio(track.name) for track in tracks):
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))


def _chapters(tracks: Sequence[Track]) -> list[Chapter]:
    ends = list(accumulate(track.duration for track in tracks))
    return [
        {
            "id": number,
            "start": end - track.duration,
            "end": end,
            "time_base": Fraction(1, SAMPLE_RATE),
            "metadata": {"title": track.title},
        }
        for number, (track, end) in enumerate(zip(tracks, ends, strict=True))
    ]


def _sound(files: Iterator[Path]) -> Iterator[AudioFrame]:
    """The sound of MP3s, one after the other, in frames as the encoder takes them."""
    import av

    resampler = av.AudioResampler(format="fltp", layout="mono", rate=SAMPLE_RATE, frame_size=_FRAME)
    for file in files:
        with av.open(str(file)) as opened:
            for frame in opened.decode(audio=0):
                frame.pts = None  # counted on by the encoder
                yield from resampler.resample(frame)
    yield from resampler.resample(None)


def _tag(file: Path, meta: Metadata, narrators: Sequence[str], cover: bytes) -> None:
    from mutagen.mp4 import MP4, MP4Cover

    opened = MP4(file)
    title = meta.title_in(meta.original)
    tags = {
        "\xa9nam": [title],
        "\xa9alb": [title],
        "\xa9ART": list(meta.authors or narrators),
        "aART": list(meta.authors),
        "\xa9wrt": list(narrators),  # where players of audiobooks look for the narrator
        "\xa9day": [meta.date] if meta.date else [],
        "desc": [meta.description] if meta.description else [],
        "cprt": [meta.rights] if meta.rights else [],
        "stik": [2],  # an audiobook
        "covr": [MP4Cover(cover, MP4Cover.FORMAT_JPEG)] if cover else [],
    }
    for name, values in tags.items():
        if values:
            opened[name] = values
    opened.save()
