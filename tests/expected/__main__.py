"""Write what is expected of the golden books again."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.expected import renew
from tests.goldens import Shelf

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        renew(Shelf(Path(folder)))
