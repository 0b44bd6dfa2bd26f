"""The paths of the publication resources in the EPUB.

Authors may give chapters and images any name; a character that a URL or an older reading system cannot hold
(a space, a `#`) is written as its code point, so that these paths need no escaping.
"""

from __future__ import annotations

import posixpath

# No image of the author's has this path: `safe` writes a lone underscore otherwise.
COVER = "drawn_cover.jpg"
TITLE_PAGE, NAVIGATION = "title.xhtml", "nav.xhtml"
STYLE, REFINEMENTS = "style.css", "refinements.css"
"""For every engine; for those of browsers."""
GLOSSARY, ANSWERS = "glossary.xhtml", "answers.xhtml"


def safe(name: str) -> str:
    """The name with letters, ASCII digits and `-._/` only; behind a letter it makes an XML id."""
    return "".join(c if _fits(c) else f"_{ord(c):x}_" for c in name)


def _fits(c: str) -> bool:
    # Below U+00C0, not all that counts as a letter is one to XML: ª, µ, º.
    return c in "-._/" or (c.isalnum() if c.isascii() else c.isalpha() and c >= "\u00c0")


def chapter_path(name: str) -> str:
    """A chapter's content document."""
    return f"text/{safe(name)}.xhtml"


def overlay_path(name: str) -> str:
    """A chapter's overlay."""
    return f"overlay/{safe(name)}.smil"


def audio_path(name: str) -> str:
    """A chapter's audio."""
    return f"audio/{safe(name)}.mp3"


def image_path(name: str) -> str:
    """An image, by the path in `book/` that the author wrote."""
    return safe(posixpath.normpath(name))


def font_path(name: str) -> str:
    """A font, by the path in `book/` that the author wrote."""
    return safe(posixpath.normpath(name))
