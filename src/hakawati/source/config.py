"""`book.yaml`: every key, checked.

The classes here are the file's form, as an author may write it; `read_config` turns it into the
program's nouns. A field's name, type and bounds are the documentation's source.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    TypeAdapter,
    ValidationError,
)

from hakawati import model
from hakawati.errors import BookError, Problem, listed
from hakawati.source import yaml_lines
from hakawati.source.config_errors import problem
from hakawati.source.yaml_lines import Lines

# Language, script, region, variants (BCP 47 §2.1); extensions and private use have no place in a book.
LANGUAGE = re.compile(
    r"[a-z]{2,3}(-[A-Za-z]{4})?(-[A-Za-z]{2}|-[0-9]{3})?(-[A-Za-z0-9]{5,8}|-[0-9][A-Za-z0-9]{3})*"
)
VOICE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


_LIKE_A_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


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
Names = Annotated[tuple[Line, ...], BeforeValidator(_as_list)]
Languages = Annotated[tuple[Lang, ...], BeforeValidator(_as_list), Field(min_length=1)]
Titles = Annotated[
    Annotated[dict[Lang, Line], Tag("by language")] | Annotated[Line, Tag("alone")],
    Discriminator(lambda value: "by language" if isinstance(value, dict) else "alone"),
]
Milliseconds = Annotated[int, Field(strict=True, ge=0, le=60_000)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False, frozen=True)


class _Voice(_Form):
    model_config = ConfigDict(extra="allow")
    engine: Line


class _Pauses(_Form):
    phrase: Milliseconds = 0
    sentence: Milliseconds = 350
    paragraph: Milliseconds = 700
    heading: Milliseconds = 1000


class _Narration(_Form):
    languages: Languages | None = None
    notes: Literal["none", "end", "inline"] = "none"
    pauses: _Pauses = _Pauses()


class _Audio(_Form):
    bitrate: Literal[32, 40, 48, 56, 64, 80, 96, 112, 128] = 64
    loudness: Annotated[float, Field(ge=-40, le=-16)] = -20.0


class BookYaml(_Form):
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
    voices: dict[VoiceName, _Voice] = {}
    narration: _Narration = _Narration()
    sync: Literal["word", "phrase", "sentence", "paragraph"] = "phrase"
    layout: Literal["interleaved", "original"] = "interleaved"
    transliteration: Literal["none", "ala-lc", "din-31635"] = "none"
    audio: _Audio = _Audio()


@dataclass(frozen=True)
class Config:
    """`book.yaml` in the program's nouns, with the lines of what other files can contradict."""

    metadata: model.Metadata
    voices: Mapping[str, model.VoiceChoice]
    narration: model.Narration
    audio: model.Audio
    sync: model.Sync
    layout: model.Layout
    transliteration: model.Transliteration
    cover: str
    lines: Lines


def read_config(text: str, path: str, folder_name: str) -> Config:
    """Check `book.yaml`; raises `BookError` with everything that is wrong in it.

    `folder_name` serves as the slug where no title has Latin letters.
    """
    data, lines = yaml_lines.read(text, path)
    if not isinstance(data, dict):
        hint = "begin with a line like “title: {ar: …, en: …}” and one like “languages: [ar, en]”"
        raise BookError([Problem(path, 1, "no keys in this file", hint)])
    try:
        form = BookYaml.model_validate(data)
    except ValidationError as error:
        raise BookError(problem(error_, lines, path, BookYaml) for error_ in error.errors()) from None
    problems = [*_contradictions(form, lines, path), *_unfit_transliteration(form, lines, path)]
    if problems:
        raise BookError(problems)
    return _config(form, lines, path, folder_name)


def read_languages(text: str, path: str) -> tuple[str, ...]:
    """The languages alone, so that a mistake elsewhere in `book.yaml` hides none in the chapters.

    None where they cannot be told.
    """
    try:
        data, _ = yaml_lines.read(text, path)
        found = data.get("languages") if isinstance(data, dict) else None
        return tuple(dict.fromkeys(TypeAdapter[tuple[str, ...]](Languages).validate_python(found)))
    except (BookError, ValidationError):
        return ()


def _config(form: BookYaml, lines: Lines, path: str, folder_name: str) -> Config:
    original = form.languages[0]
    titles = {original: form.title} if isinstance(form.title, str) else form.title
    title = {lang: titles[lang] for lang in form.languages if lang in titles}
    identifier = (
        form.identifier or uuid.uuid5(uuid.NAMESPACE_URL, f"hakawati:{original}:{title[original]}").urn
    )
    voices = {
        name: model.VoiceChoice(v.engine, v.model_extra or {}, model.Place(path, lines["voices", name]))
        for name, v in form.voices.items()
    }
    return Config(
        metadata=model.Metadata(
            title=title,
            languages=form.languages,
            identifier=identifier,
            slug=form.slug or slug(*title.values(), folder_name),
            authors=form.authors,
            translators=form.translators,
            narrators=form.narrators,
            publisher=form.publisher or "",
            rights=form.rights or "",
            source=form.source or "",
            date=form.date or "",
            description=form.description or "",
            subjects=form.subjects,
        ),
        voices=voices,
        narration=model.Narration(
            # In the order of the page, whatever the order they are named in.
            languages=tuple(
                lang for lang in form.languages if lang in (form.narration.languages or (original,))
            ),
            notes=form.narration.notes,
            pauses=model.Pauses(**form.narration.pauses.model_dump()),
        ),
        audio=model.Audio(**form.audio.model_dump()),
        sync=form.sync,
        layout=form.layout,
        transliteration=form.transliteration,
        cover=form.cover or "",
        lines=lines,
    )


def _contradictions(form: BookYaml, lines: Lines, path: str) -> list[Problem]:
    """What the types cannot say."""
    found = []

    def wrong(message: str, hint: str, *at: str | int) -> None:
        line = lines.get(at) or lines[at[:-1]]  # `languages: ar` has no line for its only item
        found.append(Problem(path, line, message, hint))

    known = form.languages
    hint = f"this book's languages are {listed(dict.fromkeys(known))} (see “languages”)"
    for i, lang in enumerate(known):
        if lang in known[:i]:
            wrong(f"the language {lang} is listed twice", "name each language once", "languages", i)
    read_aloud = form.narration.languages or ()
    for i, lang in enumerate(read_aloud):
        if lang in read_aloud[:i]:
            wrong(f"{lang} is to be read aloud twice", "name it once", "narration", "languages", i)
        if lang not in known:
            message = f"{lang} is read aloud, but is no language of the book"
            wrong(message, hint, "narration", "languages", i)
        elif form.layout == "original" and lang != known[0]:
            message = f"{lang} is read aloud, but “layout: original” does not show it"
            wrong(
                message, f"choose layout: interleaved, or read {known[0]} only", "narration", "languages", i
            )
    for name in form.voices:
        # Any other key is the name of a voice that single blocks choose.
        if name not in known and _LIKE_A_LANGUAGE.fullmatch(name):
            wrong(f"a voice for {name}, which is no language of the book", hint, "voices", name)
    if isinstance(form.title, dict):
        if known[0] not in form.title:
            wrong(
                f"no title in the original's language, {known[0]}",
                f"add it: {{{known[0]}: …}}",
                "title",
            )
        for lang in form.title:
            if lang not in known:
                wrong(f"a title in {lang}, which is no language of the book", hint, "title", lang)
    return found


def _unfit_transliteration(form: BookYaml, lines: Lines, path: str) -> Iterator[Problem]:
    original = form.languages[0]
    if form.transliteration != "none" and original.split("-", maxsplit=1)[0] != "ar":
        message = f"{form.transliteration} is for Arabic terms, but the original's language is {original}"
        yield Problem(path, lines["transliteration",], message, "leave “transliteration” out")


def slug(*names: str) -> str:
    """A file name out of the first of `names` that has Latin letters or digits; `book` if none has."""
    for name in names:
        ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        words = re.findall(r"[a-z0-9]+", ascii_name.replace("'", ""))
        if words:
            return "-".join(words)[:80].strip("-")
    return "book"
