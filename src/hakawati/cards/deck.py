"""The glossary and its uses in the chapters → the content of the cards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from hakawati.model import Block, Card, Chapter, Deck, Metadata, Occurrence, Term, Timeline, plain


def occurrences(chapter: Chapter, timeline: Timeline | None) -> tuple[Occurrence, ...]:
    """The sentences in which a chapter links to terms, in page order.

    `timeline`: None where nothing is read aloud. Where a sentence is not, its times are 0.
    """
    heard = {timed.sentence.id: timed for timed in timeline.sentences} if timeline else {}
    found = []
    for leaf in _leaves(chapter):
        for n, sentence in enumerate(leaf.texts[0].sentences):
            timed = heard.get(sentence.id)
            found += [
                Occurrence(
                    term=mark.target,
                    chapter=chapter.name,
                    title=chapter.title(),
                    text=sentence.text,
                    begin=mark.begin,
                    end=mark.end,
                    translations=_translations(n, leaf),
                    heard_from=timed.begin if timed else 0,
                    heard_to=timed.end if timed else 0,
                )
                for mark in sentence.marks
                if mark.kind == "term"
            ]
    return tuple(found)


def _leaves(chapter: Chapter) -> Iterator[Block]:
    """The blocks with a text, those of the notes too."""
    for block in chapter.blocks + tuple(b for note in chapter.notes for b in note.blocks):
        yield from (leaf for leaf in block.leaves() if leaf.texts)


def _translations(n: int, leaf: Block) -> dict[str, str]:
    """The translations of the n-th sentence; in a block without pairs, of its only sentence."""
    original, *others = leaf.texts
    for (begin, end), *ranges in leaf.pairs:
        if begin <= n < end:
            return {
                text.lang: " ".join(sentence.text for sentence in text.sentences[first:last])
                for text, (first, last) in zip(others, ranges, strict=True)
            }
    return {text.lang: plain(text) for text in others} if len(original.sentences) == 1 else {}


def deck(metadata: Metadata) -> Deck:
    """What the cards of a book have in common: its name, its identifier, its credits."""
    lang = metadata.original
    about = [*metadata.title.values(), *metadata.authors, metadata.publisher, metadata.rights]
    return Deck(
        identifier=metadata.identifier,
        slug=metadata.slug,
        lang=lang,
        name=metadata.title_in(lang),
        about=tuple(line for line in about if line),
    )


def learnable(glossary: Iterable[Term]) -> tuple[Term, ...]:
    """The terms that make a card: those with an answer, a translation or a definition."""
    return tuple(filter(is_learnable, glossary))


def is_learnable(term: Term) -> bool:
    """Whether a term makes a card."""
    return bool(term.translation or term.definition)


def cards(
    glossary: Sequence[Term],
    found: Iterable[Occurrence],
    shown: Mapping[str, str],
    latin: Mapping[str, str],
    term_sound: Callable[[Term], bytes],
    sentence_sound: Callable[[Occurrence], bytes],
) -> Iterator[Card]:
    """The cards in the order in which the book uses their terms; those it does not use come last.

    `found`: the `occurrences` of all chapters, in order; `shown`: by id, the terms with vowels that were
    added to them; `latin`: transliterations by id; `term_sound`, `sentence_sound`: give an MP3, or empty
    bytes. They are called card by card, so that one sound at a time is in memory; their errors pass through.
    """
    uses: dict[str, list[Occurrence]] = {}
    for occurrence in found:
        uses.setdefault(occurrence.term, []).append(occurrence)
    terms = {term.id: term for term in learnable(glossary)}
    for id_ in [*(id_ for id_ in uses if id_ in terms), *(id_ for id_ in terms if id_ not in uses)]:
        term = terms[id_]
        first = uses[id_][0] if id_ in uses else None
        yield Card(
            term=term,
            shown=term.say or shown.get(id_, term.term),
            transliteration=latin.get(id_, ""),
            occurrence=first,
            chapters=tuple(dict.fromkeys(use.chapter for use in uses.get(id_, ()))),
            term_sound=term_sound(term),
            sentence_sound=sentence_sound(first) if first and first.heard_to else b"",
        )
