"""`python -m tests.fuzz TARGET --seconds N`: fuzz, led by coverage, for that long; what was found is kept.

It needs the extra `fuzz`. The exit status is 1 where something was found.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.fuzz.targets import HERE, TARGETS

MEGABYTES = 1_000
"""The most memory that a book may take, whatever stands in it."""
HANG = 20
"""Seconds that no small input may take, also on a busy machine."""
LONGEST = 4_096
"""Bytes of an input."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=3600)
    parser.add_argument("--work", type=Path, default=Path(".cache/fuzz"), help="where inputs are gathered")
    given = parser.parse_args()
    work = given.work.resolve() / given.target
    (work / "inputs").mkdir(parents=True, exist_ok=True)
    tokens = work / "tokens.dict"
    tokens.write_text("".join(f'"{_escaped(token)}"\n' for token in TARGETS[given.target].tokens))
    begin, cpu, runs, books = time.monotonic(), 0.0, 0, 0
    while (left := given.seconds - (time.monotonic() - begin)) > 1:
        seconds, told = _fuzz(given.target, work, tokens, int(left))
        cpu, runs, books = cpu + seconds, runs + told["runs"], books + told["books"]
        took = time.monotonic() - begin
        print(f"{given.target}: {took:.0f} s, {cpu:.0f} s of CPU, {runs} runs, {books} books")
    findings = sorted(file for file in work.glob("findings/*") if file.suffix != ".txt")
    for file in findings:
        print(f"  found: {file}")
    print(f"{given.target}: {len(findings)} findings")
    return 1 if findings else 0


def _fuzz(target: str, work: Path, tokens: Path, seconds: int) -> tuple[float, dict[str, int]]:
    """One process, until its time is over or an input ends it; its seconds of CPU, and what it did."""
    told = work / "told.json"
    told.write_text(json.dumps({"runs": 0, "books": 0}))
    (work / "findings").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.fuzz.engine", target, str(work)]
    command += [str(work / "inputs"), str(HERE / "corpus" / target), f"-dict={tokens}", f"-max_len={LONGEST}"]
    command += [f"-max_total_time={seconds}", f"-timeout={HANG}", f"-rss_limit_mb={MEGABYTES}"]
    command += [f"-artifact_prefix={work / 'findings'}/", "-print_final_stats=1", "-close_fd_mask=1"]
    with (work / "log.txt").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return usage.ru_utime + usage.ru_stime, json.loads(told.read_text())


def _escaped(token: str) -> str:
    """As libFuzzer's dictionaries have it: bytes that are not plain ASCII as \\xNN."""
    return "".join(chr(b) if 32 <= b < 127 and chr(b) not in '"\\' else f"\\x{b:02x}" for b in token.encode())


if __name__ == "__main__":
    sys.exit(main())
