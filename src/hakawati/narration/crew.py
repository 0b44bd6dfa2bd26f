"""The crew: takes → clips in their books' stores, several at a time, none of them twice.

It works through an `Executor` of `concurrent.futures`, be its workers here or elsewhere. A worker that dies
may take others' work with it, and nobody knows which sentence did it; so the tasks that were under way are
tried once more, sentence by sentence, each by itself, and the one that kills its worker again is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass

from hakawati.errors import BookError, Problem
from hakawati.model import Progress, Where
from hakawati.narration.booth import Batch, Failure, Result
from hakawati.narration.pool import OverdueError
from hakawati.narration.session import Session
from hakawati.narration.speech import EngineError
from hakawati.narration.studio import NO_CLIP, Studio, Take
from hakawati.narration.workers import MakeExecutor, interrupts_held, local_executor, pool_of

BATCH_CHARACTERS = 1_500
"""Text that goes to a worker at once: long enough to be worth the way, short enough to lose."""
AT_ONCE = 2
"""How many sentences a service is asked for at a time: so many it answers without being annoyed."""

Job = tuple[Studio, Sequence[Take]]


def perform(task: Batch | Session) -> list[Result]:
    """What a worker does."""
    return task.record()


@dataclass(frozen=True, slots=True)
class _Work:
    """A task, and whose it is."""

    job: int
    studio: Studio
    takes: tuple[Take, ...]

    @property
    def sentences(self) -> int:
        return sum(len(take.utterances) for take in self.takes)

    @property
    def voices(self) -> set[tuple[int, str]]:
        return {(self.job, take.voice) for take in self.takes}

    def apart(self) -> Iterator[_Work]:
        """The same in the smallest tasks there are."""
        if self.takes[0].session:
            yield self
        else:
            yield from (_Work(self.job, self.studio, (take,)) for take in self.takes)

    def keep(self, results: Sequence[Result]) -> list[tuple[Take, Failure]]:
        """A session's results are all its clips, of which only some may be missing."""
        session = self.takes[0].session
        if not isinstance(results, list) or len(results) != len(session.begins if session else self.takes):
            return [(take, NO_CLIP) for take in self.takes]
        if session:
            results = [results[take.part] for take in self.takes]
        return self.studio.keep(self.takes, results)


class Crew:
    """Workers, for as long as there is work."""

    def __init__(self, workers: int, make_executor: MakeExecutor | None = None, here: int = 0) -> None:
        """`workers` of `make_executor`, wherever it has them.

        If that is elsewhere, `here` is how many there may be on this machine, for what only it can do.
        """
        self.workers = workers
        self.make_executor = make_executor
        self.here = here

    def record(self, studio: Studio, takes: Sequence[Take], progress: Progress) -> None:
        """Make the clips of one book's takes.

        Raises `BookError` with everything that could not be spoken; the clips of the others are kept.
        """
        (problems,) = self.record_all([(studio, takes)], progress)
        if problems:
            raise BookError(problems)

    def record_all(self, jobs: Sequence[Job], progress: Progress) -> list[list[Problem]]:
        """Make the clips of several books' takes; returns what could not be spoken, for each of them."""
        problems: list[list[Problem]] = [[] for _ in jobs]
        for shift in self._shifts(progress):
            batches = list(shift.batches(jobs))
            lost = shift.run(batches) if batches else []
            for work in (alone for many, _ in lost for alone in many.apart()):
                for _, error in shift.run([work]):
                    failure = _lost(error)
                    problems[work.job] += [work.studio.problem(take, failure) for take in work.takes]
                    progress.advance(work.sentences)
            for job, found in shift.problems():
                problems[job].append(found)
        return problems

    def _shifts(self, progress: Progress) -> Iterator[_Shift]:
        anywhere = self.make_executor or local_executor
        here, most = (local_executor, self.here) if self.here else (anywhere, self.workers)
        yield _Shift("anywhere", anywhere, self.workers, progress)
        yield _Shift("here", here, most, progress)
        yield _Shift("online", here, min(AT_ONCE, most), progress)


def _lost(error: BrokenExecutor) -> Failure:
    """Why a sentence was lost for the second time."""
    if isinstance(error, OverdueError):
        return Failure(str(error), EngineError.hint)
    return Failure("the voice's process died, twice", EngineError.hint)


class _Shift:
    """The work that can be done in one kind of place."""

    def __init__(self, where: Where, make_executor: MakeExecutor, workers: int, progress: Progress) -> None:
        self.where = where
        self.make_executor = make_executor
        self.workers = workers
        self.progress = progress
        self._failed: list[tuple[_Work, Take, Failure]] = []
        self._gone: dict[tuple[int, str], int] = {}
        """Voices that cannot speak at all, and how many sentences they have left unspoken."""

    def problems(self) -> Iterator[tuple[int, Problem]]:
        """What could not be spoken, by job; a voice that could not speak at all is told of once."""
        told: set[tuple[int, str]] = set()
        for work, take, failure in self._failed:
            voice = (work.job, take.voice)
            if failure.unavailable and voice in told:
                continue
            waiting = self._gone[voice] - 1 if failure.unavailable else 0
            told |= {voice} if failure.unavailable or take.session else set()
            yield work.job, work.studio.problem(take, failure, waiting)

    def batches(self, jobs: Sequence[Job]) -> Iterator[_Work]:
        """Runs of utterances of about the same length; short where there is little to do for all workers."""
        mine = [[take for take in takes if studio.where(take) == self.where] for studio, takes in jobs]
        total = sum(len(take.utterance.text) for takes in mine for take in takes if not take.session)
        # What a service has answered is kept at once: it may refuse the next.
        limit = 0 if self.where == "online" else min(BATCH_CHARACTERS, total // (4 * self.workers))
        for job, ((studio, _), takes) in enumerate(zip(jobs, mine, strict=True)):
            sessions: dict[str, list[Take]] = {}
            for take in takes:
                if take.session:
                    sessions.setdefault(take.voice, []).append(take)
            yield from (_Work(job, studio, tuple(parts)) for parts in sessions.values())
            batch: list[Take] = []
            length = 0
            for take in (take for take in takes if not take.session):
                batch.append(take)
                length += len(take.utterance.text)
                if length >= limit:
                    yield _Work(job, studio, tuple(batch))
                    batch, length = [], 0
            if batch:
                yield _Work(job, studio, tuple(batch))

    def run(self, batches: Sequence[_Work]) -> list[tuple[_Work, BrokenExecutor]]:
        """Run the batches; returns those that were out when a worker died. The rest go to a new pool."""
        waiting = list(reversed(batches))
        workers = min(self.workers, len(batches))
        lost: list[tuple[_Work, BrokenExecutor]] = []
        while waiting:
            with pool_of(self.make_executor(workers)) as pool:
                for future, work in self._under_way(pool, waiting, workers):
                    try:
                        results = future.result()
                    except BrokenExecutor as error:
                        lost.append((work, error))
                    else:
                        self._keep(work, results)
                        self._drop_hopeless(waiting)
        return lost

    def _keep(self, work: _Work, results: Sequence[Result]) -> None:
        for take, failure in work.keep(results):
            self._failed.append((work, take, failure))
            if failure.unavailable:
                voice = (work.job, take.voice)
                self._gone[voice] = self._gone.get(voice, 0) + 1
        self.progress.advance(work.sentences)

    def _drop_hopeless(self, waiting: list[_Work]) -> None:
        """Take away what only voices could do that cannot speak."""
        for i in range(len(waiting) - 1, -1, -1) if self._gone else ():
            if waiting[i].voices <= self._gone.keys():
                work = waiting.pop(i)
                for take in work.takes:
                    self._gone[work.job, take.voice] += 1
                self.progress.advance(work.sentences)

    def _under_way(
        self, pool: Executor, waiting: list[_Work], workers: int
    ) -> Iterator[tuple[Future[list[Result]], _Work]]:
        """Tasks as they are done; handed out from the end of `waiting`.

        So many are out at a time as keep the workers busy, and no more than a service is asked for: all of
        them are under suspicion when a worker dies. A broken pool takes no more. Nothing that is done is
        held on to.
        """
        most = workers + (self.where != "online")
        out: dict[Future[list[Result]], _Work] = {}
        while True:
            with suppress(BrokenExecutor):
                while waiting and len(out) < most:
                    task = waiting[-1].studio.task(waiting[-1].takes)
                    with interrupts_held():
                        out[pool.submit(perform, task)] = waiting[-1]
                    waiting.pop()
            if not out:
                return
            for future in wait(out, return_when=FIRST_COMPLETED).done:
                yield future, out.pop(future)
