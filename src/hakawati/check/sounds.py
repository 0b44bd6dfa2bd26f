"""The sound in an EPUB, decoded in blocks, whatever it is packed as."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from hakawati.check.archive import Archive
from hakawati.check.shown import shown
from hakawati.errors import BookError
from hakawati.model import SAMPLE_RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.int16]
    """(samples,): mono, at `SAMPLE_RATE`."""

_BLOCK = 56 * 1152
"""Samples that are decoded at once: of an MP3 a whole number of frames, since soundfile seeks after each
block, and libmpg123 complains aloud of a place inside of one."""
_LONGEST = 50 * 3600
"""Seconds. A small file can hold days of silence."""
_BY_AV = (".m4a", ".mp4", ".m4b", ".aac")
"""What libsndfile does not read, and FFmpeg's libraries do."""


class CannotDecodeError(Exception):
    """This machine lacks what decodes a file; the message says what helps."""


def decoded(archive: Archive, entry: str) -> Iterator[Samples]:
    """An audio file's sound, in blocks. Raises `BookError`; `CannotDecodeError`.

    The file is copied to one without a name first, since decoders go back and forth in it.
    """
    with tempfile.TemporaryFile() as file:
        archive.copy(entry, file)
        file.seek(0)
        samples = 0
        try:
            for block in (_by_av if entry.lower().endswith(_BY_AV) else _by_soundfile)(file):
                samples += len(block)
                if samples > _LONGEST * SAMPLE_RATE:
                    message = f"it is longer than {_LONGEST // 3600} hours, and is not listened to further"
                    raise BookError([archive.wrong(entry, message, "divide it into chapters")])
                yield block
        except _DamagedError as error:
            reason = shown(str(error).strip().rstrip("."), 120)
            hint = "make it anew, as MP3 or AAC"
            raise BookError([archive.wrong(entry, f"it cannot be decoded ({reason})", hint)]) from None
    if not samples:
        raise BookError([archive.wrong(entry, "there is no sound in it", "make it anew, as MP3 or AAC")])


class _DamagedError(Exception):
    pass


def _by_soundfile(file: IO[bytes]) -> Iterator[Samples]:
    import numpy as np
    import soundfile
    import soxr

    try:
        with soundfile.SoundFile(file) as opened:
            # Not `opened.blocks`: it goes on to the length that libsndfile reckons from the file's size, with
            # its tags, and repeats itself where the sound is over.
            if opened.samplerate == SAMPLE_RATE and opened.channels == 1:
                while len(block := opened.read(_BLOCK, dtype="int16")):
                    yield block
                return
            resampler = soxr.ResampleStream(opened.samplerate, SAMPLE_RATE, 1, dtype="float32")
            while len(block := opened.read(_BLOCK, dtype="float32", always_2d=True)):
                yield _whole(resampler.resample_chunk(block.mean(axis=1)))
            yield _whole(resampler.resample_chunk(np.zeros(0, np.float32), last=True))
    except (soundfile.LibsndfileError, RuntimeError, ValueError, MemoryError) as error:
        raise _DamagedError(str(getattr(error, "error_string", error))) from None


def _whole(sound: NDArray[np.float32]) -> Samples:
    import numpy as np

    made: Samples = np.clip(np.rint(sound * 32768), -32768, 32767).astype(np.int16)
    return made


def _by_av(file: IO[bytes]) -> Iterator[Samples]:
    import numpy as np

    try:
        import av
    except ImportError:
        raise CannotDecodeError("pip install 'hakawati[m4a]'") from None
    try:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
        with av.open(file, "r") as opened:
            for frame in opened.decode(audio=0):
                yield from (
                    np.ravel(made.to_ndarray()).astype(np.int16) for made in resampler.resample(frame)
                )
            yield from (np.ravel(made.to_ndarray()).astype(np.int16) for made in resampler.resample(None))
    except (av.FFmpegError, IndexError, ValueError, MemoryError) as error:
        raise _DamagedError(str(getattr(error, "strerror", None) or error)) from None
