"""The clips of a chapter → its MP3, its timeline and its timings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile

from hakawati.common.wording import format_time
from hakawati.errors import Problem
from hakawati.model import (
    SAMPLE_RATE,
    Clip,
    Levels,
    NoProgress,
    SpokenSentence,
    Timeline,
    WordSpeech,
    seconds,
)
from hakawati.narration.clip_library import ClipLibrary, ClipRequest
from hakawati.narration.dispatcher import Dispatcher
from hakawati.narration.reading_order import Cue
from hakawati.narration.timeline import Joiner, timeline


@dataclass(frozen=True, slots=True)
class JoinedAudio:
    """A chapter's narration."""

    timeline: Timeline
    """Of the sentences as they are printed."""
    said: tuple[tuple[Cue, ClipRequest, SpokenSentence], ...]
    """Every sentence that was to be heard, its onsets in samples of the chapter."""
    extras: tuple[tuple[ClipRequest, int, int], ...]
    """What a person reads besides: the recording's clip, begin, end, in samples of the chapter."""
    levels: Levels | None = None
    """None where there is no sound."""


_BLOCK = 1 << 20
"""Bytes that are copied at a time."""


def join(
    library: ClipLibrary,
    requests: Sequence[ClipRequest],
    printed: Callable[[Timeline], Timeline],
    tag: Callable[[Timeline], bytes],
    path: Path,
) -> JoinedAudio:
    """Write a chapter's MP3: its tag, then the clips with their pauses, one at a time.

    `printed`: the timeline with the sentences as they are printed; `tag`: of the MP3, made of that. The tag
    is first, and has times that are known last; so the frames wait in a file without a name. A clip that is
    damaged, or gone since it was looked for, is made again. Raises `OSError`, `BookError`.
    """
    joiner = Joiner(library.audio.bitrate)
    said: list[tuple[Cue, ClipRequest, SpokenSentence]] = []
    extras: list[tuple[ClipRequest, int, int]] = []
    with TemporaryFile(dir=path.parent) as frames:
        for request in requests:
            clip = library.clip(request) or _again(library, request)
            placed = joiner.place(clip, request.cues[0].pause, request.cues[0].repeat)
            frames.write(placed.stream)
            said += [(cue, request, one) for cue, one in zip(request.cues, placed.sentences, strict=True)]
            extras += [(request, placed.start + begin, placed.start + end) for begin, end in clip.extras]
        made = printed(timeline([cue for cue, _, _ in said], [one for _, _, one in said], joiner.frames))
        frames.seek(0)
        with path.open("wb") as file:
            file.write(tag(made))
            copyfileobj(frames, file, _BLOCK)
    return JoinedAudio(made, tuple(said), tuple(extras), joiner.levels())


def _again(library: ClipLibrary, request: ClipRequest) -> Clip:
    Dispatcher(1).run(library, [request], NoProgress())
    clip = library.clip(request)
    if clip is None:
        raise OSError(f"the store {library.store.root} does not keep what is put into it")
    return clip


_DOUBTFUL = 0.4
"""A sentence that a person reads and that is less sure than this to be what is written is told of."""


def misreadings(audio: str, joined: JoinedAudio) -> Iterator[Problem]:
    """What a person does not read as it is written, or reads besides, with its time in the file `audio`."""
    last = 0
    for i, (cue, request, said) in enumerate(joined.said):
        begin = said.onsets[0] if said.onsets else last
        last = said.onsets[-1] if said.onsets else last
        if not request.by_person or (said.onsets and said.sure >= _DOUBTFUL):
            continue
        after = next(
            (later.onsets[0] for _, _, later in joined.said[i + 1 :] if later.onsets),
            joined.timeline.duration,
        )
        where = f"{_format_span(begin, after)} of {audio}"
        text = cue.sentence.text if len(cue.sentence.text) <= 60 else f"{cue.sentence.text[:60]}…"
        what = "is read differently here" if said.onsets else "is not read here, or read differently"
        message = f"“{text}” ({cue.text.path}:{cue.sentence.line}) {what}: {where}, {said.sure:.0%} sure"
        yield Problem(request.voice, 0, message, "listen to it; mend the text, or record it anew")
    read = [said.onsets for _, request, said in joined.said if request.by_person and said.onsets]
    for request, begin, end in joined.extras:
        if read[0][0] < begin and end < read[-1][-1]:  # before and after, a reader may say what she likes
            where = f"{_format_span(begin, end)} of {audio}"
            message = f"something is heard that does not stand in the text: {where}"
            yield Problem(request.voice, 0, message, "cut it out of the recording, or leave it")


def _format_span(begin: int, end: int) -> str:
    return f"{format_time(begin // SAMPLE_RATE)} to {format_time(end // SAMPLE_RATE)}"


def timings(name: str, audio: str, made: Timeline) -> bytes:
    """A chapter's timings as JSON: every sentence and word that is read aloud, in the MP3's seconds."""
    sentences = [
        {
            "id": timed.sentence.id,
            "lang": timed.lang,
            "text": timed.sentence.text,
            "spoken": timed.spoken,
            "begin": seconds(timed.begin),
            "end": seconds(timed.end),
            "words": [
                {
                    "text": timed.sentence.text[word.begin : word.end],
                    "spoken": said.text,
                    "sure": said.sure,
                    "begin": seconds(begin),
                    "end": seconds(end),
                }
                for word, said, begin, end in zip(
                    timed.sentence.words,
                    timed.said or [WordSpeech("")] * len(timed.words),
                    timed.words,
                    [*timed.words[1:], timed.end],
                    strict=True,
                )
            ],
        }
        for timed in made.sentences
    ]
    head = json.dumps(
        {"chapter": name, "audio": audio, "duration": seconds(made.duration)}, ensure_ascii=False
    )
    # A sentence a line: to be read by people too, and written by the encoder that is not for people.
    lines = ",\n".join(json.dumps(sentence, ensure_ascii=False) for sentence in sentences)
    return f'{head[:-1]}, "sentences": [\n{lines}\n]}}\n'.encode()
