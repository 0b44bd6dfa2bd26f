"""An EbookLib book → an EPUB file (OCF 3.3 §4), reproducible byte for byte.

EbookLib's writer deflates everything, holds it in memory and writes the present time; this one copies audio
and images from disk as they are, and gives every entry the same time.
"""

from __future__ import annotations

import datetime
import errno
import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from ebooklib import epub
from lxml import etree

from hakawati.common import zip_entries as zipped
from hakawati.epub.package import FileItem

_BLOCK = 1 << 20
"""Bytes that are copied at a time."""
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write(
    book: epub.EpubBook, path: Path, modified: int, digests: Mapping[Path, str] = MappingProxyType({})
) -> None:
    """Write the EPUB to `path`; the same arguments give the same bytes. Raises `OSError`.

    `book`: as `package.package` gives it; `modified`: seconds since the epoch, for `dcterms:modified`;
    `digests`: SHA-256 in hexadecimal of files that are packed. `OSError` also where a file has another
    content than its digest says.
    """
    time = datetime.datetime.fromtimestamp(modified, datetime.UTC)
    options: dict[str, object] = {
        "epub2_guide": False,
        "epub3_pages": False,
        "epub3_landmark": False,
        "mtime": time,
    }
    options["play_order"] = {"enabled": True, "start_from": 1}
    _ContainerWriter(str(path), book, options, digests).write()


class _ZipOutput:
    """The zip file, with the methods that EbookLib's writer calls."""

    def __init__(self, archive: zipfile.ZipFile, digests: Mapping[Path, str]) -> None:
        self.archive = archive
        self.digests = digests

    def writestr(self, name: str, data: str | bytes, stored: bool = False) -> None:
        self.archive.writestr(zipped.entry(name, stored=stored), data)

    def copy(self, name: str, path: Path) -> None:
        entry = zipped.entry(name, stored=True)
        entry.file_size = path.stat().st_size
        total = hashlib.sha256()
        with path.open("rb") as source, self.archive.open(entry, "w") as target:
            while block := source.read(_BLOCK):
                total.update(block)
                target.write(block)
        if self.digests.get(path, total.hexdigest()) != total.hexdigest():
            message = "it is not what was made; the EPUB was left as it was (hakawati build --verify)"
            raise OSError(errno.EIO, message, str(path))


class _ContainerWriter(epub.EpubWriter):  # type: ignore[misc]
    def __init__(
        self, name: str, book: epub.EpubBook, options: dict[str, object], digests: Mapping[Path, str]
    ) -> None:
        super().__init__(name, book, options)
        self.digests = digests

    def write(self) -> None:
        with zipfile.ZipFile(self.file_name, "w") as archive:
            self.out = _ZipOutput(archive, self.digests)
            self.out.writestr("mimetype", "application/epub+zip", stored=True)
            self._write_container()
            self._write_opf()
            self._write_items()

    def _write_opf_file(self, root: etree._Element) -> None:
        root.set(_XML_LANG, self.book.language)
        root.set("dir", self.book.direction)
        super()._write_opf_file(root)

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
