"""One edition in a build: what is asked, what was found, and what must be spoken for it.

Each step is a function of the one before: a request is surveyed, a survey planned. What is missing in a plan
is spoken for all editions together; then `composition` goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from hakawati.common.keys import digest, program
from hakawati.common.memo import recall
from hakawati.common.store import Store
from hakawati.errors import Problem
from hakawati.model import Edition
from hakawati.narration import reasons
from hakawati.narration.clip_library import ClipLibrary, ClipRequest
from hakawati.narration.reading_order import Cue
from hakawati.publishing import formats
from hakawati.publishing.cast import Cast, clip_requests
from hakawati.publishing.chapters import PlannedPart, SurveyedPart, survey_part
from hakawati.publishing.finished import FINISHED_PART
from hakawati.publishing.options import BuildOptions
from hakawati.publishing.outputs import Outputs
from hakawati.publishing.parts import BookPart, ChapterPart, GlossaryPart
from hakawati.publishing.paths import EditionPaths
from hakawati.publishing.state import State
from hakawati.source.folder import EditionSource
from hakawati.source.glossary import unused


@dataclass(frozen=True)
class EditionRequest:
    """What is asked."""

    source: EditionSource
    outputs: Outputs
    options: BuildOptions
    state: State
    """Of the last build."""
    store: Store

    @property
    def paths(self) -> EditionPaths:
        """Where its files are."""
        return EditionPaths(self.source.name)


@dataclass(frozen=True)
class EditionSurvey:
    """What was found: a book without mistakes, and which of its parts have to be made."""

    request: EditionRequest
    edition: Edition
    shared: str
    """A digest of what every part depends on."""
    parts: tuple[SurveyedPart, ...]
    notices: tuple[Problem, ...]
    modified: int
    """Seconds since the epoch."""


@dataclass(frozen=True)
class EditionPlan:
    """What must be spoken, and which files are there afterwards."""

    survey: EditionSurvey
    cast: Cast
    library: ClipLibrary
    parts: tuple[PlannedPart, ...]
    missing: tuple[ClipRequest, ...]
    """That nothing else of the same build asks for."""

    @property
    def name(self) -> str:
        """The edition's, empty for the main one."""
        return self.survey.request.source.name

    @property
    def files(self) -> list[str]:
        """What there is afterwards, its web edition apart: paths in the project."""
        edition, paths = self.survey.edition, self.survey.request.paths
        with_sound = [one for one in self.parts if one.requests or (one.finished and one.finished.files)]
        of_parts = [
            name for one in with_sound for name in formats.chapter_paths(edition, paths, one.part.name)
        ]
        return [*formats.book_paths(edition, paths, with_sound=bool(with_sound)), *of_parts]

    @property
    def changing(self) -> list[str]:
        """Those of its files that are going to be made."""
        finished = {name for one in self.parts if one.finished for name in one.finished.files}
        return [name for name in self.files if name not in finished]

    def entries(self) -> Iterator[str]:
        """What the store has of it, or is going to."""
        for one in self.parts:
            yield from (one.key, *(request.key for request in one.requests))
            if last := one.finished or one.last:
                yield from last.entries


def survey(request: EditionRequest) -> EditionSurvey:
    """Read what changed. Raises `BookError` with everything that is wrong, in what has been read so far."""
    view, options = request.source, request.options
    source = view.source
    shared = digest(program(), options.chosen(), source.shared_key(), view.name)
    view.check_cover(known=shared == request.state.shared)

    def find(part: BookPart) -> SurveyedPart:
        return survey_part(part, view, shared, request.outputs, request.store, web=options.web)

    chapters = [find(ChapterPart(name)) for name in source.names]
    edition = view.settings()
    formats.check(edition)
    glossary = [find(GlossaryPart())] if edition.glossary else []
    linked = {term for one in chapters for term in one.terms()}
    modified = source.files.modified if options.modified is None else options.modified
    notices = (*view.notices, *unused(edition.glossary, linked))
    return EditionSurvey(request, edition, shared, (*chapters, *glossary), notices, modified)


def plan(survey: EditionSurvey, asked: Collection[str] = ()) -> EditionPlan:
    """Find out what must be spoken. Raises `BookError` with the voices that cannot be had.

    `asked`: keys of the clips that are going to be made for other editions.
    """
    request, edition = survey.request, survey.edition
    cast = Cast(request.outputs.project, edition, request.options.voices)
    cued = [_cued(one, edition, cast) for one in survey.parts]
    cast.complete()
    library = ClipLibrary(request.store, cast.voices, edition.audio, edition.narration.pauses, cast.speeds)
    parts = [replace(one, requests=clip_requests(library, one.cues)) for one in cued]
    return _missing(EditionPlan(survey, cast, library, tuple(parts), ()), asked)


def _cued(found: SurveyedPart, edition: Edition, cast: Cast) -> PlannedPart:
    cues: tuple[Cue, ...] = ()
    if found.chapter:
        narration = found.part.narration(edition, found.chapter, cast)
        cues = cast.cues(found.chapter, narration) if narration else ()
    return PlannedPart(**vars(found), cues=cues)


def _missing(plan: EditionPlan, asked: Collection[str]) -> EditionPlan:
    """With what is missing, and why."""
    state, library = plan.survey.request.state, plan.library
    said = {sentence: given for one in plan.parts for sentence, given in _last(plan, one).items()}
    why = reasons.Reasons(state.tools, state.settings, reasons.settings(library), said)
    found: dict[str, ClipRequest] = {}
    parts = []
    for one in plan.parts:
        missing = library.missing(one.requests)
        new = [request for key, request in missing.items() if key not in found and key not in asked]
        parts.append(replace(one, missing=why.why(new)))
        found |= {request.key: request for request in new}
    return replace(plan, parts=tuple(parts), missing=tuple(found.values()))


def _last(plan: EditionPlan, one: PlannedPart) -> reasons.Sentences:
    """What the last build read aloud of a part."""
    request = plan.survey.request
    last = one.finished or recall(request.store, request.state.pages.get(one.part.name, ""), FINISHED_PART)
    return last.pronunciations if last else {}
