"""The glossary as it is read aloud: terms → a chapter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from hakawati.model import Chapter, Mark, Term
from hakawati.source.matching import Finder
from hakawati.source.pairing import Pairing
from hakawati.source.raw import Inline, RawBlock, RawChapter

GLOSSARY = "glossary"
"""The name of what is made of the glossary, as chapters have theirs."""
SPOKEN = "-w"
"""What the id of a term's block ends with: the term's own is that of its whole entry."""

SPOKEN_HEADINGS = {"مسرد المصطلحات": "مَسْرَدُ الْمُصْطَلَحَات"}
"""How the headings are said that are the program's own: an author need not settle their vowels."""


def spoken_glossary(
    terms: Sequence[Term],
    shown: Callable[[Term], str],
    title: tuple[str, str],
    original: str,
    say: Finder[str],
) -> Chapter:
    """The glossary as it is read aloud: its title (language and text), and a block for each term.

    `shown`: how a term is printed; its own `say` is how it is spoken, else what `say` finds in it.
    """
    path = terms[0].place.path
    page = Pairing({original: RawChapter(path)}, Finder((), str), say)
    lang, text = title
    own = (Mark("say", 0, len(text), SPOKEN_HEADINGS[text]),) if text in SPOKEN_HEADINGS else ()
    heading = page.block(GLOSSARY, {original: RawBlock("heading", 1, Inline(text, own), level=1)})
    blocks = [replace(heading, texts=tuple(replace(t, lang=lang) for t in heading.texts))]
    for term in terms:
        printed = shown(term)
        said = (Mark("say", 0, len(printed), term.say),) if term.say else ()
        page.versions = {lang: RawChapter(path) for lang in (original, *term.translation)}
        group = {original: RawBlock("term", term.place.line, Inline(printed, said))}
        for lang, meaning in term.translation.items():
            group[lang] = RawBlock("term", term.place.line, Inline(meaning))
        blocks.append(page.block(term.id + SPOKEN, group))
    return Chapter(GLOSSARY, GLOSSARY, tuple(blocks))
