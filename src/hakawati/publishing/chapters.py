"""What a build finds of an edition's parts, and what it has to make of them.

A part whose files, and all that they depend on, are as they were is not even read: what was made of it is in
the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hakawati.common.memo import recall
from hakawati.common.store import Store
from hakawati.errors import Problem
from hakawati.model import Chapter
from hakawati.narration.clip_library import ClipRequest
from hakawati.narration.reading_order import Cue
from hakawati.publishing.finished import FINISHED_PART, FinishedPart
from hakawati.publishing.formats import is_output
from hakawati.publishing.outputs import Outputs
from hakawati.publishing.parts import BookPart
from hakawati.source.folder import EditionSource


@dataclass(frozen=True)
class SurveyedPart:
    """A part as a build finds it: either finished, or read and to be made."""

    part: BookPart
    key: str
    """Of what is made of it, in the store."""
    finished: FinishedPart | None = None
    chapter: Chapter | None = None
    """None where it is finished, or could not be read."""
    last: FinishedPart | None = None
    """What was made of the same before, if its files are not there any more."""
    notices: tuple[Problem, ...] = ()

    def terms(self) -> tuple[str, ...]:
        """The ids of the terms that it links to."""
        from hakawati.epub.page import linked_terms

        if self.chapter:
            return linked_terms(self.chapter)
        return self.finished.page.terms if self.finished else ()


@dataclass(frozen=True)
class PlannedPart(SurveyedPart):
    """The same, and how it is read aloud."""

    cues: tuple[Cue, ...] = ()
    requests: tuple[ClipRequest, ...] = ()
    """All of its clips; none where it is finished."""
    missing: Mapping[str, int] = field(default_factory=dict)
    """Why sentences must be spoken → how many."""


def survey_part(
    part: BookPart, source: EditionSource, shared: str, outputs: Outputs, store: Store, *, web: bool
) -> SurveyedPart:
    """Find a part; what is wrong with it gathers in the source. Raises `BookError`.

    `shared`: a digest of what every part depends on; `web`: whether its pages for the web are wanted.
    """
    key = part.key(source, shared)
    last = recall(store, key, FINISHED_PART)
    if last and not _is_sound(last, part, source, store, web=web):
        last = None
    if last and _are_there(last.files, outputs):
        return SurveyedPart(part, key, last, notices=last.notices)
    chapter = part.read(source)
    return SurveyedPart(part, key, chapter=chapter, last=last, notices=part.notices(source))


def _is_sound(last: FinishedPart, part: BookPart, source: EditionSource, store: Store, *, web: bool) -> bool:
    """Whether it can be of this part, and all of it is in the store.

    What the store holds may be anything: the project may be somebody else's.
    """
    page = last.page
    if page.name != part.name or page.path != part.path or bool(page.smil) != bool(last.files):
        return False
    if not all(map(source.source.files.contains, page.images)):
        return False
    return not web or (bool(last.web_pages) and all(store.get(key) is not None for key in last.web_pages))


def _are_there(files: Mapping[str, str], outputs: Outputs) -> bool:
    """Whether all files are what was made: by their contents, or, where they are packed, by their stamps.

    What is packed is compared then, so that hundreds of megabytes need not be read twice.
    """
    return all(
        is_output(file)
        and outputs.digest(file) == content
        and outputs.intact(file, compare=not file.endswith(".mp3"))
        for file, content in files.items()
    )
