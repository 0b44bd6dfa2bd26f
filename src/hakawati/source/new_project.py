"""A new project, on disk: out of a text, or with a sample."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from hakawati.common.atomic import write_atomically
from hakawati.errors import BookError, Problem
from hakawati.source import starter
from hakawati.source.files import read_plain_text

MAX_CHAPTERS = 1_000
"""Of a book that is made out of a text."""


def new_project(
    project: Path, text: Path | None, title: str | None, lang: str | None, translations: Sequence[str]
) -> list[str]:
    """Make a project, out of the plain text file `text` or with a sample; returns the files' names.

    Nothing is overwritten: a `.gitignore` that is there already is left as it is. Raises `BookError` where
    there is a book already, or the text cannot be read.
    """
    if os.path.lexists(project / "book"):
        hint = "name a new folder, or edit the book that is there"
        raise BookError([Problem(str(project), 0, "there is a book in it already", hint)])
    if os.path.lexists(project) and not project.is_dir():
        raise BookError([Problem(str(project), 0, "this is no folder", "name a new one")])
    if text is None:
        made = starter.sample(title or "")
    else:
        written = read_plain_text(text)
        lang = lang or starter.guess_language(written)
        made = starter.from_text(written, title or text.stem, lang, translations)
        if len(made) > MAX_CHAPTERS:
            message = (
                f"{len(made):,} chapters would be made of it, one of each short line without punctuation"
            )
            hint = "end the lines with a full stop, or join them, and put empty lines between paragraphs"
            raise BookError([Problem(str(text), 0, message, hint)])
    new = {name: content for name, content in made.items() if not os.path.lexists(project / name)}
    for name, content in new.items():
        write_atomically(project / name, content.encode())
    return list(new)
