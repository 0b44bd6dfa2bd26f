"""EPUBs that were made to do harm, or badly."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

CONTAINER = """<?xml version="1.0"?>
<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles><rootfile full-path="EPUB/content.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>"""
PACKAGE = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A Book</dc:title><dc:language>en</dc:language>
<meta property="media:duration" refines="#o">2.000s</meta><meta property="media:duration">2.000s</meta>
<meta property="media:active-class">lit</meta></metadata>
<manifest><item id="t" href="text.xhtml" media-type="application/xhtml+xml" media-overlay="o"/>
<item id="o" href="text.smil" media-type="application/smil+xml"/>
<item id="a" href="text.wav" media-type="audio/wav"/></manifest>
<spine><itemref idref="t"/></spine></package>"""
TEXT = """<html xmlns="http://www.w3.org/1999/xhtml"><body><p id="p">One two three.</p></body></html>"""
SMIL = """<smil xmlns="http://www.w3.org/ns/SMIL" version="3.0"><body>
<par><text src="text.xhtml#p"/><audio src="text.wav" clipBegin="0s" clipEnd="2s"/></par></body></smil>"""
_BYTES = 2 * 2 * 24_000
WAV = struct.pack(
    "<4sL4s4sLHHLLHH4sL",
    b"RIFF",
    36 + _BYTES,
    b"WAVE",
    b"fmt ",
    16,
    1,
    1,
    24_000,
    48_000,
    2,
    16,
    b"data",
    _BYTES,
)
WAV += bytes(_BYTES)
FILES: Mapping[str, str | bytes] = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": CONTAINER,
    "EPUB/content.opf": PACKAGE,
    "EPUB/text.xhtml": TEXT,
    "EPUB/text.smil": SMIL,
    "EPUB/text.wav": WAV,
}


def epub(path: Path, changed: Mapping[str, str | bytes | None] = {}, *, deflated: bool = False) -> Path:
    """A small book; `changed`: files that are others, None where there is none."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as archive:
        for name, data in {**FILES, **changed}.items():
            if data is not None:
                archive.writestr(name, data)
    return path
