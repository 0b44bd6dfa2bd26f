"""A content document as it is read aloud: its text, where each element's is, and in which language."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.entities import html5
from itertools import pairwise
from typing import TYPE_CHECKING

from hakawati.check.archive import Archive
from hakawati.check.safe_xml import OPS, XML, local_name, parse_xml, token_list

if TYPE_CHECKING:
    from lxml import etree

_INLINE = frozenset(
    (
        *(
            "a",
            "abbr",
            "b",
            "bdi",
            "bdo",
            "big",
            "br",
            "cite",
            "code",
            "data",
            "del",
            "dfn",
            "em",
            "font",
            "i",
        ),
        *("img", "ins", "kbd", "label", "mark", "q", "rb", "ruby", "s", "samp", "small", "span", "strong"),
        *("sub", "sup", "time", "tt", "u", "var", "wbr"),
    )
)
"""Elements that a sentence goes on through; every other one begins a block and ends one."""
_UNREAD = frozenset(
    ("audio", "head", "math", "object", "rp", "rt", "script", "style", "svg", "template", "video")
)
"""Elements whose text nobody reads aloud."""
_UNREAD_TYPES = frozenset(["doc-noteref", "doc-pagebreak", "noteref", "pagebreak"])
"""`epub:type` and `role` of what is no part of the sentence around it."""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A content document. Ranges are of characters of `text`, half-open."""

    entry: str
    text: str
    """All that can be read aloud, white space made one space; a line feed is a line break."""
    ranges: Mapping[str, tuple[int, int]]
    """The range of each id's first element; empty where there is nothing to be read in it."""
    blocks: tuple[int, ...]
    """Where blocks begin or end, in order, each once."""
    languages: tuple[tuple[int, str], ...]
    """Where another language begins, in order, the first at 0; empty where none is declared."""

    def language(self, at: int) -> str:
        """The language of the character at an offset."""
        return self.languages[max(0, bisect_right(self.languages, (at, "\U0010ffff")) - 1)][1]

    def is_parted(self, end: int, begin: int) -> bool:
        """Whether a block begins or ends between what ends and what begins at these offsets."""
        at = bisect_left(self.blocks, end)
        return at < len(self.blocks) and self.blocks[at] <= begin

    def split(self, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """A range cut where blocks and languages begin and end; what is empty left out."""
        inner = {at for at in self.blocks if begin < at < end}
        inner |= {at for at, _ in self.languages if begin < at < end}
        edges = [begin, *sorted(inner), end]
        for a, b in pairwise(edges):
            if self.text[a:b].strip():
                yield a, b


def read_document_text(archive: Archive, entry: str, usual: str) -> DocumentText:
    """A content document; `usual`: the language of what declares none. Raises `BookError`."""
    reader = _TextExtractor(usual)
    reader.read(parse_xml(archive, entry))
    return DocumentText(
        entry=entry,
        text="".join(reader.pieces),
        ranges=reader.places,
        blocks=tuple(sorted(set(reader.blocks))),
        languages=tuple(reader.languages),
    )


class _TextExtractor:
    """Goes through a tree without recursion, since its depth is another's choice."""

    def __init__(self, usual: str) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.places: dict[str, tuple[int, int]] = {}
        self.blocks: list[int] = [0]
        self.languages: list[tuple[int, str]] = [(0, usual)]
        self._usual = usual
        self._waiting = False
        """Whether there was white space that is not written yet."""

    def read(self, root: etree._Element) -> None:
        open_: list[tuple[etree._Element, Iterator[etree._Element], int, str]] = []
        self._begin(root, self._usual, open_)
        while open_:
            element, children, begin, lang = open_[-1]
            child = next(children, None)
            if child is not None:
                self._child(child, lang, open_)
                continue
            open_.pop()
            self._end(element, begin)
            if open_:
                self._write(element.tail, open_[-1][3])

    def _child(
        self,
        child: etree._Element,
        lang: str,
        open_: list[tuple[etree._Element, Iterator[etree._Element], int, str]],
    ) -> None:
        name = local_name(child)
        if name and not _is_unread(child):
            self._begin(child, lang, open_)
            return
        if not name:
            from lxml import etree

            if child.tag is etree.Entity:  # of old XHTML: &nbsp;
                self._write(html5.get(str(child.text).removeprefix("&"), ""), lang)
        for inner in child.iter() if name else ():
            self._place(inner, self.length)  # it is there, but not to be read
        self._write(child.tail, lang)

    def _begin(
        self,
        element: etree._Element,
        lang: str,
        open_: list[tuple[etree._Element, Iterator[etree._Element], int, str]],
    ) -> None:
        lang = element.get(f"{XML}lang") or element.get("lang") or lang
        name = local_name(element)
        if name not in _INLINE:
            self.blocks.append(self.length)
            self._waiting = False
        # What waits is written before the element, so that its range begins with its own text.
        elif self._waiting and element.text and not element.text[:1].isspace():
            self._flush(lang)
        open_.append((element, iter(element), self.length, lang))
        if name == "br":
            self._waiting = False
            self._put("\n", lang)
        self._write(element.text, lang)

    def _end(self, element: etree._Element, begin: int) -> None:
        self._place(element, begin)
        if local_name(element) not in _INLINE:
            self.blocks.append(self.length)
            self._waiting = False

    def _place(self, element: etree._Element, begin: int) -> None:
        id_ = element.get("id")
        if id_ is not None:
            self.places.setdefault(id_, (begin, self.length))

    def _write(self, text: str | None, lang: str) -> None:
        if not text:
            return
        words = text.split()
        if text[0].isspace():
            self._waiting = True
        if words:
            self._flush(lang)
            self._put(" ".join(words), lang)
            self._waiting = text[-1].isspace()

    def _flush(self, lang: str) -> None:
        if self._waiting and self.length > self.blocks[-1]:
            self._put(" ", lang)
        self._waiting = False

    def _put(self, text: str, lang: str) -> None:
        if text.strip() and self.languages[-1][1] != lang:
            if self.languages[-1][0] == self.length:
                self.languages.pop()
            self.languages.append((self.length, lang))
        self.pieces.append(text)
        self.length += len(text)


def _is_unread(element: etree._Element) -> bool:
    if local_name(element) in _UNREAD or element.get("hidden") is not None:
        return True
    types = {*token_list(element, f"{OPS}type"), *token_list(element, "role")}
    return bool(types & _UNREAD_TYPES)
