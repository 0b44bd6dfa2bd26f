"""Install what the tests read books with, beyond what pip brings; in a moment where all of it is here.

    python -m tests.readers.install

npm packages as `package-lock.json` has them; Chromium, calibre, MuPDF and FFmpeg by the system's package
manager where this user may ask it, Chromium else by Playwright. Exits with 1 and says what to do by hand
where it cannot.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.readers import programs

WANTED = [Path(__file__).with_name(name) for name in ("package.json", "package-lock.json")]
CALIBRE = ("ebook-meta", "ebook-convert")


class FailedError(Exception):
    """What could not be installed, and why."""


def main() -> int:
    failed = 0
    for install in (install_packages, install_chromium, install_calibre, install_mupdf, install_ffmpeg):
        try:
            install()
        except FailedError as error:
            failed = 1
            print(error, file=sys.stderr)
    return failed


def install_packages() -> None:
    """Those of the lock, exactly, and only when it is another one than was installed."""
    mark = programs.HOME / "node_modules" / ".from"  # `npm ci` begins by removing the folder
    lock = hashlib.sha256(b"".join(file.read_bytes() for file in WANTED)).hexdigest()
    if mark.exists() and mark.read_text() == lock:
        return
    print(f"Installing npm packages into {programs.HOME.relative_to(programs.ROOT)} …")
    programs.HOME.mkdir(parents=True, exist_ok=True)
    for file in WANTED:
        shutil.copy(file, programs.HOME)
    # Nothing here needs a package's own install script: Puppeteer's would download a browser.
    command = [programs.node(), programs.npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    _run([*map(str, command), "--loglevel=error"], "The npm packages cannot be installed", programs.HOME)
    mark.write_text(lock)


def install_chromium() -> None:
    _install("Chromium", "chromium", programs.chromium, or_else=[_chromium_by_playwright])


def install_calibre() -> None:
    def here() -> None:
        for name in CALIBRE:
            programs.calibre(name)

    _install("calibre", "calibre", here)


def install_mupdf() -> None:
    _install("MuPDF", "mupdf-tools", programs.mutool)


def install_ffmpeg() -> None:
    _install("FFmpeg", "ffmpeg", programs.ffprobe)


def _install(
    what: str, package: str, here: Callable[[], object], or_else: Sequence[Callable[[], None]] = ()
) -> None:
    if _is_here(here):
        return
    print(f"Installing {what} …")
    reasons = []
    for way in (lambda: _by_apt(package), *or_else):
        try:
            way()
        except FailedError as error:
            reasons.append(str(error))
        if _is_here(here):
            return
    reasons.append(f"Install {what} by hand (Debian: apt install {package}), so that it is on the PATH.")
    raise FailedError("\n".join([f"The tests need {what}.", *reasons]))


def _is_here(here: Callable[[], object]) -> bool:
    try:
        here()
    except programs.MissingError:
        return False
    return True


def _by_apt(package: str) -> None:
    apt = [*_as_root(), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    patient = ["-o", "DPkg::Lock::Timeout=600"]
    _run([*apt, "update", *patient], "apt-get cannot update its lists")
    install = [*apt, "install", "--yes", "--no-install-recommends", *patient, package]
    _run(install, f"apt-get cannot install {package}")


def _as_root() -> Sequence[str]:
    """What lets this user ask the package manager; raises `FailedError` where nothing does."""
    if not shutil.which("apt-get"):
        raise FailedError("There is no apt-get here.")
    if os.geteuid() == 0:
        return ()
    sudo = ("sudo", "-n")
    if (
        shutil.which("sudo")
        and not subprocess.run([*sudo, "true"], capture_output=True, check=False).returncode
    ):
        return sudo
    raise FailedError("This user may not ask apt-get to install (not root, and sudo wants a password).")


def _chromium_by_playwright() -> None:
    """A browser of Playwright's own, beside the npm packages."""
    from playwright.sync_api import sync_playwright

    os.environ["PLAYWRIGHT_BROWSERS_PATH"] = str(programs.HOME / "browsers")
    command = [sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]
    _run(command, "Playwright cannot download Chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.executable_path
    link = programs.HOME / "chromium"
    link.unlink(missing_ok=True)
    link.symlink_to(found)


def _run(command: Sequence[str], failure: str, folder: Path | None = None) -> None:
    """Run it to its end; raises `FailedError` with its last words."""
    try:
        done = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise FailedError(f"{failure}: {error}") from error
    if done.returncode:
        words = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise FailedError(f"{failure}:\n{words}")


if __name__ == "__main__":
    sys.exit(main())
