"""What the templates need of a chapter: which texts its page shows, in which order, with which tags.

The page follows the narration (`Edition.narration.order`), so that its overlay is in the order of the page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from markupsafe import Markup, escape

from hakawati.epub import resource_paths
from hakawati.epub.labels import label, label_language
from hakawati.epub.sentence_markup import render_sentence, shown_marks
from hakawati.model import Block, Chapter, Edition, Mark, Note, Passage, Sync, Text, direction

_HALF = Markup('<span class="half">')


class PageView:
    """A chapter as its template sees it."""

    def __init__(
        self,
        edition: Edition,
        chapter: Chapter,
        narrated: Collection[str],
        up: str = "../",
        *,
        worded: bool = False,
    ) -> None:
        """`narrated`: ids of the sentences that are read aloud; `up`: the way from the page to the root.

        `worded`: mark every narrated word, whatever is highlighted in the EPUB, and give every passage its
        place in the sources, for the web edition.
        """
        self.edition = edition
        self.worded = worded
        self.sync: Sync = "word" if worded else edition.sync
        self.chapter = chapter
        self.original = edition.metadata.original
        self.narrated = narrated
        self.up = up
        self.popup = edition.layout == "popup"
        self.notes = {note.id: note for note in chapter.notes}
        self.referred: set[str] = set()

    @property
    def passes(self) -> list[Sequence[str]]:
        """The groups of languages that the text is shown in: all at once, or one after the other."""
        shown = self.edition.beside
        return [[lang] for lang in shown] if self.edition.narration.order == "chapter" else [shown]

    def groups(self, block: Block, languages: Collection[str]) -> list[tuple[Passage, ...]]:
        """The passages of a block that belong together, in the order of the page."""
        return list(block.passages(self.edition.narration.order, languages))

    def texts(self, block: Block, languages: Collection[str]) -> list[Text]:
        """A block's texts in these languages."""
        return [text for text in block.texts if text.lang in languages]

    def is_shown(self, block: Block, languages: Collection[str]) -> bool:
        """Whether there is something of a block in these languages; what has none goes with the original."""
        if block.kind == "answer":  # it has a page of its own
            return False
        if not any(leaf.texts for leaf in block.leaves()) or block.kind == "figure":
            return self.original in languages or bool(self.texts(block, languages))
        return any(self.texts(leaf, languages) for leaf in block.leaves())

    def in_pair(self, passage: Passage) -> bool:
        """Whether the passage is highlighted together with its translations, as one element."""
        return self.edition.narration.pair and bool(passage.pair)

    def inline(self, passage: Passage, block: Block | None = None) -> Markup:
        """A passage's sentences, with the author's white space between them.

        `block`: the one that the passage is of, where translations open as notes.
        """
        marks = dict(self._opening(block)) if block and self.popup else {}
        whole = self.in_pair(passage) and not self.worded
        halves = bool(block and block.kind == "verse")
        pieces = [_HALF] if halves else []
        for sentence in passage.sentences:
            narrated = sentence.id in self.narrated and not whole

            def tags(mark: Mark) -> tuple[Markup, Markup]:
                return self._tags(mark, passage.text.lang)

            pieces.append(render_sentence(sentence, self.sync, narrated, tags))
            pieces.append(marks.get(sentence.id, Markup()))
            after = escape(sentence.after.replace("\n", ""))
            if "\n" in sentence.after:
                after = Markup(" </span>") + _HALF if halves else Markup("<br/>")
            pieces.append(after)
        return Markup("").join([*pieces, Markup("</span>")] if halves else pieces)

    def whole(self, text: Text) -> Passage:
        """All of a text."""
        return Passage(text.id, text, text.sentences)

    def attributes(self, passage: Passage, class_: str = "", *, translation: bool = True) -> Markup:
        """Id, class, and language and direction where they are not the document's."""
        id_ = Markup('id="{}"').format(passage.id)
        if self.worded and passage.sentences:
            id_ += Markup(' data-line="{}:{}"').format(passage.text.path, passage.sentences[0].line)
        lang = passage.text.lang
        if lang == self.original:
            return id_ + _class(class_)
        return id_ + self.language(lang, f"{class_} translation".strip() if translation else class_)

    def language(self, lang: str, class_: str = "") -> Markup:
        """The attributes of an element that is in another language than the document."""
        return _class(class_) + Markup(' lang="{0}" xml:lang="{0}" dir="{1}"').format(lang, direction(lang))

    # Questions, whose answers are at the book's end

    def anchor(self, item: Block, languages: Collection[str]) -> Markup:
        """The id of a question, for its answer to lead back to."""
        return Markup(' id="{}"').format(item.id) if self._is_answered(item, languages) else Markup()

    def to_answer(self, item: Block, languages: Collection[str]) -> Markup:
        """The link from a question to its answer."""
        if not self._is_answered(item, languages):
            return Markup()
        lang = label_language(self.original)
        return Markup('<p class="small"><a href="{}{}#{}" lang="{}" xml:lang="{}">{}</a></p>\n').format(
            *(
                self.up,
                resource_paths.ANSWERS,
                answer_id(self.chapter, item),
                lang,
                lang,
                label("answer", lang),
            )
        )

    def _is_answered(self, item: Block, languages: Collection[str]) -> bool:
        return item.children[-1].kind == "answer" and self.original in languages

    # Translations that open as notes

    def translations(self, block: Block) -> Iterator[tuple[str, tuple[Passage, ...]]]:
        """Of a leaf: the translations that open as notes, each with its id."""
        for group in self._noted(block):
            yield _opened(group[0]), group[1:]

    def _noted(self, block: Block) -> Iterator[tuple[Passage, ...]]:
        if block.kind == "code":  # the same in every language
            return
        for group in block.passages("sentence", self.edition.languages):
            if len(group) > 1 and group[0].text.lang == self.original:
                yield group

    def _opening(self, block: Block) -> Iterator[tuple[str, Markup]]:
        """The link that opens a translation, with the id of the sentence that it follows."""
        for group in self._noted(block):
            id_ = _opened(group[0])
            yield (
                group[0].sentences[-1].id,
                Markup(
                    '<a class="translate" id="{0}-ref" epub:type="noteref" role="doc-noteref" href="#{0}"'
                    ' lang="{1}" xml:lang="{1}" aria-label="{2}">°</a>'
                ).format(id_, label_language(self.original), label("translation", self.original)),
            )

    # Footnotes

    def note_languages(self, note: Note) -> list[str]:
        """The languages in which a note is shown, each in an element of its own."""
        found = {text.lang for block in note.blocks for leaf in block.leaves() for text in leaf.texts}
        shown = [lang for lang in self.edition.languages if lang in found]
        return shown[:1] if self.popup else shown

    def note_texts(self, note: Note, lang: str) -> list[Text]:
        """The paragraphs of one of a note's elements: in its language, or with translations to them."""
        shown = self.edition.languages if self.popup else [lang]
        return [
            text
            for code in shown
            for block in note.blocks
            for leaf in block.leaves()
            for text in leaf.texts
            if text.lang == code
        ]

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

    # What the author marked

    def _tags(self, mark: Mark, lang: str) -> tuple[Markup, Markup]:
        match mark.kind:
            case "em" | "strong" | "code":
                return Markup(f"<{mark.kind}>"), Markup(f"</{mark.kind}>")
            case "speaker":
                return Markup('<b class="speaker">'), Markup("</b>")
            case "link":
                web = ":" in mark.target
                chapter = resource_paths.chapter_path(mark.target.removesuffix(".md"))
                target = mark.target if web else self.up + chapter
                return Markup('<a href="{}">').format(target), Markup("</a>")
            case "term":
                return self._term(mark.target), Markup("</a>")
            case _:
                return self._reference(self.notes[mark.target], lang), Markup("")

    def _term(self, id_: str) -> Markup:
        anchor = "" if f"g-{id_}" in self.referred else Markup(' id="g-{}"').format(id_)
        self.referred.add(f"g-{id_}")
        return Markup('<a class="term"{} epub:type="glossref" role="doc-glossref" href="{}{}#{}">').format(
            anchor, self.up, resource_paths.GLOSSARY, id_
        )

    def _reference(self, note: Note, lang: str) -> Markup:
        target = self.note_id(note, lang if lang in self.note_languages(note) else self.original)
        id_ = f"r{self.note_id(note, lang)}"
        anchor = "" if id_ in self.referred else Markup(' id="{}"').format(id_)
        self.referred.add(id_)
        return Markup(
            '<a class="noteref"{} epub:type="noteref" role="doc-noteref" href="#{}"><sup>{}</sup></a>'
        ).format(anchor, target, note.number)


def _opened(passage: Passage) -> str:
    """The id of the note that a passage's translations are."""
    return f"{passage.id}-t"


def answer_id(chapter: Chapter, item: Block) -> str:
    """The id of the answer to a question, on the page of all answers."""
    return f"{resource_paths.safe(chapter.name)}-{item.id}"


def _class(name: str) -> Markup:
    return Markup(' class="{}"').format(name) if name else Markup()


def linked_terms(chapter: Chapter) -> tuple[str, ...]:
    """The ids of the terms that a chapter links to, in the order of their first links."""
    found = (
        mark.target
        for text in chapter.texts()
        for sentence in text.sentences
        for mark in sorted(shown_marks(sentence), key=lambda mark: mark.begin)
        if mark.kind == "term"
    )
    return tuple(dict.fromkeys(found))
