"""The sound in an EPUB, decoded in blocks, whatever it is packed as."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING

from hakawati.check.archive import Archive
from hakawati.check.printable_text import printable
from hakawati.common.decoding import DamagedError, blocks
from hakawati.errors import BookError
from hakawati.model import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.int16]
    """(samples,): mono, at `SAMPLE_RATE`."""

LONGEST = 50 * 3600
"""Seconds. A small file can hold days of silence."""
_BY_AV = (".m4a", ".mp4", ".m4b", ".aac")
"""What libsndfile does not read, and FFmpeg's libraries do."""
_AGAIN = "export it again, as MP3 or AAC"


class MissingDecoderError(Exception):
    """This machine lacks what decodes a file; the message says what helps."""


def decode_audio(archive: Archive, entry: str) -> Iterator[Samples]:
    """An audio file's sound, in blocks. Raises `BookError`; `MissingDecoderError`.

    The file is copied to one without a name first, since decoders go back and forth in it.
    """
    with tempfile.TemporaryFile() as file:
        archive.copy(entry, file)
        file.seek(0)
        samples = 0
        try:
            for block in (_decode_with_av if entry.lower().endswith(_BY_AV) else _decode_with_soundfile)(
                file
            ):
                samples += len(block)
                if samples > LONGEST * SAMPLE_RATE:
                    message = f"it is longer than {LONGEST // 3600} hours, and is not listened to further"
                    raise BookError([archive.wrong(entry, message, "divide it into chapters")])
                yield block
        except DamagedError:
            kind = printable(PurePosixPath(entry).suffix[1:].upper() or "sound", 20)
            message = f"it cannot be decoded: it is no {kind}, or a damaged one"
            raise BookError([archive.wrong(entry, message, _AGAIN)]) from None
    if not samples:
        raise BookError([archive.wrong(entry, "there is no sound in it", _AGAIN)])


def _decode_with_soundfile(file: IO[bytes]) -> Iterator[Samples]:
    yield from map(_to_int16, blocks(file))


def _to_int16(sound: NDArray[np.float32]) -> Samples:
    import numpy as np

    made: Samples = np.clip(np.rint(sound * 32768), -32768, 32767).astype(np.int16)
    return made


def _decode_with_av(file: IO[bytes]) -> Iterator[Samples]:
    import numpy as np

    try:
        import av
    except ImportError:
        raise MissingDecoderError("pip install 'hakawati[m4a]'") from None
    try:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
        with av.open(file, "r") as opened:
            for frame in opened.decode(audio=0):
                yield from (
                    np.ravel(made.to_ndarray()).astype(np.int16) for made in resampler.resample(frame)
                )
            yield from (np.ravel(made.to_ndarray()).astype(np.int16) for made in resampler.resample(None))
    except (av.FFmpegError, IndexError, ValueError, MemoryError):
        raise DamagedError from None
