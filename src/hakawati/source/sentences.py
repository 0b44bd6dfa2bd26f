"""Text → sentences, phrases, words: ranges of the text, which itself is never changed.

Sentences are sentencex's, put right where Arabic needs it; the rest is ours, because it is made for the
ear: a phrase is what a reader says in one breath.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from hakawati.arabic.letters import MARKS, SIGNS
from hakawati.model import Phrase, Word

MAX_SENTENCE = 1_000
"""Characters. A longer sentence is cut at a phrase: no engine is asked for minutes of speech."""
_MOST = 10_000
"""Characters that sentences are sought in at once, since that takes as long as the square of them."""
MIN_PHRASE = 3
"""Words. A shorter one would flicker, and readers skip what is very short."""

_BASE = r"[^\W_\ufdfa\ufdfb]"
_MARK = rf"[\u0300-\u036F{MARKS}]"
# What cannot be seen parts no word, but for the zero-width space, which is there to do so.
_HIDDEN = r"[\u00AD\u034F\u061C\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]"
_LETTER = rf"{_BASE}|{_MARK}|[\u200C\u200D]|{_HIDDEN}+(?={_BASE}|{_MARK})"
_SYMBOL = r"[%‰٪&@#+=°§$€£¥₤₪﷼©®™]"
_WORD = re.compile(
    rf"[{SIGNS}]|\u0640{{0,9}}(?!\u0640)(?:{_BASE}|{_SYMBOL})(?:{_LETTER}|{_SYMBOL})*"
    # 3.5, 1,000, 12:30, 24/8, ٣٫٥ · O'Brien, well-known, J.K · but never at a word's edge
    rf"(?:(?:(?<=\d){_HIDDEN}*[.,:/٫٬]{_HIDDEN}*(?=\d)|['’\-‑.·](?={_BASE}))(?:{_LETTER}|{_SYMBOL})+)*"
)
# A title or a reference at the end of a piece, so that its stop ends no sentence: د. أ.د. م. ص. ج. ط. ت. ق.م.
# After a number (1944 م.) the stop may end one, and sentencex decides.
_ABBREVIATION = re.compile(r"(?:^|[\s(\[«“\"])(?<!\d\s)و?(?:[أدمصجطتق]\.)+\s*$")
_REST = re.compile(r"(?<=\.)[أدمصجطتق]\.")
"""The second half of an abbreviation: 600 ق.م."""
# All signs before a space, sought from the first one on.
_SIGNS = re.compile(r"(?<![^\w\s])[^\w\s]+\s")
_BREAKS = frozenset("،؛:,;—–…")
_STOP = re.compile(r"[.!?؟…]\s")
_SPACE = re.compile(r"\s")
_WIDE_SPACE = re.compile(r"[^\S \t\n]")
_PHRASE_END = re.compile(r"[،؛:,;—–…!?؟]")


def words(text: str) -> tuple[Word, ...]:
    """The words of a text: letters, digits and spoken symbols, without the punctuation around them."""
    return tuple(Word(*m.span()) for m in _WORD.finditer(text))


def phrases(text: str, found: tuple[Word, ...]) -> tuple[Phrase, ...]:
    """Ranges of words that end at a comma, semicolon, colon or dash.

    None is shorter than `MIN_PHRASE` words, but one that is the whole sentence.
    """
    ends = []
    begin = 0
    for i, (word, after) in enumerate(pairwise(found), start=1):
        long_enough = i - begin >= MIN_PHRASE and len(found) - i >= MIN_PHRASE
        if long_enough and _PHRASE_END.search(text, word.end, after.begin):
            ends.append(i)
            begin = i
    bounds = [0, *ends, len(found)] if found else [0]
    return tuple(Phrase(a, b) for a, b in pairwise(bounds))


def split(text: str, lang: str) -> list[tuple[int, int]]:
    """The sentences of one block of text as ranges, in order, without the white space around them.

    Everything but white space is in one of them.
    """
    joined: list[tuple[int, int]] = []
    for begin, end in _segments(text, lang):
        # A piece without a word (closing quotes, an ellipsis, an emoji) belongs to the sentence before it.
        if joined and (
            _ABBREVIATION.search(text[max(joined[-1][0], begin - 20) : begin])
            or _REST.match(text, begin)
            or not _WORD.search(text, begin, end)
        ):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return [trimmed for piece in joined for cut in _cut(text, *piece) if (trimmed := _trim(text, *cut))]


def _segments(text: str, lang: str) -> Iterator[tuple[int, int]]:
    # White space of several bytes makes sentencex cut inside a character, and panic.
    plain = _WIDE_SPACE.sub(" ", text)
    begin = 0
    while begin < len(plain):
        window = plain[begin : begin + _MOST]
        if begin + _MOST < len(plain):
            likely = [m.end() for m in _STOP.finditer(window)] or [m.end() for m in _SPACE.finditer(window)]
            window = window[: likely[-1]] if likely else window
        boundaries = sentencex.get_sentence_boundaries(lang.split("-", maxsplit=1)[0], window)
        ends = sorted({b["end_index"] for b in boundaries if 0 < b["end_index"] < len(window)})
        yield from pairwise(begin + end for end in (0, *ends, len(window)))
        begin += len(window)


def _trim(text: str, begin: int, end: int) -> tuple[int, int] | None:
    stripped = text[begin:end].strip()
    if not stripped:
        return None
    begin = text.index(stripped, begin)
    return begin, begin + len(stripped)


def _cut(text: str, begin: int, end: int) -> list[tuple[int, int]]:
    """Cut a sentence that is too long at the last phrase, else the last word, that fits."""
    pieces = []
    while end - begin > MAX_SENTENCE:
        window = text[begin : begin + MAX_SENTENCE]
        breaks = [m.end() for m in _SIGNS.finditer(window) if not _BREAKS.isdisjoint(m[0])]
        spaces = [m.end() for m in _SPACE.finditer(window)]
        late = [b for b in breaks if b > MAX_SENTENCE // 2]
        at = begin + (late or spaces or [MAX_SENTENCE])[-1]
        pieces.append((begin, at))
        begin = at
    return [*pieces, (begin, end)]
