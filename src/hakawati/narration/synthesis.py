"""Speech synthesis: an utterance and a voice → a clip. Runs in worker processes, here or elsewhere.

Everything is a function of its arguments, so that a clip is the same wherever it is made.
"""

from __future__ import annotations

import warnings
from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from hakawati.arabic import vowels
from hakawati.arabic.marks import is_arabic
from hakawati.errors import cause, short
from hakawati.model import (
    SAMPLE_RATE,
    Audio,
    Clip,
    Speech,
    SpokenSentence,
    Utterance,
    Voice,
    VoiceError,
    VoiceUnavailableError,
    Word,
)
from hakawati.narration.clip import CLIP
from hakawati.narration.lexicon import vowels_by
from hakawati.narration.mp3 import LOSS, encode
from hakawati.narration.spoken_form import SpokenForm, vocalise
from hakawati.narration.voice_answer import EngineError, spoken_by

if TYPE_CHECKING:
    from pydub import AudioSegment

CEILING = -6.0
"""dBFS. Peaks are held here before encoding, which may raise them by 2.8 dB, so that they decode below -3."""
FLOOR = -60.0
"""dBFS. What is quieter at a clip's ends is silence, and cut: pauses are the timeline's."""
_FULL = 32768 / 4
"""The peak of an ordinary voice, -12 dBFS."""
FADE = 20
"""Milliseconds of that silence that are left at either end, for the sound to rise from and fade into."""
LEAD = 100
"""Milliseconds of silence before the sound that are an engine's own way to begin, and left alone."""
MILLISECOND = SAMPLE_RATE // 1000
AT_LEAST, PER_CHARACTER = 1800.0, 5.0
"""Seconds after which nobody waits any longer for a voice. It may have to fetch its model first, and then to
take 70 times as long as what it says."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something could not be spoken."""

    message: str
    hint: str = ""
    unavailable: bool = False
    """Whether the voice cannot speak at all, for now."""

    @classmethod
    def of(cls, error: VoiceError) -> Failure:
        """What a voice said of itself."""
        return cls(short(str(error), 1000), short(error.hint, 1000), isinstance(error, VoiceUnavailableError))


Result = bytes | Failure
"""A packed clip, or why there is none."""


@dataclass(frozen=True, slots=True)
class SpeechTask:
    """Utterances to be spoken in one go, and all that is needed for it."""

    utterances: tuple[Utterance, ...]
    voices: Mapping[str, Voice]
    audio: Audio
    phrase_pause: int
    """Milliseconds."""
    speeds: Mapping[str, float] = field(default_factory=dict)
    """How many times as fast what a voice says is to be made, where it is."""
    store: str = ""
    """The folder of the book's store, for what is looked up on the way; none where it has none."""

    @property
    def seconds(self) -> float:
        """How long it may take; a voice may say so of each of its sentences."""
        own = (float(getattr(self.voices[u.voice], "seconds", 0)) for u in self.utterances)
        return AT_LEAST + sum(
            max(PER_CHARACTER * len(u.text), most) for u, most in zip(self.utterances, own, strict=True)
        )

    def run(self) -> list[Result]:
        """A result for each utterance. The others do not suffer from one's failure.

        But a voice that cannot speak now is asked for no more.
        """
        results: list[Result] = []
        gone: dict[str, Failure] = {}
        for utterance in self.utterances:
            result: Result = gone.get(utterance.voice) or self._run(utterance)
            if isinstance(result, Failure) and result.unavailable:
                gone[utterance.voice] = result
            results.append(result)
        return results

    def _run(self, utterance: Utterance) -> Result:
        try:
            voice = self.voices[utterance.voice]
            speed = self.speeds.get(utterance.voice, 1.0)
            return CLIP.dumps(synthesise(utterance, voice, self.audio, self.phrase_pause, speed, self.store))
        except VoiceError as error:
            return Failure.of(error)
        except KeyboardInterrupt as error:  # no worker hears of Ctrl-C
            return Failure.of(EngineError(f"it broke off ({cause(error)}) at “{short(utterance.text)}”"))


def is_recording(voice: str) -> bool:
    """Whether a voice is a person's recording, whose name is its path in the project."""
    return voice.startswith("book/")


def prepare(languages: Collection[str]) -> None:
    """Load what speaking takes in these languages, so that the first sentence need not wait for it."""
    from hakawati.narration import envelope  # noqa: F401

    if any(map(is_arabic, languages)):
        vowels.load()


def synthesise(
    utterance: Utterance,
    voice: Voice,
    audio: Audio,
    phrase_pause: int,
    speed: float = 1.0,
    store: str = "",
) -> Clip:
    """Speak one utterance, make it `speed` times as fast, level and encode it. Raises `VoiceError`.

    `store`: the folder of the book's store, if there is one.
    """
    from hakawati.narration.envelope import EnvelopeMeter

    spoken = vocalise(utterance, vowels_by(store))
    answer = spoken_by(voice, spoken.text, by_person=is_recording(utterance.voice))
    speech = _trimmed(_paced(_resampled(answer), speed), spoken.text)
    sound = _levelled(_segment(speech.pcm), audio.loudness + LOSS)
    onsets = word_onsets(spoken, speech, int(sound.frame_count()))
    if phrase_pause:
        sound, onsets = _with_phrase_pauses(sound, onsets, utterance.phrases, phrase_pause)
    onsets = apart(onsets)
    # Room for every word, were there ever more words than sound.
    shortage = max(0, onsets[-1] + MILLISECOND - int(sound.frame_count()))
    pcm = sound.raw_data + bytes(2 * shortage)
    said = SpokenSentence(spoken.text, tuple(onsets), speech.sure, spoken.each)
    gauge = EnvelopeMeter()
    frames = encode(gauge.passing([pcm]), SAMPLE_RATE, audio.bitrate)
    return Clip(frames, len(pcm) // 2, (said,), loudness=gauge.loudness(frames, audio.bitrate))


def _resampled(speech: Speech) -> Speech:
    """The speech at the rate of the chapters."""
    if speech.rate == SAMPLE_RATE:
        return speech
    import numpy as np
    import soxr

    # In floating point, since whole numbers would be dithered, each time differently.
    samples = np.frombuffer(speech.pcm, np.int16).astype(np.float32)
    made = soxr.resample(samples, speech.rate, SAMPLE_RATE)
    pcm = made.round().clip(-32768, 32767).astype(np.int16).tobytes()
    onsets = tuple((offset, sample * SAMPLE_RATE // speech.rate) for offset, sample in speech.onsets)
    return Speech(pcm, SAMPLE_RATE, onsets, speech.sure)


def _paced(speech: Speech, speed: float) -> Speech:
    """The speech `speed` times as fast."""
    if speed == 1:
        return speech
    from hakawati.narration.tempo import Tempo

    tempo = Tempo(speed)
    pcm = b"".join(tempo.passing([speech.pcm]))
    samples = tempo.positions(sample for _, sample in speech.onsets)
    onsets = tuple((offset, at) for (offset, _), at in zip(speech.onsets, samples, strict=True))
    return replace(speech, pcm=pcm, onsets=onsets)


def word_onsets(spoken: SpokenForm, speech: Speech, samples: int) -> list[int]:
    """The onset of each printed word, in samples of the speech, non-decreasing.

    An engine's mark belongs to the word whose range contains its offset; the first one counts. A word without
    one (an engine may run small words together) begins in proportion to its letters between its neighbours.
    """
    begins = [w.begin for w in spoken.words]
    known: dict[int, int] = {}
    for offset, sample in speech.onsets:
        i = bisect_right(begins, offset) - 1
        # A range may be empty, and then begins where the next does; the mark is the last one's that is not.
        while i > 0 and spoken.words[i].begin == spoken.words[i].end:
            i -= 1
        if i >= 0 and (i not in known or sample < known[i]):
            known[i] = min(sample, samples)
    return _between(known, [_weight(w) for w in spoken.words], samples)


def _weight(word: Word) -> int:
    return max(1, word.end - word.begin)


def _between(known: Mapping[int, int], weights: Sequence[int], samples: int) -> list[int]:
    count = len(weights)
    anchors = {0: 0} | dict(known) | {count: samples}
    onsets: list[int] = []
    for left, right in pairwise(sorted(anchors)):
        begin, end = anchors[left], max(anchors[left], anchors[right])
        total = sum(weights[left:right])
        passed = 0
        for i in range(left, right):
            onsets.append(max(begin + (end - begin) * passed // total, onsets[-1] if onsets else 0))
            passed += weights[i]
    return onsets


def apart(onsets: Sequence[int]) -> list[int]:
    """Onsets at least a millisecond apart, since that is the finest time that SMIL and JSON can tell."""
    apart: list[int] = []
    for onset in onsets:
        apart.append(max(onset, apart[-1] + MILLISECOND) if apart else onset)
    return apart


def _segment(pcm: bytes) -> AudioSegment:
    with warnings.catch_warnings():  # pydub warns of a missing ffmpeg, which nothing here needs
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    return AudioSegment(data=pcm, sample_width=2, frame_rate=SAMPLE_RATE, channels=1)


def _trimmed(speech: Speech, text: str) -> Speech:
    """The speech without the silence around it, but for `FADE`. Raises `VoiceError` where it is silent."""
    samples = array("h", speech.pcm)
    silence = 32768 * 10 ** (FLOOR / 20)
    loudest = _segment(speech.pcm).max  # in C: a loop over all samples would cost a tenth of a build
    # Of a quiet recording, what is quiet beside it is still speech.
    threshold = silence * min(1.0, loudest / _FULL)
    first, last = _first_above(threshold, samples), _first_above(threshold, reversed(samples))
    if loudest < silence or first is None or last is None:
        raise VoiceError(f"the voice is silent for “{text[:80]}”")
    # Never behind an onset: a word begins with its stop, which is silent.
    earliest = min((sample for _, sample in speech.onsets), default=first)
    begin = max(0, min(first - FADE * MILLISECOND, earliest)) if first > LEAD * MILLISECOND else 0
    end = len(samples) - max(0, last - FADE * MILLISECOND)
    onsets = tuple((offset, sample - begin) for offset, sample in speech.onsets)
    return replace(speech, pcm=speech.pcm[2 * begin : 2 * end], onsets=onsets)


def _first_above(threshold: float, samples: Iterable[int]) -> int | None:
    return next((i for i, sample in enumerate(samples) if abs(sample) >= threshold), None)


def _with_phrase_pauses(
    sound: AudioSegment, onsets: Sequence[int], phrases: Sequence[int], pause: int
) -> tuple[AudioSegment, list[int]]:
    """Silence before the first word of every phrase but the first."""
    silent = bytes(2 * (pause * sound.frame_rate // 1000))
    cuts = [0, *(onsets[i] for i in phrases), int(sound.frame_count())]
    pcm = silent.join(sound.raw_data[2 * a : 2 * b] for a, b in pairwise(cuts))
    shift = len(silent) // 2
    moved = [o + shift * bisect_right(phrases, i) for i, o in enumerate(onsets)]
    return sound._spawn(pcm), moved


def _levelled(sound: AudioSegment, loudness: float) -> AudioSegment:
    """The sound at `loudness` dB RMS, its few higher peaks held at `CEILING`.

    Gain saturates at full scale: raised so far that the ceiling is full scale and then lowered again, only
    what stood above the ceiling is changed.
    """
    gain = loudness - sound.dBFS
    if sound.max_dBFS + gain <= CEILING:
        return sound.apply_gain(gain)
    return sound.apply_gain(gain - CEILING).apply_gain(CEILING)
