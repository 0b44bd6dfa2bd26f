"""A project to start from: the files of a new book folder, as text.

With a plain text, its chapters and paragraphs become Markdown that reads back as the very same text.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hakawati.source.characters import DIRECTIONAL
from hakawati.source.config import slug

MAX_HEADING = 60
"""Characters. A longer line is a paragraph, even unpunctuated."""

_ARABIC = re.compile("[\u0621-\u064a]")
_LATIN = re.compile("[A-Za-z]")
_PUNCTUATION = re.compile(r"[.،؛:!?؟,;…«»“”\"()\[\]*_—]")
_ENDING = re.compile(r"[.،؛:!?؟,;…]\W*$")


@dataclass(frozen=True, slots=True)
class Draft:
    """A chapter out of a plain text."""

    title: str
    paragraphs: tuple[str, ...]


def guess_language(text: str) -> str:
    """Arabic where most letters are, else English."""
    return "ar" if len(_ARABIC.findall(text)) >= len(_LATIN.findall(text)) else "en"


def divide(text: str, title: str) -> list[Draft]:
    """The chapters of a plain text.

    Paragraphs are divided by empty lines, or, where there are none, by lines. One of a single short line is a
    heading if it is unpunctuated, or, between empty lines, if no punctuation ends it; but not the last one.
    `title` is the first chapter's, where the text does not begin with a heading.
    """
    blocks, spaced = _blocks(text)
    drafts: list[tuple[str, list[str]]] = []
    for i, block in enumerate(blocks):
        if i + 1 < len(blocks) and _is_heading(block, spaced=spaced):
            drafts.append((block, []))
        elif drafts:
            drafts[-1][1].append(block)
        else:
            drafts.append((title, [block]))
    return [Draft(heading, tuple(paragraphs)) for heading, paragraphs in drafts]


def _blocks(text: str) -> tuple[list[str], bool]:
    lines = [line.strip() for line in text.splitlines()]
    inner = "\n".join(lines).strip("\n")
    spaced = "\n\n" in inner
    blocks = re.split(r"\n{2,}", inner) if spaced else inner.split("\n")
    return [block for block in blocks if block], spaced


def _is_heading(block: str, *, spaced: bool) -> bool:
    if "\n" in block or len(block) > MAX_HEADING or not re.search(r"\w", block):
        return False
    return not (_ENDING if spaced else _PUNCTUATION).search(block)


def escape(paragraph: str) -> str:
    """Markdown that shows the text as it is."""
    lines = [re.sub(r"([\\`*_\[\]<>&#])", r"\\\1", line) for line in paragraph.split("\n")]
    return "\n".join(re.sub(r"^([+\-~=|:{]|\d{1,9}[.)])", _escape_start, line) for line in lines)


def _escape_start(match: re.Match[str]) -> str:
    return match[1][:-1] + "\\" + match[1][-1]


def chapters(drafts: Sequence[Draft], lang: str) -> dict[str, str]:
    """Path in the project → text, for the chapters of the original."""
    width = max(2, len(str(len(drafts))))
    files = {}
    for n, draft in enumerate(drafts, start=1):
        name = f"{n:0{width}}-{slug(draft.title, 'chapter')}"
        blocks = [f"# {escape(draft.title)}", *map(escape, draft.paragraphs)]
        files[f"book/{lang}/{name}.md"] = "\n\n".join(blocks) + "\n"
    return files


def book_yaml(title: Mapping[str, str], languages: Sequence[str]) -> str:
    """A `book.yaml` with what a beginner will want to change first."""
    titles = ", ".join(f"{lang}: {json.dumps(text, ensure_ascii=False)}" for lang, text in title.items())
    voices = "\n".join(f"  {lang}: {{engine: espeak}}" for lang in languages)
    return f"""\
# Every key is described in docs/book-format.md; title and languages are all that a book needs.
title: {{{titles}}}
languages: [{", ".join(languages)}]   # the original first, then its translations
authors: []
# cover: images/cover.png   # without it, one is drawn
voices:   # “hakawati voices” lists those that are ready
{voices}
narration:
  languages: [{languages[0]}]   # what is read aloud
sync: phrase   # what lights up: word, phrase, sentence or paragraph
"""


def from_text(text: str, title: str, lang: str, translations: Sequence[str]) -> dict[str, str]:
    """The files of a project made out of a plain text: path in the project → text."""
    title = _one_line(title) or ("كتاب" if lang == "ar" else "Book")
    languages = list(dict.fromkeys([lang, *translations]))
    files = {"book/book.yaml": book_yaml({lang: title}, languages)}
    return files | chapters(divide(text, title), lang) | _common()


def sample(title: str = "") -> dict[str, str]:
    """The files of a project that shows a little of everything: path in the project → text."""
    titles = {"ar": _one_line(title) or "الحكواتي", "en": _one_line(title) or "The Storyteller"}
    return {
        "book/book.yaml": book_yaml(titles, ["ar", "en"]),
        "book/ar/01-cafe.md": _SAMPLE_AR,
        "book/en/01-cafe.md": _SAMPLE_EN,
        "book/glossary.yaml": _SAMPLE_GLOSSARY,
        "book/pronunciation.yaml": "# written: spoken\nدمشق: دِمَشْق\n",
    } | _common()


def _one_line(title: str) -> str:
    """A title as a file can hold it: what is left of a file's name may be anything."""
    spaced = " ".join(title.split())
    return "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs") and c not in DIRECTIONAL)


def _common() -> dict[str, str]:
    return {".gitignore": "/audio/\n/build/\n"}


_SAMPLE_AR = """\
# الحكواتي

في مقهى قديم في دمشق، كان الحكواتي يجلس على كرسي عال، ويفتح كتابه، فيسكت الناس.[^cafe]

كان يقرأ لهم كل ليلة حكاية، ويقف عند أجمل ما فيها. فهل يعودون غدا؟ كانوا يعودون دائما.

[^cafe]: ما زالت بعض مقاهي دمشق القديمة تستقبل الحكواتي في ليالي رمضان.
"""
_SAMPLE_EN = """\
# The Storyteller

In an old café in Damascus, the storyteller would sit down on a high chair and open his book, and \
everyone fell silent.[^cafe]

Every night he read them a tale, and he stopped at its finest moment. Would they come back tomorrow? \
They always came back.

[^cafe]: Some of the old cafés of Damascus still welcome a storyteller in the nights of Ramadan.
"""
_SAMPLE_GLOSSARY = """\
- term: حكواتي
  translation: {en: storyteller}
  definition:
    ar: من يقرأ الحكايات على الناس بصوت عال في المقاهي.
    en: One who reads tales aloud to people in cafés.
  say: حَكَوَاتِي
"""
