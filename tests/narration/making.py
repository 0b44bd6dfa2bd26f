"""Utterances, sentences and voices for the tests of this room; a worker can have the voices, too."""

from __future__ import annotations

import math
import os
import re
import signal
import time
import zlib
from array import array
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from hakawati.common.store import Store
from hakawati.model import (
    Audio,
    Mark,
    Pauses,
    Phrase,
    Place,
    Sentence,
    Speech,
    Text,
    Utterance,
    Voice,
    VoiceError,
    Where,
    Word,
)
from hakawati.narration.clip_library import ClipLibrary, ClipRequest
from hakawati.narration.dispatcher import Dispatcher
from hakawati.narration.workers import MakeExecutor
from tests.support import PATIENCE


def words(text: str) -> tuple[Word, ...]:
    return tuple(Word(m.start(), m.end()) for m in re.finditer(r"\S+", text))


def utterance(
    text: str,
    *,
    lang: str = "en",
    given: tuple[tuple[int, int, str], ...] = (),
    stops: tuple[int, ...] = (),
    phrases: tuple[int, ...] = (),
    voice: str = "v",
    line: int = 1,
) -> Utterance:
    """An utterance whose words are what stands between spaces."""
    return Utterance(lang, text, words(text), given, stops, phrases, voice, Place("book/en/01.md", line))


def sentence(text: str, *printed: str, phrases: Sequence[int] = (), marks: Sequence[Mark] = ()) -> Sentence:
    """A sentence with the given words, in order; phrases begin at the first and at the given ones."""
    found: list[Word] = []
    for word in printed:
        begin = text.index(word, found[-1].end if found else 0)
        found.append(Word(begin, begin + len(word)))
    begins = [0, *phrases, len(found)]
    runs = tuple(Phrase(a, b) for a, b in pairwise(begins))
    return Sentence("s1", text, 7, tuple(found), runs, tuple(marks))


def in_text(*sentences: Sentence, lang: str = "ar") -> Text:
    return Text("t1", lang, "book/ar/01.md", sentences)


@dataclass(frozen=True, slots=True)
class Hum:
    """150 ms of a tone for each word, without a pause; the pitch tells the words apart."""

    rate: int = 22050
    settings: str = ""

    @property
    def key(self) -> str:
        return f"hum {self.rate} {self.settings}"

    @property
    def credit(self) -> str:
        return "The Hummer"

    @property
    def where(self) -> Where:
        return "anywhere"

    def speak(self, text: str) -> Speech:
        count = self.rate * 150 // 1000
        pcm = array("h")
        onsets = []
        for match in re.finditer(r"\S+", text):
            onsets.append((match.start(), len(pcm)))
            pitch = 200 + zlib.crc32(match[0].encode()) % 600
            pcm.extend(round(9000 * math.sin(2 * math.pi * pitch * i / self.rate)) for i in range(count))
        return Speech(pcm.tobytes(), self.rate, tuple(onsets))


@dataclass(frozen=True, slots=True)
class Scripted:
    """Says what it is told, whatever the text."""

    speech: Speech
    key: str = "scripted"
    credit: str = "The Puppet"
    where: Where = "anywhere"

    def speak(self, text: str) -> Speech:  # noqa: ARG002
        return self.speech


@dataclass(frozen=True, slots=True)
class Fragile:
    """Hums, but at some words does worse.

    `deadly` kills the process; `deadlyonce` only when it is said first, `deadlytwice` then and once more;
    `secret` cannot be spoken; `endless` takes longer than any test. The folder remembers, and names who is at
    work.
    """

    folder: Path
    key: str = "fragile"
    credit: str = "The Fragile"
    where: Where = "anywhere"

    def speak(self, text: str) -> Speech:
        if "secret" in text:
            raise VoiceError(f"it is a secret: “{text}”")
        if "endless" in text:
            (self.folder / f"{os.getpid()}.pid").touch()
            time.sleep(2 * PATIENCE)
        deaths = {"deadly": math.inf, "deadlyonce": 1, "deadlytwice": 2}
        for word in set(text.split()) & set(deaths):
            died = len(list(self.folder.glob(f"{word}.*")))
            if died < deaths[word]:
                (self.folder / f"{word}.{died}").touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return Hum().speak(text)


class Inline(Executor):
    """Does everything at once, in this process, and remembers."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.shut = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.calls.append(args)
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001
            future.set_exception(error)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002
        self.shut += 1


@dataclass
class Tally:
    """A `Progress` that counts."""

    steps: list[int] = field(default_factory=list)

    def stage(self, name: str, total: int) -> None:  # noqa: ARG002
        raise AssertionError("the dispatcher begins no stage")

    def advance(self, steps: int = 1) -> None:
        self.steps.append(steps)


def library(
    folder: Path, voices: Mapping[str, Voice] | None = None, *, pauses: Pauses | None = None
) -> ClipLibrary:
    chosen: Mapping[str, Voice] = {"v": Hum()} if voices is None else voices
    return ClipLibrary(Store(folder), chosen, Audio(), pauses or Pauses())


def dispatcher(make_executor: MakeExecutor | None = None, *, workers: int = 2) -> Dispatcher:
    return Dispatcher(workers, make_executor)


def take_all(place: ClipLibrary, *texts: str) -> list[ClipRequest]:
    """Each text as a sentence of its own line."""
    return [place.request(utterance(text, line=i)) for i, text in enumerate(texts, start=1)]


def said(executor: Inline) -> list[str]:
    """What the executor was asked to have said."""
    return [u.text for call in executor.calls for u in call[0].utterances]
