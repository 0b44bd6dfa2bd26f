"""Measure the aligner on narrations with known truth: accuracy, missing and extra sentences, speed, memory.

python benchmarks/align.py                      # all: some minutes
python benchmarks/align.py accuracy --minutes 4
python benchmarks/align.py trials --trials 3
python benchmarks/align.py speed --minutes 60

Onsets are compared in milliseconds. A trial is right where exactly the missing sentence, and exactly one
stretch for the extra one, are named, and the sentences next to it are within 300 ms. Speed is measured in a
process of its own, on one core, eSpeak's speaking of the reference included; it is that of processor time,
since the machine may be shared.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soundfile

from hakawati.alignment.aligner import align
from hakawati.alignment.results import Alignment, Reference
from hakawati.voices.espeak import Espeak
from narrations import CONDITIONS, Condition, Narration, narrate, reference, remarks, speak, texts, whole

KINDS = ("nothing", "missing", "extra", "twice", "replaced")
NEAR = 0.3  # seconds


def accuracy(minutes: int) -> None:
    references = [reference(text, Espeak("ar")) for text in texts(minutes)]
    print(f"\n{minutes} minutes, {len(references)} sentences, {sum(len(r.words) for r in references)} words")
    print(f"{'':22}{'sentences':>10}{'':20}{'words':>10}{'':13}{'false':>8}{'least':>8}")
    print(f"{'':22}" + f"{'median':>10}{'95 %':>10}{'worst':>10}" * 2 + f"{'alarms':>8}{'sure':>8}")
    every: tuple[list[float], list[float]] = ([], [])
    for condition in CONDITIONS:
        narration = whole(minutes, condition)
        aligned = align(narration.pcm, narration.rate, references)
        first, other = _errors(narration, aligned)
        every[0].extend(first)
        every[1].extend(other)
        alarms = sum(not s.found for s in aligned.sentences) + len(aligned.extras)
        sure = min(s.confidence for s in aligned.sentences)
        print(f"{condition.name:22}{_row(first)}{_row(other)}{alarms:8}{sure:8.2f}", flush=True)
    print(f"{'all':22}{_row(every[0])}{_row(every[1])}")


def _errors(narration: Narration, aligned: Alignment) -> tuple[list[float], list[float]]:
    first: list[float] = []
    other: list[float] = []
    for sentence, truth in zip(aligned.sentences, narration.truth, strict=True):
        away = [abs(w / narration.rate - t) * 1000 for w, t in zip(sentence.words, truth, strict=True)]
        first.append(away[0])
        other.extend(away[1:])
    return first, other


def _row(errors: list[float]) -> str:
    return f"{np.median(errors):10.1f}{np.quantile(errors, 0.95):10.1f}{max(errors):10.0f}"


def trials(times: int) -> None:
    sentences = list(texts(4))
    phrases = [p.strip() for s in sentences for p in re.split("[،.]", s) if len(p.split()) > 1]
    for name, lines in (("sentences", sentences), ("phrases", phrases)):
        references = [reference(text, Espeak("ar")) for text in lines]
        print(f"\n4 minutes of {len(lines)} {name}, of {min(len(t.split()) for t in lines)} words or more")
        for kind in KINDS:
            right = worst = 0.0
            count = 0
            for condition in CONDITIONS:
                for n in range(times):
                    chooser = random.Random(f"{condition.name} {n} {kind}")
                    good, error = _trial(lines, references, condition, kind, chooser)
                    right, count, worst = right + good, count + 1, max(worst, error)
            print(
                f"{kind:12}{right:5.0f} of {count} right, neighbours within {worst * 1000:.0f} ms", flush=True
            )


def _trial(
    lines: list[str], references: list[Reference], condition: Condition, kind: str, chooser: random.Random
) -> tuple[bool, float]:
    said: list[tuple[int | None, str]] = list(enumerate(lines))
    k = chooser.randrange(len(lines))
    change: dict[str, Callable[[], None]] = {
        "nothing": lambda: None,
        "missing": lambda: said.__delitem__(k),
        "extra": lambda: said.insert(k, (None, chooser.choice(remarks()))),
        "twice": lambda: said.insert(k, (None, lines[k])),
        "replaced": lambda: said.__setitem__(k, (None, chooser.choice(remarks()))),
    }
    change[kind]()
    narration = narrate(said, len(lines), condition, k)
    aligned = align(narration.pcm, narration.rate, references)
    gone = {i for i, s in enumerate(aligned.sentences) if not s.found}
    right = gone == ({k} if kind in ("missing", "replaced") else set())
    right &= len(aligned.extras) == len(narration.extras)
    if right and kind in ("extra", "replaced"):
        begin, end = (t / narration.rate for t in aligned.extras[0])
        right = abs(begin - narration.extras[0][0]) < NEAR and abs(end - narration.extras[0][1]) < NEAR
    near = [i for i in (k - 1, k + 1, k if kind == "extra" else k - 1) if 0 <= i < len(lines)]
    error = max(
        abs(aligned.sentences[i].begin / narration.rate - narration.truth[i][0])
        for i in near
        if narration.truth[i]
    )
    return right and error < NEAR, error


def speed(minutes: int) -> None:
    """Write the recording, then align it in a process of its own, which prints its time and memory."""
    narration = whole(minutes, CONDITIONS[5])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording.wav"
        soundfile.write(path, np.frombuffer(narration.pcm, "<i2"), narration.rate, subtype="PCM_16")
        path.with_suffix(".txt").write_text("\n".join(texts(minutes)), "utf-8")
        seconds = narration.seconds
        threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
        one_core = {**os.environ, **dict.fromkeys(threads, "1")}
        script = str(Path(__file__))
        for way in ("whole", "blocks"):
            command = [sys.executable, script, "one", "--path", str(path)]
            made = subprocess.run(
                [*command, "--way", way], check=True, capture_output=True, text=True, env=one_core
            ).stdout
            used, wall, megabytes = map(float, made.split())
            print(
                f"{minutes} minutes, recording given {way}: {seconds:.0f} s in {used:.1f} s of one core "
                f"({wall:.1f} s by the clock): {seconds / used:.0f} x real time, {megabytes:.0f} MB",
                flush=True,
            )


def one(path: Path, way: str) -> None:
    """What `speed` measures; the texts, which are made by libtashkeel, are no part of it."""
    lines = path.with_suffix(".txt").read_text("utf-8").splitlines()
    voice = Espeak("ar")
    begun, used = time.perf_counter(), time.process_time()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)

    def blocks() -> Iterator[bytes]:
        for block in soundfile.blocks(path, 1 << 18, dtype="int16"):
            yield block.tobytes()

    with wave.open(str(path)) as file:
        rate = file.getframerate()
        pcm = file.readframes(file.getnframes()) if way == "whole" else blocks()
    align(pcm, rate, (Reference(*speak(voice, text)) for text in lines))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    forks = after.ru_utime + after.ru_stime - children.ru_utime - children.ru_stime
    status = Path("/proc/self/status").read_text("utf-8")  # getrusage would count the parent's memory, too
    memory = re.search(r"VmHWM:\s+(\d+)", status)
    assert memory
    print(time.process_time() - used + forks, time.perf_counter() - begun, int(memory[1]) / 1024)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "what", nargs="?", choices=("all", "accuracy", "trials", "speed", "one"), default="all"
    )
    parser.add_argument("--minutes", type=int)
    parser.add_argument("--trials", type=int, default=2, help="for each condition and kind")
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--way", default="whole", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.what == "one":
        one(given.path, given.way)
        return
    if given.what in ("all", "accuracy"):
        for minutes in [given.minutes] if given.minutes else [4, 15]:
            accuracy(minutes)
    if given.what in ("all", "trials"):
        trials(given.trials)
    if given.what in ("all", "speed"):
        for minutes in [given.minutes] if given.minutes else [4, 15, 60]:
            speed(minutes)


if __name__ == "__main__":
    main()
