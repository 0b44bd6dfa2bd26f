"""A chapter, or the glossary, out of its clips: its MP3 and timings, what stands beside them, its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from hakawati.common.keys import digest
from hakawati.common.store import Store
from hakawati.model import Chapter, Edition, Levels, Timeline
from hakawati.narration import reasons
from hakawati.narration.clip import tools
from hakawati.narration.printed import printed, retold
from hakawati.narration.studio import Studio
from hakawati.publishing import acx
from hakawati.publishing import players as hearing
from hakawati.publishing.chapter_audio import join, misreadings, timings
from hakawati.publishing.chapters import Scene, page
from hakawati.publishing.finished import Kept
from hakawati.publishing.flash_cards import occurrences
from hakawati.publishing.outputs import Outputs
from hakawati.publishing.paths import Places
from hakawati.publishing.web_pages import Sheets, make_sheets

if TYPE_CHECKING:
    from hakawati.listening.id3 import Album


@dataclass(frozen=True, slots=True)
class Composer:
    """Composes the scenes of one edition."""

    outputs: Outputs
    places: Places
    edition: Edition
    studio: Studio
    store: Store
    album: Album
    web: bool
    """Whether the web edition is wanted."""

    def compose(self, scene: Scene, chapter: Chapter, number: int, credits: Sequence[str]) -> Kept:
        """Make all that is of a scene, and keep what the next build has to know of it.

        `number`: of its MP3 among the book's; `credits`: who reads. Raises `OSError`; `BookError` for a clip
        that is lost.
        """
        shown, entries = self._printed(chapter)
        made, levels = None, None
        if scene.shots:
            made, levels = self._joined(scene, chapter, shown, number, credits)
        takes = [shot.take for shot in scene.shots]
        clips = [take.key for take in takes]
        paper = page(self.edition, shown, made)
        sheets = Sheets()
        if self.web:
            sheets = make_sheets(self.store, scene.key, self.edition, shown, paper, made, levels, clips)
        kept = Kept(
            page=paper,
            entries=(*clips, *entries, *sheets.keys),
            sentences=len(scene.roles),
            credits=tuple(credits),
            said=reasons.sentences(takes),
            notices=scene.notices,
            occurrences=occurrences(shown, made),
            beside=hearing.beside(self.edition) if made else (),
            sheets=sheets.keys,
            sound=sheets.sound,
            levels=levels,
        )
        self.store.put(scene.key, kept.pack())
        return kept

    def _joined(
        self, scene: Scene, chapter: Chapter, shown: Chapter, number: int, credits: Sequence[str]
    ) -> tuple[Timeline, Levels | None]:
        """Write the MP3, its timings and what stands beside it; what is noticed goes to the scene.

        The timeline is of the sentences as they are `shown`.
        """
        audio, times = self.places.audio(scene.name), self.places.timings(scene.name)
        head = partial(_tag, self.album, number, credits, chapter, shown)
        with self.outputs.replacing(audio) as path:
            joined = join(self.studio, scene.shots, head, path)
        made = retold(joined.timeline, shown)
        self.outputs.write(times, timings(scene.name, audio, made))
        hearing.write_beside_chapter(self.outputs, self.places, self.edition, shown, credits, made)
        scene.notices += (*misreadings(audio, joined), *acx.noises(audio, joined))
        return made, joined.levels

    def _printed(self, chapter: Chapter) -> tuple[Chapter, list[str]]:
        """The chapter as the page shows it, and the keys of what the store holds of that."""
        if self.edition.vowels != "print":
            return chapter, []
        entries: list[str] = []

        def diacritize(text: str) -> str:
            entries.append(key := digest("vowels", tools(), text))
            if found := self.store.get(key):
                return found.decode()
            from hakawati.narration import tashkeel

            made = tashkeel.diacritize(text)
            self.store.put(key, made.encode())
            return made

        return printed(chapter, diacritize), entries


def _tag(
    album: Album, track: int, artists: Sequence[str], chapter: Chapter, shown: Chapter, timeline: Timeline
) -> bytes:
    """The tag of a chapter's MP3; `shown`: as the page shows it, vowels and all."""
    from hakawati.listening.id3 import tag

    return tag(album, chapter, retold(timeline, shown), track, artists)
