"""Why a sentence is spoken again: the last build's sentences and settings compared with this one's."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping

from hakawati.arabic import vowels
from hakawati.arabic.marks import is_arabic
from hakawati.common.wording import count
from hakawati.errors import listed
from hakawati.model import Utterance
from hakawati.narration.clip import tools
from hakawati.narration.clip_library import ClipLibrary, ClipRequest
from hakawati.narration.synthesis import is_recording

Sentences = Mapping[str, Mapping[str, str]]
"""A sentence's digest → the author's pronunciations in it, written → spoken."""
_AUDIO = "audio settings"
_SPEED = "speed of the "
_VOWELS = "vowels"


def settings(library: ClipLibrary) -> dict[str, str]:
    """All that sentences are spoken with, each under the name it has for the author."""
    chosen = {_called(name): key for name, key in library.keys.items()}
    chosen |= {_speed_of(name): str(float(library.speed(name))) for name in library.keys}
    chosen[_AUDIO] = f"{library.audio.bitrate} {float(library.audio.loudness)}"
    chosen["phrase pause"] = str(library.pauses.phrase)
    chosen[_VOWELS] = vowels.method()
    return chosen


def _called(voice: str) -> str:
    """A voice as the author knows it: a recording by its file, any other by its name in book.yaml."""
    return f"recording {voice}" if is_recording(voice) else f"voice for {voice}"


def _speed_of(voice: str) -> str:
    return _SPEED + _called(voice)


def sentences(requests: Iterable[ClipRequest]) -> dict[str, dict[str, str]]:
    """What the requested clips say."""
    return {_digest(said): _given(said) for request in requests for said in request.utterances}


def _digest(utterance: Utterance) -> str:
    return hashlib.sha256(f"{utterance.lang}\n{utterance.text}".encode()).hexdigest()[:16]


def _given(utterance: Utterance) -> dict[str, str]:
    words = utterance.words
    said_otherwise = (*utterance.figures, *utterance.given)
    return {utterance.text[words[a].begin : words[b - 1].end]: said for a, b, said in said_otherwise}


class Reasons:
    """Tells why, by what the last build knew: its tools, its settings and all the sentences it said."""

    def __init__(
        self, last_tools: str, last: Mapping[str, str], now: Mapping[str, str], said: Sentences
    ) -> None:
        self.said = said
        self.updated = sorted(set(tools().split(",")) - set(last_tools.split(","))) if last_tools else []
        before = {name: "1.0" for name in now if name.startswith(_SPEED)} | dict(last)
        self.changed = {name for name in now if before.get(name) != now[name]} if last else set()

    def why(self, requests: Iterable[ClipRequest]) -> Counter[str]:
        """Why each of these clips must be made, and how many there are of each reason.

        The broadest reason counts: a change of voice says more than that a text changed, too.
        """
        return Counter(self._reason(request, said) for request in requests for said in request.utterances)

    def _reason(self, request: ClipRequest, utterance: Utterance) -> str:
        said = self.said.get(_digest(utterance))
        by = {
            _called(request.voice): _called(request.voice),
            _speed_of(request.voice): "speed",
            _AUDIO: _AUDIO,
        }
        changed = [name for setting, name in by.items() if setting in self.changed]
        if not self.said:
            return "never spoken before"
        if not (self.updated or changed) and _VOWELS in self.changed and is_arabic(utterance.lang):
            return "vowels: new model: everything in Arabic"
        if self.updated or changed:
            return f"updated: {listed(self.updated)}" if self.updated else f"{changed[0]} changed"
        if said is None:
            return "text changed"
        given = _given(utterance)
        if words := sorted(w for w in said.keys() | given.keys() if said.get(w) != given.get(w)):
            return f"pronunciation of {listed(words)}"
        pause = "phrase pause" in self.changed and utterance.phrases
        return "phrase pause changed" if pause else "not in the store any more"


def described(reasons: Mapping[str, int]) -> str:
    """``3 sentences: text changed; 1 sentence: pronunciation of ديجول``, or that there is nothing to do."""
    parts = [f"{count(n, 'sentence')}: {why}" for why, n in sorted(reasons.items())]
    return "; ".join(parts) or "unchanged"
