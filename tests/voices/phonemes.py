"""What eSpeak NG says, in its own phonemes."""

from __future__ import annotations

import ctypes
import os

from hakawati.voices.espeak_library import loaded

_UTF8, _IPA = 1, 2


def phonemes(text: str, file: str = "sem/ar") -> str:
    """Asked in a child process, since the library remembers what it said."""
    library, _ = loaded()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        library.espeak_SetVoiceByName(file.encode())
        pointer = ctypes.c_char_p(text.encode())
        os.write(writing, library.espeak_TextToPhonemes(ctypes.byref(pointer), _UTF8, _IPA))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said
