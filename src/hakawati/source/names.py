"""The chapters of a book folder, by the names of their files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from hakawati.errors import nearest
from hakawati.source.files import Files

_STEM = re.compile(r"[^\W_][\w.\- ]*")
"""What every file system, URL and player takes, and no program takes for an option."""


def chapter_names(files: Files, languages: Sequence[str], reserved: Collection[str]) -> list[str]:
    """The chapters' names, in order; complains to `files` of what is no chapter.

    `languages`: the original's first; `reserved`: names that something else has, in small letters.
    """
    original = languages[0]
    stems = {lang: files.stems(lang) for lang in languages}
    for lang, found in stems.items():
        for name in (name for name, count in Counter(found).items() if count > 1):
            message = "two files have this name, which can be encoded in two ways"
            files.wrong(f"book/{lang}/{name}.md", 0, message, "give one of them another name")
    names = list(dict.fromkeys(stems[original]))
    if not names:
        hint = f"write the first chapter as book/{original}/01-name.md"
        files.wrong(f"book/{original}", 0, "no chapters", hint)
        return []
    for lang in languages[1:]:
        for name in sorted(set(stems[lang]) - set(names)):
            message = f"a translation of {original}/{name}.md, which is not there"
            files.wrong(f"book/{lang}/{name}.md", 0, message, nearest(name, names))
    seen: dict[str, str] = {}
    for name in names:
        path = f"book/{original}/{name}.md"
        if name.casefold() in reserved:
            message = f"the {name.casefold()}'s files have this name"
            files.wrong(path, 0, message, "give the chapter another one, with its number: 09-…")
        if not _STEM.fullmatch(name):
            hint = "begin with a letter or digit, go on with letters, digits, hyphens: 01-name.md"
            files.wrong(path, 0, "readers and players may stumble over this name", hint)
        if (twin := seen.setdefault(name.casefold(), name)) != name:
            message = f"differs from {twin}.md in upper and lower case only"
            files.wrong(path, 0, message, "give one of them another name")
    return names
