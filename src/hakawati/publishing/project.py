"""One project's way through a build, from what changed to what is remembered.

`shelf` leads one or many of them through their steps.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hakawati.common.keys import digest, program
from hakawati.common.stamps import ChangedFileError
from hakawati.common.store import Store
from hakawati.errors import BookError, Problem
from hakawati.model import Progress, Report
from hakawati.publishing.options import BuildOptions, Outcome
from hakawati.publishing.outputs import Outputs
from hakawati.publishing.paths import EDITIONS, REPORT, STORE, WEB, EditionPaths, in_web
from hakawati.publishing.state import State, last_report
from hakawati.source.files import Files

if TYPE_CHECKING:
    from hakawati.publishing.composition import EditionComposition
    from hakawati.publishing.edition import EditionPlan
    from hakawati.source.folder import Source
    from hakawati.web.html_pages import EditionTree

SURVEYS = 5
"""How often a book is read that changes meanwhile, before that is reported as a problem."""


def folder_digest(project: Path) -> str:
    """A digest of a book's folder, as `State.folder` remembers it of the last build."""
    files = Files(project)
    return digest(files.digest(files.every()), *files.stamps("recordings"))


class ProjectBuild:
    """The build of one project, with all its editions, until it is done or has failed."""

    def __init__(self, project: Path, options: BuildOptions) -> None:
        self.project = project
        self.options = options
        self.outputs = Outputs(project)
        self.inputs = ""
        """Digests of all that went into the survey."""
        self.plans: Sequence[EditionPlan] = ()
        """Of all editions, the main one's first; none where there is nothing to do."""
        self.outcome = Outcome(project)
        self._source: Source | None = None
        self._thorough = options.verify
        """Whether files are known by their content, and not by their sizes and times."""
        self._damaged = False
        """Whether a file turned out not to be what was made."""
        self._seconds: dict[str, dict[str, float]] = {}

    def attempt(self, step: Callable[[], None]) -> None:
        """Do a step; what goes wrong with this book stays with it."""
        try:
            step()
        except BookError as error:
            self.fail(error.problems)
        except OSError as error:
            self._damaged = isinstance(error, ChangedFileError)
            self.fail([as_problem(error, self.project, self.options.store)])

    def fail(self, problems: Sequence[Problem]) -> None:
        if problems:
            every = dict.fromkeys([*self.outcome.problems, *problems])
            self.outcome = Outcome(self.project, problems=tuple(every))
            self.plans = ()

    def distrust(self) -> bool:
        """Whether it has failed because a file is damaged; the next survey finds all that are."""
        again = self._damaged and not self._thorough
        self._thorough = self._thorough or again
        return again

    def begin(self, locks: ExitStack, prepare: Callable[[Collection[str]], None]) -> None:
        """Have the project for oneself, if something is to be made, and find out what.

        `prepare` is called with the languages in which it may be that sentences must be spoken.
        """
        if not self.options.dry_run and (self.project / "book").is_dir():
            self.outputs = Outputs.of(self.project)
            quick = self.outputs.whole and not self.options.verify
            # Afterwards it is not whole where a file has another time and the same content.
            if quick and self._is_done(self._inputs()) and self.outputs.whole:
                return
            from hakawati.publishing.lock import locked

            locks.enter_context(locked(self.project, self.options.waiting))
            prepare(self._state("").languages)
        self.survey()

    def survey(self) -> None:
        """Find out what changed, from files that stay the same meanwhile: their digest is the key."""
        begin = time.perf_counter()
        self.outputs = Outputs.of(self.project)
        self.outputs.thorough = self._thorough
        self.outcome = Outcome(self.project)
        self.inputs = self._inputs()
        for _ in range(SURVEYS):
            if self._is_done(self.inputs):
                if not self.options.dry_run:
                    self.outputs.mend()
                return
            self.plans = self._plans()
            before, self.inputs = self.inputs, self._inputs()
            if self.inputs == before:
                self._prepare()
                self.took("read", time.perf_counter() - begin, self.plans[:1])
                self.outcome = Outcome(self.project, self._report(()))
                return
        hint = "build again when nothing in the folder is being saved"
        raise BookError([Problem("book", 0, "it changes while it is read", hint)])

    def _prepare(self) -> None:
        """See that everything can be written, before hours are spent on it."""
        names = [name for plan in self.plans for name in plan.files]
        self.outputs.check([*names, REPORT], force=self.options.force)
        if self.options.web and not any(map(in_web, self.outputs.known)) and not self.options.force:
            there = self.outputs.folder(WEB)
            if there.is_dir() and any(there.iterdir()):
                message = "the web edition would be written here, and there are files of yours in it"
                hint = "move them elsewhere, or have them replaced: hakawati build --web --force"
                raise BookError([Problem(WEB, 0, message, hint)])
        if not self.options.dry_run:
            store = self._store()
            store.prepare()
            store.claim(self.project, (key for plan in self.plans for key in plan.entries()))

    def took(self, stage: str, seconds: float, plans: Sequence[EditionPlan]) -> None:
        """Note how long a stage took, for the reports of these editions."""
        for plan in plans:
            self._seconds.setdefault(plan.name, {})[stage] = round(seconds, 3)

    @contextmanager
    def _timed(self, stage: str, plan: EditionPlan) -> Iterator[None]:
        begin = time.perf_counter()
        yield
        self.took(stage, time.perf_counter() - begin, [plan])

    def has_changed(self) -> bool:
        """Whether it has failed, and the book is another one now than when it was surveyed."""
        return bool(self.outcome.problems and self.inputs and self._inputs() != self.inputs)

    def _is_done(self, inputs: str) -> bool:
        """Whether the last build is this one; then the outcome is set."""
        main = self._state("")
        if self._remembered() != set(main.editions):
            return False
        for state in (main, *map(self._state, main.editions)):
            if state.inputs != inputs or (self.options.web and not state.web):
                return False
        if not self.outputs.known or not all(map(self.outputs.intact, list(self.outputs.known))):
            return False
        last = last_report(self.project / REPORT)
        if last:
            self.outcome = Outcome(self.project, last)
        return last is not None

    def _plans(self) -> list[EditionPlan]:
        """All editions of the book as it is now. Raises `BookError` with what is wrong with any of them."""
        from hakawati.publishing.edition import EditionRequest, plan, survey
        from hakawati.source.folder import Source

        store = self._store()
        source = self._source = Source(self.project, self.outputs.digests)
        plans: list[EditionPlan] = []
        problems: list[Problem] = []
        for name in source.editions:
            view = source.edition(name)
            try:
                found = survey(EditionRequest(view, self.outputs, self.options, self._state(name), store))
                asked = {request.key for one in plans for request in one.missing}
                plans.append(plan(found, asked))
            except BookError as error:
                problems += error.problems
                if not name:  # what is wrong with the book itself, each edition would repeat
                    break
        if problems:
            raise BookError(dict.fromkeys(problems))
        return plans

    def source(self) -> Source:
        """The book folder as the survey read it, or read now if there was nothing to survey for."""
        from hakawati.source.folder import Source

        return self._source or Source(self.project, self.outputs.digests)

    def _store(self) -> Store:
        return Store(self.options.store or self.outputs.folder(STORE))

    def _state(self, name: str) -> State:
        return State.load(self.project / EditionPaths(name).state, name)

    def _inputs(self) -> str:
        """Digests of all that goes into the book: of what is chosen, and of what the author wrote."""
        options = self.options
        choice = json.dumps([options.chosen(), options.modified, str(options.store or "")])
        return f"{digest(program(), choice)}:{folder_digest(self.project)}"

    def finish(self, progress: Progress) -> None:
        """Make every edition, and clear up after those that are no more."""
        if not self.plans:
            return
        from hakawati.publishing.composition import bind

        self.outputs.begin([name for plan in self.plans for name in plan.changing])
        compositions = self._compositions(progress)
        if self.options.web and self.options.published:
            self.options.published()
        finished = []
        for composition in compositions:
            with self._timed("bind", composition.plan):
                finished.append(bind(composition, progress))
        self._store().register(self.project, (key for one in finished for key in one.entries()))
        self._remember(finished)

    def _compositions(self, progress: Progress) -> list[EditionComposition]:
        from hakawati.publishing.composition import compose, with_web_edition

        trees: Sequence[EditionTree] = ()
        if self.options.web:
            from hakawati.publishing.web_edition import trees_of

            trees = trees_of(plan.survey.edition for plan in self.plans)
        made = []
        for plan in self.plans:
            with self._timed("join", plan):
                composition = compose(plan, progress)
            if self.options.web:
                with self._timed("web", plan):
                    composition = with_web_edition(composition, trees)
            made.append(composition)
        return made

    def _remember(self, compositions: Sequence[EditionComposition]) -> None:
        """Clear up after earlier builds, report, and leave word for the next."""
        from hakawati.publishing.composition import remember

        names = {name for one in compositions for name in one.files}
        if not self.options.web:  # it stays, though it is of a book that was
            names.update(filter(in_web, self.outputs.known))
        notices = self.outputs.clear({*names, REPORT})
        report = self._report(compositions)
        report = replace(report, notices=tuple(sorted({*report.notices, *notices})))
        data = json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n"
        self.outputs.write(REPORT, data.encode())
        _, *others = [one.plan.name for one in compositions]
        for one in compositions:
            remember(one, self.inputs, others)
        for name in self._remembered() - set(others):
            self.outputs.path(EditionPaths(name).state).unlink(missing_ok=True)
        self.outputs.remember({*names, REPORT})  # at last, since a book that is remembered is not made again
        self.outcome = Outcome(self.project, report)

    def _report(self, compositions: Sequence[EditionComposition]) -> Report:
        from hakawati.publishing.composition import report

        made: Sequence[EditionComposition | None] = compositions or [None] * len(self.plans)
        main, *others = [
            report(plan, one, self._seconds.get(plan.name, {}))
            for plan, one in zip(self.plans, made, strict=True)
        ]
        notices = sorted({notice for one in (main, *others) for notice in one.notices})
        editions = tuple(replace(one, notices=()) for one in others)
        return replace(main, notices=tuple(notices), editions=editions)

    def _remembered(self) -> set[str]:
        """The names of the other editions of which there is a state."""
        return {file.stem for file in (self.project / EDITIONS).glob("*.json")}


def as_problem(error: OSError, project: Path, store: Path | None) -> Problem:
    """What the file system refused, as a problem; `store`: that of the clips, if it is not the project's."""
    path = str(error.filename or project)
    hint = "what was built before is still there, and what was spoken is kept"
    if isinstance(error, PermissionError) and store and Path(path).is_relative_to(store):
        hint = "to share a store, set it up for a group: docs/scaling.md, “One store for several people”"
    return Problem(path, 0, error.strerror or str(error), hint)
