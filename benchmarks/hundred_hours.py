"""A hundred hours of narration: the memory, files and processes of one build, and of very many.

    nice -n 10 python benchmarks/hundred_hours.py /tmp/hundred --hours 100
    nice -n 10 python benchmarks/hundred_hours.py /tmp/hundred --rebuilds 500

The voice is a cheap one, an engine that is registered as any other; the rest is the real program with its
worker processes. The second form edits and builds a small book again and again in one process, as --watch
does.
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ENGINE = '''
from array import array
from dataclasses import dataclass
import re
from hakawati.model import Speech
from hakawati.voices import Engine

RATE = 24000
PACE = RATE // 10
"""Samples for each character."""

@dataclass(frozen=True, slots=True)
class Buzz:
    key: str = "buzz 1"
    credit: str = "Buzz"
    where: str = "anywhere"

    def speak(self, text):
        wave = array("h", [6000, 6000, -6000, -6000] * (PACE // 4))
        onsets = tuple((word.start(), word.start() * PACE) for word in re.finditer(r"\\S+", text))
        return Speech((wave * len(text)).tobytes(), RATE, onsets)

ENGINE = Engine("buzz", "buzzes", lambda lang, options, project: Buzz(), dict)
'''
SENTENCE = (
    "On day {n} of the year the people of the town went to the market and came back at {m} in the evening."
)
CHAPTER_SECONDS = 3600


def install(folder: Path) -> Path:
    """Install the engine into a folder that is to be in PYTHONPATH."""
    made = folder / "buzz-1.dist-info"
    made.mkdir(parents=True, exist_ok=True)
    (folder / "buzz.py").write_text(ENGINE)
    (made / "METADATA").write_text("Metadata-Version: 2.1\nName: buzz\nVersion: 1\n")
    (made / "entry_points.txt").write_text("[hakawati.voices]\nbuzz = buzz:ENGINE\n")
    return folder


def write_book(project: Path, hours: float) -> None:
    """Chapters of an hour, every sentence different."""
    (project / "book" / "en").mkdir(parents=True, exist_ok=True)
    keys = "title: A Long Book\nlanguages: [en]\nvoices: {en: {engine: buzz}}\n"
    (project / "book" / "book.yaml").write_text(keys)
    sentences = 0
    for chapter in range(1, max(1, round(hours)) + 1):
        told = min(hours * 3600, CHAPTER_SECONDS)
        paragraphs = [f"# Chapter {chapter}"]
        while told > 0:
            some = [SENTENCE.format(n=sentences + n, m=(sentences + n) % 12 + 1) for n in range(5)]
            sentences += 5
            told -= len(" ".join(some)) / 10 + 3
            paragraphs.append(" ".join(some))
        (project / "book" / "en" / f"{chapter:03}-hour.md").write_text("\n\n".join(paragraphs) + "\n")


@dataclass
class Curve:
    """What processes took while they ran."""

    samples: list[tuple[float, int, int]] = field(default_factory=list)
    """Seconds, and the largest resident memory in KB of the main process, and of one of the others."""

    def take(self, seconds: float, main: int) -> None:
        self.samples.append((seconds, resident(main), max(map(resident, descendants(main)), default=0)))

    def told(self) -> str:
        total = self.samples[-1][0]
        lines = []
        for share in (0.1, 0.25, 0.5, 0.75, 1.0):
            until = [sample for sample in self.samples if sample[0] <= share * total]
            main, other = (max(sample[i] for sample in until) // 1000 for i in (1, 2))
            lines.append(
                f"  until {share:4.0%}: at most {main} MB in the main process, {other} MB in another"
            )
        return "\n".join(lines)


def resident(pid: int) -> int:
    """Kilobytes."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def descendants(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *descendants(child)]
    return found


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def build_once(project: Path, hours: float, environment: dict[str, str]) -> None:
    write_book(project, hours)
    begin = time.monotonic()
    command = [sys.executable, "-m", "hakawati", "build", str(project)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        curve = Curve()
        while process.poll() is None:
            curve.take(time.monotonic() - begin, process.pid)
            time.sleep(0.25)
    epub = next((project / "build").glob("*.epub"))
    print(f"{hours} hours in {time.monotonic() - begin:.0f} s, status {process.returncode}", end="")
    print(f", an EPUB of {epub.stat().st_size / 1e6:.0f} MB")
    print(curve.told())


def build_often(project: Path, rebuilds: int) -> None:
    """Edit and build in this process; every tenth edit has something to speak, in worker processes."""
    from hakawati.publishing import shelf as pipeline

    write_book(project, 0.05)
    file = project / "book" / "en" / "001-hour.md"
    text = file.read_text()
    options = pipeline.BuildOptions(voices={}, workers=2, modified=1_700_000_000, web=True)
    for number in range(rebuilds + 1):
        new = f"\n\nThe {number // 10}th time.\n" if number % 2 else ""
        file.write_text(text + new)
        pipeline.build(project, options)
        if number in (0, 10) or number % (rebuilds // 10 or 1) == 0:
            gc.collect()
            here, others = resident(os.getpid()) / 1000, len(descendants(os.getpid()))
            print(
                f"  {number:4} builds: {here:6.1f} MB, {descriptors()} descriptors, {others} processes",
                end="",
            )
            print(f", {len(gc.get_objects())} objects", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--hours", type=float, default=100)
    parser.add_argument("--rebuilds", type=int, default=0)
    given = parser.parse_args()
    engine = str(install(given.folder / "engine").resolve())
    path = os.pathsep.join(filter(None, [engine, os.environ.get("PYTHONPATH", "")]))
    if given.rebuilds:
        sys.path.insert(0, engine)
        build_often(given.folder / "often", given.rebuilds)
    else:
        build_once(given.folder / "long", given.hours, {**os.environ, "PYTHONPATH": path})


if __name__ == "__main__":
    main()
