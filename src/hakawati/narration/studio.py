"""The studio: utterances → clips in the store, several at a time, none of them twice.

A `Studio` belongs to a book; the `Crew` does the work of one or of many, through an `Executor` of
`concurrent.futures`, be its workers here or elsewhere. A worker that dies may take others' work with it, and
nobody knows which sentence did it; so the batches that were under way are tried once more, sentence by
sentence, each by itself, and the one that kills its worker again is named.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from hakawati.errors import BookError, Problem
from hakawati.model import Audio, Clip, Pauses, Progress, Utterance, Voice
from hakawati.narration.booth import Batch, Failure, record_batch
from hakawati.narration.clip import clip_key, unpack
from hakawati.store import Store

BATCH_CHARACTERS = 1_500
"""Text that goes to a worker at once: long enough to be worth the way, short enough to lose."""

MakeExecutor = Callable[[int], Executor]
"""Makes an executor with that many workers. One whose worker died raises `BrokenExecutor`."""


@dataclass(frozen=True, slots=True)
class Take:
    """An utterance and the key of its clip."""

    utterance: Utterance
    key: str


class Studio:
    """Makes the clips of one book and keeps them in a store."""

    def __init__(self, store: Store, voices: Mapping[str, Voice], audio: Audio, pauses: Pauses) -> None:
        self.store = store
        self.voices = voices
        self.audio = audio
        self.pauses = pauses
        self._voice_keys = {name: voice.key for name, voice in voices.items()}

    def take(self, utterance: Utterance) -> Take:
        """The utterance with its clip's key."""
        voice = self._voice_keys[utterance.voice]
        return Take(utterance, clip_key(utterance, voice, self.audio, self.pauses))

    def missing(self, takes: Iterable[Take]) -> dict[str, Take]:
        """Those without a clip in the store, each key once."""
        return {take.key: take for take in takes if take.key not in self.store}

    def clip(self, take: Take) -> Clip | None:
        """The clip from the store; None where it is missing or damaged."""
        data = self.store.get(take.key)
        try:
            return None if data is None else unpack(data)
        except ValueError:
            return None

    def batch(self, takes: Sequence[Take]) -> Batch:
        """What a worker needs to make the clips of `takes`."""
        used = {take.utterance.voice for take in takes}
        voices = {name: voice for name, voice in self.voices.items() if name in used}
        return Batch(tuple(t.utterance for t in takes), voices, self.audio, self.pauses.phrase)

    def keep(self, takes: Sequence[Take], results: Sequence[bytes | Failure]) -> list[Problem]:
        """Put what a worker made into the store; returns what it could not make."""
        problems = []
        for take, result in zip(takes, results, strict=True):
            if isinstance(result, Failure):
                problems.append(self.problem(take, result.message))
            else:
                self.store.put(take.key, result)
        return problems

    def problem(self, take: Take, message: str) -> Problem:
        place, engine = take.utterance.place, self.voices[take.utterance.voice].credit
        hint = "change the sentence, or say how its words are spoken in book/pronunciation.yaml"
        return Problem(place.path, place.line, f"{engine} cannot speak this sentence: {message}", hint)


@dataclass(frozen=True, slots=True)
class _Work:
    """A batch, and whose it is."""

    job: int
    studio: Studio
    takes: tuple[Take, ...]


class Crew:
    """Workers, for as long as there is work."""

    def __init__(self, workers: int, make_executor: MakeExecutor | None = None) -> None:
        self.workers = workers
        self.make_executor = make_executor or local_executor

    def record(self, studio: Studio, takes: Sequence[Take], progress: Progress) -> None:
        """Make the clips of one book's takes.

        Raises `BookError` with every sentence that could not be spoken; the clips of the others are kept.
        """
        (problems,) = self.record_all([(studio, takes)], progress)
        if problems:
            raise BookError(problems)

    def record_all(
        self, jobs: Sequence[tuple[Studio, Sequence[Take]]], progress: Progress
    ) -> list[list[Problem]]:
        """Make the clips of several books' takes; returns what could not be spoken, for each of them."""
        problems: list[list[Problem]] = [[] for _ in jobs]
        batches = list(self._batches(jobs))
        lost = self._run(batches, problems, progress) if batches else []
        for work in lost:
            for take in work.takes:
                alone = _Work(work.job, work.studio, (take,))
                if self._run([alone], problems, progress):
                    dead = work.studio.problem(take, "the voice's process died, twice")
                    problems[work.job].append(dead)
                    progress.advance()
        return problems

    def _batches(self, jobs: Sequence[tuple[Studio, Sequence[Take]]]) -> Iterator[_Work]:
        """Runs of utterances of about the same length; short where there is little to do for all workers."""
        total = sum(len(take.utterance.text) for _, takes in jobs for take in takes)
        limit = min(BATCH_CHARACTERS, total // (4 * self.workers))
        for job, (studio, takes) in enumerate(jobs):
            batch: list[Take] = []
            length = 0
            for take in takes:
                batch.append(take)
                length += len(take.utterance.text)
                if length >= limit:
                    yield _Work(job, studio, tuple(batch))
                    batch, length = [], 0
            if batch:
                yield _Work(job, studio, tuple(batch))

    def _run(
        self, batches: Sequence[_Work], problems: Sequence[list[Problem]], progress: Progress
    ) -> list[_Work]:
        """Run the batches; returns those that were out when a worker died. The rest go to a new pool."""
        waiting = list(reversed(batches))
        workers = min(self.workers, len(batches))
        lost: list[_Work] = []
        while waiting:
            with _pool(self.make_executor(workers)) as pool:
                for future, work in self._under_way(pool, waiting, workers + 1):
                    try:
                        results = future.result()
                    except BrokenExecutor:
                        lost.append(work)
                    else:
                        problems[work.job].extend(work.studio.keep(work.takes, results))
                        progress.advance(len(work.takes))
        return lost

    def _under_way(
        self, pool: Executor, waiting: list[_Work], most: int
    ) -> Iterator[tuple[Future[list[bytes | Failure]], _Work]]:
        """Batches as they are done; handed out from the end of `waiting`.

        At `most` so many are out at a time, enough to keep the workers busy: all of them are under suspicion
        when a worker dies. A broken pool takes no more. Nothing that is done is held on to.
        """
        out: dict[Future[list[bytes | Failure]], _Work] = {}
        while True:
            with suppress(BrokenExecutor):
                while waiting and len(out) < most:
                    batch = waiting[-1].studio.batch(waiting[-1].takes)
                    with _interrupts_held():
                        out[pool.submit(record_batch, batch)] = waiting[-1]
                    waiting.pop()
            if not out:
                return
            for future in wait(out, return_when=FIRST_COMPLETED).done:
                yield future, out.pop(future)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold back Ctrl-C, for this process and for good in those that it starts: they leave it to this one."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _pool(executor: Executor) -> Iterator[Executor]:
    """An executor that is gone when the block ends: at once, where it ends by an exception."""
    others = set(multiprocessing.active_children())
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for worker in set(multiprocessing.active_children()) - others:
            worker.kill()
        raise
    finally:
        executor.shutdown(wait=True)


def local_executor(workers: int) -> Executor:
    """Worker processes on this machine, each started fresh, so that its engines are."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(
        workers, mp_context=context, initializer=_start_worker, initargs=(os.getpid(),)
    )


def _start_worker(parent: int) -> None:
    """Leave Ctrl-C to the parent, do not outlive it, and give back the memory of what is done."""
    _return_large_blocks()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, lambda *_: None if os.getppid() == parent else os._exit(1))
        signal.setitimer(signal.ITIMER_REAL, 1, 1)


def _return_large_blocks() -> None:
    """Have glibc map every large block by itself: a heap that held sounds of all lengths only grows."""
    with suppress(AttributeError, OSError):
        import ctypes

        for parameter in (-3, -1):  # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD
            ctypes.CDLL(None).mallopt(parameter, 1 << 16)
