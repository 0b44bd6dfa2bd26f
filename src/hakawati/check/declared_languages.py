"""Whether the languages that an EPUB declares are those that it is in, as far as letters tell.

A screen reader, and a reading system's direction, follow the declared one. What it is wrong for is reported
at the block: a paragraph in Arabic letters that says, or inherits, that it is English.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hakawati.check.archive import Archive
from hakawati.check.content_documents import ContentDocument, DocumentIssue, language_of
from hakawati.check.language_tags import primary_subtag
from hakawati.check.printable_text import printable
from hakawati.check.publication import Publication
from hakawati.check.safe_xml import OPS, line_of, local_name, token_list
from hakawati.model import Finding, direction

if TYPE_CHECKING:
    from lxml import etree

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*|[ix](?:-[A-Za-z0-9]{1,8})+")
_SUBTAGS = {
    "latn": "LATIN", "arab": "ARABIC", "cyrl": "CYRILLIC", "hebr": "HEBREW", "grek": "GREEK",
    "deva": "DEVANAGARI",
}  # fmt: skip
_WRITTEN = {
    "ARABIC": "ar fa ur ps ckb sd ug ks",
    "HEBREW": "he yi",
    "CYRILLIC": "ru uk bg be mk kk ky",
    "GREEK": "el",
    "DEVANAGARI": "hi mr ne sa",
    "CJK": "zh ja ko",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "THAI": "th",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "LATIN": "en fr de es it pt nl sv da no nb nn fi pl cs sk hu ro hr sl sq tr id vi sw la ga cy eu ca gl "
    "is et lv lt mt eo af",
}
_SCRIPTS = {
    lang: frozenset(script for script, langs in _WRITTEN.items() if lang in langs.split())
    for langs in _WRITTEN.values()
    for lang in langs.split()
}
"""Of each language whose script is known: those it is written in."""
_FEWEST = 20
"""Letters of a block, below which it may be a name."""
_MOST = 0.8
"""Of its letters in other scripts, above which a block is in another language."""
_USED, _USED_LETTERS = 0.3, 500
"""Of the book's letters, above which a language is one of the book's; a glossary's translations, or what a
reading system's menu shows, make no language of theirs one."""
_UNREAD = ("script", "style", "head", "math", "svg", "pre", "code")
_INLINE = frozenset(
    [
        *("a", "abbr", "b", "bdi", "bdo", "cite", "dfn", "em", "i", "mark", "q", "s", "small"),
        *("span", "strong", "sub", "sup", "u"),
    ]
)
_FOREWORD = frozenset(["titlepage", "copyright-page", "colophon", "imprint"])
"""Where names and rights are as their owners write them."""
_SOME = 10
"""Blocks of one document that are reported."""


class DeclaredLanguages:
    """The languages of the documents, which are given one after the other."""

    def __init__(self, archive: Archive, book: Publication) -> None:
        self.archive, self.book = archive, book
        self._letters: Counter[str] = Counter()
        """Of each language, without region and script."""
        self._known: dict[str, str] = {}
        """What is wrong with a tag, by the tag; empty where nothing is."""

    def check_document(self, document: ContentDocument) -> Iterator[Finding]:
        """What is wrong with a document's languages."""
        yield from (remark.to_finding(self.archive, document.entry) for remark in self._remarks(document))

    def _remarks(self, document: ContentDocument) -> Iterator[DocumentIssue]:
        root = document.root
        for element in document.elements():
            tag = language_of(element)
            if tag and (wrong := self._wrong(tag)):
                yield DocumentIssue(line_of(element), wrong, "Arabic is ar, English en", severe=True)
        lang = language_of(root)
        directed = any(e.get("dir") for e in [root, *document.elements("body")])
        if lang and direction(lang) == "rtl" and not directed:
            hint = "write dir=“rtl” on <html>: some reading systems go by that alone"
            message = f"the document is in {printable(lang)}, but does not say its direction"
            yield DocumentIssue(line_of(root), message, hint, severe=False)
        usual = lang or next(iter(self.book.languages), "")
        told = 0
        for block, tag, letters in _blocks(root, usual):
            self._letters[primary_subtag(tag)] += sum(letters.values())
            if (message := _unlike(tag, letters)) and told < _SOME:
                told += 1
                hint = "give it the language that it is in: lang=“…” xml:lang=“…”"
                yield DocumentIssue(line_of(block), message, hint, severe=False)

    def _wrong(self, tag: str) -> str:
        if tag not in self._known:
            self._known[tag] = "" if _is_language(tag) else f"“{printable(tag)}” is no language"
        return self._known[tag]

    def check_package(self) -> Iterator[Finding]:
        """What the package says wrongly of all documents, when they have been added."""
        total = sum(self._letters.values())
        declared = {primary_subtag(lang) for lang in self.book.languages}
        for lang, count in sorted(self._letters.items()):
            used = count > _USED * total and count > _USED_LETTERS
            if used and lang and declared and lang not in declared:
                share = round(100 * count / total)
                message = f"{share} % of the text is in {printable(lang)}, which the package does not name"
                remark = DocumentIssue(
                    0, message, f"add <dc:language>{printable(lang)}</dc:language>", severe=False
                )
                yield remark.to_finding(self.archive, self.book.entry)
        for lang in self.book.languages:
            if not self._letters[primary_subtag(lang)] and total:
                message = f"the package names {printable(lang)}, but no text says that it is in that language"
                remark = DocumentIssue(0, message, "leave it out, or mark the text: lang=“…”", severe=False)
                yield remark.to_finding(self.archive, self.book.entry)


def _is_language(tag: str) -> bool:
    if not _TAG.fullmatch(tag):
        return False
    import langcodes

    try:
        return langcodes.tag_is_valid(tag) or tag[:2].lower() in ("i-", "x-")
    except ValueError:
        return False


def _blocks(root: etree._Element, usual: str) -> Iterator[tuple[etree._Element, str, Counter[str]]]:
    """(block, language, its letters by script), for each language that a block's own text has."""
    found: dict[tuple[int, str], tuple[etree._Element, Counter[str]]] = {}
    waiting = [(root, root, usual)]
    while waiting:  # and no recursion, since the depth is another's choice
        element, block, lang = waiting.pop()
        if not isinstance(element.tag, str) or local_name(element) in _UNREAD:
            continue
        if not _FOREWORD.isdisjoint(token_list(element, f"{OPS}type")):
            continue
        lang = language_of(element) or lang
        block = block if local_name(element) in _INLINE else element
        inside = [element.text, *(child.tail for child in element)]
        letters = Counter(script for text in inside if text for c in text if (script := _script(c)))
        if letters:
            found.setdefault((id(block), lang), (block, Counter()))[1].update(letters)
        waiting += [(child, block, lang) for child in reversed(element)]
    yield from ((block, lang, letters) for (_, lang), (block, letters) in found.items())


def _script(c: str) -> str:
    if c < "\u0080":
        return "LATIN" if c.isalpha() else ""
    return unicodedata.name(c, "").split(" ")[0] if c.isalpha() else ""


def _unlike(tag: str, letters: Counter[str]) -> str:
    subtags = [_SUBTAGS[part] for part in tag.lower().split("-")[1:] if part in _SUBTAGS]
    scripts = frozenset(subtags) or _SCRIPTS.get(primary_subtag(tag), frozenset())
    total = sum(letters.values())
    if not scripts or total < _FEWEST:
        return ""
    script, count = max(
        ((s, n) for s, n in letters.items() if s not in scripts), key=_second, default=("", 0)
    )
    if count < _MOST * total:
        return ""
    return f"this says that it is in {printable(tag)}, but its letters are {script.capitalize()}"


def _second(entry: tuple[str, int]) -> int:
    return entry[1]
