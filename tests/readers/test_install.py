"""The installer asks for what is missing, the way this user may, and says what to do where it cannot."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.readers import install, programs

HERE = Path(__file__).parent
APT = """#!/bin/sh
echo "$@" >> {log}
case "$*" in *install*) for name in ebook-meta ebook-convert; do
  printf '#!/bin/sh\\necho 1.0\\n' > {folder}/$name; /bin/chmod +x {folder}/$name
done;; esac
"""
SUDO = """#!/bin/sh
echo "sudo $1" >> {log}
shift
exec "$@"
"""


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the path; what is put there writes its arguments into `log`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("env", "true"):
        (folder / name).symlink_to(f"/usr/bin/{name}")
    monkeypatch.setenv("PATH", str(folder))
    return folder


def put(path: Path, name: str, script: str) -> None:
    (path / name).write_text(script.format(folder=path, log=path / "log"))
    (path / name).chmod(0o755)


def test_where_all_is_here_nothing_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    assert install.main() == 0
    assert capsys.readouterr() == ("", "")


def test_root_asks_the_package_manager(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    put(path, "apt-get", APT)
    install.install_calibre()
    updated, installed = (path / "log").read_text().splitlines()
    assert updated.split()[0] == "update"
    assert installed.split()[:3] == ["install", "--yes", "--no-install-recommends"]
    assert installed.split()[-1] == "calibre"


def test_another_user_asks_it_by_sudo(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    put(path, "apt-get", APT)
    put(path, "sudo", SUDO)
    install.install_calibre()
    assert [line.split()[0] for line in (path / "log").read_text().splitlines()] == [
        *("sudo", "sudo", "update", "sudo", "install")
    ]


def test_a_user_who_may_not_is_told_what_to_install(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    put(path, "apt-get", APT)
    put(path, "sudo", "#!/bin/sh\nexit 1\n")
    with pytest.raises(install.FailedError) as failed:
        install.install_calibre()
    assert str(failed.value).splitlines() == [
        "The tests need calibre.",
        "This user may not ask apt-get to install (not root, and sudo wants a password).",
        "Install calibre by hand (Debian: apt install calibre), so that it is on the PATH.",
    ]


def test_what_the_package_manager_says_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    put(path, "apt-get", '#!/bin/sh\ncase "$*" in *install*) echo "No room left"; exit 100;; esac\n')
    with pytest.raises(install.FailedError, match="No room left"):
        install.install_calibre()


def test_playwright_brings_a_browser_where_the_package_manager_does_not(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browsers = tmp_path / "home" / "browsers"
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(browsers))
    monkeypatch.setattr(programs, "HOME", browsers.parent)
    with sync_playwright() as playwright:
        browser = Path(playwright.chromium.executable_path)
    assert browsers in browser.parents
    # Instead of Python, which would download one:
    script = '#!/bin/sh\necho "$@" > {log}\n/bin/mkdir -p %s\n/bin/cp {folder}/chrome %s\n'
    put(path, "python", script % (browser.parent, browser))
    put(path, "chrome", "#!/bin/sh\necho 'Chromium 150'\n")
    monkeypatch.setattr(sys, "executable", str(path / "python"))
    install.install_chromium()
    assert (path / "log").read_text().split() == ["-m", "playwright", "install", "--no-shell", "chromium"]
    assert programs.chromium().resolve() == browser


def test_a_name_on_the_path_that_only_tells_what_to_install_is_no_program(path: Path) -> None:
    put(path, "chromium", "#!/bin/sh\necho 'Install it by snap' >&2\nexit 1\n")
    assert not programs.runs(path / "chromium")
    put(path, "chromium", "#!/bin/sh\necho 'Chromium 150'\n")
    assert programs.chromium() == path / "chromium"


def test_a_test_that_lacks_a_program_says_how_to_get_it(path: Path) -> None:
    with pytest.raises(
        programs.MissingError, match="calibre’s “ebook-meta” is not here: `make test` installs it"
    ):
        programs.calibre("ebook-meta")


def test_the_lock_pins_every_package_by_its_content_and_by_no_address() -> None:
    wanted = json.loads((HERE / "package.json").read_bytes())["dependencies"]
    packages = json.loads((HERE / "package-lock.json").read_bytes())["packages"]
    assert packages.pop("")["dependencies"] == wanted
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert {name for name, package in packages.items() if not package.get("integrity")} == set()
    assert {name for name, package in packages.items() if "resolved" in package} == set()
