"""The images, links and voices that a chapter refers to must exist."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from urllib.parse import urlsplit

from hakawati.errors import listed, nearest, short
from hakawati.model import Chapter, Place
from hakawati.source.files import Files
from hakawati.source.parser import MAX_ADDRESS


def check_figures(chapter: Chapter, files: Files) -> None:
    """Every image has an alternative text, and a file that readers can show."""
    for leaf in (leaf for block in chapter.blocks for leaf in block.leaves()):
        if leaf.kind != "figure":
            continue
        if not leaf.alt.strip():
            message = f"the image {short(leaf.image)} has no alternative text"
            hint = "say in the brackets what it shows, for who cannot see it: ![…](…)"
            files.wrong(leaf.place.path, leaf.place.line, message, hint)
        files.image(leaf.image, leaf.place.path, leaf.place.line)


def check_links(chapter: Chapter, files: Files, chapters: Sequence[str]) -> None:
    """Every link leads to the web or to one of the `chapters`, by their files' names."""
    hint = f"link to a web address, or to a chapter: {listed(chapters[:3])}"
    answers = (text for answer in chapter.answers() for leaf in answer.leaves() for text in leaf.texts)
    for text in chain(chapter.texts(), answers):
        for sentence in text.sentences:
            for mark in sentence.marks:
                if mark.kind != "link":
                    continue
                name = f"the link ({short(mark.target)})"
                if len(mark.target) > MAX_ADDRESS:
                    message = f"{name} is longer than {MAX_ADDRESS} characters"
                    files.wrong(text.path, sentence.line, message, "no browser follows it; shorten it")
                elif not _leads_somewhere(mark.target, chapters):
                    files.wrong(text.path, sentence.line, f"{name} leads nowhere", hint)


def check_voices(chosen: Iterable[tuple[Place, str]], files: Files, named: Collection[str]) -> None:
    """Every voice that a block chooses, and where it does, is one of the book's."""
    for place, voice in chosen:
        if voice not in named:
            hint = f"name it in book.yaml: voices: {{{voice}: {{engine: …}}}}"
            if named:
                hint = f"name it in book.yaml, under voices; {nearest(voice, named)}"
            files.wrong(place.path, place.line, f"there is no voice “{voice}”", hint)


def _leads_somewhere(target: str, chapters: Sequence[str]) -> bool:
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(parts.hostname)
    return parts.scheme == "mailto" or target in chapters
