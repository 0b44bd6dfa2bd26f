"""The parts of a book, behind one interface: its chapters, and its glossary, which is read aloud too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from hakawati.common.keys import digest
from hakawati.epub import resource_paths
from hakawati.errors import Problem
from hakawati.model import Chapter, Edition, Layout, Narration, Occurrence, Page, Timeline
from hakawati.publishing.cast import Cast
from hakawati.source.folder import EditionSource
from hakawati.source.spoken_glossary import GLOSSARY, SPOKEN
from hakawati.web.layouts import layouts


class BookPart(Protocol):
    """A part of a book: what is particular to its kind."""

    is_chapter: bool
    """Whether it is the author's text, and not drawn from all of it."""
    title_key: str
    """Of its title, where that is one of the words that the program has; else empty."""

    @property
    def name(self) -> str:
        """What its files are called."""
        ...

    @property
    def path(self) -> str:
        """Of its content document, in the EPUB."""
        ...

    def key(self, source: EditionSource, shared: str) -> str:
        """A digest of all that it is made of; `shared`: of what every part depends on."""
        ...

    def read(self, source: EditionSource) -> Chapter | None:
        """What it says, as blocks; None, reported, where it cannot be read. Raises `BookError`."""
        ...

    def notices(self, source: EditionSource) -> tuple[Problem, ...]:
        """What is worth a look in what was read."""
        ...

    def narration(self, edition: Edition, chapter: Chapter, cast: Cast) -> Narration | None:
        """What of it is read aloud; None for nothing."""
        ...

    def page(self, edition: Edition, chapter: Chapter, timeline: Timeline | None) -> Page:
        """Its page and overlay; `timeline` is None where nothing of it is read aloud."""
        ...

    def web_documents(
        self, edition: Edition, chapter: Chapter, timeline: Timeline | None
    ) -> Mapping[str, str]:
        """Its content document in each layout that a reader in a browser can choose."""
        ...

    def web_layout(self, edition: Edition, layout: str) -> str:
        """Which of these is its document in a layout."""
        ...

    def occurrences(self, chapter: Chapter, timeline: Timeline | None) -> tuple[Occurrence, ...]:
        """Where it uses terms."""
        ...

    def spoken_terms(self, chapter: Chapter, timeline: Timeline | None) -> tuple[Occurrence, ...]:
        """Where terms are read aloud by themselves."""
        ...


@dataclass(frozen=True, slots=True)
class ChapterPart:
    """A chapter."""

    name: str
    is_chapter = True
    title_key = ""

    @property
    def path(self) -> str:
        return resource_paths.chapter_path(self.name)

    def key(self, source: EditionSource, shared: str) -> str:
        return digest("page", shared, source.source.chapter_key(self.name))

    def read(self, source: EditionSource) -> Chapter | None:
        return source.chapter(self.name)

    def notices(self, source: EditionSource) -> tuple[Problem, ...]:
        return source.chapter_notices(self.name)

    def narration(self, edition: Edition, chapter: Chapter, cast: Cast) -> Narration | None:
        del chapter, cast
        return edition.narration

    def page(self, edition: Edition, chapter: Chapter, timeline: Timeline | None) -> Page:
        from hakawati.epub.xhtml import chapter_page

        return chapter_page(edition, chapter, timeline)

    def web_documents(
        self, edition: Edition, chapter: Chapter, timeline: Timeline | None
    ) -> Mapping[str, str]:
        from hakawati.epub.xhtml import chapter_xhtml

        every: Mapping[Layout, Edition] = layouts(edition)
        return {name: chapter_xhtml(one, chapter, timeline, worded=True) for name, one in every.items()}

    def web_layout(self, edition: Edition, layout: str) -> str:
        del edition
        return layout

    def occurrences(self, chapter: Chapter, timeline: Timeline | None) -> tuple[Occurrence, ...]:
        from hakawati.cards.deck import occurrences

        return occurrences(chapter, timeline)

    def spoken_terms(self, chapter: Chapter, timeline: Timeline | None) -> tuple[Occurrence, ...]:
        del chapter, timeline
        return ()


@dataclass(frozen=True, slots=True)
class GlossaryPart:
    """The glossary: its terms with their translations, in the order of its page."""

    name = GLOSSARY
    path = resource_paths.GLOSSARY
    is_chapter = False
    title_key = GLOSSARY

    def key(self, source: EditionSource, shared: str) -> str:
        del source
        return digest("page", shared, GLOSSARY)

    def read(self, source: EditionSource) -> Chapter | None:
        from hakawati.epub.alphabet import group_by_letter
        from hakawati.epub.labels import label, label_language
        from hakawati.epub.xhtml import glossary_form

        edition = source.settings()
        original = edition.metadata.original
        terms = [term for group in group_by_letter(edition.glossary, original) for term in group.terms]
        title = label_language(original), label("glossary", original)
        return source.source.spoken_glossary(terms, lambda term: glossary_form(edition, term), title)

    def notices(self, source: EditionSource) -> tuple[Problem, ...]:
        del source
        return ()

    def narration(self, edition: Edition, chapter: Chapter, cast: Cast) -> Narration | None:
        """Every language of it that there is a voice for, term by term."""
        chosen = edition.narration
        if not chosen.glossary:
            return None
        there = {text.lang for text in chapter.texts()}
        languages = tuple(
            lang
            for lang in edition.metadata.languages
            if lang in there and (lang in chosen.languages or cast.speaks(lang))
        )
        return replace(chosen, languages=languages, order="sentence", pair=False)

    def page(self, edition: Edition, chapter: Chapter, timeline: Timeline | None) -> Page:
        from hakawati.epub.xhtml import glossary_page

        return glossary_page(edition, chapter, timeline)

    def web_documents(
        self, edition: Edition, chapter: Chapter, timeline: Timeline | None
    ) -> Mapping[str, str]:
        """One, which is the same in all layouts."""
        from hakawati.epub.xhtml import glossary_xhtml

        return {edition.layout: glossary_xhtml(edition, chapter, timeline, worded=True)}

    def web_layout(self, edition: Edition, layout: str) -> str:
        del layout
        return edition.layout

    def occurrences(self, chapter: Chapter, timeline: Timeline | None) -> tuple[Occurrence, ...]:
        del chapter, timeline
        return ()

    def spoken_terms(self, chapter: Chapter, timeline: Timeline | None) -> tuple[Occurrence, ...]:
        from hakawati.narration.printed_vowels import fitted

        return tuple(
            Occurrence(
                term=timed.within.removesuffix(SPOKEN),
                chapter=chapter.name,
                title=chapter.title(),
                text=fitted(timed.sentence.text, timed.spoken),
                begin=0,
                end=0,
                translations={},
                heard_from=timed.begin,
                heard_to=timed.end,
            )
            for timed in (timeline.sentences if timeline else ())
            if timed.within.endswith(SPOKEN)
        )
