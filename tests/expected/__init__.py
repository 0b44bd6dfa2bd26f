"""What three golden books become: the XHTML, SMIL and package of their EPUBs, as they are in them.

    python -m tests.expected

writes them again, so that a review shows what a change does to a book.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.goldens import Built, Shelf, Variant

FOLDER = Path(__file__).parent
BOOKS: Mapping[str, Variant] = {
    "workbook": Variant("workbook"),
    "dialogue": Variant("dialogue").but("sync=word"),
    "three-languages": Variant("three-languages").but("layout=popup", "narration.languages=[ar]"),
}
"""By the name of their folder: everything that a book can have, every word's time, notes that open."""
WRITTEN = (".opf", ".smil", ".xhtml")
RENEW = "If a book is to change so, write what is expected with: python -m tests.expected"


def documents(built: Built) -> dict[str, str]:
    """The text of an EPUB's documents, by their paths in it."""
    return {name: data.decode() for name, data in built.files.items() if name.endswith(WRITTEN)}


def expected(book: str) -> dict[str, str]:
    """The same, as it was committed."""
    folder = FOLDER / book
    return {
        file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def renew(shelf: Shelf) -> None:
    """Commit to what the books are now."""
    for book, variant in BOOKS.items():
        shutil.rmtree(FOLDER / book, ignore_errors=True)
        for name, text in documents(shelf[variant]).items():
            file = FOLDER / book / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
