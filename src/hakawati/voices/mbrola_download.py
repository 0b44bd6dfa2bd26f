"""Fetches MBROLA's Arabic voices from where they are published."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from hakawati.model import VoiceUnavailableError
from hakawati.voices.fetching import PATIENCE, fetching
from hakawati.voices.mbrola_score import DATABASES

_ADDRESS = (
    "https://raw.githubusercontent.com/numediart/MBROLA-voices/"
    "fe05a0ccef6a941207fd6aaad0b31294a1f93a51/data/{voice}/{file}"
)
_LICENCE = "license.txt"
_LARGEST = 20_000_000
"""Bytes of a file; a database has 6,700,000."""


def add_voice(name: str, folder: Path) -> Path:
    """Fetch a database with its licence into a folder, and return it; it is there only when all of it is.

    One that is there and whole is not fetched again. Raises `VoiceUnavailableError` for what cannot be had or
    arrives otherwise than it was published; the folder is then as it was.
    """
    database = folder / name / name
    if database.is_file() and hashlib.sha256(database.read_bytes()).hexdigest() == DATABASES[name].sha256:
        return database
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".fetched-", dir=folder) as fetched:
            licence, content = Path(fetched) / _LICENCE, Path(fetched) / name
            licence.write_bytes(_fetch(name, _LICENCE))
            content.write_bytes(_fetch(name, name))
            if hashlib.sha256(content.read_bytes()).hexdigest() != DATABASES[name].sha256:
                raise VoiceUnavailableError(
                    f"“{name}” arrived damaged: its SHA-256 is not that of what was published", "try again"
                )
            database.parent.mkdir(exist_ok=True)
            licence.replace(database.with_name(_LICENCE))
            content.replace(database)  # last, since a voice is there when its database is
    except OSError as error:
        raise VoiceUnavailableError(
            f"“{name}” cannot be kept in {folder}: {error.strerror or error}"
        ) from error
    return database


def _fetch(name: str, file: str) -> bytes:
    """One of a voice's files. Raises `VoiceUnavailableError`."""
    gone = VoiceUnavailableError(f"“{name}” is not where it was", "install Hakawati's newest version")
    with (
        fetching(name, gone),
        urlopen(_ADDRESS.format(voice=name, file=file), timeout=PATIENCE) as answer,
    ):
        content: bytes = answer.read(_LARGEST)
    return content
