"""Who reads what: a chapter's cues → the voices and recordings that read them, and their clips."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from hakawati.errors import BookError, Problem
from hakawati.model import (
    AlignableRecording,
    Chapter,
    Edition,
    Narration,
    Place,
    Utterance,
    Voice,
    VoiceChoice,
    VoiceError,
)
from hakawati.narration.clip_library import ClipLibrary, ClipRequest
from hakawati.narration.reading_order import Cue, reading_order
from hakawati.narration.spoken_form import prepare
from hakawati.narration.synthesis import is_recording


class Cast:
    """The voices of one book; each is made when it is first asked for."""

    def __init__(self, project: Path, edition: Edition, instead: Mapping[str, VoiceChoice]) -> None:
        """`instead`: voices by name that take the place of the book's own."""
        self.project = project
        self.edition = edition
        self.choices = {**edition.voices, **instead}
        self.voices: dict[str, Voice] = {}
        self.speeds: dict[str, float] = {}
        """How many times as fast each of them, and each recording, is to be made, by name."""
        self._problems: dict[str, Problem] = {}

    def cues(self, chapter: Chapter, narration: Narration) -> tuple[Cue, ...]:
        """The chapter's cues, and who reads each of them; what cannot be had is reported by `complete`.

        A voice is called after its language, `ar old-man` where the block chose it, or else after the file of
        a recorded sentence.
        """
        from hakawati.voices.recording import RecordedChapter, RecordedSentence

        chapters: dict[str, AlignableRecording] = {}
        sentences: dict[str, str] = {}
        for r in chapter.recordings:
            file = self.project / r.path
            self.speeds[r.path] = self.edition.narration.speed
            if r.sentence:
                sentences[r.sentence] = r.path
                self.voices[r.path] = RecordedSentence(file, r.path, r.digest, r.lang)
            else:
                chapters[r.lang] = RecordedChapter(file, r.path, r.digest, r.lang)
        cues = []
        for cue in reading_order(chapter, narration):
            lang = cue.text.lang
            if recorded := chapters.get(lang):
                # A reader makes her own pauses.
                cues.append(replace(cue, voice=recorded.path, recorded=recorded, pause=0))
            else:
                voice = sentences.get(cue.sentence.id) or self._voice(lang, cue.text.voice)
                cues.append(replace(cue, voice=voice))
        return tuple(cues)

    @property
    def languages(self) -> set[str]:
        """Those that its voices have been made for, recordings apart."""
        return {key.partition(" ")[0] for key in self.voices if not is_recording(key)}

    def speaks(self, lang: str) -> bool:
        """Whether there is a voice for a language that need not be read aloud."""
        return self._problems.pop(self._voice(lang, ""), None) is None

    def complete(self) -> None:
        """Raises `BookError` with every voice that was asked for and cannot be had."""
        if self._problems:
            raise BookError(self._problems.values())

    def _voice(self, lang: str, name: str) -> str:
        """The key of a voice for a language, made if it is new."""
        from hakawati.voices import DEFAULT_ENGINE, make_voice, paced

        key = f"{lang} {name}" if name else lang
        if key not in self.voices and key not in self._problems:
            default = VoiceChoice(DEFAULT_ENGINE, {}, Place("book/book.yaml", 0))
            choice = self.choices.get(name or lang, default)
            try:
                choice, self.speeds[key] = paced(choice, self.edition.narration.speed)
                self.voices[key] = make_voice(lang, choice, self.project)
            except VoiceError as error:
                message = f"the voice for {name or lang}: {error}"
                place = choice.place
                self._problems[key] = Problem(place.path, place.line, message, voice_hint(error))
        return key

    def credits(self, cues: Iterable[Cue]) -> tuple[str, ...]:
        """Who reads: those whom the author names, or else the voices; beside a person, both."""
        named = self.edition.metadata.narrators
        people: list[str] = []
        engines: list[str] = []
        recorded = False
        for cue in {cue.voice: cue for cue in cues}.values():
            by_person = is_recording(cue.voice)
            recorded = recorded or by_person
            credit = (cue.recorded or self.voices[cue.voice]).credit
            (people if by_person else engines).append(credit)
        if named and not recorded:
            return named
        return tuple(dict.fromkeys(name for name in (*(named or people), *engines) if name))


def voice_hint(error: VoiceError) -> str:
    """What an author can do about a voice that cannot be had."""
    return error.hint or "“hakawati voices” lists the engines and voices that are ready"


def clip_requests(library: ClipLibrary, cues: Sequence[Cue]) -> tuple[ClipRequest, ...]:
    """Requests for a chapter's clips, in their order; what a recording reads without a break is one."""
    utterances = [prepare(cue.sentence, cue.text, cue.voice) for cue in cues]

    def run(i: int) -> str | int:
        # Where silence follows each sentence, each is a clip of its own.
        return cues[i].voice if cues[i].recorded and not cues[i].repeat else i

    runs = [list(together) for _, together in groupby(range(len(cues)), run)]
    readings = {path: iter(parts) for path, parts in _readings(library, cues, utterances, runs)}
    found = []
    for together in runs:
        first = cues[together[0]]
        request = next(readings[first.voice]) if first.recorded else library.request(utterances[together[0]])
        found.append(replace(request, cues=tuple(cues[i] for i in together)))
    return tuple(found)


def _readings(
    library: ClipLibrary, cues: Sequence[Cue], utterances: Sequence[Utterance], runs: Sequence[Sequence[int]]
) -> Iterator[tuple[str, list[ClipRequest]]]:
    """Requests for the clips of each recording, in their order."""
    for recorded in {cue.voice: cue.recorded for cue in cues}.values():
        if recorded is not None:
            mine = [run for run in runs if cues[run[0]].voice == recorded.path]
            begins = [sum(map(len, mine[:n])) for n in range(len(mine))]
            yield (
                recorded.path,
                library.readings(recorded, [utterances[i] for run in mine for i in run], begins),
            )
