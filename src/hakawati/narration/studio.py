"""The studio: utterances → clips in the store, several at a time, none of them twice.

Work goes through a `concurrent.futures.Executor`. A worker that dies takes its whole pool with it, and nobody
knows which sentence did it; so the batches that were under way are tried once more, sentence by sentence,
each in a pool of its own, and the one that kills its worker again is named.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass

from hakawati.errors import BookError, Problem
from hakawati.model import Audio, Clip, Pauses, Progress, Utterance, Voice
from hakawati.narration.booth import Batch, Failure, record_batch
from hakawati.narration.clip import clip_key, unpack
from hakawati.store import Store

BATCH_CHARACTERS = 1_500
"""Text that goes to a worker at once: long enough to be worth the way, short enough to lose."""

MakeExecutor = Callable[[int], Executor]
"""Makes an executor with that many workers."""


@dataclass(frozen=True, slots=True)
class Take:
    """An utterance and the key of its clip."""

    utterance: Utterance
    key: str


class Studio:
    """Makes the clips of a book and keeps them in a store."""

    def __init__(
        self,
        store: Store,
        voices: Mapping[str, Voice],
        audio: Audio,
        pauses: Pauses,
        workers: int,
        make_executor: MakeExecutor | None = None,
    ) -> None:
        self.store = store
        self.voices = voices
        self.audio = audio
        self.pauses = pauses
        self.workers = workers
        self.make_executor = make_executor or local_executor
        self._voice_keys = {name: voice.key for name, voice in voices.items()}

    def take(self, utterance: Utterance) -> Take:
        """The utterance with its clip's key."""
        return Take(
            utterance,
            clip_key(utterance, self._voice_keys[utterance.voice], self.audio, self.pauses),
        )

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

    def record(self, takes: Sequence[Take], progress: Progress) -> None:
        """Make the clips of `takes` and put them into the store.

        Raises `BookError` with every sentence that could not be spoken; the clips of the others are kept.
        """
        batches = list(self._batches(takes))
        if not batches:
            return
        problems: list[Problem] = []
        lost = self._run(batches, min(self.workers, len(batches)), problems, progress)
        for take in (take for batch in lost for take in batch):
            if self._run([[take]], 1, problems, progress):
                problems.append(self._problem(take, "the voice's process died, twice"))
        if problems:
            raise BookError(problems)

    def _batches(self, takes: Sequence[Take]) -> Iterator[list[Take]]:
        """Runs of utterances of about the same length; short where there is little to do for all workers."""
        total = sum(len(take.utterance.text) for take in takes)
        limit = min(BATCH_CHARACTERS, total // (4 * self.workers))
        batch: list[Take] = []
        length = 0
        for take in takes:
            batch.append(take)
            length += len(take.utterance.text)
            if length >= limit:
                yield batch
                batch, length = [], 0
        if batch:
            yield batch

    def _run(
        self,
        batches: Sequence[list[Take]],
        workers: int,
        problems: list[Problem],
        progress: Progress,
    ) -> list[list[Take]]:
        """Run the batches; returns those that were out when a worker died. The rest go to a new pool."""
        waiting = list(reversed(batches))
        lost: list[list[Take]] = []
        while waiting:
            with _Pool(self.make_executor(workers)) as pool:
                for future, takes in self._under_way(pool, waiting, workers + 1):
                    try:
                        results = future.result()
                    except BrokenProcessPool:
                        lost.append(takes)
                    else:
                        problems += self._keep(takes, results)
                        progress.advance(len(takes))
        return lost

    def _under_way(
        self, pool: Executor, waiting: list[list[Take]], most: int
    ) -> Iterator[tuple[Future[list[bytes | Failure]], list[Take]]]:
        """Batches as they are done, and whose they are; handed out from the end of `waiting`.

        At `most` so many are out at a time, enough to keep the workers busy: all of them are under suspicion
        when a worker dies. A broken pool takes no more.
        """
        out: dict[Future[list[bytes | Failure]], list[Take]] = {}
        while True:
            with suppress(BrokenProcessPool):
                while waiting and len(out) < most:
                    out[pool.submit(record_batch, self._batch(waiting[-1]))] = waiting[-1]
                    waiting.pop()
            if not out:
                return
            for future in wait(out, return_when=FIRST_COMPLETED).done:
                yield future, out.pop(future)

    def _batch(self, takes: Sequence[Take]) -> Batch:
        used = {take.utterance.voice for take in takes}
        voices = {name: voice for name, voice in self.voices.items() if name in used}
        return Batch(tuple(t.utterance for t in takes), voices, self.audio, self.pauses.phrase)

    def _keep(self, takes: Sequence[Take], results: Sequence[bytes | Failure]) -> list[Problem]:
        problems = []
        for take, result in zip(takes, results, strict=True):
            if isinstance(result, Failure):
                problems.append(self._problem(take, result.message))
            else:
                self.store.put(take.key, result)
        return problems

    def _problem(self, take: Take, message: str) -> Problem:
        place, engine = take.utterance.place, self.voices[take.utterance.voice].credit
        hint = "change the sentence, or say how its words are spoken in book/pronunciation.yaml"
        return Problem(place.path, place.line, f"{engine} cannot speak this sentence: {message}", hint)


class _Pool:
    """An executor that is gone when the block ends: at once, where it ends by an exception."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self.others = set(multiprocessing.active_children())

    def __enter__(self) -> Executor:
        return self.executor

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self.executor.shutdown(wait=False, cancel_futures=True)
            for worker in set(multiprocessing.active_children()) - self.others:
                worker.kill()
        self.executor.shutdown(wait=True)


def local_executor(workers: int) -> Executor:
    """Worker processes on this machine, each started fresh, so that its engines are."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(
        workers, mp_context=context, initializer=_start_worker, initargs=(os.getpid(),)
    )


def _start_worker(parent: int) -> None:
    """Leave Ctrl-C to the parent, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, lambda *_: None if os.getppid() == parent else os._exit(1))
        signal.setitimer(signal.ITIMER_REAL, 1, 1)
