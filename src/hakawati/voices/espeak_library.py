"""eSpeak NG's library, through ctypes. Library and data come in espeakng-loader's wheel."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from hakawati.model import VoiceError

# speak_lib.h
_SYNCHRONOUS, _DONT_EXIT = 2, 0x8000
_CHARACTERS, _UTF8, _PHONEMES = 1, 1, 0x100
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


Sound = tuple[bytes | bytearray, int, list[tuple[int, int]]]
"""PCM, its rate in Hz, and for each word its (character offset, sample)."""


def data_path() -> str:
    """Where the dictionaries and voices are."""
    import espeakng_loader

    return str(espeakng_loader.get_data_path())


@cache
def loaded() -> tuple[ctypes.CDLL, int]:
    """The library, initialised, and its sampling rate; kept for the process."""
    return _load()


def _load() -> tuple[ctypes.CDLL, int]:
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, data_path().encode(), _DONT_EXIT)
    if rate <= 0:
        raise VoiceError("eSpeak NG does not start; reinstall Hakawati")
    return library, rate


@contextmanager
def newly_loaded() -> Iterator[tuple[ctypes.CDLL, int]]:
    """The library loaded for this once: it has said nothing yet. Not while `loaded` has it."""
    import _ctypes

    library, rate = _load()
    try:
        yield library, rate
    finally:
        library.espeak_Terminate()
        close = vars(_ctypes).get("dlclose") or vars(_ctypes)["FreeLibrary"]
        close(library._handle)


def listed(library: ctypes.CDLL) -> Iterator[tuple[str, int, str, str]]:
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


def synthesise(
    library: ctypes.CDLL, rate: int, file: str, speed: int, pitch: int, text: str, phonemes: bool
) -> Sound:
    """Say a text with a voice's file. The library is another one afterwards: see `espeak_speaker`.

    `phonemes`: what is between double brackets in the text is phonemes, in eSpeak's mnemonics.
    """
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
    library.espeak_ng_SetRandSeed(ctypes.c_long(1))  # its noise, a whisper's breath, is seeded by the clock
    if library.espeak_SetVoiceByName(file.encode()) != 0:
        raise VoiceError(f"eSpeak NG cannot load its voice “{file}”")
    library.espeak_SetParameter(_RATE, speed, 0)
    library.espeak_SetParameter(_PITCH, pitch, 0)
    data = text.encode()
    flags = _UTF8 | (_PHONEMES if phonemes else 0)
    library.espeak_Synth(data, len(data) + 1, 0, _CHARACTERS, 0, flags, None, None)
    return pcm, rate, marks
