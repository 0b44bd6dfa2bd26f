"""What it costs to give Arabic to eSpeak NG in phonemes, and not as it is written.

    python benchmarks/phones.py [CHARACTERS]

Sentences that are all different are vowelled, and spoken in both ways, in turns. Seconds are elapsed ones,
since a child process speaks: run it on an idle machine. The first line counts the time for the same text, the
second for the same length of sound; the third is our own part of it.
"""

from __future__ import annotations

import sys
import time
from statistics import median

from hakawati.arabic.alphabets import espeak_mnemonics
from hakawati.arabic.phoneme_input import phoneme_input
from hakawati.arabic.pronunciation import pronunciation
from hakawati.arabic.vowels import diacritize
from hakawati.voices.espeak import Espeak, _file, _say
from long_book import sentences

ROUNDS = 5


def as_written(text: str) -> tuple[float, int]:
    """Seconds, and bytes of sound."""
    begin = time.perf_counter()
    pcm, _, _ = _say((_file("ar"), 160, 50, text, False))
    return time.perf_counter() - begin, len(pcm)


def in_phonemes(text: str) -> tuple[float, int]:
    begin = time.perf_counter()
    speech = Espeak("ar").speak(text)
    return time.perf_counter() - begin, len(speech.pcm)


def main() -> None:
    texts = [diacritize(text) for text in sentences(int(sys.argv[1]) if sys.argv[1:] else 20_000)]
    as_written(texts[0])
    same_text, same_length, own = [], [], []
    for _ in range(ROUNDS):
        pronunciation.cache_clear()
        plain = [0.0, 0.0]
        phonemes = [0.0, 0.0]
        for text in texts:
            for total, spoken in ((plain, as_written(text)), (phonemes, in_phonemes(text))):
                total[0] += spoken[0]
                total[1] += spoken[1]
        same_text.append(phonemes[0] / plain[0])
        same_length.append(phonemes[0] / phonemes[1] / (plain[0] / plain[1]))
        pronunciation.cache_clear()
        begin = time.process_time()
        for text in texts:
            phoneme_input(text, espeak_mnemonics)
        own.append((time.process_time() - begin) / plain[0])
    print(
        f"same text     {median(same_text):.3f} × as written ({min(same_text):.3f} to {max(same_text):.3f})"
    )
    print(f"same length   {median(same_length):.3f} × ({min(same_length):.3f} to {max(same_length):.3f})")
    print(f"phones        {median(own):.3f} of the time that it takes as written")


if __name__ == "__main__":
    main()
