"""`book/recordings/`: which chapters and sentences have a recording.

`recordings/ar/01-uprising.mp3` is a whole chapter, `recordings/ar/01-uprising/b3s2.wav` a single sentence.
What is heard in them is the narration's business; here it is only known that they are there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TypeVar

from hakawati.errors import listed, nearest
from hakawati.model import Chapter, Recording
from hakawati.source.characters import composed
from hakawati.source.files import Files

Key = TypeVar("Key")
FOLDER = "recordings"
SUFFIXES = (".flac", ".m4a", ".mp3", ".ogg", ".opus", ".wav")
_HINT = f"recordings are {listed(SUFFIXES)}"


class Recordings:
    """The files of the folder, by language and chapter; what is wrong with them is told to `files`."""

    def __init__(self, files: Files, languages: Sequence[str], names: Sequence[str]) -> None:
        self.files = files
        self._whole: dict[tuple[str, str], str] = {}
        self._sentences: dict[tuple[str, str], dict[str, str]] = {}
        for lang in self._entries(FOLDER):
            if lang.name not in languages or not lang.is_dir():
                hint = f"this book's languages are {listed(languages)}: recordings/{languages[0]}/…"
                files.wrong(f"book/{FOLDER}/{lang.name}", 0, "no language of the book", hint)
                continue
            for entry in self._entries(f"{FOLDER}/{lang.name}"):
                self._chapter(lang.name, entry, names)

    def _entries(self, folder: str) -> list[Path]:
        there = self.files.root / folder
        return sorted(p for p in there.iterdir() if p.name[0] != ".") if there.is_dir() else []

    def _chapter(self, lang: str, entry: Path, names: Sequence[str]) -> None:
        name, path = f"{FOLDER}/{lang}/{entry.name}", f"book/{FOLDER}/{lang}/{entry.name}"
        chapter = composed(entry.name if entry.is_dir() else entry.stem)
        if chapter not in names:
            self.files.wrong(path, 0, f"there is no chapter {chapter}", nearest(chapter, names))
        elif entry.is_dir():
            for file in self._entries(name):
                if self._is_recording(f"{name}/{file.name}", file):
                    found = self._sentences.setdefault((lang, chapter), {})
                    self._once(found, file.stem, f"{name}/{file.name}")
        elif self._is_recording(name, entry):
            self._once(self._whole, (lang, chapter), name)

    def _is_recording(self, name: str, file: Path) -> bool:
        if file.suffix.lower() not in SUFFIXES or not file.is_file():
            self.files.wrong(f"book/{name}", 0, "this is no recording", _HINT)
            return False
        return self.files.inside(name, f"book/{name}", 0) is not None

    def _once(self, found: dict[Key, str], key: Key, name: str) -> None:
        if key in found:
            message = f"the same as {PurePosixPath(found[key]).name}"
            self.files.wrong(f"book/{name}", 0, message, "keep one of them")
        else:
            found[key] = name

    def of(self, chapter: Chapter, languages: Sequence[str]) -> Iterator[Recording]:
        """The recordings of a chapter in these languages; complains of those that do not fit."""
        known = {s.id: text.lang for text in chapter.texts() for s in text.sentences if s.words}
        for lang in languages:
            whole = self._whole.get((lang, chapter.name))
            single = self._sentences.get((lang, chapter.name), {})
            if whole:
                for name in list(single.values())[:1]:
                    message = f"a sentence of a chapter that is recorded whole ({PurePosixPath(whole).name})"
                    self.files.wrong(f"book/{name}", 0, message, "keep the one or the other")
                yield self._recording(lang, whole)
                continue
            for id_, name in single.items():
                if known.get(id_) == lang:
                    yield self._recording(lang, name, id_)
                else:
                    hint = f"a sentence's id stands in build/timings/{chapter.name}.json, beside its text"
                    self.files.wrong(f"book/{name}", 0, f"the chapter has no sentence {id_} in {lang}", hint)

    def _recording(self, lang: str, name: str, sentence: str = "") -> Recording:
        digest = self.files.digests.of(name, self.files.root / name)
        return Recording(lang, f"book/{name}", digest, sentence)
