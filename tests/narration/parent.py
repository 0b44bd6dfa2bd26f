"""A process that has an endless sentence spoken, for tests that end it.

python -m tests.narration.parent FOLDER
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from pathlib import Path

from hakawati.model import Silent
from tests.narration.making import Fragile, crew, studio, utterance


def main(folder: Path) -> int:
    place = studio(folder / "store", {"v": Fragile(folder)})
    try:
        crew().record(place, [place.take(utterance(f"endless {i}")) for i in range(8)], Silent())
    except KeyboardInterrupt:
        begin = time.monotonic()
        while multiprocessing.active_children():
            time.sleep(0.01)
        sys.stdout.write(f"{time.monotonic() - begin:.3f}")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
