from __future__ import annotations

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from hakawati.errors import BookError
from hakawati.model import Audio, NoProgress, Speech, VoiceUnavailableError, Where
from hakawati.narration.dispatcher import TASK_CHARACTERS, Dispatcher
from hakawati.narration.synthesis import synthesise
from tests.building import soon
from tests.narration.making import Fragile, Hum, Inline, Tally, dispatcher, library, said, take_all, utterance
from tests.narration.test_recording_task import reader, utterances
from tests.support import PATIENCE

ROOT = Path(__file__).parents[2]


# what is made


def test_clips_are_made_and_kept(tmp_path: Path) -> None:
    place = library(tmp_path)
    requests = take_all(place, "one", "two words")
    assert [place.clip(t) for t in requests] == [None, None]
    tally = Tally()
    dispatcher(lambda _: Inline()).run(place, requests, tally)
    assert [place.clip(t) for t in requests] == [synthesise(t.utterance, Hum(), Audio(), 0) for t in requests]
    assert sum(tally.steps) == 2


def test_nothing_to_make_asks_for_no_worker(tmp_path: Path) -> None:
    def refuse(_: int) -> Executor:
        raise AssertionError("no worker was needed")

    dispatcher(refuse).run(library(tmp_path), [], NoProgress())


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 500])
def test_a_damaged_clip_is_a_missing_one_and_made_again(tmp_path: Path, damage: bytes) -> None:
    place = library(tmp_path)
    (request,) = take_all(place, "one")
    dispatcher(lambda _: Inline()).run(place, [request], NoProgress())
    sound = place.clip(request)
    (entry,) = tmp_path.glob("[0-9a-f][0-9a-f]/*")
    entry.write_bytes(damage)
    assert place.clip(request) is None
    dispatcher(lambda _: Inline()).run(place, [request], NoProgress())
    assert place.clip(request) == sound


def test_a_worker_gets_the_voices_it_needs_and_no_other(tmp_path: Path) -> None:
    executor = Inline()
    voices = {"v": Hum(), "w": Hum(settings="other"), "x": Hum(settings="third")}
    place = library(tmp_path, voices)
    dispatcher(lambda _: executor, workers=1).run(
        place, [place.request(utterance("one", voice="w"))], NoProgress()
    )
    assert [set(call[0].voices) for call in executor.calls] == [{"w"}]


def test_long_work_goes_out_in_batches_of_a_few_sentences(tmp_path: Path) -> None:
    executor = Inline()
    place = library(tmp_path)
    dispatcher(lambda _: executor).run(
        place, take_all(place, *(f"{i} " + "a" * 500 for i in range(40))), NoProgress()
    )
    sizes = [len(call[0].utterances) for call in executor.calls]
    assert sum(sizes) == 40
    assert set(sizes) == {TASK_CHARACTERS // 500, 1}


def test_little_work_is_shared_among_the_workers(tmp_path: Path) -> None:
    executor = Inline()
    place = library(tmp_path)
    dispatcher(lambda _: executor).run(
        place, take_all(place, *(f"sentence {i:03}" for i in range(80))), NoProgress()
    )
    assert len(executor.calls) == 8


def test_no_more_workers_are_asked_for_than_there_is_work(tmp_path: Path) -> None:
    asked = []

    def make(workers: int) -> Executor:
        asked.append(workers)
        return Inline()

    place = library(tmp_path)
    dispatcher(make, workers=64).run(place, take_all(place, "one", "two", "three"), NoProgress())
    assert asked == [3]


def test_any_executor_will_do_and_is_shut_when_all_is_done(tmp_path: Path) -> None:
    executor = Inline()
    place = library(tmp_path / "a")
    dispatcher(lambda _: executor).run(place, take_all(place, "one", "two"), NoProgress())
    assert executor.shut == 1
    place = library(tmp_path / "b")
    requests = take_all(place, *(f"sentence {i}" for i in range(20)))
    dispatcher(ThreadPoolExecutor).run(place, requests, NoProgress())
    assert place.missing(requests) == {}


# what goes wrong


def test_every_sentence_that_cannot_be_spoken_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    place = library(tmp_path / "s", {"v": Fragile(tmp_path)})
    requests = take_all(place, "one", "a secret", "three", "four", "another secret")
    with pytest.raises(BookError) as caught:
        dispatcher(lambda _: Inline()).run(place, requests, NoProgress())
    first, second = caught.value.problems
    assert (first.path, first.line, second.line) == ("book/en/01.md", 2, 5)
    assert first.message == "The Fragile cannot speak this sentence: it is a secret: “a secret”"
    assert "pronunciation.yaml" in first.hint
    assert [t.utterance.text for t in place.missing(requests).values()] == ["a secret", "another secret"]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ZeroDivisionError("by nothing"), "ZeroDivisionError: by nothing"),
        (ConnectionRefusedError(111, "Connection refused"), "Connection refused"),
        (TimeoutError("too late"), "TimeoutError: too late"),
    ],
)
def test_whatever_an_engine_raises_is_a_problem_of_its_sentence(
    error: Exception, told: str, tmp_path: Path
) -> None:
    class Broken(Hum):
        def speak(self, text: str) -> Any:
            if text == "one":
                raise error
            return super().speak(text)

    place = library(tmp_path, {"v": Broken()})
    requests = take_all(place, "one", "two")
    with pytest.raises(BookError) as caught:
        dispatcher(lambda _: Inline()).run(place, requests, NoProgress())
    (problem,) = caught.value.problems
    assert problem.message == f"The Hummer cannot speak this sentence: it broke off ({told}) at “one”"
    assert [request.utterance.text for request in place.missing(requests).values()] == ["one"]


def test_an_error_that_is_the_programs_own_goes_to_the_caller_and_shuts_the_executor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr("hakawati.narration.synthesis.encode", broken)
    executor = Inline()
    place = library(tmp_path)
    with pytest.raises(ZeroDivisionError):
        dispatcher(lambda _: executor).run(place, take_all(place, "one"), NoProgress())
    assert executor.shut > 0


def test_a_store_that_cannot_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file")
    place = library(tmp_path / "store")
    with pytest.raises(OSError, match="store"):
        dispatcher(lambda _: Inline()).run(place, take_all(place, "one"), NoProgress())


def test_an_executor_that_breaks_while_work_is_handed_out_loses_none_of_it(tmp_path: Path) -> None:
    class BreaksOnce(Inline):
        made: list[BreaksOnce] = []  # noqa: RUF012

        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            if len(self.made) == 1 and len(self.calls) == 2:
                raise BrokenProcessPool
            return super().submit(fn, *args, **kwargs)

    def make(_: int) -> Executor:
        BreaksOnce.made.append(BreaksOnce())
        return BreaksOnce.made[-1]

    place = library(tmp_path)
    requests = take_all(place, *(f"sentence {i}" for i in range(9)))
    dispatcher(make).run(place, requests, NoProgress())
    assert place.missing(requests) == {}
    assert Counter(t for e in BreaksOnce.made for t in said(e)) == Counter(t.utterance.text for t in requests)


def test_only_a_few_batches_are_under_suspicion_when_a_worker_dies(tmp_path: Path) -> None:
    class Dies(Inline):
        """A pool whose first worker dies of its third batch, with all that was handed out by then."""

        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ARG002
            if len(self.calls) >= 3:
                raise BrokenProcessPool
            self.calls.append(args)
            future: Future[Any] = Future()
            future.set_exception(BrokenProcessPool())
            return future

    pools: list[Inline] = []

    def make(_: int) -> Executor:
        pools.append(Inline() if pools else Dies())
        return pools[-1]

    place = library(tmp_path)
    requests = take_all(place, *(f"sentence {i}" for i in range(8)))
    tally = Tally()
    dispatcher(make, workers=2).run(place, requests, tally)
    assert [len(said(pool)) for pool in pools] == [3, 5, 1, 1, 1]
    assert sum(tally.steps) == 8
    assert place.missing(requests) == {}


# what comes from a worker that is not as it should be


class Sends(Inline):
    """A worker that sends back something else."""

    def __init__(self, change: Callable[[list[Any]], Any]) -> None:
        super().__init__()
        self.change = change

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(self.change(super().submit(fn, *args, **kwargs).result()))
        return future


def with_onset(result: bytes, onset: str) -> bytes:
    return result.replace(b"[0,", f"[{onset},".encode(), 1)


CHANGES: dict[str, Callable[[list[Any]], Any]] = {
    "None": lambda _: None,
    "too few": lambda results: results[:-1],
    "another kind": lambda results: dict(enumerate(results)),
    "no bytes": lambda results: ["clip" for _ in results],
    "no clip": lambda results: [b"clip" for _ in results],
    "cut off": lambda results: [result[:-1] for result in results],
    "NaN": lambda results: [with_onset(result, "NaN") for result in results],
    "unordered": lambda results: [with_onset(result, "99999999") for result in results],
    "a word more": lambda results: [with_onset(result, "0,0") for result in results],
    "nested": lambda results: [b"[" * 100_000 for _ in results],
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_no_clip_of_the_sentence_is_a_problem_and_never_kept(
    tmp_path: Path, change: Callable[[list[Any]], Any]
) -> None:
    place = library(tmp_path)
    requests = take_all(place, "one two", "three four")
    with pytest.raises(BookError) as caught:
        dispatcher(lambda _: Sends(change), workers=1).run(place, requests, NoProgress())
    assert {p.message for p in caught.value.problems} == {
        "The Hummer cannot speak this sentence: what a worker sent back is no clip of it"
    }
    assert [p.line for p in caught.value.problems] == [1, 2]
    assert set(place.missing(requests)) == {request.key for request in requests}


@pytest.mark.parametrize("change", [lambda _: [], lambda _: None, lambda results: [b"", *results[1:]]])
def test_what_is_no_clip_of_a_recording_is_a_problem_too(
    tmp_path: Path, change: Callable[[list[Any]], Any]
) -> None:
    recorded, _ = reader()
    place = library(tmp_path)
    said_ = [replace(u, voice=recorded.path) for u in utterances()]
    requests = place.readings(recorded, said_, (0, 2))
    with pytest.raises(BookError, match="this recording cannot be used: what a worker sent back"):
        dispatcher(lambda _: Sends(change)).run(place, requests, NoProgress())
    assert requests[0].key in place.missing(requests)


@dataclass(frozen=True)
class Stops(Fragile):
    """Stops its process at a word, and never answers."""

    def speak(self, text: str) -> Speech:
        if "stopping" in text:
            os.kill(os.getpid(), signal.SIGSTOP)
        return super().speak(text)


@pytest.mark.skipif(sys.platform == "win32", reason="no signals of this kind")
def test_a_sentence_that_is_never_answered_is_named_and_every_other_clip_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hakawati.narration.synthesis.AT_LEAST", 0.0)
    monkeypatch.setattr("hakawati.narration.synthesis.PER_CHARACTER", 0.5)
    place = library(tmp_path / "s", {"v": Stops(tmp_path)})
    long = "a sentence that has all the time that it needs, however busy the machine is " * 2
    requests = take_all(place, long, f"another {long}", "stopping")
    with pytest.raises(BookError) as caught:
        dispatcher(workers=1).run(place, requests, NoProgress())
    (problem,) = caught.value.problems
    told = "The Fragile cannot speak this sentence: there was no answer within 4 seconds"
    assert (problem.line, problem.message) == (3, told)
    assert problem.hint == "choose another voice, or report it to the author of this one"
    assert [t.utterance.text for t in place.missing(requests).values()] == ["stopping"]
    assert multiprocessing.active_children() == []


def test_a_voice_may_say_how_long_it_takes_and_a_recording_has_time(tmp_path: Path) -> None:
    class Slow(Hum):
        seconds = 4000

    place = library(tmp_path, {"v": Hum(), "slow": Slow()})
    short, slow = (place.request(utterance("a sentence", voice=name)) for name in ("v", "slow"))
    assert place.task([short]).seconds == 1800 + 5 * len("a sentence")
    assert place.task([short, slow, slow]).seconds == 1800 + 5 * len("a sentence") + 8000
    recorded, _ = reader()
    (whole,) = place.readings(recorded, [replace(u, voice=recorded.path) for u in utterances()], (0,))
    assert place.task([whole]).seconds == 1800 + 5 * sum(len(u.text) for u in utterances())


# real processes


def test_worker_processes_make_the_clips_that_this_process_would(tmp_path: Path) -> None:
    place = library(tmp_path)
    requests = take_all(place, *(f"sentence number {i}" for i in range(12)))
    tally = Tally()
    dispatcher().run(place, requests, tally)
    assert [place.clip(t) for t in requests] == [synthesise(t.utterance, Hum(), Audio(), 0) for t in requests]
    assert sum(tally.steps) == 12
    assert multiprocessing.active_children() == []


def test_a_sentence_that_always_kills_its_worker_is_named_and_every_other_clip_kept(tmp_path: Path) -> None:
    place = library(tmp_path / "s", {"v": Fragile(tmp_path)})
    texts = [f"sentence number {i}" for i in range(12)]
    texts[7] = "this one is deadly really"
    requests = take_all(place, *texts)
    with pytest.raises(BookError) as caught:
        dispatcher().run(place, requests, NoProgress())
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("book/en/01.md", 8)
    assert "the voice's process died, twice" in problem.message
    assert [t.utterance.text for t in place.missing(requests).values()] == [texts[7]]
    assert len(list(tmp_path.glob("deadly.*"))) == 2


def test_a_sentence_that_kills_its_worker_once_is_spoken_by_another(tmp_path: Path) -> None:
    place = library(tmp_path / "s", {"v": Fragile(tmp_path)})
    requests = take_all(place, "one", "deadlyonce", "three", "four")
    tally = Tally()
    dispatcher().run(place, requests, tally)
    assert place.missing(requests) == {}
    assert sum(tally.steps) == 4


def test_a_sentence_is_tried_again_once_and_not_more(tmp_path: Path) -> None:
    place = library(tmp_path / "s", {"v": Fragile(tmp_path)})
    (request,) = take_all(place, "deadlytwice")
    with pytest.raises(BookError, match="died, twice"):
        dispatcher(workers=1).run(place, [request], NoProgress())
    dispatcher(workers=1).run(place, [request], NoProgress())
    assert place.missing([request]) == {}


def test_deaths_and_refusals_are_all_told_at_once(tmp_path: Path) -> None:
    place = library(tmp_path / "s", {"v": Fragile(tmp_path)})
    requests = take_all(place, "deadly one", "two", "a secret", "four", "deadly five", "six")
    with pytest.raises(BookError) as caught:
        dispatcher().run(place, requests, NoProgress())
    assert [p.line for p in caught.value.problems] == [1, 3, 5]
    assert [t.utterance.place.line for t in place.missing(requests).values()] == [1, 3, 5]


posix = pytest.mark.skipif(sys.platform == "win32", reason="no signals of this kind")


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A process at work, and its two workers' ids."""
    command = [sys.executable, "-m", "tests.narration.parent", str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert soon(lambda: len(list(tmp_path.glob("*.pid"))) == 2)
    workers = [int(p.stem) for p in tmp_path.glob("*.pid")]
    yield process, workers
    process.kill()
    process.communicate()
    for pid in filter(alive, workers):
        with suppress(ProcessLookupError):  # it may end by itself, now that its parent is gone
            os.kill(pid, signal.SIGKILL)


def alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and was not yet asked for its status does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return state.stdout.strip()[:1] not in ("", "Z")


def all_end(pids: list[int]) -> bool:
    """Whether they do, long before they would by themselves."""
    return soon(lambda: not any(map(alive, pids)))


@posix
def test_an_interrupt_ends_every_worker_whatever_it_does(
    parent: tuple[subprocess.Popen[str], list[int]],
) -> None:
    process, workers = parent
    assert len(workers) == 2
    process.send_signal(signal.SIGINT)
    assert all_end(workers)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, err) == (130, "no worker is left", "")


@posix
def test_workers_leave_an_interrupt_from_the_terminal_to_their_parent(
    parent: tuple[subprocess.Popen[str], list[int]],
) -> None:
    process, workers = parent
    for worker in workers:
        os.kill(worker, signal.SIGINT)
    time.sleep(0.3)
    assert all(map(alive, workers))
    assert process.poll() is None


@posix
def test_workers_do_not_outlive_a_parent_that_is_killed(
    parent: tuple[subprocess.Popen[str], list[int]],
) -> None:
    process, workers = parent
    assert len(workers) == 2
    process.kill()
    assert all_end(workers)


def _wait(seconds: float) -> None:
    time.sleep(seconds)


def test_an_error_ends_the_studios_workers_and_nobody_elses(tmp_path: Path) -> None:
    other = multiprocessing.get_context("spawn").Process(target=_wait, args=(2 * PATIENCE,))
    other.start()

    class Interrupted(Tally):
        def advance(self, steps: int = 1) -> None:  # noqa: ARG002
            raise KeyboardInterrupt

    place = library(tmp_path)
    try:
        with pytest.raises(KeyboardInterrupt):
            dispatcher().run(place, take_all(place, *(f"sentence {i}" for i in range(30))), Interrupted())
        assert soon(lambda: multiprocessing.active_children() == [other])
    finally:
        other.kill()
        other.join()


# voices that speak here only, or through a service


@dataclass(frozen=True)
class Placed(Hum):
    """Hums in its place; a service that is offline, or refuses after a while, says so."""

    where_: Where = "online"
    refuses: str = "\0"
    name: str = "Service"

    @property
    def key(self) -> str:
        return f"{self.name} {self.where_}"

    @property
    def credit(self) -> str:
        return self.name

    @property
    def where(self) -> Where:
        return self.where_

    def speak(self, text: str) -> Speech:
        if re.search(self.refuses, text):
            raise VoiceUnavailableError("it refuses", "ask later")
        return super().speak(text)


def test_a_service_is_asked_for_one_sentence_at_a_time_by_two_workers_at_most(tmp_path: Path) -> None:
    asked: list[int] = []
    executors: list[Inline] = []

    def make(workers: int) -> Executor:
        asked.append(workers)
        executors.append(Inline())
        return executors[-1]

    place = library(tmp_path, {"v": Placed()})
    requests = take_all(place, *(f"sentence {i}" for i in range(9)))
    dispatcher(make, workers=8).run(place, requests, NoProgress())
    assert asked == [2]
    assert [len(call[0].utterances) for call in executors[0].calls] == [1] * 9


def test_no_more_than_two_requests_are_out_at_once_whatever_the_executor(tmp_path: Path) -> None:
    class Counting(Inline):
        out = most = 0

        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            self.out += 1
            self.most = max(self.most, self.out)
            future: Future[Any] = Future()

            def answer() -> None:
                time.sleep(0.02)
                self.out -= 1
                future.set_result(fn(*args, **kwargs))

            threading.Thread(target=answer).start()
            return future

    executor = Counting()
    place = library(tmp_path, {"v": Placed()})
    requests = take_all(place, *(f"sentence {i}" for i in range(7)))
    dispatcher(lambda _: executor, workers=8).run(place, requests, NoProgress())
    assert executor.most == 2
    assert place.missing(requests) == {}


def test_a_service_that_refuses_is_told_of_once_and_asked_no_more_and_what_it_said_is_kept(
    tmp_path: Path,
) -> None:
    executor, tally = Inline(), Tally()
    place = library(tmp_path, {"v": Placed(refuses="[3-9]"), "w": Placed(name="Other")})
    requests = take_all(place, *(f"sentence {i}" for i in range(8)))
    other = place.request(utterance("another service speaks on 5", voice="w"))
    with pytest.raises(BookError) as caught:
        dispatcher(lambda _: executor).run(place, [*requests, other], tally)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line, problem.hint) == ("book/en/01.md", 4, "ask later")
    assert problem.message == "Service cannot speak: it refuses (4 more sentences wait for it)"
    assert len(executor.calls) <= 6  # three that worked, the other's, and two that were out when it refused
    assert len(place.missing(requests)) == 5
    assert place.clip(other) is not None
    assert sum(tally.steps) == 9


def test_the_next_build_goes_on_where_a_service_stopped(tmp_path: Path) -> None:
    place = library(tmp_path, {"v": Placed(refuses="[3-9]")})
    requests = take_all(place, *(f"sentence {i}" for i in range(6)))
    with pytest.raises(BookError):
        dispatcher(lambda _: Inline()).run(place, requests, NoProgress())
    executor = Inline()
    again = library(tmp_path, {"v": Placed()})
    dispatcher(lambda _: executor).run(again, list(again.missing(requests).values()), NoProgress())
    assert said(executor) == ["sentence 3", "sentence 4", "sentence 5"]


def test_what_only_this_machine_can_do_is_not_sent_to_others(tmp_path: Path) -> None:
    there, here = Inline(), Inline()
    voices = {"v": Hum(), "h": Placed(where_="here", name="Here"), "o": Placed()}
    place = library(tmp_path, voices)
    requests = [place.request(utterance(f"{name} speaks", voice=name)) for name in voices]
    with mock.patch("hakawati.narration.dispatcher.local_executor", return_value=here):
        Dispatcher(4, lambda _: there, here=2).run(place, requests, NoProgress())
    assert (said(there), said(here)) == (["v speaks"], ["h speaks", "o speaks"])


def test_a_recording_is_one_task_and_only_the_clips_that_are_missing_are_kept(tmp_path: Path) -> None:
    recorded, _ = reader()
    place = library(tmp_path)
    requests = place.readings(recorded, utterances(), (0, 2))
    executor, tally = Inline(), Tally()
    dispatcher(lambda _: executor).run(place, requests[1:], tally)
    assert len(executor.calls) == 1
    assert (place.clip(requests[0]), tally.steps) == (None, [2])
    clip = place.clip(requests[1])
    assert clip is not None
    assert [one.spoken for one in clip.sentences] == [u.text for u in utterances()[2:]]


def test_a_recording_that_cannot_be_used_is_told_of_once(tmp_path: Path) -> None:
    recorded, sound = reader()
    silent = replace(recorded, sound_=bytes(2 * len(sound)))
    place = library(tmp_path)
    said_ = [replace(u, voice=silent.path) for u in utterances()]
    with pytest.raises(BookError) as caught:
        dispatcher(lambda _: Inline()).run(place, place.readings(silent, said_, (0, 2)), NoProgress())
    assert [p.message for p in caught.value.problems] == ["this recording cannot be used: it is silent"]
