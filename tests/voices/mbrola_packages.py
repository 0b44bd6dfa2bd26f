"""MBROLA and its Arabic voices for the tests: Debian's or Ubuntu's packages, taken apart, and not installed.

    python -m tests.voices.mbrola_packages

They are in parts of the distribution that a system need not have among its sources. So they are fetched by
a list of their own, from the mirror that the system has. Its own sources and packages stay as they are.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".cache" / "mbrola"
PROGRAM = HOME / "usr" / "bin" / "mbrola"
SHARE = HOME / "usr" / "share" / "mbrola"
PACKAGES = ("mbrola", "mbrola-ar1", "mbrola-ar2")
PARTS = {"debian": "contrib non-free", "ubuntu": "universe multiverse"}
"""Of a distribution, where they are."""
BY_HAND = "Where there is Debian or Ubuntu, `make test` fetches it."


class FailedError(Exception):
    """What could not be fetched, and why."""


def database(voice: str) -> Path:
    return SHARE / voice / voice


def path() -> str:
    """The search path with the program on it, which the tests need."""
    if not (PROGRAM.is_file() and all(database(voice).is_file() for voice in ("ar1", "ar2"))):
        raise FailedError(f"MBROLA is not in {HOME}. {BY_HAND}")
    return os.pathsep.join([str(PROGRAM.parent), os.environ.get("PATH", os.defpath)])


def install() -> None:
    """Fetch what is missing. Raises `FailedError`."""
    if PROGRAM.is_file() and all(database(voice).is_file() for voice in ("ar1", "ar2")):
        return
    print(f"Fetching MBROLA into {HOME.relative_to(ROOT)} …")
    HOME.parent.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix=".mbrola-", dir=HOME.parent) as folder:
        root = _taken_apart(Path(folder), _sources())
        shutil.rmtree(HOME, ignore_errors=True)
        root.rename(HOME)


def _sources() -> str:
    """A line for the list of sources: the mirror and the release that the system itself has."""
    if not shutil.which("apt-get"):
        raise FailedError(f"There is no apt-get here, and so no MBROLA for the tests. {BY_HAND}")
    system = platform.freedesktop_os_release()
    name, release = system.get("ID", ""), system.get("VERSION_CODENAME", "")
    told = _run(["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)", "Created-By: Packages"])
    sites = [site for site, its in (line.split(" ", 1) for line in told.splitlines()) if its == release]
    if name not in PARTS or not sites:
        raise FailedError(f"The system's sources name no mirror of {name or 'its'} {release}. {BY_HAND}")
    keys = Path(f"/usr/share/keyrings/{name}-archive-keyring.gpg")
    signed = f"[signed-by={keys}] " if keys.is_file() else ""
    return f"deb {signed}{sites[0]} {release} {PARTS[name]}\n"


def _taken_apart(folder: Path, sources: str) -> Path:
    """The packages' files, below the folder that is returned."""
    state, cache, root, debs = (folder / name for name in ("state", "cache", "root", "debs"))
    for made in (state / "lists" / "partial", cache / "archives" / "partial", root, debs):
        made.mkdir(parents=True)
    (folder / "sources.list").write_text(sources)
    (folder / "status").touch()
    settings = {
        "Dir::Etc::sourcelist": folder / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::State": state,
        "Dir::State::status": folder / "status",
        "Dir::Cache": cache,
        "APT::Sandbox::User": "",
    }
    apt = ["apt-get", *(word for name, value in settings.items() for word in ("-o", f"{name}={value}"))]
    _run([*apt, "update"])
    _run([*apt, "download", *PACKAGES], debs)
    for deb in debs.iterdir():
        _run(["dpkg-deb", "--extract", str(deb), str(root)])
    return root


def _run(command: Sequence[str], folder: Path | None = None) -> str:
    """What it says. Raises `FailedError` with its last words."""
    try:
        done = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise FailedError(f"{command[0]} cannot be run: {error}") from error
    if done.returncode:
        words = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise FailedError(f"MBROLA cannot be fetched ({command[0]}):\n{words}")
    return done.stdout


def main() -> int:
    try:
        install()
    except FailedError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
