"""Measure the aligner beside its peers, aeneas and echogarden, on the narrations of `align.py`, interleaved.

python benchmarks/align_peers.py --echogarden …/node_modules/.bin/echogarden --aeneas …/bin/python
python benchmarks/align_peers.py --echogarden … --minutes 4 --conditions 3   # every fifth condition
python benchmarks/align_peers.py --echogarden … --aeneas … --minutes 4 --finer
python benchmarks/align_peers.py --echogarden … --aeneas … --minutes 4 --phonemes

Either peer may be left out. To install them, somewhere outside the repository:

- echogarden: `npm install echogarden@2.10.2`; with `--ignore-scripts` where the network is closed, since what
  they fetch is for other tasks. The command is `node_modules/.bin/echogarden`. It wants `ffmpeg`.
- aeneas: the system's `espeak-ng`, `libespeak-dev`, `ffmpeg` and a C compiler; in an environment of its own
  `pip install 'setuptools<60' wheel 'numpy<1.24' beautifulsoup4 lxml`, then
  `pip install --no-build-isolation --no-deps aeneas==1.7.3.0`. The command is that environment's Python.

All get a WAV file and the vowelled text, a sentence a line, and run as processes of their own. Each speaks
the text with its own eSpeak, at its own pace. Our voice gives Arabic to eSpeak in phonemes, and so it does
where it speaks the narrations: `--phonemes` gives the peers the text in the same way. `--finer` runs them a
second time, with shorter frames than is their default.

Where a word begins is a matter of definition: eSpeak makes up to 75 ms of silence before many words. Its
mark, by which we go, stands before that silence; echogarden tells where the sound begins. So there are three
measures: how far an onset is from the mark, as in `align.py`; from the first sound after it; and from the
silence around it, anywhere in which nothing of either word is cut. Errors are in milliseconds. Speed is that
of processor time, since the machine may be shared; memory is that of the largest process.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
import soundfile

from hakawati.alignment.aligner import align
from hakawati.alignment.results import Reference
from hakawati.arabic.alphabets import espeak_mnemonics
from hakawati.arabic.phoneme_input import phoneme_input
from hakawati.voices.espeak import Espeak
from narrations import CONDITIONS, MP3_DELAY, MP3_RATE, Condition, Narration, speak, texts, whole

Onsets = list[list[float]]
"""For each sentence the onsets of its words in seconds, or of the first one; NaN where none is told."""
Spans = list[list[tuple[float, float]]]
"""For each word from when to when its onset is right."""

MEASURES = ("mark", "sound", "silence")
QUIET = 0.01  # of the loudest sample: silence
RECORDING, TEXT, PHONEMES, MADE, USED = "narration.wav", "text.txt", "phonemes.txt", "made", "used"

# A program's memory is counted from the fork on, so it is started by a process smaller than this one.
LAUNCH = """
import os, sys, time
begun = time.perf_counter()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
status, used = os.wait4(child, 0)[1:]
with open(sys.argv[1], "w") as file:
    print(used.ru_utime + used.ru_stime, time.perf_counter() - begun, used.ru_maxrss / 1024, file=file)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@dataclass(frozen=True)
class Program:
    """An aligner: its command, given the folder and the text's name, and how its answer is read."""

    name: str
    command: Callable[[Path, str], list[str]]
    read: Callable[[Path, Sequence[str]], Onsets]


@dataclass(frozen=True)
class Cost:
    """What a run took."""

    processor: float
    clock: float
    megabytes: float


def ours() -> Program:
    def command(folder: Path, _text: str) -> list[str]:
        return [sys.executable, str(Path(__file__)), "--one", str(folder)]

    def read(made: Path, _lines: Sequence[str]) -> Onsets:
        onsets: Onsets = json.loads(made.read_text("utf-8"))
        return onsets

    return Program("ours", command, read)


def one(folder: Path) -> None:
    """Our own run, in a process like the others'."""
    lines = (folder / TEXT).read_text("utf-8").splitlines()
    voice = Espeak("ar")
    path = folder / RECORDING
    rate = soundfile.info(path).samplerate

    def blocks() -> Iterator[bytes]:
        for block in soundfile.blocks(path, 1 << 18, dtype="int16"):
            yield block.tobytes()

    aligned = align(blocks(), rate, (Reference(*speak(voice, text)) for text in lines))
    onsets = [[word / rate for word in sentence.words] for sentence in aligned.sentences]
    (folder / MADE).write_text(json.dumps(onsets), "utf-8")


def aeneas(python: str, finer: bool = False) -> Program:
    """Without these settings its eSpeak refuses Arabic, or is heard at a wrong speed."""
    settings = "tts=espeak-ng|allow_unlisted_languages=True|ffmpeg_sample_rate=22050"
    if finer:  # 100 and 40 ms are the default
        settings += "|mfcc_window_length=0.020|mfcc_window_shift=0.005"
    task = "task_language=ar|is_text_type=plain|os_task_file_format=json"

    def command(folder: Path, text: str) -> list[str]:
        files = [str(folder / RECORDING), str(folder / text)]
        tool = [python, "-m", "aeneas.tools.execute_task"]
        return [*tool, *files, task, str(folder / MADE), f"-r={settings}"]

    def read(made: Path, lines: Sequence[str]) -> Onsets:
        fragments = json.loads(made.read_text("utf-8"))["fragments"]
        if len(fragments) != len(lines):
            raise ValueError(f"{len(fragments)} fragments for {len(lines)} sentences")
        return [[float(fragment["begin"])] for fragment in fragments]

    return Program("aeneas, 5 ms" if finer else "aeneas", command, read)


def echogarden(path: str, finer: bool = False) -> Program:
    """Its JSON is rounded to 10 ms, so its subtitles are taken, a word each, which are to 1 ms."""

    def command(folder: Path, text: str) -> list[str]:
        made = folder / f"{MADE}.srt"
        files = [str(folder / RECORDING), str(folder / text), str(made)]
        options = ["--language=ar", "--subtitles.mode=word", "--overwrite"]
        return [path, "align", *files, *options, *(["--dtw.granularity=high"] if finer else [])]

    def read(made: Path, lines: Sequence[str]) -> Onsets:
        cues = made.with_suffix(".srt").read_text("utf-8").strip().split("\n\n")
        return _by_word([cue.split("\n") for cue in cues], lines)

    return Program("echogarden, high" if finer else "echogarden", command, read)


def _by_word(cues: list[list[str]], lines: Sequence[str]) -> Onsets:
    """A word's onset is that of the first cue in it: the two may part a text differently."""
    onsets = [[float("nan")] * len(line.split()) for line in lines]
    words = [(k, n, w) for k, line in enumerate(lines) for n, w in enumerate(line.split())]
    text = " ".join(word for _, _, word in words)
    begins = np.cumsum([0] + [len(word) + 1 for _, _, word in words])
    at = 0
    for _number, times, said in cues:
        at = text.index(said, at)
        k, n, _ = words[int(np.searchsorted(begins, at, side="right")) - 1]
        if np.isnan(onsets[k][n]):
            onsets[k][n] = _seconds(times.split(" --> ")[0])
        at += len(said)
    return onsets


def _seconds(time: str) -> float:
    hours, minutes, seconds = time.replace(",", ".").split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def spans(minutes: int, condition: Condition, narration: Narration) -> dict[str, Spans]:
    """By each measure; silence is looked for in the narration before it was spoilt."""
    clean = whole(minutes, replace(condition, noise="", mp3=False))
    late = MP3_DELAY / MP3_RATE if condition.mp3 else 0.0
    samples = np.abs(np.frombuffer(clean.pcm, "<i2").astype(np.int32))
    loud = np.flatnonzero(samples > QUIET * samples.max()) / clean.rate + late
    made: dict[str, Spans] = {measure: [] for measure in MEASURES}
    for truth in narration.truth:
        marks = np.array(truth)
        after = np.searchsorted(loud, marks)
        sound = loud[np.minimum(after, len(loud) - 1)].tolist()
        before = np.minimum(marks, np.where(after > 0, loud[after - 1], 0)).tolist()
        made["mark"].append([(mark, mark) for mark in truth])
        made["sound"].append([(heard, heard) for heard in sound])
        made["silence"].append(list(zip(before, sound, strict=True)))
    return made


def errors(onsets: Onsets, right: Spans) -> tuple[list[float], list[float]]:
    """Of the sentences, and of the words that begin none."""
    first: list[float] = []
    other: list[float] = []
    for told, true in zip(onsets, right, strict=True):
        away = [max(low - t, t - high, 0.0) * 1000 for t, (low, high) in zip(told, true, strict=False)]
        first.append(away[0])
        other.extend(away[1:])
    return first, other


def run(program: Program, folder: Path, text: str) -> tuple[Onsets, Cost]:
    """On one core where a program lets itself be told so."""
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    environment = {**os.environ, **dict.fromkeys(threads, "1"), "PYTHONIOENCODING": "UTF-8"}
    launcher = [sys.executable, "-I", "-S", "-c", LAUNCH, str(folder / USED)]
    done = subprocess.run(
        [*launcher, *program.command(folder, text)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{program.name}: {done.stderr or done.stdout}")
    onsets = program.read(folder / MADE, (folder / text).read_text("utf-8").splitlines())
    return onsets, Cost(*map(float, (folder / USED).read_text("utf-8").split()))


def compare(minutes: int, programs: list[Program], conditions: Sequence[Condition], text: str) -> None:
    lines = texts(minutes)
    words = sum(len(line.split()) for line in lines)
    print(f"\n{minutes} minutes, {len(lines)} sentences, {words} words, {len(conditions)} conditions")
    found: dict[tuple[str, str], dict[str, tuple[list[float], list[float]]]] = {}
    costs: dict[str, list[Cost]] = defaultdict(list)
    seconds = 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / TEXT).write_text("".join(f"{line}\n" for line in lines), "utf-8")
        phonemes = (phoneme_input(line, espeak_mnemonics).text for line in lines)
        (folder / PHONEMES).write_text("".join(f"{line}\n" for line in phonemes), "utf-8")
        for condition in conditions:
            narration = whole(minutes, condition)
            seconds += narration.seconds
            pcm = np.frombuffer(narration.pcm, "<i2")
            soundfile.write(folder / RECORDING, pcm, narration.rate, subtype="PCM_16")
            right = spans(minutes, condition, narration)
            for program in programs:
                onsets, cost = run(program, folder, text)
                costs[program.name].append(cost)
                by = {measure: errors(onsets, right[measure]) for measure in MEASURES}
                found[condition.name, program.name] = by
            print(f"  {condition.name}", file=sys.stderr, flush=True)
    for measure in MEASURES:
        _table(measure, {key: by[measure] for key, by in found.items()})
    _costs(costs, seconds)


def _table(measure: str, found: dict[tuple[str, str], tuple[list[float], list[float]]]) -> None:
    print(f"\nfrom the {measure:31}{'sentences':>9}{'':21}{'words':>9}")
    columns = f"{'median':>9}{'95 %':>9}{'worst':>9}"
    print(f"{'':40}{columns}   {columns}")
    every: dict[str, tuple[list[float], list[float]]] = {}
    for (condition, program), (first, other) in found.items():
        print(f"{condition:22}{program:18}{_row(first)}   {_row(other)}".rstrip())
        firsts, others = every.setdefault(program, ([], []))
        firsts.extend(first)
        others.extend(other)
    for program, (first, other) in every.items():
        print(f"{'all':22}{program:18}{_row(first)}   {_row(other)}".rstrip(), flush=True)


def _row(found: list[float]) -> str:
    known = [error for error in found if not np.isnan(error)]
    if not known:
        return ""
    unknown = len(found) - len(known)
    row = f"{np.median(known):9.1f}{np.quantile(known, 0.95):9.1f}{max(known):9.0f}"
    return row + (f" ({unknown} not told)" if unknown else "")


def _costs(costs: dict[str, list[Cost]], seconds: float) -> None:
    print(f"\n{'':18}{'x real time':>14}{'by the clock':>14}{'MB, most':>10}")
    for program, every in costs.items():
        fast = seconds / sum(cost.processor for cost in every)
        clock = seconds / sum(cost.clock for cost in every)
        most = max(cost.megabytes for cost in every)
        print(f"{program:18}{fast:14.0f}{clock:14.0f}{most:10.0f}", flush=True)


def chosen(count: int | None) -> Sequence[Condition]:
    """So many of the conditions, evenly spread."""
    if count is None or count >= len(CONDITIONS):
        return CONDITIONS
    return [CONDITIONS[k * len(CONDITIONS) // count] for k in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--echogarden", metavar="PATH", help="echogarden's command")
    parser.add_argument("--aeneas", metavar="PYTHON", help="the Python that aeneas is installed in")
    parser.add_argument("--minutes", type=int, help="4, 15 or another; both where it is not given")
    parser.add_argument("--conditions", type=int, metavar="N", help="so many of them; all if not given")
    parser.add_argument("--finer", action="store_true", help="the peers with shorter frames, too")
    parser.add_argument(
        "--phonemes", action="store_true", help="give the peers the text as our eSpeak gets it"
    )
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one(given.one)
        return
    ways = (False, True) if given.finer else (False,)
    peers = chain(
        (aeneas(given.aeneas, finer) for finer in ways if given.aeneas),
        (echogarden(given.echogarden, finer) for finer in ways if given.echogarden),
    )
    programs = [ours(), *peers]
    for minutes in [given.minutes] if given.minutes else [4, 15]:
        compare(minutes, programs, chosen(given.conditions), PHONEMES if given.phonemes else TEXT)


if __name__ == "__main__":
    main()
