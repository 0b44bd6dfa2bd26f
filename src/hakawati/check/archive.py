"""The zip file of an EPUB that anyone may have made, read safely (OCF 3.3 §4).

Nothing is ever written under a name from the zip. How much there is to be read is known before it is read:
the directory's size before the directory, and every file is given up as soon as it is more than it may be,
whatever the directory says of it.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from hakawati.check.printable_text import printable
from hakawati.errors import BookError, Problem

MOST_FILES = 50_000
_MOST_DIRECTORY = 32 << 20
"""Bytes. Of 50,000 files with names of 600 characters."""
_MOST_DOCUMENT = 32 << 20
"""Bytes of a document, taken apart; the longest of books as one XHTML file has six million."""
_MOST_DOCUMENTS = 512 << 20
"""Bytes of all documents together."""
_MOST_AUDIO = 4 << 30
_MOST_RATIO, _FREE = 200, 4 << 20
"""Times that a file may be larger than what it is packed in; it does not count up to so many bytes. Text is
packed to a tenth, a table of repetitions to a hundredth; the most that the method can do is 1,032."""
_BLOCK = 1 << 20
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
"""What reading a damaged zip raises."""


class Archive:
    """An opened EPUB. `name` is its file, as the user named it."""

    def __init__(self, name: str, opened: zipfile.ZipFile) -> None:
        self.name = name
        self._zip = opened
        self._left = _MOST_DOCUMENTS
        self._files: dict[str, zipfile.ZipInfo] = {}
        self.twice: list[str] = []
        """Names that more than one file has; the last one's is what counts."""
        for info in opened.infolist():
            if info.is_dir():
                continue
            if info.filename in self._files:
                self.twice.append(info.filename)
            self._files[info.filename] = info

    def __contains__(self, entry: str) -> bool:
        return entry in self._files

    def names(self) -> list[str]:
        """All files, in the directory's order."""
        return list(self._files)

    def first(self) -> str:
        """The first file."""
        return next(iter(self._files), "")

    def wrong(self, entry: str, message: str, hint: str = "", line: int = 0) -> Problem:
        """A problem of a file in it, or of the whole where `entry` is empty."""
        return Problem(f"{self.name}/{printable(entry, 200)}" if entry else self.name, line, message, hint)

    def read(self, entry: str) -> bytes:
        """A document, whole. Raises `BookError`."""
        made = io.BytesIO()
        self._copy(entry, made, min(_MOST_DOCUMENT, self._left))
        self._left -= made.tell()
        return made.getvalue()

    def copy(self, entry: str, target: IO[bytes]) -> None:
        """Write an audio file's bytes to an open file, a block at a time. Raises `BookError`."""
        self._copy(entry, target, _MOST_AUDIO)

    def _copy(self, entry: str, target: IO[bytes], most: int) -> None:
        info = self._files.get(entry)
        if info is None:
            raise BookError([self.wrong(entry, "it is not in the EPUB", "pack the EPUB again")])
        if info.flag_bits & _ENCRYPTED:
            raise BookError(
                [self.wrong(entry, "it is encrypted", "a book is checked before it is protected")]
            )
        if info.compress_type not in _METHODS:
            hint = "pack the EPUB again, with deflate"
            raise BookError([self.wrong(entry, "it is packed in a way that EPUBs do not know", hint)])
        made = 0
        try:
            with self._zip.open(info) as source:
                while block := source.read(_BLOCK):
                    made += len(block)
                    if made > most:
                        raise BookError([self._too_large(entry, most)])
                    if made > _FREE and made > _MOST_RATIO * info.compress_size:
                        raise BookError([self._bomb(entry)])
                    target.write(block)
        except _BROKEN as error:
            raise BookError(
                [self.wrong(entry, f"it is damaged ({printable(str(error), 100)})", "pack the EPUB again")]
            ) from None

    def _too_large(self, entry: str, most: int) -> Problem:
        message = f"it is larger than {most >> 20} MB, and is not read"
        return self.wrong(entry, message, "divide it into chapters")

    def _bomb(self, entry: str) -> Problem:
        message = f"it is {_MOST_RATIO} times as large as what it is packed in, or more, and is not read"
        return self.wrong(entry, message, "this looks like a file made to fill a disk: do not open it")


@contextmanager
def open_archive(path: Path, name: str) -> Iterator[Archive]:
    """Open an EPUB. `name`: as the user named it. Raises `BookError` where it is none that can be read."""
    if not path.is_file():
        raise _refusal(name, "this is no file" if path.exists() else "there is no such file")
    try:
        file = path.open("rb")
    except OSError as error:
        raise _refusal(name, f"it cannot be read ({error.strerror})") from None
    with file:
        size = _directory_size(file)
        if size is None:
            raise _refusal(name, "this is no EPUB: it is no zip file, or its end is missing", "get it again")
        if size > _MOST_DIRECTORY:
            hint = "leave out what the book does not need"
            raise _refusal(name, f"the list of its files alone has {size >> 20} MB, and is not read", hint)
        try:
            made = zipfile.ZipFile(file)
        except _BROKEN as error:
            reason = printable(str(error), 100)
            raise _refusal(name, f"the list of its files is damaged ({reason})", "get it again") from None
        with made:
            count = len(made.infolist())
            if count > MOST_FILES:
                message = f"there are {count:,} files in it; more than {MOST_FILES:,} are not looked at"
                raise _refusal(name, message, "leave out what the book does not need")
            yield Archive(name, made)


def _refusal(name: str, message: str, hint: str = "") -> BookError:
    return BookError([Problem(name, 0, message, hint)])


_END, _END_SIZE = b"PK\x05\x06", 22
_LOCATOR, _END_64 = b"PK\x06\x07", b"PK\x06\x06"


def _directory_size(file: BinaryIO) -> int | None:
    """The size of the zip's directory as its end says, found as `zipfile` finds it; None without an end."""
    file.seek(0, io.SEEK_END)
    length = file.tell()
    begin = max(0, length - _END_SIZE - 0xFFFF)
    file.seek(begin)
    tail = file.read(_END_SIZE + 0xFFFF)
    at = len(tail) - _END_SIZE
    if at < 0:
        return None
    if not (tail.startswith(_END, at) and tail.endswith(b"\0\0")):
        at = tail.rfind(_END)
    if at < 0 or at + _END_SIZE > len(tail):
        return None
    size = int(struct.unpack_from("<L", tail, at + 12)[0])
    sizes = [size] if size != 0xFFFFFFFF else [0]
    file.seek(max(0, begin + at - 20))
    locator = file.read(20)
    if locator.startswith(_LOCATOR):
        # Where the locator says; and right before it, where `zipfile` looks.
        for place in (int(struct.unpack_from("<Q", locator, 8)[0]), begin + at - 76):
            file.seek(max(0, min(length, place)))
            end = file.read(56)
            if len(end) == 56 and end.startswith(_END_64):
                sizes.append(int(struct.unpack_from("<Q", end, 40)[0]))
    return max(sizes)
