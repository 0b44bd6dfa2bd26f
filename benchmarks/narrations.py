"""Narrations with known truth, for `align.py`: sentences spoken by eSpeak's voices, joined and spoilt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO

import lameenc
import numpy as np
import soundfile
from numpy.typing import NDArray

from hakawati.alignment.results import Reference
from hakawati.arabic.vowels import diacritize
from hakawati.model import Speech, Word
from hakawati.narration.spoken_form import SpokenForm
from hakawati.narration.synthesis import word_onsets
from hakawati.voices.espeak import Espeak
from long_book import SEED_TEXT, sentences

Samples = NDArray[np.float32]
MP3_RATE = 24_000
MP3_DELAY = 1105  # samples; see docs: the encoder's and the decoder's together
PAUSE, LONG_PAUSE = 0.35, 0.7  # seconds; the longer after every fifth sentence

# Remarks of a narrator that stand in no book of the sets.
REMARKS = (
    "هذا تسجيل من مكتبة الأصوات، يقرؤه عليكم متطوع من مدينة حلب.",
    "أعتذر عن ضجيج الشارع، فالنافذة مفتوحة والجو حار جدا هذا المساء.",
    "نتوقف هنا قليلا لنشرب كوبا من الشاي، ثم نعود إلى القراءة.",
    "كانت القطة تنام تحت الكرسي حين بدأ المطر يهطل فوق الحديقة.",
    "في الربيع تزهر أشجار اللوز، ويخرج الأطفال إلى الحقول ليلعبوا.",
    "اشترت أمي خبزا وزيتونا وجبنا أبيض من السوق القديم.",
)


@dataclass(frozen=True)
class Condition:
    """How a narration differs from the reference, which is `ar` at 160 words a minute and pitch 50."""

    name: str
    voice: str = "ar"
    rate: int = 160
    pitch: int = 50
    mp3: bool = False
    noise: str = ""
    silence: tuple[float, float] = (0.0, 0.0)


CONDITIONS = (
    Condition("same voice"),
    Condition("speed 130", rate=130, silence=(2, 1)),
    Condition("speed 200", rate=200, silence=(0.5, 5)),
    Condition("pitch 20", pitch=20),
    Condition("pitch 85", pitch=85, silence=(5, 0)),
    Condition("ar+m3 145", "ar+m3", 145, silence=(1, 1)),
    Condition("ar+f2 175", "ar+f2", 175, silence=(3, 2)),
    Condition("ar+klatt", "ar+klatt", silence=(0, 4)),
    Condition("ar+klatt4 190", "ar+klatt4", 190, 70, silence=(1.5, 0)),
    Condition("ar+croak 130", "ar+croak", 130, 40, silence=(4, 1)),
    Condition("32 kbit/s MP3", mp3=True, silence=(1, 1)),
    Condition("white noise", noise="white", silence=(2, 3)),
    Condition("pink noise", noise="pink", silence=(5, 5)),
    Condition("f2 200 pink mp3", "ar+f2", 200, 60, True, "pink", (3, 1)),
    Condition("m3 130 white mp3", "ar+m3", 130, 30, True, "white", (0, 5)),
    Condition("klatt 180 white mp3", "ar+klatt", 180, 50, True, "white", (5, 2)),
)


@dataclass(frozen=True)
class Narration:
    """A recording and the truth: for every sentence the onsets of its words in seconds, or none."""

    pcm: bytes
    rate: int
    truth: tuple[tuple[float, ...], ...]
    extras: tuple[tuple[float, float], ...]

    @property
    def seconds(self) -> float:
        return len(self.pcm) / 2 / self.rate


@cache
def texts(minutes: int) -> tuple[str, ...]:
    """The vowelled sentences of the set: the first book's for four minutes, made ones for more."""
    if minutes <= 4:
        written = [s.strip() for s in SEED_TEXT.read_text("utf-8").splitlines() if s.strip()]
    else:
        written = sentences(minutes * 60 * 7)
        while len(written) > minutes * 60 / 22.5:
            written.pop()
    return tuple(map(diacritize, written))


@cache
def remarks() -> tuple[str, ...]:
    return tuple(map(diacritize, REMARKS))


def reference(text: str, voice: Espeak) -> Reference:
    speech, onsets = _spoken(voice, text)
    return Reference(speech, onsets)


@cache
def _spoken(voice: Espeak, text: str) -> tuple[Speech, tuple[int, ...]]:
    return speak(voice, text)


def speak(voice: Espeak, text: str) -> tuple[Speech, tuple[int, ...]]:
    """A text's sound, and the onset of each of its words in samples."""
    speech = voice.speak(text)
    words: list[Word] = []
    at = 0
    for word in text.split():
        begin = text.index(word, at)
        at = begin + len(word)
        words.append(Word(begin, at))
    return speech, tuple(word_onsets(SpokenForm(text, tuple(words)), speech, len(speech.pcm) // 2))


def narrate(said: list[tuple[int | None, str]], count: int, condition: Condition, seed: int = 0) -> Narration:
    """Sentences as they are said, each with its number among `count`, or None if it is not in the text."""
    voice = Espeak(condition.voice, condition.rate, condition.pitch)
    noise = np.random.default_rng(seed)
    truth: list[tuple[float, ...]] = [()] * count
    extras: list[tuple[float, float]] = []
    rate = 22_050
    pieces = [np.zeros(int(condition.silence[0] * rate), np.float32)]
    at = len(pieces[0])
    for n, (number, text) in enumerate(said):
        speech, onsets = _spoken(voice, text)
        rate = speech.rate
        sound = np.frombuffer(speech.pcm, "<i2").astype(np.float32)
        if number is None:
            extras.append((at / rate, (at + len(sound)) / rate))
        else:
            truth[number] = tuple((at + o) / rate for o in onsets)
        pause = LONG_PAUSE if n % 5 == 4 else PAUSE
        pieces += [sound, np.zeros(int(pause * rate), np.float32)]
        at += len(pieces[-1]) + len(sound)
    pieces.append(np.zeros(int(condition.silence[1] * rate), np.float32))
    signal = np.concatenate(pieces)
    if condition.noise:
        signal = _noisy(signal, condition.noise, noise)
    made = Narration(_pcm(signal), rate, tuple(truth), tuple(extras))
    return _through_mp3(made) if condition.mp3 else made


def whole(minutes: int, condition: Condition) -> Narration:
    """The set, read from beginning to end."""
    lines = texts(minutes)
    return narrate(list(enumerate(lines)), len(lines), condition)


def _noisy(signal: Samples, colour: str, noise: np.random.Generator) -> Samples:
    """20 dB below the speech, whose level is that of the signal without its pauses."""
    level = np.sqrt(np.mean(signal[signal != 0] ** 2)) / 10
    hiss = noise.standard_normal(len(signal), np.float32)
    if colour == "pink":
        spectrum = np.fft.rfft(hiss)
        spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), len(signal) / 22_050 * 20))
        hiss = np.fft.irfft(spectrum, len(signal)).astype(np.float32)
    made: Samples = signal + hiss * np.float32(level / hiss.std())
    return made


def _pcm(signal: Samples) -> bytes:
    return np.clip(np.rint(signal), -32768, 32767).astype("<i2").tobytes()


def _through_mp3(narration: Narration) -> Narration:
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(32)
    encoder.set_in_sample_rate(narration.rate)
    encoder.set_out_sample_rate(MP3_RATE)
    encoder.set_channels(1)
    encoder.set_quality(5)
    data = bytes(encoder.encode(narration.pcm)) + bytes(encoder.flush())
    signal, rate = soundfile.read(BytesIO(data), dtype="float32")
    late = MP3_DELAY / MP3_RATE
    return replace(
        narration,
        pcm=_pcm(signal * 32768),
        rate=rate,
        truth=tuple(tuple(o + late for o in words) for words in narration.truth),
        extras=tuple((a + late, b + late) for a, b in narration.extras),
    )
