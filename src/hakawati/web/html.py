"""A content document of the EPUB → the content of a page of the web edition.

The web edition mirrors the EPUB's tree: `text/x.xhtml` is `LAYOUT/text/x.html`, and what its pages show
(images, fonts, style) is in `book/`, beside the layouts.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from lxml import etree

XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB = "{http://www.idpf.org/2007/ops}"
XML = "{http://www.w3.org/XML/1998/namespace}"


def convert(xhtml: str, path: str, page: str) -> str:
    """The content of a document's body as HTML.

    `xhtml`: the document; `path`: its path in the EPUB; `page`: the page's path in the edition. What only an
    EPUB has is removed (`epub:type`; roles stay), and links lead to pages.
    """
    root = etree.fromstring(xhtml.encode())
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.removeprefix(XHTML)
            _attributes(element, path, page)
    etree.cleanup_namespaces(root)
    body = root.find("body")
    if body is None:  # our own templates make one
        raise ValueError("a content document has a body")
    return "".join(etree.tostring(child, method="html", encoding="unicode") for child in body).strip()


def convert_fragment(xhtml: str) -> str:
    """A fragment of a document as HTML, converted as `convert` converts a whole one."""
    namespaces = f'xmlns="{XHTML[1:-1]}" xmlns:epub="{EPUB[1:-1]}"'
    return convert(f"<html {namespaces}><body>{xhtml}</body></html>", "", "")


def _attributes(element: etree._Element, path: str, page: str) -> None:
    for name in [name for name in map(str, element.attrib) if name.startswith((EPUB, XML))]:
        del element.attrib[name]
    if href := element.get("href"):
        element.set("href", _link(href))
    if src := element.get("src"):
        image = posixpath.normpath(posixpath.join(posixpath.dirname(path), src))
        element.set("src", posixpath.relpath(f"book/{image}", posixpath.dirname(page)))


def _link(href: str) -> str:
    """A link to another document of the book, or any other as it is."""
    target, mark, fragment = href.partition("#")
    inside = ":" not in target and target.endswith(".xhtml")
    return f"{target.removesuffix('.xhtml')}.html{mark}{fragment}" if inside else href


def entries(glossary: str) -> Iterator[tuple[str, str]]:
    """Each term's id in the glossary's page, and its entry without ids, to be shown over another page."""
    root = etree.fromstring(f"<div>{glossary}</div>", etree.HTMLParser())
    for entry in root.iterfind(".//dl/div"):
        id_ = entry.get("id", "")
        for element in entry.iter():
            if isinstance(element.tag, str):
                for name in {"id", "data-line"} & set(map(str, element.attrib)):
                    del element.attrib[name]
        for comment in list(entry.iter(etree.Comment)):
            _drop(comment)
        inner = (entry.text or "") + "".join(
            etree.tostring(child, method="html", encoding="unicode") for child in entry
        )
        yield id_, re.sub(r"(?<!\s)\s*\n\s*", "\n", inner).strip()


def _drop(element: etree._Element) -> None:
    """Take an element out; what follows it stays."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)
