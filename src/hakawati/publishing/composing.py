"""A chapter, or the glossary, out of its clips: its MP3 and timings, the files beside it, its pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hakawati.arabic import vowels
from hakawati.common.codec import TextCodec
from hakawati.common.keys import digest
from hakawati.common.memo import memo
from hakawati.common.store import Store
from hakawati.errors import Problem
from hakawati.model import Chapter, Edition, Timeline, VowelCounts
from hakawati.narration import reasons
from hakawati.narration.clip_library import ClipLibrary
from hakawati.narration.lexicon import vowels_with
from hakawati.narration.printed_vowels import with_printed_sentences, with_vowels
from hakawati.narration.vowel_counts import vowel_counts
from hakawati.publishing import acx, formats
from hakawati.publishing.chapter_audio import JoinedAudio, join, misreadings, timings
from hakawati.publishing.chapters import PlannedPart
from hakawati.publishing.finished import FINISHED_PART, FinishedPart
from hakawati.publishing.formats.base import ChapterContent
from hakawati.publishing.outputs import Outputs
from hakawati.publishing.paths import EditionPaths
from hakawati.publishing.web_pages import NO_WEB_PAGES, make_web_pages

if TYPE_CHECKING:
    from hakawati.listening.id3 import Album


@dataclass(frozen=True, slots=True)
class Composer:
    """Composes the parts of one edition."""

    outputs: Outputs
    paths: EditionPaths
    edition: Edition
    library: ClipLibrary
    store: Store
    album: Album
    web: bool
    """Whether the web edition is wanted."""

    def compose(
        self, plan: PlannedPart, chapter: Chapter, number: int, credits: Sequence[str]
    ) -> FinishedPart:
        """Make all that is of a part, and leave it in the store for the next build.

        `number`: of its MP3 among the book's; `credits`: who reads. Raises `OSError`; `BookError` for a clip
        that is lost.
        """
        part = plan.part
        shown, entries = self._printed(chapter)
        clips = [request.key for request in plan.requests]
        joined = self._joined(plan, chapter, shown, number, credits) if plan.requests else None
        timeline, levels = (joined.timeline, joined.levels) if joined else (None, None)
        names = self._files(shown, credits, timeline) if timeline else []
        files = {name: self.outputs.digest(name) for name in names}
        if plan.last and plan.last.files == files:  # the same sound at the same times, so the same pages
            return plan.last
        page = part.page(self.edition, shown, timeline)
        web = NO_WEB_PAGES
        if self.web:
            web = make_web_pages(
                self.store, plan.key, self.edition, part, shown, page, timeline, levels, clips
            )
        finished = FinishedPart(
            page=page,
            entries=(*clips, *entries, *web.keys),
            sentences=len(plan.cues),
            credits=tuple(credits),
            pronunciations=reasons.sentences(plan.requests),
            notices=(*plan.notices, *(self._notices(part.name, joined) if joined else ())),
            occurrences=part.occurrences(shown, timeline),
            spoken_terms=part.spoken_terms(shown, timeline),
            files=files,
            web_pages=web.keys,
            sound=web.sound,
            levels=levels,
            vowels=vowel_counts(timeline) if timeline else VowelCounts(),
        )
        self.store.put(plan.key, FINISHED_PART.dumps(finished))
        return finished

    def _joined(
        self, plan: PlannedPart, chapter: Chapter, shown: Chapter, number: int, credits: Sequence[str]
    ) -> JoinedAudio:
        """Write the MP3; the timeline is of the sentences as they are `shown`."""

        def tag(timeline: Timeline) -> bytes:
            from hakawati.listening import id3

            return id3.tag(self.album, chapter, timeline, number, credits)

        with self.outputs.replacing(self.paths.audio(chapter.name)) as path:
            return join(
                self.library,
                plan.requests,
                lambda timeline: with_printed_sentences(timeline, shown),
                tag,
                path,
            )

    def _files(self, shown: Chapter, credits: Sequence[str], timeline: Timeline) -> list[str]:
        """Write what is beside the MP3; returns the paths of all of it."""
        audio, times = self.paths.audio(shown.name), self.paths.timings(shown.name)
        self.outputs.write(times, timings(shown.name, audio, timeline))
        content = ChapterContent(self.edition, self.paths, shown, timeline, credits)
        names = [audio, times]
        for one in formats.wanted(self.edition):
            for name, write in one.chapter_outputs(content):
                self.outputs.make(name, write)
                names.append(name)
        return names

    def _notices(self, name: str, joined: JoinedAudio) -> list[Problem]:
        audio = self.paths.audio(name)
        return [*misreadings(audio, joined), *acx.noises(audio, joined)]

    def _printed(self, chapter: Chapter) -> tuple[Chapter, list[str]]:
        """The chapter as the page shows it, and the keys of what the store holds of that."""
        if self.edition.vowels not in ("print", "print sure"):
            return chapter, []
        entries: list[str] = []
        least = vowels.DOUBTFUL if self.edition.vowels == "print sure" else 0.0
        find = vowels_with(self.store, least)

        def diacritize(text: str) -> str:
            entries.append(key := digest("vowels", vowels.method(), str(least), text))
            return memo(self.store, key, lambda: find(text), TextCodec())

        return with_vowels(chapter, diacritize), entries
