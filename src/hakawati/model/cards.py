"""Flash cards."""

from __future__ import annotations

from dataclasses import dataclass

from hakawati.model.book import Term
from hakawati.model.settings import Localized


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where a chapter links to a term: the sentence, and its time in the chapter.

    It holds numbers and text alone, so that `Occurrence(**json)` is what `asdict` made of one.
    """

    term: str
    """The term's id."""
    chapter: str
    """The chapter's name."""
    title: str
    """The chapter's title, in the original's language."""
    text: str
    """The sentence as printed; a line feed in it is a hard line break."""
    begin: int
    end: int
    """The term is `text[begin:end]`, with the proclitics that it carries."""
    translations: Localized
    """Of the sentence, in the languages in which it is known which one that is."""
    heard_from: int = 0
    heard_to: int = 0
    """In samples of the chapter, with the pause that follows; both 0 where it is not read aloud."""


@dataclass(frozen=True, slots=True)
class Deck:
    """What the cards of one book have in common."""

    identifier: str
    """The book's: as long as it stays, the cards are the same cards to Anki."""
    slug: str
    """The book's, for tags and the names of sounds."""
    lang: str
    """The original's language."""
    name: str
    about: tuple[str, ...] = ()
    """Lines that say what book this is."""


@dataclass(frozen=True, slots=True)
class Card:
    """A term to be learned."""

    term: Term
    shown: str
    """The term, with its vowels where they are known."""
    transliteration: str = ""
    occurrence: Occurrence | None = None
    """The first in the book."""
    chapters: tuple[str, ...] = ()
    """Names of all chapters that link to it."""
    term_sound: bytes = b""
    sentence_sound: bytes = b""
    """MP3; empty where it is not read aloud."""
