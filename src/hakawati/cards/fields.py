"""A card → the fields of an Anki note: HTML, in which the book's text is data."""

from __future__ import annotations

import html

from hakawati.model import Card, Deck, Localized, Occurrence, direction

FIELDS = (
    "Term",
    "Transliteration",
    "Root",
    "Translation",
    "Definition",
    "Explanation",
    "Sentence",
    "Sentence translation",
    "Chapter",
    "Term sound",
    "Sentence sound",
)
"""In their order. Anki takes a note type with other fields for another one, and then updates no note: they
must stay, whatever languages a book has. The definition is the original's, the explanation the others'."""


def fields(card: Card, lang: str, term_sound: str, sentence_sound: str) -> tuple[str, ...]:
    """The contents of `FIELDS`, as HTML.

    `lang`: the original's; `term_sound`, `sentence_sound`: names of files in the package, or empty.
    """
    term, use = card.term, card.occurrence
    definition = {code: text for code, text in term.definition.items() if code == lang}
    explanation = {code: text for code, text in term.definition.items() if code != lang}
    return (
        escape(card.shown),
        escape(card.transliteration),
        escape(term.root),
        _by_language(term.translation),
        _by_language(definition),
        _by_language(explanation),
        _marked(use) if use else "",
        _by_language(use.translations) if use else "",
        escape(use.title) if use else "",
        _sound(term_sound),
        _sound(sentence_sound),
    )


def tags(card: Card, deck: Deck) -> list[str]:
    """The card's tags: the book, and in it the chapters that use the term. A tag has no spaces."""
    return [deck.slug, *(f"{deck.slug}::{'_'.join(name.split())}" for name in card.chapters)]


def escape(text: str) -> str:
    r"""Text as HTML that Anki shows as it is.

    Besides what HTML reads, it reads [sound:…] and [latex], and \( as mathematics, though not across a tag.
    """
    safe = html.escape(text).replace("[", "&#91;").replace("\\", "&#92;<span></span>")
    return safe.replace("\n", "<br>")


def _marked(use: Occurrence) -> str:
    before, term, after = use.text[: use.begin], use.text[use.begin : use.end], use.text[use.end :]
    return f"{escape(before)}<mark>{escape(term)}</mark>{escape(after)}"


def _by_language(texts: Localized) -> str:
    return "".join(
        f'<div lang="{lang}" dir="{direction(lang)}">{escape(text)}</div>' for lang, text in texts.items()
    )


def _sound(name: str) -> str:
    return f"[sound:{name}]" if name else ""
