"""How loud a clip is said to be, and how loud it is."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakawati.model import SAMPLE_RATE, STEP, STILL, Audio, Clip, Loudness
from hakawati.narration.envelope import EnvelopeMeter
from hakawati.narration.mp3 import FRAME_SAMPLES, encode, frame_bytes, frames, separate
from hakawati.narration.recording_task import clips_of
from hakawati.narration.synthesis import synthesise
from hakawati.voices.espeak import Espeak
from tests.narration.hearing import Samples, decibels, decode, loudness, noise, peak, to_pcm
from tests.narration.making import Hum, utterance
from tests.narration.test_recording_task import reader, task

BIT_RATES = (32, 64, 128)
TEXTS = {
    "ar": "أضرب رجال الشرطة في باريس، وكان عددهم خمسة عشر ألفا، ورفضوا أن يعملوا لصالح الاحتلال الألماني.",
    "en-us": "The police of Paris, fifteen thousand strong, refused to work for the occupier.",
}


def close(clip: Clip, bitrate: int) -> None:
    """That what is said of the clip is what a listener's decoder has."""
    heard = decode(clip.frames, bitrate)
    told = clip.loudness
    assert decibels((told.energy / len(heard)) ** 0.5 / 32768) == pytest.approx(loudness(heard), abs=0.1)
    assert decibels(told.peak / 32768) == pytest.approx(peak(heard), abs=0.5)
    rms = np.sqrt((heard.reshape(-1, FRAME_SAMPLES) ** 2).mean(axis=1))
    levels = 20 * np.log10(np.maximum(rms, 1e-5))
    assert len(told.envelope) == len(levels)
    shown = -STEP * np.frombuffer(told.envelope, np.uint8)
    loud = levels > -50
    assert loud.any()
    assert np.abs(shown - levels)[loud].max() < 2
    assert np.abs(shown - levels)[loud].mean() < 0.25
    assert (shown[~loud] < -45).all()


@cache
def said(voice: str, bitrate: int, loudness_: float = -20) -> Clip:
    audio = Audio(bitrate=bitrate, loudness=loudness_)
    return synthesise(utterance(TEXTS[voice], lang=voice[:2]), Espeak(voice), audio, 0)


@pytest.mark.parametrize("bitrate", BIT_RATES)
@pytest.mark.parametrize("voice", TEXTS)
def test_a_spoken_sentence_is_as_loud_as_is_said(voice: str, bitrate: int) -> None:
    close(said(voice, bitrate), bitrate)


@pytest.mark.parametrize("wanted", [-30, -16])
def test_so_is_one_that_is_quiet_or_held_at_the_ceiling(wanted: float) -> None:
    close(said("ar", 64, wanted), 64)


@pytest.mark.parametrize("bitrate", BIT_RATES)
def test_so_is_what_a_person_reads(bitrate: int) -> None:
    recorded, _ = reader(scale=0.3)
    made = task(recorded, (0, 1, 3))
    for clip in clips_of(type(made)(recorded, made.utterances, made.begins, Audio(bitrate=bitrate))):
        close(clip, bitrate)


def test_so_is_what_is_made_slower() -> None:
    close(synthesise(utterance("one two three"), Hum(), Audio(), 0, 0.8), 64)


def measured(blocks: list[bytes], bitrate: int = 64) -> tuple[bytes, Loudness]:
    gauge = EnvelopeMeter()
    stream = encode(gauge.passing(blocks), SAMPLE_RATE, bitrate)
    return stream, gauge.loudness(stream, bitrate)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 3000), min_size=1, max_size=6), st.sampled_from(BIT_RATES))
def test_it_is_the_same_in_whatever_blocks_the_sound_comes(sizes: list[int], bitrate: int) -> None:
    pcm = to_pcm(noise(3, 0.5))
    cuts = np.cumsum([0, *sizes]) * 2
    blocks = [pcm[a:b] for a, b in zip(cuts, [*cuts[1:], len(pcm)], strict=True)]
    assert measured(blocks, bitrate) == measured([pcm], bitrate)


def test_the_blocks_pass_as_they_are() -> None:
    blocks = [b"\1\0\2\0", b"", b"\3\0" * 5000]
    assert list(EnvelopeMeter().passing(blocks)) == blocks


def test_silence_is_silent_and_no_sound_has_no_frame() -> None:
    stream, silent = measured([bytes(20_000)])
    assert silent == Loudness(bytes([STILL]) * frames(stream, 64), 0, 0)
    assert EnvelopeMeter().loudness(b"", 64) == Loudness()


@pytest.mark.parametrize("below", [0.0, 3.0, 6.0, 20.0, 60.0])
def test_each_byte_is_as_many_steps_below_full_scale_as_the_sound_is(below: float) -> None:
    square = np.tile([1, -1], SAMPLE_RATE // 4)  # of which every frame has the same power
    pcm = (square * 32767 * 10 ** (-below / 20)).round().astype("<i2").tobytes()
    gauge = EnvelopeMeter()
    list(gauge.passing([pcm]))
    told = gauge.loudness(encode(pcm, SAMPLE_RATE, 64), 64)
    steps = (below + 0.4455) / STEP  # what the encoder takes of it
    assert set(told.envelope[4:-4]) <= {int(steps + 0.4), int(steps + 0.6)}


@settings(deadline=None, max_examples=60)
@given(st.sets(st.integers(0, 84), min_size=2, max_size=30), st.sampled_from(BIT_RATES))
def test_frames_that_are_cut_out_sound_as_in_their_stream(wanted: set[int], bitrate: int) -> None:
    stream, whole = speech(bitrate)
    cut, places = separate(stream, sorted(wanted), bitrate)
    assert len(cut) <= len(stream)
    assert [cut[p * frame_bytes(bitrate) :][: frame_bytes(bitrate)] for p in places] == [
        stream[n * frame_bytes(bitrate) :][: frame_bytes(bitrate)] for n in sorted(wanted)
    ]
    heard = decode(cut, bitrate).reshape(-1, FRAME_SAMPLES)
    assert np.abs(heard[places] - whole[sorted(wanted)]).max() < 1e-4


@cache
def speech(bitrate: int) -> tuple[bytes, Samples]:
    """Two seconds that fill the reservoir and empty it, encoded and decoded."""
    sound = np.concatenate([noise(n, 0.4) * size for n, size in enumerate((1, 0.01, 0.6, 0.02, 0.8))])
    stream = encode(to_pcm(sound), SAMPLE_RATE, bitrate)
    return stream, decode(stream, bitrate).reshape(-1, FRAME_SAMPLES)


def test_the_decoder_is_never_given_what_it_cannot_decode(capfd: pytest.CaptureFixture[str]) -> None:
    """Its library writes complaints of its own to the terminal."""
    for bitrate in BIT_RATES:
        said.__wrapped__("ar", bitrate)
        recorded, _ = reader(scale=0.3)
        clips_of(task(recorded))
    assert capfd.readouterr() == ("", "")
