from __future__ import annotations

import pickle
from array import array
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakawati.model import SAMPLE_RATE, Audio, Clip, Sentence, Speech, Text, Utterance, VoiceError, Word
from hakawati.narration.clip import CLIP
from hakawati.narration.mp3 import LEAD_IN
from hakawati.narration.spoken_form import SpokenForm, prepare
from hakawati.narration.synthesis import (
    MILLISECOND,
    Failure,
    SpeechTask,
    apart,
    synthesise,
    word_onsets,
)
from hakawati.source.folder import read_book
from hakawati.voices.espeak import Espeak
from tests.narration.hearing import decode, from_pcm, locate, loudness, noise, peak, pitches, resample, to_pcm
from tests.narration.making import Fragile, Hum, Scripted, utterance, words

ROOT = Path(__file__).parents[2]


def speech(*onsets: tuple[int, int]) -> Speech:
    return Speech(b"", 1000, onsets)


# word_onsets: the text is "aa bbbb cc", its words at 0, 3 and 8


@pytest.mark.parametrize(
    ("marks", "onsets"),
    [
        ([(0, 10), (3, 400), (8, 700)], [10, 400, 700]),
        ([(1, 10), (6, 400), (9, 700)], [10, 400, 700]),  # a mark inside its word
        ([(0, 10), (2, 300), (3, 400), (8, 700)], [10, 400, 700]),  # one in the space is the word's before it
        ([(0, 10), (3, 400), (5, 500), (8, 700)], [10, 400, 700]),  # several in one: the first counts
        ([(0, 10), (5, 500), (3, 400), (8, 700)], [10, 400, 700]),  # whatever their order
        ([(0, 10), (8, 610)], [10, 210, 610]),  # between: in proportion to the letters, 2 : 4
        ([(3, 400), (8, 700)], [0, 400, 700]),  # the first word begins with the sound
        ([(0, 10), (3, 400)], [10, 400, 800]),  # 4 : 2 of what is left
        ([], [0, 250, 750]),
        ([(8, 700)], [0, 233, 700]),
        ([(0, 10), (3, 400), (8, 300)], [10, 400, 400]),  # never back in time
        ([(0, 10), (3, 400), (8, 5000)], [10, 400, 1000]),  # never after the end
        ([(0, 500), (3, 400), (8, 700)], [500, 500, 700]),
    ],
)
def test_a_word_begins_where_the_engine_says_or_between_its_neighbours(
    marks: list[tuple[int, int]], onsets: list[int]
) -> None:
    assert word_onsets(SpokenForm("aa bbbb cc", words("aa bbbb cc")), speech(*marks), 1000) == onsets


def test_a_mark_before_the_first_word_is_nobodys() -> None:
    spoken = SpokenForm("«aa bb", (Word(1, 3), Word(4, 6)))
    assert word_onsets(spoken, speech((0, 50), (1, 60), (4, 500)), 1000) == [60, 500]


def test_a_mark_belongs_to_a_word_with_sound_and_not_to_a_silent_one_at_the_same_place() -> None:
    spoken = SpokenForm("ab cd", (Word(0, 2), Word(2, 2), Word(2, 2), Word(3, 5)))
    onsets = word_onsets(spoken, speech((0, 100), (2, 200), (3, 800)), 1000)
    assert onsets[0] == 100
    assert onsets[3] == 800
    assert 100 < onsets[1] < onsets[2] < 800


RANGES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 6)), min_size=1, max_size=12)


@given(
    RANGES,
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30_000)), max_size=20),
    st.integers(1, 20_000),
)
def test_onsets_never_go_back_and_stay_inside_the_sound(
    gaps_and_lengths: list[tuple[int, int]], marks: list[tuple[int, int]], samples: int
) -> None:
    ranges: list[Word] = []
    at = 0
    for gap, length in gaps_and_lengths:
        ranges.append(Word(at + gap, at + gap + length))
        at += gap + length
    onsets = word_onsets(SpokenForm(" " * at, tuple(ranges)), speech(*marks), samples)
    assert len(onsets) == len(ranges)
    assert all(a <= b for a, b in pairwise(onsets))
    assert all(0 <= onset <= samples for onset in onsets)


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=20).map(sorted))
def test_onsets_are_a_millisecond_apart_and_moved_no_further_than_that_takes(onsets: list[int]) -> None:
    moved = apart(onsets)
    assert moved[0] == onsets[0]
    assert all(b - a >= MILLISECOND for a, b in pairwise(moved))
    for i, onset in enumerate(moved):
        assert onset == onsets[i] or onset == moved[i - 1] + MILLISECOND
        assert onset >= onsets[i]


# synthesise


def test_a_clip_holds_the_voices_sound_at_its_place() -> None:
    said = utterance("one two three")
    clip = synthesise(said, Hum(), Audio(), 0)
    alone = Hum().speak("one two three")
    assert clip.sentences[0].spoken == "one two three"
    assert clip.samples == pytest.approx(3 * 150 * MILLISECOND, abs=2 * MILLISECOND)
    assert clip.sentences[0].onsets == pytest.approx((0, 150 * MILLISECOND, 300 * MILLISECOND), abs=2)
    sound = decode(clip.frames)
    at, likeness = locate(sound, resample(from_pcm(alone.pcm), alone.rate))
    assert at == LEAD_IN
    assert likeness > 0.98


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 48_000])
@pytest.mark.parametrize("bitrate", [32, 64, 128])
def test_onsets_are_right_at_every_rate_an_engine_may_have(rate: int, bitrate: int) -> None:
    clip = synthesise(utterance("one two three"), Hum(rate), Audio(bitrate), 0)
    assert clip.sentences[0].onsets == pytest.approx((0, 3600, 7200), abs=2)
    decode(clip.frames, bitrate)


def test_silence_at_the_end_is_cut_but_for_20_milliseconds() -> None:
    pcm = to_pcm(np.concatenate([noise(1, 0.5)[:9000] + 0.1, np.zeros(SAMPLE_RATE)]))
    clip = synthesise(utterance("word"), Scripted(Speech(pcm, SAMPLE_RATE, ((0, 0),))), Audio(), 0)
    assert clip.samples == pytest.approx(9000 + 20 * MILLISECOND, abs=10 * MILLISECOND)


def test_a_sound_that_ends_without_silence_is_whole() -> None:
    pcm = to_pcm(noise(1, 0.5)[:9000] + 0.1)
    clip = synthesise(utterance("word"), Scripted(Speech(pcm, SAMPLE_RATE, ((0, 0),))), Audio(), 0)
    assert clip.samples == 9000


@pytest.mark.parametrize("pcm", [b"", bytes(2000), array("h", [20, -20] * 1000).tobytes()])
def test_a_silent_voice_is_an_error(pcm: bytes) -> None:
    voice = Scripted(Speech(pcm, SAMPLE_RATE, ()))
    with pytest.raises(VoiceError, match="the voice is silent for “word”"):
        synthesise(utterance("word"), voice, Audio(), 0)


def test_there_is_room_for_more_words_than_sound() -> None:
    pcm = to_pcm(noise(1, 0.01) + 0.1)
    clip = synthesise(utterance("a " * 50), Scripted(Speech(pcm, SAMPLE_RATE, ())), Audio(), 0)
    assert all(b - a >= MILLISECOND for a, b in pairwise(clip.sentences[0].onsets))
    assert clip.samples >= clip.sentences[0].onsets[-1] + MILLISECOND
    assert len(decode(clip.frames)) >= LEAD_IN + clip.samples


@pytest.mark.parametrize("pause", [0, 1, 250, 1000])
def test_a_pause_between_phrases_is_exact_and_moves_what_comes_after_it(pause: int) -> None:
    said = utterance("one two, three four, five", phrases=(2, 4))
    still = synthesise(said, Hum(24_000), Audio(), 0)
    paused = synthesise(said, Hum(24_000), Audio(), pause)
    moves = [b - a for a, b in zip(still.sentences[0].onsets, paused.sentences[0].onsets, strict=True)]
    shift = pause * MILLISECOND
    assert moves == [0, 0, shift, shift, 2 * shift]
    assert paused.samples == still.samples + 2 * shift
    sound = decode(paused.frames)
    for phrase, at in (("one two,", 0), ("three four,", 2), ("five", 4)):
        alone = resample(from_pcm(Hum(24_000).speak(phrase).pcm), 24_000)
        begin = max(0, LEAD_IN + paused.sentences[0].onsets[at] - 48)
        found, likeness = locate(sound[begin : begin + len(alone) + 96], alone)
        assert abs(begin + found - LEAD_IN - paused.sentences[0].onsets[at]) <= 1
        assert likeness > 0.97


def test_a_sentence_without_phrases_is_the_same_whatever_the_pause() -> None:
    said = utterance("one two three")
    assert synthesise(said, Hum(), Audio(), 500) == synthesise(said, Hum(), Audio(), 0)


@pytest.mark.parametrize("pause", [0, 800])
def test_speech_is_as_loud_with_pauses_in_it_as_without(pause: int) -> None:
    said = utterance("one, two, three, four", phrases=(1, 2, 3))
    clip = synthesise(said, Hum(24_000), Audio(loudness=-23), pause)
    sound = decode(clip.frames)
    word = sound[LEAD_IN + 480 : LEAD_IN + 3120]
    assert loudness(word) == pytest.approx(-23, abs=0.3)


@pytest.mark.parametrize("target", [-40.0, -30.0, -24.0, -20.0, -16.0])
def test_a_sound_without_peaks_is_brought_to_any_loudness(target: float) -> None:
    clip = synthesise(utterance("one two three"), Hum(), Audio(loudness=target), 0)
    sound = decode(clip.frames)[LEAD_IN : LEAD_IN + clip.samples - 20 * MILLISECOND]
    assert loudness(sound) == pytest.approx(target, abs=0.3)


@pytest.fixture(scope="module")
def seed() -> list[tuple[Sentence, Text]]:
    book = read_book(ROOT)
    return [(s, t) for c in book.chapters for t in c.texts() for s in t.sentences if s.words]


def told(seed: list[tuple[Sentence, Text]], lang: str, count: int) -> list[Utterance]:
    mine = [prepare(s, t, "v") for s, t in seed if t.lang == lang]
    return mine[:: len(mine) // count][:count]


@pytest.mark.parametrize(
    "voice", ["ar", "ar+f3", "ar+whisper", "en-us", "en-gb+m7", "en-us+croak", "en-us+whisper"]
)
@pytest.mark.parametrize("audio", [Audio(), Audio(32), Audio(128, -24)], ids=str)
def test_the_voices_speech_has_the_loudness_asked_for_and_no_peak_above_minus_3(
    seed: list[tuple[Sentence, Text]], voice: str, audio: Audio
) -> None:
    for said in told(seed, voice[:2], 6):
        clip = synthesise(said, Espeak(voice), audio, 0)
        sound = decode(clip.frames, audio.bitrate)
        assert loudness(sound[LEAD_IN : LEAD_IN + clip.samples]) == pytest.approx(audio.loudness, abs=0.5)
        assert peak(sound) < -3


@pytest.mark.parametrize("voice", ["ar", "en-us", "en-us+croak"])
def test_no_peak_is_above_minus_3_where_the_loudness_takes_much_holding(
    seed: list[tuple[Sentence, Text]], voice: str
) -> None:
    for said in told(seed, voice[:2], 6):
        for bitrate in (32, 64):
            assert peak(decode(synthesise(said, Espeak(voice), Audio(bitrate, -16), 0).frames, bitrate)) < -3


def test_no_peak_is_above_minus_3_in_any_sentence_of_what_the_encoder_raises_most(
    seed: list[tuple[Sentence, Text]],
) -> None:
    """Whispered, at few bits."""
    for said in (prepare(s, t, "v") for s, t in seed if t.lang == "en"):
        assert peak(decode(synthesise(said, Espeak("en-us+whisper"), Audio(32), 0).frames, 32)) < -3


def test_a_clip_is_the_same_wherever_and_whenever_it_is_made(seed: list[tuple[Sentence, Text]]) -> None:
    first, second = told(seed, "ar", 2)
    alone = synthesise(first, Espeak("ar"), Audio(), 100)
    synthesise(second, Espeak("ar"), Audio(), 100)
    assert synthesise(first, pickle.loads(pickle.dumps(Espeak("ar"))), Audio(), 100) == alone


def test_every_printed_word_of_the_real_voice_has_its_onset(seed: list[tuple[Sentence, Text]]) -> None:
    for said in told(seed, "ar", 8) + told(seed, "en", 8):
        clip = synthesise(said, Espeak(said.lang if said.lang == "ar" else "en-us"), Audio(), 200)
        assert len(clip.sentences[0].onsets) == len(said.words)
        assert all(b - a >= MILLISECOND for a, b in pairwise(clip.sentences[0].onsets))
        assert clip.sentences[0].onsets[-1] + MILLISECOND <= clip.samples


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.25, 2])
def test_words_are_found_at_any_speed_and_pauses_stay_as_they_are(speed: float) -> None:
    said = utterance("one two, three four, five", phrases=(2, 4))
    usual = synthesise(said, Hum(), Audio(), 0)
    clip, paused = (synthesise(said, Hum(), Audio(), pause, speed) for pause in (0, 300))
    assert clip.samples == pytest.approx(usual.samples / speed, abs=25 * MILLISECOND)
    onsets = [onset / speed for onset in usual.sentences[0].onsets]
    assert clip.sentences[0].onsets == pytest.approx(onsets, abs=25 * MILLISECOND)
    moves = [b - a for a, b in zip(clip.sentences[0].onsets, paused.sentences[0].onsets, strict=True)]
    assert [move / MILLISECOND for move in moves] == [0, 0, 300, 300, 600]
    assert paused.samples == clip.samples + 600 * MILLISECOND


def test_the_speed_of_a_voice_is_its_own_and_changes_no_other_clip(
    seed: list[tuple[Sentence, Text]],
) -> None:
    (said,) = told(seed, "ar", 1)
    usual = synthesise(said, Espeak("ar"), Audio(), 0)
    assert synthesise(said, Espeak("ar"), Audio(), 0, 1.0) == usual
    slow = synthesise(said, Espeak("ar"), Audio(), 0, 0.8)
    batch = SpeechTask(
        (said, replace(said, voice="w")), {"v": Espeak("ar"), "w": Espeak("ar")}, Audio(), 0, {"w": 0.8}
    )
    made = pickle.loads(pickle.dumps(batch)).run()
    assert [CLIP.loads(packed) for packed in made] == [usual, slow]


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.25])
@pytest.mark.parametrize("voice", ["ar", "ar+f3", "ar+whisper"])
def test_faster_or_slower_speech_is_as_loud_as_was_asked_for_at_its_own_pitch(
    seed: list[tuple[Sentence, Text]], voice: str, speed: float
) -> None:
    for said in told(seed, "ar", 3):
        usual, clip = (synthesise(said, Espeak(voice), Audio(), 0, s) for s in (1, speed))
        before, after = (decode(c.frames)[LEAD_IN : LEAD_IN + c.samples] for c in (usual, clip))
        assert len(after) * speed == pytest.approx(len(before), rel=0.02)
        assert loudness(after) == pytest.approx(-20, abs=0.5)
        assert peak(after) < -3
        at = np.arange(0, len(before), 240)
        was, heard = pitches(before, at), pitches(after, at / speed)
        both = (was > 0) & (heard > 0)
        assert voice == "ar+whisper" or np.median(heard[both] / was[both]) == pytest.approx(1, abs=0.015)


# SpeechTask.run


def test_a_failure_in_a_batch_is_told_and_the_others_do_not_suffer(tmp_path: Path) -> None:
    said = tuple(utterance(t, voice=v) for t, v in [("one", "v"), ("a secret", "f"), ("two", "f")])
    results = SpeechTask(said, {"v": Hum(), "f": Fragile(tmp_path)}, Audio(), 0).run()
    assert results[1] == Failure("it is a secret: “a secret”")
    clips = [CLIP.loads(r) for r in results if isinstance(r, bytes)]
    assert [c.sentences[0].spoken for c in clips] == ["one", "two"]
    assert clips[0] == synthesise(said[0], Hum(), Audio(), 0)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.text("abc", min_size=1, max_size=5), min_size=1, max_size=6), st.integers(0, 300))
def test_any_sentence_makes_a_clip_whose_words_are_in_order_inside_it(said: list[str], pause: int) -> None:
    phrases = tuple(range(2, len(said), 2))
    clip: Clip = synthesise(utterance(" ".join(said), phrases=phrases), Hum(), Audio(), pause)
    assert len(clip.sentences[0].onsets) == len(said)
    assert all(b - a >= MILLISECOND for a, b in pairwise(clip.sentences[0].onsets))
    assert clip.samples <= len(decode(clip.frames)) - LEAD_IN
