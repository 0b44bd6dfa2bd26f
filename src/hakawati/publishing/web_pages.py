"""A chapter's pages for the web edition, in the store: one for each layout, its cues, its strip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hakawati.common.keys import digest
from hakawati.common.store import Store
from hakawati.model import Chapter, Edition, Levels, Page, Timeline
from hakawati.publishing.parts import BookPart


@dataclass(frozen=True, slots=True)
class WebPages:
    """What the store holds of a chapter for the web edition."""

    keys: tuple[str, ...] = ()
    """Of its cues and its strip, and of its page in every layout; the glossary's is the same in all."""
    sound: str = ""
    """A digest of what is heard."""


NO_WEB_PAGES = WebPages()


def make_web_pages(
    store: Store,
    key: str,
    edition: Edition,
    part: BookPart,
    chapter: Chapter,
    page: Page,
    timeline: Timeline | None,
    levels: Levels | None,
    clips: Sequence[str],
) -> WebPages:
    """Put a chapter's pages into the store, and its strip.

    `key`: of what is made of it there; `chapter`: as it is printed; `timeline`, `levels`: of its narration,
    if it has one; `clips`: the keys of those that it is made of. Raises `OSError`.
    """
    from hakawati.web.cues import cues
    from hakawati.web.html import convert

    times = cues(timeline) if timeline else ""
    made = {web_key(key, "cues"): times}
    made[web_key(key, "strip")] = _strip(edition, page, timeline, levels) if timeline and levels else ""
    for layout, xhtml in part.web_documents(edition, chapter, timeline).items():
        made[web_key(key, layout)] = convert(xhtml, page.path, f"{layout}/{html_path(page.path)}")
    for name, text in made.items():
        store.put(name, text.encode())
    return WebPages(tuple(made), digest(times, *clips)[:10])


def _strip(edition: Edition, page: Page, timeline: Timeline, levels: Levels) -> str:
    """A chapter's strip, for whoever makes the book."""
    from hakawati.waveform.speech_rate import list_intervals
    from hakawati.waveform.waveform_svg import ARABIC, ENGLISH, draw_chapter
    from hakawati.web.interface_labels import language

    labels = ARABIC if language(edition.metadata.original) == "ar" else ENGLISH
    return draw_chapter(levels, list_intervals(timeline), edition.narration, title=page.title, labels=labels)


def web_key(part: str, what: str) -> str:
    """The key of a layout's page, or of the cues or the strip, of the part whose key in the store this is."""
    return digest("web", part, what)


def html_path(path: str) -> str:
    """Where in a layout's tree the page is that a document of the EPUB becomes."""
    return f"{path.removesuffix('.xhtml')}.html"
