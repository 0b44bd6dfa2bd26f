"""The sound in an EPUB, decoded in blocks, whatever it is packed as."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from hakawati.check.archive import Archive
from hakawati.check.printable_text import printable
from hakawati.common.decoding import DamagedError, decode
from hakawati.errors import BookError
from hakawati.model import SAMPLE_RATE

LONGEST = 50 * 3600
"""Seconds. A small file can hold days of silence."""
_AGAIN = "export it again, as MP3 or AAC"


def decode_audio(archive: Archive, entry: str) -> Iterator[bytes]:
    """An audio file's sound in blocks: signed 16-bit little-endian mono PCM at `SAMPLE_RATE`.

    Raises `BookError`; `MissingDecoderError`.

    The file is copied to one without a name first, since decoders go back and forth in it.
    """
    with tempfile.TemporaryFile() as file:
        archive.copy(entry, file)
        file.seek(0)
        samples = 0
        suffix = PurePosixPath(entry).suffix
        try:
            for pcm in decode(file, suffix):
                samples += len(pcm) // 2
                if samples > LONGEST * SAMPLE_RATE:
                    message = f"it is longer than {LONGEST // 3600} hours, and is not listened to further"
                    raise BookError([archive.wrong(entry, message, "divide it into chapters")])
                yield pcm
        except DamagedError:
            kind = printable(suffix[1:].upper() or "sound", 20)
            message = f"it cannot be decoded: it is no {kind}, or a damaged one"
            raise BookError([archive.wrong(entry, message, _AGAIN)]) from None
    if not samples:
        raise BookError([archive.wrong(entry, "there is no sound in it", _AGAIN)])
