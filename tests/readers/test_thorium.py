"""Thorium Reader's own parser reads every golden book without complaint, and finds in it what is there."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from hakawati.epub.labels import label, label_language
from hakawati.epub.resource_paths import chapter_path
from hakawati.model import Block, direction, plain
from tests.epub.shown import bare
from tests.epub.test_smil import Overlay, milliseconds, overlays
from tests.goldens import EPUB_TYPE, TEXTREF, VARIANTS, Built, Shelf, Variant, locked, xpath
from tests.readers import programs

SCRIPT = Path(__file__).with_name("thorium.js")
ROUTINE = ("Info: ", "PARSED SMIL: ")
"""How that begins which the parser says of every good book."""


@pytest.fixture(scope="session")
def parsed(shelf: Shelf, shared: Path, worker_id: str) -> dict[Variant, Path]:
    """The file with what the parser found, for every variant."""
    # Processes begin at different ends, so that they share the work.
    backwards = worker_id not in ("master", "gw0")
    epubs = {variant: shelf[variant].epub for variant in VARIANTS[:: -1 if backwards else 1]}
    with locked(shared / "thorium.lock"):
        todo = [epub for epub in epubs.values() if not _found(epub).exists()]
        if todo:
            command = [str(path) for path in (programs.node(), SCRIPT, *todo)]
            env = programs.environment(shared / "thorium")
            done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
    return {variant: _found(epub) for variant, epub in epubs.items()}


def _found(epub: Path) -> Path:
    return epub.with_name(f"{epub.name}.thorium.json")


@pytest.fixture(params=VARIANTS, ids=str)
def both(request: pytest.FixtureRequest, shelf: Shelf, parsed: dict[Variant, Path]) -> tuple[Built, Any]:
    """A book, and what the parser found in it."""
    variant: Variant = request.param
    return shelf[variant], json.loads(parsed[variant].read_bytes())


def test_the_parser_has_no_complaint(both: tuple[Built, Any]) -> None:
    built, found = both
    # A line begins with the time and the module.
    said = [line.split(" ", 2)[2] for line in found["said"]]
    assert len([line for line in said if line.startswith(ROUTINE)]) == 1 + len(overlays(built))
    assert [line for line in said if not line.startswith(ROUTINE)] == []


def test_it_knows_the_book_by_its_metadata(both: tuple[Built, Any]) -> None:
    built, found = both
    meta, edition = found["manifest"]["metadata"], built.book.edition
    original = edition.metadata.original
    titles = edition.metadata.title
    assert meta["title"] == titles if len(titles) > 1 else _name(meta["title"]) == titles[original]
    assert _all(meta["language"]) == list(edition.languages)
    assert meta["readingProgression"] == direction(original)
    assert meta["identifier"] == edition.metadata.identifier
    assert [_name(person) for person in _all(meta.get("author"))] == list(edition.metadata.authors)
    assert [_name(person) for person in _all(meta.get("translator"))] == list(edition.metadata.translators)
    assert meta.get("publisher", "") == edition.metadata.publisher


def _all(value: Any) -> list[Any]:
    """What the parser writes bare where there is one of it, and not at all where there is none."""
    return [] if value is None else value if isinstance(value, list) else [value]


def _name(value: Any) -> Any:
    """A name, which the parser may write as a person's, and as one in a language."""
    while isinstance(value, dict):
        (value,) = value.values()
    return value


def test_it_lists_the_chapters_and_their_headings(both: tuple[Built, Any]) -> None:
    built, found = both
    edition = built.book.edition
    languages = edition.languages

    def listed_as(block: Block) -> str:
        return " · ".join(dict.fromkeys(plain(text) for text in block.texts if text.lang in languages))

    wanted = []
    for chapter in built.book.chapters:
        path = f"EPUB/{chapter_path(chapter.name)}"
        wanted.append((path, listed_as(chapter.blocks[0])))
        wanted += [
            (f"{path}#{block.texts[0].id}", listed_as(block))
            for block in chapter.blocks
            if block.kind == "heading" and block.level > 1
        ]
    if edition.glossary:
        wanted.append(("EPUB/glossary.xhtml", labels("glossary", languages)))
    if any(list(chapter.answers()) for chapter in built.book.chapters):
        wanted.append(("EPUB/answers.xhtml", labels("answers", languages)))
    listed = list(_entries(found["manifest"].get("toc", [])))
    if edition.vowels == "print":
        listed = [(href, bare(title)) for href, title in listed]
    assert listed == wanted
    documents = [link["href"] for link in found["manifest"]["readingOrder"]]
    assert documents[2:] == [path for path, _ in wanted if "#" not in path]


def labels(key: str, languages: Sequence[str]) -> str:
    others = [label(key, lang) for lang in languages[1:] if label_language(lang) == lang]
    return " · ".join(dict.fromkeys([label(key, languages[0]), *others]))


def _entries(links: Any) -> Iterator[tuple[str, str]]:
    for link in links:
        yield link["href"], link["title"]
        yield from _entries(link.get("children", []))


def test_it_knows_how_long_each_chapter_is_heard(both: tuple[Built, Any]) -> None:
    built, found = both
    lengths = {f"EPUB/{o.page_path}": o.timings["duration"] for o in overlays(built)}
    told = {
        link["href"]: link["duration"] for link in found["manifest"]["readingOrder"] if "duration" in link
    }
    assert told == pytest.approx(lengths, abs=0.001)
    assert found["manifest"]["metadata"].get("duration", 0) == pytest.approx(sum(lengths.values()), abs=0.001)


def test_it_sees_every_part_with_its_text_and_its_sound_where_the_overlay_has_it(
    both: tuple[Built, Any],
) -> None:
    built, found = both
    made = overlays(built)
    wanted = [_node(overlay, xpath(overlay.root, "smil:body")[0]) for overlay in made]
    assert [_simple(tree) for tree in found["overlays"]] == wanted


def _node(overlay: Overlay, node: etree._Element) -> Any:
    """A node of an overlay: the text it refers to; its kind and children, or its clip in milliseconds."""
    if node.tag.endswith("}par"):
        (text,), (audio,) = xpath(node, "smil:text"), xpath(node, "smil:audio")
        begin, end = (milliseconds(audio.get(name)) for name in ("clipBegin", "clipEnd"))
        return _place(overlay, text.get("src")), _place(overlay, audio.get("src")), begin, end
    kinds = {"section", *(node.get(EPUB_TYPE) or "").split()}
    return _place(overlay, node.get(TEXTREF)), kinds, [_node(overlay, child) for child in node]


def _place(overlay: Overlay, reference: str | None) -> str:
    assert reference is not None
    path, fragment = overlay.target(reference)
    return f"EPUB/{path}" + (f"#{fragment}" if fragment else "")


def _simple(node: Any) -> Any:
    """The same of what the parser found."""
    if "audio" in node:
        audio, _, times = node["audio"].partition("#t=")
        begin, end = (round(float(time) * 1000) for time in times.split(","))
        return node["text"], audio, begin, end
    return node["text"], set(_all(node["role"])), [_simple(child) for child in node["narration"]]
