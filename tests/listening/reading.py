"""Timelines of phrases, and readers of what is made of them, written after the formats' own rules."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from hakawati.model import Phrase, Sentence, TimedSentence, Timeline, Word

RATE = 24_000


@dataclass(frozen=True)
class Heard:
    """A sentence to be made: its phrases, and how long each of its words is heard, in samples."""

    lang: str
    phrases: tuple[str, ...]
    lengths: tuple[int, ...]


@dataclass(frozen=True)
class Cue:
    """As a player has it; times in milliseconds."""

    begin: int
    end: int
    text: str
    lang: str = ""
    stamps: tuple[int, ...] = ()


def timeline(heard: Sequence[Heard], start: int = 0) -> Timeline:
    """A chapter of these, one after the other; the first sentence begins at `start`."""
    made: list[TimedSentence] = []
    at = start
    for n, one in enumerate(heard, start=1):
        text = " ".join(one.phrases)
        words = tuple(Word(m.start(), m.end()) for m in re.finditer(r"\S+", text))
        ends = list(accumulate(len(phrase.split()) for phrase in one.phrases))
        runs = tuple(Phrase(a, b) for a, b in pairwise([0, *ends]))
        onsets = [*accumulate(one.lengths, initial=at)]
        sentence = Sentence(f"b{n}s1", text, n, words, runs)
        made.append(TimedSentence(sentence, f"b{n}", one.lang, text, at, onsets[-1], tuple(onsets[:-1])))
        at = onsets[-1]
    return Timeline(tuple(made), at)


def read_vtt(text: str) -> list[Cue]:
    """WebVTT §4.1 and §4.2.2: a header, then cues between blank lines."""
    head, *blocks = text.removesuffix("\n").split("\n\n")
    assert head.rstrip("\n") == "WEBVTT"
    cues = []
    for block in blocks:
        name, times, *lines = block.split("\n")
        assert name
        assert "-->" not in name
        found = re.fullmatch(rf"{_VTT_TIME} --> {_VTT_TIME}", times)
        assert found
        whole = re.fullmatch(r"<lang ([A-Za-z0-9-]+)>(.*)</lang>", "\n".join(lines), re.S)
        assert whole
        parts = re.split(r"(<[^>]*>)", whole[2])
        assert not any(">" in part or "<" in part for part in parts[::2])
        stamps = [re.fullmatch(rf"<{_VTT_TIME}>", tag) for tag in parts[1::2]]
        times_in = tuple(_time(stamp.groups()) for stamp in stamps if stamp)
        assert len(times_in) == len(stamps)
        numbers = found.groups()
        cues.append(
            Cue(
                _time(numbers[:4]), _time(numbers[4:]), html.unescape("".join(parts[::2])), whole[1], times_in
            )
        )
    return cues


def read_srt(text: str) -> list[Cue]:
    cues = []
    for n, block in enumerate(text.removesuffix("\n").split("\n\n") if text else [], start=1):
        number, times, *lines = block.split("\n")
        assert number == str(n)
        found = re.fullmatch(rf"{_SRT_TIME} --> {_SRT_TIME}", times)
        assert found
        assert lines
        assert all(lines)
        numbers = found.groups()
        cues.append(Cue(_time(numbers[:4]), _time(numbers[4:]), "\n".join(lines)))
    return cues


def read_lrc(text: str) -> tuple[dict[str, str], list[tuple[int, str]]]:
    """The tags, and the lines with their times in hundredths of a second."""
    tags: dict[str, str] = {}
    lines: list[tuple[int, str]] = []
    for line in text.removesuffix("\n").split("\n"):
        if found := re.match(r"\[(\d{2,}):([0-5]\d)\.(\d\d)\]", line):
            minutes, seconds, hundredths = map(int, found.groups())
            lines.append((minutes * 6000 + seconds * 100 + hundredths, line[found.end() :]))
        else:
            tag = re.fullmatch(r"\[([a-z]+):([^\[\]]*)\]", line)
            assert tag
            tags[tag[1]] = tag[2]
    return tags, lines


_VTT_TIME = r"(\d{2,}):([0-5]\d):([0-5]\d)\.(\d{3})"
_SRT_TIME = r"(\d{2,}):([0-5]\d):([0-5]\d),(\d{3})"


def _time(numbers: Sequence[str]) -> int:
    hours, minutes, seconds, thousandths = map(int, numbers)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
