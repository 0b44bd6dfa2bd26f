"""The settings of `book.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Sync = Literal["word", "phrase", "sentence", "paragraph"]
Layout = Literal["interleaved", "sentences", "popup", "facing", "original"]
"""How a translation is shown: after its block, after its sentence, as a note to it, beside it, or not."""
Order = Literal["sentence", "block", "chapter"]
"""After how much of the original its translation has its turn, on the page and when both are read aloud."""
NotesReading = Literal["none", "end", "inline"]
Vowels = Literal["spoken", "glossary", "print", "print sure"]
"""Where the vowel marks that the author did not write into the text are: only heard; shown in the glossary;
or shown in the text as well."""
Transliteration = Literal["none", "ala-lc", "din-31635"]
"""How the glossary shows Arabic terms in Latin letters."""

Listening = Literal["lrc", "vtt", "srt", "playlist", "audiobook", "feed", "m4b"]
"""What is made for players besides the MP3s: each chapter's text in time, in three forms; a playlist; a W3C
audiobook; a podcast's feed; one file with chapters."""

NO_COVER = "none"
"""Instead of an image's path, where the author wants no cover."""


RTL_LANGUAGES = frozenset(["ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"])


def direction(lang: str) -> Literal["rtl", "ltr"]:
    """The base direction of a BCP 47 language tag."""
    parts = lang.lower().split("-")
    if "latn" in parts:
        return "ltr"
    return "rtl" if parts[0] in RTL_LANGUAGES or "arab" in parts or "hebr" in parts else "ltr"


Localized = Mapping[str, str]
"""Text by language tag; the original's language first."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a source file."""

    path: str
    """Relative to the project folder, with forward slashes."""
    line: int
    """1-based."""


@dataclass(frozen=True, slots=True)
class VoiceChoice:
    """Which engine speaks, and the options it is given; what they mean is the engine's to check."""

    engine: str
    options: Mapping[str, object]
    place: Place


@dataclass(frozen=True, slots=True)
class Pauses:
    """Silence after each of these, in milliseconds; a phrase's is inside its sentence."""

    phrase: int = 0
    sentence: int = 350
    paragraph: int = 700
    heading: int = 1000


@dataclass(frozen=True, slots=True)
class Narration:
    """What is read aloud."""

    languages: tuple[str, ...]
    notes: NotesReading = "none"
    pauses: Pauses = Pauses()
    order: Order = "block"
    pair: bool = False
    """Whether a sentence and its translation light up together."""
    repeat: float = 0.0
    """Silence after each sentence, as a multiple of its length, for a learner to say it."""
    glossary: bool = True
    """Whether the glossary's terms are read aloud, each with its translation."""
    speed: float = 1.0
    """Times as fast as the voices and the people speak by themselves, 0.5 to 2; a voice may have its own."""


QUIETEST, LOUDEST = -23.0, -18.0
"""dB RMS: what ACX, by way of which audiobooks are sold, takes."""


@dataclass(frozen=True, slots=True)
class Audio:
    """How the narration is encoded."""

    bitrate: int = 64
    """kbit/s, constant."""
    loudness: float = -20.0
    """dB RMS relative to full scale."""


@dataclass(frozen=True, slots=True)
class Font:
    """A font of the author's, for the text of some languages; its name and its rights are in the file."""

    file: str
    """Its path in `book/`."""
    languages: tuple[str, ...]
    family: str
    weight: str
    """As in CSS: `400`; of a variable font its least and greatest, `100 900`."""
    style: Literal["normal", "italic"]
    licence: str
    """Its first line; empty where neither the font nor the author tells."""
    whole: bool
    """Whether its licence wants it unchanged: not cut down to the characters of the book."""
    place: Place
    """Where the author names it."""


@dataclass(frozen=True, slots=True)
class Accessibility:
    """What the author says of the book's accessibility, and who found it so (EPUB Accessibility 1.1 §4.2).

    A claim has both `conforms_to` and `certified_by`, or neither.
    """

    conforms_to: str = ""
    """`EPUB Accessibility 1.1 - WCAG 2.2 Level AA`, or another of the standard's strings."""
    certified_by: str = ""
    """Who evaluated the book."""
    certifier_credential: str = ""
    """What entitles them: text, or the address of a page that tells it."""
    certifier_report: str = ""
    """The address of their report."""
    summary: Localized = field(default_factory=dict)
    """In one language, or none: to be shown in place of the one that the program makes."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the book says about itself (EPUB 3.3 §5.4, ID3v2.4)."""

    title: Localized
    languages: tuple[str, ...]
    identifier: str
    slug: str
    authors: tuple[str, ...] = ()
    translators: tuple[str, ...] = ()
    narrators: tuple[str, ...] = ()
    publisher: str = ""
    rights: str = ""
    source: str = ""
    date: str = ""
    description: str = ""
    subjects: tuple[str, ...] = ()
    accessibility: Accessibility = Accessibility()

    @property
    def original(self) -> str:
        return self.languages[0]

    def title_in(self, lang: str) -> str:
        """The title in `lang`, or in the first language it is given in."""
        return self.title.get(lang) or next(iter(self.title.values()))
