"""`glossary.yaml` and `pronunciation.yaml`: read, checked, ready to be looked up."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from hakawati.arabic.marks import is_arabic
from hakawati.errors import BookError, Problem, listed, nearest
from hakawati.model import Localized, Place, Term
from hakawati.source import yaml_lines
from hakawati.source.matching import Finder, fold, strip_marks
from hakawati.source.sentences import words
from hakawati.source.vowels import is_vowelled
from hakawati.source.yaml_lines import Lines, Path

MOST = 300
"""Characters of what is looked for in the text, or spoken at once."""
MOST_EXPLAINED = 10_000
"""Characters of a translation or a definition."""
_KEYS = ("term", "forms", "translation", "definition", "say", "root", "transliteration")
_ROOT = re.compile("[ءأؤإئبتثجحخدذرزسشصضطظعغفقكلمنهوي]{2,5}")
_ARABIC = re.compile("[\u0621-\u064a]")
_BETWEEN = re.compile(r"[\s\-\u2010-\u2013]+")


def read_glossary(text: str, path: str, languages: Sequence[str]) -> tuple[Term, ...]:
    """The terms, in the file's order; raises `BookError` with everything that is wrong."""
    data, lines = yaml_lines.read(text, path)
    if data is None:
        return ()
    if not isinstance(data, list):
        hint = "write each as “- term: …” with its translation and definition below"
        raise BookError([Problem(path, 1, "this should be a list of terms", hint)])
    reader = _GlossaryReader(path, lines, languages)
    terms = tuple(term for i, entry in enumerate(data) if (term := reader.term(entry, i)))
    if reader.problems:
        raise BookError(reader.problems)
    return terms


class _GlossaryReader:
    def __init__(self, path: str, lines: Lines, languages: Sequence[str]) -> None:
        self.path, self.lines, self.languages = path, lines, languages
        self.problems: list[Problem] = []
        self.seen: dict[tuple[str, ...], int] = {}

    def wrong(self, at: Path, message: str, hint: str) -> None:
        self.problems.append(Problem(self.path, self.lines[at], message, hint))

    def term(self, entry: object, i: int) -> Term | None:
        if not isinstance(entry, dict):
            self.wrong((i,), "an entry should have keys, beginning with “term”", "write “- term: …”")
            return None
        for key in entry:
            if key not in _KEYS:
                self.wrong((i, key), f"unknown key “{key}” in a term", nearest(key, _KEYS))
        term = self._text(entry.get("term"), (i, "term"), missing=(i,))
        forms = self._forms(entry.get("forms"), (i, "forms"))
        for written in (term, *forms):
            self._once(written, (i,))
        say = self._text(entry["say"], (i, "say")) if "say" in entry else ""
        arabic = is_arabic(self.languages[0])
        written = say or term
        return Term(
            id="term-" + hashlib.sha256(term.encode()).hexdigest()[:8],
            term=term,
            forms=forms,
            translation=self._localized(entry.get("translation"), (i, "translation"), self.languages[1:]),
            definition=self._localized(entry.get("definition"), (i, "definition"), self.languages),
            say=say,
            place=Place(self.path, self.lines[(i,)]),
            root=self._root(entry["root"], (i, "root")) if "root" in entry else "",
            transliteration=(
                self._text(entry["transliteration"], (i, "transliteration"))
                if "transliteration" in entry
                else ""
            ),
            vowelled=written if arabic and is_vowelled(written) else "",
        )

    def _text(self, value: object, at: Path, missing: Path | None = None) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        name = next(part for part in reversed(at) if isinstance(part, str))
        if isinstance(value, str) and value.strip():
            most = MOST_EXPLAINED if {"translation", "definition"} & set(at) else MOST
            if len(value) > most:
                self.wrong(at, f"“{at[1]}” is longer than {most} characters", "shorten it")
            return value.strip()[:most]
        if missing is not None and value is None:
            self.wrong(missing, f"an entry without “{name}”", f"add “{name}: …”")
        else:
            self.wrong(at, f"“{name}” should be text", f"write “{name}: …”, in quotes if it has “: ” in it")
        return ""

    def _forms(self, value: object, at: Path) -> tuple[str, ...]:
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        paths = [(*at, i) for i in range(len(items))] if isinstance(value, list) else [at]
        return tuple(self._text(item, p) for item, p in zip(items, paths, strict=True))

    def _root(self, value: object, at: Path) -> str:
        text = self._text(value, at)
        letters = _BETWEEN.sub("", text)
        if text and not _ROOT.fullmatch(letters):
            message = f"“{text}” is no root: two to five Arabic consonants"
            hint = "write them apart and without vowels, hamza as ء or أ: “root: ك ت ب”"
            self.wrong(at, message, hint)
        return " ".join(letters)

    def _localized(self, value: object, at: Path, languages: Sequence[str]) -> Localized:
        if value is None:
            return {}
        if not isinstance(value, dict):
            example = ", ".join(f"{lang}: …" for lang in languages) or "en: …"
            self.wrong(at, f"“{at[-1]}” should say its language", f"write {{{example}}}")
            return {}
        found: dict[str, str] = {}
        for lang, text in value.items():
            if lang in self.languages:
                found[lang] = self._text(text, (*at, lang))
            else:
                hint = f"this book's languages are {listed(self.languages)}"
                self.wrong((*at, lang), f"{lang} is no language of the book", hint)
        return {lang: found[lang] for lang in self.languages if lang in found}

    def _once(self, written: str, at: Path) -> None:
        key = tuple(fold(written[w.begin : w.end]) for w in words(written))
        if written and not key:
            self.wrong(
                at,
                f"“{written}” has no letters to look for",
                "write it as it is printed in the text",
            )
        elif self.seen.get(key, self.lines[at]) != self.lines[at]:
            self.wrong(
                at,
                f"“{written}” is defined twice (first in line {self.seen[key]})",
                "keep one of them",
            )
        elif key:
            self.seen[key] = self.lines[at]


def read_pronunciation(text: str, path: str) -> Mapping[str, str]:
    """`written: spoken`; raises `BookError` with everything that is wrong."""
    data, lines = yaml_lines.read(text, path)
    if data is None:
        return {}
    if not isinstance(data, dict):
        hint = "write one “written: spoken” in each line"
        raise BookError([Problem(path, 1, "this should be words and how they are spoken", hint)])
    problems = []
    spoken: dict[str, str] = {}
    seen: dict[str, int] = {}
    for written, given in data.items():
        line = lines[(written,)]
        value = str(given) if isinstance(given, int | float) and not isinstance(given, bool) else given
        if not isinstance(value, str) or not value.strip():
            hint = "write how it is spoken, in quotes if it has “: ” in it"
            problems.append(Problem(path, line, f"“{written}” has no spoken form", hint))
        elif len(value) > MOST:
            message = f"“{written}” is spoken with more than {MOST} characters"
            problems.append(Problem(path, line, message, "write how this word is spoken, and no other"))
        elif not words(written):
            problems.append(
                Problem(path, line, f"“{written}” has no letters to look for", "write a printed word")
            )
        elif (bare := strip_marks(written)) in seen:
            message = f"“{written}” is given twice (first in line {seen[bare]})"
            problems.append(
                Problem(path, line, message, "keep one; vowel marks make no difference to the key")
            )
        else:
            seen[bare] = line
            spoken[written] = value.strip()
    if problems:
        raise BookError(problems)
    return spoken


def without_vowels(terms: Sequence[Term]) -> Iterator[Problem]:
    """Notices of the terms that are shown without a transliteration, though others have one."""
    for term in terms:
        if _ARABIC.search(term.say or term.term) and not (term.vowelled or term.transliteration):
            message = f"no transliteration of “{term.term}”, whose vowels are not written"
            hint = "add “say: …”, the term with all its vowel marks, or “transliteration: …”"
            yield Problem(term.place.path, term.place.line, message, hint)


def unused(terms: Sequence[Term], found: Collection[str]) -> Iterator[Problem]:
    """Notices of the terms that no chapter has, and of those that explain nothing. `found`: ids."""
    for term in terms:
        if term.id not in found:
            message = f"the term “{term.term}” occurs in no chapter"
            hint = "look how the text spells it, and add that to its “forms”; or remove the term"
            yield Problem(term.place.path, term.place.line, message, hint)
        elif not (term.translation or term.definition):
            message = f"the term “{term.term}” is linked from the text, but nothing explains it"
            hint = "add “translation: {…}” or “definition: {…}”"
            yield Problem(term.place.path, term.place.line, message, hint)


def term_finder(terms: Sequence[Term]) -> Finder[Term]:
    """A finder for terms and their forms, with or without the article, however hamza is spelt."""
    entries = [(written, term) for term in terms for written in (term.term, *term.forms)]
    return Finder(entries, fold, article=True)
