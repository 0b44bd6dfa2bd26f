"""The machine's limit: vowels, phones, eSpeak NG and LAME over a long book's sentences, and nothing else.

    python benchmarks/limit.py --characters 360000

Two bare processes, half the sentences each. No reading, no levelling, no word times, no store, no chapter, no
EPUB; eSpeak says one sentence after another in one process, so that clips are not even reproducible.
"""

from __future__ import annotations

import argparse
import ctypes
import multiprocessing
import time

import espeakng_loader
import lameenc

from hakawati.arabic.alphabets import espeak_mnemonics
from hakawati.arabic.phoneme_input import phoneme_input
from hakawati.arabic.vowels import diacritize
from long_book import sentences

UTF8, PHONEMES = 1, 0x100
"""Flags of eSpeak's."""


def bare_loop(texts: list[str], quality: int) -> int:
    """Speak and encode the texts; returns the bytes of MP3 that were made."""
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Initialize(2, 0, espeakng_loader.get_data_path().encode(), 0)
    library.espeak_SetVoiceByName(b"ar")
    library.espeak_SetParameter(1, 160, 0)
    pcm = bytearray()

    def receive(wave: int | None, count: int, _: object) -> int:
        if wave and count:
            pcm.extend(ctypes.string_at(wave, 2 * count))
        return 0

    callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(receive)
    library.espeak_SetSynthCallback(callback)
    made = 0
    for text in texts:
        pcm.clear()
        data = phoneme_input(diacritize(text), espeak_mnemonics).text.encode()
        library.espeak_Synth(data, len(data) + 1, 0, 1, 0, UTF8 | PHONEMES, None, None)
        encoder = lameenc.Encoder()
        encoder.silence()
        encoder.set_channels(1)
        encoder.set_in_sample_rate(22050)
        encoder.set_out_sample_rate(24000)
        encoder.set_bit_rate(64)
        encoder.set_quality(quality)
        made += len(encoder.encode(bytes(pcm))) + len(encoder.flush())
    return made


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--characters", type=int, default=360_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--quality", type=int, default=7, help="LAME's -q")
    given = parser.parse_args()
    texts = sentences(given.characters)
    begin = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(given.processes) as pool:
        halves = [texts[i :: given.processes] for i in range(given.processes)]
        made = sum(pool.starmap(bare_loop, [(half, given.quality) for half in halves]))
    took = time.perf_counter() - begin
    print(f"{len(texts)} sentences, {made / 8000 / 3600:.2f} hours of speech, {took:.1f} s")


if __name__ == "__main__":
    main()
