"""Every overlay of every golden book, at every sync, against its page, its audio and its timings."""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag

import pytest
import soundfile
from lxml import etree

from hakawati.model import Sync
from tests.goldens import EPUB_TYPE, TEXTREF, VARIANTS, Built, Shelf, Variant, text_of, xpath

CLOCK = re.compile(r"\d+\.\d{3}s")
SMIL = "{http://www.w3.org/ns/SMIL}"


@pytest.fixture(params=VARIANTS, ids=str)
def built(request: pytest.FixtureRequest, shelf: Shelf) -> Built:
    variant: Variant = request.param
    return shelf[variant]


@dataclass(frozen=True)
class Par:
    id: str
    begin: int
    """Milliseconds."""
    end: int


@dataclass(frozen=True)
class Overlay:
    """An overlay, its page and what was measured of its audio."""

    path: str
    root: etree._Element
    page_path: str
    page: etree._Element
    audio_path: str
    timings: dict[str, Any]

    def target(self, reference: str) -> tuple[str, str]:
        """A reference's file, from the EPUB's folder on, and its fragment."""
        url, fragment = urldefrag(reference)
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.path), url)), fragment

    def references(self) -> Iterator[str]:
        """What the overlay points to in the text, in its order."""
        for node in self.root.iter(f"{SMIL}body", f"{SMIL}seq", f"{SMIL}text"):
            yield str(node.get("src") if node.tag == f"{SMIL}text" else node.get(TEXTREF))

    def pars(self) -> Iterator[Par]:
        for par in xpath(self.root, "//smil:par"):
            (text,), (audio,) = xpath(par, "smil:text"), xpath(par, "smil:audio")
            _, fragment = self.target(text.get("src"))
            yield Par(fragment, *(milliseconds(audio.get(name)) for name in ("clipBegin", "clipEnd")))


def milliseconds(clock: str) -> int:
    assert CLOCK.fullmatch(clock)
    return int(clock.removesuffix("s").replace(".", ""))


def overlays(built: Built) -> list[Overlay]:
    """By the manifest, in the spine's order."""
    items = {item.get("id"): item for item in xpath(built.package, "//opf:manifest/opf:item")}
    timings = {t["chapter"]: t for t in built.timings()}
    found = []
    for reference in xpath(built.package, "//opf:spine/opf:itemref"):
        page = items[reference.get("idref")]
        if (uid := page.get("media-overlay")) is None:
            continue
        path = items[uid].get("href")
        root = built.xml(path)
        (audio_path,) = {a.get("src") for a in xpath(root, "//smil:audio")}
        audio_path = posixpath.normpath(posixpath.join(posixpath.dirname(path), audio_path))
        (chapter,) = [
            name
            for name in timings
            if built.files[f"EPUB/{audio_path}"] == (built.project / "audio" / f"{name}.mp3").read_bytes()
        ]
        page_path = page.get("href")
        found.append(Overlay(path, root, page_path, built.xml(page_path), audio_path, timings[chapter]))
    return found


def test_every_chapter_that_is_read_aloud_has_an_overlay_and_no_other(built: Built) -> None:
    made = overlays(built)
    assert [o.timings["chapter"] for o in made] == [t["chapter"] for t in built.timings()]
    heard = [chapter["name"] for chapter in built.report["chapters"] if chapter["duration"]]
    assert [o.timings["chapter"] for o in made] == heard


def test_every_reference_leads_to_an_element_of_the_overlays_own_page(built: Built) -> None:
    for overlay in overlays(built):
        ids = set(xpath(overlay.page, "//@id"))
        for reference in overlay.references():
            path, fragment = overlay.target(reference)
            assert path == overlay.page_path
            assert fragment in ids or not fragment


def test_the_overlay_follows_the_page_from_its_beginning_to_its_end(built: Built) -> None:
    for overlay in overlays(built):
        places = {e.get("id"): i for i, e in enumerate(overlay.page.iter()) if e.get("id")}
        order = [places[par.id] for par in overlay.pars()]
        assert order == sorted(set(order))


def test_seqs_nest_as_the_elements_they_name_do(built: Built) -> None:
    for overlay in overlays(built):
        elements = {e.get("id"): e for e in overlay.page.iter() if e.get("id")}
        (body,) = xpath(overlay.root, "smil:body")
        assert overlay.target(body.get(TEXTREF)) == (overlay.page_path, "")
        for node in xpath(overlay.root, "//smil:seq/smil:seq | //smil:seq/smil:par"):
            outer = elements[overlay.target(node.getparent().get(TEXTREF))[1]]
            if node.tag == f"{SMIL}seq":
                inner = elements[overlay.target(node.get(TEXTREF))[1]]
            else:
                inner = elements[overlay.target(xpath(node, "smil:text/@src")[0])[1]]
            assert outer is inner or outer in inner.iterancestors()


def test_clips_tile_the_audio_without_a_gap_or_an_overlap(built: Built) -> None:
    for overlay in overlays(built):
        pars = list(overlay.pars())
        assert pars[0].begin == 0
        assert [par.end for par in pars[:-1]] == [par.begin for par in pars[1:]]
        assert all(par.begin < par.end for par in pars)
        assert pars[-1].end == round(overlay.timings["duration"] * 1000)


def test_the_overlay_ends_where_the_decoded_audio_ends(built: Built) -> None:
    for overlay in overlays(built):
        samples, rate = soundfile.read(io.BytesIO(built.files[f"EPUB/{overlay.audio_path}"]))
        *_, last = overlay.pars()
        assert last.end == round(len(samples) * 1000 / rate)


def test_a_part_lights_up_when_its_first_word_is_heard(built: Built) -> None:
    sync: Sync = built.book.edition.sync
    for overlay in overlays(built):
        sentences = overlay.timings["sentences"]
        texts = passages(overlay)
        paired = {s["id"]: texts[s["id"]] for s in sentences if texts[s["id"]].endswith("-pair")}
        words = {word["begin"] for s in sentences for word in s["words"]}
        wanted = {
            "word": [w["begin"] for s in sentences for w in s["words"]],
            "phrase": None,
            "sentence": [s["begin"] for s in sentences],
            "paragraph": [
                s["begin"]
                for i, s in enumerate(sentences)
                if not i or texts[sentences[i - 1]["id"]] != texts[s["id"]]
            ],
        }[sync]
        begins = [par.begin / 1000 for par in overlay.pars()]
        assert set(begins) <= words
        assert wanted is None or paired or begins == wanted
        assert {par.id for par in overlay.pars()} >= set(paired.values())


def test_a_sentence_and_its_translation_light_up_together_while_either_is_heard(built: Built) -> None:
    if not built.book.edition.narration.pair:
        return
    for overlay in overlays(built):
        places = passages(overlay)
        heard: dict[str, list[float]] = {}
        for sentence in overlay.timings["sentences"]:
            heard.setdefault(places[sentence["id"]], []).extend((sentence["begin"], sentence["end"]))
        lit = {par.id: (par.begin / 1000, par.end / 1000) for par in overlay.pars()}
        pairs = {place: times for place, times in heard.items() if place.endswith("-pair")}
        assert pairs or overlay.timings["chapter"] == "glossary"
        assert {place: lit[place] for place in pairs} == {p: (min(t), max(t)) for p, t in pairs.items()}


def passages(overlay: Overlay) -> dict[str, str]:
    """Of each sentence, what it stands in: it and its translation, or the element with an id around it."""
    found = {}
    for sentence in xpath(overlay.page, "//h:span[@class='s']"):
        pairs = [e for e in sentence.iterancestors() if str(e.get("id")).endswith("-pair")]
        around = next(e for e in (*pairs, *sentence.iterancestors()) if e.get("id"))
        found[str(sentence.get("id"))] = str(around.get("id"))
    return found


def test_what_lights_up_shows_what_is_heard(built: Built) -> None:
    """Each part's words on the page are those whose time its clip is."""
    for overlay in overlays(built):
        elements = {e.get("id"): e for e in overlay.page.iter() if e.get("id")}
        words = [(w["begin"], w["text"]) for s in overlay.timings["sentences"] for w in s["words"]]
        for par in overlay.pars():
            shown = printed(elements[par.id])
            heard = [text for begin, text in words if par.begin <= round(begin * 1000) < par.end]
            assert heard
            at = 0
            for text in heard:
                at = shown.index(text, at) + len(text)


def test_every_sentence_that_is_heard_is_on_the_page_word_for_word(built: Built) -> None:
    for overlay in overlays(built):
        elements = {e.get("id"): e for e in overlay.page.iter() if e.get("id")}
        for sentence in overlay.timings["sentences"]:
            assert printed(elements[sentence["id"]]) == sentence["text"]


def printed(node: etree._Element) -> str:
    """The author's text in it: no numbers of notes; a break is a line feed."""
    if node.get(EPUB_TYPE) == "noteref" or node.get("role") == "doc-backlink":
        return ""
    text = "\n" if node.tag.endswith("}br") else node.text or ""
    return text + "".join(printed(child) + (child.tail or "") for child in node)


def test_what_a_reader_may_skip_is_marked(built: Built) -> None:
    for overlay in overlays(built):
        for seq in xpath(overlay.root, "smil:body/smil:seq"):
            (element,) = xpath(overlay.page, f"//*[@id='{overlay.target(seq.get(TEXTREF))[1]}']")
            noted = [e for e in element.iterancestors() if e.get(EPUB_TYPE) == "footnote"]
            assert seq.get(EPUB_TYPE) == ("footnote" if noted else None)


def test_every_overlay_is_smil_3_with_its_parts_in_pairs(built: Built) -> None:
    for overlay in overlays(built):
        assert overlay.root.tag == f"{SMIL}smil"
        assert overlay.root.get("version") == "3.0"
        assert {e.tag for e in overlay.root.iter()} <= {
            f"{SMIL}{name}" for name in ("smil", "body", "seq", "par", "text", "audio")
        }
        assert all(
            [e.tag for e in par] == [f"{SMIL}text", f"{SMIL}audio"]
            for par in xpath(overlay.root, "//smil:par")
        )
        assert text_of(overlay.root).strip() == ""
