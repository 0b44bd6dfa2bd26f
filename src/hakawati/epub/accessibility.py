"""The accessibility metadata of a book, in the package document (EPUB Accessibility 1.1 §2 and §4).

Which values mean what: https://www.w3.org/community/reports/a11y-discov-vocab/CG-FINAL-vocabulary/ and EPUB
Accessibility Techniques 1.1 §2.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urldefrag

from lxml import etree

from hakawati.errors import listed
from hakawati.model import Accessibility, Edition, Page, Unread

_XHTML, _SMIL = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/ns/SMIL}"
# Links through the book, which are not its text.
_SIGNPOSTS = frozenset(["doc-noteref", "doc-backlink"])
_KINDS: Mapping[str, Unread] = {"doc-glossary": "glossary", "doc-footnote": "notes"}
_PARTS: Mapping[Unread, str] = {
    "notes": "footnotes",
    "code": "code",
    "glossary": "the glossary",
    "text": "some other text",
}
"""Their names in the summary; that a translation is not read aloud is said otherwise."""
_FEATURES = (
    "tableOfContents",
    "readingOrder",
    "structuralNavigation",
    "ARIA",
    "displayTransformability",
)
"""The features of every book: its style sets no size, colour or font that a reader cannot change."""


@dataclass(frozen=True, slots=True)
class MetadataStatement:
    """A `meta` of the package document, or a `link` where its value is an address."""

    property: str
    value: str
    lang: str = ""
    """Of the value; empty where it is no text for people."""
    id: str = ""
    refines: str = ""
    """Id of the statement that it says more of; empty where it speaks of the book."""
    link: bool = False


def find_unread(xhtml: str, smil: str, read: Collection[str]) -> tuple[Unread, ...]:
    """The kinds of text in a page that its overlay does not refer to, sorted.

    Measured on the documents themselves, since all that a layout adds to a page is text that a reader may
    need to hear. Text without a letter or digit (a row of asterisks, an emoji) cannot be read; note numbers
    and links back do not count as text.

    `xhtml`, `smil`: the documents, `smil` empty where nothing is read aloud; `read`: the narrated languages.
    """
    page = etree.fromstring(xhtml.encode())
    heard = frozenset[str]()
    if smil:
        parts = etree.fromstring(smil.encode()).iter(f"{_SMIL}text")
        heard = frozenset(urldefrag(part.get("src", "")).fragment for part in parts)
    found: set[Unread] = set()

    def look(node: etree._Element, lang: str, kind: Unread) -> None:
        if not isinstance(node.tag, str) or node.get("id") in heard or node.get("role") in _SIGNPOSTS:
            return
        lang = node.get("lang", lang)
        kind = "code" if node.tag == f"{_XHTML}pre" else _KINDS.get(node.get("role", ""), kind)
        inside = [node.text, *(child.tail for child in node)]
        if any(c.isalnum() for text in inside if text for c in text):
            found.add(kind if lang in read else "translation")
        for child in node:
            look(child, lang, kind)

    for body in page.iter(f"{_XHTML}body"):
        look(body, page.get("lang", ""), "text")
    return tuple(sorted(found))


def statements(
    edition: Edition, pages: Sequence[Page], left_out: Collection[Unread], *, moving: bool
) -> Iterator[MetadataStatement]:
    """All accessibility metadata of the book, the author's claims last.

    `left_out`: the kinds of text that are not read aloud; `moving`: whether an image is animated.
    """
    visual = any(page.images for page in pages)
    heard = any(page.smil for page in pages)
    whole = heard and not left_out
    yield MetadataStatement("schema:accessMode", "textual")
    if visual:
        yield MetadataStatement("schema:accessMode", "visual")
    for modes in _sufficient(visual=visual, whole=whole):
        yield MetadataStatement("schema:accessModeSufficient", modes)
    features = [*_FEATURES, *(["alternativeText"] if visual else [])]
    features += ["synchronizedAudioText"] if whole else []
    for feature in features:
        yield MetadataStatement("schema:accessibilityFeature", feature)
    # Narration is level, and begins when it is asked to. How fast an image flashes is not known.
    yield MetadataStatement("schema:accessibilityHazard", "unknown" if moving else "none")
    said = edition.metadata.accessibility
    for lang, text in (said.summary or {"en": _summary(edition, left_out, heard=heard)}).items():
        yield MetadataStatement("schema:accessibilitySummary", text, lang=lang)
    yield from _claims(said)


def _sufficient(*, visual: bool, whole: bool) -> Iterator[str]:
    """Each set of modes that gives the whole content.

    Every image has a text alternative, or the book would not be built; but that is not read aloud, so a
    listener misses it.
    """
    if visual:
        yield "textual,visual"
    yield "textual"
    if whole and not visual:
        yield "auditory"


def _claims(said: Accessibility) -> Iterator[MetadataStatement]:
    if not said.conforms_to:
        return
    yield MetadataStatement("dcterms:conformsTo", said.conforms_to, id="conformance")
    yield MetadataStatement("a11y:certifiedBy", said.certified_by, id="certifier", refines="conformance")
    if credential := said.certifier_credential:
        address = bool(re.match("https?://", credential))
        yield MetadataStatement("a11y:certifierCredential", credential, refines="certifier", link=address)
    if report := said.certifier_report:
        yield MetadataStatement("a11y:certifierReport", report, refines="certifier", link=True)


def _summary(edition: Edition, left_out: Collection[Unread], *, heard: bool) -> str:
    """What the other statements cannot express, in English: what is read aloud, and what is not.

    In one language only, since a package cannot mark one summary as the translation of another.
    """
    sentences = ["The language of every part is marked, so that a screen reader can change its voice."]
    if heard:
        read = [lang for lang in edition.languages if lang in edition.narration.languages]
        text = f"The {listed(_names(read))} text" if left_out else "All of the text"
        lights = f", {edition.sync} by {edition.sync}"
        sentences.append(f"{text} is read aloud and highlighted as it is heard{lights}.")
    if heard and (parts := [part for kind, part in _PARTS.items() if kind in left_out]):
        sentences.append(f"Not read aloud: {listed(parts)}.")
    return " ".join(sentences)


def _names(languages: Sequence[str]) -> Iterator[str]:
    import langcodes

    for lang in languages:
        yield langcodes.Language.get(lang.split("-", maxsplit=1)[0]).display_name()
