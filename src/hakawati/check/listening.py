"""A book is listened to, once, from beginning to end: how loud it is, and where each sentence is heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from hakawati.check.archive import Archive
from hakawati.check.comparing import Comparer, Extra, Heard
from hakawati.check.ear import Ear
from hakawati.check.loudness import Loudness, Meter
from hakawati.check.sounds import CannotDecodeError, decoded
from hakawati.check.spans import Clip, Line, lines
from hakawati.check.sync.messages import of_clip, of_problems
from hakawati.check.sync.pace import Passage, usual
from hakawati.check.tongues import Tongue, Tongues
from hakawati.check.windows import plan
from hakawati.errors import BookError
from hakawati.model import SAMPLE_RATE, Finding

Advance = Callable[[str], None]
"""Told of each audio file that was listened to."""


@dataclass
class Listened:
    """All that was heard."""

    lines: dict[str, list[Line]] = field(default_factory=dict)
    """The sentences that should be heard in each audio file."""
    sounds: dict[str, Loudness] = field(default_factory=dict)
    """Of each audio file that can be decoded."""
    heard: dict[Line, Heard] = field(default_factory=dict)
    extras: list[Extra] = field(default_factory=list)
    """What is like no sentence."""
    tongues: list[Tongue] = field(default_factory=list)
    """What is read as if it were in another language."""
    findings: list[Finding] = field(default_factory=list)
    """What cannot be listened to."""

    def in_order(self) -> Iterator[Heard]:
        """The sentences that were listened to, in the book's order."""
        for of_audio in self.lines.values():
            yield from (self.heard[line] for line in of_audio if line in self.heard)

    def unheard(self) -> Iterator[Line]:
        """The sentences that should be in what was decoded, and could not be compared with it."""
        for audio, of_audio in self.lines.items():
            if audio in self.sounds:
                yield from (line for line in of_audio if line not in self.heard)

    def passages(self, ear: Ear) -> Iterator[tuple[Passage, Loudness]]:
        """What is read from the beginning of a clip to the next, a sentence or more."""
        for audio, of_audio in self.lines.items():
            if audio not in self.sounds:
                continue
            groups: list[list[Line]] = []
            for line in of_audio:
                if line.starts or not groups:
                    groups.append([])
                groups[-1].append(line)
            ends = [group[0].begin for group in groups[1:]] + [inf]
            for group, end in zip(groups, ends, strict=True):
                if made := self._passage(group, end, ear):
                    yield made, self.sounds[audio]

    def _passage(self, group: Sequence[Line], end: float, ear: Ear) -> Passage | None:
        languages = {line.asked.lang for line in group}
        if len(languages) > 1:
            return None
        heard = [self.heard.get(line) for line in group]
        if ear.knows(group[0].asked.lang):
            known = [one for one in heard if one]
            if len(known) < len(group):
                return None
            seconds = sum(one.told.seconds for one in known)
        else:
            seconds = sum(usual(line.asked.text) for line in group)
        return Passage(
            clip=group[0].owner,
            lang=group[0].asked.lang,
            text=group[0].asked.text,
            words=sum(len(line.asked.words) for line in group),
            begin=group[0].begin,
            end=min(end, group[-1].last.end),
            usual=seconds,
            judged=all(one is None or one.here for one in heard),
        )


def listen(archive: Archive, files: Mapping[str, Sequence[Clip]], ear: Ear, advance: Advance) -> Listened:
    """Listen to audio files. `files`: the clips of each, in order of time; files in the book's order."""
    made = Listened({audio: lines(of_audio, ear) for audio, of_audio in files.items()})
    known = {
        audio: [line for line in of_audio if ear.knows(line.asked.lang)]
        for audio, of_audio in made.lines.items()
    }
    windows = plan(known.items())
    firsts = {of_audio[0] for of_audio in made.lines.values() if of_audio}
    comparer, tongues = Comparer(ear, made.sounds, firsts), Tongues(ear)
    done: set[str] = set()

    def compare(audio: str, reached: float) -> None:
        while windows and all(
            part.audio in done or (part.audio == audio and part.end <= reached) for part in windows[0].parts
        ):
            window = windows.pop(0)
            heard, extras = comparer.compare(window)
            made.tongues += tongues.odd(heard, window.parts)
            window.forget()
            made.heard |= heard
            made.extras += extras

    for audio, of_audio in files.items():
        meter = Meter()
        wanting = [part for window in windows for part in window.parts if part.audio == audio]
        try:
            at = 0
            for block in meter.passing(decoded(archive, audio)):
                pcm = block.astype("<i2").tobytes()
                for part in wanting:
                    part.take(at, pcm)
                at += len(block)
                compare(audio, at / SAMPLE_RATE)
            made.sounds[audio] = meter.loudness()
        except BookError as error:
            made.findings += of_problems(error.problems, of_audio[0].overlay.chapter)
        except CannotDecodeError as error:
            message = "its sound was not listened to: decoding it needs FFmpeg’s libraries"
            made.findings.append(of_clip(archive, of_audio[0], message, str(error), severe=False))
        done.add(audio)
        compare(audio, inf)
        advance(audio)
    return made
