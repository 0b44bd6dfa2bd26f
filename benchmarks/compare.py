"""Measure whole builds of a long book against `limit.py` and `by_hand.py`.

    python benchmarks/compare.py /tmp/bench --characters 360000 --rounds 3

What is compared runs interleaved; medians are printed. Memory is the peak of the proportional set size
(shared pages counted once) of the whole process tree, sampled every 50 ms.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from long_book import write_book

HERE = Path(__file__).parent


@dataclass
class Run:
    seconds: float
    peak_mb: float
    output: str


def run(command: Sequence[str | Path]) -> Run:
    """Run a command to its end; raises if it fails."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(proportional_kb, tree(process.pid))))
        time.sleep(0.05)
    took = time.perf_counter() - begin
    output = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise SystemExit(f"{command} failed: {output}")
    return Run(took, peak / 1024, output)


def tree(pid: int) -> list[int]:
    """A process and all its descendants, whichever of its threads has started them."""
    children: list[str] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            children += (task / "children").read_text().split()
    except OSError:
        return []
    return [pid, *(d for child in children for d in tree(int(child)))]


def proportional_kb(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)


def build(project: Path) -> list[str | Path]:
    return [sys.executable, "-m", "hakawati", "build", project, "--json"]


def cold(project: Path) -> Run:
    for made in ("audio", "build"):
        shutil.rmtree(project / made, ignore_errors=True)
    return run(build(project))


def edit(project: Path, n: int) -> None:
    """Change one word in the twentieth chapter."""
    chapter = sorted((project / "book" / "ar").iterdir())[19 % len(list((project / "book" / "ar").iterdir()))]
    text = chapter.read_text("utf-8")
    chapter.write_text(text.replace(" رقم ", f" عدد{'ا' * n} ", 1), "utf-8")


def show(name: str, runs: Sequence[Run]) -> float:
    median = statistics.median(r.seconds for r in runs)
    peak = max(r.peak_mb for r in runs)
    print(f"{name:<28} {median:8.2f} s   {peak:6.0f} MB   {[round(r.seconds, 2) for r in runs]}", flush=True)
    return median


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--characters", type=int, default=360_000)
    parser.add_argument("--chapters", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--by-hand", action="store_true", help="also the script written by hand")
    given = parser.parse_args()
    project = given.folder / "long"
    write_book(project, given.characters, given.chapters)
    characters = ["--characters", str(given.characters)]
    limits, colds, by_hand = [], [], []
    for _ in range(given.rounds):
        limits.append(run([sys.executable, HERE / "limit.py", *characters]))
        colds.append(cold(project))
        if given.by_hand:
            by_hand.append(run([sys.executable, HERE / "by_hand.py", given.folder / "by-hand", *characters]))
    limit, whole = show("limit", limits), show("cold build", colds)
    print(f"{'':<28} {whole / limit:8.2f} × the limit")
    if by_hand:
        print(f"{'':<28} {whole / show('by hand', by_hand):8.2f} × by hand")
    print("stages", json.loads(colds[-1].output)["seconds"])
    show("nothing changed", [run(build(project)) for _ in range(2 * given.rounds)])
    edited = []
    for n in range(2 * given.rounds):
        edit(project, n)
        edited.append(run(build(project)))
    show("one word edited", edited)
    print("stages", json.loads(edited[-1].output)["seconds"])
    print("spoken", sum(c["clips_made"] for c in json.loads(edited[-1].output)["chapters"]))


if __name__ == "__main__":
    main()
