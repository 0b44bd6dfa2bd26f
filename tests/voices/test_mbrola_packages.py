"""The tests' own MBROLA is fetched without a change to the system, or it is said why it cannot be."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

from tests.voices import mbrola_packages

APT = """#!/bin/sh
case "$*" in
*indextargets*) echo "http://mirror.test/other sid"; echo "http://mirror.test/debian bookworm";;
*update*) for word; do case "$word" in Dir::Etc::sourcelist=*) /bin/cat "${word#*=}" > %s;; esac; done;;
*download*) echo "no way" >&2; exit 100;;
esac
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty place for it, and a path with nothing on it; returns the folder of the path."""
    monkeypatch.setattr(mbrola_packages, "ROOT", tmp_path)
    monkeypatch.setattr(mbrola_packages, "HOME", tmp_path / ".cache" / "mbrola")
    monkeypatch.setattr(mbrola_packages, "PROGRAM", tmp_path / "none")
    monkeypatch.setattr(
        platform, "freedesktop_os_release", lambda: {"ID": "debian", "VERSION_CODENAME": "bookworm"}
    )
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def test_what_is_here_is_not_fetched_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert mbrola_packages.main() == 0
    assert capsys.readouterr() == ("", "")


def test_its_sources_are_of_the_mirror_that_the_system_has(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = home / "asked"
    (home / "apt-get").write_text(APT % asked)
    (home / "apt-get").chmod(0o755)
    assert mbrola_packages.main() == 1
    assert capsys.readouterr().err == "MBROLA cannot be fetched (apt-get):\nno way\n"
    kind, *_, address, release, first, second = asked.read_text().split()
    assert (kind, address, release) == ("deb", "http://mirror.test/debian", "bookworm")
    assert (first, second) == ("contrib", "non-free")
    assert list((home.parent / ".cache").iterdir()) == []


def test_without_apt_it_says_what_to_do(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert mbrola_packages.main() == 1
    assert capsys.readouterr().err.startswith("There is no apt-get here, and so no MBROLA for the tests.")
    with pytest.raises(mbrola_packages.FailedError, match="`make test` fetches it"):
        mbrola_packages.path()
