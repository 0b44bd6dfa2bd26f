"""Chapters, glossary, title page and navigation → XHTML content documents (EPUB 3.3 §6).

The pages' structure is in `templates/`, a sentence's inside in `inline`. Text is data: Jinja2 escapes it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from markupsafe import Markup, escape

from hakawati.epub import paths
from hakawati.epub.alphabet import grouped
from hakawati.epub.inline import render_sentence, shown_marks
from hakawati.epub.smil import overlay
from hakawati.epub.templates import render
from hakawati.epub.transliteration import transliterate
from hakawati.model import (
    Chapter,
    Edition,
    Mark,
    Note,
    Page,
    Section,
    Term,
    Text,
    Timeline,
    Transliteration,
    direction,
)


def chapter_page(edition: Edition, chapter: Chapter, timeline: Timeline | None) -> Page:
    """A chapter's content document and overlay; None where nothing of it is read aloud."""
    return Page(
        name=chapter.name,
        title=chapter.title(),
        sections=sections(chapter),
        terms=tuple(sorted(linked_terms(chapter))),
        images=tuple(leaf.image for b in chapter.blocks for leaf in b.leaves() if leaf.kind == "figure"),
        has_notes=bool(chapter.notes),
        duration=timeline.duration if timeline else 0,
        xhtml=chapter_xhtml(edition, chapter, timeline),
        smil=overlay(chapter.name, timeline, edition.sync) if timeline else "",
    )


def chapter_xhtml(edition: Edition, chapter: Chapter, timeline: Timeline | None) -> str:
    """A chapter's content document; only the sentences that are read aloud get parts that light up."""
    narrated = frozenset(timed.sentence.id for timed in timeline.sentences) if timeline else frozenset()
    page = _Page(edition, chapter, narrated)
    return render("chapter.xhtml.j2", edition, chapter=chapter, page=page)


def title_xhtml(edition: Edition, narrators: Collection[str]) -> str:
    """The title page: who made the book, and out of what."""
    return render("title.xhtml.j2", edition, meta=edition.metadata, narrators=narrators)


def glossary_xhtml(edition: Edition, pages: Sequence[Page]) -> str:
    """The glossary, each term with links to the chapters that it occurs in."""
    found = {term.id: [page for page in pages if term.id in page.terms] for term in edition.glossary}
    latin = {term.id: in_latin(term, edition.transliteration) for term in edition.glossary}
    groups = grouped(edition.glossary, edition.metadata.original)
    return render("glossary.xhtml.j2", edition, groups=groups, chapters=found, latin=latin)


def in_latin(term: Term, standard: Transliteration) -> str:
    """A term's transliteration: the author's, else one made from its vowelled form; empty without either."""
    if term.transliteration or standard == "none":
        return term.transliteration
    return transliterate(term.vowelled, standard)


def navigation_xhtml(edition: Edition, pages: Sequence[Page]) -> str:
    """The navigation document: contents and landmarks."""
    return render("nav.xhtml.j2", edition, pages=pages)


def sections(chapter: Chapter) -> tuple[Section, ...]:
    """The chapter's headings below its title, nested by level."""
    headings = [b for b in chapter.blocks if b.kind == "heading" and b.level > 1 and b.texts]
    flat = [(b.level, b.texts[0].id, " ".join(s.text for s in b.texts[0].sentences)) for b in headings]
    return _nest(flat, 2)


def _nest(flat: list[tuple[int, str, str]], level: int) -> tuple[Section, ...]:
    starts = [i for i, (found, _, _) in enumerate(flat) if found == level]
    return tuple(
        Section(flat[i][1], flat[i][2], _nest(flat[i + 1 : end], level + 1))
        for i, end in zip(starts, [*starts[1:], len(flat)], strict=False)
    )


def linked_terms(chapter: Chapter) -> frozenset[str]:
    """The ids of the terms that a chapter links to."""
    return frozenset(
        mark.target
        for text in chapter.texts()
        for sentence in text.sentences
        for mark in shown_marks(sentence)
        if mark.kind == "term"
    )


class _Page:
    """What the chapter's template asks for."""

    def __init__(self, edition: Edition, chapter: Chapter, narrated: Collection[str]) -> None:
        self.edition = edition
        self.original = edition.metadata.original
        self.languages = edition.languages
        self.narrated = narrated
        self.notes = {note.id: note for note in chapter.notes}
        self.referred: set[str] = set()

    def texts(self, texts: tuple[Text, ...]) -> list[Text]:
        """Those that the layout shows."""
        return [text for text in texts if text.lang in self.languages]

    def inline(self, text: Text) -> Markup:
        """A text's sentences, with the author's white space between them."""
        pieces = []
        for sentence in text.sentences:
            narrated = sentence.id in self.narrated

            def tags(mark: Mark) -> tuple[Markup, Markup]:
                return self._tags(mark, text.lang)

            pieces.append(render_sentence(sentence, self.edition.sync, narrated, tags))
            after = escape(sentence.after.replace("\n", ""))
            pieces.append(Markup("<br/>") if "\n" in sentence.after else after)
        return Markup("").join(pieces)

    def attributes(self, text: Text) -> Markup:
        """Id, and language and direction where they are not the document's."""
        id_ = Markup('id="{}"').format(text.id)
        if text.lang == self.original:
            return id_
        foreign = Markup(' class="translation" lang="{0}" xml:lang="{0}" dir="{1}"')
        return id_ + foreign.format(text.lang, direction(text.lang))

    def note_languages(self, note: Note) -> list[str]:
        """The languages in which a note is shown, each in an element of its own."""
        found = {text.lang for block in note.blocks for leaf in block.leaves() for text in leaf.texts}
        return [lang for lang in self.languages if lang in found]

    def note_id(self, note: Note, lang: str) -> str:
        return note.id if lang == self.original else f"{note.id}-{lang}"

    def back(self, note: Note, lang: str) -> str:
        """Where the note's link back leads: its first reference in that language, else in any."""
        id_ = f"r{self.note_id(note, lang)}"
        return id_ if id_ in self.referred else f"r{note.id}"

    def notes_here(self, block_id: str) -> list[Note]:
        """The notes to be shown right after a block: those that are read aloud there."""
        inline = self.edition.narration.notes == "inline"
        return [note for note in self.notes.values() if note.anchor == block_id] if inline else []

    def _tags(self, mark: Mark, lang: str) -> tuple[Markup, Markup]:
        match mark.kind:
            case "em" | "strong" | "code":
                return Markup(f"<{mark.kind}>"), Markup(f"</{mark.kind}>")
            case "link":
                web = ":" in mark.target
                target = mark.target if web else f"../{paths.chapter_path(mark.target.removesuffix('.md'))}"
                return Markup('<a href="{}">').format(target), Markup("</a>")
            case "term":
                return self._term(mark.target), Markup("</a>")
            case _:
                return self._reference(self.notes[mark.target], lang), Markup("")

    def _term(self, id_: str) -> Markup:
        anchor = "" if f"g-{id_}" in self.referred else Markup(' id="g-{}"').format(id_)
        self.referred.add(f"g-{id_}")
        return Markup('<a class="term"{} epub:type="glossref" role="doc-glossref" href="../{}#{}">').format(
            anchor, paths.GLOSSARY, id_
        )

    def _reference(self, note: Note, lang: str) -> Markup:
        target = self.note_id(note, lang if lang in self.note_languages(note) else self.original)
        id_ = f"r{self.note_id(note, lang)}"
        anchor = "" if id_ in self.referred else Markup(' id="{}"').format(id_)
        self.referred.add(id_)
        return Markup(
            '<a class="noteref"{} epub:type="noteref" role="doc-noteref" href="#{}"><sup>{}</sup></a>'
        ).format(anchor, target, note.number)
