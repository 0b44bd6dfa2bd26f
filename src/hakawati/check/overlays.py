"""Media overlay documents as a reader plays them: one clip after another (EPUB 3.3 §9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hakawati.check.archive import Archive
from hakawati.check.clock_values import parse_clock_value
from hakawati.check.printable_text import printable
from hakawati.check.publication import resolve
from hakawati.check.safe_xml import OPS, line_of, local_name, parse_xml, token_list
from hakawati.errors import Problem

if TYPE_CHECKING:
    from lxml import etree


@dataclass(frozen=True, slots=True)
class ParElement:
    """A `par`: what lights up, and its clip."""

    text: str
    """The entry of the content document."""
    id: str
    """Of the element, empty for the whole document."""
    audio: str
    """The entry of the audio, empty where there is none."""
    begin: float
    end: float | None
    """Seconds; None is the audio's end."""
    types: tuple[str, ...]
    """`epub:type` of the `par` and of every `seq` around it."""
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class MediaOverlay:
    """An overlay document: its clips in order."""

    id: str
    """In the manifest."""
    entry: str
    chapter: str
    """The name of its content document's file, without its ending."""
    pars: tuple[ParElement, ...]


def read_overlay(archive: Archive, id_: str, entry: str, document: str) -> tuple[MediaOverlay, list[Problem]]:
    """The overlay of a content document, and what in it cannot be played. Raises `BookError`."""
    reader = _OverlayParser(archive, entry)
    root = parse_xml(archive, entry)
    if local_name(root) != "smil":
        reader.wrong(line_of(root), "it is no overlay: its root is no “smil”")
    else:
        reader.read(root)
    return MediaOverlay(id_, entry, chapter_name(document), tuple(reader.pars)), reader.problems


def chapter_name(document: str) -> str:
    """What the chapter of a content document is called: its file, without the ending."""
    return document.rpartition("/")[2].rpartition(".")[0] or document


class _OverlayParser:
    def __init__(self, archive: Archive, entry: str) -> None:
        self.archive, self.entry = archive, entry
        self.pars: list[ParElement] = []
        self.problems: list[Problem] = []

    def wrong(self, line: int, message: str, hint: str = "") -> None:
        self.problems.append(self.archive.wrong(self.entry, message, hint, line))

    def read(self, root: etree._Element) -> None:
        from lxml import etree

        types: list[tuple[str, ...]] = []
        for event, element in etree.iterwalk(root, events=("start", "end")):
            name = local_name(element)
            if name not in ("body", "seq", "par"):
                continue
            if event == "end":
                types.pop()
                continue
            types.append(tuple(token_list(element, f"{OPS}type")))
            if name == "par":
                self._par(element, tuple(dict.fromkeys(type_ for outer in types for type_ in outer)))

    def _par(self, par: etree._Element, types: tuple[str, ...]) -> None:
        line = line_of(par)
        text = next((e for e in par if local_name(e) == "text"), None)
        audio = next((e for e in par if local_name(e) == "audio"), None)
        place = self._place(text, line) if text is not None else None
        if text is None:
            self.wrong(line, "there is no text in the “par”", "name the element that lights up")
        if place is None:
            return
        if audio is None:  # the reading system reads it, or plays the film that it is
            self.pars.append(ParElement(*place, "", 0.0, None, types, line))
            return
        sound = self._place(audio, line)
        begin = self._time(audio, "clipBegin", line)
        end = self._time(audio, "clipEnd", line) if audio.get("clipEnd") is not None else None
        if sound is None or begin is None or (end is None and audio.get("clipEnd") is not None):
            return
        self.pars.append(ParElement(*place, sound[0], begin, end, types, line))

    def _place(self, element: etree._Element, line: int) -> tuple[str, str] | None:
        src = element.get("src") or ""
        place = resolve(src, self.entry) if src else None
        if place is None:
            what = "leads out of the EPUB" if src else "names nothing"
            self.wrong(line, f"“{printable(src)}” in “{local_name(element)}” {what}")
        return place

    def _time(self, audio: etree._Element, name: str, line: int) -> float | None:
        written = audio.get(name)
        if written is None:
            return 0.0
        time = parse_clock_value(written)
        if time is None:
            self.wrong(line, f"“{printable(written)}” is no time for “{name}”", "write seconds: 59.606s")
        return time
