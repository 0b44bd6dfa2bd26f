"""The XML of an EPUB that anyone may have made: no entities, no network, nothing that grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hakawati.check.archive import Archive
from hakawati.check.printable_text import printable
from hakawati.errors import BookError

if TYPE_CHECKING:
    from lxml import etree

XML = "{http://www.w3.org/XML/1998/namespace}"
XHTML = "{http://www.w3.org/1999/xhtml}"
OPS = "{http://www.idpf.org/2007/ops}"


def parse_xml(archive: Archive, entry: str) -> etree._Element:
    """The root of a document. Raises `BookError`.

    A document type may be named, as in old XHTML, and is not looked up; one that declares entities is
    refused, before anything is read that could name them.
    """
    from lxml import etree

    data = archive.read(entry)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        reason = printable(str(error.msg or "it is empty"), 120)
        raise BookError([archive.wrong(entry, f"it is no well-formed XML: {reason}", "", line)]) from None
    except (ValueError, LookupError) as error:  # an encoding that no one knows
        reason = printable(str(error), 120)
        raise BookError([archive.wrong(entry, f"it cannot be read: {reason}")]) from None
    declared: Any = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        message = "it declares entities, which EPUBs may not, and is not read"
        raise BookError([archive.wrong(entry, message, "write the characters themselves")])
    return root


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for a comment and the like."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def line_of(element: etree._Element) -> int:
    """The line that an element begins in; 0 where it is not known."""
    line: int | None = getattr(element, "sourceline", None)
    return line or 0


def token_list(element: etree._Element, name: str) -> list[str]:
    """An attribute that is a list."""
    return (element.get(name) or "").split()
