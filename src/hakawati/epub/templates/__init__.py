"""The templates of the EPUB's documents. Text is data: Jinja2 escapes it."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment
from markupsafe import Markup

from hakawati.common.templates import environment
from hakawati.epub import resource_paths
from hakawati.epub.labels import label, label_language, latin, translations
from hakawati.epub.text_direction import closing_mark, text_direction
from hakawati.model import Edition, direction


@cache
def _environment() -> Environment:
    return environment(
        "hakawati.epub",
        label=label,
        label_language=label_language,
        label_translations=translations,
        latin_tag=latin,
        direction=direction,
        text_direction=text_direction,
        closing_mark=closing_mark,
        gap=gap,
        paths=resource_paths,
    )


def render(name: str, edition: Edition | None = None, **values: object) -> str:
    """A document; one with a language of its own, the original's, needs the edition."""
    if edition is not None:
        values |= {"edition": edition, "lang": edition.metadata.original}
    return _environment().get_template(name).render(values)


def fragment(name: str, edition: Edition, **values: object) -> str:
    """A piece of a document, without the line feed at its end."""
    return render(name, edition, **values).rstrip("\n")


def gap(name: str) -> Markup:
    """The placeholder of a fragment that `xhtml.fill_gaps` puts in. No text can look like it."""
    return Markup(f"<!--{name}-->")
