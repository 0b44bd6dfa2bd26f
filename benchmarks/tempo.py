"""Measure `narration.tempo` beside others: how like itself speech is that was made slower or faster.

PYTHONPATH=. python benchmarks/tempo.py WAV… [--speeds 0.8 1.25]

Needs python-stretch (Signalsmith Stretch, a phase vocoder), PyAV (FFmpeg's atempo, WSOLA), and an eSpeak NG
whose library exports Sonic. The WAVs are speech, of 40 s or less; eSpeak's Arabic is measured besides.
tempo.md has results.

Every 10 ms of the original is compared with the same moment of what was made: where `Tempo.heard` says it is,
or, since the others do not say, at its time divided by the speed.
"""

from __future__ import annotations

import argparse
import ctypes
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from importlib import import_module

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from tests.narration.hearing import pitches

from hakawati.model import SAMPLE_RATE
from hakawati.narration.tempo import Tempo
from narrations import Condition, narrate, texts

Samples = NDArray[np.float64]
Heard = Callable[[Samples], Samples]
"""Sample of the original → sample of what was made."""
Maker = Callable[[Samples, float], tuple[Samples, Heard]]
SPEEDS = (0.5, 0.65, 0.8, 0.9, 1.25, 1.6, 2.0)
MS = SAMPLE_RATE / 1000


def ours(sound: Samples, speed: float) -> tuple[Samples, Heard]:
    tempo = Tempo(speed)
    made = np.frombuffer(b"".join(tempo.passing([_pcm(sound).tobytes()])), "<i2") / 32767
    return made, lambda at: np.array(tempo.positions(np.rint(at).astype(int).tolist()), float)


def signalsmith(sound: Samples, speed: float) -> tuple[Samples, Heard]:
    stretch = import_module("python_stretch").Signalsmith.Stretch(1)
    stretch.preset(1, float(SAMPLE_RATE))
    stretch.setTimeFactor(float(speed))
    made = stretch.process(sound.astype(np.float32)[None])[0]
    return made.astype(np.float64), lambda at: at / speed


def atempo(sound: Samples, speed: float) -> tuple[Samples, Heard]:
    import av

    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=SAMPLE_RATE, format="s16", layout="mono", time_base=Fraction(1, SAMPLE_RATE)
    )
    changer, sink = graph.add("atempo", str(speed)), graph.add("abuffersink")
    source.link_to(changer)
    changer.link_to(sink)
    graph.configure()
    made = []

    def push(frame: av.AudioFrame | None) -> None:
        graph.push(frame)
        while True:
            try:
                made.append(graph.pull().to_ndarray()[0].copy())
            except (av.BlockingIOError, av.EOFError):
                return

    pcm = _pcm(sound)
    for at in range(0, len(pcm), 4096):
        frame = av.AudioFrame.from_ndarray(pcm[None, at : at + 4096], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, at, Fraction(1, SAMPLE_RATE)
        push(frame)
    push(None)
    return np.concatenate(made) / 32767, lambda at: at / speed


def sonic(sound: Samples, speed: float) -> tuple[Samples, Heard]:
    library = ctypes.CDLL(import_module("espeakng_loader").get_library_path())
    library.sonicCreateStream.restype = ctypes.c_void_p
    stream = ctypes.c_void_p(library.sonicCreateStream(SAMPLE_RATE, 1))
    library.sonicSetSpeed(stream, ctypes.c_float(speed))
    pcm, room, made = _pcm(sound), np.zeros(1 << 16, "<i2"), []
    library.sonicWriteShortToStream(stream, ctypes.c_void_p(pcm.ctypes.data), len(pcm))
    library.sonicFlushStream(stream)
    while count := library.sonicReadShortFromStream(stream, ctypes.c_void_p(room.ctypes.data), len(room)):
        made.append(room[:count].copy())
    library.sonicDestroyStream(stream)
    return np.concatenate(made) / 32767, lambda at: at / speed


MAKERS: dict[str, Maker] = {
    "tempo": ours,
    "Sonic": sonic,
    "Signalsmith": signalsmith,
    "atempo": atempo,
}


def _pcm(sound: Samples) -> NDArray[np.int16]:
    return np.clip(np.rint(sound * 32767), -32768, 32767).astype("<i2")


def _around(sound: Samples, centres: Samples, size: int) -> Samples:
    padded = np.concatenate([np.zeros(size), sound, np.zeros(size)])
    begins = np.clip(np.rint(centres).astype(int), 0, len(sound)) + size - size // 2
    found: Samples = np.lib.stride_tricks.sliding_window_view(padded, size)[begins]
    return found


def _bands(sound: Samples, centres: Samples, size: int) -> Samples:
    """(moments, 32): dB in bands of equal width in mel, 100 to 8,000 Hz."""
    power = np.abs(np.fft.rfft(_around(sound, centres, size) * np.hanning(size), 1024)) ** 2
    mel = 2595 * np.log10(1 + np.fft.rfftfreq(1024, 1 / SAMPLE_RATE) / 700)
    edges = np.linspace(150.5, 2840, 34)
    step = edges[1] - edges[0]
    rising, falling = (mel - edges[:-2, None]) / step, (edges[2:, None] - mel) / step
    found: Samples = 10 * np.log10(power @ np.maximum(0, np.minimum(rising, falling)).T + 1e-7)
    return found


def _decibels(sound: Samples, centres: Samples) -> Samples:
    found: Samples = 10 * np.log10((_around(sound, centres, 720) ** 2).mean(axis=1) + 1e-9)
    return found


def measured(sound: Samples, made: Samples, speed: float, heard: Heard) -> list[float]:
    at = np.arange(0.05 * SAMPLE_RATE, len(sound) - 0.05 * SAMPLE_RATE, 10 * MS)
    there = heard(at)
    before, after = pitches(sound, at), pitches(made, there)
    both = (before > 0) & (after > 0)
    off = np.abs(100 * (after[both] / before[both] - 1))
    near = off < 20  # else an octave: the measure's fault, or a voice's that breaks
    louder = _decibels(made, there) - _decibels(sound, at)
    speech = _decibels(sound, at) > _decibels(sound, at).max() - 30
    original = np.maximum(_bands(sound, at[speech], 480), _bands(sound, at, 480).max() - 50)
    shifts = (_bands(made, there[speech] + shift * MS, 480) for shift in (-10, -5, 0, 5, 10))
    differing = [np.abs(original - np.maximum(b, original.max() - 50)).mean(axis=1) for b in shifts]
    late = np.abs(_late(sound, made, heard))
    twice, attacks = _twice(sound, made, heard)
    return [
        100 * (len(made) * speed / len(sound) - 1),
        float(np.median(off[near])),
        float(np.quantile(off[near], 0.9)),
        float(np.quantile(np.abs(louder[speech]), 0.95)),
        float(np.min(differing, axis=0).mean()),
        float(np.median(late)),
        float(np.quantile(late, 0.95)),
        100 * twice / max(1, attacks),
    ]


def _late(sound: Samples, made: Samples, heard: Heard) -> Samples:
    """How much later than told, in ms, each 200 ms of what was made sounds like its moment, by its bands."""
    original = np.arange(0, len(sound) + 1, MS)
    to = np.arange(0, len(made), 2.5 * MS)
    when = np.interp(to, heard(original) + 1e-6 * np.arange(len(original)), original)
    wanted, got = _bands(sound, when, 240), _bands(made, to, 240)
    floor = wanted.max() - 60
    wanted, got = np.maximum(wanted, floor), np.maximum(got, floor)
    found = []
    for i in range(24, len(to) - 104, 40):
        part = wanted[i : i + 80] - wanted[i : i + 80].mean(axis=0)
        if part.std(axis=0).mean() < 5:
            continue
        others = [got[i + o : i + o + 80] - got[i + o : i + o + 80].mean(axis=0) for o in range(-24, 25)]
        fit = [(part * o).sum() / np.sqrt((part**2).sum() * (o**2).sum() + 1e-9) for o in others]
        found.append((int(np.argmax(fit)) - 24) * 2.5)
    return np.array(found)


def _twice(sound: Samples, made: Samples, heard: Heard) -> tuple[int, int]:
    """How many sudden attacks are heard a moment before, too, and how many there are."""
    old, new = _attack(sound), _attack(made)
    loud = 0.12 * np.quantile(old, 0.999)
    at = 60
    twice = attacks = 0
    while at < len(old) - 60:
        if (peak := old[at : at + 4].max()) > loud and peak > 4 * old[at - 25 : at - 3].max():
            at += int(old[at : at + 4].argmax())
            there = round(float(heard(np.array([at * MS]))[0] / MS))
            shape = old[at - 15 : at + 15]
            fits = [
                (shape * new[t - 15 : t + 15]).sum() / np.linalg.norm(new[t - 15 : t + 15])
                if 18 <= t < len(new) - 15
                else -1.0
                for t in range(there - 30, there + 31)
            ]
            there += int(np.argmax(fits)) - 30
            early = new[max(0, there - 18) : there - 4].max() / new[there - 2 : there + 4].max()
            was = old[at - 18 : at - 4].max() / old[at - 2 : at + 4].max()
            twice += bool(early > max(0.35, 2 * was))
            attacks += 1
            at += 40
        else:
            at += 1
    return twice, attacks


def _attack(sound: Samples) -> Samples:
    """The size of what is above 1,500 Hz, for each ms."""
    padded = np.pad(sound, (0, -len(sound) % SAMPLE_RATE))
    spectrum = np.fft.rfft(padded)
    spectrum[np.fft.rfftfreq(len(padded), 1 / SAMPLE_RATE) < 1500] = 0
    power = np.convolve(np.fft.irfft(spectrum, len(padded)) ** 2, np.hanning(50) / 25, "same")
    found: Samples = np.sqrt(np.maximum(power[:: int(MS)], 1e-12))
    return found


def _read(path: str) -> Samples:
    samples, rate = soundfile.read(path, dtype="float64", always_2d=True)
    return np.asarray(soxr.resample(samples.mean(axis=1), rate, SAMPLE_RATE))


def _spoken(voice: str) -> Samples:
    said = list(enumerate(texts(4)[:3]))
    made = narrate([(n, text) for n, text in said], len(said), Condition(voice, voice))
    return np.asarray(soxr.resample(np.frombuffer(made.pcm, "<i2") / 32768, made.rate, SAMPLE_RATE))


def main(paths: Sequence[str], speeds: Sequence[float]) -> None:
    sounds = [_spoken("ar"), _spoken("ar+f2"), *map(_read, paths)]
    print("| speed | by | length, % | pitch, %: median / 90 % | loudness, dB, 95 % | spectrum, dB ", end="")
    print("| time, ms: median / 95 % | attacks heard twice, % | ms for a second |")
    print("|---|---|---|---|---|---|---|---|---|")
    for speed in speeds:
        for name, make in MAKERS.items():
            rows, spent, seconds = [], 0.0, 0.0
            for sound in sounds:
                begun = time.process_time()
                made, heard = make(sound, speed)
                spent += time.process_time() - begun
                seconds += len(sound) / SAMPLE_RATE
                rows.append(measured(sound, made, speed, heard))
            size, low, high, loud, bands, late, latest, twice = np.mean(rows, axis=0)
            cells = f"{size:.2f} | {low:.2f} / {high:.2f} | {loud:.1f} | {bands:.2f}"
            print(f"| {speed} | {name} | {cells} | {late:.1f} / {latest:.1f} | {twice:.0f}", end="")
            print(f" | {1000 * spent / seconds:.1f} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", metavar="WAV")
    parser.add_argument("--speeds", nargs="*", type=float, default=SPEEDS)
    given = parser.parse_args()
    main(given.paths, given.speeds)
