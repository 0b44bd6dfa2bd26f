"""The vowels by libtashkeel, which piper-tts carries: in place of the rawi models where these are missing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import cast

LIMIT = 2_000
"""Characters given to the model at once: its time grows with their square, and it takes 12,000 at most."""


def diacritize(text: str) -> str:
    """Add vowel marks to Arabic text; of a few signs it has no notion, and leaves them out."""
    if len(text) <= LIMIT:
        return model()(text)
    cut = text.rfind(" ", 0, LIMIT)
    if cut < 0:
        return text
    return f"{model()(text[:cut])} {diacritize(text[cut + 1 :])}"


@cache
def model() -> Callable[[str], str]:
    """The model, loaded by the first Arabic utterance and kept for the process.

    It gets one thread: there is a process for each core already.
    """
    from onnxruntime import InferenceSession, SessionOptions
    from piper import tashkeel

    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep what the longest sentence needed

    model = tashkeel.TashkeelDiacritizer()
    model.session = InferenceSession(tashkeel.TASHKEEL_DIR / "model.onnx", options)
    return cast("Callable[[str], str]", model)
