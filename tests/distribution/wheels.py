"""`make wheels`: build the wheel and the source distribution, and use each on every Python that is here.

Arguments: a folder to work in; then Pythons, or none for every python3.N on the PATH from 3.11 on. What is no
Python, or too old a one, is said to be that. The exit status is 1 where one failed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
OLDEST = (3, 11)
NEWEST = 30
"""The minor version up to which is looked."""
SMOKE = Path(__file__).parent / "smoke.py"
FORBIDDEN = (".pyc", ".map", ".DS_Store")


def main() -> int:
    folder, given = Path(sys.argv[1]).resolve(), sys.argv[2:]
    shutil.rmtree(folder, ignore_errors=True)
    wheel, source = built(folder)
    problems = [*left_out(wheel, source), *surplus(wheel)]
    for problem in problems:
        print(problem)
    tried = {python: tried_on(python, wheel, source, folder) for python in given or sorted(pythons())}
    for python, result in tried.items():
        print(f"{python}: {result}")
    if not tried:
        print("No Python is here from 3.11 on; name one: make wheels PYTHONS=…")
    return 1 if problems or not tried or any(not r.startswith("works") for r in tried.values()) else 0


def built(folder: Path) -> tuple[Path, Path]:
    """The wheel, built out of the source distribution, and that."""
    tools = environment(sys.executable, folder / "tools")
    run([tools, "-m", "pip", "install", "--quiet", "build"])
    run([tools, "-m", "build", "--outdir", folder / "dist", ROOT])
    (wheel,), (source,) = (list((folder / "dist").glob(f"*{end}")) for end in (".whl", ".tar.gz"))
    return wheel, source


def parts() -> set[str]:
    """All that belongs to the package: code, templates, styles, fonts, the preview's pages."""
    files = (ROOT / "src" / "hakawati").rglob("*")
    return {
        file.relative_to(ROOT / "src").as_posix()
        for file in files
        if file.is_file() and "__pycache__" not in file.parts
    }


def left_out(wheel: Path, source: Path) -> Iterator[str]:
    """What of the package is not in what was built."""
    with zipfile.ZipFile(wheel) as archive:
        there = set(archive.namelist())
    with tarfile.open(source) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    yield from (f"{wheel.name} lacks {name}" for name in sorted(parts() - there))
    wanted = {f"src/{name}" for name in parts()} | {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"}
    yield from (f"{source.name} lacks {name}" for name in sorted(wanted - inside))


def surplus(wheel: Path) -> Iterator[str]:
    """What a wheel should not have: tests, what was compiled, what an editor left."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if not name.startswith(("hakawati/", "hakawati-")) or name.endswith(FORBIDDEN):
                yield f"{wheel.name} has {name}"


def pythons() -> Iterator[str]:
    """Every python3.N on the PATH that is new enough and runs."""
    for minor in range(OLDEST[1], NEWEST):
        name = f"python3.{minor}"
        if shutil.which(name) and newer(name):
            yield name


def newer(python: str) -> bool:
    """Whether a Python runs, and is new enough."""
    try:
        asked = f"import sys; sys.exit(sys.version_info < {OLDEST})"
        return subprocess.run([python, "-c", asked], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def tried_on(python: str, wheel: Path, source: Path, folder: Path) -> str:
    """`works`, or what did not: each is installed into an empty environment and makes a book."""
    if not newer(python):
        return "is no Python, or older than 3.11"
    place = folder / "on" / python.strip("/").replace("/", "-")
    try:
        installed = environment(python, place / "environment")
        pip: list[str | Path] = [installed, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--constraint", ROOT / "constraints.txt", wheel])
        for name, what in (("wheel", wheel), ("sdist", source)):
            run([*pip, "--no-deps", "--force-reinstall", what])
            (place / name).mkdir()
            run([installed, "-I", SMOKE, place / name])
    except subprocess.CalledProcessError as error:
        shown = " ".join(map(str, error.cmd))
        return f"failed: {shown}\n{error.stdout}{error.stderr}"
    asked = "import sys; print(*sys.version_info[:3], sep='.')"
    return f"works, wheel and sdist, on {run([installed, '-c', asked]).strip()}"


def environment(python: str | Path, folder: Path) -> Path:
    """The Python of a new, empty environment."""
    run([python, "-m", "venv", folder])
    return folder / "bin" / "python"


def run(command: Sequence[str | Path]) -> str:
    """What a command says. Raises `CalledProcessError`."""
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
