"""A person's narration: files of every kind → sound, and where the texts are in it."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

import lameenc
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from hakawati.common.stamps import content
from hakawati.model import SAMPLE_RATE, VoiceError
from hakawati.source.recordings import SUFFIXES
from hakawati.voices.espeak import Espeak
from hakawati.voices.recording import RecordedChapter, RecordedSentence

TEXTS = (
    "تَجَمَّعَ رِجَالُ الشُّرْطَةِ أَمَامَ الكَاتِدْرَائِيَّةِ يَوْمَ السَّبْتِ.",
    "دَوَّى صَوْتُ الطَّلَقَاتِ النَّارِيَّةِ فِي الشَّوَارِعِ.",
    "رَفَعَ الأَطْفَالُ الأَعْلَامَ فَوْقَ البُيُوتِ القَدِيمَةِ.",
)
VOICE = Espeak("ar+f2", 150)
Samples = NDArray[np.float64]


def chapter(file: Path, lang: str = "ar") -> RecordedChapter:
    digest = content(file) if file.is_file() else ""
    return RecordedChapter(file, f"book/recordings/{lang}/{file.name}", digest, lang)


def chirp(rate: int, seconds: float = 3.0) -> Samples:
    """Silence but for a tenth of a second that begins at one second."""
    sound = np.zeros(round(rate * seconds))
    t = np.arange(rate // 10) / rate
    sound[rate : rate + len(t)] = 0.8 * np.sin(2 * np.pi * (500 + 4000 * t) * t) * np.hanning(len(t))
    return sound


def decoded(recording: RecordedChapter) -> Samples:
    return np.frombuffer(b"".join(recording.sound()), "<i2") / 32768


def begin_of_sound(samples: Samples) -> float:
    return float(np.argmax(np.abs(samples) > 0.02)) / SAMPLE_RATE


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("end", ["wav", "flac", "ogg", "mp3"])
def test_every_format_and_rate_is_heard_at_24_khz_where_it_should_be(
    tmp_path: Path, rate: int, end: str
) -> None:
    sound = chirp(rate)
    soundfile.write(tmp_path / f"a.{end}", np.stack([sound, sound], axis=1), rate)
    heard = decoded(chapter(tmp_path / f"a.{end}"))
    assert len(heard) == 3 * SAMPLE_RATE
    assert begin_of_sound(heard) == pytest.approx(1.005, abs=0.01)


def test_opus_is_heard(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.opus", chirp(48_000), 48_000, format="OGG", subtype="OPUS")
    assert begin_of_sound(decoded(chapter(tmp_path / "a.opus"))) == pytest.approx(1.005, abs=0.01)


def test_an_mp3_ends_where_its_sound_does_however_large_its_cover_is(tmp_path: Path) -> None:
    from mutagen.id3 import APIC, ID3

    encoder = lameenc.Encoder()
    encoder.set_in_sample_rate(44_100)
    encoder.set_channels(1)
    encoder.set_bit_rate(64)
    pcm = (chirp(44_100) * 32767).astype("<i2").tobytes()
    file = tmp_path / "a.mp3"
    file.write_bytes(bytes(encoder.encode(pcm) + encoder.flush()))
    bare = decoded(chapter(file))
    tags = ID3()
    tags.add(APIC(encoding=3, mime="image/jpeg", type=3, desc="", data=bytes(400_000)))
    tags.save(file)
    assert len(bare) == pytest.approx(3 * SAMPLE_RATE, abs=0.1 * SAMPLE_RATE)
    assert np.array_equal(decoded(chapter(file)), bare)


def write_m4a(file: Path, sound: Samples, rate: int) -> None:
    import av

    with av.open(str(file), "w", format="ipod") as out:
        stream = out.add_stream("aac", rate=rate)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(sound.astype(np.float32)[None], format="fltp", layout="mono")
        frame.sample_rate = rate
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            out.mux(packet)


def test_m4a_is_heard(tmp_path: Path) -> None:
    write_m4a(tmp_path / "a.m4a", chirp(44_100), 44_100)
    assert begin_of_sound(decoded(chapter(tmp_path / "a.m4a"))) == pytest.approx(1.005, abs=0.04)


def test_without_the_library_for_m4a_it_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    (tmp_path / "a.m4a").touch()
    with pytest.raises(VoiceError, match="FFmpeg's libraries") as caught:
        list(chapter(tmp_path / "a.m4a").sound())
    assert caught.value.hint.startswith("pip install 'hakawati[m4a]'")


@pytest.mark.parametrize("end", [suffix[1:] for suffix in SUFFIXES])
@pytest.mark.parametrize("content", [b"", b"<html>", b"RIFF\x00\x00\x00\x00WAVEfmt ", bytes(5000)])
def test_what_is_no_sound_is_to_be_saved_again_as_a_recording(
    tmp_path: Path, end: str, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / f"a.{end}").write_bytes(content)
    with pytest.raises(VoiceError) as caught:
        list(chapter(tmp_path / f"a.{end}").sound())
    assert str(caught.value) == f"it is no {end.upper()}, or a damaged one"
    assert all(suffix[1:].upper() in caught.value.hint for suffix in SUFFIXES)
    assert capfd.readouterr().err == ""


def test_a_recording_without_a_sample_in_it_is_to_be_saved_again(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(0), SAMPLE_RATE)
    with pytest.raises(VoiceError, match="there is no sound in it") as caught:
        list(chapter(tmp_path / "a.wav").sound())
    assert "save it again" in caught.value.hint


def test_a_recording_that_is_gone_or_closed_says_so(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match="it cannot be read: No such file or directory"):
        list(chapter(tmp_path / "a.mp3").sound())
    (tmp_path / "b.mp3").mkdir()
    with pytest.raises(VoiceError, match="it cannot be read: Is a directory"):
        list(chapter(tmp_path / "b.mp3").sound())


def read_aloud(*texts: str, pause: float = 0.5) -> tuple[Samples, list[float]]:
    """At 22.05 kHz, and when each text begins."""
    pieces = [np.zeros(22_050 // 2)]
    begins = []
    for text in texts:
        begins.append(sum(map(len, pieces)) / 22_050)
        pieces += [
            np.frombuffer(VOICE.speak(text).pcm, "<i2") / 32768,
            np.zeros(round(22_050 * pause)),
        ]
    return np.concatenate(pieces), begins


def test_each_text_is_found_where_it_is_read(tmp_path: Path) -> None:
    sound, begins = read_aloud(*TEXTS)
    soundfile.write(tmp_path / "a.wav", sound, 22_050)
    recording = chapter(tmp_path / "a.wav")
    found, extras = recording.align(recording.sound(), iter(TEXTS))
    assert [s.found for s in found] == [True] * 3
    assert [s.begin / SAMPLE_RATE for s in found] == pytest.approx(begins, abs=0.02)
    assert all(s.begin <= sample <= s.end for s in found for _, sample in s.onsets)
    assert [len(s.onsets) for s in found] == [len(text.split()) for text in TEXTS]
    assert extras == []


def sentence(file: Path) -> RecordedSentence:
    return RecordedSentence(file, f"book/recordings/en/{file.name}", content(file), "en")


def test_a_sentence_is_bounded_as_it_is_read_and_a_chapter_is_not(tmp_path: Path) -> None:
    file = tmp_path / "a.flac"
    with soundfile.SoundFile(file, "w", 8_000, 1) as long:
        for _ in range(20):
            long.write(np.zeros(60 * 8_000))
    seconds = 0.0

    def counted() -> Iterator[bytes]:
        nonlocal seconds
        for block in RecordedSentence.sound(sentence(file)):
            seconds += len(block) / 2 / SAMPLE_RATE
            yield block

    class Counted(RecordedSentence):
        def sound(self) -> Iterator[bytes]:
            return counted()

    with pytest.raises(VoiceError, match=r"^it lasts longer than 618 s, the most for this sentence$"):
        Counted(file, "book/recordings/en/a.flac", content(file), "en").speak("Nine char")
    assert seconds < 640
    assert sum(map(len, chapter(file).sound())) == 2 * SAMPLE_RATE * 1200


@pytest.mark.parametrize("rate", [1, 1_000_001])
def test_a_file_that_would_fill_the_memory_is_refused(tmp_path: Path, rate: int) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(1000), rate)
    with pytest.raises(VoiceError, match=_DAMAGED):
        list(chapter(tmp_path / "a.wav").sound())


@pytest.mark.parametrize("sample", [np.nan, np.inf])
def test_a_file_with_samples_that_are_no_numbers_is_refused(tmp_path: Path, sample: float) -> None:
    sound = np.full(24_000, 0.5)
    sound[12_000] = sample
    soundfile.write(tmp_path / "a.wav", sound, 24_000, subtype="FLOAT")
    with pytest.raises(VoiceError, match=_DAMAGED):
        list(chapter(tmp_path / "a.wav").sound())


@pytest.mark.parametrize("error", [MemoryError(), ValueError("array is too big")])
def test_whatever_goes_wrong_with_a_file_is_reported(
    tmp_path: Path, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object, **__: object) -> None:
        raise error

    soundfile.write(tmp_path / "a.wav", np.zeros(100), 24_000)
    monkeypatch.setattr(soundfile.SoundFile, "read", read)
    with pytest.raises(VoiceError, match=_DAMAGED):
        list(chapter(tmp_path / "a.wav").sound())


_DAMAGED = "^it is no WAV, or a damaged one$"


def test_an_artist_that_cannot_be_read_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise IndexError

    monkeypatch.setattr("mutagen.File", broken)
    assert chapter(tmp_path / "a.wav").credit == ""
    monkeypatch.setattr("mutagen.File", lambda *_, **__: {"artist": ["Lay\x07la"]})
    assert chapter(tmp_path / "a.wav").credit == "Lay<U+0007>la"


def test_a_language_that_espeak_cannot_speak_cannot_be_aligned(tmp_path: Path) -> None:
    sound, _ = read_aloud(TEXTS[0])
    soundfile.write(tmp_path / "a.wav", sound, 22_050)
    recording = chapter(tmp_path / "a.wav", "tlh")
    with pytest.raises(VoiceError, match="it is in tlh, which eSpeak NG cannot speak"):
        recording.align(recording.sound(), ["nuqneH"])


def test_a_single_sentence_speaks_what_was_recorded_whatever_the_text(tmp_path: Path) -> None:
    sound, (begin,) = read_aloud(TEXTS[1])
    soundfile.write(tmp_path / "b2s1.wav", sound, 22_050)
    file = tmp_path / "b2s1.wav"
    voice = RecordedSentence(file, "book/recordings/ar/01/b2s1.wav", content(file), "ar")
    speech = pickle.loads(pickle.dumps(voice)).speak(TEXTS[1])
    assert (speech.rate, voice.where) == (SAMPLE_RATE, "here")
    assert speech.onsets[0][1] / SAMPLE_RATE == pytest.approx(begin, abs=0.02)
    assert len(speech.onsets) == len(TEXTS[1].split())
    assert speech.sure > 0.5


def test_the_artist_of_the_files_own_tag_is_who_reads(tmp_path: Path) -> None:
    from mutagen.flac import FLAC

    soundfile.write(tmp_path / "a.flac", chirp(8_000), 8_000)
    assert chapter(tmp_path / "a.flac").credit == ""
    tags = FLAC(tmp_path / "a.flac")
    tags["artist"] = " Layla "
    tags.save()
    assert chapter(tmp_path / "a.flac").credit == "Layla"
    (tmp_path / "b.mp3").write_bytes(b"no sound")
    assert chapter(tmp_path / "b.mp3").credit == ""
    assert chapter(tmp_path / "gone.mp3").credit == ""


def test_the_key_is_the_contents_and_not_the_place() -> None:
    here, there = chapter(Path("/a/x.wav")), chapter(Path("/b/x.wav"))
    assert here.key == there.key
    assert RecordedChapter(Path("x"), "p", "other", "ar").key != here.key
    assert RecordedChapter(Path("x"), "p", "digest", "fa").key != here.key
