"""Text → sentences, phrases, words: ranges of the text, which itself is never changed.

Sentences are sentencex's, put right where Arabic needs it; the rest is ours, because it is made for the
ear: a phrase is what a reader says in one breath.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from hakawati.arabic.letters import SIGNS, WRITTEN_MARKS
from hakawati.figures.money_signs import SIGNS as SIGNS_OF_MONEY
from hakawati.model import Phrase, Word
from hakawati.source.stops import REACH, ends_no_sentence

MAX_SENTENCE = 1_000
"""Characters. A longer sentence is cut at a phrase: no engine is asked for minutes of speech."""
_MOST = 10_000
"""Characters that sentences are sought in at once, since that takes as long as the square of them."""
MIN_PHRASE = 3
"""Words. A shorter one would flicker, and readers skip what is very short."""

_BASE = r"[^\W_\ufdfa\ufdfb]"
_MARK = rf"[\u0300-\u036F{WRITTEN_MARKS}]"
# What cannot be seen parts no word, but for the zero-width space, which is there to do so.
_HIDDEN = r"[\u00AD\u034F\u061C\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]"
_LETTER = rf"{_BASE}|{_MARK}|[\u200C\u200D]|{_HIDDEN}+(?={_BASE}|{_MARK})"
_SYMBOL = rf"[%‰‱٪؉؊&@#+=°§{SIGNS_OF_MONEY}＄￡￥￠￦﹩％﹪＋＝＃＆＠©®™]"
_WORD = re.compile(
    rf"[{SIGNS}]|\u0640{{0,9}}(?!\u0640)(?:{_BASE}|{_SYMBOL})(?:{_LETTER}|{_SYMBOL})*"
    # 3.5, 1,000, 12:30, 24/8, ٣٫٥ · O'Brien, well-known, J.K · but never at a word's edge
    rf"(?:(?:(?<=\d){_HIDDEN}*[.,:/٫٬]{_HIDDEN}*(?=\d)|['’\-‑.·](?={_BASE}))(?:{_LETTER}|{_SYMBOL})+)*"
)
_REST = re.compile(r"(?<=\.)[\u0621-\u064a]\.")
"""The second half of an abbreviation: 600 ق.م."""
_INITIALS = re.compile(r"[A-Z](?:\.[A-Z])*")
_ORDINARY = re.compile(r"(?<![\w.])(?:[Mm]e|may|[Aa]rt|ill|miss|fed|id|[Oo]k|OK|[Nn]o)\.\s+(?=[A-Z])")
"""English words that a sentence may end with, and that sentencex always takes for abbreviations."""
_SPEECH = re.compile(
    r"(?:I|(?:the )?[A-Z][\w’'-]+\.?(?: [A-Z][\w’'.-]+)*) (?:\w+ly )?"
    r"(?:said|says|asked|cried|replied|answered|shouted|whispered|murmured|muttered|exclaimed|called|inquired|"
    r"enquired|suggested|added|began|continued|repeated|demanded|protested|interrupted|remarked|observed|"
    r"echoed|gasped|sighed|screamed|yelled|went on)\b"
)
"""English: who said what was quoted."""
_TERMINAL = ".!?؟…。！？"
_OPENING, _CLOSING = "“„«‹([{「『", "”»›)]}」』"
_QUOTES = re.compile(
    rf"[{re.escape(_OPENING + _CLOSING)}\"]"
    rf"|(?<=[{_TERMINAL},;])[’']+(?=$|[\s\W])|(?<![^\s\W])[‘’'](?=\w)"
)
"""Marks around what may hold sentences of its own; an apostrophe is none."""
_BRACKETS = {")": "(", "]": "["}
_CLOSING_MARKS = frozenset([*_CLOSING, '"', "’", "'"])
_CLOSED = re.compile(rf"(?:\s*[{re.escape(_CLOSING)}]|[\"’'](?![^\W_])|[{re.escape(_TERMINAL)}])*\s*")
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
    """Ranges of words that end at a comma, semicolon, colon, dash or stop.

    None is shorter than `MIN_PHRASE` words, but one that is the whole sentence.
    """
    ends = []
    begin = 0
    for i, (word, after) in enumerate(pairwise(found), start=1):
        long_enough = i - begin >= MIN_PHRASE and len(found) - i >= MIN_PHRASE
        if long_enough and _is_phrase_end(text, word, after):
            ends.append(i)
            begin = i
    bounds = [0, *ends, len(found)] if found else [0]
    return tuple(Phrase(a, b) for a, b in pairwise(bounds))


def _is_phrase_end(text: str, word: Word, after: Word) -> bool:
    if _PHRASE_END.search(text, word.end, after.begin):
        return True
    before, written = text[max(0, word.end - REACH) : after.begin], text[word.begin : word.end]
    if not text.startswith(".", word.end) or _INITIALS.fullmatch(written):
        return ".." in text[word.end : after.begin]
    return not ends_no_sentence(before, text[after.begin : after.begin + REACH])


def split(text: str, lang: str) -> list[tuple[int, int]]:
    """The sentences of one block of text as ranges, in order, without the white space around them.

    Everything but white space is in one of them. Quotations and brackets may hold several.
    """
    joined: list[tuple[int, int]] = []
    for begin, end in _segments(text, lang):
        if joined and _goes_on(text, joined[-1][0], begin, end):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return [trimmed for piece in joined for cut in _cut(text, *piece) if (trimmed := _trim(text, *cut))]


def _goes_on(text: str, begin: int, at: int, end: int) -> bool:
    """Whether the sentence that began at `begin` goes on with the piece from `at` to `end`."""
    # A piece without a word (closing quotes, an ellipsis, an emoji) belongs to the sentence before it.
    if not _WORD.search(text, at, end) or _REST.match(text, at):
        return True
    before = text[max(begin, at - REACH) : at]
    if ends_no_sentence(before, text[at : at + REACH]):
        return True
    mark = before.rstrip()[-1:]
    if mark not in _CLOSING_MARKS:
        return False
    # “Stop!” he said. “Stop!” I said. “Stop.” He went.
    following = next((c for c in text[at : at + 9] if c.isalpha()), "")
    if following.islower() or (mark in _BRACKETS and _is_aside(text[begin:at].rstrip())):
        return True
    return _SPEECH.match(text, at) is not None and before.rstrip().rstrip(_CLOSING + "\"’'")[-1:] in tuple(
        "!?…"
    )


def _is_aside(text: str) -> bool:
    """Whether a sentence ends with brackets that stand in it: He went (at last!)."""
    opened = text.rfind(_BRACKETS[text[-1]])
    return opened > 0 and text[:opened].rstrip()[-1:] not in ("", *_TERMINAL, *_CLOSING)


def _segments(text: str, lang: str) -> Iterator[tuple[int, int]]:
    """What sentencex takes for sentences of a text without quotation marks: quotations it leaves whole."""
    # White space of several bytes makes sentencex cut inside a character, and panic.
    plain, places = _unquoted(_WIDE_SPACE.sub(" ", text))
    cuts = [0]
    for end in sorted(set(_ends(plain, lang))):
        at = places[end - 1] + 1
        if at > cuts[-1]:  # a row of stops is gone through once
            cuts.append(_after_closing(text, at))
    yield from pairwise([*(cut for cut in cuts if cut < len(text)), len(text)])


def _unquoted(text: str) -> tuple[str, list[int]]:
    """A text without quotation marks and brackets, and where each of its characters was."""
    marks = {at for match in _QUOTES.finditer(text) for at in range(*match.span())}
    places = [at for at in range(len(text)) if at not in marks]
    return "".join(text[at] for at in places), places


def _ends(plain: str, lang: str) -> Iterator[int]:
    begin = 0
    while begin < len(plain):
        window = plain[begin : begin + _MOST]
        if begin + _MOST < len(plain):
            likely = [m.end() for m in _STOP.finditer(window)] or [m.end() for m in _SPACE.finditer(window)]
            window = window[: likely[-1]] if likely else window
        boundaries = sentencex.get_sentence_boundaries(lang.split("-", maxsplit=1)[0], window)
        yield from (begin + b["end_index"] for b in boundaries if 0 < b["end_index"] < len(window))
        if lang.startswith("en"):
            yield from (begin + match.end() for match in _ORDINARY.finditer(window))
        begin += len(window)
        yield begin


def _after_closing(text: str, at: int) -> int:
    """Where a sentence ends that ended at `at`, or in the white space before, had it no marks around it."""
    at = len(text[:at].rstrip())
    closing = _CLOSED.match(text, at)
    return closing.end() if closing else at


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
