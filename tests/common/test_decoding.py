"""Sound files of strangers: what is damaged is said to be, and by nobody but us."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from hakawati.common.decoding import DamagedError, MissingDecoderError, blocks, decode, quietly
from hakawati.model import SAMPLE_RATE, VoiceError
from hakawati.narration.mp3 import encode
from hakawati.voices.sound import decoded

Samples = NDArray[np.float64]
RATES = (SAMPLE_RATE, 44_100)


def tone(rate: int) -> Samples:
    """A second of it."""
    sound: Samples = 0.3 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    return sound


def wav(sound: Samples, rate: int) -> BytesIO:
    file = BytesIO()
    soundfile.write(file, sound, rate, format="WAV", subtype="FLOAT")
    file.seek(0)
    return file


def an_mp3() -> bytes:
    return encode((tone(SAMPLE_RATE) * 32767).astype("<i2").tobytes() * 10, SAMPLE_RATE, 64)


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", RATES)
def test_a_sound_comes_out_as_it_is_at_the_rate_of_the_chapters(rate: int, channels: int) -> None:
    found = np.concatenate(list(blocks(wav(np.stack([tone(rate)] * channels, axis=1), rate))))
    assert found == pytest.approx(tone(SAMPLE_RATE), abs=0.01)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38, -1e10])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", RATES)
def test_samples_that_are_no_sound_are_damage(rate: int, channels: int, value: float) -> None:
    sound = np.stack([tone(rate)] * channels, axis=1)
    sound[1000:1010, 0] = value
    sound[1000:1010, -1] = -value
    with pytest.raises(DamagedError):
        list(blocks(wav(sound, rate)))


def test_what_is_louder_than_full_scale_is_no_damage() -> None:
    (*_, found) = (block for block in blocks(wav(tone(SAMPLE_RATE) * 30, SAMPLE_RATE)) if len(block))
    assert found.max() == pytest.approx(9, abs=0.1)


@pytest.mark.parametrize("rate", [1, 999, 2**31 - 1])
def test_a_rate_at_which_a_small_file_would_become_a_huge_sound_is_damage(rate: int) -> None:
    data = bytearray(wav(tone(SAMPLE_RATE), SAMPLE_RATE).getvalue())
    at = data.index(b"fmt ") + 12
    data[at : at + 4] = rate.to_bytes(4, "little")
    with pytest.raises(DamagedError):
        list(blocks(BytesIO(bytes(data))))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("suffix", [".m4a", ".M4B", ".mp4", ".aac"])
def test_aac_is_decoded_from_a_path_and_from_an_open_file(tmp_path: Path, suffix: str, rate: int) -> None:
    kind = "adts" if suffix == ".aac" else "ipod"
    file = tmp_path / f"a{suffix}"
    with av.open(str(file), "w", format=kind) as out:
        stream = out.add_stream("aac", rate=rate)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(tone(rate).astype(np.float32)[None], format="fltp", layout="mono")
        frame.sample_rate = rate
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    found = b"".join(decode(file, suffix))
    assert len(found) / 2 / SAMPLE_RATE == pytest.approx(1, abs=0.1)
    loud = np.frombuffer(found, "<i2")[SAMPLE_RATE // 2 :][: SAMPLE_RATE // 4]
    assert np.sqrt(np.mean((loud / 32768) ** 2)) == pytest.approx(0.3 / np.sqrt(2), abs=0.01)
    with file.open("rb") as opened:
        assert b"".join(decode(opened, suffix)) == found


def test_pcm_is_what_soundfile_reads(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    soundfile.write(file, tone(SAMPLE_RATE), SAMPLE_RATE, subtype="PCM_16")
    written, _ = soundfile.read(file, dtype="int16")
    assert np.abs(np.frombuffer(b"".join(decode(file, ".wav")), "<i2") - written).max() <= 1


@pytest.mark.parametrize("suffix", [".m4a", ".mp3", ""])
def test_what_is_no_sound_is_damage_to_either_decoder(suffix: str) -> None:
    with pytest.raises(DamagedError):
        list(decode(BytesIO(b"no sound at all" * 100), suffix))


def test_without_ffmpegs_libraries_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MissingDecoderError):
        list(decode(BytesIO(), ".m4a"))
    assert list(decode(wav(tone(SAMPLE_RATE), SAMPLE_RATE), ".wav"))


def garbled(mp3: bytes) -> bytes:
    return mp3[:9_000] + np.random.default_rng(1).bytes(3_000) + mp3[12_000:]


def hollow(mp3: bytes) -> bytes:
    return mp3[:9_000] + bytes(9_000) + mp3[18_000:]


def short(mp3: bytes) -> bytes:
    return mp3[:99]


@pytest.mark.parametrize("damage", [garbled, hollow, short])
def test_what_libmpg123_notes_of_a_damaged_mp3_does_not_get_to_the_terminal(
    damage: Callable[[bytes], bytes], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    data = damage(an_mp3())
    (file := tmp_path / "a.mp3").write_bytes(data)
    for source in (file, BytesIO(data)):
        with suppress(DamagedError):
            list(blocks(source))
    with suppress(VoiceError):  # as a program answers
        decoded(data, 10)
    assert capfd.readouterr().err == ""


def test_the_terminal_is_there_again_whatever_happened_and_however_many_threads_there_were(
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = os.fstat(2)

    def fail() -> None:
        os.write(2, b"a note")
        raise DamagedError

    def often() -> None:
        for _ in range(100):
            with suppress(DamagedError):
                quietly(fail)

    threads = [threading.Thread(target=often) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert os.fstat(2) == before
    os.write(2, b"a message")
    assert capfd.readouterr().err == "a message"


def test_without_a_terminal_nothing_is_missed() -> None:
    code = "import os; os.close(2); from hakawati.common.decoding import quietly; print(quietly(len, 'abc'))"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    assert done.stdout == b"3\n"
