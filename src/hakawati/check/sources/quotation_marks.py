"""Quotation marks and brackets that do not close.

A bracket closes in its paragraph. A quotation may go on: in the next paragraph, which then mostly begins with
its mark again, and after that. Which mark opens is learned from the book where its language leaves that open:
»so« or «so», ”so”. ’ is an apostrophe as well, so a single mark only has to have some that may close it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hakawati.check.language_tags import primary_subtag
from hakawati.check.sources.book_texts import iterate_flows, join_text, line_at, make_notice, shorten
from hakawati.model import Block, Book, Finding, Text

_BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "【": "】", "⟨": "⟩"}
_QUOTES = {"«": "»", "“": "”", "‹": "›", "「": "」", "『": "』", "﴿": "﴾", "„": "“", "‘": "’", '"': '"'}
_TURNED = (("«", "»"), ("“", "”"), ("‹", "›"), ("﴿", "﴾"))
"""Pairs that are written the other way round, too."""
_ALONE = frozenset(["heading", "figure", "cell", "term"])
"""Blocks whose text does not go on in the next."""
_GOES_ON = 20
"""Texts without a mark that a quotation may have inside."""
_SMILE = re.compile(r"(?<!\w)[:;=]['’]?-?$")
_NUMBERED = re.compile(r"(?:^|[\s(\[])\w{1,3}$")
_INTERVAL = re.compile(r"[-−+]?[\d٠-٩۰-۹.,٫]+\s*[,،;؛]\s*[-−+]?[\d٠-٩۰-۹.,٫∞]+")
_ELISION = re.compile(r"(?:t(?:is|was|il)|em|cause|n|round|bout|\d\ds?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _OpenDelimiter:
    """A mark that waits for the one that closes it."""

    text: Text
    at: int


@dataclass
class _DelimiterPair:
    """One pair of marks on its way through the texts of a run."""

    opening: str
    closing: str
    carried: list[_OpenDelimiter] = field(default_factory=list)
    idle: int = 0
    """Texts without the mark since the last one that has it."""

    @property
    def same(self) -> bool:
        return self.opening == self.closing

    @property
    def quotes(self) -> bool:
        return self.opening not in _BRACKETS


def check(book: Book) -> Iterator[Finding]:
    """Notices of every mark that does not close, or closes nothing, at the line of its sentence."""
    marks = {lang: _marks(book, lang) for lang in book.edition.metadata.languages}
    for run in iterate_flows(book):
        for lang, pairs in marks.items():
            here = [(leaf, text) for leaf, text in run.texts() if text.lang == lang]
            for opening, closing in pairs.items():
                for found, opens in _unpaired(_DelimiterPair(opening, closing), here):
                    yield _describe(run.chapter, found, (opening, closing), opens=opens)


def _marks(book: Book, lang: str) -> Mapping[str, str]:
    """What closes each opening mark in this book's language."""
    whole = [join_text(text) for run in iterate_flows(book) for _, text in run.texts() if text.lang == lang]
    there = {c for text in whole for c in text}
    pairs = {**_BRACKETS, **_QUOTES}
    if "„" in there:
        del pairs["“"]
        pairs["„"] = "“" if "“" in there else "”"
    else:
        del pairs["„"]
    for opening, closing in _TURNED:
        if opening in pairs:
            firsts = [match[0] for text in whole if (match := re.search(f"[{opening}{closing}]", text))]
            if opening not in there and len(firsts) > 1:  # ”so” and »so», as in Swedish
                pairs[closing] = closing
            elif firsts.count(closing) > 1 and firsts.count(closing) > 2 * firsts.count(opening):
                del pairs[opening]
                pairs[closing] = opening
    return {a: b for a, b in pairs.items() if a in there or b in there}


def _unpaired(
    kind: _DelimiterPair, texts: Sequence[tuple[Block, Text]]
) -> Iterator[tuple[_OpenDelimiter, bool]]:
    """The marks that are alone; and of each whether it is one that opens."""
    for leaf, text in texts:
        whole = join_text(text)
        tokens = [at for at, c in enumerate(whole) if c in (kind.opening, kind.closing)]
        if kind.opening == '"':
            tokens = _without_inches(whole, tokens, text.lang)
        if not tokens:
            kind.idle += 1
            if kind.idle > _GOES_ON or (kind.same and kind.carried):
                yield from _drop_open(kind)
            continue
        kind.idle = 0
        if kind.carried and whole[tokens[0]] == kind.opening:
            if not any(c.isalnum() for c in whole[: tokens[0]]):
                del tokens[0]  # the quotation goes on in this paragraph
            else:
                yield from _drop_open(kind)
        yield from _within(kind, text, whole, tokens)
        if not kind.quotes or leaf.kind in _ALONE:
            yield from _drop_open(kind)
    yield from _drop_open(kind)


def _within(
    kind: _DelimiterPair, text: Text, whole: str, tokens: Sequence[int]
) -> Iterator[tuple[_OpenDelimiter, bool]]:
    for at in tokens:
        opens = not kind.carried if kind.same else whole[at] == kind.opening
        if opens:
            kind.carried.append(_OpenDelimiter(text, at))
        elif kind.carried:
            kind.carried.pop()
        elif kind.closing != "’" and not _closes_alone(kind, whole, at):
            yield _OpenDelimiter(text, at), False


def _drop_open(kind: _DelimiterPair) -> Iterator[tuple[_OpenDelimiter, bool]]:
    yield from ((found, True) for found in kind.carried if not _is_none(kind, found))
    kind.carried.clear()
    kind.idle = 0


def _without_inches(whole: str, tokens: Sequence[int], lang: str) -> list[int]:
    """The marks that quote: not those of צה״ל written with one, nor, where one is alone, of 5'10"."""
    if primary_subtag(lang) in ("he", "yi"):
        tokens = [at for at in tokens if not (whole[:at][-1:].isalpha() and whole[at + 1 :][:1].isalpha())]
    if len(tokens) % 2:
        inches = [at for at in tokens if whole[:at][-1:].isdigit()]
        tokens = [at for at in tokens if at not in inches[:1]] if inches else tokens
    return list(tokens)


def _is_none(kind: _DelimiterPair, found: _OpenDelimiter) -> bool:
    """Whether what seems to open is no such mark: :( and [0, 1) and ‘tis."""
    whole = join_text(found.text)
    if kind.quotes:
        return kind.opening == "‘" and bool(_ELISION.match(whole, found.at + 1))
    behind = _INTERVAL.match(whole, found.at + 1)
    half_open = behind is not None and whole[behind.end() :].lstrip()[:1] in tuple(")][(")
    return half_open or bool(_SMILE.search(whole[: found.at]))


def _closes_alone(kind: _DelimiterPair, whole: str, at: int) -> bool:
    """Whether a closing mark may have none that opens: a) and :) and [0, 1)."""
    if kind.quotes:
        return False
    before = whole[:at]
    return bool(
        _SMILE.search(before)
        or (kind.closing in ")]" and _NUMBERED.search(before))
        or re.search(rf"[\[\](]{_INTERVAL.pattern}$", before)
    )


def _describe(chapter: str, found: _OpenDelimiter, pair: tuple[str, str], *, opens: bool) -> Finding:
    whole = join_text(found.text)
    opening, closing = pair
    line = line_at(found.text, found.at)
    behind, before = shorten(whole[found.at + 1 :], 30), " ".join(whole[: found.at].split()[-4:])
    if opens:
        where = f"before “{behind}”" if behind else "at the end"
        hint = f"add {closing} where it ends, or delete {opening}"
        return make_notice(found.text.path, line, f"{opening} {where} is not closed", hint, chapter)
    where = f"after “{before}”" if before else "at the beginning"
    hint = f"add {opening} where it begins, or delete {closing}"
    return make_notice(found.text.path, line, f"{closing} {where} closes nothing", hint, chapter)
