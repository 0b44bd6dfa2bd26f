"""An EbookLib book → an EPUB file (OCF 3.3 §4), reproducible byte for byte.

EbookLib's writer deflates everything, holds it in memory and writes the present time; this one copies audio
and images from disk as they are, and gives every entry the same time.
"""

from __future__ import annotations

import datetime
import errno
import hashlib
import os
import zipfile
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType

from ebooklib import epub
from lxml import etree

from hakawati.common import zip_entries as zipped
from hakawati.common.stamps import ChangedFileError
from hakawati.epub.package import FileItem

_BLOCK = 1 << 20
"""Bytes that are copied at a time."""
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write(
    book: epub.EpubBook, path: Path, modified: int, digests: Mapping[Path, str] = MappingProxyType({})
) -> str:
    """Write the EPUB to `path`; the same arguments give the same bytes. Raises `OSError`.

    `book`: as `package.package` gives it; `modified`: seconds since the epoch, for `dcterms:modified`;
    `digests`: SHA-256 in hexadecimal of files that are packed. Raises `ChangedFileError` where a file has
    another content than its digest says. Returns the SHA-256 of the EPUB in hexadecimal.
    """
    time = datetime.datetime.fromtimestamp(modified, datetime.UTC)
    options: dict[str, object] = {
        "epub2_guide": False,
        "epub3_pages": False,
        "epub3_landmark": False,
        "mtime": time,
    }
    options["play_order"] = {"enabled": True, "start_from": 1}
    with ExitStack() as files:
        out = _ZipOutput(path, digests, files)
        _ContainerWriter(str(path), book, options, out).write()
        return out.finish()


class _ZipOutput:
    """The zip file, with the methods that EbookLib's writer calls.

    What is copied is digested, and what was written, entry by entry, is digested too, each by a thread beside
    the one that copies: together they are most of the time of an edit in a long book.
    """

    def __init__(self, path: Path, digests: Mapping[Path, str], files: ExitStack) -> None:
        """`files`: closes what is open."""
        self.digests = digests
        self.archive = files.enter_context(zipfile.ZipFile(path, "w"))
        self._written = files.enter_context(path.open("rb", buffering=0))
        self._copying = files.enter_context(ThreadPoolExecutor(1))
        self._digesting = files.enter_context(ThreadPoolExecutor(1))
        self._digested: list[Future[None]] = []
        self._block, self._digest = memoryview(bytearray(_BLOCK)), hashlib.sha256()

    def writestr(self, name: str, data: str | bytes, stored: bool = False) -> None:
        self.archive.writestr(zipped.entry(name, stored=stored), data)

    def copy(self, name: str, path: Path) -> None:
        entry = zipped.entry(name, stored=True)
        entry.file_size = path.stat().st_size
        digest = hashlib.sha256()
        with path.open("rb", buffering=0) as source, self.archive.open(entry, "w") as target:
            while block := self._block[: source.readinto(self._block)]:
                digested = self._copying.submit(digest.update, block)
                target.write(block)
                digested.result()
        if self.digests.get(path, digest.hexdigest()) != digest.hexdigest():
            message = "it is not what was made; the EPUB was left as it was (hakawati build --verify)"
            raise ChangedFileError(errno.EIO, message, str(path))
        self._digest_written()

    def finish(self) -> str:
        """Write the end of the file; returns the digest of all of it."""
        self.archive.close()
        self._digest_written()
        for digested in self._digested:
            digested.result()
        return self._digest.hexdigest()

    def _digest_written(self) -> None:
        """Have digested what was written: nothing of it is going to change."""
        end = os.fstat(self._written.fileno()).st_size
        self._digested.append(self._digesting.submit(self._digest_up_to, end))

    def _digest_up_to(self, end: int) -> None:
        block = memoryview(bytearray(_BLOCK))
        while read := self._written.readinto(block[: end - self._written.tell()]):
            self._digest.update(block[:read])


class _ContainerWriter(epub.EpubWriter):  # type: ignore[misc]
    def __init__(self, name: str, book: epub.EpubBook, options: dict[str, object], out: _ZipOutput) -> None:
        super().__init__(name, book, options)
        self.out = out

    def write(self) -> None:
        self.out.writestr("mimetype", "application/epub+zip", stored=True)
        self._write_container()
        self._write_opf()
        self._write_items()

    def _write_opf_file(self, root: etree._Element) -> None:
        root.set(_XML_LANG, self.book.language)
        root.set("dir", self.book.direction)
        super()._write_opf_file(root)

    def _get_ncx(self) -> bytes:
        """With its depth, which EbookLib says to be 0."""
        root = etree.fromstring(super()._get_ncx())
        levels = (len(list(point.iterancestors("{*}navPoint"))) + 1 for point in root.iter("{*}navPoint"))
        (depth,) = (meta for meta in root.iter("{*}meta") if meta.get("name") == "dtb:depth")
        depth.set("content", str(max(levels, default=0)))
        return etree.tostring(root, encoding="utf-8", xml_declaration=True)

    def _write_items(self) -> None:
        folder = self.book.FOLDER_NAME
        for item in self.book.get_items():
            name = f"{folder}/{item.file_name}"
            if isinstance(item, FileItem):
                self.out.copy(name, item.path)
            elif isinstance(item, epub.EpubNcx):
                self.out.writestr(name, self._get_ncx())
            else:
                stored = str(item.media_type).startswith("image/")  # and compressed already
                self.out.writestr(name, item.get_content(), stored=stored)
