"""Who speaks what: a chapter's cues → the voices and recordings that say them, and their takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from hakawati.errors import BookError, Problem
from hakawati.model import (
    Chapter,
    Edition,
    Narration,
    Place,
    Recorded,
    Utterance,
    Voice,
    VoiceChoice,
    VoiceError,
)
from hakawati.narration.booth import is_recording
from hakawati.narration.script import Cue, script
from hakawati.narration.spoken import prepare
from hakawati.narration.studio import Studio, Take
from hakawati.publishing.chapter_audio import Shot


@dataclass(frozen=True, slots=True)
class Role:
    """A cue, and who says it."""

    cue: Cue
    voice: str
    """Its name: the language, `ar old-man` for one that the block chose, or a recorded sentence's file."""
    recorded: Recorded | None = None
    """The chapter's recording, where a person reads all of it."""


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

    def roles(self, chapter: Chapter, narration: Narration | None = None) -> list[Role]:
        """Who says each of the chapter's cues; what cannot be had is told by `complete`.

        `narration`: what is read aloud, where that is not the edition's.
        """
        from hakawati.voices.recording import RecordedChapter, RecordedSentence

        chapters: dict[str, Recorded] = {}
        sentences: dict[str, str] = {}
        for r in chapter.recordings:
            file = self.project / r.path
            self.speeds[r.path] = self.edition.narration.speed
            if r.sentence:
                sentences[r.sentence] = r.path
                self.voices[r.path] = RecordedSentence(file, r.path, r.digest, r.lang)
            else:
                chapters[r.lang] = RecordedChapter(file, r.path, r.digest, r.lang)
        roles = []
        for cue in script(chapter, narration or self.edition.narration):
            lang = cue.text.lang
            if lang in chapters:
                roles.append(Role(cue, chapters[lang].path, chapters[lang]))
            else:
                roles.append(Role(cue, sentences.get(cue.sentence.id) or self._voice(lang, cue.text.voice)))
        return roles

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

    def credits(self, roles: Iterable[Role]) -> tuple[str, ...]:
        """Who is heard: those whom the author names, or else the voices; beside a person, both."""
        named = self.edition.metadata.narrators
        people: list[str] = []
        engines: list[str] = []
        recorded = False
        for role in {role.voice: role for role in roles}.values():
            by_person = is_recording(role.voice)
            recorded = recorded or by_person
            credit = (role.recorded or self.voices[role.voice]).credit
            (people if by_person else engines).append(credit)
        if named and not recorded:
            return named
        return tuple(dict.fromkeys(name for name in (*(named or people), *engines) if name))


def voice_hint(error: VoiceError) -> str:
    """What an author can do about a voice that cannot be had."""
    return error.hint or "“hakawati voices” lists the engines and voices that are ready"


def shots(studio: Studio, roles: Sequence[Role]) -> list[Shot]:
    """The takes of a chapter in their order; what a recording reads without a break is one of them."""
    utterances = [prepare(role.cue.sentence, role.cue.text, role.voice) for role in roles]

    def run(i: int) -> str | int:
        # Where silence follows each sentence, each is a take of its own.
        return roles[i].voice if roles[i].recorded and not roles[i].cue.repeat else i

    runs = [list(together) for _, together in groupby(range(len(roles)), run)]
    readings = {path: iter(takes) for path, takes in _readings(studio, roles, utterances, runs)}
    found = []
    for together in runs:
        role = roles[together[0]]
        cues = tuple(roles[i].cue for i in together)
        if role.recorded:
            found.append(Shot(cues, next(readings[role.voice]), 0, role.cue.repeat))
        else:
            found.append(Shot(cues, studio.take(utterances[together[0]]), role.cue.pause, role.cue.repeat))
    return found


def _readings(
    studio: Studio, roles: Sequence[Role], utterances: Sequence[Utterance], runs: Sequence[Sequence[int]]
) -> Iterator[tuple[str, list[Take]]]:
    """The takes of each recording, in their order."""
    for recorded in {role.voice: role.recorded for role in roles}.values():
        if recorded is not None:
            mine = [run for run in runs if roles[run[0]].voice == recorded.path]
            begins = [sum(map(len, mine[:n])) for n in range(len(mine))]
            yield (
                recorded.path,
                studio.readings(recorded, [utterances[i] for run in mine for i in run], begins),
            )
