"""How a book that is being built looks: its cover, given or drawn, and what its fonts do not have."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hakawati.common.keys import digest, program
from hakawati.common.store import Store
from hakawati.errors import Problem, listed
from hakawati.model import NO_COVER, Edition, Font

_HINT = "name one that has its letters, under “fonts”; or give a cover, or write cover: none"


@dataclass(frozen=True, slots=True)
class Look:
    """The cover of a book."""

    cover: bytes = b""
    """The image file's content, whoever made it; empty without a cover."""
    drawn: bool = False
    entry: str = ""
    """The key under which the store holds what was drawn."""
    notices: tuple[Problem, ...] = ()


def look(edition: Edition, root: Path, store: Store) -> Look:
    """The cover; where the author gives none, and has not done without, it is drawn, or was before.

    `root`: the folder of the book. Raises `OSError`.
    """
    if edition.cover:
        return Look() if edition.cover == NO_COVER else Look((root / edition.cover).read_bytes())
    meta = edition.metadata
    fonts = [(font, (root / font.file).read_bytes()) for font in edition.fonts]
    told = json.dumps([list(meta.title.items()), meta.authors, meta.publisher, meta.identifier])
    files = [f"{font} {hashlib.sha256(data).hexdigest()}" for font, data in fonts]
    key = digest("cover", program(), told, *files)
    kept = store.get(key)
    if kept is None:
        from hakawati.cover.design import drawn

        made = drawn(meta, fonts)
        kept = " ".join(made.unwritten).encode() + b"\n" + made.image
        store.put(key, kept)
    unwritten, _, image = kept.partition(b"\n")
    notices: tuple[Problem, ...] = ()
    if unwritten:
        langs = listed(unwritten.decode().split())
        message = f"the drawn cover goes without the title in {langs}: no font here has its letters"
        notices = (Problem("book/book.yaml", 0, message, _HINT),)
    return Look(image, drawn=True, entry=key, notices=notices)


def lacking(fonts: Sequence[Font], root: Path, documents: Iterable[tuple[str, bytes]]) -> tuple[Problem, ...]:
    """Notices of characters of the documents that their language's fonts do not have. Raises `OSError`."""
    if not fonts:
        return ()
    from hakawati.epub import fonts as embedded

    data = {font.file: (root / font.file).read_bytes() for font in fonts}
    return tuple(embedded.lacking(fonts, data, documents))
