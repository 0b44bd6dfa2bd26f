"""Chapters, glossary, title page and navigation → XHTML content documents (EPUB 3.3 §6).

The pages' structure is in `templates/`, what these need in `page`, a sentence's inside in `sentence_markup`.
Text is data: Jinja2 escapes it.

What a page says of other chapters is left out of it and put in when the EPUB is made (`fill_gaps`), so that
an edit in one chapter leaves the pages of the others as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from hakawati.epub import resource_paths
from hakawati.epub.accessibility import find_unread
from hakawati.epub.alphabet import group_by_letter
from hakawati.epub.answers import answers
from hakawati.epub.page import PageView, linked_terms
from hakawati.epub.smil import overlay
from hakawati.epub.templates import fragment, gap, render
from hakawati.epub.transliteration import transliterate
from hakawati.model import Block, Chapter, Edition, Page, Section, Term, Timeline, Transliteration, plain


def chapter_page(edition: Edition, chapter: Chapter, timeline: Timeline | None) -> Page:
    """A chapter's content document and overlay.

    `timeline`: None where nothing is read aloud; then there is no overlay. Only the sentences that are read
    aloud get parts to highlight.
    """
    path = resource_paths.chapter_path(chapter.name)
    xhtml = chapter_xhtml(edition, chapter, timeline)
    smil = overlay(path, chapter.name, timeline, edition.sync) if timeline else ""
    return Page(
        name=chapter.name,
        path=path,
        title=chapter.title(),
        sections=sections(chapter, edition.languages),
        terms=linked_terms(chapter),
        images=tuple(leaf.image for b in chapter.blocks for leaf in b.leaves() if leaf.kind == "figure"),
        unread=find_unread(xhtml, smil, edition.narration.languages),
        answers=answers(edition, chapter),
        duration=timeline.duration if timeline else 0,
        xhtml=xhtml,
        smil=smil,
        translations=_translations(chapter.blocks[0], edition.languages),
    )


def chapter_xhtml(
    edition: Edition, chapter: Chapter, timeline: Timeline | None, *, worded: bool = False
) -> str:
    """A chapter's content document alone; `worded` as in `PageView`."""
    view = PageView(edition, chapter, _narrated(timeline), worded=worded)
    return render("chapter.xhtml.j2", edition, chapter=chapter, page=view)


def glossary_page(edition: Edition, spoken: Chapter, timeline: Timeline | None) -> Page:
    """The glossary's content document and overlay.

    `spoken`: a block for its title, and one for each term with its translations, in the order of
    `group_by_letter`.
    """
    xhtml = glossary_xhtml(edition, spoken, timeline)
    smil = overlay(resource_paths.GLOSSARY, spoken.name, timeline, edition.sync) if timeline else ""
    return Page(
        name=spoken.name,
        path=resource_paths.GLOSSARY,
        title=spoken.title(),
        sections=(),
        terms=(),
        images=(),
        unread=find_unread(xhtml, smil, edition.narration.languages),
        answers="",
        duration=timeline.duration if timeline else 0,
        xhtml=xhtml,
        smil=smil,
    )


def glossary_xhtml(
    edition: Edition, spoken: Chapter, timeline: Timeline | None, *, worded: bool = False
) -> str:
    """The glossary's content document alone; `spoken` as in `glossary_page`, `worded` as in `PageView`."""
    view = PageView(edition, spoken, _narrated(timeline), up="", worded=worded)
    groups = group_by_letter(edition.glossary, edition.metadata.original)
    heading, *blocks = spoken.blocks
    terms = [term for group in groups for term in group.terms]
    return render(
        "glossary.xhtml.j2",
        edition,
        groups=groups,
        heading=heading,
        spoken={term.id: block for term, block in zip(terms, blocks, strict=True)},
        latin={term.id: in_latin(term, edition.transliteration) for term in edition.glossary},
        title=spoken.title(),
        page=view,
    )


def _narrated(timeline: Timeline | None) -> frozenset[str]:
    return frozenset(timed.sentence.id for timed in timeline.sentences) if timeline else frozenset()


def pages_by_term(pages: Sequence[Page]) -> Mapping[str, Sequence[Page]]:
    """Of each term, by its id: the chapters that it occurs in, in their order."""
    found: dict[str, list[Page]] = {}
    for page in pages:
        for id_ in page.terms:
            found.setdefault(id_, []).append(page)
    return found


def fill_gaps(
    edition: Edition,
    page: Page,
    places: Mapping[str, Sequence[Page]],
    document: str = "",
    form: Callable[[str], str] = str,
) -> str:
    """A page's document, with what it says of other chapters.

    `places`: as `pages_by_term` gives them; `document`: the same page in another format, with the same gaps;
    `form`: converts what is filled in to that format.
    """
    terms = {term.id: term for term in edition.glossary}

    def fill(match: re.Match[str]) -> str:
        kind, _, id_ = match[1].partition("-")
        if kind != "words":
            return form(_places(edition, terms[id_], places.get(id_, [])))
        return form(_new_words(edition, [terms[id_] for id_ in page.terms if places[id_][0] is page]))

    return re.sub(gap(r"([\w-]*)"), fill, document or page.xhtml)


def _new_words(edition: Edition, new: Sequence[Term]) -> str:
    """The terms that no chapter before this one has."""
    return (
        fragment("words.xhtml.j2", edition, terms=new, shown=partial(glossary_form, edition)) if new else ""
    )


def _places(edition: Edition, term: Term, pages: Sequence[Page]) -> str:
    """Links back to every chapter that a term occurs in."""
    return fragment("places.xhtml.j2", edition, term=term, pages=pages) if pages else ""


def glossary_form(edition: Edition, term: Term) -> str:
    """A term as the glossary shows it."""
    return term.term if edition.vowels == "spoken" else term.say or term.term


def answers_xhtml(edition: Edition, pages: Sequence[Page]) -> str:
    """All chapters' answers."""
    return render("answers.xhtml.j2", edition, pages=pages)


def title_xhtml(edition: Edition, narrators: Collection[str]) -> str:
    """The title page: authors, translators, narrators, sources and typefaces."""
    typefaces = dict.fromkeys((font.family, font.licence) for font in edition.fonts)
    return render("title.xhtml.j2", edition, meta=edition.metadata, narrators=narrators, typefaces=typefaces)


def in_latin(term: Term, standard: Transliteration) -> str:
    """A term's transliteration: the author's, else one made from its vowelled form; empty without either."""
    if term.transliteration or standard == "none":
        return term.transliteration
    return transliterate(term.vowelled, standard)


def navigation_xhtml(edition: Edition, pages: Sequence[Page]) -> str:
    """The navigation document: contents and landmarks."""
    return render("nav.xhtml.j2", edition, pages=pages)


def sections(chapter: Chapter, languages: Collection[str]) -> tuple[Section, ...]:
    """The chapter's headings below its title, nested by level. `languages`: those that the edition shows."""
    headings = [b for b in chapter.blocks if b.kind == "heading" and b.level > 1 and b.texts]
    return _nest(headings, 2, languages)


def _nest(headings: Sequence[Block], level: int, languages: Collection[str]) -> tuple[Section, ...]:
    starts = [i for i, block in enumerate(headings) if block.level == level]
    return tuple(
        Section(
            headings[i].texts[0].id,
            " ".join(sentence.text for sentence in headings[i].texts[0].sentences),
            _nest(headings[i + 1 : end], level + 1, languages),
            _translations(headings[i], languages),
        )
        for i, end in zip(starts, [*starts[1:], len(headings)], strict=False)
    )


def _translations(heading: Block, languages: Collection[str]) -> tuple[tuple[str, str], ...]:
    """The heading in other languages, where it reads otherwise."""
    first, *others = heading.texts
    return tuple(
        (text.lang, plain(text)) for text in others if text.lang in languages and plain(text) != plain(first)
    )
