from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hakawati.model import SAMPLE_RATE, Clip, SpokenSentence
from hakawati.narration import mp3
from hakawati.narration.mp3 import (
    FRAME_SAMPLES,
    LEAD_IN,
    LOSS,
    encode,
    excerpt,
    frame_bytes,
    frames,
    silence,
)
from hakawati.narration.timeline import Joiner
from tests.narration.hearing import Samples, decode, from_pcm, locate, loudness, noise, to_pcm

BIT_RATES = [32, 40, 48, 56, 64, 80, 96, 112, 128]
"""Those that book.yaml may choose."""
RATES = [16_000, 22_050, 24_000, 48_000]


@pytest.mark.parametrize("bitrate", BIT_RATES)
def test_a_frame_is_24_milliseconds_and_three_bytes_for_each_kilobit(bitrate: int) -> None:
    assert FRAME_SAMPLES / SAMPLE_RATE == 0.024
    assert frame_bytes(bitrate) == 3 * bitrate


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("bitrate", BIT_RATES)
def test_a_stream_is_whole_frames_without_a_header_or_padding(bitrate: int, rate: int) -> None:
    stream = encode(to_pcm(noise(1, 0.5, rate)), rate, bitrate)
    size = frame_bytes(bitrate)
    assert frames(stream, bitrate) * size == len(stream)
    headers = {stream[i : i + 4] for i in range(0, len(stream), size)}
    assert {h[:2] for h in headers} == {b"\xff\xf3"}  # MPEG-2 Layer III, unprotected
    assert {h[2] & 0b1110 for h in headers} == {0b0100}  # 24 kHz, unpadded
    assert {h[3] >> 6 for h in headers} == {0b11}  # mono
    assert b"Xing" not in stream
    assert b"Info" not in stream
    decode(stream, bitrate)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("bitrate", BIT_RATES)
def test_the_signal_begins_exactly_where_lead_in_says(bitrate: int, rate: int) -> None:
    sound = decode(encode(to_pcm(noise(2, 1, rate)), rate, bitrate), bitrate)
    at, likeness = locate(sound, noise(2, 1))
    assert at == LEAD_IN
    assert likeness > 0.98


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("bitrate", BIT_RATES)
def test_the_encoder_lowers_the_sound_by_its_loss(bitrate: int, rate: int) -> None:
    sound = decode(encode(to_pcm(noise(3, 1, rate)), rate, bitrate), bitrate)
    heard = sound[LEAD_IN : LEAD_IN + SAMPLE_RATE]
    assert loudness(noise(3, 1)) - loudness(heard) == pytest.approx(LOSS, abs=0.1)


def test_a_stream_holds_two_frames_or_three_more_than_its_samples_fill() -> None:
    for count in range(0, 3 * FRAME_SAMPLES, 97):
        stream = encode(bytes(2 * count), SAMPLE_RATE, 64)
        room = frames(stream, 64) * FRAME_SAMPLES - LEAD_IN - count
        assert 0 <= room + FRAME_SAMPLES < 3 * FRAME_SAMPLES


def test_the_same_samples_give_the_same_bytes() -> None:
    pcm = to_pcm(noise(4, 0.5))
    assert encode(pcm, SAMPLE_RATE, 64) == encode(pcm, SAMPLE_RATE, 64)


@pytest.mark.parametrize("bitrate", BIT_RATES)
def test_a_silent_frame_decodes_to_silence(bitrate: int) -> None:
    assert len(silence(bitrate)) == frame_bytes(bitrate)
    assert not decode(silence(bitrate) * 20, bitrate).any()


@pytest.mark.parametrize("bitrate", [32, 64, 128])
def test_a_silent_frame_is_silent_between_and_after_clips_and_leaves_them_as_they_are(bitrate: int) -> None:
    clip = encode(to_pcm(np.concatenate([noise(5, 0.4), np.zeros(480)])), SAMPLE_RATE, bitrate)
    count = frames(clip, bitrate) * FRAME_SAMPLES
    alone = decode(clip, bitrate)
    pause = 10 * FRAME_SAMPLES
    joined = decode(silence(bitrate) * 10 + clip + silence(bitrate) * 10 + clip, bitrate)
    assert not joined[:pause].any()
    assert np.abs(joined[pause : pause + count] - alone).max() < 1e-4
    between = joined[pause + count : 2 * pause + count]
    assert not between[2 * FRAME_SAMPLES :].any()
    assert np.abs(between).max() < 1e-3
    assert np.abs(joined[2 * pause + count :] - alone).max() < 1e-4


def test_a_clip_cut_in_the_middle_of_a_loud_sound_leaks_less_than_a_hundredth_into_a_pause() -> None:
    loud = encode(to_pcm(noise(6, 1)[: SAMPLE_RATE // 2]), SAMPLE_RATE, 64)
    joined = decode(loud + silence(64) * 10)
    assert np.abs(joined[len(decode(loud)) :]).max() < 0.01


def test_streams_that_are_not_whole_frames_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pcm = to_pcm(noise(7, 0.2))
    monkeypatch.setattr(mp3, "frame_bytes", lambda _: 191)
    with pytest.raises(ValueError, match="bytes are not whole frames of 64 kbit/s"):
        encode(pcm, SAMPLE_RATE, 64)


CLIP = st.tuples(
    st.integers(0, 9), st.floats(0.06, 0.5), st.sampled_from(RATES), st.integers(0, 900), st.booleans()
)


@settings(deadline=None, max_examples=40)
@given(st.lists(CLIP, min_size=1, max_size=8), st.sampled_from([32, 64, 128]))
def test_joined_clips_are_heard_exactly_where_the_joiner_says(
    clips: list[tuple[int, float, int, int, bool]], bitrate: int
) -> None:
    joiner = Joiner(bitrate)
    stream = b""
    places = []
    for seed, seconds, rate, pause, faded in clips:
        pcm = to_pcm(np.concatenate([noise(seed, seconds, rate), np.zeros(rate // 50 * faded)]))
        samples = round(len(pcm) // 2 * SAMPLE_RATE / rate)
        placed = joiner.place(
            Clip(encode(pcm, rate, bitrate), samples, (SpokenSentence("", (0, samples // 2)),)), pause
        )
        assert placed.sentences[0].onsets[1] - placed.sentences[0].onsets[0] == samples // 2
        stream += placed.stream
        places.append((placed.sentences[0].onsets[0], samples, pause, noise(seed, seconds)))
    assert frames(stream, bitrate) == joiner.frames
    sound = decode(stream, bitrate)
    for at, _, _, known in places:
        begin = max(0, at - SAMPLE_RATE // 50)
        found, likeness = locate(sound[begin : at + len(known) + SAMPLE_RATE // 50], known)
        assert abs(begin + found - at) <= 1
        assert likeness > 0.95
    for (at, samples, pause, _), (following, *_) in pairwise(places):
        gap = following - at - samples
        assert gap >= LEAD_IN
        least = LEAD_IN + 2 * FRAME_SAMPLES  # the encoder's own lead-in and run-out
        assert abs(gap - pause * SAMPLE_RATE // 1000) <= FRAME_SAMPLES // 2 or gap <= least


@settings(deadline=None, max_examples=40)
@given(st.lists(CLIP, min_size=1, max_size=5), st.sampled_from([32, 64, 128]))
def test_an_excerpt_of_a_clip_among_others_is_that_clip_to_the_byte(
    clips: list[tuple[int, float, int, int, bool]], bitrate: int
) -> None:
    joiner = Joiner(bitrate)
    placed, alone = [], []
    for seed, seconds, rate, pause, _ in clips:
        pcm = to_pcm(noise(seed, seconds, rate))
        samples = round(len(pcm) // 2 * SAMPLE_RATE / rate)
        alone.append(encode(pcm, rate, bitrate))
        placed.append(joiner.place(Clip(alone[-1], samples, (SpokenSentence("", (0,)),)), pause))
    stream = b"".join(place.stream for place in placed)
    begins = [0, *(place.sentences[0].onsets[0] for place in placed[1:])]
    ends = [*begins[1:], joiner.frames * FRAME_SAMPLES]
    for begin, end, clip in zip(begins, ends, alone, strict=True):
        cut = excerpt(stream, begin, end, bitrate)
        assert clip.startswith(cut)
        left_out = frames(clip, bitrate) - frames(cut, bitrate)
        assert clip == cut + silence(bitrate) * left_out


@cache
def speech(bitrate: int) -> tuple[bytes, Samples]:
    """Something that goes on for two seconds without a pause, encoded and decoded."""
    stream = encode(to_pcm(noise(9, 2)), SAMPLE_RATE, bitrate)
    return stream, decode(stream, bitrate)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 40_000), st.integers(4_000, 20_000), st.sampled_from(BIT_RATES))
@example(29_536, 20_000, 96)
def test_an_excerpt_out_of_the_middle_of_speech_lacks_nothing(begin: int, length: int, bitrate: int) -> None:
    stream, whole = speech(bitrate)
    end = begin + length
    cut = excerpt(stream, begin, end, bitrate)
    at = begin - stream.index(cut) // frame_bytes(bitrate) * FRAME_SAMPLES
    assert at <= 0.17 * SAMPLE_RATE
    heard = decode(cut, bitrate)[at:]
    last = end - LEAD_IN if end < len(whole) else len(whole)
    assert begin + len(heard) <= last
    # What was encoded may end with silent frames, which are left out, as is less than a frame.
    assert np.abs(whole[begin + len(heard) : last - FRAME_SAMPLES + 1]).max(initial=0) < 1e-4
    assert np.abs(heard - whole[begin : begin + len(heard)]).max() < 1e-4


def test_the_silence_at_an_excerpts_end_is_left_out() -> None:
    clip = encode(to_pcm(noise(10, 0.5)), SAMPLE_RATE, 64)
    stream = clip + silence(64) * 30
    assert excerpt(stream, 0, frames(stream, 64) * FRAME_SAMPLES, 64) == clip


def test_pcm_survives_the_tests_own_way_there_and_back() -> None:
    pcm = to_pcm(noise(8, 0.1))
    assert to_pcm(from_pcm(pcm) * 32768 / 32767) == pcm
