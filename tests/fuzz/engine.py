"""One process of atheris, which `tests.fuzz` starts: it follows what an input reaches in the code.

A hang or too much memory ends the process, and libFuzzer keeps the input; any other finding is kept here,
once for each place in the code, and the fuzzing goes on.
"""

from __future__ import annotations

import hashlib
import json
import sys
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["hakawati", "markdown_it", "mdit_py_plugins"]):
    import hakawati.publishing.shelf
    from tests.fuzz import targets


class Engine:
    """Runs a target, and remembers what it found."""

    def __init__(self, target: targets.Target, work: Path) -> None:
        self.target = target
        self.project = targets.base(work / "project")
        self.findings = work / "findings"
        self.told = work / "told.json"
        self.runs = self.books = 0
        self.places: set[str] = set()

    def warm(self) -> None:
        """Have every module imported, and so looked into, that is not before it is used."""
        with atheris.instrument_imports(include=["hakawati", "markdown_it", "mdit_py_plugins"]):
            for file in self.target.corpus:
                self(file.read_bytes())
        self.runs = self.books = 0

    def __call__(self, data: bytes) -> None:
        self.runs += 1
        try:
            self.books += self.target(data, self.project)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - a panic of an extension in Rust is no Exception
            self._keep(data, error)
        if self.runs % 100 == 0:
            self.told.write_text(json.dumps({"runs": self.runs, "books": self.books}))

    def _keep(self, data: bytes, error: BaseException) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{type(error).__name__} {frames[-1].filename}:{frames[-1].lineno}"
        if place in self.places:
            return
        self.places.add(place)
        self.findings.mkdir(exist_ok=True)
        name = hashlib.sha256(place.encode()).hexdigest()[:12]
        if not (self.findings / name).exists():
            (self.findings / name).write_bytes(data)
            text = "".join(traceback.format_exception(error))
            (self.findings / f"{name}.txt").write_text(text, errors="backslashreplace")


def main() -> None:
    """Arguments: the target, the folder to work in, and libFuzzer's."""
    assert hakawati.publishing.shelf
    target, work = targets.TARGETS[sys.argv[1]], Path(sys.argv[2])
    engine = Engine(target, work)
    engine.warm()
    atheris.Setup([sys.argv[0], *sys.argv[3:]], engine)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
