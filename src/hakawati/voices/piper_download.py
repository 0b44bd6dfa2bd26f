"""Downloads Piper's voices from where they are published."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import normalize
from urllib.parse import quote

from hakawati.model import VoiceError, VoiceUnavailableError
from hakawati.voices.fetching import PATIENCE, fetching
from hakawati.voices.piper_model import check
from hakawati.voices.piper_neural import voice_info

_NAME = re.compile(r"[a-z]{2,3}_[A-Z]{2}-\w+-(x_low|low|medium|high)")
_NEARLY = re.compile(
    r"([a-z]{2,3})[-_ ]([a-z]{2})[-_ ](\w+?)(?:[-_ ](x[-_]?low|low|medium|high))?", re.IGNORECASE
)
_LISTED = "all voices can be heard and are named at https://rhasspy.github.io/piper-samples"


def add_voice(name: str, folder: Path) -> Path:
    """Fetch a voice into a folder and return its model, which stands there only when all of it does.

    One that is there and whole is not fetched again. Raises `VoiceUnavailableError` for what is no voice's
    name, cannot be had or arrives damaged; the folder is then as it was.
    """
    name = normalize("NFC", name.strip())
    _check_name(name)
    model, config = folder / f"{name}.onnx", folder / f"{name}.onnx.json"
    if _whole(model, config):
        return model
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".fetched-", dir=folder) as fetched:
            # Quoted, as it becomes a part of an address: pt_PT-tugão-medium.
            _fetch(name, quote(name), Path(fetched))
            new_model, new_config = (Path(fetched) / f"{quote(name)}{end}" for end in (".onnx", ".onnx.json"))
            try:
                voice_info(new_config)
                check(new_model)
            except VoiceError as error:
                raise VoiceUnavailableError(f"“{name}” arrived damaged: {error}", "try again") from error
            new_config.replace(config)
            new_model.replace(model)  # last, since a voice is there when its model is
    except OSError as error:
        raise VoiceUnavailableError(
            f"“{name}” cannot be kept in {folder}: {error.strerror or error}"
        ) from error
    return model


def _check_name(name: str) -> None:
    if _NAME.fullmatch(name):
        return
    nearly = _NEARLY.fullmatch(name)
    if nearly is None:
        hint = f"ar_JO-kareem-medium is one; {_LISTED}"
    else:
        language, country, voice, quality = nearly.groups()
        quality = (quality or "medium").lower().replace("-", "_").replace("xlow", "x_low")
        hint = f"did you mean “{language.lower()}_{country.upper()}-{voice}-{quality}”?"
    raise VoiceUnavailableError(f"“{name}” is no name of a Piper voice", hint)


def _whole(model: Path, config: Path) -> bool:
    try:
        voice_info(config)
        check(model)
    except VoiceError:
        return False
    return True


def _fetch(name: str, quoted: str, folder: Path) -> None:
    """Have Piper fetch a voice's two files. That a file is cut short is not noticed here."""
    from piper.download_voices import download_voice

    unknown = VoiceUnavailableError(f"Piper has no voice “{name}”", _LISTED)
    with fetching(name, unknown), _impatient():
        download_voice(quoted, folder)


@contextmanager
def _impatient() -> Iterator[None]:
    """Within it, a connection on which nothing comes is given up; Piper's own download waits for ever."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
