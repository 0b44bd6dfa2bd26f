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


@dataclass(frozen=True, slots=True)
class EditionPaths:
    """One edition's paths. `edition`: its name, empty for the book's main one."""

    edition: str = ""

    @property
    def audio_folder(self) -> str:
        """The folder of the MP3s."""
        return self._own(AUDIO)

    def audio(self, name: str) -> str:
        """A chapter's MP3."""
        return self.beside_audio(name, "mp3")

    def beside_audio(self, name: str, ending: str) -> str:
        """A file in the folder of the MP3s, called like a chapter or like the book."""
        return f"{self.audio_folder}/{name}.{ending}"

    def timings(self, name: str) -> str:
        """A chapter's timings."""
        return f"{self._own(f'{BUILD}/timings')}/{name}.json"

    def book(self, name: str, ending: str) -> str:
        """A file of the whole edition that has a name of its own, such as its slug."""
        return f"{BUILD}/{name}.{ending}"

    def shared_book(self, name: str, ending: str) -> str:
        """A file of the whole edition whose name all editions would have."""
        return self.book(f"{name}-{self.edition}" if self.edition else name, ending)

    @property
    def state(self) -> str:
        """What the last build of the edition left for the next one."""
        return f"{EDITIONS}/{self.edition}.json" if self.edition else STATE

    def _own(self, folder: str) -> str:
        return f"{folder}/{self.edition}" if self.edition else folder


def in_web(file: str) -> bool:
    """Whether a path in the project is in the web edition."""
    return PurePosixPath(file).is_relative_to(WEB)
