"""How a book looks that is being built: its cover, given or drawn, and what its fonts do not have."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hakawati.common.codec import JsonCodec
from hakawati.common.keys import digest, program
from hakawati.common.memo import memo
from hakawati.common.store import Store
from hakawati.cover.drawn_cover import DrawnCover
from hakawati.errors import Problem, listed
from hakawati.model import NO_COVER, Edition, Font

_HINT = "name one that has its letters, under “fonts”; or give a cover, or write cover: none"


@dataclass(frozen=True, slots=True)
class BookCover:
    """The cover of a book."""

    image: bytes = b""
    """The image file's content, whoever made it; empty without a cover."""
    drawn: bool = False
    entry: str = ""
    """The key under which the store holds what was drawn."""
    notices: tuple[Problem, ...] = ()


_DRAWN_COVER = JsonCodec(DrawnCover)


def cover(edition: Edition, root: Path, store: Store) -> BookCover:
    """The cover; where the author gives none, and has not done without, it is drawn, or was before.

    `root`: the folder of the book. Raises `OSError`.
    """
    if edition.cover:
        return BookCover() if edition.cover == NO_COVER else BookCover((root / edition.cover).read_bytes())
    meta = edition.metadata
    fonts = [(font, (root / font.file).read_bytes()) for font in edition.fonts]
    text = json.dumps([list(meta.title.items()), meta.authors, meta.publisher, meta.identifier])
    files = [f"{font} {hashlib.sha256(data).hexdigest()}" for font, data in fonts]
    key = digest("cover", program(), text, *files)

    def draw() -> DrawnCover:
        from hakawati.cover.design import draw_cover

        return draw_cover(meta, fonts)

    found = memo(store, key, draw, _DRAWN_COVER)
    notices: tuple[Problem, ...] = ()
    if found.unwritten:
        langs = listed(found.unwritten)
        message = f"the drawn cover goes without the title in {langs}: no font here has its letters"
        notices = (Problem("book/book.yaml", 0, message, _HINT),)
    return BookCover(found.image, drawn=True, entry=key, notices=notices)


def lacking(fonts: Sequence[Font], root: Path, documents: Iterable[tuple[str, bytes]]) -> tuple[Problem, ...]:
    """Notices of characters of the documents that their language's fonts do not have. Raises `OSError`."""
    if not fonts:
        return ()
    from hakawati.epub import embedded_fonts as embedded

    data = {font.file: (root / font.file).read_bytes() for font in fonts}
    return tuple(embedded.missing_characters(fonts, data, documents))
