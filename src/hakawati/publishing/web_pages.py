"""A chapter's pages for the web edition, in the store: one for each layout, its cues, its strip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hakawati.common.keys import digest
from hakawati.common.store import Store
from hakawati.model import Chapter, Edition, Levels, Page, Timeline
from hakawati.source.spoken_glossary import GLOSSARY
from hakawati.web.layouts import layouts


@dataclass(frozen=True, slots=True)
class Sheets:
    """What the store holds of a chapter for the web edition."""

    keys: tuple[str, ...] = ()
    """Of its cues and its strip, and of its page in every layout; the glossary's is the same in all."""
    sound: str = ""
    """A digest of what is heard."""


def make_sheets(
    store: Store,
    key: str,
    edition: Edition,
    chapter: Chapter,
    page: Page,
    timeline: Timeline | None,
    levels: Levels | None,
    clips: Sequence[str],
) -> Sheets:
    """Put a chapter's pages into the store, and its strip.

    `key`: of its `page` there; `timeline`, `levels`: of its narration, if it has one; `clips`: the keys of
    those that it is made of.
    """
    from hakawati.epub.xhtml import chapter_xhtml, glossary_xhtml
    from hakawati.web.cues import cues
    from hakawati.web.html import converted

    heard = cues(timeline) if timeline else ""
    document = glossary_xhtml if chapter.role == GLOSSARY else chapter_xhtml
    made = {sheet_key(key, "cues"): heard}
    made[sheet_key(key, "strip")] = _strip(edition, page, timeline, levels) if timeline and levels else ""
    every = layouts(edition)
    for layout in every if chapter.role != GLOSSARY else [edition.layout]:
        xhtml = document(every[layout], chapter, timeline, worded=True)
        made[sheet_key(key, layout)] = converted(xhtml, page.path, f"{layout}/{html_path(page.path)}")
    for name, text in made.items():
        store.put(name, text.encode())
    return Sheets(tuple(made), digest(heard, *clips)[:10])


def _strip(edition: Edition, page: Page, timeline: Timeline, levels: Levels) -> str:
    """A chapter's strip, for who makes the book."""
    from hakawati.waveform.pace import reads
    from hakawati.waveform.strip import ARABIC, ENGLISH, chapter_strip
    from hakawati.web.labels import language

    labels = ARABIC if language(edition.metadata.original) == "ar" else ENGLISH
    return chapter_strip(levels, reads(timeline), edition.narration, title=page.title, labels=labels)


def sheet_key(page: str, what: str) -> str:
    """The key of a layout's page, or of the cues, of the chapter whose page has this one."""
    return digest("web", page, what)


def html_path(path: str) -> str:
    """Where in a layout's tree the page is that a document of the EPUB becomes."""
    return f"{path.removesuffix('.xhtml')}.html"
