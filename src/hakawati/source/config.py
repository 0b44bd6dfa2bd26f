"""`book.yaml` → the book's editions as the model has them, every key checked.

The file's form is in `book_yaml`, what two keys cannot say together in `contradictions`.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter, ValidationError

from hakawati import model
from hakawati.errors import BookError, Problem
from hakawati.source import yaml_lines
from hakawati.source.book_yaml import BookYaml, Languages
from hakawati.source.claims import half_claims
from hakawati.source.config_errors import problems
from hakawati.source.contradictions import contradictions
from hakawati.source.fonts import FontChoice
from hakawati.source.yaml_lines import Lines

_FIXED: Mapping[str, str] = {
    "editions": "write it under “editions”, beside this one",
    "languages": "all editions are made of the same texts; “layout: original” shows the original alone",
    "slug": "an edition's files are called after the book and the edition's name",
}
"""Keys that an edition cannot change, and what to do instead."""


@dataclass(frozen=True)
class Config:
    """What `book.yaml` says of one edition, with the lines of what other files can contradict."""

    edition: model.Edition
    """Without its glossary and its fonts, which are files of their own."""
    fonts: tuple[FontChoice, ...]
    lines: Lines
    editions: Mapping[str, Config] = field(default_factory=dict)
    """The other editions, by name."""

    def notices(self) -> Iterator[Problem]:
        """What may be as it is, and is worth a look."""
        chosen = self.edition.audio.loudness
        if not model.QUIETEST <= chosen <= model.LOUDEST:
            wanted = f"{model.QUIETEST:g} to {model.LOUDEST:g}"
            message = (
                f"a loudness of {chosen:g} dB; ACX, if the audiobook is to be sold there, takes {wanted}"
            )
            hint = "leave “loudness” out, or leave it as it is for listeners elsewhere"
            yield Problem("book/book.yaml", self.lines["audio", "loudness"], message, hint)


def read_config(text: str, path: str, folder_name: str) -> Config:
    """Check `book.yaml`; raises `BookError` with everything that is wrong in it.

    `folder_name` serves as the slug where no title has Latin letters.
    """
    data, lines = yaml_lines.read(text, path)
    if not isinstance(data, dict):
        hint = "begin with a line like “title: {ar: …, en: …}” and one like “languages: [ar, en]”"
        raise BookError([Problem(path, 1, "no keys in this file", hint)])
    form = _checked(data, lines, path)
    base = _edition(form, lines, path, folder_name)
    found: dict[Problem, None] = {}
    editions: dict[str, Config] = {}
    for name, changes in form.editions.items():
        try:
            editions[name] = _changed(base, data, lines, path, name, changes)
        except BookError as error:
            found |= dict.fromkeys(error.problems)
    if found:
        raise BookError(found)
    return Config(base, _fonts(form, lines, path), lines, editions)


def _checked(data: Mapping[str, object], lines: Lines, path: str) -> BookYaml:
    try:
        form = BookYaml.model_validate(data)
    except ValidationError as error:
        raise BookError(problems(error.errors(), lines, path, BookYaml)) from None
    if found := [*contradictions(form, lines, path), *half_claims(_accessibility(form), lines, path)]:
        raise BookError(found)
    return form


def _changed(
    base: model.Edition,
    data: Mapping[str, object],
    lines: Lines,
    path: str,
    name: str,
    changes: Mapping[str, object],
) -> Config:
    """An edition: the book's keys, some of them changed."""
    at = ("editions", name)
    fixed = [
        Problem(path, lines[(*at, key)], f"an edition cannot change “{key}”", hint)
        for key, hint in _FIXED.items()
        if key in changes
    ]
    kept = {key: value for key, value in data.items() if key != "editions"}
    merged = _merged(kept, {key: value for key, value in changes.items() if key not in _FIXED})
    own_lines = {there[2:]: line for there, line in lines.items() if there[:2] == at and len(there) > 2}
    there = ChainMap(own_lines, lines)
    try:
        form = _checked(merged, there, path)
    except BookError as error:
        raise BookError([*fixed, *error.problems]) from None
    if fixed:
        raise BookError(fixed)
    slug_ = f"{base.metadata.slug}-{name}"
    edition = _edition(form, there, path, slug_)
    # Two publications cannot have the same identifier (EPUB 3.3 §5.5.3.2).
    own = "identifier" in changes
    identifier = edition.metadata.identifier if own else _uuid(f"{base.metadata.identifier}#{name}")
    metadata = replace(edition.metadata, slug=slug_, identifier=identifier)
    edition = replace(edition, name=name, metadata=metadata)
    return Config(edition, _fonts(form, there, path), there)


def _merged(old: Mapping[str, object], new: Mapping[str, object]) -> dict[str, object]:
    """Mappings key by key, everything else as a whole; another engine has options of its own."""
    made = dict(old)
    for key, value in new.items():
        there = made.get(key)
        if isinstance(value, dict) and isinstance(there, dict) and "engine" not in value:
            made[key] = _merged(there, value)
        else:
            made[key] = value
    return made


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


def _edition(form: BookYaml, lines: Lines, path: str, folder_name: str) -> model.Edition:
    voices = {
        name: model.VoiceChoice(v.engine, v.model_extra or {}, model.Place(path, lines["voices", name]))
        for name, v in form.voices.items()
    }
    return model.Edition(
        metadata=_metadata(form, folder_name),
        glossary=(),
        voices=voices,
        narration=_narration(form),
        audio=model.Audio(**form.audio.model_dump()),
        sync=form.sync,
        layout=form.layout,
        vowels=form.vowels,
        transliteration=form.transliteration,
        chapter_words=form.chapter_words,
        cards=form.cards,
        listening=tuple(dict.fromkeys(form.listening)),
        site=(form.site or "").rstrip("/"),
        cover=form.cover or "",
    )


def _fonts(form: BookYaml, lines: Lines, path: str) -> tuple[FontChoice, ...]:
    return tuple(
        FontChoice(
            font.file,
            font.languages or (),
            font.licence or "",
            model.Place(path, lines.get(("fonts", i), lines["fonts",])),
        )
        for i, font in enumerate(form.fonts)
    )


def _accessibility(form: BookYaml) -> model.Accessibility:
    said = form.accessibility
    summary = {form.languages[0]: said.summary} if isinstance(said.summary, str) else said.summary or {}
    return model.Accessibility(
        conforms_to=said.conforms_to or "",
        certified_by=said.certified_by or "",
        certifier_credential=said.certifier_credential or "",
        certifier_report=said.certifier_report or "",
        summary=summary,
    )


def _metadata(form: BookYaml, folder_name: str) -> model.Metadata:
    original = form.languages[0]
    titles = {original: form.title} if isinstance(form.title, str) else form.title
    title = {lang: titles[lang] for lang in form.languages if lang in titles}
    return model.Metadata(
        title=title,
        languages=form.languages,
        identifier=form.identifier or _uuid(f"hakawati:{original}:{title[original]}"),
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
        accessibility=_accessibility(form),
    )


def _narration(form: BookYaml) -> model.Narration:
    chosen = form.narration
    return model.Narration(
        # In the order of the page, whatever the order they are named in.
        languages=tuple(lang for lang in form.languages if lang in (chosen.languages or form.languages[:1])),
        order=form.order,
        pair=chosen.pair,
        notes=chosen.notes,
        glossary=chosen.glossary,
        repeat=chosen.repeat,
        speed=chosen.speed,
        pauses=model.Pauses(**chosen.pauses.model_dump()),
    )


def _uuid(name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, name).urn


def slug(*names: str) -> str:
    """A file name out of the first of `names` that has Latin letters or digits; `book` if none has."""
    for name in names:
        ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        words = re.findall(r"[a-z0-9]+", ascii_name.replace("'", ""))
        if words:
            return "-".join(words)[:80].strip("-")
    return "book"
