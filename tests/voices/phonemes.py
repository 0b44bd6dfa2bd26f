"""What eSpeak NG says, in the International Phonetic Alphabet."""

from __future__ import annotations

import ctypes
import os
import tempfile

from hakawati.voices.espeak_library import loaded, synthesise

_IPA = 2


def phonemes(text: str, file: str = "sem/ar", *, mnemonics: bool = False) -> str:
    """What is said for a text, clauses on lines; `mnemonics`: there are some in it, between double brackets.

    Asked in a child process, since the library remembers what it said.
    """
    library, rate = loaded()
    with tempfile.NamedTemporaryFile() as trace:
        child = os.fork()
        if child == 0:
            c = ctypes.CDLL(None)
            c.fopen.restype = ctypes.c_void_p
            stream = ctypes.c_void_p(c.fopen(trace.name.encode(), b"w"))
            library.espeak_SetPhonemeTrace(_IPA, stream)
            synthesise(library, rate, file, 450, 50, text, mnemonics)
            c.fclose(stream)
            os._exit(0)
        os.waitpid(child, 0)
        return trace.read().decode().strip()
