"""eSpeak NG, in process: the embedded voice. Library and data come in espeakng-loader's wheel.

The library carries state from one call to the next, so that the same text said twice differs. Only what is
spoken first after loading is always the same; therefore every text is spoken by a fork of a process in which
the library is loaded and has said nothing, or, where there is no fork, by a library loaded anew.
"""

from __future__ import annotations

import ctypes
import os
import pickle
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from hakawati.errors import nearest
from hakawati.model import Speech, Voice, VoiceError
from hakawati.voices.espeak_arabic import respell

# speak_lib.h
_SYNCHRONOUS, _DONT_EXIT = 2, 0x8000
_CHARACTERS, _UTF8, _END_PAUSE = 1, 1, 0x1000
_RATE, _PITCH = 1, 3
_LIST_TERMINATED, _WORD = 0, 1


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


class _VoiceRecord(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),  # a rank in a byte, a tag and a nought; another; a nought
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True, slots=True)
class Espeak:
    """An eSpeak NG voice with its settings."""

    voice: str
    """A voice's name as `hakawati voices` lists it, with a variant if wanted: `en-us+f3`."""
    rate: int = 160
    """Words a minute."""
    pitch: int = 50
    """0 to 99."""

    @property
    def key(self) -> str:
        return f"espeak {version('espeakng-loader')} {self.voice} rate={self.rate} pitch={self.pitch}"

    @property
    def credit(self) -> str:
        return f"eSpeak NG ({self.voice})"

    def speak(self, text: str) -> Speech:
        """Speak a text; the marks are eSpeak's own, one for each word it says."""
        arabic = self.voice.split("+")[0].split("-")[0] == "ar"
        respelt, origins = respell(text) if arabic else (text, None)
        pcm, rate, marks = _isolated(self, respelt)
        if origins is not None:
            marks = [(origins(offset), sample) for offset, sample in marks]
        return Speech(pcm, rate, tuple(marks))


def make(lang: str, options: Mapping[str, object]) -> Voice:
    """An eSpeak voice from `{voice, rate, pitch}`; `voice` is the language's own where it is not given."""
    known = {"voice": str, "rate": int, "pitch": int}
    for name, value in options.items():
        if name not in known:
            raise VoiceError(f"espeak has no option “{name}”; {nearest(name, known)}")
        if type(value) is not known[name]:  # YAML's `true` is an int to Python
            wanted = "text" if known[name] is str else "a whole number"
            raise VoiceError(f"espeak's “{name}” should be {wanted}, not “{value}”")
    voice = str(options.get("voice", _nearest_tag(lang)))
    rate, pitch = int(str(options.get("rate", 160))), int(str(options.get("pitch", 50)))
    if not 80 <= rate <= 450:
        raise VoiceError(f"espeak's “rate” goes from 80 to 450 words a minute, and {rate} does not")
    if not 0 <= pitch <= 99:
        raise VoiceError(f"espeak's “pitch” goes from 0 to 99, and {pitch} does not")
    _file(voice)
    return Espeak(voice, rate, pitch)


def _file(voice: str) -> str:
    """What eSpeak itself calls a voice: of its tags, it knows but a few. Raises `VoiceError`."""
    base, plus, variant = voice.partition("+")
    if base not in voices():
        raise VoiceError(f"espeak has no voice “{base}”; {nearest(base, voices())}")
    if plus and variant not in _variants():
        raise VoiceError(f"espeak has no variant “{variant}”; {nearest(variant, _variants())}")
    return _known()[base][1] + plus + variant


def _nearest_tag(lang: str) -> str:
    """The tag that eSpeak knows for a language: `pt-br` for pt-BR, `ar` for ar-EG."""
    tag = lang.lower()
    while tag not in voices() and "-" in tag:
        tag = tag.rpartition("-")[0]
    return tag


def voices() -> Mapping[str, str]:
    """Every voice by its language tags, with its name."""
    return {tag: name for tag, (name, _) in _known().items()}


@cache
def _known() -> Mapping[str, tuple[str, str]]:
    """Names and files of the voices, by tag; where several share one, the first in rank."""
    known: dict[str, tuple[str, str]] = {}
    with _library() as (library, _):
        for tag, _rank, name, file in sorted(_listed(library), key=lambda v: v[:2]):
            known.setdefault(tag, (name, file))
    return known


@cache
def _variants() -> frozenset[str]:
    from pathlib import Path

    return frozenset(p.name for p in (Path(_data_path()) / "voices" / "!v").iterdir())


def _listed(library: ctypes.CDLL) -> Iterator[tuple[str, int, str, str]]:
    """Each voice's tags, with the rank it claims for each, low before high, and its name and file."""
    library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_VoiceRecord))
    for record in library.espeak_ListVoices(None):
        if not record:
            return
        voice = record.contents
        name, file = voice.name.decode().replace("_", " "), voice.identifier.decode()
        if file.startswith("mb/"):  # MBROLA's voices are not in the wheel
            continue
        at = voice.languages
        while rank := ctypes.c_ubyte.from_address(at).value:
            tag = ctypes.string_at(at + 1)
            yield tag.decode().lower(), rank, name, file
            at += len(tag) + 2


def _data_path() -> str:
    import espeakng_loader

    return str(espeakng_loader.get_data_path())


@cache
def _loaded() -> tuple[ctypes.CDLL, int]:
    """The library, initialised and silent, and its sampling rate; kept for the process."""
    return _load()


def _load() -> tuple[ctypes.CDLL, int]:
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, _data_path().encode(), _DONT_EXIT)
    if rate <= 0:
        raise VoiceError("eSpeak NG does not start; install Hakawati anew")
    return library, rate


@contextmanager
def _library() -> Iterator[tuple[ctypes.CDLL, int]]:
    """The library, initialised and silent: where there is no fork to keep it so, loaded for this once."""
    if hasattr(os, "fork"):
        yield _loaded()
        return
    import _ctypes

    library, rate = _load()
    try:
        yield library, rate
    finally:
        library.espeak_Terminate()
        close = vars(_ctypes).get("dlclose") or vars(_ctypes)["FreeLibrary"]
        close(library._handle)


_Sound = tuple[bytes, int, list[tuple[int, int]]]


def _isolated(voice: Espeak, text: str) -> _Sound:
    file = _file(voice.voice)
    with _library() as (library, rate):
        speak = _in_fork if hasattr(os, "fork") else _synthesise
        return speak(library, rate, voice, file, text)


def _in_fork(library: ctypes.CDLL, rate: int, voice: Espeak, file: str, text: str) -> _Sound:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:  # never returns: whatever happens here must not run the parent's code twice
        with suppress(BaseException):
            os.close(reading)
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(_synthesise(library, rate, voice, file, text), pipe, pickle.HIGHEST_PROTOCOL)
            os._exit(0)
        os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(child, 0)
    if status != 0:
        raise VoiceError(f"eSpeak NG broke off ({_cause(status)}) at “{text[:80]}”")
    sound: _Sound = pickle.loads(data)
    return sound


def _cause(status: int) -> str:
    return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"status {os.WEXITSTATUS(status)}"


def _synthesise(library: ctypes.CDLL, rate: int, voice: Espeak, file: str, text: str) -> _Sound:
    pcm = bytearray()
    marks: list[tuple[int, int]] = []

    def receive(wave: int | None, count: int, events: object) -> int:
        if wave and count:
            pcm.extend(ctypes.string_at(wave, 2 * count))
        i = 0
        while (event := events[i]).type != _LIST_TERMINATED:  # type: ignore[index]
            if event.type == _WORD:
                marks.append((event.text_position - 1, event.sample))
            i += 1
        return 0

    callback = _Callback(receive)
    library.espeak_SetSynthCallback(callback)
    if library.espeak_SetVoiceByName(file.encode()) != 0:
        raise VoiceError(f"eSpeak NG cannot load its voice “{file}”")
    library.espeak_SetParameter(_RATE, voice.rate, 0)
    library.espeak_SetParameter(_PITCH, voice.pitch, 0)
    data = text.encode()
    library.espeak_Synth(data, len(data) + 1, 0, _CHARACTERS, 0, _UTF8, None, None)
    return bytes(pcm), rate, marks
