"""Contradictions between keys of `book.yaml` that are well formed by themselves."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from hakawati.arabic.marks import is_arabic
from hakawati.errors import Problem, listed
from hakawati.source.book_yaml import LIKE_A_LANGUAGE, BookYaml
from hakawati.source.yaml_lines import Lines


def contradictions(form: BookYaml, lines: Lines, path: str) -> list[Problem]:
    """What the types cannot say."""
    return [
        *_languages(form, lines, path),
        *_read_aloud(form, lines, path),
        *_turns(form, lines, path),
        *_unfit_transliteration(form, lines, path),
        *_fonts(form, lines, path),
        *_feed(form, lines, path),
    ]


def _languages(form: BookYaml, lines: Lines, path: str) -> Iterator[Problem]:
    """Languages that are named twice, or that voices and titles have and the book has not."""
    known = form.languages
    hint = _known(form)
    for i, lang in enumerate(known):
        if lang in known[:i]:
            line = _line(lines, "languages", i)
            yield Problem(path, line, f"the language {lang} is listed twice", "name each language once")
    for name in form.voices:
        # Any other key is the name of a voice that single blocks choose.
        if name not in known and LIKE_A_LANGUAGE.fullmatch(name):
            message = f"a voice for {name}, which is no language of the book"
            yield Problem(path, lines["voices", name], message, hint)
    titles = form.title if isinstance(form.title, dict) else {known[0]: ""}
    if known[0] not in titles:
        message = f"no title in the original's language, {known[0]}"
        yield Problem(path, lines["title",], message, f"add it: {{{known[0]}: …}}")
    for lang in titles:
        if lang not in known:
            message = f"a title in {lang}, which is no language of the book"
            yield Problem(path, lines["title", lang], message, hint)


def _read_aloud(form: BookYaml, lines: Lines, path: str) -> Iterator[Problem]:
    """What is read aloud has to be a language of the book, and in its text."""
    known, read_aloud = form.languages, form.narration.languages or ()
    for i, lang in enumerate(read_aloud):
        line = _line(lines, "narration", "languages", i)
        if lang in read_aloud[:i]:
            yield Problem(path, line, f"{lang} is to be read aloud twice", "name it once")
        if lang not in known:
            message = f"{lang} is read aloud, but is no language of the book"
            yield Problem(path, line, message, _known(form))
        elif form.layout in ("original", "popup") and lang != known[0]:
            message = f"{lang} is read aloud, but “layout: {form.layout}” does not show it in the text"
            hint = f"choose layout: interleaved, or read {known[0]} only"
            yield Problem(path, line, message, hint)


def _known(form: BookYaml) -> str:
    return f"this book's languages are {listed(dict.fromkeys(form.languages))} (see “languages”)"


def _line(lines: Lines, *at: str | int) -> int:
    return lines.get(at) or lines[at[:-1]]  # `languages: ar` has no line for its only item


def _turns(form: BookYaml, lines: Lines, path: str) -> Iterator[Problem]:
    """What is heard follows the page, so each has to let the other have its order."""
    chosen = form.narration
    place = lines.get(("narration", "order"), 0)
    if chosen.order in ("block", "chapter") and len(chosen.languages or ()) > 1:
        for key, true in (("layout: sentences", form.layout == "sentences"), ("pair: true", chosen.pair)):
            if true:
                message = f"“order: {chosen.order}” cannot be with “{key}”, which goes sentence by sentence"
                yield Problem(path, place, message, "leave “order” out, or write order: sentence")
    if chosen.pair and form.layout in ("original", "popup"):
        message = f"“pair: true”, but “layout: {form.layout}” shows no translation to light up"
        hint = "choose layout: sentences, interleaved or facing"
        yield Problem(path, lines["narration", "pair"], message, hint)


def _unfit_transliteration(form: BookYaml, lines: Lines, path: str) -> Iterator[Problem]:
    original = form.languages[0]
    if form.transliteration != "none" and not is_arabic(original):
        message = f"{form.transliteration} is for Arabic terms, but the original's language is {original}"
        yield Problem(path, lines["transliteration",], message, "leave “transliteration” out")


def _fonts(form: BookYaml, lines: Lines, path: str) -> Iterator[Problem]:
    """Fonts that are named twice, or for a language that is none of the book's."""
    hint = _known(form)
    files = [posixpath.normpath(font.file) for font in form.fonts]
    for i, font in enumerate(form.fonts):
        if files.index(files[i]) < i:
            message = f"the font {font.file[:80]} is named twice"
            yield Problem(path, lines["fonts", i], message, "name it once, with all of its languages")
        for n, lang in enumerate(font.languages or ()):
            if lang not in form.languages:
                at = ("fonts", i, "languages")
                message = f"a font for {lang}, which is no language of the book"
                yield Problem(path, lines.get((*at, n), lines[at]), message, hint)


def _feed(form: BookYaml, lines: Lines, path: str) -> Iterator[Problem]:
    """A podcast's feed names its sounds by their addresses."""
    if "feed" in form.listening and not form.site:
        at = ("listening", form.listening.index("feed"))
        hint = "add site: https://…, where the folder “audio” and the feed will be; or leave feed out"
        yield Problem(path, lines.get(at) or lines["listening",], "a feed without “site”", hint)
