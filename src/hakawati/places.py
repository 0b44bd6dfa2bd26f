"""Where a build leaves what it makes: paths in the project, with forward slashes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

STATE, REPORT = "build/state.json", "build/report.json"
EDITIONS = "build/editions"
"""What each edition but the main one remembers of its last build."""


@dataclass(frozen=True, slots=True)
class Places:
    """One edition's places. `edition`: its name, empty for the book's main one."""

    edition: str = ""

    def audio(self, name: str) -> str:
        """A chapter's MP3."""
        return f"{self._own('audio')}/{name}.mp3"

    def timings(self, name: str) -> str:
        """A chapter's timings."""
        return f"{self._own('build/timings')}/{name}.json"

    @property
    def state(self) -> str:
        """What the last build of the edition left for the next one."""
        return f"{EDITIONS}/{self.edition}.json" if self.edition else STATE

    def outdated(self, before: Iterable[str], now: Iterable[str]) -> list[str]:
        """What the last build left of chapters and books that were renamed, and the next one may remove."""
        made = [(self._own("audio"), ".mp3"), (self._own("build/timings"), ".json")]
        made += [("build", ".epub"), ("build", ".apkg")]
        return [
            str(file)
            for file in map(PurePosixPath, sorted(set(before) - set(now)))
            if (file.parent.as_posix(), file.suffix) in made
        ]

    def _own(self, folder: str) -> str:
        return f"{folder}/{self.edition}" if self.edition else folder


def epub(slug: str) -> str:
    """The EPUB of an edition with this slug."""
    return f"build/{slug}.epub"


def cards(slug: str) -> str:
    """The flash cards of an edition with this slug."""
    return f"build/{slug}.apkg"
