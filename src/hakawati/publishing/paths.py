"""Where a build leaves what it makes: paths in the project, with forward slashes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

AUDIO, BUILD = "audio", "build"
STATE, REPORT = "build/state.json", "build/report.json"
STORE = "build/store"
"""Where clips and pages are, if they are not elsewhere."""
WEB = "build/web"
"""The web edition: of all editions together."""
EDITIONS = "build/editions"
"""What each edition but the main one remembers of its last build."""
_BESIDE = {".mp3", ".lrc", ".vtt", ".srt", ".m3u8", ".json"}
"""The endings of what is made of a chapter's narration."""
_OF_THE_BOOK = {".epub", ".apkg", ".audiobook", ".m4b", ".xml", ".jpg"}


@dataclass(frozen=True, slots=True)
class Places:
    """One edition's places. `edition`: its name, empty for the book's main one."""

    edition: str = ""

    def audio(self, name: str) -> str:
        """A chapter's MP3."""
        return self.beside(name, "mp3")

    def beside(self, name: str, ending: str) -> str:
        """A file about a chapter's MP3, or the MP3 itself."""
        return f"{self.sounds}/{name}.{ending}"

    @property
    def sounds(self) -> str:
        """The folder of the MP3s."""
        return self._own("audio")

    def playlist(self, slug: str) -> str:
        """The playlist of the edition, whose slug is this."""
        return self.beside(slug, "m3u8")

    @property
    def feed(self) -> str:
        """The podcast's feed."""
        return f"build/feed{self._suffix}.xml"

    @property
    def artwork(self) -> str:
        """The podcast's image."""
        return f"build/feed{self._suffix}.jpg"

    def timings(self, name: str) -> str:
        """A chapter's timings."""
        return f"{self._own('build/timings')}/{name}.json"

    @property
    def state(self) -> str:
        """What the last build of the edition left for the next one."""
        return f"{EDITIONS}/{self.edition}.json" if self.edition else STATE

    @property
    def _suffix(self) -> str:
        return f"-{self.edition}" if self.edition else ""

    def _own(self, folder: str) -> str:
        return f"{folder}/{self.edition}" if self.edition else folder


def is_output(file: str) -> bool:
    """Whether a path in the project is one that a build may have made of the book, in any edition."""
    path = PurePosixPath(file)
    folders, suffix = path.parts[:-1], path.suffix
    if path.name.startswith("."):
        return False
    if folders[:1] == (AUDIO,):
        return len(folders) <= 2 and suffix in _BESIDE
    if folders[:2] == (BUILD, "timings"):
        return len(folders) <= 3 and suffix == ".json"
    return in_web(file) or (folders == (BUILD,) and suffix in _OF_THE_BOOK)


def in_web(file: str) -> bool:
    """Whether a path in the project is in the web edition."""
    return PurePosixPath(file).is_relative_to(WEB)


def epub(slug: str) -> str:
    """The EPUB of an edition with this slug."""
    return f"build/{slug}.epub"


def cards(slug: str) -> str:
    """The flash cards of an edition with this slug."""
    return f"build/{slug}.apkg"


def audiobook(slug: str) -> str:
    """The W3C audiobook of an edition with this slug."""
    return f"build/{slug}.audiobook"


def m4b(slug: str) -> str:
    """The audiobook in one file of an edition with this slug."""
    return f"build/{slug}.m4b"
