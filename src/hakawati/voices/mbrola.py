"""MBROLA: Arabic voices made of recorded diphones, where the program and their databases are.

Neither is a part of Hakawati. The program is AGPL-3.0-or-later. Anybody may use a database with it, but
must not sell it, nor put it into anything that is sold, without its owner's permission.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from hakawati.arabic import phones, prosody
from hakawati.arabic.marks import is_arabic
from hakawati.arabic.phrases import phrases
from hakawati.arabic.prosody import Prosody
from hakawati.errors import nearest
from hakawati.model import Speech, Voice, VoiceError, VoiceUnavailableError, Where
from hakawati.voices import Engine
from hakawati.voices.command import Command
from hakawati.voices.espeak_ipa import ipa
from hakawati.voices.mbrola_score import DATABASES, score
from hakawati.voices.options import Options

_PROGRAM = "mbrola"
_DEFAULT = "ar2"
_FORMAT = 1
"""To be raised whenever the same text begins to be given to the program otherwise."""
_SECONDS = 60
"""How long it may take for one text: it speaks some hundred times as fast as one listens."""
_SHARE = Path("/usr/share/mbrola")
_INSTALL = (
    "sudo apt install mbrola mbrola-ar2 (Debian: contrib and non-free; Ubuntu: universe and multiverse);"
    " for macOS and Windows no package is known, and the source is https://github.com/numediart/MBROLA"
)


@dataclass(frozen=True, slots=True)
class Mbrola:
    """A voice with its settings. The same text gives the same speech, always."""

    voice: str
    program: Path
    database: Path
    digests: tuple[str, str]
    """SHA-256 of the program and of the database."""
    speed: float = 1.0
    pitch: int = Prosody().pitch
    """Hz."""

    @property
    def key(self) -> str:
        made = f"{_FORMAT} {self.voice} {' '.join(self.digests)}"
        ours = f"phones={phones.VERSION} prosody={prosody.VERSION}"
        return f"mbrola {made} {ours} speed={self.speed} pitch={self.pitch}"

    @property
    def credit(self) -> str:
        return f"MBROLA ({self.voice})"

    @property
    def where(self) -> Where:
        return "here"

    def speak(self, text: str) -> Speech:
        """Speak a text. A word's onset is the sum of what is before it."""
        _check_unchanged(self.program, self.database, self.digests)
        database = DATABASES[self.voice]
        made = score(phrases(text, ipa), Prosody(self.speed, self.pitch), database)
        if not made.onsets:
            return Speech(b"", database.rate, ())
        run = (str(self.program), str(self.database), "-", "{wav}")
        try:
            pcm, rate = Command(run, "ar", Path.cwd(), _SECONDS).sound(made.text)
        except VoiceUnavailableError as error:
            raise VoiceUnavailableError(str(error), f"install another: {_INSTALL}") from None
        last = len(pcm) // 2
        return Speech(pcm, rate, tuple((offset, min(ms * rate // 1000, last)) for offset, ms in made.onsets))


def make(lang: str, options: Mapping[str, object], project: Path) -> Voice:  # noqa: ARG001
    """A voice from `{voice, speed, pitch}`."""
    chosen = Options("mbrola", options, {"voice": str, "speed": float, "pitch": int})
    voice = chosen.text("voice", _DEFAULT)
    speed = chosen.number("speed", 1, 0.5, 2)
    pitch = chosen.whole("pitch", Prosody().pitch, 60, 250, "Hz")
    if voice not in DATABASES:
        raise VoiceError(f"mbrola has no voice “{voice}”; {nearest(voice, DATABASES)}")
    if not is_arabic(lang):
        raise VoiceError(f"mbrola speaks Arabic alone here, and “{lang}” is another language")
    program = _program()
    if program is None:
        raise VoiceUnavailableError(f"there is no program “{_PROGRAM}” here", f"install it: {_INSTALL}")
    database = _database(voice)
    if database is None:
        raise VoiceUnavailableError(
            f"the voice “{voice}” is not installed",
            f"hakawati voices add {voice}; on Debian and Ubuntu: sudo apt install mbrola-{voice}",
        )
    return Mbrola(voice, program, database, (_digest(program), _digest(database)), speed, pitch)


def voices_folder() -> Path:
    """Where the databases are that `hakawati voices add` fetched."""
    from platformdirs import user_data_path

    return user_data_path("hakawati") / "mbrola"


def voices() -> Mapping[str, str]:
    """The voices that are installed."""
    return {name: "Arabic, a man" for name in DATABASES if _database(name)}


def ready() -> str:
    """The command that installs what is missing."""
    if _program() is None:
        return _INSTALL
    return "" if voices() else f"hakawati voices add {_DEFAULT}"


def _program() -> Path | None:
    found = shutil.which(_PROGRAM)
    return Path(found).absolute() if found else None


def _database(voice: str) -> Path | None:
    return next((file for file in _places(voice) if file.is_file()), None)


def _places(voice: str) -> Iterator[Path]:
    """Where a database may be: ours, where packages put it, and where the program was built with a prefix."""
    yield voices_folder() / voice / voice
    program = _program()
    for share in (program.resolve().parents[1] / "share" / "mbrola" if program else _SHARE, _SHARE):
        yield share / voice / voice


def _digest(file: Path) -> str:
    try:
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise VoiceUnavailableError(f"{file} cannot be read: {error.strerror}") from error


@lru_cache(maxsize=4)
def _check_unchanged(program: Path, database: Path, digests: tuple[str, str]) -> None:
    """Raise `VoiceUnavailableError` where these files have changed: clips are kept under their digests."""
    if (_digest(program), _digest(database)) != digests:
        raise VoiceUnavailableError("mbrola was changed while the book was made", "make it again")


ENGINE = Engine(
    "mbrola",
    "MBROLA: Arabic out of recorded diphones, offline. The program is AGPL-3; its voices are free to use"
    " with it, and must not be sold, nor be in anything that is sold (docs/voices.md: and your MP3s?)",
    make,
    voices,
    ready,
    more=f"hakawati voices add {_DEFAULT}",
    speeds=True,
)
