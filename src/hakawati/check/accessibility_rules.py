"""The rules of accessibility that need no browser, for where Ace is not: of documents and of the package.

The rules, and how bad it is to break each, are Ace's (http://kb.daisy.org/publishing/docs/), those of the
package EPUB Accessibility 1.1 §2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hakawati.check.content_documents import ContentDocument, DocumentIssue, language_of, text_of
from hakawati.check.printable_text import printable
from hakawati.check.safe_xml import OPS, XHTML, XML, line_of, local_name, token_list

if TYPE_CHECKING:
    from lxml import etree

_ROLES = {
    **{
        name: f"doc-{name}"
        for name in [
            *("abstract", "acknowledgments", "afterword", "appendix", "bibliography", "biblioref", "chapter"),
            *(
                "colophon",
                "conclusion",
                "credits",
                "dedication",
                "endnotes",
                "epigraph",
                "epilogue",
                "errata",
            ),
            *("footnote", "foreword", "glossary", "glossref", "index", "introduction", "noteref", "notice"),
            *("pagebreak", "part", "preface", "prologue", "pullquote", "qna", "tip", "toc"),
        ]
    },
    "page-list": "doc-pagelist",
    "referrer": "doc-backlink",
}
"""Of each structural semantic: the role that tells it to a screen reader (EPUB Type to ARIA Role)."""
_NAMES = ("aria-label", "aria-labelledby", "title")
_REQUIRED = ("accessMode", "accessibilityFeature", "accessibilityHazard")
_WANTED = ("accessibilitySummary", "accessModeSufficient")
_VALUES = {
    "accessMode": frozenset(
        [
            *("auditory", "tactile", "textual", "visual", "colorDependent"),
            *(f"{kind}OnVisual" for kind in ("chart", "chem", "diagram", "math", "music", "text")),
        ]
    ),
    "accessibilityHazard": frozenset(
        [
            *("none", "unknown", "flashing", "motionSimulation", "sound"),
            *(
                f"{said}{kind}Hazard"
                for said in ("no", "unknown")
                for kind in ("Flashing", "MotionSimulation", "Sound")
            ),
        ]
    ),
}
"""What each may say (https://www.w3.org/community/reports/a11y-discov-vocab/CG-FINAL-vocabulary/)."""


def check_document(document: ContentDocument) -> Iterator[DocumentIssue]:
    """What is wrong with a document for readers who cannot see it."""
    yield from _head(document)
    yield from _images(document)
    yield from _links(document)
    yield from _headings(document)
    yield from _roles(document)


def _head(document: ContentDocument) -> Iterator[DocumentIssue]:
    root = document.root
    if not language_of(root):
        hint = "write <html lang=“…” xml:lang=“…”>, or a screen reader takes its own"
        yield DocumentIssue(line_of(root), "the document does not say its language", hint)
    elif (one := root.get("lang")) and (other := root.get(f"{XML}lang")) and one.lower() != other.lower():
        message = f"lang says “{printable(one)}”, but xml:lang “{printable(other)}”"
        yield DocumentIssue(line_of(root), message, "write the same in both", severe=False)
    if not any(text_of(title) for title in document.elements("title")):
        yield DocumentIssue(
            line_of(root), "the document has no title", "write <title>…</title> into its head"
        )


def _images(document: ContentDocument) -> Iterator[DocumentIssue]:
    for image in document.elements("img"):
        named = image.get("alt") is not None or any(image.get(name) for name in _NAMES)
        if not named and image.get("role") not in ("none", "presentation"):
            message = f"the image “{printable(image.get('src') or '')}” has no alternative text"
            yield DocumentIssue(
                line_of(image), message, "say what it shows: alt=“…”; alt=“” where it only adorns"
            )


def _links(document: ContentDocument) -> Iterator[DocumentIssue]:
    for link in document.elements("a"):
        href = link.get("href")
        if href is None or text_of(link) or any(link.get(name) for name in _NAMES):
            continue
        inner = (e.get("alt") or e.get("aria-label") or e.get("title") for e in link.iter())
        if not any(inner):
            yield DocumentIssue(
                line_of(link), f"the link to “{printable(href)}” has no text", "say where it leads"
            )


def _headings(document: ContentDocument) -> Iterator[DocumentIssue]:
    """A level that is left out; but a document may begin at any, since it is a part of a book."""
    last = 0
    for heading in document.elements("h1", "h2", "h3", "h4", "h5", "h6"):
        level = int(local_name(heading)[1])
        if not text_of(heading) and not any(image.get("alt") for image in heading.iter()):
            yield DocumentIssue(
                line_of(heading), "a heading without text", "write it, or leave it out", severe=False
            )
        if last and level > last + 1:
            message = f"a heading of level {level} after one of level {last}"
            yield DocumentIssue(line_of(heading), message, f"make it level {last + 1}", severe=False)
        last = level


def _roles(document: ContentDocument) -> Iterator[DocumentIssue]:
    for element in document.elements():
        types = token_list(element, f"{OPS}type")
        if not types or local_name(element) == "body" or _in_landmarks(element):
            continue
        wanted = [_ROLES[name] for name in types if name in _ROLES]
        if wanted and not set(wanted) & set(token_list(element, "role")):
            message = (
                f"epub:type “{printable(' '.join(types))}” without the role that says it to a screen reader"
            )
            yield DocumentIssue(line_of(element), message, f"add role=“{wanted[0]}”", severe=False)


def _in_landmarks(element: etree._Element) -> bool:
    """There, types say what the links lead to."""
    return any(
        "landmarks" in token_list(outer, f"{OPS}type") for outer in element.iterancestors(f"{XHTML}nav")
    )


def check_package(package: etree._Element) -> Iterator[DocumentIssue]:
    """What the package does not say of the book's accessibility, or cannot say."""
    said: dict[str, list[etree._Element]] = {}
    line = line_of(package)
    for element in package.iter():
        if local_name(element) == "metadata":
            line = line_of(element)
        if local_name(element) != "meta":
            continue
        name = element.get("property") or element.get("name") or ""  # name: of EPUB 2
        if name.startswith("schema:"):
            said.setdefault(name.removeprefix("schema:"), []).append(element)
    for name in (*_REQUIRED, *_WANTED):
        values = [_value(element) for element in said.get(name, ())]
        if not any(values):
            message = f"the package does not say schema:{name}"
            hint = f"add <meta property=“schema:{name}”>…</meta> to its metadata"
            yield DocumentIssue(line, message, hint, severe=name in _REQUIRED)
    for name, known in _VALUES.items():
        for element in said.get(name, ()):
            if (value := _value(element)) and value not in known:
                message = f"schema:{name} cannot be “{printable(value)}”"
                yield DocumentIssue(
                    line_of(element), message, f"it is one of {', '.join(sorted(known))}", severe=False
                )
    hazards = {_value(element) for element in said.get("accessibilityHazard", ())}
    if "none" in hazards and len(hazards) > 1:
        element = said["accessibilityHazard"][0]
        message = "schema:accessibilityHazard says none, and another one"
        yield DocumentIssue(line_of(element), message, "leave one of them out", severe=False)


def _value(element: etree._Element) -> str:
    return " ".join((element.get("content") or element.text or "").split())
