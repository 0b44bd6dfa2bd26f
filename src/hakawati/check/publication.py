"""What an EPUB says it is: its package document (EPUB 3.3 §5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from posixpath import normpath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from hakawati.check.archive import Archive
from hakawati.check.clock_values import parse_clock_value
from hakawati.check.printable_text import printable
from hakawati.check.safe_xml import line_of, local_name, parse_xml, token_list
from hakawati.errors import BookError, Problem

if TYPE_CHECKING:
    from lxml import etree

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
MIMETYPE = b"application/epub+zip"
DC = "{http://purl.org/dc/elements/1.1/}"
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Ways to hide a font, which hide nothing else."""
_SOME = 20
"""Files of one kind that are named, where there may be thousands."""


@dataclass(frozen=True, slots=True)
class ManifestItem:
    """A file of the manifest."""

    id: str
    entry: str
    """Its name in the zip."""
    media_type: str
    overlay: str
    """The id of its overlay, if it has one."""
    line: int
    """Of the package document."""


@dataclass(frozen=True, slots=True)
class Publication:
    """The package document."""

    entry: str
    title: str
    languages: tuple[str, ...]
    items: Mapping[str, ManifestItem]
    """By id."""
    spine: tuple[str, ...]
    """The ids of the documents in reading order, those that are read."""
    durations: Mapping[str, tuple[str, int]]
    """`media:duration` as it is written, and its line, by the overlay's id; the whole's has an empty one."""
    active_class: str

    @property
    def documents(self) -> Iterator[ManifestItem]:
        """The documents of the spine, in order, each once."""
        for id_ in dict.fromkeys(self.spine):
            yield self.items[id_]

    def declared(self, overlay: str = "") -> float | None:
        """How long an overlay takes as the package says, or all of them; None where it does not say."""
        written = self.durations.get(overlay)
        return parse_clock_value(written[0]) if written else None


def resolve(href: str, base: str) -> tuple[str, str] | None:
    """The (entry, fragment) that a reference in the entry `base` leads to.

    None where it leads out of the EPUB: to the network, to another file system, above the root.
    """
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return None
    if parts.scheme or parts.netloc or parts.path.startswith("/") or "\\" in parts.path:
        return None
    path = unquote(parts.path)
    if not path:
        return base, unquote(parts.fragment)
    entry = normpath("/".join([*base.split("/")[:-1], path]))
    outside = entry.startswith(("../", "/")) or entry in ("..", ".") or "\0" in entry
    return None if outside else (entry, unquote(parts.fragment))


def read_publication(archive: Archive) -> tuple[Publication, list[Problem]]:
    """The package document, and what is wrong around it. Raises `BookError` without one that can be read."""
    problems = list(_packing(archive))
    _refuse_protected(archive)
    entry = _package_entry(archive)
    root = parse_xml(archive, entry)
    found = _PackageParser(archive, entry, root)
    return found.read(), [*problems, *found.problems]


class _PackageParser:
    def __init__(self, archive: Archive, entry: str, root: etree._Element) -> None:
        self.archive, self.entry, self.root = archive, entry, root
        self.problems: list[Problem] = []

    def wrong(self, line: int, message: str, hint: str = "") -> None:
        self.problems.append(self.archive.wrong(self.entry, message, hint, line))

    def children(self, parent: str) -> list[etree._Element]:
        holders = [child for child in self.root if local_name(child) == parent]
        return [child for holder in holders for child in holder if local_name(child)]

    def read(self) -> Publication:
        items = self._items()
        metadata = self.children("metadata")
        spine = []
        for ref in self.children("spine"):
            id_ = ref.get("idref") or ""
            if id_ in items:
                spine.append(id_)
            else:
                self.wrong(line_of(ref), f"the spine names “{printable(id_)}”, which is not in the manifest")
        if not spine:
            raise BookError([*self.problems, self.archive.wrong(self.entry, "there is no text in its spine")])

        def texts(name: str) -> tuple[str, ...]:
            return tuple(
                " ".join("".join(map(str, e.itertext())).split()) for e in metadata if e.tag == DC + name
            )

        metas = [e for e in metadata if local_name(e) == "meta"]

        def properties(name: str) -> Iterator[etree._Element]:
            return (e for e in metas if e.get("property") == name)

        return Publication(
            entry=self.entry,
            title=next(iter(texts("title")), ""),
            languages=tuple(lang for lang in texts("language") if lang),
            items=items,
            spine=tuple(spine),
            durations={
                (e.get("refines") or "").removeprefix("#"): ((e.text or "").strip(), line_of(e))
                for e in properties("media:duration")
            },
            active_class=next(((e.text or "").strip() for e in properties("media:active-class")), ""),
        )

    def _items(self) -> dict[str, ManifestItem]:
        items: dict[str, ManifestItem] = {}
        for e in self.children("manifest"):
            href, id_ = e.get("href") or "", e.get("id") or ""
            if "remote-resources" in token_list(e, "properties") and urlsplit(href).scheme:
                continue
            place = resolve(href, self.entry)
            if place is None:
                if not href.startswith(("http:", "https:")):
                    hint = "name files relative to the package document, inside of the EPUB"
                    self.wrong(line_of(e), f"“{printable(href)}” leads out of the EPUB", hint)
                continue
            if place[0] not in self.archive:
                self.wrong(line_of(e), f"“{printable(href)}” is in the manifest, but not in the EPUB")
                continue
            if id_ in items:
                self.wrong(line_of(e), f"the id “{printable(id_)}” is in the manifest twice")
            items[id_] = ManifestItem(
                id_, place[0], e.get("media-type") or "", e.get("media-overlay") or "", line_of(e)
            )
        return items


def _package_entry(archive: Archive) -> str:
    if CONTAINER not in archive:
        hint = "every EPUB has one, which names its package document"
        raise BookError([archive.wrong("", f"this is no EPUB: {CONTAINER} is missing", hint)])
    for element in parse_xml(archive, CONTAINER).iter():
        if local_name(element) == "rootfile":
            href = element.get("full-path") or ""
            place = resolve(href, "")
            if place is None or place[0] not in archive:
                message = f"it names the package document “{printable(href)}”, which is not in the EPUB"
                raise BookError([archive.wrong(CONTAINER, message, "", line_of(element))])
            return place[0]
    raise BookError([archive.wrong(CONTAINER, "it names no package document")])


def _packing(archive: Archive) -> Iterator[Problem]:
    """What is wrong with the zip itself, and does not keep it from being read."""
    if "mimetype" not in archive:
        yield archive.wrong("", "there is no file “mimetype” in it", f"put it first: {MIMETYPE.decode()}")
    elif archive.first() != "mimetype" or archive.read("mimetype") != MIMETYPE:
        hint = f"put it first, not deflated, with nothing but {MIMETYPE.decode()} in it"
        yield archive.wrong("mimetype", "it is not the first file, or says something else", hint)
    for name in archive.twice[:_SOME]:
        yield archive.wrong(name, "there are two files of this name", "keep one of them")
    for name in [name for name in archive.names() if _leads_out(name)][:_SOME]:
        hint = "a careless program would write it elsewhere: take it out"
        yield archive.wrong(name, "its name leads out of the EPUB", hint)


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name[:2]


def _refuse_protected(archive: Archive) -> None:
    if ENCRYPTION not in archive:
        return
    for element in parse_xml(archive, ENCRYPTION).iter():
        if local_name(element) == "EncryptionMethod" and element.get("Algorithm") not in _FONTS:
            hint = "a book is checked before it is protected"
            raise BookError([archive.wrong(ENCRYPTION, "what is in it is encrypted", hint)])
