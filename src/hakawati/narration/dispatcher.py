"""Requests → clips in their books' stores: several tasks at a time, none of them twice.

It works through an `Executor` of `concurrent.futures`, be its workers here or elsewhere. A worker that dies
may take others' work with it, and nobody knows which sentence did it; so the tasks that were under way are
tried once more, sentence by sentence, each by itself, and the one that kills its worker again is named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import suppress
from dataclasses import dataclass

from hakawati.errors import BookError, Problem
from hakawati.model import Progress, Where
from hakawati.narration.clip_library import NO_CLIP, ClipLibrary, ClipRequest
from hakawati.narration.pool import OverdueError, Pool
from hakawati.narration.recording_task import RecordingTask
from hakawati.narration.synthesis import Failure, Result, SpeechTask, prepare
from hakawati.narration.voice_answer import EngineError
from hakawati.narration.workers import MakeExecutor, interrupts_held, local_executor, pool_of, return_memory

TASK_CHARACTERS = 1_500
"""Text that goes to a worker at once: long enough to be worth the way, short enough to lose."""
AT_ONCE = 2
"""How many sentences a service is asked for at a time: so many it answers without being annoyed."""

Job = tuple[ClipLibrary, Sequence[ClipRequest]]


def run_task(task: SpeechTask | RecordingTask) -> list[Result]:
    """What a worker does. It keeps no memory of what is done."""
    results = task.run()
    return_memory()
    return results


@dataclass(frozen=True, slots=True)
class _BookTask:
    """A task, and whose it is."""

    job: int
    library: ClipLibrary
    requests: tuple[ClipRequest, ...]

    @property
    def sentences(self) -> int:
        return sum(len(request.utterances) for request in self.requests)

    @property
    def voices(self) -> set[tuple[int, str]]:
        return {(self.job, request.voice) for request in self.requests}

    def apart(self) -> Iterator[_BookTask]:
        """The same in the smallest tasks there are."""
        if self.requests[0].recording_task:
            yield self
        else:
            yield from (_BookTask(self.job, self.library, (request,)) for request in self.requests)

    def keep(self, results: Sequence[Result]) -> list[tuple[ClipRequest, Failure]]:
        """A recording's results are all its clips, of which only some may be missing."""
        whole = self.requests[0].recording_task
        if not isinstance(results, list) or len(results) != len(whole.begins if whole else self.requests):
            return [(request, NO_CLIP) for request in self.requests]
        if whole:
            results = [results[request.part] for request in self.requests]
        return self.library.keep(self.requests, results)


class Dispatcher:
    """Workers, for as long as there is work."""

    def __init__(self, workers: int, make_executor: MakeExecutor | None = None, here: int = 0) -> None:
        """`workers` of `make_executor`, wherever it has them.

        If that is elsewhere, `here` is how many there may be on this machine, for what only it can do.
        """
        self.workers = workers
        self.make_executor = make_executor
        self.here = here
        self._started: Executor | None = None

    def start_worker(self, languages: Collection[str]) -> None:
        """Start a worker on this machine, while what it is going to do is still found out.

        It is ready for these languages; that takes longer than a sentence does. Whoever starts it calls
        `close`.
        """
        if self.make_executor or self._started:
            return
        with interrupts_held():
            self._started = local_executor(self.workers)
            if isinstance(self._started, Pool):
                self._started.start_worker(prepare, languages)

    def close(self) -> None:
        """End the worker that was started and had nothing to do."""
        if isinstance(self._started, Pool):
            self._started.end_workers()
            self._started.shutdown()
        self._started = None

    def _local_executor(self, workers: int) -> Executor:
        started, self._started = self._started, None
        return started or local_executor(workers)

    def run(self, library: ClipLibrary, requests: Sequence[ClipRequest], progress: Progress) -> None:
        """Make the requested clips of one book.

        Raises `BookError` with everything that could not be spoken; the clips of the others are kept.
        """
        (problems,) = self.run_all([(library, requests)], progress)
        if problems:
            raise BookError(problems)

    def run_all(self, jobs: Sequence[Job], progress: Progress) -> list[list[Problem]]:
        """Make the requested clips of several books; returns what could not be spoken, for each of them."""
        problems: list[list[Problem]] = [[] for _ in jobs]
        for group in self._groups(progress):
            batches = list(group.batches(jobs))
            lost = group.run(batches) if batches else []
            for work in (alone for many, _ in lost for alone in many.apart()):
                for _, error in group.run([work]):
                    failure = _lost(error)
                    problems[work.job] += [
                        work.library.problem(request, failure) for request in work.requests
                    ]
                    progress.advance(work.sentences)
            for job, found in group.problems():
                problems[job].append(found)
        return problems

    def _groups(self, progress: Progress) -> Iterator[_WorkerGroup]:
        anywhere = self.make_executor or self._local_executor
        here, most = (local_executor, self.here) if self.here else (anywhere, self.workers)
        yield _WorkerGroup("anywhere", anywhere, self.workers, progress)
        yield _WorkerGroup("here", here, most, progress)
        yield _WorkerGroup("online", here, min(AT_ONCE, most), progress)


def _lost(error: BrokenExecutor) -> Failure:
    """Why a sentence was lost for the second time."""
    if isinstance(error, OverdueError):
        return Failure(str(error), EngineError.hint)
    return Failure("the voice's process died, twice", EngineError.hint)


class _WorkerGroup:
    """The work that can be done in one kind of place."""

    def __init__(self, where: Where, make_executor: MakeExecutor, workers: int, progress: Progress) -> None:
        self.where = where
        self.make_executor = make_executor
        self.workers = workers
        self.progress = progress
        self._failed: list[tuple[_BookTask, ClipRequest, Failure]] = []
        self._gone: dict[tuple[int, str], int] = {}
        """Voices that cannot speak at all, and how many sentences they have left unspoken."""

    def problems(self) -> Iterator[tuple[int, Problem]]:
        """What could not be spoken, by job; a voice that could not speak at all is named once."""
        told: set[tuple[int, str]] = set()
        for work, request, failure in self._failed:
            voice = (work.job, request.voice)
            if failure.unavailable and voice in told:
                continue
            waiting = self._gone[voice] - 1 if failure.unavailable else 0
            told |= {voice} if failure.unavailable or request.recording_task else set()
            yield work.job, work.library.problem(request, failure, waiting)

    def batches(self, jobs: Sequence[Job]) -> Iterator[_BookTask]:
        """Runs of utterances of about the same length; short where there is little to do for all workers."""
        mine = [
            [request for request in requests if library.where(request) == self.where]
            for library, requests in jobs
        ]
        total = sum(
            len(request.utterance.text)
            for requests in mine
            for request in requests
            if not request.recording_task
        )
        # What a service has answered is kept at once: it may refuse the next.
        limit = 0 if self.where == "online" else min(TASK_CHARACTERS, total // (4 * self.workers))
        for job, ((library, _), requests) in enumerate(zip(jobs, mine, strict=True)):
            recordings: dict[str, list[ClipRequest]] = {}
            for request in requests:
                if request.recording_task:
                    recordings.setdefault(request.voice, []).append(request)
            yield from (_BookTask(job, library, tuple(parts)) for parts in recordings.values())
            batch: list[ClipRequest] = []
            length = 0
            for request in (request for request in requests if not request.recording_task):
                batch.append(request)
                length += len(request.utterance.text)
                if length >= limit:
                    yield _BookTask(job, library, tuple(batch))
                    batch, length = [], 0
            if batch:
                yield _BookTask(job, library, tuple(batch))

    def run(self, batches: Sequence[_BookTask]) -> list[tuple[_BookTask, BrokenExecutor]]:
        """Run the batches; returns those that were out when a worker died. The rest go to a new pool."""
        waiting = list(reversed(batches))
        workers = min(self.workers, len(batches))
        lost: list[tuple[_BookTask, BrokenExecutor]] = []
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

    def _keep(self, work: _BookTask, results: Sequence[Result]) -> None:
        for request, failure in work.keep(results):
            self._failed.append((work, request, failure))
            if failure.unavailable:
                voice = (work.job, request.voice)
                self._gone[voice] = self._gone.get(voice, 0) + 1
        self.progress.advance(work.sentences)

    def _drop_hopeless(self, waiting: list[_BookTask]) -> None:
        """Take away what only voices could do that cannot speak."""
        for i in range(len(waiting) - 1, -1, -1) if self._gone else ():
            if waiting[i].voices <= self._gone.keys():
                work = waiting.pop(i)
                for request in work.requests:
                    self._gone[work.job, request.voice] += 1
                self.progress.advance(work.sentences)

    def _under_way(
        self, pool: Executor, waiting: list[_BookTask], workers: int
    ) -> Iterator[tuple[Future[list[Result]], _BookTask]]:
        """Tasks as they are done; handed out from the end of `waiting`.

        So many are out at a time as keep the workers busy, and no more than a service is asked for: all of
        them are under suspicion when a worker dies. A broken pool takes no more. Nothing that is done is
        held on to.
        """
        most = workers + (self.where != "online")
        out: dict[Future[list[Result]], _BookTask] = {}
        while True:
            with suppress(BrokenExecutor):
                while waiting and len(out) < most:
                    task = waiting[-1].library.task(waiting[-1].requests)
                    with interrupts_held():
                        out[pool.submit(run_task, task)] = waiting[-1]
                    waiting.pop()
            if not out:
                return
            for future in wait(out, return_when=FIRST_COMPLETED).done:
                yield future, out.pop(future)
