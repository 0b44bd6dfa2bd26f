"""Processor time of a build of the first book, all editions and web, from a warm store and nothing else.

    python benchmarks/warm_editions.py [ROUNDS]

To compare two versions, run it in turns with each of them on PYTHONPATH.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BOOK = Path(__file__).parent.parent / "book"


def build(project: Path) -> float:
    """Seconds of user and system time, of the command and of all that it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "hakawati", "build", project, "--web"], check=True, stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print each round's time, and the least."""
    rounds = int(sys.argv[1]) if sys.argv[1:] else 5
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder, "project")
        shutil.copytree(BOOK, project / "book")
        build(project)
        times = []
        for _ in range(rounds):
            store = (project / "build" / "store").rename(Path(folder, "store"))
            for made in ("audio", "build"):
                shutil.rmtree(project / made)
            (project / "build").mkdir()
            store.rename(project / "build" / "store")
            times.append(build(project))
            print(f"{times[-1]:.2f} s")
        print(f"least: {min(times):.2f} s")


if __name__ == "__main__":
    main()
