"""A chapter's timeline → its text in time, for players: LRC, WebVTT, SubRip.

A line or a cue is a phrase. Its times are those of `build/timings`, in whole milliseconds; LRC has hundredths
of a second.

Players know the direction of a text in three ways. WebVTT lays a line out by its first strong character
(WebVTT §7.3: `unicode-bidi: plaintext`), and so do the text views that show LRC: a line that begins with a
character of the other direction gets a mark, U+200F or U+200E, before it. SubRip says nothing; mpv, VLC and
whatever else draws with libass take every line to run from left to right, which leaves an Arabic line's full
stop at its right end. There a line is put into an embedding, U+202B … U+202C: as old as Unicode, it is known
to every player, whereas isolates, U+2067 … U+2069, show as boxes in older ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hakawati.model import Phrase, Sentence, TimedSentence, Timeline, direction, milliseconds, seconds

_MARKS = {"ltr": "\u200e", "rtl": "\u200f"}
_EMBEDDING, _POP = "\u202b", "\u202c"
_JOINER = "\u2060"
"""Has no width and joins; after a character that would begin a tag, it keeps it from being one."""
_SUBRIP_TAG = re.compile(r"<(?=[A-Za-z/])|\{(?=[\\A-Za-z])|--(?=>)")
_SPACE = re.compile(r"\s+")
_LRC_TAG = re.compile(r"[\[<](?=\d)|\[(?=[A-Za-z#]+:)")


@dataclass(frozen=True, slots=True)
class _TimedPhrase:
    """A phrase in time."""

    id: str
    lang: str
    begin: int
    """ms."""
    end: int
    words: tuple[tuple[int, str], ...]
    """(ms, the word with the characters around it); together they are the phrase, broken at line feeds."""

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.words)


def lrc(timeline: Timeline, *, title: str, artists: Sequence[str], album: str, lang: str) -> str:
    """An LRC file, a line for each phrase; the tags say what the MP3's do. `lang`: the original's.

    It has no hours: `[mm:ss.xx]` counts on, `[600:00.00]`.
    """
    tags = {"ti": title, "ar": ", ".join(artists), "al": album, "la": lang}
    heads = [f"[{name}:{_in_tag(value)}]" for name, value in tags.items() if value]
    whole = seconds(timeline.duration)
    heads.append(f"[length:{int(whole) // 60:02}:{int(whole) % 60:02}]")
    lines = []
    for line in _lines(timeline):
        hundredths = (line.begin + 5) // 10
        time = f"{hundredths // 6000:02}:{hundredths // 100 % 60:02}.{hundredths % 100:02}"
        text = _LRC_TAG.sub(_kept, line.text.replace("\n", " "))
        lines.append(f"[{time}]{text}")
    return "\n".join([*heads, *lines]) + "\n"


def vtt(timeline: Timeline) -> str:
    """A WebVTT file: a cue for each phrase, in its language, with the time of every word in it."""
    cues = []
    for line in _lines(timeline):
        before = line.begin
        text = ""
        for time, word in line.words:
            if before < time < line.end:  # WebVTT §4.2.2: within the cue, and each later than the last
                text += f"<{_clock(time, '.')}>"
                before = time
            text += word.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        times = f"{_clock(line.begin, '.')} --> {_clock(line.end, '.')}"
        cues.append(f"{line.id}\n{times}\n<lang {line.lang}>{text}</lang>\n")
    return "\n".join(["WEBVTT\n", *cues])


def srt(timeline: Timeline) -> str:
    """A SubRip file: a cue for each phrase."""
    cues = []
    for number, line in enumerate(_lines(timeline), start=1):
        text = _SUBRIP_TAG.sub(_kept, line.text)
        if direction(line.lang) == "rtl":
            text = "\n".join(f"{_EMBEDDING}{part}{_POP}" for part in text.split("\n"))
        cues.append(f"{number}\n{_clock(line.begin, ',')} --> {_clock(line.end, ',')}\n{text}\n")
    return "\n".join(cues)


def _kept(found: re.Match[str]) -> str:
    return found.group() + _JOINER


def _in_tag(value: str) -> str:
    """For the inside of an LRC tag, which ends at the first bracket or with its line."""
    return " ".join(value.split()).replace("[", "(").replace("]", ")")


def _clock(time: int, point: str) -> str:
    """`HH:MM:SS.mmm`; hours have as many digits as they need, and two at least."""
    return f"{time // 3_600_000:02}:{time // 60_000 % 60:02}:{time // 1000 % 60:02}{point}{time % 1000:03}"


def _lines(timeline: Timeline) -> Iterator[_TimedPhrase]:
    """Every phrase, in the order of narration."""
    for timed in timeline.sentences:
        yield from _phrases(timed)


def _phrases(timed: TimedSentence) -> Iterator[_TimedPhrase]:
    sentence = timed.sentence
    cuts = _cuts(sentence)
    phrases = sentence.phrases or (Phrase(0, len(sentence.words)),)
    for number, phrase in enumerate(phrases, start=1):
        pieces = [sentence.text[a:b] for a, b in pairwise(cuts[phrase.begin : phrase.end + 1])]
        onsets = [milliseconds(onset) for onset in timed.words[phrase.begin : phrase.end]]
        end = timed.words[phrase.end] if phrase.end < len(timed.words) else timed.end
        yield _TimedPhrase(
            id=sentence.id if len(phrases) == 1 else f"{sentence.id}.{number}",
            lang=timed.lang,
            begin=onsets[0],
            end=milliseconds(end),
            words=tuple(zip(onsets, _directed(_tidy(pieces), timed.lang), strict=True)),
        )


def _cuts(sentence: Sentence) -> list[int]:
    """Where each word begins, with an opening quote before it; and the end of the text."""
    cuts = [0]
    for word, after in pairwise(sentence.words):
        gap = sentence.text[word.end : after.begin]
        spaces = [i for i, c in enumerate(gap) if c.isspace()]
        cuts.append(word.end + spaces[-1] + 1 if spaces else after.begin)
    return [*cuts, len(sentence.text)]


def _tidy(pieces: Sequence[str]) -> list[str]:
    """White space as a cue can have it: single spaces, and line feeds with text on both sides of them."""
    tidied = [_SPACE.sub(lambda m: "\n" if "\n" in m[0] else " ", piece) for piece in pieces]
    tidied[0] = tidied[0].lstrip()
    tidied[-1] = tidied[-1].rstrip()
    return tidied


def _directed(pieces: Sequence[str], lang: str) -> list[str]:
    """With a mark at the beginning of each line that would be laid out in the wrong direction without one."""
    wanted = direction(lang)
    marks = [
        _MARKS[wanted] if _first_strong(line) not in (wanted, None) else ""
        for line in "".join(pieces).split("\n")
    ]
    if len(marks) == 1:
        return [marks[0] + pieces[0], *pieces[1:]]
    made, line = [], 0
    for number, piece in enumerate(pieces):
        parts = piece.split("\n")
        begun = [marks[line] + parts[0]] if number == 0 else [parts[0]]
        begun += [marks[line + n] + part for n, part in enumerate(parts[1:], start=1)]
        line += len(parts) - 1
        made.append("\n".join(begun))
    return made


def _first_strong(text: str) -> str | None:
    """The direction of the first character that has one: rule P2 of the Unicode Bidirectional Algorithm."""
    kinds = {"L": "ltr", "R": "rtl", "AL": "rtl"}
    return next((kinds[kind] for c in text if (kind := unicodedata.bidirectional(c)) in kinds), None)
