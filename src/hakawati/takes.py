"""The takes of a chapter → its MP3, its timeline and its timings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from hakawati.model import Clip, Silent, Timeline, seconds
from hakawati.narration.script import Cue
from hakawati.narration.studio import Crew, Studio, Take
from hakawati.narration.timeline import Joiner, timeline
from hakawati.store import replacing


def join(studio: Studio, takes: Sequence[tuple[Cue, Take]], head: bytes, path: Path) -> Timeline:
    """Write a chapter's MP3: `head`, its tag, then the clips with their pauses, one at a time.

    A clip that is damaged, or gone since it was looked for, is made again. Raises `OSError`, `BookError`.
    """
    joiner = Joiner(studio.audio.bitrate)
    spoken: list[str] = []
    onsets: list[tuple[int, ...]] = []
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write(head)
        for cue, take in takes:
            clip = studio.clip(take) or _again(studio, take)
            placed = joiner.place(clip, cue.pause)
            file.write(placed.stream)
            spoken.append(clip.spoken)
            onsets.append(placed.onsets)
    return timeline([cue for cue, _ in takes], spoken, onsets, joiner.frames)


def _again(studio: Studio, take: Take) -> Clip:
    Crew(1).record(studio, [take], Silent())
    clip = studio.clip(take)
    if clip is None:
        raise OSError(f"the store {studio.store.root} does not keep what is put into it")
    return clip


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
                    "begin": seconds(begin),
                    "end": seconds(end),
                }
                for word, begin, end in zip(
                    timed.sentence.words, timed.words, [*timed.words[1:], timed.end], strict=True
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
