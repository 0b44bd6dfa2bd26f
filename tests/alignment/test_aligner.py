"""Alignment against exact truth: recordings by other voices, whose word onsets are known."""

from __future__ import annotations

import doctest
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hakawati.alignment import aligner
from hakawati.alignment.aligner import UNCLEAR, align
from hakawati.alignment.features import BANDS, HOP, spectra
from hakawati.alignment.results import Alignment, Reference
from hakawati.alignment.warping import PathCosts, SentenceFrames, coarse, fine
from hakawati.voices.espeak import Espeak

TEXT = (
    "تَجَمَّعَ رِجَالُ الشُّرْطَةِ أَمَامَ الكَاتِدْرَائِيَّةِ يَوْمَ السَّبْتِ.",
    "دَوَّى صَوْتُ الطَّلَقَاتِ النَّارِيَّةِ فِي الشَّوَارِعِ.",
    "اِنْتَفَضَ البَارِيسِيُّونَ لِلِانْتِقَامِ مِنْ هَزِيمَةِ فَرَنْسَا.",
    "كَانُوا يَأْمُلُونَ فِي تَحْرِيرِ مَدِينَتِهِمْ بِأَنْفُسِهِمْ.",
    "أَمَرَ هِتْلَرُ جِنِرَالَهُ بِقَمْعِ أَيِّ تَمَرُّدٍ بِلَا رَحْمَةٍ.",
    "وَصَلَتِ القُوَّاتُ الأَمْرِيكِيَّةُ بَعْدَ شَهْرَيْنِ إِلَى نَهْرِ السِّينِ.",
    "رَفَعَ الأَطْفَالُ الأَعْلَامَ فَوْقَ البُيُوتِ القَدِيمَةِ.",
    "ثُمَّ دَقَّتِ الأَجْرَاسُ فِي كُلِّ أَنْحَاءِ المَدِينَةِ.",
)
REMARK = "نَتَوَقَّفُ هُنَا قَلِيلًا لِنَشْرَبَ كُوبًا مِنَ الشَّايِ."
RATE = 22_050
READER = Espeak("ar+m3", 145, 40)
Samples = NDArray[np.int16]


@cache
def said(voice: Espeak, text: str) -> Reference:
    """One mark for each word: these texts have no numbers, and no words that eSpeak runs together."""
    speech = voice.speak(text)
    marks: dict[int, int] = {}
    for offset, sample in speech.onsets:
        marks.setdefault(len(text[: offset + 1].split()) - 1, sample)
    return Reference(speech, tuple(marks[k] for k in sorted(marks)))


@cache
def references(text: Sequence[str] = TEXT) -> tuple[Reference, ...]:
    return tuple(said(Espeak("ar"), t) for t in text)


@dataclass(frozen=True)
class Reading:
    pcm: bytes
    rate: int
    truth: dict[int, tuple[float, ...]]
    """Seconds; sentences that are read."""
    extras: tuple[tuple[float, float], ...]


def reading(
    order: Sequence[int | str], voice: Espeak = READER, silence: float = 0.6, pause: float = 0.3
) -> Reading:
    """Sentences by their number, or other text; each followed by a pause."""
    pieces = [np.zeros(int(silence * RATE), np.int16)]
    truth: dict[int, tuple[float, ...]] = {}
    extras: list[tuple[float, float]] = []
    at = len(pieces[0])
    for n in order:
        spoken = said(voice, n if isinstance(n, str) else TEXT[n])
        sound = np.frombuffer(spoken.speech.pcm, "<i2")
        if isinstance(n, str):
            extras.append((at / RATE, (at + len(sound)) / RATE))
        else:
            truth[n] = tuple((at + o) / RATE for o in spoken.words)
        pieces += [sound, np.zeros(int(pause * RATE), np.int16)]
        at += len(sound) + len(pieces[-1])
    return Reading(np.concatenate(pieces).astype("<i2").tobytes(), RATE, truth, tuple(extras))


def errors(read: Reading, aligned: Alignment) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Milliseconds: of the sentences' onsets, and of their other words'."""
    first, other = [], []
    for k, truth in read.truth.items():
        found = np.array(aligned.sentences[k].words) / read.rate
        first.append(found[0] - truth[0])
        other += list(found[1:] - truth[1:])
    return np.abs(first) * 1000, np.abs(other) * 1000


def assert_exact(read: Reading, aligned: Alignment, sentence: float, word: float) -> None:
    """95 % of the onsets within so many milliseconds."""
    first, other = errors(read, aligned)
    assert np.quantile(first, 0.95) <= sentence
    assert np.quantile(other, 0.95) <= word


def missing(aligned: Alignment) -> set[int]:
    return {k for k, s in enumerate(aligned.sentences) if not s.found}


def with_samples(read: Reading, samples: NDArray[np.float64], rate: int | None = None) -> Reading:
    pcm = np.clip(np.rint(samples), -32768, 32767).astype("<i2").tobytes()
    return replace(read, pcm=pcm, rate=rate or read.rate)


def samples(read: Reading) -> NDArray[np.float64]:
    return np.frombuffer(read.pcm, "<i2").astype(np.float64)


EVERY = tuple(range(len(TEXT)))


def test_the_same_voice_is_aligned_to_a_few_milliseconds() -> None:
    read = reading(EVERY, Espeak("ar"))
    first, other = errors(read, align(read.pcm, RATE, references()))
    assert np.median(first) <= 3
    assert np.quantile(first, 0.95) <= 8
    assert np.quantile(other, 0.95) <= 8


@pytest.mark.parametrize(
    "voice",
    [
        READER,
        Espeak("ar", 130, 20),
        Espeak("ar", 200, 85),
        Espeak("ar+f2", 175, 60),
        Espeak("ar+klatt", 160, 50),
        Espeak("ar+croak", 110, 40),
    ],
    ids=lambda v: v.key.split(" ", 2)[2],
)
@pytest.mark.parametrize("silence", [0, 4])
def test_another_voice_is_aligned_within_the_promised_limits(voice: Espeak, silence: float) -> None:
    read = reading(EVERY, voice, silence)
    aligned = align(read.pcm, RATE, references())
    first, other = errors(read, aligned)
    assert np.median(first) <= 20
    assert np.median(other) <= 30
    assert_exact(read, aligned, 60, 100)
    assert missing(aligned) == set()
    assert aligned.extras == ()
    assert min(s.confidence for s in aligned.sentences) > 0.7


@pytest.mark.parametrize("rate", [8_000, 16_000, 24_000, 44_100, 48_000])
def test_any_sampling_rate(rate: int) -> None:
    read = reading(EVERY)
    sound = samples(read)
    at = np.arange(int(len(sound) * rate / RATE)) * (RATE / rate)
    read = with_samples(read, np.interp(at, np.arange(len(sound)), sound), rate)
    assert_exact(read, align(read.pcm, rate, references()), 60, 100)


@pytest.mark.parametrize("gain", [0.02, 0.3, 4])
def test_quiet_and_overdriven_recordings(gain: float) -> None:
    read = reading(EVERY)
    assert_exact(read, align(with_samples(read, samples(read) * gain).pcm, RATE, references()), 60, 100)


def test_noise_of_20_db() -> None:
    read = reading(EVERY)
    sound = samples(read)
    level = np.sqrt(np.mean(sound[sound != 0] ** 2)) / 10
    read = with_samples(read, sound + np.random.default_rng(1).normal(0, level, len(sound)))
    aligned = align(read.pcm, RATE, references())
    assert_exact(read, aligned, 60, 100)
    assert (missing(aligned), aligned.extras) == (set(), ())


@pytest.mark.parametrize("pause", [0, 0.05, 2])
def test_no_pause_or_a_long_one_between_sentences(pause: float) -> None:
    read = reading(EVERY, pause=pause)
    aligned = align(read.pcm, RATE, references())
    assert_exact(read, aligned, 60, 100)
    assert (missing(aligned), aligned.extras) == (set(), ())


def test_pauses_that_the_reference_does_not_make() -> None:
    read = reading(EVERY)
    sound = samples(read)
    truth: dict[int, tuple[float, ...]] = {}
    pieces, last, added = [], 0, 0.0
    for k, words in read.truth.items():
        cut = int(words[3] * RATE)
        pieces += [sound[last:cut], np.zeros(RATE * 4 // 5)]
        truth[k] = tuple(w + added + (0.8 if i >= 3 else 0) for i, w in enumerate(words))
        last, added = cut, added + 0.8
    read = replace(with_samples(read, np.concatenate([*pieces, sound[last:]])), truth=truth)
    assert_exact(read, align(read.pcm, RATE, references()), 60, 100)


@pytest.mark.parametrize("lost", [(0,), (3,), (7,), (2, 3), (0, 7), (1, 4, 6)])
def test_sentences_that_were_not_read_are_named(lost: tuple[int, ...]) -> None:
    read = reading([k for k in EVERY if k not in lost])
    aligned = align(read.pcm, RATE, references())
    assert missing(aligned) == set(lost)
    assert aligned.extras == ()
    assert_exact(read, aligned, 60, 100)
    for k in lost:
        gone = aligned.sentences[k]
        assert gone.confidence == 0
        assert set(gone.words) == {gone.begin}
        assert all(s.end <= gone.begin for s in aligned.sentences[:k] if s.found)
        assert all(s.begin >= gone.end for s in aligned.sentences[k:] if s.found)


@pytest.mark.parametrize("at", [0, 4, 8])
def test_a_remark_is_told_of(at: int) -> None:
    order: list[int | str] = list(EVERY)
    order.insert(at, REMARK)
    read = reading(order)
    aligned = align(read.pcm, RATE, references())
    assert missing(aligned) == set()
    assert len(aligned.extras) == 1
    assert np.abs(np.array(aligned.extras[0]) / RATE - read.extras[0]).max() < 0.3
    assert_exact(read, aligned, 60, 100)


def test_a_sentence_read_twice_is_told_of() -> None:
    order: list[int | str] = [0, 1, 2, TEXT[2], *EVERY[3:]]
    read = reading(order)
    aligned = align(read.pcm, RATE, references())
    assert missing(aligned) == set()
    assert len(aligned.extras) == 1
    begin, end = (t / RATE for t in aligned.extras[0])
    twice = (read.truth[2][0], read.extras[0][0])
    assert min(abs(begin - t) for t in twice) < 0.3
    assert end - begin == pytest.approx(read.extras[0][1] - read.extras[0][0], abs=0.3)


def test_other_words_in_a_sentences_place() -> None:
    order: list[int | str] = [*EVERY[:4], REMARK, *EVERY[5:]]
    read = reading(order)
    aligned = align(read.pcm, RATE, references())
    assert missing(aligned) == {4}
    assert 0 <= aligned.sentences[4].confidence < UNCLEAR
    assert len(aligned.extras) == 1
    assert_exact(read, aligned, 60, 100)


STRETCH = 1.25


def unlike(order: Sequence[int | str]) -> Reading:
    """A whisper, by somebody whose tract is a fourth shorter, into a microphone that is all treble."""
    read = reading(order, Espeak("ar+whisper", round(145 / STRETCH), 30))
    sound = samples(read)
    at = np.arange(int(len(sound) / STRETCH)) * STRETCH
    sound = np.interp(at, np.arange(len(sound)), sound)
    sound = np.diff(sound, prepend=0) + 0.2 * sound
    truth = {k: tuple(w / STRETCH for w in words) for k, words in read.truth.items()}
    extras = tuple((a / STRETCH, b / STRETCH) for a, b in read.extras)
    return replace(with_samples(read, 2 * sound), truth=truth, extras=extras)


def test_a_voice_quite_unlike_the_reference() -> None:
    read = unlike(EVERY)
    aligned = align(read.pcm, RATE, references())
    assert_exact(read, aligned, 60, 100)
    assert (missing(aligned), aligned.extras) == (set(), ())
    assert min(s.confidence for s in aligned.sentences) > 0.7


def test_an_unlike_voice_that_reads_something_else_here_and_there() -> None:
    read = unlike([0, 1, REMARK, 3, 4, 6, 7])
    aligned = align(read.pcm, RATE, references())
    assert missing(aligned) == {2, 5}
    assert_exact(read, aligned, 60, 100)
    assert aligned.sentences[5].confidence == 0


@pytest.mark.parametrize("backwards", [False, True])
def test_another_text_in_an_unlike_voice(backwards: bool) -> None:
    """The same sentences in another order, or the words of each."""
    read = unlike(EVERY)
    other = [" ".join(text.rstrip(".").split()[::-1]) for text in TEXT] if backwards else TEXT[::-1]
    aligned = align(read.pcm, RATE, references(tuple(other)))
    assert len(missing(aligned)) >= len(TEXT) - 1


@pytest.mark.parametrize("sentence", EVERY[::3])
def test_a_single_sentence_in_an_unlike_voice(sentence: int) -> None:
    read = unlike([sentence])
    aligned = align(read.pcm, RATE, [references()[sentence]], whole=True)
    assert missing(aligned) == set()
    found = np.array(aligned.sentences[0].words) / RATE
    assert np.abs(found - read.truth[sentence]).max() < 0.1


def test_one_word() -> None:
    read = unlike(["نَعَمْ"])
    aligned = align(read.pcm, RATE, [said(Espeak("ar"), "نَعَمْ")], whole=True)
    assert abs(aligned.sentences[0].begin / RATE - read.extras[0][0]) < 0.1


def test_a_remark_longer_than_the_text_and_a_long_silence() -> None:
    read = unlike([REMARK, REMARK, 0, 1, 2, 3, REMARK, REMARK])
    cut = int(read.truth[2][0] * RATE) - RATE // 10
    sound = samples(read)
    read = with_samples(read, np.concatenate([sound[:cut], np.zeros(10 * RATE), sound[cut:]]))
    truth = {k: tuple(w + 10 * (k >= 2) for w in words) for k, words in read.truth.items()}
    read = replace(read, truth=truth)
    aligned = align(read.pcm, RATE, references()[:4])
    assert missing(aligned) == set()
    assert_exact(read, aligned, 60, 100)


def test_ten_minutes_that_are_known_to_be_there() -> None:
    times = 20
    read = unlike(EVERY)
    length = len(read.pcm) / 2 / RATE
    aligned = align(read.pcm * times, RATE, references() * times, whole=True)
    assert missing(aligned) == set()
    begins = np.array([s.begin / RATE for s in aligned.sentences]).reshape(times, -1)
    truth = np.array([read.truth[k][0] for k in EVERY]) + length * np.arange(times)[:, None]
    assert np.abs(begins - truth).max() < 0.1


def test_a_recording_of_another_text_is_not_taken_for_this_one() -> None:
    english = ["He had never been to the mountains,", "and yet he knew the way."]
    spoken = [said(Espeak("en-us"), text).speech.pcm for text in english * 6]
    aligned = align(b"".join(spoken), RATE, references())
    assert len(missing(aligned)) >= len(TEXT) - 1


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from([*EVERY, REMARK]), max_size=7), st.sampled_from([0, 0.4]))
def test_whatever_is_read_times_are_in_order_and_in_the_recording(
    order: list[int | str], pause: float
) -> None:
    read = reading(order, pause=pause)
    aligned = align(read.pcm, RATE, references())
    assert len(aligned.sentences) == len(TEXT)
    length = len(read.pcm) // 2
    last = 0
    for sentence, reference in zip(aligned.sentences, references(), strict=True):
        assert len(sentence.words) == len(reference.words)
        assert 0 <= sentence.confidence <= 1
        assert 0 <= sentence.begin <= sentence.end <= length + HOP * RATE
        assert list(sentence.words) == sorted(sentence.words)
        if sentence.found:
            assert last <= sentence.begin == sentence.words[0]
            assert sentence.words[-1] <= sentence.end
            last = sentence.end
    assert all(0 <= a < b <= length + HOP * RATE for a, b in aligned.extras)


def test_the_same_input_in_blocks_gives_the_same_output() -> None:
    read = reading(EVERY[:4])
    whole = align(read.pcm, RATE, references(TEXT[:4]))
    blocks = (read.pcm[i : i + 9_999] for i in range(0, len(read.pcm), 9_999))
    assert align(blocks, RATE, iter(references(TEXT[:4]))) == whole


def noise(seconds: float, level: float) -> bytes:
    return np.random.default_rng(2).normal(0, level, int(seconds * RATE)).astype("<i2").tobytes()


@pytest.mark.parametrize(
    "pcm", [b"", b"\0\0", bytes(RATE), bytes(RATE * 20), noise(0.3, 900), noise(8, 2), noise(8, 3000)]
)
def test_nothing_to_be_heard(pcm: bytes) -> None:
    aligned = align(pcm, RATE, references())
    assert missing(aligned) == set(EVERY)
    assert [len(s.words) for s in aligned.sentences] == [len(r.words) for r in references()]


def test_one_sentence_alone() -> None:
    read = reading([0])
    assert_exact(read, align(read.pcm, RATE, references()[:1]), 60, 100)


def test_no_text() -> None:
    assert align(reading([0]).pcm, RATE, ()) == Alignment((), ())


def test_what_cannot_be_aligned_is_refused() -> None:
    with pytest.raises(ValueError, match="4000 Hz"):
        align(b"", 2_000, references())
    with pytest.raises(ValueError, match="sentence 2"):
        align(b"", RATE, [references()[0], replace(references()[1], words=())])


def test_numpy_is_loaded_only_by_an_alignment() -> None:
    code = "import sys, hakawati.alignment.aligner; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("rate", [8_000, 22_050, 24_000, 48_000])
@pytest.mark.parametrize("block", [1, 777, 100_000])
def test_spectra_do_not_depend_on_blocks(rate: int, block: int) -> None:
    pcm = np.random.default_rng(3).integers(-9000, 9000, rate // 4).astype("<i2").tobytes()
    made = spectra((pcm[i : i + block] for i in range(0, len(pcm), block)), rate, 3_900)
    assert made.shape == (int(rate // 4 // (rate * HOP)) + 1, BANDS)
    assert np.array_equal(made, spectra([pcm], rate, 3_900))


PRICES = PathCosts(gap=0.5, opening=1, skip=0.1, steps=(0.1, 0, 0.1, 0.3))
LETTERS = np.eye(12, dtype=np.float32) * 4
SILENCE = np.zeros(12, np.float32)


def warped(heard: str, text: str, begins: Sequence[int], band: int = 50) -> list[int]:
    """Frames are letters; a dot is silence, a dash another sound."""

    def frames(letters: str) -> NDArray[np.float32]:
        other = {".": SILENCE, "-": LETTERS[11]}
        rows = [other[c] if c in other else LETTERS[ord(c) - ord("a")] for c in letters]
        return np.array(rows, np.float32)

    line = (np.arange(len(heard)) * len(text) // len(heard)).astype(np.intp)
    layout = SentenceFrames(np.array(begins), np.zeros(0, np.intp))
    path = coarse(frames(heard), frames(text), layout, SILENCE, line, band, PRICES)
    return list(map(int, path))


@pytest.mark.parametrize(
    ("heard", "path"),
    [
        ("abcdefg", [0, 1, 2, 3, 4, 5, 6]),
        ("..abc.defg.", [-1, -1, 0, 1, 2, -2, 3, 4, 5, 6, -3]),
        ("aabbccddg", [0, 0, 1, 1, 2, 2, 3, 3, 6]),
        ("abc", [0, 1, 2]),
        ("defg", [3, 4, 5, 6]),
        ("abc.----.defg", [0, 1, 2, *[-2] * 6, 3, 4, 5, 6]),
        ("---abcdefg", [-1, -1, -1, 0, 1, 2, 3, 4, 5, 6]),
        ("....", [-1, -1, -1, -1]),
    ],
)
def test_coarse_paths(heard: str, path: list[int]) -> None:
    found = warped(heard, "abcdefg", (0, 3, 7))
    assert [p if p >= 0 else "gap" for p in found] == [p if p >= 0 else "gap" for p in path]


def test_fine_path_follows_a_shift_within_reach() -> None:
    rng = np.random.default_rng(4)
    text = rng.standard_normal((3_000, 8)).astype(np.float32)
    shift = np.rint(12 * np.sin(np.arange(3_000) / 400)).astype(int)
    at = np.clip(np.arange(3_000) + shift, 0, 2_999)
    path = fine(text[at], text, np.zeros(3_000, np.bool_), 20, PRICES)
    assert np.abs(path - at).max() <= 1
    assert np.all(np.diff(path) >= 0)


def test_the_documented_example_runs() -> None:
    failed, attempted = doctest.testmod(aligner)
    assert (failed, attempted > 0) == (0, True)
