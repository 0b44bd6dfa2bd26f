"""A process that has an endless sentence spoken, for tests that end it.

python -m tests.narration.parent FOLDER
"""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

from hakawati.model import NoProgress
from tests.building import soon
from tests.narration.making import Fragile, dispatcher, library, utterance


def main(folder: Path) -> int:
    place = library(folder / "store", {"v": Fragile(folder)})
    try:
        dispatcher().run(place, [place.request(utterance(f"endless {i}")) for i in range(8)], NoProgress())
    except KeyboardInterrupt:
        if soon(lambda: not multiprocessing.active_children()):
            sys.stdout.write("no worker is left")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
