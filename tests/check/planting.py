"""Errors planted in finished EPUBs, for `check` to find: what is exchanged, moved, cut out, misdeclared.

The audio is Hakawati's own: MP3 frames of 24 ms and a fixed number of bytes, which can be cut and joined.
"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

from lxml import etree

from hakawati.model import SAMPLE_RATE
from hakawati.narration.mp3 import FRAME_SAMPLES, LEAD_IN, silence
from tests.goldens import xpath

FRAME = FRAME_SAMPLES / SAMPLE_RATE
BITRATE = 64


@dataclass(frozen=True)
class Par:
    """A `par` of an overlay."""

    element: Any
    id: str
    begin: float
    end: float

    def set(self, begin: float | None = None, end: float | None = None) -> None:
        audio = xpath(self.element, "smil:audio")[0]
        if begin is not None:
            audio.set("clipBegin", f"{begin:.3f}s")
        if end is not None:
            audio.set("clipEnd", f"{end:.3f}s")


class Chapter:
    """A chapter of an EPUB: its overlay, which can be changed, and its audio."""

    def __init__(self, files: Mapping[str, bytes], name: str) -> None:
        self.name = name
        self.overlay = f"EPUB/overlay/{name}.smil"
        self.audio = f"EPUB/audio/{name}.mp3"
        self.text = f"EPUB/text/{name}.xhtml"
        self.root = etree.fromstring(files[self.overlay])
        data = files[self.audio]
        size = sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True)) + 10
        self.tag, self.frames = data[:size], data[size:]
        self.frame = 3 * BITRATE

    @property
    def pars(self) -> list[Par]:
        return [
            Par(
                par,
                str(text.get("src")).partition("#")[2],
                _time(audio, "clipBegin"),
                _time(audio, "clipEnd"),
            )
            for par in xpath(self.root, "//smil:par")
            for text in xpath(par, "smil:text")
            for audio in xpath(par, "smil:audio")
        ]

    @property
    def sentences(self) -> list[list[Par]]:
        """The pars of each sentence: those whose ids begin alike."""
        groups: dict[str, list[Par]] = {}
        for par in self.pars:
            id_, _, part = par.id.rpartition("-")
            groups.setdefault(id_ if part[:1] in ("p", "w") and part[1:].isdigit() else par.id, []).append(
                par
            )
        return list(groups.values())

    @property
    def duration(self) -> float:
        return len(self.frames) // self.frame * FRAME

    def at(self, seconds: float) -> int:
        """The byte where the clip begins whose first word is heard then."""
        samples = round(seconds * SAMPLE_RATE) - LEAD_IN
        return max(0, round(samples / FRAME_SAMPLES)) * self.frame

    def shift(self, after: float, by: float) -> None:
        """Move what begins later."""
        for par in self.pars:
            par.set(par.begin + by if par.begin > after else None, par.end + by if par.end > after else None)

    def written(self) -> dict[str, bytes]:
        return {
            self.overlay: etree.tostring(self.root, xml_declaration=True, encoding="utf-8"),
            self.audio: self.tag + self.frames,
        }


def _time(audio: Any, name: str) -> float:
    return float(str(audio.get(name)).removesuffix("s"))


def chapters(files: Mapping[str, bytes]) -> list[Chapter]:
    names = [n.removeprefix("EPUB/overlay/").removesuffix(".smil") for n in files if n.endswith(".smil")]
    return [Chapter(files, name) for name in names if f"EPUB/text/{name}.xhtml" in files]


@dataclass(frozen=True)
class Planted:
    """An EPUB's files with an error in them, and where it is."""

    files: Mapping[str, bytes]
    where: tuple[tuple[str, float, float], ...]
    """(chapter, begin, end): in each of these, something must be found that overlaps it."""


Plant = Callable[[Mapping[str, bytes], random.Random], Planted | None]
"""None where the book has no place for it."""


def exchanged(files: Mapping[str, bytes], chance: random.Random) -> Planted | None:
    """Two chapters' audio, each in the other's place, and everything declared as if it were right."""
    every = [c for c in chapters(files) if len(c.sentences) >= 2]
    if len(every) < 2:
        return None
    one, other = chance.sample(every, 2)
    made = {**files, one.audio: files[other.audio], other.audio: files[one.audio]}
    return Planted(made, ((one.name, 0, 1e9), (other.name, 0, 1e9)))


def moved(files: Mapping[str, bytes], chance: random.Random) -> Planted | None:
    """A boundary between two clips, half a second away from where it should be; they still tile."""
    chapter = chance.choice(chapters(files))
    by = chance.choice((-0.5, 0.5))
    pairs = [
        (a, b)
        for a, b in pairwise(chapter.pars)
        if a.end == b.begin and min(a.end - a.begin, b.end - b.begin) > 0.6
    ]
    if not pairs:
        return None
    one, other = chance.choice(pairs)
    one.set(end=one.end + by)
    other.set(begin=other.begin + by)
    place = (chapter.name, other.begin - 1, other.begin + 1)
    return Planted({**files, **chapter.written()}, (place,))


def moved_alone(files: Mapping[str, bytes], chance: random.Random) -> Planted | None:
    """A clip half a second later or earlier, with its end: a gap on one side, an overlap on the other."""
    chapter = chance.choice(chapters(files))
    by = chance.choice((-0.5, 0.5))
    inner = [par for par in chapter.pars[1:-1] if par.end - par.begin > 0.6]
    if not inner:
        return None
    par = chance.choice(inner)
    par.set(par.begin + by, par.end + by)
    place = (chapter.name, par.begin - 1, par.end + 1)
    return Planted({**files, **chapter.written()}, (place,))


def _a_sentence(files: Mapping[str, bytes], chance: random.Random) -> tuple[Chapter, list[Par]] | None:
    """One between others."""
    every = [
        (chapter, sentence)
        for chapter in chapters(files)
        for sentence in chapter.sentences[1:-1]
        if sentence[-1].end - sentence[0].begin > 1.2
    ]
    return chance.choice(every) if every else None


def silenced(files: Mapping[str, bytes], chance: random.Random) -> Planted | None:
    """A sentence that is silence."""
    chosen = _a_sentence(files, chance)
    if chosen is None:
        return None
    chapter, sentence = chosen
    begin, end = chapter.at(sentence[0].begin), chapter.at(sentence[-1].end)
    still = silence(BITRATE) * ((end - begin) // chapter.frame)
    chapter.frames = chapter.frames[:begin] + still + chapter.frames[end:]
    place = (chapter.name, sentence[0].begin - 0.5, sentence[-1].end)
    return Planted({**files, **chapter.written()}, (place,))


def cut_out(files: Mapping[str, bytes], chance: random.Random) -> Planted | None:
    """A sentence that is not in the audio; the clips after it fit, its own take the rest of its pause."""
    chosen = _a_sentence(files, chance)
    if chosen is None:
        return None
    chapter, sentence = chosen
    begin, end = sentence[0].begin, sentence[-1].end
    first, last = chapter.at(begin), chapter.at(end)
    chapter.frames = chapter.frames[:first] + chapter.frames[last:]
    gone = (last - first) // chapter.frame * FRAME
    chapter.shift(end - 0.001, -gone)
    # Nothing is left for the sentence but a moment before the next.
    width = 0.3 / len(sentence)
    for n, par in enumerate(sentence):
        par.set(begin - 0.3 + n * width, begin - 0.3 + (n + 1) * width)
    for par in chapter.pars:
        if par.element not in [p.element for p in sentence] and abs(par.end - begin) < 0.002:
            par.set(end=begin - 0.3)
    place = (chapter.name, begin - 1.5, begin + 1.5)
    return Planted({**files, **_measured(files, chapter)}, (place,))


def missing(files: Mapping[str, bytes], chance: random.Random) -> Planted | None:
    """A sentence that is not in the audio, and nothing else that knows of it: all later clips are off."""
    chosen = _a_sentence(files, chance)
    if chosen is None:
        return None
    chapter, sentence = chosen
    first, last = chapter.at(sentence[0].begin), chapter.at(sentence[-1].end)
    chapter.frames = chapter.frames[:first] + chapter.frames[last:]
    place = (chapter.name, sentence[0].begin - 0.5, sentence[-1].end)
    return Planted({**files, **chapter.written()}, (place,))


def remarked(files: Mapping[str, bytes], chance: random.Random) -> Planted | None:
    """Before a sentence another chapter's is heard; the clips after it fit."""
    chosen = _a_sentence(files, chance)
    others = [c for c in chapters(files) if chosen and c.name != chosen[0].name and len(c.sentences) > 2]
    if chosen is None or not others:
        return None
    chapter, sentence = chosen
    other = chance.choice(others)
    begin = sentence[0].begin
    alien = max(other.sentences[:-1], key=lambda s: s[-1].end - s[0].begin)
    piece = other.frames[other.at(alien[0].begin) : other.at(alien[-1].end)]
    at = chapter.at(begin)
    chapter.frames = chapter.frames[:at] + piece + chapter.frames[at:]
    long = len(piece) // chapter.frame * FRAME
    chapter.shift(begin - 0.001, long)
    for par in chapter.pars:  # the one before has it
        if abs(par.end - begin) < 0.002:
            par.set(end=begin + long)
    place = (chapter.name, begin - 1, begin + long + 1)
    return Planted({**files, **_measured(files, chapter)}, (place,))


def truncated(files: Mapping[str, bytes], chance: random.Random) -> Planted | None:
    """Audio whose end is missing."""
    chapter = chance.choice(chapters(files))
    kept = chance.uniform(0.3, 0.9) * chapter.duration
    chapter.frames = chapter.frames[: chapter.at(kept)]
    return Planted({**files, **chapter.written()}, ((chapter.name, kept - 1, 1e9),))


def misdeclared(files: Mapping[str, bytes], chance: random.Random) -> Planted | None:
    """A wrong duration in the package document."""
    package = etree.fromstring(files["EPUB/content.opf"])
    meta = chance.choice(xpath(package, "//opf:meta[@property='media:duration']"))
    meta.text = f"{float(str(meta.text).removesuffix('s')) + chance.choice((1.5, 20, -1.2)):.3f}s"
    data = etree.tostring(package, xml_declaration=True, encoding="utf-8")
    name = next((c.name for c in chapters(files) if str(meta.get("refines", "")).endswith(f"-{c.name}")), "")
    return Planted({**files, "EPUB/content.opf": data}, ((name, 0, 1e9),))


def overlapping(files: Mapping[str, bytes], chance: random.Random) -> Planted | None:
    """A clip that begins before the one before it has ended."""
    chapter = chance.choice(chapters(files))
    pairs = [(a, b) for a, b in pairwise(chapter.pars) if a.end - a.begin > 0.4]
    if not pairs:
        return None
    _, par = chance.choice(pairs)
    par.set(begin=par.begin - chance.uniform(0.1, 0.35))
    return Planted({**files, **chapter.written()}, ((chapter.name, par.begin - 1, par.end),))


def dangling(files: Mapping[str, bytes], chance: random.Random) -> Planted | None:
    """An id that does not exist."""
    chapter = chance.choice(chapters(files))
    par = chance.choice(chapter.pars)
    text = xpath(par.element, "smil:text")[0]
    text.set("src", f"{text.get('src')}x")
    return Planted({**files, **chapter.written()}, ((chapter.name, par.begin, par.end),))


def relabelled(files: Mapping[str, bytes], chance: random.Random) -> Planted | None:
    """A chapter's text declared to be in another language."""
    every = [c for c in chapters(files) if len(c.sentences) > 2]
    if not every:
        return None
    chapter = chance.choice(every)
    page = etree.fromstring(files[chapter.text])
    own = str(page.get("lang"))
    lang = chance.choice([lang for lang in ("en", "ar", "fr", "tr", "de") if lang != own])
    for element in xpath(page, f"//*[@lang='{own}']"):
        element.set("lang", lang)
        element.set("{http://www.w3.org/XML/1998/namespace}lang", lang)
    data = etree.tostring(page, xml_declaration=True, encoding="utf-8")
    return Planted({**files, chapter.text: data}, ((chapter.name, 0, 1e9),))


def _measured(files: Mapping[str, bytes], chapter: Chapter) -> dict[str, bytes]:
    """The chapter's files, and the package with durations that fit."""
    package = etree.fromstring(files["EPUB/content.opf"])
    before = Chapter(files, chapter.name).pars
    by = chapter.pars[-1].end - before[-1].end
    for meta in xpath(package, "//opf:meta[@property='media:duration']"):
        if meta.get("refines") is None or str(meta.get("refines")).endswith(f"-{chapter.name}"):
            meta.text = f"{float(str(meta.text).removesuffix('s')) + by:.3f}s"
    data = etree.tostring(package, xml_declaration=True, encoding="utf-8")
    return {**chapter.written(), "EPUB/content.opf": data}


PLANTS: Mapping[str, Plant] = {
    plant.__name__: plant
    for plant in (
        *(exchanged, moved, moved_alone, silenced, cut_out, missing, remarked, truncated, misdeclared),
        *(overlapping, dangling, relabelled),
    )
}


def packed(files: Mapping[str, bytes]) -> bytes:
    """The files as an EPUB."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def write(files: Mapping[str, bytes], path: Path) -> Path:
    path.write_bytes(packed(files))
    return path
