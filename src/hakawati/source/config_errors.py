"""pydantic's errors in `book.yaml` → messages in an author's terms, with the line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from typing import Any, get_args

from pydantic import BaseModel

from hakawati.errors import Problem, nearest
from hakawati.source.yaml_lines import Lines

_MOST = 1_000
_SPEECH: dict[str, str] = {
    "missing": "“{name}” is missing",
    "extra_forbidden": "unknown key “{name}”",
    "literal_error": "“{name}” cannot be {value}",
    "greater_than_equal": "“{name}” cannot be {value}: the least is {ge}",
    "less_than_equal": "“{name}” cannot be {value}: the most is {le}",
    "string_too_long": "“{name}” is longer than {max_length} characters",
    "string_too_short": "“{name}” is empty",
    "too_long": "“{name}” has more than {max_length} entries",
    "too_short": "“{name}” is empty",
    "string_pattern_mismatch": "“{name}” cannot be {value}",
    "language": "{value} is no language code",
    "voice": "{value} cannot be the name of a voice",
    "edition": "{value} cannot be the name of an edition",
}
_TYPES: dict[str, str] = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "tuple": "a list",
    "dict": "keys with values",
    "model": "keys with values",
}
_PATTERNS = ("date", "identifier", "slug", "conforms_to", "certifier_report", "site")
"""The keys with a form of their own; what else must match a pattern is a language code."""
_HINTS: dict[str, str] = {
    "date": "write a year, 2024, or a day, 2024-08-25",
    "identifier": "write a URI: urn:isbn:9780000000000, urn:uuid:… or an address; or leave it out",
    "slug": "small Latin letters and digits, joined by hyphens: my-book",
    "languages": "write language codes in small letters: [ar, en]",
    "voice name": "name a voice by a language of the book, or by letters, digits and hyphens: old-man",
    "edition name": "small Latin letters and digits, joined by hyphens: slow, arabic-only",
    "cards": "write cards: false where no flash cards are wanted",
    "title": "write title: {ar: …, en: …}, with a code for each language",
    "fonts": "write fonts: [fonts/name.ttf], or [{file: fonts/name.ttf, languages: [ar]}]",
    "conforms_to": "write EPUB Accessibility 1.1 - WCAG 2.2 Level AA; 2.0 or 2.1, A or AAA where it is so",
    "certifier_report": "write the report's whole address: https://…",
    "site": "write the address of a folder on the web: https://example.org/book",
    "summary": "write summary: …, or summary: {en: …} with the code of its language",
    "engine": "see “hakawati voices” for the engines that are ready here",
}


def problems(errors: Sequence[Any], lines: Lines, path: str, form: type[BaseModel]) -> Iterator[Problem]:
    """Say pydantic's errors as problems: the line, in an author's words, with a hint.

    Of very many, the first ones.
    """
    parts = {part for at in lines for part in at}
    for error in errors[:_MOST]:
        yield _problem(error, lines, parts, path, form)


def _problem(error: Any, lines: Lines, parts: Set[str | int], path: str, form: type[BaseModel]) -> Problem:
    # Pydantic's location also names the branch of a union and marks a mapping's key; the file has neither.
    at = tuple(part for part in error["loc"] if part in parts)
    while at and at not in lines and error["type"] != "missing":
        at = at[:-1]
    name = next((str(part) for part in reversed(at) if isinstance(part, str)), "book.yaml")
    line = lines.get(at) or lines.get(at[:-1]) or 1
    kind = str(error["type"])
    if kind == "missing":
        name = str(error["loc"][-1])
    value = error.get("input")
    if kind == "too_long" and isinstance(value, str | int | float):  # which was made into text before
        kind = "string_too_long"
    if kind == "string_pattern_mismatch" and name not in _PATTERNS:
        kind = "edition" if at[:1] == ("editions",) else "voice" if "voices" in at else "language"
    if kind in _SPEECH:
        message = _SPEECH[kind].format(name=name, value=_shown(value), **error.get("ctx", {}))
    else:
        wanted = next(t for k, t in _TYPES.items() if kind.startswith(k))
        message = f"“{name}” should be {wanted}, not {_shown(value)}"
        if value is None:
            message = f"“{name}” is empty"
            return Problem(path, line, message, _HINTS.get(name, f"give it {wanted}, or delete the line"))
    return Problem(path, line, message, _hint(kind, name, error, form, at))


def _form(annotation: object) -> type[BaseModel] | None:
    """The form that a field holds, or a list of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _form(inner))), None)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "keys with values"
    if isinstance(value, list):
        return "a list"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


def _hint(kind: str, name: str, error: Any, form: type[BaseModel], at: tuple[str | int, ...]) -> str:
    if kind == "extra_forbidden":
        for part in at[:-1]:
            inner = form.model_fields[str(part)].annotation if str(part) in form.model_fields else None
            form = _form(inner) or form
        return nearest(name, form.model_fields)
    if kind == "literal_error":
        return f"choose {error['ctx']['expected']}"
    if kind == "language":
        return _HINTS["languages"]
    if kind in ("voice", "edition"):
        return _HINTS[f"{kind} name"]
    if kind in ("string_too_short", "too_short"):
        return _HINTS.get(name, "write it, or delete the line")
    return _HINTS.get(name, "docs/book-format.md describes every key")
