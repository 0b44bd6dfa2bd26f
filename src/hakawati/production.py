"""One book's way through a build: what changed in it, what must be spoken for it, what is made of it.

A chapter whose files, and all that they depend on, are as they were is not even read: its page comes out of
the store. `pipeline` leads one or many productions through their steps.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

from hakawati.errors import BookError, Problem
from hakawati.kept import Kept, unpack
from hakawati.model import (
    Chapter,
    ChapterReport,
    Edition,
    Place,
    Progress,
    Report,
    Voice,
    VoiceChoice,
    VoiceError,
)
from hakawati.model import seconds as in_seconds
from hakawati.narration import reasons
from hakawati.narration.clip import tools
from hakawati.narration.script import Cue, script
from hakawati.narration.spoken import prepare
from hakawati.narration.studio import Studio, Take
from hakawati.source.folder import BookFolder
from hakawati.state import State, digest, program, stamp
from hakawati.store import Store, write_atomically
from hakawati.takes import join, timings

_MADE = frozenset([("audio", ".mp3"), ("build/timings", ".json"), ("build", ".epub")])
"""What a build leaves of chapters and books that were renamed, and the next one may remove."""


@dataclass
class Scene:
    """A chapter in this build: either kept as it is, or read and to be made."""

    name: str
    key: str
    """Of its page in the store."""
    kept: Kept | None = None
    chapter: Chapter | None = None
    takes: Sequence[tuple[Cue, Take]] = ()
    notices: tuple[Problem, ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)
    """Why sentences must be spoken → how many."""


class Production:
    """A project being built. First `survey`; then, when what is `missing` has been spoken, `finish`."""

    def __init__(
        self,
        project: Path,
        state: State,
        inputs: str,
        store: Path | None,
        voices: Mapping[str, VoiceChoice],
        modified: int | None,
    ) -> None:
        """`inputs`: the digest of all that goes into the book, to be remembered."""
        self.project = project
        self.state = state
        self.inputs = inputs
        self.store = Store(store or project / "build" / "store")
        self.voices = voices
        self.modified = modified
        self.seconds: dict[str, float] = {}

    def survey(self) -> None:
        """Read what changed, and find out what must be spoken. Raises `BookError`."""
        folder = BookFolder(self.project)
        chosen = {lang: (c.engine, dict(c.options)) for lang, c in sorted(self.voices.items())}
        self.shared = digest(program(), json.dumps(chosen), folder.shared_key())
        if self.shared != self.state.shared:
            folder.check_cover()
        self.scenes = [self._scene(folder, name) for name in folder.names]
        self.edition = folder.finished()
        self.modified = folder.files.modified if self.modified is None else self.modified
        voices = self._make_voices(self.edition)
        narrators = tuple(dict.fromkeys(voice.credit for voice in voices.values()))
        self.narrators = self.edition.metadata.narrators or narrators
        self.studio = Studio(self.store, voices, self.edition.audio, self.edition.narration.pauses)
        self.missing = self._take()

    def _scene(self, folder: BookFolder, name: str) -> Scene:
        key = digest("page", self.shared, folder.chapter_key(name))
        kept = unpack(self.store.get(key)) if self.state.pages.get(name) == key else None
        if kept and self.state.intact(self.project, _files(kept)):
            return Scene(name, key, kept=kept, notices=kept.notices)
        before = len(folder.notices)
        chapter = folder.read(name)
        return Scene(name, key, chapter=chapter, notices=tuple(folder.notices[before:]))

    def _make_voices(self, edition: Edition) -> dict[str, Voice]:
        from hakawati.voices import DEFAULT_ENGINE, make_voice

        voices: dict[str, Voice] = {}
        problems = []
        for lang in edition.narration.languages:
            default = VoiceChoice(DEFAULT_ENGINE, {}, Place("book/book.yaml", 0))
            choice = self.voices.get(lang) or edition.voices.get(lang) or default
            try:
                voices[lang] = make_voice(lang, choice)
            except VoiceError as error:
                message = f"the voice for {lang}: {error}"
                hint = "“hakawati voices” lists the engines and voices that are ready"
                problems.append(Problem(choice.place.path, choice.place.line, message, hint))
        if problems:
            raise BookError(problems)
        return voices

    def _take(self) -> list[Take]:
        said: dict[str, Mapping[str, str]] = {}
        for scene in self.scenes:
            last = scene.kept or unpack(self.store.get(self.state.pages.get(scene.name, "")))
            said.update(last.said if last else {})
        why = reasons.Reasons(self.state.tools, self.state.settings, reasons.settings(self.studio), said)
        found: dict[str, Take] = {}
        for scene in self.scenes:
            if scene.chapter:
                cues = script(scene.chapter, self.edition.narration)
                spoken = [prepare(cue.sentence, cue.text, voice=cue.text.lang) for cue in cues]
                scene.takes = list(zip(cues, map(self.studio.take, spoken), strict=True))
                missing = self.studio.missing(take for _, take in scene.takes)
                new = [take for key, take in missing.items() if key not in found]
                scene.missing = why.why(new)
                found |= {take.key: take for take in new}
        return list(found.values())

    def finish(self, progress: Progress) -> Report:
        """Make the book out of the clips. Raises `OSError`; `BookError` for a clip that is lost."""
        with self._stage("join"):
            self._join(progress)
        with self._stage("bind"):
            epub = self._bind(progress)
        self._remember(epub)
        report = self.report()
        data = json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n"
        write_atomically(self.project / "build" / "report.json", data.encode())
        return report

    def _join(self, progress: Progress) -> None:
        from hakawati.epub.xhtml import chapter_page
        from hakawati.listening.id3 import small_cover, tag

        new = [scene for scene in self.scenes if scene.chapter]
        progress.stage("Joining", len(new))
        edition, count = self.edition, len(self.scenes)
        cover = small_cover(self.project / "book" / edition.cover) if edition.cover and new else b""
        artists = edition.metadata.authors or self.narrators
        for number, scene in enumerate(self.scenes, start=1):
            if scene.chapter is None:
                continue
            made = None
            if scene.takes:
                head = tag(edition.metadata, scene.chapter, number, count, artists, cover)
                made = join(self.studio, scene.takes, head, self.project / _audio(scene.name))
                write_atomically(
                    self.project / _timings(scene.name), timings(scene.name, _audio(scene.name), made)
                )
            scene.kept = Kept(
                page=chapter_page(edition, scene.chapter, made),
                clips=tuple(take.key for _, take in scene.takes),
                said=reasons.sentences(take for _, take in scene.takes),
                notices=scene.notices,
            )
            self.store.put(scene.key, scene.kept.pack())
            progress.advance()

    def _bind(self, progress: Progress) -> str:
        from hakawati.epub.container import write
        from hakawati.epub.package import package

        progress.stage("Binding", 1)
        pages = [scene.kept.page for scene in self.scenes if scene.kept]
        name = f"build/{self.edition.metadata.slug}.epub"
        book = package(
            self.edition, pages, lambda c: self.project / _audio(c), self.project / "book", self.narrators
        )
        write(book, self.project / name, self.modified or 0)
        progress.advance()
        return name

    def report(self) -> Report:
        """What this build does, or, before `finish`, what it would do."""
        chapters = []
        for scene in self.scenes:
            made = sum(scene.missing.values())
            count = len(scene.takes) if scene.chapter else len(scene.kept.clips if scene.kept else ())
            duration = in_seconds(scene.kept.page.duration) if scene.kept else 0.0
            why = reasons.described(scene.missing)
            if scene.chapter and not made:
                why = "read again, nothing to speak"
            chapters.append(ChapterReport(scene.name, duration, made, count - made, why))
        notices = tuple(sorted(notice for scene in self.scenes for notice in scene.notices))
        epub = f"build/{self.edition.metadata.slug}.epub"
        return Report(tuple(chapters), notices, epub, dict(self.seconds))

    def _remember(self, epub: str) -> None:
        kept = [scene.kept for scene in self.scenes if scene.kept]
        names = [epub, *(name for chapter in kept for name in _files(chapter))]
        stamps = {name: found for name in names if (found := stamp(self.project / name))}
        for file in map(PurePosixPath, self.state.files.keys() - stamps.keys()):
            if (file.parent.as_posix(), file.suffix) in _MADE:
                with suppress(OSError, ValueError):
                    (self.project / file).unlink()
        keys = [
            key for scene in self.scenes for key in (scene.key, *(scene.kept.clips if scene.kept else ()))
        ]
        self.store.register(self.project, keys)
        pages = {scene.name: scene.key for scene in self.scenes}
        state = State(self.inputs, self.shared, tools(), reasons.settings(self.studio), pages, stamps)
        state.save(self.project / "build" / "state.json")

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        """Take the time of a stage."""
        begin = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - begin, 3)


def _audio(name: str) -> str:
    return f"audio/{name}.mp3"


def _timings(name: str) -> str:
    return f"build/timings/{name}.json"


def _files(kept: Kept) -> list[str]:
    """What was made of a chapter besides its page."""
    return [_audio(kept.page.name), _timings(kept.page.name)] if kept.page.smil else []
