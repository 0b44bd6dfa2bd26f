"""Small EPUBs, written where a test asks for them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

MIMETYPE = "application/epub+zip"
OPS = "http://www.idpf.org/2007/ops"
CONTAINER = """<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/content.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
ACCESSIBLE = """<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">Text.</meta>
"""
NAV = """<nav xmlns:epub="http://www.idpf.org/2007/ops" epub:type="toc" role="doc-toc"><h1>Contents</h1>
<ol><li><a href="one.xhtml">One</a></li></ol></nav>
"""


def page(body: str, *, lang: str = "en", head: str = "<title>One</title>", html: str | None = None) -> str:
    """An XHTML document whose body begins in line 4."""
    attributes = html if html is not None else f'lang="{lang}" xml:lang="{lang}"'
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="{OPS}" {attributes}>\n'
        f"<head>{head}</head><body>\n{body}\n</body></html>\n"
    )


def package(*, languages: str = "en", metadata: str = ACCESSIBLE, items: str = "") -> str:
    """The package document of an EPUB with `nav.xhtml` and `one.xhtml`."""
    declared = "".join(f"<dc:language>{lang}</dc:language>" for lang in languages.split())
    return f"""<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:x:1</dc:identifier>
<dc:title>A Book</dc:title>{declared}<meta property="dcterms:modified">2026-01-01T00:00:00Z</meta>
{metadata}</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/>
{items}</manifest>
<spine><itemref idref="one"/></spine>
</package>
"""


def write_epub(file: Path, files: Mapping[str, str | bytes]) -> Path:
    """An EPUB with these files in its `EPUB/`, and a package, navigation and page where they name none."""
    whole: dict[str, str | bytes] = {
        "content.opf": package(),
        "nav.xhtml": page(NAV),
        "one.xhtml": page("<h1>One</h1><p>Some text.</p>"),
    }
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", MIMETYPE)
        archive.writestr("META-INF/container.xml", CONTAINER)
        for name, content in {**whole, **files}.items():
            archive.writestr(f"EPUB/{name}", content)
    return file
