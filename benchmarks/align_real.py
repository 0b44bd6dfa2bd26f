"""Measure the aligner on real voices, people's and neural ones: what is found, where, and what is refused.

python benchmarks/align_real.py FOLDER…

A FOLDER has a `recording.wav`, 16-bit mono, and a `set.json`: {"lang": "ar", "sentences": [{"text": …,
"begin": …}]} with vowelled texts, in the order they are read, and when each begins in seconds, or null
where that is not known. None is in the repository; `align-real.md` tells where those measured came from.

Of each set: how many sentences are found, and how far their beginnings are from the known ones; how many of
some sentences are named that stand in the text and are not read, put in between or in others' places, and
how many others are called unread then; and how many are found of the same sentences in another order,
which should be none.
"""

from __future__ import annotations

import argparse
import json
import random
import time
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hakawati.alignment.aligner import align
from hakawati.alignment.results import Alignment, Reference
from hakawati.voices.timing import reference_speech


@dataclass(frozen=True)
class Set:
    """A recording, and what is read in it."""

    name: str
    pcm: bytes
    rate: int
    references: tuple[Reference, ...]
    begins: tuple[float | None, ...]

    @property
    def seconds(self) -> float:
        return len(self.pcm) / 2 / self.rate

    def aligned(self, references: Sequence[Reference]) -> Alignment:
        return align(self.pcm, self.rate, references)


def read(folder: Path) -> Set:
    told = json.loads((folder / "set.json").read_text("utf-8"))
    with wave.open(str(folder / "recording.wav")) as file:
        rate, pcm = file.getframerate(), file.readframes(file.getnframes())
    said = [(reference_speech(s["text"], told["lang"]), s.get("begin")) for s in told["sentences"]]
    spoken = [(made.reference, begin) for made, begin in said if made is not None]
    return Set(folder.name, pcm, rate, tuple(r for r, _ in spoken), tuple(b for _, b in spoken))


def found(aligned: Alignment) -> list[bool]:
    return [sentence.found for sentence in aligned.sentences]


def measured(given: Set) -> str:
    begun = time.process_time()
    aligned = given.aligned(given.references)
    speed = given.seconds / (time.process_time() - begun)
    errors = [
        abs(sentence.begin / given.rate - begin) * 1000
        for sentence, begin in zip(aligned.sentences, given.begins, strict=True)
        if sentence.found and begin is not None
    ]
    onsets = f"{np.median(errors):.0f} / {np.quantile(errors, 0.95):.0f} of {len(errors)}" if errors else "–"
    read_ = found(aligned)
    row = [given.name, f"{given.seconds / 60:.1f}", f"{sum(read_)} of {len(read_)}", onsets]
    return " | ".join([*row, *_unread(given, read_), _disordered(given), f"{speed:.0f}"])


def _unread(given: Set, before: Sequence[bool]) -> list[str]:
    """Sentences of the text that are not read: in others' places, and between them."""
    count = len(given.references)
    some = sorted(random.Random(7).sample(range(count), max(2, min(16, count // 5 * 2))))
    replaced, added = some[::2], some[1::2]
    mixed = list(given.references)
    for k in replaced:
        mixed[k] = given.references[(k + count // 2) % count]
    after = found(given.aligned(mixed))
    others = [k for k in range(count) if k not in replaced]
    told = [sum(not after[k] for k in replaced), sum(before[k] and not after[k] for k in others)]
    longer: list[tuple[int | None, Reference]] = []
    for k, one in enumerate(given.references):
        if k in added:
            longer.append((None, given.references[(k + count // 2) % count]))
        longer.append((k, one))
    after = found(given.aligned([one for _, one in longer]))
    told += [
        sum(not there for (k, _), there in zip(longer, after, strict=True) if k is None),
        sum(before[k] and not there for (k, _), there in zip(longer, after, strict=True) if k is not None),
    ]
    return [f"{told[0]} of {len(replaced)}, {told[1]}", f"{told[2]} of {len(added)}, {told[3]}"]


def _disordered(given: Set) -> str:
    shuffled = random.Random(4).sample(given.references, len(given.references))
    return " + ".join(str(sum(found(given.aligned(other)))) for other in (shuffled, given.references[::-1]))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    print("set | minutes | found | onsets, ms: median / 95 % | replaced: named, others", end=" | ")
    print("not read: named, others | found in another order: shuffled + reversed | × real time")
    for folder in parser.parse_args().folders:
        print(measured(read(folder)), flush=True)


if __name__ == "__main__":
    main()
