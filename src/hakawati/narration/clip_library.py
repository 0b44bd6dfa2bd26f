"""The clips of one book: which it needs, which there are, and the task that makes a missing one.

`dispatcher` has the tasks done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hakawati.common.memo import recall
from hakawati.common.store import Store
from hakawati.errors import Problem
from hakawati.model import AlignableRecording, Audio, Clip, Pauses, Utterance, Voice, Where
from hakawati.narration.clip import CLIP, clip_key, reading_key
from hakawati.narration.mp3 import frame_bytes
from hakawati.narration.reading_order import Cue
from hakawati.narration.recording_task import RecordingTask
from hakawati.narration.synthesis import Failure, Result, SpeechTask, is_recording


@dataclass(frozen=True, slots=True)
class ClipRequest:
    """The utterances of a clip, and its key: one that an engine speaks, or those of a recording's run."""

    utterances: tuple[Utterance, ...]
    key: str
    recording_task: RecordingTask | None = None
    """The recording it is cut from."""
    part: int = 0
    """Which of the recording's clips it is."""
    cues: tuple[Cue, ...] = ()
    """Where it is in the chapter: a cue for each utterance."""

    @property
    def utterance(self) -> Utterance:
        """The first."""
        return self.utterances[0]

    @property
    def voice(self) -> str:
        """The name of the voice that speaks, or the recording's path."""
        return self.utterance.voice

    @property
    def by_person(self) -> bool:
        """Whether it was recorded."""
        return is_recording(self.voice)


NO_CLIP = Failure("what a worker sent back is no clip of it", "build again; if it stays so, report it")


class ClipLibrary:
    """The clips of one book, in a store."""

    def __init__(
        self,
        store: Store,
        voices: Mapping[str, Voice],
        audio: Audio,
        pauses: Pauses,
        speeds: Mapping[str, float] | None = None,
    ) -> None:
        """`speeds`: how many times as fast what a voice or recording says is to be made, by its name."""
        self.store = store
        self.voices = voices
        self.audio = audio
        self.pauses = pauses
        self.speeds = speeds or {}
        self.keys = {name: voice.key for name, voice in voices.items()}
        """Of all that speaks, recordings too, by name."""

    def request(self, utterance: Utterance) -> ClipRequest:
        """The utterance with its clip's key."""
        voice = self.keys[utterance.voice]
        speed = self.speed(utterance.voice)
        return ClipRequest((utterance,), clip_key(utterance, voice, self.audio, self.pauses, speed))

    def speed(self, voice: str) -> float:
        """Of what a voice says, or a recording."""
        return self.speeds.get(voice, 1.0)

    def readings(
        self, recorded: AlignableRecording, utterances: Sequence[Utterance], begins: Sequence[int]
    ) -> list[ClipRequest]:
        """The requests of a recording; `begins`: for each of them the index of its first utterance."""
        speed = self.speed(recorded.path)
        recording_task = RecordingTask(
            recorded, tuple(utterances), tuple(begins), self.audio, speed, str(self.store.root)
        )
        ends = [*begins[1:], len(utterances)]
        self.keys[recorded.path] = recorded.key
        return [
            ClipRequest(
                tuple(utterances[begin:end]),
                reading_key(recorded, utterances, begin, end, self.audio, speed),
                recording_task,
                part,
            )
            for part, (begin, end) in enumerate(zip(begins, ends, strict=True))
        ]

    def missing(self, requests: Iterable[ClipRequest]) -> dict[str, ClipRequest]:
        """Those without a clip in the store, each key once."""
        return {request.key: request for request in requests if request.key not in self.store}

    def clip(self, request: ClipRequest) -> Clip | None:
        """The clip from the store; None where it is missing or damaged."""
        return recall(self.store, request.key, CLIP)

    def where(self, request: ClipRequest) -> Where:
        """Who can make it."""
        return "here" if request.recording_task else self.voices[request.voice].where

    def task(self, requests: Sequence[ClipRequest]) -> SpeechTask | RecordingTask:
        """What a worker needs to make the clips of `requests`, which are of engines or of one recording."""
        if requests[0].recording_task:
            return requests[0].recording_task
        used = {request.voice for request in requests}
        voices = {name: voice for name, voice in self.voices.items() if name in used}
        speeds = {name: self.speed(name) for name in voices}
        return SpeechTask(
            tuple(t.utterance for t in requests),
            voices,
            self.audio,
            self.pauses.phrase,
            speeds,
            str(self.store.root),
        )

    def keep(
        self, requests: Sequence[ClipRequest], results: Sequence[Result]
    ) -> list[tuple[ClipRequest, Failure]]:
        """Put what a worker made of a task into the store; returns what it could not make."""
        failures = []
        for request, result in zip(requests, results, strict=True):
            if isinstance(result, Failure):
                failures.append((request, result))
            elif self._is_of(request, result):
                self.store.put(request.key, result)
            else:
                failures.append((request, NO_CLIP))
        return failures

    def _is_of(self, request: ClipRequest, result: object) -> bool:
        """Whether it is the clip that was requested, as far as can be told: workers may be elsewhere."""
        try:
            clip = CLIP.loads(result) if isinstance(result, bytes) else None
        except ValueError:
            return False
        if clip is None or len(clip.frames) % frame_bytes(self.audio.bitrate):
            return False
        if len(clip.sentences) != len(request.utterances):
            return False
        pairs = zip(clip.sentences, request.utterances, strict=True)
        if any(len(said.words) not in (0, len(asked.words)) for said, asked in pairs):
            return False
        counts = [
            (len(said.onsets), len(asked.words))
            for said, asked in zip(clip.sentences, request.utterances, strict=True)
        ]
        return all(times == words or (request.recording_task and not times) for times, words in counts)

    def problem(self, request: ClipRequest, failure: Failure, waiting: int = 0) -> Problem:
        """What could not be spoken, and why; `waiting`: how many more sentences the voice leaves unspoken."""
        place = request.utterance.place
        if request.by_person:
            hint = failure.hint or "record it again, or delete it, and a voice will read"
            return Problem(request.voice, 0, f"this recording cannot be used: {failure.message}", hint)
        engine = self.voices[request.voice].credit or request.voice
        if failure.unavailable:
            more = f" ({waiting} more sentences wait for it)" if waiting else ""
            message = f"{engine} cannot speak: {failure.message}{more}"
            return Problem(place.path, place.line, message, failure.hint)
        hint = "change the sentence, or say how its words are spoken in book/pronunciation.yaml"
        message = f"{engine} cannot speak this sentence: {failure.message}"
        return Problem(place.path, place.line, message, failure.hint or hint)
