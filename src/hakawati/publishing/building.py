"""One book of a shelf that is being built, from what changed to what is remembered.

`pipeline` leads one or many of them through their steps.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hakawati.common.keys import digest, program
from hakawati.errors import BookError, Problem
from hakawati.model import Progress, Report
from hakawati.publishing.options import Options, Outcome
from hakawati.publishing.outputs import Outputs
from hakawati.publishing.paths import EDITIONS, REPORT, WEB, Places, in_web
from hakawati.publishing.state import State, last_report
from hakawati.source.files import Files

if TYPE_CHECKING:
    from hakawati.publishing.edition import Production
    from hakawati.web.pages import Tree

SURVEYS = 5
"""How often a book is read that changes meanwhile, before that is reported as a problem."""


def written(project: Path) -> str:
    """A digest of a book's folder, as `State.written` remembers it of the last build."""
    files = Files(project)
    return digest(files.digest(files.every()), *files.stamps("recordings"))


class Building:
    """One book of the shelf, with all its editions, until it is done or has failed."""

    def __init__(self, project: Path, options: Options) -> None:
        self.project = project
        self.options = options
        self.outputs = Outputs(project)
        self.inputs = ""
        """Digests of all that went into the survey."""
        self.productions: Sequence[Production] = ()
        self.outcome = Outcome(project)

    def attempt(self, step: Callable[[], None]) -> None:
        """Do a step; what goes wrong with this book stays with it."""
        try:
            step()
        except BookError as error:
            self.fail(error.problems)
        except OSError as error:
            self.fail([as_problem(error, self.project, self.options.store)])

    def fail(self, problems: Sequence[Problem]) -> None:
        if problems:
            every = dict.fromkeys([*self.outcome.problems, *problems])
            self.outcome = Outcome(self.project, problems=tuple(every))
            self.productions = ()

    def begin(self, locks: ExitStack) -> None:
        """Have the project for oneself, if something is to be made, and find out what."""
        if not self.options.dry_run and (self.project / "book").is_dir():
            self.outputs = Outputs.of(self.project)
            quick = self.outputs.whole and not self.options.verify
            # Afterwards it is not whole where a file has another time and the same content.
            if quick and self._is_done(self._inputs()) and self.outputs.whole:
                return
            from hakawati.publishing.lock import locked

            locks.enter_context(locked(self.project, self.options.waiting))
        self.survey()

    def survey(self) -> None:
        """Find out what changed, from files that stay the same meanwhile: their digest is the key."""
        begin = time.perf_counter()
        self.outputs = Outputs.of(self.project)
        self.outputs.thorough = self.options.verify
        self.outcome = Outcome(self.project)
        self.inputs = self._inputs()
        for _ in range(SURVEYS):
            if self._is_done(self.inputs):
                if not self.options.dry_run:
                    self.outputs.mend()
                return
            self.productions = self._survey(self.inputs)
            before, self.inputs = self.inputs, self._inputs()
            if self.inputs == before:
                self._prepare()
                self.productions[0].seconds["read"] = round(time.perf_counter() - begin, 3)
                self.outcome = Outcome(self.project, self._report())
                return
        hint = "build again when nothing in the folder is being saved"
        raise BookError([Problem("book", 0, "it changes while it is read", hint)])

    def _prepare(self) -> None:
        """See that everything can be written, before hours are spent on it."""
        names = [name for production in self.productions for name in production.files]
        self.outputs.check([*names, REPORT], force=self.options.force)
        if self.options.web and not any(map(in_web, self.outputs.known)) and not self.options.force:
            there = self.outputs.folder(WEB)
            if there.is_dir() and any(there.iterdir()):
                message = "the web edition would be written here, and there are files of yours in it"
                hint = "move them elsewhere, or have them replaced: hakawati build --web --force"
                raise BookError([Problem(WEB, 0, message, hint)])
        if not self.options.dry_run:
            store = self.productions[0].store
            store.prepare()
            store.claim(self.project, self._entries())

    def _entries(self) -> Iterator[str]:
        return (key for production in self.productions for key in production.entries())

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

    def _survey(self, inputs: str) -> list[Production]:
        """All editions of the book as it is now. Raises `BookError` with what is wrong with any of them."""
        main = self._production(inputs, "")
        main.survey()
        others = [self._production(inputs, name) for name in main.editions]
        asked = {take.key for take in main.missing}
        problems: list[Problem] = []
        for production in others:
            try:
                production.survey(asked)
                asked |= {take.key for take in production.missing}
            except BookError as error:
                problems += error.problems
        if problems:
            raise BookError(dict.fromkeys(problems))
        return [main, *others]

    def _production(self, inputs: str, name: str) -> Production:
        from hakawati.publishing.edition import Production

        return Production(self.outputs, self.options, self._state(name), inputs, name)

    def _state(self, name: str) -> State:
        return State.load(self.project / Places(name).state, name)

    def _inputs(self) -> str:
        """Digests of all that goes into the book: of what is chosen, and of what the author wrote."""
        options = self.options
        choice = json.dumps([options.chosen(), options.modified, str(options.store or "")])
        return f"{digest(program(), choice)}:{written(self.project)}"

    def finish(self, progress: Progress) -> None:
        """Make every edition, and clear up after those that are no more."""
        if not self.productions:
            return
        trees: Sequence[Tree] = ()
        if self.options.web:
            from hakawati.publishing.web_edition import trees_of

            trees = trees_of(production.edition for production in self.productions)
        self.outputs.begin([name for production in self.productions for name in production.going()])
        for production in self.productions:
            production.compose(progress, trees)
        if self.options.web and self.options.published:
            self.options.published()
        for production in self.productions:
            production.finish(progress)
        self.productions[0].store.register(self.project, self._entries())
        self._remember()

    def _remember(self) -> None:
        """Clear up after earlier builds, report, and leave word for the next."""
        names = {name for production in self.productions for name in production.files}
        if not self.options.web:  # it stays, though it is of a book that was
            names.update(filter(in_web, self.outputs.known))
        notices = self.outputs.clear({*names, REPORT})
        report = self._report()
        report = replace(report, notices=tuple(sorted({*report.notices, *notices})))
        data = json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n"
        self.outputs.write(REPORT, data.encode())
        for production in self.productions:
            production.remember()
        for name in self._remembered() - {production.name for production in self.productions}:
            self.outputs.path(Places(name).state).unlink(missing_ok=True)
        self.outputs.remember({*names, REPORT})  # at last, since a book that is remembered is not made again
        self.outcome = Outcome(self.project, report)

    def _report(self) -> Report:
        main, *others = [production.report() for production in self.productions]
        notices = sorted({notice for report in (main, *others) for notice in report.notices})
        editions = tuple(replace(report, notices=()) for report in others)
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
