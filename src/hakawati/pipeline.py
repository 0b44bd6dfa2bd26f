"""The build, from top to bottom: book folder → timelines and MP3 → EPUB. The rooms meet only here."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from hakawati.errors import BookError, Problem
from hakawati.model import (
    Book,
    Chapter,
    ChapterReport,
    Place,
    Progress,
    Report,
    Silent,
    Timeline,
    Voice,
    VoiceChoice,
    VoiceError,
    seconds,
)
from hakawati.narration.script import Cue, script
from hakawati.narration.spoken import prepare
from hakawati.narration.studio import Crew, Studio, Take
from hakawati.narration.timeline import Joiner, timeline
from hakawati.source.folder import read_book
from hakawati.store import Store, replacing, write_atomically

_MADE = frozenset([("audio", ".mp3"), ("build/timings", ".json"), ("build", ".epub")])
"""What a build leaves of chapters and books that were renamed, and the next one may remove."""


@dataclass(frozen=True)
class Options:
    """What is chosen for a build, and not in the book."""

    voices: Mapping[str, VoiceChoice]
    """By language; they take the place of the book's own."""
    workers: int
    store: Path | None = None
    """Instead of the project's own `build/store`."""
    modified: int | None = None
    """Seconds since the epoch: the book's time of modification, instead of its newest file's."""


def default_options() -> Options:
    """As many workers as there are cores, and everything else as the book says."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Options(voices={}, workers=cores)


def load(project: Path | str) -> Book:
    """Read and check a book folder; raises `BookError` with everything that is wrong."""
    return read_book(Path(project))


def build(project: Path | str, options: Options | None = None, progress: Progress | None = None) -> Report:
    """Build a project: `audio/*.mp3`, `build/*.epub`, `build/timings/*.json` and `build/report.json`.

    Raises `BookError` where the book has problems or cannot be spoken, `OSError` where the disk is at fault;
    in both cases the last EPUB stays, and so does every clip that was finished.
    """
    return _Build(Path(project), options or default_options(), progress or Silent()).run()


class _Build:
    def __init__(self, project: Path, options: Options, progress: Progress) -> None:
        self.project = project
        self.options = options
        self.progress = progress
        self.seconds: dict[str, float] = {}

    def run(self) -> Report:
        with self._stage("read"):
            book = read_book(self.project)
            if self.options.modified is not None:
                book = replace(book, modified=self.options.modified)
            voices = self._voices(book)
        narrators = book.metadata.narrators or tuple(dict.fromkeys(v.credit for v in voices.values()))
        studio = self._studio(book, voices)
        with self._stage("speak"):
            takes = [_takes(studio, chapter, book) for chapter in book.chapters]
            made = self._speak(studio, [take for chapter in takes for _, take in chapter])
        with self._stage("join"):
            timelines = self._join(studio, book, takes, narrators)
        with self._stage("bind"):
            epub = self._bind(book, timelines, narrators)
        return self._report(book, takes, timelines, made, epub)

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        begin = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - begin, 3)

    def _voices(self, book: Book) -> dict[str, Voice]:
        from hakawati.voices import DEFAULT_ENGINE, make_voice

        voices: dict[str, Voice] = {}
        problems = []
        for lang in book.narration.languages:
            default = VoiceChoice(DEFAULT_ENGINE, {}, Place("book/book.yaml", 0))
            choice = self.options.voices.get(lang) or book.voices.get(lang) or default
            try:
                voices[lang] = make_voice(lang, choice)
            except VoiceError as error:
                message = f"the voice for {lang}: {error}"
                hint = "“hakawati voices” lists the engines and voices that are ready"
                problems.append(Problem(choice.place.path, choice.place.line, message, hint))
        if problems:
            raise BookError(problems)
        return voices

    def _studio(self, book: Book, voices: Mapping[str, Voice]) -> Studio:
        store = Store(self.options.store or self.project / "build" / "store")
        return Studio(store, voices, book.audio, book.narration.pauses)

    def _speak(self, studio: Studio, takes: Sequence[Take]) -> set[str]:
        """Make the clips that are missing; returns their keys."""
        missing = studio.missing(takes)
        self.progress.stage("Speaking", len(missing))
        Crew(self.options.workers).record(studio, list(missing.values()), self.progress)
        return set(missing)

    def _join(
        self,
        studio: Studio,
        book: Book,
        takes: Sequence[Sequence[tuple[Cue, Take]]],
        narrators: Sequence[str],
    ) -> dict[str, Timeline]:
        from hakawati.listening.id3 import small_cover, tag

        self.progress.stage("Joining", len(book.chapters))
        cover = small_cover(self.project / "book" / book.cover) if book.cover else b""
        artists = book.metadata.authors or narrators
        timelines: dict[str, Timeline] = {}
        for number, (chapter, chapter_takes) in enumerate(zip(book.chapters, takes, strict=True), start=1):
            if chapter_takes:
                head = tag(book.metadata, chapter, number, len(book.chapters), artists, cover)
                timelines[chapter.name] = self._join_chapter(studio, book, chapter, chapter_takes, head)
            self.progress.advance()
        return timelines

    def _join_chapter(
        self, studio: Studio, book: Book, chapter: Chapter, takes: Sequence[tuple[Cue, Take]], head: bytes
    ) -> Timeline:
        joiner = Joiner(book.audio.bitrate)
        spoken: list[str] = []
        onsets: list[tuple[int, ...]] = []
        with replacing(self._audio(chapter)) as temporary, temporary.open("wb") as file:
            file.write(head)
            for cue, take in takes:
                clip = studio.clip(take)
                if clip is None:  # damaged since it was looked for
                    Crew(1).record(studio, [take], Silent())
                    clip = studio.clip(take)
                    if clip is None:
                        raise OSError(f"the clip of {take.utterance.place.path} cannot be kept")
                placed = joiner.place(clip, cue.pause)
                file.write(placed.stream)
                spoken.append(clip.spoken)
                onsets.append(placed.onsets)
        made = timeline([cue for cue, _ in takes], spoken, onsets, joiner.frames)
        self._write_timings(chapter, made)
        return made

    def _write_timings(self, chapter: Chapter, made: Timeline) -> None:
        timings = {
            "chapter": chapter.name,
            "audio": f"audio/{chapter.name}.mp3",
            "duration": seconds(made.duration),
            "sentences": [
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
            ],
        }
        data = json.dumps(timings, ensure_ascii=False, indent=1) + "\n"
        write_atomically(self.project / "build" / "timings" / f"{chapter.name}.json", data.encode())

    def _bind(self, book: Book, timelines: Mapping[str, Timeline], narrators: Sequence[str]) -> Path:
        from hakawati.epub.container import write
        from hakawati.epub.package import Narrated, package

        self.progress.stage("Binding", 1)
        chapters = [
            Narrated(
                chapter,
                timelines.get(chapter.name),
                self._audio(chapter) if chapter.name in timelines else None,
            )
            for chapter in book.chapters
        ]
        path = self.project / "build" / f"{book.metadata.slug}.epub"
        write(package(book, chapters, self.project / "book", narrators), path, book.modified)
        self.progress.advance()
        return path

    def _audio(self, chapter: Chapter) -> Path:
        return self.project / "audio" / f"{chapter.name}.mp3"

    def _report(
        self,
        book: Book,
        takes: Sequence[Sequence[tuple[Cue, Take]]],
        timelines: Mapping[str, Timeline],
        made: set[str],
        epub: Path,
    ) -> Report:
        chapters = tuple(
            _chapter_report(chapter, chapter_takes, timelines.get(chapter.name), made)
            for chapter, chapter_takes in zip(book.chapters, takes, strict=True)
        )
        report = Report(chapters, book.notices, epub.relative_to(self.project).as_posix(), self.seconds)
        path = self.project / "build" / "report.json"
        self._remove_stale(path, report)
        write_atomically(path, (json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n").encode())
        return report

    def _remove_stale(self, path: Path, report: Report) -> None:
        """Remove what the last build made for chapters, or under a title, that are no more."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            last = json.loads(path.read_bytes())
            gone = {c["name"] for c in last["chapters"]} - {c.name for c in report.chapters if c.duration}
            stale = [f for name in gone for f in (f"audio/{name}.mp3", f"build/timings/{name}.json")]
            stale += [last["epub"]] if last["epub"] != report.epub else []
            for file in (self.project / name for name in stale):
                if (file.parent.relative_to(self.project).as_posix(), file.suffix) in _MADE:
                    file.unlink(missing_ok=True)


def _takes(studio: Studio, chapter: Chapter, book: Book) -> list[tuple[Cue, Take]]:
    cues = script(chapter, book.narration)
    return [(cue, studio.take(prepare(cue.sentence, cue.text, voice=cue.text.lang))) for cue in cues]


def _chapter_report(
    chapter: Chapter, takes: Sequence[tuple[Cue, Take]], made_of: Timeline | None, made: set[str]
) -> ChapterReport:
    new = sum(take.key in made for _, take in takes)
    duration = seconds(made_of.duration) if made_of else 0.0
    why = f"{new} of {len(takes)} sentences were not in the store" if new else "nothing to speak"
    return ChapterReport(chapter.name, duration, new, len(takes) - new, why)
