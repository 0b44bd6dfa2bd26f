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
from typing import TYPE_CHECKING

from hakawati.casting import Cast, Role, shots
from hakawati.errors import Problem
from hakawati.kept import Kept, unpack
from hakawati.model import Chapter, ChapterReport, Progress, Report
from hakawati.model import seconds as in_seconds
from hakawati.narration import reasons
from hakawati.narration.clip import tools
from hakawati.narration.studio import Studio, Take
from hakawati.source.folder import BookFolder
from hakawati.state import State, digest, program, stamp
from hakawati.store import Store, write_atomically
from hakawati.takes import Shot, join, misreadings, timings

if TYPE_CHECKING:
    from hakawati.pipeline import Options

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
    roles: Sequence[Role] = ()
    shots: Sequence[Shot] = ()
    notices: tuple[Problem, ...] = ()
    missing: Mapping[str, int] = field(default_factory=dict)
    """Why sentences must be spoken → how many."""


class Production:
    """A project being built. First `survey`; then, when what is `missing` has been spoken, `finish`."""

    def __init__(self, project: Path, options: Options, state: State, inputs: str) -> None:
        """`inputs`: the digest of all that goes into the book, to be remembered."""
        self.project = project
        self.options = options
        self.state = state
        self.inputs = inputs
        self.store = Store(options.store or project / "build" / "store")
        self.seconds: dict[str, float] = {}

    def survey(self) -> None:
        """Read what changed, and find out what must be spoken. Raises `BookError`."""
        folder = BookFolder(self.project)
        self.notices = tuple(folder.notices)
        self.shared = digest(program(), self.options.chosen(), folder.shared_key())
        if self.shared != self.state.shared:
            folder.check_cover()
        self.scenes = [self._scene(folder, name) for name in folder.names]
        self.edition = folder.finished()
        given = self.options.modified
        self.modified = folder.files.modified if given is None else given
        self.cast = Cast(self.project, self.edition, self.options.voices)
        for scene in self.scenes:
            if scene.chapter:
                scene.roles = self.cast.roles(scene.chapter)
        self.cast.complete()
        self.studio = Studio(self.store, self.cast.voices, self.edition.audio, self.edition.narration.pauses)
        self.missing = self._take()

    def _scene(self, folder: BookFolder, name: str) -> Scene:
        key = digest("page", self.shared, folder.chapter_key(name))
        kept = unpack(self.store.get(key)) if self.state.pages.get(name) == key else None
        if kept and self.state.intact(self.project, _files(kept)):
            return Scene(name, key, kept=kept, notices=kept.notices)
        before = len(folder.notices)
        chapter = folder.read(name)
        return Scene(name, key, chapter=chapter, notices=tuple(folder.notices[before:]))

    def _take(self) -> list[Take]:
        said: dict[str, Mapping[str, str]] = {}
        for scene in self.scenes:
            last = scene.kept or unpack(self.store.get(self.state.pages.get(scene.name, "")))
            said.update(last.said if last else {})
        for scene in self.scenes:
            scene.shots = shots(self.studio, scene.roles)
        why = reasons.Reasons(self.state.tools, self.state.settings, reasons.settings(self.studio), said)
        found: dict[str, Take] = {}
        for scene in self.scenes:
            missing = self.studio.missing(shot.take for shot in scene.shots)
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
        for number, scene in enumerate(self.scenes, start=1):
            if scene.chapter is None:
                continue
            made = None
            credits = self.cast.credits(scene.roles)
            if scene.shots:
                audio = _audio(scene.name)
                head = tag(edition.metadata, scene.chapter, number, count, credits, cover)
                joined = join(self.studio, scene.shots, head, self.project / audio)
                made = joined.timeline
                write_atomically(self.project / _timings(scene.name), timings(scene.name, audio, made))
                scene.notices += tuple(misreadings(scene.name, joined))
            takes = [shot.take for shot in scene.shots]
            scene.kept = Kept(
                page=chapter_page(edition, scene.chapter, made),
                clips=tuple(take.key for take in takes),
                sentences=len(scene.roles),
                credits=credits,
                said=reasons.sentences(takes),
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
        credits = [credit for scene in self.scenes if scene.kept for credit in scene.kept.credits]
        narrators = tuple(dict.fromkeys(credits)) or self.edition.metadata.narrators
        root = self.project / "book"
        book = package(self.edition, pages, lambda c: self.project / _audio(c), root, narrators)
        write(book, self.project / name, self.modified)
        progress.advance()
        return name

    def report(self) -> Report:
        """What this build does, or, before `finish`, what it would do."""
        chapters = []
        for scene in self.scenes:
            made = sum(scene.missing.values())
            count = scene.kept.sentences if scene.kept else len(scene.roles)
            duration = in_seconds(scene.kept.page.duration) if scene.kept else 0.0
            why = reasons.described(scene.missing)
            if scene.chapter and not made:
                why = "read again, nothing to speak"
            chapters.append(ChapterReport(scene.name, duration, made, count - made, why))
        notices = tuple(sorted([*self.notices, *(n for scene in self.scenes for n in scene.notices)]))
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
        # Chapters that were not read may have voices of their own, which are known from when they were.
        settings = {**self.state.settings, **reasons.settings(self.studio)}
        state = State(self.inputs, self.shared, tools(), settings, pages, stamps)
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
