"""An EbookLib book → an EPUB file (OCF 3.3 §4), reproducible byte for byte.

EbookLib's writer deflates everything, holds it in memory and stamps the present time; this one copies audio
and images from disk as they are, gives every entry the same time, and lets the file appear whole or not
at all.
"""

from __future__ import annotations

import datetime
import shutil
import zipfile
from pathlib import Path

from ebooklib import epub
from lxml import etree

from hakawati import zipped
from hakawati.epub.package import FileItem
from hakawati.store import replacing

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def write(book: epub.EpubBook, path: Path, modified: int) -> None:
    """Write the EPUB; an older file is replaced only by a whole one. Raises `OSError`.

    `modified`: seconds since the epoch, for `dcterms:modified`.
    """
    time = datetime.datetime.fromtimestamp(modified, datetime.UTC)
    options = {"epub2_guide": False, "epub3_pages": False, "epub3_landmark": False, "mtime": time}
    with replacing(path) as temporary:
        _Writer(str(temporary), book, {**options, "play_order": {"enabled": True, "start_from": 1}}).write()


class _Out:
    """The zip file as EbookLib's writer knows it."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive

    def writestr(self, name: str, data: str | bytes, stored: bool = False) -> None:
        self.archive.writestr(zipped.entry(name, stored=stored), data)

    def copy(self, name: str, path: Path) -> None:
        entry = zipped.entry(name, stored=True)
        entry.file_size = path.stat().st_size
        with path.open("rb") as source, self.archive.open(entry, "w") as target:
            shutil.copyfileobj(source, target, 1 << 20)


class _Writer(epub.EpubWriter):  # type: ignore[misc]
    def write(self) -> None:
        with zipfile.ZipFile(self.file_name, "w") as archive:
            self.out = _Out(archive)
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
