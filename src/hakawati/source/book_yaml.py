"""The form of `book.yaml`, as an author may write it: every key, its type, its bounds and its default.

A field's name, type and bounds are the documentation's source; what two keys say together is checked in
`contradictions`.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, StringConstraints, Tag

from hakawati.model import Listening
from hakawati.source.claims import ADDRESS, CLAIM, SITE

# Language, script, region, variants (BCP 47 §2.1); extensions and private use have no place in a book.
LANGUAGE = re.compile(
    r"[a-z]{2,3}(-[A-Za-z]{4})?(-[A-Za-z]{2}|-[0-9]{3})?(-[A-Za-z0-9]{5,8}|-[0-9][A-Za-z0-9]{3})*"
)
VOICE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


LIKE_A_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _as_file(value: object) -> object:
    return {"file": value} if isinstance(value, str) else value


def _text(value: object) -> object:
    """A year or a house number is text too, however YAML reads it."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Line = Annotated[
    str,
    BeforeValidator(_text),
    StringConstraints(min_length=1, max_length=2000, strip_whitespace=True),
]
Lang = Annotated[str, StringConstraints(pattern=rf"^{LANGUAGE.pattern}$", max_length=35)]
VoiceName = Annotated[str, StringConstraints(pattern=rf"^{VOICE.pattern}$", max_length=40)]
EditionName = Annotated[str, StringConstraints(pattern=rf"^{SLUG.pattern}$", max_length=40)]
MOST = 200
"""Of names, voices and the like: more are a mistake, and would be made into very much."""
MOST_EDITIONS = 50

Names = Annotated[tuple[Line, ...], BeforeValidator(_as_list), Field(max_length=MOST)]
Languages = Annotated[tuple[Lang, ...], BeforeValidator(_as_list), Field(min_length=1, max_length=MOST)]
Titles = Annotated[
    Annotated[dict[Lang, Line], Tag("by language")] | Annotated[Line, Tag("alone")],
    Discriminator(lambda value: "by language" if isinstance(value, dict) else "alone"),
]
Milliseconds = Annotated[int, Field(strict=True, ge=0, le=60_000)]


class _StrictForm(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False, frozen=True)


class _VoiceForm(_StrictForm):
    model_config = ConfigDict(extra="allow")
    engine: Line


class _PausesForm(_StrictForm):
    phrase: Milliseconds = 0
    sentence: Milliseconds = 350
    paragraph: Milliseconds = 700
    heading: Milliseconds = 1000


class _NarrationForm(_StrictForm):
    languages: Languages | None = None
    order: Literal["sentence", "block", "chapter"] | None = None
    pair: Annotated[bool, Field(strict=True)] = False
    notes: Literal["none", "end", "inline"] = "none"
    glossary: Annotated[bool, Field(strict=True)] = True
    repeat: Annotated[float, Field(ge=0, le=10)] = 0.0
    speed: Annotated[float, Field(strict=True, ge=0.5, le=2)] = 1.0
    pauses: _PausesForm = _PausesForm()


def _one_word(vowels: object) -> object:
    return _ONLY_SURE if vowels == {"print": "sure"} else vowels


_ONLY_SURE = "print sure"
_Vowels = Annotated[Literal["spoken", "glossary", "print", "print sure"], BeforeValidator(_one_word)]
"""`{print: sure}`, too: those of doubtful words are not printed."""


class _AudioForm(_StrictForm):
    bitrate: Literal[32, 40, 48, 56, 64, 80, 96, 112, 128] = 64
    loudness: Annotated[float, Field(ge=-40, le=-16)] = -20.0


class _AccessibilityForm(_StrictForm):
    conforms_to: Annotated[Line, StringConstraints(pattern=rf"^{CLAIM.pattern}$")] | None = None
    certified_by: Line | None = None
    certifier_credential: Line | None = None
    certifier_report: Annotated[Line, StringConstraints(pattern=rf"^{ADDRESS.pattern}$")] | None = None
    summary: Titles | None = None


class _FontForm(_StrictForm):
    file: Line
    languages: Languages | None = None
    licence: Line | None = None


Formats = Annotated[tuple[Listening, ...], BeforeValidator(_as_list)]
_FontOrFile = Annotated[_FontForm, BeforeValidator(_as_file)]
Fonts = Annotated[tuple[_FontOrFile, ...], BeforeValidator(_as_list), Field(max_length=MOST)]


class BookYaml(_StrictForm):
    """The whole file."""

    title: Titles
    languages: Languages
    identifier: Annotated[Line, StringConstraints(pattern=r"^[a-z][a-z0-9+.-]*:\S+$")] | None = None
    slug: Annotated[str, StringConstraints(pattern=rf"^{SLUG.pattern}$", max_length=80)] | None = None
    authors: Names = ()
    translators: Names = ()
    narrators: Names = ()
    publisher: Line | None = None
    rights: Line | None = None
    source: Line | None = None
    date: Annotated[Line, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")] | None = None
    description: Line | None = None
    subjects: Names = ()
    cover: Line | None = None
    fonts: Fonts = ()
    voices: Annotated[dict[VoiceName, _VoiceForm], Field(max_length=MOST)] = {}
    narration: _NarrationForm = _NarrationForm()
    sync: Literal["word", "phrase", "sentence", "paragraph"] = "phrase"
    layout: Literal["interleaved", "sentences", "popup", "facing", "original"] = "interleaved"
    transliteration: Literal["none", "ala-lc", "din-31635"] = "none"
    vowels: _Vowels = "glossary"
    chapter_words: Annotated[bool, Field(strict=True)] = False
    cards: Annotated[bool, Field(strict=True)] = True
    listening: Formats = ()
    site: Annotated[Line, StringConstraints(pattern=rf"^{SITE.pattern}$")] | None = None
    audio: _AudioForm = _AudioForm()
    accessibility: _AccessibilityForm = _AccessibilityForm()
    editions: Annotated[dict[EditionName, dict[str, object]], Field(max_length=MOST_EDITIONS)] = {}

    @property
    def order(self) -> Literal["sentence", "block", "chapter"]:
        """After how much of the original its translation has its turn.

        As the layout and `pair` need it, else as the author says: what is heard goes where the page goes.
        """
        if self.layout == "sentences" or self.narration.pair:
            return "sentence"
        both = len(self.narration.languages or ()) > 1
        return (self.narration.order or "block") if both else "block"
